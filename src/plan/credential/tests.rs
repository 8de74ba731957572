use super::*;
use crate::case::test_support::{attribute, header, literal, name, plan};
use crate::plan::{AuthVariable, BodySyntax, HeaderAuthentication, JsonKey, cut_body};
use crate::source::{Mapped, Sources};

/// The places of what is found in a URL.
fn in_url(url: &str) -> Vec<(String, String)> {
    let file = Sources::in_memory().add("a", url);
    let source = Mapped::verbatim(url, file, 0);
    let text = Text { pieces: vec![TextPiece::Literal(url.into())], span: source.inside(), source: Some(source) };
    let mut plan = plan();
    plan.request.url = cut_url(text);
    plan.credentials().into_iter().map(|found| (url[found.span.start..found.span.end].to_string(), found.place)).collect()
}

#[test]
fn urls_hold_them_in_three_places() {
    let of = |text: &str, place: &str| vec![(text.to_string(), place.to_string())];
    assert_eq!(
        in_url("https://a.example/x?page=2&api_key=k-9f8e7d&q=api_key"),
        of("k-9f8e7d", "the query parameter `api_key`")
    );
    assert_eq!(in_url("https://bot:hunter2@a.example/x"), of("hunter2", "the URL"));
    let hook = ["xox", "b-2948-5561-Ab9cD3eF"].concat();
    assert_eq!(in_url(&format!("https://a.example/hooks/{hook}/send")), of(&hook, "the URL"));
    for url in [
        "https://a.example/api_key/token?token_type=bearer1",
        "https://bot@a.example/x",
        "https://a.example/?key=names&token=",
    ] {
        assert!(in_url(url).is_empty(), "{url}");
    }
}

#[test]
fn a_value_with_a_reference_is_no_literal() {
    let mut plan = plan();
    let value = Text {
        pieces: vec![TextPiece::Literal("Bearer prefix-".into()), TextPiece::Value(attribute("token"))],
        ..literal("")
    };
    plan.request.headers = vec![HeaderPlan { name: name("Authorization"), value }, header("X-Channel", "web-chat")];
    assert!(plan.credentials().is_empty());
}

#[test]
fn bodies_and_variables_go_by_their_names() {
    let mut plan = plan();
    let entry = |key: &str, value: &str| {
        let key = JsonKey { text: literal(key), literal: key.into(), written: 0..0 };
        (key, JsonTemplate::Text { text: literal(value), written: 0..0 })
    };
    let entries = vec![entry("password", "hunter2"), entry("type", "password"), entry("token_type", "bearer-1")];
    plan.request.body = BodyPlan::Json { root: JsonTemplate::Object(entries), source: None };
    let variable =
        |key: &str, value: &str| AuthVariable { name: name(key), value: AuthValue::Text(literal(value)), removal: None };
    let variables = vec![variable("key", "k-123456"), variable("scope", "orders.read")];
    plan.authentication = Authentication::Header(HeaderAuthentication::new(variables, Vec::new()));
    let places: Vec<String> = plan.credentials().into_iter().map(|found| found.place).collect();
    assert_eq!(places, ["`password` of the body", "the variable `key`"]);
}

/// What is found in a body that is text, each with its place.
fn in_body(body: &str, syntax: BodySyntax) -> Vec<(String, String)> {
    let source = Mapped::verbatim(body, Sources::in_memory().add("a", body), 0);
    let text = Text { pieces: vec![TextPiece::Literal(body.into())], span: source.inside(), source: Some(source) };
    let mut plan = plan();
    plan.request.body = BodyPlan::Text(cut_body(text, syntax));
    plan.credentials().into_iter().map(|found| (body[found.span.start..found.span.end].to_string(), found.place)).collect()
}

#[test]
fn bodies_of_text_are_read_by_their_syntax() {
    let password = ("hunter2hunter2".to_string(), "`password` of the body".to_string());
    let key = ("abcdef1234567890abcdef".to_string(), "`api_key` of the body".to_string());
    let json = r#"{"note":"password","password":"hunter2hunter2","x":{"api_key":"abcdef1234567890abcdef"}}"#;
    assert_eq!(in_body(json, BodySyntax::Json), [password.clone(), key]);
    let form = "note=password&password=hunter2hunter2&page=2";
    assert_eq!(in_body(form, BodySyntax::Form), std::slice::from_ref(&password));
    let xml = "<a><password/><note>password</note><s:password a='1'> hunter2hunter2 </s:password></a>";
    assert_eq!(in_body(xml, BodySyntax::Xml), std::slice::from_ref(&password));
    for (silent, syntax) in [
        (r#"[{"password":""},"hunter2hunter2"]"#, BodySyntax::Json),
        (r#"{"password":{"hint":"hunter2hunter2"}}"#, BodySyntax::Json),
        ("password=&note=hunter2hunter2", BodySyntax::Form),
        ("<password><hint>hunter2hunter2</hint></password>", BodySyntax::Xml),
        ("</password><password", BodySyntax::Xml),
        ("<password>hunter2hunter2", BodySyntax::Xml),
        ("password: hunter2hunter2", BodySyntax::Plain),
    ] {
        assert!(in_body(silent, syntax).is_empty(), "{silent}");
    }
}
