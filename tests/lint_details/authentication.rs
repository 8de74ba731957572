//! What is found in an authentication.

use super::{findings, mended, only, told};

/// A header authentication with these variables and this header `X`.
fn auth(variables: &str, header: &str) -> String {
    format!("[action.auth]\ntype = \"header\"\nvariables = {{ {variables} }}\nheaders = {{ X = '{header}' }}")
}

#[test]
fn a_fix_writes_its_argument_in_place_of_parentheses() {
    let url = |filters: &str| format!("url = \"https://x.example.com/{{q{filters}}}\"");
    for filter in ["url_encode()", "url_encode( )", "url_encode(true)", "url_encode true", "url_encode"] {
        assert_eq!(mended(&url(&format!(" | {filter}")), "double-url-encoding"), url(""));
        let before = url(&format!(" | {filter} | uppercase"));
        assert_eq!(mended(&before, "double-url-encoding"), url(" | uppercase"));
    }
    for md5 in ["md5", "md5()", "md5( )", "md5 false", "md5(false)", "md5 \"\"", "md5('false')"] {
        let header =
            |filter: &str| format!("auth.type = \"header\"\nauth.headers.X = '''{{_webhook.body | {filter} | base64}}'''");
        assert_eq!(mended(&header(md5), "md5-of-empty-body"), header("md5 true"));
    }
    for encode in ["url_encode", "url_encode()", "url_encode false", "url_encode('false')"] {
        let header = |filter: &str| {
            format!(
                "auth.type = \"header\"\nauth.headers.X = '''{{_webhook.url | {filter} | hmac sha256 @secret.key | base64}}'''"
            )
        };
        assert_eq!(mended(&header(encode), "loose-encoding-in-signature"), header("url_encode true"));
    }
    for maker in ["md5(true)", "hmac(sha256, @secret.key, text)", "md5 true"] {
        let header = |filters: &str| format!("auth.type = \"header\"\nauth.headers.X = '{{_auth.uuid | {filters}}}'");
        assert_eq!(mended(&header(maker), "bytes-not-encoded"), header(&format!("{maker} | base64")));
    }
}

/// The variables of a signature whose header is written wrongly in any way are not called unused, which would remove them.
#[test]
fn variables_stay_while_a_name_is_wrong() {
    let variables = "k = \"{secret.sign_key}\", sig = \"{_auth.timestamp | hmac sha256 @_auth.k text | base64}\"";
    for header in
        ["{auth.sig}", "{_Auth.sig}", "{_auth.signature}", "{_auth.body_md5}", "{sig}", "{_auth[\"sig\"]}", "{_auth}"]
    {
        let found = told(&auth(variables, header));
        assert!(
            !found.is_empty() && found.iter().all(|found| !found.starts_with("unused-auth-variable")),
            "{header}: {found:?}"
        );
    }
    let inner = variables.replace("@_auth.k", "@_auth.key");
    assert_eq!(told(&auth(&inner, "{_auth.sig}")), ["undefined-auth-variable: key"]);
    assert_eq!(told(&auth(variables, "{_auth.uuid}")), ["unused-auth-variable: k", "unused-auth-variable: sig"]);
}

#[test]
fn what_cannot_be_read_may_hold_the_name_of_a_variable() {
    let lines = auth("k = \"{_auth.uuid}\"", "{auth.k");
    let (_, found) = findings(&lines);
    let unused = found.iter().find(|found| found.lint.name == "unused-auth-variable").expect("a finding");
    assert!(unused.fix.is_none());
    assert!(only(&auth("k = \"{_auth.uuid}\"", "{_auth.uuid}"), "unused-auth-variable").fix.is_some());
}

#[test]
fn a_reference_inside_an_argument_is_told_once() {
    let key = auth("", "{_auth.timestamp | hmac sha256 {secret.sign_key} text | base64}");
    assert_eq!(told(&key), ["template-syntax: {"]);
    for argument in ["{b} x", "x{b} x", "\"{b}\" x"] {
        assert_eq!(told(&format!("headers = {{ X = '{{a | replace {argument}}}' }}")), ["template-syntax: {"], "{argument}");
    }
    assert_eq!(told("body = { a = '{a | replace { \"(\"}' }"), [""; 0]);
}

