//! Verboo's names and files under hostile input: nothing leaves its place, names are found as two other programs find them,
//! and the platform's own JSON is read or refused, never more.

use std::sync::LazyLock;

use hookwright::case::{Answer, Fault};
use hookwright::diagnostic::Severity;
use hookwright::dialect;
use hookwright::eval::Request;
use hookwright::source::{FileProblem, Sources};
use hookwright::spec::Manifest;
use hookwright::suite::Worker;
use hookwright::value::{Json, Value};
use percent_encoding::percent_decode_str;
use proptest::prelude::{ProptestConfig, Strategy, any, prop_oneof, proptest};
use regex::Regex;
use serde_json::json;
use url::Url;

use crate::support::{Action, header, toml_string};

const PLACES: &str = r#"
dialect = "verboo"
[action]
url = "https://example.com/a/$v/b?q=$v&x=1#$v"
method = "POST"
headers = [{ key = "X-Value", value = "a $v b" }, { key = "X-After", value = "after" }]
body = '{ "a": "x $v y", "b$v": [1], "c": 2 }'
[client_data]
v = "string"
"#;

/// The same action under each way of substitution.
static ACTIONS: LazyLock<[Action; 2]> = LazyLock::new(|| {
    let by_name = format!("{PLACES}[assume]\nsubstitution = \"name-by-name\"\n");
    [Action::sound(PLACES), Action::sound(&by_name)]
});

fn stays(request: &Request, value: &str) {
    let url = Url::parse(request.url.reveal()).expect("a URL");
    let decoded = |text: &str| percent_decode_str(text).decode_utf8().expect("UTF-8").into_owned();
    let segments: Vec<String> = url.path_segments().expect("segments").map(decoded).collect();
    assert_eq!(segments, ["a", value, "b"]);
    assert_eq!(url.host_str(), Some("example.com"));
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    assert_eq!(pairs, [("q".to_string(), value.to_string()), ("x".to_string(), "1".to_string())]);
    assert_eq!(header(request, "X-Value"), Some(format!("a {value} b").as_str()));
    assert_eq!(request.headers.len(), 3, "and Content-Type");
    let body: Json = serde_json::from_str(request.body.as_ref().expect("a body").reveal()).expect("JSON");
    let key = format!("b{value}");
    assert_eq!(body["a"], json!(format!("x {value} y")));
    assert_eq!((&body[&key], body.as_object().map(serde_json::Map::len)), (&json!([1]), Some(3)));
}

fn hostile() -> impl Strategy<Value = String> {
    prop_oneof!["\\PC{0,12}", r#"[$v"\\/?#&=%{}\[\],:.\r\n\x00 ]{0,12}"#, any::<String>()]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_value_stays_in_its_place(value in hostile()) {
        for action in &*ACTIONS {
            match action.request(&[("client_data.v", Value::from(value.as_str()))]) {
                Ok(request) => stays(&request, &value),
                Err(failure) => assert!(["invalid-header", "invalid-url"].contains(&failure.kind.name()), "{failure:?}"),
            }
        }
    }

    /// One pass as a regular expression makes it, of which the alternatives are tried in order; name by name as replacing in a
    /// text makes it.
    #[test]
    fn names_are_found_as_others_find_them(
        text in r"[$abc ]{0,16}",
        values in proptest::collection::btree_map("[abc]{1,3}", "[$abc]{0,6}", 0..5),
    ) {
        let mut names: Vec<(&String, &String)> = values.iter().collect();
        names.sort_by_key(|(name, _)| (std::cmp::Reverse(name.len()), *name));
        let given: Vec<(String, Value)> =
            names.iter().map(|(name, value)| (format!("client_data.{name}"), Value::from(value.as_str()))).collect();
        let given: Vec<(&str, Value)> = given.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
        for mode in ["one-pass", "name-by-name"] {
            let action = Action::of(&format!(
                "dialect = \"verboo\"\n[action]\nurl = \"https://example.com\"\nmethod = \"GET\"\nheaders = [{{ key = \"X-T\", value = {} }}]\n[assume]\nsubstitution = \"{mode}\"",
                toml_string(&format!(".{text}."))
            ));
            let request = action.request(&given).expect("a request");
            let wanted = if mode == "one-pass" { in_one_pass(&text, &names) } else { by_name(&text, &names) };
            assert_eq!(header(&request, "X-T"), Some(format!(".{wanted}.").as_str()), "{mode}");
        }
    }
}

