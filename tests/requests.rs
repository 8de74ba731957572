//! Requests where the choices for the platform's open points meet.

use hookwright::eval::{ErrorKind, Failure, Hosts, Request, planned};
use hookwright::value::{Json, Value};
use serde_json::json;

use crate::support::{Action, header};

fn spec(url: &str, more: &str) -> String {
    format!("[action]\nname = \"x\"\nmethod = \"POST\"\nurl = \"{url}\"\n{more}")
}

fn with_body(body: &str, assume: &str) -> Action {
    Action::of(&spec("https://a.example", &format!("body = '''{body}'''\n[assume]\n{assume}")))
}

fn sent(action: &Action, values: &[(&str, Value)]) -> String {
    let body = action.request(values).expect("a request").body;
    body.map(|body| body.reveal().to_string()).unwrap_or_default()
}

fn value(json: Json) -> Value {
    json.into()
}

fn assumed(action: &Action, values: &[(&str, Value)], name: &str) -> bool {
    action.exchange(values).assumptions.iter().any(|line| line.starts_with(&format!("{name}=")))
}

#[test]
fn no_value_becomes_the_host() {
    for url in ["https://{m}/{p}", "https:/{p}", "https:{p}/x"] {
        let failure = Action::of(&spec(url, "")).request(&[("user.p", "evil.com".into())]).expect_err(url);
        assert_eq!(failure.kind, ErrorKind::InvalidUrl, "{url}");
    }
    let auth = "[action.auth]\ntype = \"oauth2\"\nclient_id = \"i\"\nclient_secret = \"s\"\ntoken_url = \"https://{m}/{p}\"";
    let failure = Action::of(&spec("https://a.example", auth)).request(&[("user.p", "evil.com".into())]);
    assert_eq!(failure.expect_err("no host").kind, ErrorKind::InvalidUrl);
}

#[test]
fn a_signature_is_over_the_host_of_the_environment() {
    let auth = "[action.auth]\ntype = \"header\"\n[action.auth.headers]\nX-Url = \"{_webhook.url}\"";
    let action = Action::of(&spec("https://a.example/x", auth));
    let hosts = [("a.example".to_string(), "https://b.example".to_string())];
    let request = planned(action.plan(), &action.case(&[]), &[], Hosts::Environment(&hosts)).request.expect("a request");
    assert_eq!(request.url.reveal(), "https://b.example/x");
    assert_eq!(header(&request, "X-Url"), Some("https://b.example/x"));
}

#[test]
fn the_token_request_goes_to_the_environment_too() {
    let auth =
        "[action.auth]\ntype = \"oauth2\"\nclient_id = \"i\"\nclient_secret = \"s\"\ntoken_url = \"https://t.example/t\"";
    let action = Action::of(&spec("https://a.example", auth));
    let hosts = [("t.example".to_string(), "http://localhost:1".to_string())];
    let exchange = planned(action.plan(), &action.case(&[]), &[], Hosts::Environment(&hosts));
    let request = exchange.token.and_then(|token| token.request).expect("a token request");
    assert_eq!(request.url.reveal(), "http://localhost:1/t");
}

/// What an action with these fields of OAuth2 would ask for a token with.
fn token_request(fields: &str, values: &[(&str, Value)]) -> Result<Request, Failure> {
    let auth = format!("[action.auth]\ntype = \"oauth2\"\n{fields}");
    let exchange = Action::of(&spec("https://a.example", &auth)).exchange(values);
    match (exchange.token.and_then(|token| token.request), exchange.error) {
        (Some(request), None) => Ok(request),
        (_, failure) => Err(failure.expect("a failure")),
    }
}

/// A client drops a line break; written as HTTP it would begin a header.
#[test]
fn no_control_character_stands_in_a_url() {
    for control in ["\\r\\n", "\\n", "\\t", "\\u0000", "\\u007f"] {
        let url = format!("https://a.example/a{control}X: y");
        let verboo = format!("dialect = \"verboo\"\n[action]\nmethod = \"GET\"\nurl = \"{url}\"");
        for text in [spec(&url, ""), verboo] {
            let failure = Action::of(&text).request(&[]).expect_err(&text);
            assert_eq!(failure.kind, ErrorKind::InvalidUrl, "{text}");
            assert!(failure.message.contains("control character"), "{}", failure.message);
        }
    }
}

#[test]
fn a_token_url_may_have_a_query_and_no_fragment() {
    let asked = |url: &str| {
        let fields = format!("client_id = \"i\"\nclient_secret = \"s\"\ntoken_url = \"https://t.example/t{url}\"");
        token_request(&fields, &[("user.q", "a#b".into())])
    };
    let request = asked("?tenant=a%20b&x").expect("a request");
    assert_eq!(request.url.reveal(), "https://t.example/t?tenant=a%20b&x");
    for url in ["#top", "?a=b#", "?a={q}"] {
        let failure = asked(url).expect_err(url);
        assert_eq!(failure.kind, ErrorKind::InvalidUrl);
        assert!(failure.message.contains("fragment"), "{}", failure.message);
    }
}

#[test]
fn a_scope_is_sent_when_there_is_a_word_in_it() {
    let body = |scope: &str, value: &str| {
        let fields =
            format!("client_id = \"i\"\nclient_secret = \"s\"\ntoken_url = \"https://t.example/t\"\nscope = \"{scope}\"");
        let request = token_request(&fields, &[("user.scope", value.into())]).expect("a request");
        request.body.map(|body| body.reveal().to_string()).unwrap_or_default()
    };
    const ALONE: &str = "grant_type=client_credentials";
    assert_eq!(body("", ""), ALONE);
    assert_eq!(body("   ", ""), ALONE);
    assert_eq!(body("{missing}", ""), ALONE);
    assert_eq!(body("{scope} {missing}\t", "  "), ALONE);
    assert_eq!(body(" api:read  api/write", ""), format!("{ALONE}&scope=api%3Aread++api%2Fwrite"));
    assert_eq!(body("openid {scope}", "a&b=c"), format!("{ALONE}&scope=openid+a%26b%3Dc"));
}

