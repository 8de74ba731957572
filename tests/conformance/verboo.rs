//! What is known of Verboo's webhooks: configurations with values and replies, and what comes of them.

use hookwright::check::{Catalogue, check_spec};
use hookwright::diagnostic::Severity;
use hookwright::dialect;
use hookwright::eval::{Exchange, Request};
use hookwright::source::Sources;
use hookwright::spec::Manifest;
use hookwright::suite::Worker;
use hookwright::value::{Json, Map};
use serde_json::json;

use super::{data, list, text};
use crate::support::Tally;

#[test]
fn cases() {
    let Some(data) = data("verboo_cases.json") else { return };
    let mut tally = Tally::default();
    let mut worker = Worker::start().expect("a stand-in");
    for row in list(&data["cases"]) {
        tally.check(text(row, "id"), problem(row, &mut worker));
    }
    tally.report("verboo_cases.json");
}

/// The spec of a row, with one case.
fn spec(row: &Json) -> String {
    let variables = &row["variables"];
    let system = &variables["system"];
    let empty = json!({});
    let or_empty = |value: &Json| if value.is_null() { empty.clone() } else { value.clone() };
    let images = if variables["images"].is_null() { json!([]) } else { variables["images"].clone() };
    let mut reply = json!({"status": row["response"]["status"]});
    if let Some(body) = row["response"]["body"].as_str() {
        reply["body"] = body.into();
    }
    let document = json!({
        "dialect": "verboo",
        "action": row["config"],
        "trigger": row["trigger"],
        "case": [{
            "name": "row",
            "given": {
                "session": {"id": system["session_id"]},
                "company": {"id": system["company_id"]},
                "assistant": {"id": system["assistant_id"]},
                "client_data": or_empty(&variables["client_data"]),
                "arguments": or_empty(&variables["args"]),
                "images": images,
            },
            "reply": reply,
        }],
    });
    toml::to_string(&document).expect("TOML")
}

/// What is wrong with a row.
fn problem(row: &Json, worker: &mut Worker) -> Option<String> {
    let sources = Sources::in_memory();
    sources.add("specs/row.toml", spec(row));
    let mut spec = dialect::compile("specs/row.toml", &Manifest::default(), &sources).expect("a text");
    check_spec(&mut spec, &Catalogue::new(dialect::lint_sets()));
    let expect = &row["expect"];
    let found: Vec<&str> = spec.diagnostics.iter().map(|found| found.lint.name).collect();
    let wanted: Vec<&str> = list(&expect["lints"]).iter().filter_map(Json::as_str).collect();
    if let Some(missing) = wanted.iter().find(|name| !found.contains(name)) {
        return Some(format!("no `{missing}` among {found:?}"));
    }
    let has_error = spec.diagnostics.iter().any(|found| found.severity == Severity::Error);
    if wanted.is_empty() && has_error {
        return Some(format!("errors among {found:?}"));
    }
    let (Some(plan), Some(case)) = (&spec.plan, spec.cases.first()) else { return Some("nothing to run".into()) };
    let exchange = match worker.exchange(plan, case, &[]) {
        Ok(exchange) => exchange,
        Err(why) => return Some(why),
    };
    let outcome = || outcome(&row["variables"]["client_data"], &exchange, expect);
    request(&exchange, &expect["request"]).or_else(outcome)
}

fn unless_same(what: &str, got: &Json, wanted: &Json) -> Option<String> {
    (got != wanted).then(|| format!("{what}: expected {wanted}, got {got}"))
}

fn request(exchange: &Exchange, wanted: &Json) -> Option<String> {
    if let Some(kind) = wanted["error"].as_str() {
        let got = exchange.error.as_ref().map_or("nothing", |failure| failure.kind.name());
        return (got != kind).then(|| format!("expected the error {kind}, got {got}"));
    }
    let Some(request) = &exchange.request else { return Some(format!("no request: {:?}", exchange.error)) };
    let got = shown(request);
    ["method", "url", "headers", "body_json"].into_iter().find_map(|key| unless_same(key, &got[key], &wanted[key]))
}

fn shown(request: &Request) -> Json {
    let headers: Vec<Json> = request.headers.iter().map(|(name, value)| json!([name, value.reveal()])).collect();
    let body = request.body.as_ref().map(|body| serde_json::from_str::<Json>(body.reveal()).expect("JSON"));
    json!({"method": request.method, "url": request.url.reveal(), "headers": headers, "body_json": body})
}

/// The client data after the reply, and what the model is told.
fn outcome(before: &Json, exchange: &Exchange, expect: &Json) -> Option<String> {
    let Some(outcome) = &exchange.outcome else { return Some("no outcome".into()) };
    let mut data: Map<String, Json> = before.as_object().cloned().unwrap_or_default();
    for (name, value) in &outcome.attributes {
        assert_eq!(name.context(), "client_data");
        data.insert(name.attribute().into(), value.to_json());
    }
    let after = expect.get("client_data_after").and_then(|after| unless_same("client data", &Json::Object(data), after));
    let directive = json!(outcome.directive);
    after.or_else(|| expect.get("llm_directive").and_then(|wanted| unless_same("directive", &directive, wanted)))
}
