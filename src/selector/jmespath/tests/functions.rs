//! What the functions give and refuse.

use super::super::Expression;
use super::super::{FunctionProblemKind, RuntimeErrorKind, function_names};
use super::{check, check_errors};

#[test]
fn numbers() {
    check(
        r#"{"i": [1, 2], "f": [1.5, 1.5], "m": [1, 0.5], "min": -9223372036854775808,
            "max": 18446744073709551615, "big": [9007199254740993, 1]}"#,
        &[
            ("sum(i)", "3"),
            ("sum(f)", "3"),
            ("sum(m)", "1.5"),
            ("sum(`[]`)", "0"),
            ("sum(big)", "9007199254740994"),
            ("sum([max, min])", "9223372036854775807"),
            ("sum([max, max])", "3.6893488147419103e+19"),
            ("avg(i)", "1.5"),
            ("avg(f)", "1.5"),
            ("avg(`[1, 3]`)", "2"),
            ("avg(`[1.0, 3]`)", "2"),
            ("avg(`[]`)", "null"),
            ("abs(min)", "9223372036854775808"),
            ("abs(`-1.5`)", "1.5"),
            ("abs(`-0.0`)", "0"),
            ("ceil(`1.2`)", "2"),
            ("ceil(`-0.5`)", "0"),
            ("floor(`-1.2`)", "-2"),
            ("floor(max)", "18446744073709551615"),
            ("ceil(`1e300`)", "1e+300"),
            ("max(m)", "1"),
            ("max(`[1.0, 0.5]`)", "1"),
            ("max(big)", "9007199254740993"),
            ("min(`[]`)", "null"),
            ("[to_number('12'), to_number('1.5'), to_number('-1e2')]", "[12,1.5,-100.0]"),
            ("to_number('9007199254740993')", "9007199254740993"),
            ("[to_number(' 1'), to_number('1 '), to_number('0x1'), to_number('1e999')]", "[null,null,null,null]"),
            ("[to_number(i), to_number(`true`), to_number(`2.0`)]", "[null,null,2.0]"),
        ],
    );
}

