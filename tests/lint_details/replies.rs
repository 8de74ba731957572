//! What is found in the reading of replies.

use super::{mended, only, told};

fn success(expression: &str) -> String {
    format!("[action.response.2xx]\naction_success = \"\"\"{expression}\"\"\"")
}

fn with_sample(expression: &str) -> String {
    let reply = "reply = { status = 200, json = { name = \"ok\", id = 1 } }";
    format!("{}\n[[case]]\nname = \"replies\"\n{reply}", success(expression))
}

#[test]
fn a_rule_that_is_never_boolean_needs_no_sample() {
    for expression in ["`1`", "length(items)", "to_string(x)", "[a, b]", "{a: b}"] {
        assert_eq!(told(&success(expression)), [format!("success-not-boolean: {expression}")]);
    }
    for expression in ["`true`", "a || b", "a == b", "contains(a, b)", "ok"] {
        assert_eq!(told(&success(expression)), [""; 0], "{expression}");
    }
}

#[test]
fn the_comparison_that_is_proposed_is_right() {
    for (expression, wanted) in
        [("name || id", "`(name || id) == 'ok'`"), ("name", "`name == 'ok'`"), ("name | @", "`(name | @) == 'ok'`")]
    {
        let found = only(&with_sample(expression), "success-not-boolean");
        assert!(found.help.as_deref().is_some_and(|help| help.ends_with(wanted)), "{:?}", found.help);
    }
}

#[test]
fn words_that_mean_a_constant() {
    for (word, wanted) in
        [("'TRUE'", "TRUE"), ("'yes'", "TRUE"), ("`\\\"no\\\"`", "FALSE"), ("TRUE ", "TRUE"), ("FALSE\n", "FALSE")]
    {
        assert_eq!(mended(&success(word), "success-not-boolean"), success(wanted), "{word}");
    }
    assert!(only(&success("TRUE "), "success-not-boolean").message.contains("white space"));
}

#[test]
fn the_context_of_a_read_only_output_is_marked() {
    let outputs = |key: &str| format!("[action.response.2xx.outputs]\n{key} = \"id\"");
    assert_eq!(told(&outputs("\"global.x\"")), ["output-into-read-only-context: global"]);
    assert_eq!(told(&outputs("global.x")), ["output-into-read-only-context: x"]);
    assert_eq!(told("[action.response.2xx]\nraw = \"global.x\""), ["output-into-read-only-context: global"]);
}
