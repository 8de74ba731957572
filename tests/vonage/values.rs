//! What names and values become in a request, and what is found in a reply.

use hookwright::case::{Answer, Spec};
use hookwright::dialect::compile;
use hookwright::source::Sources;
use hookwright::spec::Manifest;
use hookwright::value::Json;
use serde_json::json;

use super::{body, node, outcome, request, stored};
use crate::support::{json_reply, toml_string};

#[test]
fn names_that_begin_with_each_other() {
    let url = |url: &str, more: &str| {
        let action = format!("method = \"GET\"\nurl = \"https://a.example/{url}\"\n{more}");
        request(&action, &[("A", "1".into()), ("AB", "2".into())]).expect("a URL").url.reveal().to_string()
    };
    assert_eq!(url("$AB/$A/$A-$AB", ""), "https://a.example/2/1/1-2");
    assert_eq!(url("$ABC/$A_/$a/$$A/$", ""), "https://a.example/$ABC/$A_/$a/$1/$");
    assert_eq!(url("$ABC", "[assume]\noverlapping_names = \"longest-beginning\""), "https://a.example/2C");
    assert_eq!(url("[$x]", "[assume]\nundeclared_name = \"empty\""), "https://a.example/[]");
}

#[test]
fn values_of_every_kind() {
    let sent = |value: Json| body(r#"body = { type = "text", content = "$A" }"#, &[("A", value)]).expect("a body");
    assert_eq!(sent(json!(null)), "");
    assert_eq!(sent(json!(true)), "true");
    assert_eq!(sent(json!(76.31)), "76.31");
    assert_eq!(sent(json!(5.0)), "5");
    assert_eq!(sent(json!([1, "a"])), r#"[1,"a"]"#);
    assert_eq!(sent(json!({"a": 1})), r#"{"a":1}"#);
}

#[test]
fn replies_of_xml() {
    let found = |path: &str, reply: &str| {
        let action = format!("response = {{ type = \"xml\", mapping = {{ A = {} }} }}", toml_string(path));
        let (outcome, _) = outcome(&action, &json_reply(200, reply));
        stored(&outcome)["A"].clone()
    };
    let notes = "<notes><note><to> Mia </to></note><note><to>Leo</to></note></notes>";
    assert_eq!(found("notes.note[1].to", notes), json!("Leo"));
    assert_eq!(found("notes['note'][0]['to']", notes), json!("Mia"));
    assert_eq!(found("$.notes.note.0.to", notes), json!("Mia"));
    assert_eq!(found("notes.note.to", notes), json!(null));
    assert_eq!(found("a", "<a>&lt;b&gt; &amp; &#233;<![CDATA[ <c> ]]></a>"), json!("<b> & é <c>"));
    assert_eq!(found("s:E.s:B", "<s:E xmlns:s='u'><s:B>1</s:B></s:E>"), json!("1"));
}

#[test]
fn a_found_null_is_stored_and_is_no_number() {
    let of = |path: &str| outcome(&format!("response = {{ mapping = {{ {path} }} }}"), &json_reply(200, r#"{"a": null}"#)).0;
    assert_eq!((of("A = \"a\"").exit.as_str(), stored(&of("A = \"a\""))), ("default", json!({"A": null})));
    assert_eq!(of("N = \"a\"").exit, "failed");
}

#[test]
fn the_answer_of_a_case_is_not_read_for_another_dialect() {
    let spec = node("method = \"GET\"\nurl = \"https://a.example\"");
    assert!(matches!(spec.cases[0].answer, Answer::Unspecified));
    let other = compile_text(
        "[action]\nname = \"a\"\nmethod = \"GET\"\nurl = \"https://a.example/$A\"\n[parameters]\nA = \"sys.any\"",
    );
    assert!(other.diagnostics.iter().any(|found| found.lint.name == "unknown-key"), "a key of another dialect");
}

fn compile_text(text: &str) -> Spec {
    let sources = Sources::in_memory();
    sources.add("specs/other.toml", text);
    compile("specs/other.toml", &Manifest::default(), &sources).expect("a text")
}
