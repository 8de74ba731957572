//! What is found in references and in the types of their values.

use super::{mended, only, told};

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
    for value in ["{0}", "{1st}", "{12}"] {
        assert_eq!(told(&body(value)), [format!("literal-braces: {value}")]);
    }
    assert_eq!(told(&body("\\\\frac{1}{2}")), ["literal-braces: {1}", "literal-braces: {2}"]);
    assert_eq!(told(&body("{address_2} {qna_prompt_0}")), [""; 0]);
}

#[test]
fn a_mistake_is_told_once() {
    let zone = "{a | format_date c user.tz}";
    assert_eq!(told(&body(zone)), ["unprefixed-reference-argument: user.tz"]);
    assert_eq!(told(&body("{a | format_date c Mars/Base}")), ["filter-argument: Mars/Base"]);
    for value in ["x {_auth.timestamp}", " {_auth.timestamp} ", "x {_auth.uuid}"] {
        assert_eq!(told(&body(value)), ["context-out-of-phase: _auth"], "{value}");
    }
}

#[test]
fn the_way_into_an_attribute_begins_with_its_context() {
    let lines = |value: &str| format!("{}\n[attributes]\ntags = \"string[]\"\naddress = \"json\"", body(value));
    for (value, wanted) in
        [("{tags.first}", "user.tags.first"), ("{tags.1}", "user.tags.1"), ("{address.street}", "user.address.street")]
    {
        let found = only(&lines(value), "unknown-context");
        assert!(found.help.as_deref().is_some_and(|help| help.ends_with(&format!("`{wanted}`"))), "{:?}", found.help);
        assert!(mended(&lines(value), "unknown-context").contains(&format!("{{{wanted}}}")));
    }
    let output = "body = { a = '{ticket.id}' }\n[action.response.2xx]\noutputs = { ticket = 'ticket' }";
    assert!(mended(output, "unknown-context").contains("{user.ticket.id}"));
}

#[test]
fn a_context_is_no_attribute() {
    for name in ["_webhook", "_auth", "user", "session", "global", "crm"] {
        assert_eq!(told(&body(&format!("{{{name}}}"))), [format!("unknown-context: {name}")]);
    }
    let help = only(&body("{_auth[\"sig\"]}"), "unknown-context").help;
    assert_eq!(help.as_deref(), Some("a context's attribute stands behind a dot: write `_auth.sig`"));
    let declared = format!("{}\n[attributes]\nsession = \"string\"", body("{session}"));
    assert_eq!(told(&declared), [""; 0]);
}

/// However it is written, a context that does not exist is a key that does not exist.
#[test]
fn spellings_of_an_unknown_context_mean_the_same() {
    for lines in ["\"usr.x\" = {}", "usr.x = {}", "usr = {{ x = {} }}"] {
        let outputs = format!(
            "[action.response.2xx.outputs]\n{}",
            lines.replace("{}", "\"id\"").replace("{{", "{").replace("}}", "}")
        );
        assert_eq!(told(&outputs), ["unknown-key: usr"], "{outputs}");
        let types = format!("[attributes]\n{}", lines.replace("{}", "\"int\"").replace("{{", "{").replace("}}", "}"));
        assert_eq!(told(&types), ["unknown-key: usr"], "{types}");
    }
    for key in ["cxq.x", "\"cxq.x\""] {
        let found = only(&format!("[action.response.2xx.outputs]\n{key} = \"id\""), "unknown-key");
        assert!(found.help.is_some_and(|help| help.contains("[project]")), "{key}");
    }
    assert_eq!(told("[action.response.2xx]\nraw = \"usr.x\""), ["unknown-context: usr"]);
}

#[test]
fn short_words_are_words_of_their_own() {
    let lines = |value: &str| {
        format!("{}\n[attributes]\ndate = \"string\"\nstatus = \"string\"\ncustomer = \"string\"", body(value))
    };
    assert_eq!(told(&lines("{data} {state}")), [""; 0]);
    assert_eq!(told(&lines("{custmer}")), ["undeclared-attribute: custmer"]);
}

#[test]
fn filters_with_an_algorithm_in_their_name() {
    for name in ["hmac-sha256", "hmac_sha256"] {
        let found = only(&body(&format!("{{a | {name} key}}")), "unknown-filter");
        assert_eq!(found.help.as_deref(), Some("the algorithm is an argument: `hmac sha256 @secret.key text`"));
    }
}

#[test]
fn the_secret_alone_is_marked() {
    assert_eq!(told(&body("{secret.key | base64}")), ["secret-outside-auth: secret.key"]);
}

#[test]
fn braces_of_a_query_are_no_nested_reference() {
    let help = only(&body("query { user { name } }"), "template-syntax").help.expect("help");
    assert!(help.contains("GraphQL"), "{help}");
    let help = only(&body("{user.a {user.b}}"), "template-syntax").help.expect("help");
    assert!(help.contains("filter argument"), "{help}");
}