fn in_one_pass(text: &str, names: &[(&String, &String)]) -> String {
    if names.is_empty() {
        return text.to_string();
    }
    let alternatives: Vec<&str> = names.iter().map(|(name, _)| name.as_str()).collect();
    let pattern = Regex::new(&format!(r"\$({})", alternatives.join("|"))).expect("a pattern");
    let value = |found: &regex::Captures<'_>| {
        names.iter().find(|(name, _)| found[1] == ***name).map(|(_, value)| value.to_string()).expect("a name")
    };
    pattern.replace_all(text, value).into_owned()
}

fn by_name(text: &str, names: &[(&String, &String)]) -> String {
    names.iter().fold(text.to_string(), |text, (name, value)| text.replace(&format!("${name}"), value))
}

#[test]
fn values_that_hold_each_other_end() {
    let names: Vec<String> = (1..40).map(|length| "a".repeat(length)).collect();
    let shorter = |name: &String| format!("${0}$ ${0}$", &name[1..]);
    let given: Vec<(String, Value)> =
        names.iter().map(|name| (format!("client_data.{name}"), Value::from(shorter(name)))).collect();
    let given: Vec<(&str, Value)> = given.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    let action = Action::of(&format!(
        "dialect = \"verboo\"\n[action]\nurl = \"https://example.com\"\nmethod = \"POST\"\nbody = '{{ \"t\": \"${}\" }}'\n[assume]\nsubstitution = \"name-by-name\"",
        "a".repeat(39)
    ));
    let failure = action.request(&given).expect_err("2 to the power of 39");
    assert!(failure.message.contains("limit"), "{failure:?}");
}

#[test]
fn a_thousand_names() {
    let names: Vec<String> = (0..1000).map(|number| format!("n{number}")).collect();
    let body: String = names.iter().rev().map(|name| format!("${name} ")).collect();
    let text = format!(
        "dialect = \"verboo\"\n[action]\nurl = \"https://example.com\"\nmethod = \"POST\"\nbody = {{ t = \"{body}\" }}"
    );
    let given: Vec<(String, Value)> =
        names.iter().enumerate().map(|(number, name)| (format!("client_data.{name}"), json!(number).into())).collect();
    let given: Vec<(&str, Value)> = given.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    let request = Action::of(&text).request(&given).expect("a request");
    let wanted: String = (0..1000).rev().map(|number| format!("{number} ")).collect();
    let body: Json = serde_json::from_str(request.body.expect("a body").reveal()).expect("JSON");
    assert_eq!(body["t"], json!(wanted));
}

/// What the compiler says of a spec with a JSON file beside it: the messages of errors, and why there is nothing to run.
fn with_file(json: Option<&str>, more: &str) -> (Vec<String>, Option<String>) {
    let json = json.map(str::to_string);
    let sources = Sources::new(Box::new(move |path| match (&json, path.ends_with("a.json")) {
        (Some(json), true) => Ok(json.clone().into_bytes()),
        _ => Err(FileProblem::Unreadable("there is none".into())),
    }));
    sources.add("specs/a.toml", format!("dialect = \"verboo\"\n[action]\nfrom = \"a.json\"\n{more}"));
    let spec = dialect::compile("specs/a.toml", &Manifest::default(), &sources).expect("a spec");
    let errors = spec.diagnostics.iter().filter(|found| found.severity == Severity::Error);
    let shown = errors.map(|found| {
        let file = sources.file(found.span.file);
        assert!(file.text.get(found.span.start..found.span.end).is_some(), "a place in its file");
        format!("{}: {}", found.lint.name, found.message)
    });
    (shown.collect(), spec.not_runnable)
}

