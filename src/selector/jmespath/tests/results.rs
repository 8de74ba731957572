//! What expressions without functions give.

use super::super::Expression;
use super::check;

#[test]
fn fields_indices_and_missing_parts() {
    check(
        r#"{"a": {"b c": [1, 2, 3]}, "n": null}"#,
        &[
            ("a.\"b c\"[0]", "1"),
            ("a.\"b c\"[-1]", "3"),
            ("a.\"b c\"[3]", "null"),
            ("a.\"b c\"[-4]", "null"),
            ("a.\"b c\"[-2147483647]", "null"),
            ("a.x.y[0].z", "null"),
            ("n.x", "null"),
            ("a[0]", "null"),
            ("@.a.\"\\u0062 c\"", "[1,2,3]"),
        ],
    );
}

#[test]
fn keys_keep_the_order_of_the_document() {
    check(
        r#"{"z": 1, "a": {"y": 1, "b": 2}, "m": 3}"#,
        &[
            ("@", r#"{"z":1,"a":{"y":1,"b":2},"m":3}"#),
            ("keys(@)", r#"["z","a","m"]"#),
            ("values(a)", "[1,2]"),
            ("a.*", "[1,2]"),
            ("{z: m, a: z}", r#"{"z":3,"a":1}"#),
            ("{z: m, a: z, z: z}", r#"{"z":1,"a":1}"#),
            ("`{\"z\": 1, \"a\": 2}`", r#"{"z":1,"a":2}"#),
            ("merge(a, {b: z, a: z})", r#"{"y":1,"b":1,"a":1}"#),
        ],
    );
}

#[test]
fn projections() {
    check(
        r#"{"l": [{"a": [1, [2]]}, {"a": null}, {"a": [3]}, 4], "o": {"x": {"v": 1}, "y": {"v": null}}}"#,
        &[
            ("l[*].a", "[[1,[2]],[3]]"),
            ("l[].a[]", "[1,[2],3]"),
            ("l[].a[][]", "[1,2,3]"),
            ("l[*].a[0]", "[1,3]"),
            ("l[*].a | [0]", "[1,[2]]"),
            ("l[::2].a", "[[1,[2]],[3]]"),
            ("l[::-1].a", "[[3],[1,[2]]]"),
            ("l[-2:].a | [0]", "[3]"),
            ("l[1:0]", "[]"),
            ("l[10:-10:-3] | [0]", "4"),
            ("l[?a].a[1]", "[[2]]"),
            ("l[?a == `null`]", r#"[{"a":null},4]"#),
            ("o.*.v", "[1]"),
            ("o.*", r#"[{"v":1},{"v":null}]"#),
            ("o[*]", "null"),
            ("l.*", "null"),
            ("l[*].[a[0], 'x']", r#"[[1,"x"],[null,"x"],[3,"x"],[null,"x"]]"#),
        ],
    );
}

#[test]
fn logic_and_truth() {
    check(
        r#"{"zero": 0, "no": false, "empty": [], "text": "", "object": {}, "yes": "x"}"#,
        &[
            ("zero || yes", "0"),
            ("no || yes", r#""x""#),
            ("empty || text || object || yes", r#""x""#),
            ("no || empty", "[]"),
            ("text && yes", r#""""#),
            ("yes && zero", "0"),
            ("!zero", "false"),
            ("!object", "true"),
            ("!no && !!yes", "true"),
            ("yes | @ || no", r#""x""#),
            ("yes | (missing || @)", r#""x""#),
        ],
    );
}

#[test]
fn comparisons_are_by_value() {
    check(
        r#"{"one": 1, "float": 1.0, "big": 9007199254740993, "round": 9007199254740992.0,
            "list": [1, {"a": 2.0, "b": 1}], "huge": 18446744073709551615, "low": -9223372036854775808}"#,
        &[
            ("one == float", "true"),
            ("big == `9007199254740992`", "false"),
            ("big == round", "false"),
            ("big > round", "true"),
            ("round < big", "true"),
            ("`9007199254740992` == round", "true"),
            ("list == `[1.0, {\"b\": 1.0, \"a\": 2}]`", "true"),
            ("list != `[1, {\"a\": 2}]`", "true"),
            ("list == `[1]`", "false"),
            ("huge > low", "true"),
            ("huge < `1e300`", "true"),
            ("low > `-1e300`", "true"),
            ("one < `1.5` && one > `0.5` && one >= float && one <= float", "true"),
            ("`-0.0` == `0`", "true"),
            ("'a' < 'b'", "null"),
            ("'1' == `1`", "false"),
            ("one < 'b'", "null"),
        ],
    );
}

#[test]
fn literals_keep_what_is_written() {
    check(
        "null",
        &[
            ("`9007199254740993`", "9007199254740993"),
            ("`18446744073709551615`", "18446744073709551615"),
            ("`1.0`", "1.0"),
            ("`\"a\\`b\"`", r#""a`b""#),
            ("` [1 , 2] `", "[1,2]"),
            (r"'a\'b\\c\n'", r#""a'b\\\\c\\n""#),
            ("'`é\"'", r#""`é\"""#),
            ("'' == `\"\"`", "true"),
        ],
    );
}

#[test]
fn a_selection_from_null_is_null() {
    check("null", &[("[a, b]", "null"), ("{a: a}", "null")]);
    check("{}", &[("[a]", "[null]"), ("a.[b]", "null")]);
}

#[test]
fn parts_of_computed_values() {
    check(
        r#"{"text": "{\"b\": [1, {\"c\": 2}], \"a\": 0}", "list": [3, 1, 2]}"#,
        &[
            ("json_decode(text).b[1].c", "2"),
            ("json_decode(text).b[-2]", "1"),
            ("json_decode(text).b[7]", "null"),
            ("json_decode(text) | [b, keys(@)]", r#"[[1,{"c":2}],["b","a"]]"#),
            ("sort(list) | [0]", "1"),
            ("sort(list)[::-1]", "[3,2,1]"),
            ("max(sort(list)[1:])", "3"),
            ("[list, list] | [1][0]", "3"),
        ],
    );
}

#[test]
fn an_expression_is_shared_and_shows_its_text() {
    fn shared<Shared: Send + Sync + Clone>(_: &Shared) {}
    let expression = Expression::compile(" a.b ").unwrap();
    shared(&expression);
    assert_eq!(expression.text(), " a.b ");
    assert_eq!(format!("{expression:?}"), r#"Expression(" a.b ")"#);
}
