//! Replies with `template = true`: values of a request keep their type and never leave their place, whatever they hold.

use hookwright::case::{Answer, Given, GivenAttribute, Reply, Spec};
use hookwright::dialect::compile;
use hookwright::eval::{Failure, answer};
use hookwright::plan::AttributeName;
use hookwright::source::Sources;
use hookwright::spec::Manifest;
use hookwright::value::{Json, Value};
use proptest::prelude::*;
use serde_json::json;

use crate::support::toml_string;

const MASK: &str = "••••••••";

const OPENDIALOG: &str = "[action]\nname = \"a\"\nmethod = \"GET\"\nurl = \"https://a.example.com/\"\n";
const LEGACY: &str = "dialect = \"opendialog-legacy\"\n[action]\nname = \"a\"\nurl = \"https://a.example.com/\"\n";
const VONAGE: &str = "dialect = \"vonage\"\n[parameters]\nA = \"sys.any\"\nB = \"sys.any\"\nS = { entity = \"sys.any\", secret = true }\n\
    [action]\nlabel = \"a\"\nmethod = \"GET\"\nurl = \"https://a.example.com/\"\n";
const VERBOO: &str = "dialect = \"verboo\"\n[client_data]\na = \"json\"\nb = \"json\"\ns = { type = \"string\", secret = true }\n\
    [action]\ntype = \"WEBHOOK\"\nmethod = \"GET\"\nurl = \"https://a.example.com/\"\n";

/// A spec of one case that replies so.
fn spec(action: &str, reply: &str) -> Spec {
    let text = format!("{action}\n[[case]]\nname = \"one\"\n[case.reply]\ntemplate = true\n{reply}\n");
    let sources = Sources::in_memory();
    sources.add("specs/a.toml", text.as_str());
    compile("specs/a.toml", &Manifest::default(), &sources).expect("a text that was added can be loaded")
}

fn rendered(spec: &Spec, values: &[(&str, Json)]) -> Result<Reply, Failure> {
    let case = &spec.cases[0];
    let mut given = Given::default();
    for (name, value) in values {
        let (context, attribute) = name.split_once('.').unwrap_or(("", name));
        let (name, value) = (AttributeName::new(context, attribute), Value::from(value.clone()));
        given.attributes.put(GivenAttribute { name, value, span: case.name.span });
    }
    match answer(spec.plan.as_ref().expect("a plan"), case, &given)?.into_owned() {
        Answer::Reply(reply) => Ok(reply),
        other => panic!("{other:?}"),
    }
}

fn text(action: &str, reply: &str, values: &[(&str, Json)]) -> String {
    let reply = rendered(&spec(action, reply), values).expect("a reply");
    String::from_utf8(reply.body).expect("UTF-8")
}