/// A call that is not all of its value is text, and the key is sent with it.
#[test]
fn a_call_beside_other_text_is_none() {
    let call = "hmac-sha256({_auth.timestamp}, {secret.sign_key})";
    for value in [
        format!("v1={call}"),
        format!("{call} | base64"),
        format!("base64({call})"),
        call.trim_end_matches(')').to_string(),
        call.replace('(', " ("),
        call.replace("256", "512").replace("hmac", "x=hmac"),
    ] {
        let name = if value.contains("512") { "hmac-sha512" } else { "hmac-sha256" };
        let lines = auth(&format!("s = \"{value}\""), "{_auth.s}");
        assert_eq!(told(&lines), [format!("unknown-function: {name}")], "{value}");
        assert_eq!(told(&auth("", &value))[0], format!("unknown-function: {name}"), "{value}");
    }
    assert_eq!(told(&auth(&format!("s = \"{call}\""), "{_auth.s}")), [""; 0]);
    assert_eq!(told(&auth("", "uses hmac-sha256 (new) {_auth.uuid}")), [""; 0]);
}

#[test]
fn a_key_is_written_out_in_a_variable_too() {
    let signed = "sig = \"{_auth.timestamp | hmac sha256 @_auth.k text | base64}\"";
    let called = "sig = \"hmac-sha256({_auth.timestamp}, {_auth.k})\"";
    for signature in [signed, called] {
        for variables in ["k = \"my_secret_key\"", "j = \"my_secret_key\", k = \"{_auth.j}\""] {
            let lines = auth(&format!("{variables}, {signature}"), "{_auth.sig}");
            assert_eq!(told(&lines), ["literal-hmac-key: my_secret_key"], "{lines}");
        }
        for key in ["{secret.key}", "{user.id}", "", "{_auth.uuid | base64}"] {
            let found = told(&auth(&format!("k = \"{key}\", {signature}"), "{_auth.sig}"));
            assert!(!found.iter().any(|found| found.starts_with("literal-hmac-key")), "{key}: {found:?}");
        }
        let found = told(&auth(&format!("k = \"secret.key\", {signature}"), "{_auth.sig}"));
        assert_eq!(found, ["literal-hmac-key: secret.key"]);
        let credential =
            told(&auth(&format!("k = \"ghp_0123456789abcdefghijABCDEFGHIJ012345\", {signature}"), "{_auth.sig}"));
        assert_eq!(credential, ["plaintext-credential: ghp_0123456789abcdefghijABCDEFGHIJ012345"]);
    }
}

#[test]
fn missing_headers_are_not_told_beside_the_mistake_itself() {
    for (lines, wanted) in [
        ("type = \"header\"\nheaders = \"X: y\"", "wrong-type"),
        ("type = \"header\"\nheaders = { X = 5 }", "wrong-type"),
        ("type = \"header\"\n[action.auth.header]\nX = \"y\"", "unknown-key"),
        ("type = \"header\"\nconfig = '{\"header\": {\"X\": \"y\"}}'", "auth-shape"),
        ("type = \"header\"\nconfig = '{\"headers\": {\"X\": \"y\",}}'", "auth-shape"),
        ("type = \"header\"", "auth-shape"),
        ("type = \"header\"\nvariables = { a = \"b\" }", "auth-shape"),
        ("type = \"mtls\"\nconfig = '{\"certificate\": \"x\", \"password\": \"y\"}'", "auth-shape"),
    ] {
        let found = told(&format!("[action.auth]\n{lines}"));
        assert!(found.len() == 1 && found[0].starts_with(wanted), "{lines}: {found:?}");
    }
}

#[test]
fn what_a_type_lacks_comes_with_help() {
    for kind in ["mtls", "oauth2"] {
        let (_, found) = findings(&format!("[action.auth]\ntype = \"{kind}\""));
        assert!(found.len() > 1 && found.iter().all(|found| found.help.is_some()), "{found:?}");
    }
    assert!(only("[action.auth]\n", "missing-key").help.is_some_and(|help| help.contains("`oauth2`")));
}
