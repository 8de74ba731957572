//! Webhook nodes of Vonage AI Studio: no value leaves its place, no secret is shown, and each open point can be switched.

mod assumptions;
mod places;
mod robustness;
mod secrets;
mod values;

use hookwright::case::{Case, Given, GivenAttribute, Reply, Spec};
use hookwright::dialect::compile;
use hookwright::eval::{Exchange, Hosts, Outcome, Record, Request, of_reply, planned};
use hookwright::plan::AttributeName;
use hookwright::source::Sources;
use hookwright::spec::Manifest;
use hookwright::value::{Json, Value};
use proptest::prelude::*;

/// The parameters of every node here.
const PARAMETERS: &str = r#"
[parameters]
A = "sys.any"
AB = "sys.any"
N = "sys.number"
S = { entity = "sys.any", secret = true }
STATUS = "sys.number"
"#;

/// A node with one case.
fn node(action: &str) -> Spec {
    let text = format!("dialect = \"vonage\"\n[action]\n{action}\n{PARAMETERS}\n[[case]]\nname = \"one\"\n");
    let sources = Sources::in_memory();
    sources.add("specs/node.toml", text.as_str());
    compile("specs/node.toml", &Manifest::default(), &sources).expect("a text that was added can be loaded")
}

fn case(spec: &Spec, values: &[(&str, Json)]) -> Case {
    let mut case = spec.cases[0].clone();
    for (name, value) in values {
        let (name, value) = (AttributeName::new("", name), Value::from(value.clone()));
        case.given.attributes.put(GivenAttribute { name, value, span: case.name.span });
    }
    case
}

fn exchange(spec: &Spec, values: &[(&str, Json)]) -> Exchange {
    planned(spec.plan.as_ref().expect("a plan"), &case(spec, values), &[], Hosts::AsWritten)
}

/// The request, or the name of what went wrong.
fn request(action: &str, values: &[(&str, Json)]) -> Result<Request, &'static str> {
    let spec = node(action);
    assert!(spec.not_runnable.is_none(), "{:?}: {:?}", spec.not_runnable, spec.diagnostics);
    let exchange = exchange(&spec, values);
    exchange.request.ok_or_else(|| exchange.error.expect("a failure").kind.name())
}

fn body(action: &str, values: &[(&str, Json)]) -> Result<String, &'static str> {
    let request = request(&format!("method = \"POST\"\nurl = \"https://a.example\"\n{action}"), values)?;
    Ok(request.body.expect("a body").reveal().to_string())
}

/// The outcome of a reply, and the open points that came up.
fn outcome(action: &str, reply: &Reply) -> (Outcome, Vec<String>) {
    let spec = node(&format!("method = \"GET\"\nurl = \"https://a.example\"\n{action}"));
    assert!(spec.not_runnable.is_none(), "{:?}", spec.diagnostics);
    let (plan, record) = (spec.plan.as_ref().expect("a plan"), Record::default());
    let outcome = of_reply(plan, reply, &Given::default(), &record);
    let met = plan.assumptions.report(&record.occurred.borrow());
    (outcome, met)
}

fn stored(outcome: &Outcome) -> Json {
    Json::Object(outcome.attributes.iter().map(|(name, value)| (name.to_string(), value.to_json())).collect())
}

/// Texts with all that has a meaning somewhere.
fn hostile() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "$A",
        "$AB",
        "$",
        "\"",
        "'",
        "\\",
        "\r\n",
        "\n",
        "&",
        "=",
        "?",
        "#",
        "/",
        "..",
        "%",
        "%2F",
        "+",
        " ",
        "<",
        ">",
        "</x>",
        "]]>",
        "<!--",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "é",
        "\u{1F600}",
        "\0",
        "\u{7}",
        "a",
        "0",
        "://",
        "@",
        ";",
        "&amp;",
        "\u{2028}",
    ]);
    prop::collection::vec(pieces, 0..8).prop_map(|pieces| pieces.concat())
}