fn body(action: &str, reply: &str, values: &[(&str, Json)]) -> Json {
    let text = text(action, reply, values);
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn a_lone_reference_keeps_its_type_and_any_other_is_text() {
    let values = json!([1, 1.5, true, null, "x", ["a"], { "b": 1 }]);
    for value in values.as_array().expect("a list") {
        let lone = json!({ "a": value });
        for (action, reply, name) in [
            (OPENDIALOG, "json.a = '{user.a}'", "user.a"),
            (OPENDIALOG, "body = '{ \"a\": \"{a}\" }'", "user.a"),
            (LEGACY, "json.a = '{a}'", "user.a"),
            (VONAGE, "json.a = '$A'", "A"),
            (VONAGE, "body = '{ \"a\": $A }'", "A"),
            (VERBOO, "json.a = '$a'", "client_data.a"),
            (VERBOO, "body = '{ \"a\": $a }'", "client_data.a"),
        ] {
            assert_eq!(body(action, reply, &[(name, value.clone())]), lone, "{reply}");
        }
    }
    let sum = [("user.a", json!(7)), ("user.b", json!("x"))];
    assert_eq!(body(OPENDIALOG, "json.a = '{a} {user.b | uppercase} {missing}.'", &sum), json!({ "a": "7 X ." }));
    let sum = [("A", json!(7))];
    assert_eq!(body(VONAGE, "json = ['$A.', '$B', '$B.', '$A$A']", &sum), json!(["7.", null, ".", "77"]));
    let sum = [("client_data.a", json!(7))];
    assert_eq!(body(VERBOO, "json = ['$a.', '$b', '$b.', '$session.id']", &sum), json!(["7.", null, ".", null]));
}

#[test]
fn what_is_written_stays_as_it_is() {
    let written = "{ \"a\" : 1.0,\n \"b\": \"/é\", \"c\": \"{user.c}\" }";
    let reply = format!("headers = {{ Content-Type = 'application/problem+json' }}\nbody = {}", toml_string(written));
    let php = format!("{OPENDIALOG}[assume]\nbody_format = 'php'\nmissing_body_value = 'omit'\n");
    assert_eq!(text(&php, &reply, &[("user.c", json!("/é"))]), written.replace("{user.c}", "/é"));
    assert_eq!(text(&php, &reply, &[]), written.replace("\"{user.c}\"", "null"));
    let reply = rendered(&spec(OPENDIALOG, "status = 404\nbody = '{a}'"), &[("user.a", json!("x"))]).expect("a reply");
    assert_eq!((reply.status, reply.headers), (404, vec![("Content-Type".to_string(), "text/plain".to_string())]));
}

#[test]
fn contexts_that_no_request_holds_are_null_or_empty() {
    let reply = "json = { a = '{secret.k}', b = '{_webhook.body}', c = '{_auth.uuid}', d = 'x{_auth.v}', e = '{global.g}' }";
    let expected = json!({ "a": MASK, "b": null, "c": null, "d": "x", "e": null });
    let given =
        "[defaults.given]\nsecret = { k = 'k-1234567' }\n[action.auth]\ntype = 'header'\nheaders = { X = '{secret.k}' }\n";
    assert_eq!(body(&format!("{OPENDIALOG}{given}"), reply, &[]), expected);
}

#[test]
fn no_secret_is_revealed() {
    let secret = json!("s-1234567");
    assert_eq!(body(VONAGE, "json = ['$S', 'x $S']", &[("S", secret.clone())]), json!([MASK, format!("x {MASK}")]));
    assert_eq!(body(VONAGE, "body = '[$S, \"$S\"]'", &[("S", json!(1234567))]), json!([MASK, MASK]));
    let secrets = [("client_data.s", secret)];
    assert_eq!(body(VERBOO, "json = ['$s', 'x $s']", &secrets), json!([MASK, format!("x {MASK}")]));
    let filtered = "json.a = '{secret.k | uppercase} {secret.k | base64}'";
    let shown = text(OPENDIALOG, filtered, &[]);
    assert!(shown.contains(MASK) && !shown.contains("k-"), "{shown}");
}

#[test]
fn what_cannot_be_made_fails_and_says_why() {
    let broken = "headers.Content-Type = 'application/json'\nbody = '{ \"a\": {user.a} }'";
    let failure = rendered(&spec(OPENDIALOG, broken), &[]).expect_err("no reply");
    assert_eq!(failure.message, "the body is not JSON: a reference stands outside double quotes");
    let control = rendered(&spec(VONAGE, "body = '<a>$A</a>'"), &[("A", json!("\u{1}"))]);
    assert!(control.is_err(), "{control:?}");
}

/// Texts with all that has a meaning somewhere.
fn hostile() -> impl Strategy<Value = String> {
    let pieces =
        vec!["\"", "\\", "'", "{", "}", "{user.b}", "$B", "$b", "<", ">", "&", "]]>", ",", ":", "\n", "é", "x", "null"];
    prop::collection::vec(prop::sample::select(pieces), 0..8).prop_map(|pieces| pieces.concat())
}

fn value() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        hostile().prop_map(Json::from),
        any::<i32>().prop_map(Json::from),
        any::<bool>().prop_map(Json::from),
        Just(Json::Null),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        let entry = (hostile(), inner.clone());
        prop_oneof![
            prop::collection::vec(inner, 0..3).prop_map(Json::Array),
            prop::collection::vec(entry, 0..3).prop_map(|entries| Json::Object(entries.into_iter().collect())),
        ]
    })
}

proptest! {
    /// Whatever a request brings: what stands around a value in JSON stays, and the value is the one that came.
    #[test]
    fn no_value_leaves_its_place_in_json(lone in value(), beside in hostile()) {
        for (action, written, lone_name, beside_name) in [
            (OPENDIALOG, [r#""{a}""#, "{b}"], "user.a", "user.b"),
            (LEGACY, [r#""{user.a}""#, "{user.b}"], "user.a", "user.b"),
            (VONAGE, ["$A", "$B"], "A", "B"),
            (VERBOO, ["$a", "$b"], "client_data.a", "client_data.b"),
        ] {
            let document = format!(r#"{{"lone":{},"beside":"<{}>","list":[{},"end"],"last":1}}"#, written[0], written[1], written[0]);
            let values = [(lone_name, lone.clone()), (beside_name, Json::from(beside.as_str()))];
            let expected = json!({ "lone": lone, "beside": format!("<{beside}>"), "list": [lone, "end"], "last": 1 });
            let got = body(action, &format!("body = {}", toml_string(&document)), &values);
            prop_assert_eq!(got, expected, "{}", action);
        }
    }

    /// The same in XML and in HTML, whose readers find the text that came and no other element.
    #[test]
    fn no_value_leaves_its_place_in_markup(value in hostile()) {
        let reply = "body = '<a b=\"$A\">$A<c/></a>'";
        let sent = text(VONAGE, reply, &[("A", json!(value))]);
        let document = hookwright::selector::xml::document(sent.as_bytes());
        prop_assert!(document.is_ok(), "{}: {:?}", sent, document);
        let names = sent.matches('<').count();
        prop_assert_eq!(names, 3, "{}", sent);
        for action in [OPENDIALOG, VERBOO] {
            let reply = "headers.Content-Type = 'text/html; charset=utf-8'\nbody = '<p title=\"{user.a}$a\">{user.a}$a</p>'";
            let sent = text(action, reply, &[("user.a", json!(value)), ("client_data.a", json!(value))]);
            prop_assert_eq!(sent.matches('<').count(), 2, "{}", sent);
            prop_assert_eq!(sent.matches('"').count(), 2, "{}", sent);
        }
    }
}
