//! What is found in webhook nodes of Vonage AI Studio, and in values that are secrets by declaration.

use hookwright::diagnostic::Diagnostic;

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
