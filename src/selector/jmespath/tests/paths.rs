//! The paths of an expression, and how far documents go along with them.

use serde_json::json;

use crate::selector::{Trace, compile_jmespath};

/// Each path as it was written; `…` where the expression looks further into its value, `=` where it is all there is.
fn paths(expression: &str) -> Vec<String> {
    let selector = compile_jmespath(expression).unwrap_or_else(|error| panic!("{expression}: {error}"));
    let written = |path: &crate::selector::SelectorPath| {
        let text = expression[path.written(0..path.steps.len())].to_string();
        format!("{}{text}{}", if path.is_whole { "=" } else { "" }, if path.goes_on { "…" } else { "" })
    };
    selector.paths().iter().map(written).collect()
}

#[test]
fn a_path_is_fields_indexes_and_projections() {
    for whole in ["a", "a.b.c", "a . \"b c\"", "a[0].b", "[0].a", "[*].a", "a[*].b[].c[-1]", "[]"] {
        assert_eq!(paths(whole), [format!("={whole}")]);
    }
    assert_eq!(paths("@.a"), ["=a"]);
    assert!(paths("@").is_empty() && paths("'text'").is_empty() && paths("`null`").is_empty());
}

#[test]
fn what_follows_a_value_reads_it_and_not_the_root() {
    for (expression, wanted) in [
        ("a.b[?c == d].e", &["a.b…"][..]),
        ("a[1:2].b", &["a…"]),
        ("a.{x: b, y: c}", &["a…"]),
        ("a.*.b", &["a…"]),
        ("a.length(b)", &["a…"]),
        ("a[*].b | [0].c", &["a[*].b"]),
        ("a | b || c", &["a"]),
        ("*.a", &[]),
        ("[?a].b", &[]),
        ("(a || b).c", &["a", "b"]),
    ] {
        assert_eq!(paths(expression), wanted, "{expression}");
    }
}

#[test]
fn operands_and_arguments_read_the_root() {
    for (expression, wanted) in [
        ("a.b || c && !d.e", &["a.b", "c", "d.e"][..]),
        ("a.b == c", &["a.b", "c"]),
        ("max_by(a.b, &c.d)", &["a.b"]),
        ("max_by(a.b, &c).d || e", &["a.b", "e"]),
        ("join(', ', a[*].b)", &["a[*].b"]),
        ("contains(a | b, c)", &["a", "c"]),
        ("[a, b.c]", &["a", "b.c"]),
        ("{x: a, \"y\": b[0]}", &["a", "b[0]"]),
        ("json_decode(a.b).c", &["a.b"]),
        ("a[?b].c || d", &["a…", "d"]),
    ] {
        assert_eq!(paths(expression), wanted, "{expression}");
    }
}

#[test]
fn how_far_a_document_goes_along() {
    let document =
        json!({ "a": { "b": 1, "none": null }, "items": [{ "x": 1 }, { "y": [[2]] }], "empty": [], "text": "{}" });
    let trace = |expression: &str| {
        let selector = compile_jmespath(expression).expect("compiles");
        match selector.paths()[0].trace(&document) {
            Trace::Found(value) => format!("found {value}"),
            Trace::Open => "open".to_string(),
            Trace::Missing { step, value } => format!("{step} in {value}"),
        }
    };
    assert_eq!(trace("a.b"), "found 1");
    assert_eq!(trace("items[*].x"), "found 1");
    assert_eq!(trace("items[*].y[]"), "found [2]");
    assert_eq!(trace("items[-1].y[0]"), "found [2]");
    assert_eq!(trace("a.none.c"), "open");
    assert_eq!(trace("empty[*].x"), "open");
    assert_eq!(trace("empty[0].x"), "open");
    assert_eq!(trace("a.b.c"), "2 in 1");
    assert_eq!(trace("items[9]"), format!("1 in {}", document["items"]));
    assert_eq!(trace("items.x"), format!("1 in {}", document["items"]));
    assert_eq!(trace("items[*].z"), r#"2 in {"x":1}"#);
    assert_eq!(trace("a[*].b"), format!("1 in {}", document["a"]));
    assert_eq!(trace("text.x"), r#"1 in "{}""#);
}

#[test]
fn flattening_what_is_no_list_again_and_again_does_not_recurse() {
    let selector = compile_jmespath(&format!("a{}", "[]".repeat(400))).expect("compiles");
    assert!(matches!(selector.paths()[0].trace(&json!({ "a": [1] })), Trace::Found(_)));
}