#[test]
fn a_client_secret_is_one_also_where_it_is_written_out() {
    for form in ["basic", "post"] {
        let fields = format!(
            "client_id = \"i\"\nclient_secret = \"s3cr3t/+\"\ntoken_url = \"https://t.example/t\"\n\
             [assume]\noauth_client_auth = \"{form}\""
        );
        let request = token_request(&fields, &[]).expect("a request");
        let shown = format!("{request:?}");
        assert!(!shown.contains("s3cr3t") && !shown.contains("aTpzM2NyM3Q"), "{shown}");
        assert_eq!(header(&request, "Authorization").is_some(), form == "basic");
        let body = request.body.expect("a body");
        assert_eq!(body.reveal().contains("&client_id=i&client_secret=s3cr3t%2F%2B"), form == "post");
    }
}

#[test]
fn a_literal_key_keeps_its_braces() {
    for format in ["compact", "as-written"] {
        let action =
            with_body(r#"{"{k}":"{k}"}"#, &format!("references_in_json_keys = \"literal\"\nbody_format = \"{format}\""));
        assert_eq!(sent(&action, &[("user.k", "v".into())]), r#"{"{k}":"v"}"#);
    }
}

#[test]
fn the_format_of_the_body_is_listed_when_it_matters() {
    let listed = |body: &str| assumed(&with_body(body, ""), &[("user.x", "a".into())], "body_format");
    assert!(!listed(r#"{"a":1,"b":["{x}",null,true],"c":{}}"#));
    assert!(listed(r#"{"a": 1}"#), "white space");
    assert!(listed(r#"{"a":1.0}"#), "a number's form");
    assert!(listed(r#"{"a":"\u0061"}"#), "an escape");
    assert!(listed(r#"{"a":"b/c"}"#), "a slash");
    assert!(listed(r#"{"a":"é"}"#), "beyond ASCII");
    assert!(assumed(&with_body(r#"{"a":"{x}"}"#, ""), &[("user.x", "1/2".into())], "body_format"));
}

#[test]
fn php_escapes_slashes_and_letters_beyond_ascii() {
    let action = with_body(r#"{"a": "é/{x}"}"#, "body_format = \"php\"");
    assert_eq!(sent(&action, &[("user.x", "ß".into())]), r#"{"a":"\u00e9\/\u00df"}"#);
}

#[test]
fn an_omitted_entry_goes_with_its_comma() {
    let omitted = |body: &str| {
        let action = with_body(body, "missing_body_value = \"omit\"\nbody_format = \"as-written\"");
        sent(&action, &[("user.x", "v".into())])
    };
    assert_eq!(omitted(r#"{ "a": "{m}", "b": "{x}" }"#), r#"{ "b": "v" }"#);
    assert_eq!(omitted(r#"{ "a": "{x}", "b": "{m}" }"#), r#"{ "a": "v" }"#);
    assert_eq!(omitted(r#"{ "a": "{x}", "b": "{m}", "c": "{m}" }"#), r#"{ "a": "v" }"#);
    assert_eq!(omitted(r#"{"a":"{m}","b":1,"{x}":"{m}","c":2,"d":"{m}"}"#), r#"{"b":1,"c":2}"#);
    assert_eq!(omitted(r#"["{m}", [ "{m}" , "{m}" ], "{m}"]"#), "[[  ]]");
    assert_eq!(omitted(r#""{m}""#), "null");
}

#[test]
fn a_bare_reference_hides_no_other_mistake() {
    let action = with_body(r#"{"a": {x}, "b": "{y | uper}"}"#, "");
    assert!(action.errors().iter().any(|error| error.starts_with("unquoted-reference-in-json")));
    assert_eq!(action.plan().expressions().len(), 1, "rules see the other string");
}

#[test]
fn refused_bytes_are_told_by_their_place() {
    let refused = |more: &str| {
        let action = Action::of(&spec("https://a.example", &format!("{more}\n[assume]\nbytes_in_text = \"refuse\"")));
        action.request(&[("user.x", "v".into())]).expect_err("refused").kind
    };
    assert_eq!(refused("body = '''{\"a\": \"{x | md5}\"}'''"), ErrorKind::InvalidBody);
    assert_eq!(refused("headers = { A = \"{x | md5}\" }"), ErrorKind::InvalidHeader);
}

#[test]
fn an_undeclared_type_is_listed_where_it_can_be_seen() {
    let listed = |body: &str, json: Json| {
        assumed(&with_body(&format!("{{\"a\":\"{body}\"}}"), ""), &[("user.x", value(json))], "undeclared_type")
    };
    assert!(listed("{x}", json!(5)), "alone");
    assert!(!listed("n {x}", json!(5)), "in text");
    assert!(!listed("{x}", json!("5")), "a text");
    assert!(listed("{x | count}", json!([1, 2])), "a filter that counts");
    assert!(listed("n {x[0]}", json!([1, 2])), "an accessor");
    let action = Action::of(&spec("https://a.example/{x}", "headers = { A = \"{x}\" }"));
    assert!(!assumed(&action, &[("user.x", value(json!(5)))], "undeclared_type"));
}
