//! What is found in webhook nodes of Vonage AI Studio, and in values that are secrets by declaration.

use hookwright::diagnostic::Diagnostic;
use hookwright::dialect::compile;
use hookwright::eval::{Hosts, planned};
use hookwright::source::Sources;
use hookwright::spec::Manifest;

use super::findings_in;

/// What a lint finds in a node with these lines.
fn found(lines: &str, lint: &str) -> Vec<Diagnostic> {
    let found = findings_in(&format!("dialect = \"vonage\"\n[action]\n{lines}\n"));
    found.into_iter().filter(|found| found.lint.name == lint).collect()
}

#[test]
fn a_parameter_that_is_a_secret_is_a_credential() {
    let node = |url: &str, more: &str| {
        let parameters = "[parameters]\nKEY = { entity = \"sys.any\", secret = true }\nHOST = \"sys.any\"";
        format!("method = \"POST\"\nurl = \"{url}\"\n{more}\n{parameters}")
    };
    let body = "body = { type = \"text\", content = \"$KEY\" }";
    for (url, more) in [
        ("http://a.example/?k=$KEY", ""),
        ("http://a.example/", "headers = { X-Anything = \"$KEY\" }"),
        ("http://a.example/", body),
    ] {
        let found = found(&node(url, more), "credentials-over-http");
        assert!(
            found.len() == 1 && found[0].message.starts_with("the secret `KEY` is sent over `http`"),
            "{more}: {found:?}"
        );
    }
    assert!(found(&node("https://a.example/", body), "credentials-over-http").is_empty());
    assert!(found(&node("http://a.example/?h=$HOST", ""), "credentials-over-http").is_empty());
    assert_eq!(found(&node("https://$HOST/", body), "host-from-variable").len(), 1);
    assert!(found(&node("https://$HOST/", ""), "host-from-variable").is_empty());
}

#[test]
fn client_data_that_is_a_secret_is_a_credential() {
    let text = "dialect = \"verboo\"\n[action]\nmethod = \"GET\"\n\
        url = \"http://a.example/?k=$client_key\"\n\
        [client_data]\nclient_key = { type = \"string\", secret = true }\n";
    let found = findings_in(text);
    assert!(found.iter().any(|found| found.lint.name == "credentials-over-http"), "{found:?}");
}

fn is_json(body: &str) -> bool {
    serde_json::from_str::<serde_json::Value>(body).is_ok()
}

/// The lint and the request agree.
#[test]
fn a_body_is_looked_at_under_the_assumption_on_unquoted_values() {
    for choice in ["as-is", "json-text", "quote-text"] {
        for given in ["null = [\"A\"]", "given.parameters = { A = \"x\" }", "given.parameters = { A = \"5\" }"] {
            let text = format!(
                "dialect = \"vonage\"\n[action]\nmethod = \"POST\"\nurl = \"https://a.example/\"\n\
                body = {{ type = \"json\", content = '{{\"a\": $A}}' }}\n[parameters]\nA = \"sys.any\"\n\
                [assume]\nunquoted_value = \"{choice}\"\n[[case]]\nname = \"one\"\n{given}\n"
            );
            let sources = Sources::in_memory();
            sources.add("specs/action.toml", text.as_str());
            let spec = compile("specs/action.toml", &Manifest::default(), &sources).expect("a spec");
            let exchange = planned(spec.plan.as_ref().expect("a plan"), &spec.cases[0], &[], Hosts::AsWritten);
            let is_sound = exchange.request.is_some_and(|request| is_json(request.body.expect("a body").reveal()));
            let lint = |found: &Diagnostic| found.lint.name == "body-type-mismatch";
            assert_eq!(findings_in(&text).iter().any(lint), !is_sound, "{choice}: {given}");
        }
    }
}

/// A node that takes a path of a reply, which one case records.
fn missed(path: &str, reply: &str, more: &str) -> Vec<String> {
    let node = format!(
        "method = \"GET\"\nurl = \"https://a.example/\"\n{more}\n[parameters]\nA = \"sys.any\"\n\
        [[case]]\nname = \"one\"\n{reply}\n"
    );
    found(&node.replace("PATH", path), "selector-misses-sample").into_iter().map(|found| found.message).collect()
}

#[test]
fn a_path_is_tried_as_it_will_be() {
    let json = "response = { mapping = { A = 'PATH' } }";
    let xml = |assume: &str| format!("response = {{ type = \"xml\", mapping = {{ A = 'PATH' }} }}\n[assume]\n{assume}");
    let of_xml = "reply = { status = 200, body = \"<r xmlns:x='u'><x:a id='1'>t</x:a></r>\" }";
    assert!(missed("r.a", of_xml, &xml("xml_prefixes = \"drop\"")).is_empty());
    assert_eq!(missed("r.a", of_xml, &xml("")).len(), 1);
    let empty = "reply = { status = 200, json = [] }";
    let found = missed("$[0].name", empty, json);
    assert!(found.len() == 1 && found[0].ends_with("so the action fails"), "{found:?}");
    let skipped = format!("{json}\n[assume]\nmissed_path = \"skip\"");
    assert!(missed("$[0].name", empty, &skipped).is_empty());
    let other = "reply = { status = 200, json = { b = 1 } }";
    let found = missed("a", other, &skipped);
    assert!(found.len() == 1 && found[0].ends_with("so `A` is not filled"), "{found:?}");
    assert!(missed("a", other, &format!("async = true\n{json}")).is_empty());
}

#[test]
fn white_space_behind_the_host_is_sent_encoded() {
    let help = |url: &str| {
        let found = found(&format!("method = \"GET\"\nurl = \"{url}\""), "invalid-url");
        found[0].help.clone().expect("help")
    };
    for url in ["https://a.example/a b", "https://a.example?q=a b"] {
        assert!(help(url).ends_with("here the request is sent with the URL made valid, and the platform may refuse it"));
    }
    for url in ["https://a .example/a", "a.example"] {
        assert!(help(url).ends_with("with this URL the action fails every time, and nothing is sent"));
    }
}

#[test]
fn an_account_number_has_zeros() {
    let node = |name: &str| {
        format!(
            "method = \"GET\"\nurl = \"https://a.example/\"\nresponse = {{ mapping = {{ {name} = \"a\" }} }}\n\
            [parameters]\n{name} = \"sys.number\""
        )
    };
    assert_eq!(found(&node("account_number"), "leading-zeros-lost").len(), 1);
    assert!(found(&node("account_count"), "leading-zeros-lost").is_empty());
}

#[test]
fn a_parameter_that_is_null_in_every_case_is_unset() {
    let node = |second: &str| {
        let null = "null = [\"A\"]";
        format!(
            "method = \"GET\"\nurl = \"https://a.example/$A\"\n[parameters]\nA = \"sys.any\"\n\
            [[case]]\nname = \"one\"\n{null}\n[[case]]\nname = \"two\"\n{second}"
        )
    };
    assert_eq!(found(&node("null = [\"A\"]"), "unset-parameter").len(), 1);
    assert!(found(&node("given.parameters = { A = \"x\" }"), "unset-parameter").is_empty());
}