#[test]
fn the_platforms_json_is_read_or_refused() {
    let good = r#"{ "url": "https://example.com/$a", "method": "GET" }"#;
    assert_eq!(with_file(Some(good), ""), (Vec::new(), None));
    assert_eq!(with_file(Some(&format!("\u{feff}{good}")), "").0, Vec::<String>::new());
    assert_eq!(with_file(Some(r#"{ "url": "https://example.com" }"#), "method = \"PUT\"").0, Vec::<String>::new());
    let deep = "[".repeat(100_000);
    for (json, message) in [
        (None, "expected a file that can be read"),
        (Some(""), "the file is not JSON"),
        (Some("{"), "the file is not JSON"),
        (Some(r#"{ "url": "https://a.example", }"#), "a comma before the closing bracket"),
        (Some(r#"{ "url": $a, "method": "GET" }"#), "a variable outside of double quotes"),
        (Some("[]"), "expected an object"),
        (Some("7"), "expected an object"),
        (Some(deep.as_str()), "nested deeper than"),
        (Some("{}"), "needs the key `url`"),
        (
            Some(r#"{ "url": 7, "method": [], "headers": 1, "body": true, "responseDirective": {}, "type": "X" }"#),
            "expected text",
        ),
        (Some(r#"{ "url": "https://a.example", "method": "GET", "headers": [1, {"key": 2}] }"#), "expected a row"),
        (Some(r#"{ "uri": "https://a.example", "method": "GET" }"#), "no key named `uri`"),
    ] {
        let (errors, why) = with_file(json, "");
        assert!(errors.iter().any(|error| error.contains(message)), "{json:.40?}: {errors:?}");
        assert!(why.is_some(), "{json:.40?}");
    }
}

#[test]
fn a_file_outside_of_the_project_is_not_read() {
    for name in ["../../etc/passwd", "/etc/passwd", "c:\\x"] {
        let sources = Sources::new(Box::new(|_| panic!("nothing is read")));
        let text = format!("dialect = \"verboo\"\n[action]\nfrom = {}", toml_string(name));
        sources.add("specs/a.toml", text);
        let spec = dialect::compile("specs/a.toml", &Manifest::default(), &sources).expect("a spec");
        assert!(spec.diagnostics.iter().any(|found| found.message.contains("inside the project")), "{name}");
    }
}

/// No assumption is mentioned where its situation did not occur.
#[test]
fn what_is_documented_is_no_assumption() {
    let action = Action::sound(
        "dialect = \"verboo\"\n[action]\nurl = \"https://example.com/$a?q=$b\"\nmethod = \"POST\"\nheaders = [{ key = \"Content-Type\", value = \"application/json\" }]\nbody = '{ \"i\": $images, \"s\": \"$a $session.id\" }'\n[client_data]\na = \"string\"\nb = \"string\"",
    );
    let mut case = action.case(&[("client_data.a", Value::from("x y/z")), ("client_data.b", Value::from("b"))]);
    case.answer = Answer::Reply(crate::support::json_reply(200, r#"{"session":{"client_data":{"a":"2"}}}"#));
    let mut worker = Worker::start().expect("a stand-in");
    let exchange = worker.exchange(action.plan(), &case, &[]).expect("an exchange");
    assert_eq!(exchange.assumptions, Vec::<String>::new());
    case.answer = Answer::Fault(Fault::Timeout);
    let exchange = worker.exchange(action.plan(), &case, &[]).expect("an exchange");
    assert_eq!(exchange.assumptions, ["timeout=30s"]);
}

#[test]
fn a_text_outside_of_quotes_is_refused_whatever_becomes_of_a_malformed_body() {
    let spec = |body: &str| {
        format!(
            "dialect = \"verboo\"\n[action]\nurl = \"https://example.com\"\nmethod = \"POST\"\nbody = '{body}'\n[assume]\nmalformed_body = \"send\""
        )
    };
    let given = [("client_data.t", Value::from("x, \"b\": 1"))];
    let failure = Action::of(&spec("{ \"a\": $t }")).request(&given).expect_err("a text");
    assert!(failure.message.contains("outside of quotes"), "{failure:?}");
    let sent = Action::of(&spec("{ \"a\": \"$t\", }")).request(&given).expect("a request");
    assert_eq!(sent.body.expect("a body").reveal(), "{ \"a\": \"x, \\\"b\\\": 1\", }");
}