#[test]
fn strings() {
    check(
        r#"{"u": "aé😀", "l": ["a", "b"]}"#,
        &[
            ("length(u)", "3"),
            ("reverse(u)", r#""😀éa""#),
            ("reverse('')", r#""""#),
            ("starts_with(u, 'aé') && ends_with(u, '😀')", "true"),
            ("contains(u, 'é😀')", "true"),
            ("contains(u, `1`)", "false"),
            ("join(', ', l)", r#""a, b""#),
            ("join(', ', `[]`)", r#""""#),
            ("to_string(l)", r#""[\"a\",\"b\"]""#),
            ("to_string(u)", r#""aé😀""#),
            ("to_string(`null`)", r#""null""#),
            ("max(l)", r#""b""#),
            ("sort(`[\"b\", \"\\uffff\", \"😀\", \"B\"]`)", "[\"B\",\"b\",\"\u{ffff}\",\"😀\"]"),
        ],
    );
}

#[test]
fn lists_and_objects() {
    check(
        r#"{"l": [{"n": 2, "i": 0}, {"n": 1, "i": 1}, {"n": 2, "i": 2}, {"n": 1.0, "i": 3}]}"#,
        &[
            ("sort_by(l, &n)[].i", "[1,3,0,2]"),
            ("max_by(l, &n).i", "0"),
            ("min_by(l, &n).i", "1"),
            ("sort_by(`[]`, &n)", "[]"),
            ("max_by(`[]`, &n)", "null"),
            ("sort(l[].n)", "[1,1.0,2,2]"),
            ("sort_by(l[?n > `1`], &i)[::-1].i", "[2,0]"),
            ("map(&x, l)", "[null,null,null,null]"),
            ("map(&i, l)", "[0,1,2,3]"),
            ("contains(l[].n, `2.0`)", "true"),
            ("contains(l, `2`)", "false"),
            ("reverse(l[].i)", "[3,2,1,0]"),
            ("length(l)", "4"),
            ("length(l[0])", "2"),
            ("not_null(x, y, l[1].n)", "1"),
            ("not_null(x)", "null"),
            ("to_array(l[0].n)", "[2]"),
            ("to_array(`[1]`)", "[1]"),
            ("values({b: 'x', a: 'y'})", r#"["x","y"]"#),
            (
                "[type(l), type(@), type('a'), type(`1`), type(`true`), type(x)]",
                r#"["array","object","string","number","boolean","null"]"#,
            ),
        ],
    );
}

#[test]
fn json_is_decoded() {
    check(
        r#"{"p": "{\"z\": 1, \"a\": 2}", "bad": "not json", "n": 1}"#,
        &[
            ("json_decode(p)", r#"{"z":1,"a":2}"#),
            ("json_decode(p).a", "2"),
            ("json_decode(bad)", "null"),
            ("json_decode(missing)", "null"),
            ("json_decode('')", "null"),
            ("json_decode('1 2')", "null"),
            ("json_decode('\"x\"')", r#""x""#),
        ],
    );
    check_errors(
        r#"{"n": 1}"#,
        RuntimeErrorKind::InvalidType,
        &[("json_decode(n)", "argument 1 of `json_decode` must be a string or null, it is a number")],
    );
}

#[test]
fn wrong_types() {
    check_errors(
        r#"{"n": 1, "s": "x", "l": [1, "a"], "o": {}}"#,
        RuntimeErrorKind::InvalidType,
        &[
            ("abs(s)", "argument 1 of `abs` must be a number, it is a string"),
            ("length(n)", "argument 1 of `length` must be a string, an array or an object, it is a number"),
            ("length(missing)", "argument 1 of `length` must be a string, an array or an object, it is null"),
            ("length(&n)", "argument 1 of `length` must be a value, it is an expression after `&`"),
            ("starts_with(s, n)", "argument 2 of `starts_with` must be a string, it is a number"),
            ("sort_by(l, s)", "argument 2 of `sort_by` must be an expression after `&`, it is a string"),
            ("map(s, l)", "argument 1 of `map` must be an expression after `&`, it is a string"),
            ("sum(l)", "argument 1 of `sum` must be an array of numbers, it is one with a string"),
            ("join('', l)", "argument 2 of `join` must be an array of strings, it is one with a number"),
            ("merge(o, l)", "argument 2 of `merge` must be an object, it is an array"),
            ("sort(l)", "`sort` orders either numbers or strings, there is a number and a string"),
            ("max(`[null]`)", "`max` orders either numbers or strings, there is null"),
            ("max_by(l, &@)", "`max_by` orders either numbers or strings, there is a number and a string"),
            ("sort_by(l, &x)", "`sort_by` orders either numbers or strings, there is null"),
            ("contains(n, s)", "argument 1 of `contains` must be an array or a string, it is a number"),
            ("reverse(o)", "argument 1 of `reverse` must be an array or a string, it is an object"),
            ("not_null(n, &s)", "argument 2 of `not_null` must be a value, it is an expression after `&`"),
        ],
    );
}

#[test]
fn numbers_out_of_range() {
    check_errors(
        "[1.7e308, 1.7e308]",
        RuntimeErrorKind::InvalidValue,
        &[("sum(@)", "the result of `sum` is too large for a number")],
    );
}

#[test]
fn calls_that_can_only_fail() {
    let expression = Expression::compile("é || nope(a) | [ abs ( ), sort_by(@, &len(@))]").err().map(|error| error.start);
    assert_eq!(expression, Some(0), "names outside ASCII need quotes");
    let text = "\"é\" || nope(a) | [ abs ( ), sort_by(@, &len(@)), merge()]";
    let problems = Expression::compile(text).unwrap().unknown_functions();
    let found: Vec<_> = problems.iter().map(|problem| (&text[problem.start..problem.end], &problem.kind)).collect();
    let arity = |expected: &str| FunctionProblemKind::WrongArity { expected: expected.to_owned(), given: 0 };
    let expected = [
        ("nope", &FunctionProblemKind::Unknown),
        ("abs", &arity("1 argument")),
        ("len", &FunctionProblemKind::Unknown),
        ("merge", &arity("at least 1 argument")),
    ];
    assert_eq!(found, expected);
    assert!(problems.iter().all(|problem| text[problem.start..].starts_with(&problem.name)));
}

#[test]
fn calls_that_fail_when_reached() {
    check_errors("{}", RuntimeErrorKind::UnknownFunction, &[("lenght(@)", "there is no function `lenght`")]);
    check_errors(
        "{}",
        RuntimeErrorKind::InvalidArity,
        &[
            ("sort_by(@)", "`sort_by` takes 2 arguments, 1 given"),
            ("abs(@, @)", "`abs` takes 1 argument, 2 given"),
            ("not_null()", "`not_null` takes at least 1 argument, 0 given"),
        ],
    );
    check("[1]", &[("@ || lenght(@)", "[1]")]);
}

#[test]
fn names_are_in_order() {
    assert_eq!(function_names().len(), 27);
    assert!(function_names().is_sorted());
    assert!(function_names().contains(&"json_decode"));
}
