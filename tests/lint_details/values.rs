//! What is found in references and in the types of their values.

use super::{only, told};

fn body(value: &str) -> String {
    format!("body = {{ a = '{value}' }}")
}

#[test]
fn default_outputs_have_types() {
    for value in
        ["s {create_ticket_status_code}", "{user.create_ticket_action_success}!", "{user.action_success}!", "v{global.n}"]
    {
        assert_eq!(told(&body(value)).len(), 1, "{value}");
        assert!(told(&body(value))[0].starts_with("mixed-reference-turns-string: {"), "{value}");
    }
    for name in ["create_ticket_status_code", "create_ticket_action_success"] {
        assert_eq!(told(&body(&format!("{{{name} | uppercase}}"))), ["filter-type: uppercase"]);
    }
    assert_eq!(told(&body("{create_ticket_status_code}")), [""; 0]);
    assert_eq!(told(&body("v{global.version}")), [""; 0]);
}

#[test]
fn names_of_the_manifest_count_as_declared() {
    let found = only(&body("{global.vrsion}"), "undeclared-attribute");
    assert_eq!(
        found.help.as_deref(),
        Some("did you mean `version`, which the manifest gives? if not, add this one to its `[global]`")
    );
    assert!(found.related.is_empty() && found.fix.is_some());
    assert_eq!(told(&body("{global.version}{global.api_base}")), [""; 0]);
}

#[test]
fn placeholders_are_no_references() {
    for value in ["{0}", "{1st}", " {12}"] {
        assert_eq!(told(&body(value)), [format!("literal-braces: {}", value.trim())]);
    }
    assert_eq!(told(&body("\\\\frac{1}{2}")), ["literal-braces: {1}", "literal-braces: {2}"]);
    assert_eq!(told(&body("{address_2} {qna_prompt_0}")), [""; 0]);
}
