//! What is known of OpenDialog: its documentation, its public code of 2021 and 2022, and PHP where that decides.

use std::collections::BTreeMap;

use hookwright::assumption::Assumptions;
use hookwright::case::Given;
use hookwright::dialect::Alone;
use hookwright::dialect::opendialog::DIALECT;
use hookwright::eval::single::Use;
use hookwright::plan::{AuthValue, Expression, FilterArgument, FilterUse, ValueSource};
use hookwright::selector::jmespath::Expression as JmesPath;
use hookwright::source::{Mapped, Sources};
use hookwright::spec::settings::attribute_type;
use hookwright::template::AccessorKey;
use hookwright::value::{AttributeType, Json, Value};
use serde_json::json;

use super::{data, legacy, list, text};
use crate::support::{Action, Tally, alone, contexts_with, given, header, toml_string};

/// How sure a row is that need not hold.
const OPEN: [&str; 4] = ["hypothesis", "unspecified", "conflict", "real-export"];

/// Areas of later work.
const NOT_YET: [&str; 1] = ["attribute-name"];

#[test]
fn documented_rows() {
    let Some(data) = data("opendialog_cases.json") else { return };
    let mut tally = Tally::default();
    let (mut open, mut not_yet) = (0, BTreeMap::<&str, usize>::new());
    for row in list(&data) {
        let area = text(row, "area");
        if OPEN.contains(&text(row, "status")) {
            open += 1;
        } else if NOT_YET.contains(&area) {
            *not_yet.entry(area).or_default() += 1;
        } else {
            tally.check(&format!("{} ({area})", text(row, "id")), problem(area, row));
        }
    }
    println!("opendialog_cases.json: {open} rows are open, not yet: {not_yet:?}");
    tally.report("opendialog_cases.json");
}

/// What is wrong with a row.
fn problem(area: &str, row: &Json) -> Option<String> {
    match area {
        "reference-parse" => reference(row),
        "text-interpolation" | "filter" => template(row),
        "request-body" => body(row),
        "url" => url(row),
        "jmespath" => jmespath(row),
        "attribute-type-id" => type_name(row),
        "header-auth" => authentication(row),
        "coercion-to-text" => text_form(row),
        "legacy" => legacy::problem(row),
        "coercion" => null_in_every_type(),
        _ => match area.strip_prefix("coercion-") {
            Some(name) => coercion(name, row),
            None => Some("the area is not known to this test".into()),
        },
    }
}

fn unless_same(got: &Json, expected: &Json) -> Option<String> {
    let same = got == expected || (got.is_number() && got.as_f64() == expected.as_f64());
    (!same).then(|| format!("expected {expected}, got {got}"))
}

/// The columns of `expected`, of what a reference is read as. A filter of the documentation's that does not exist is read
/// as one that does: the plan keeps the arguments of known ones only.
fn reference(row: &Json) -> Option<String> {
    const NO_FILTER: &str = "filter_name";
    const A_FILTER: &str = "uppercase";
    let input = text(row, "input").replace(NO_FILTER, A_FILTER);
    let input = if input.starts_with('{') { input } else { format!("{{{input}}}") };
    let source = Mapped::verbatim(&input, Sources::in_memory().add("template", input.as_str()), 0);
    let mut findings = Vec::new();
    let surroundings = Alone {
        contexts: &contexts_with([]),
        assumptions: &Assumptions::defaults(DIALECT.assumptions),
        given: &Given::default(),
        in_authentication: false,
    };
    let template = (DIALECT.template)(&source, &surroundings, &mut findings);
    let AuthValue::Text(read) = template else { return Some("it was read as a function".into()) };
    let Some(expression) = read.lone().filter(|_| findings.is_empty()) else {
        return Some(format!("it is not one reference: {findings:?}"));
    };
    let got = described(expression);
    let expected = row["expected"].to_string().replace(NO_FILTER, A_FILTER);
    let expected: Json = serde_json::from_str(&expected).expect("JSON with another name in it");
    let columns = expected.as_object().expect("columns").iter();
    columns.filter_map(|(column, expected)| unless_same(&got[column], expected)).next()
}

fn described(expression: &Expression) -> Json {
    let (context, attribute) = name_of(expression);
    let accessors: Vec<Json> = expression.path.iter().map(|step| key(&step.key)).collect();
    let filters: Vec<Json> = expression.filters.iter().map(filter).collect();
    json!({"context": context, "attribute": attribute, "accessor": accessors, "filters": filters})
}

/// The context (null when none was written, or one that is not known) and the attribute.
fn name_of(expression: &Expression) -> (Option<String>, String) {
    match &expression.source {
        ValueSource::Attribute(name) => {
            let context = expression.context_span.map(|_| name.context().to_string());
            (context, name.attribute().to_string())
        }
        ValueSource::UnknownContext { attribute, .. } => (None, attribute.clone()),
        other => (Some(format!("{other:?}")), String::new()),
    }
}

fn key(key: &AccessorKey) -> Json {
    match key {
        AccessorKey::Key(key) => key.as_str().into(),
        AccessorKey::Index(index) => (*index).into(),
    }
}

fn filter(filter: &FilterUse) -> Json {
    let name = match filter {
        FilterUse::Known { filter, .. } => filter.name,
        FilterUse::Unknown { name } => &name.value,
    };
    let arguments = filter.arguments().iter().map(argument);
    std::iter::once(Json::from(name)).chain(arguments).collect()
}

fn argument(argument: &FilterArgument) -> Json {
    let expression = match argument {
        FilterArgument::Text { text, .. } => return text.as_str().into(),
        FilterArgument::Value(expression) => expression,
    };
    let ValueSource::Attribute(name) = &expression.source else { return Json::Null };
    let path: String =
        expression.path.iter().map(|step| format!("['{}']", key(&step.key).as_str().unwrap_or("?"))).collect();
    json!({"ref": format!("{name}{path}")})
}

/// The values of a row, and their contexts, declared.
fn values(row: &Json) -> Vec<(&str, Json)> {
    let context = row["context"].as_object().into_iter().flatten();
    context.filter(|(name, _)| name.contains('.')).map(|(name, value)| (name.as_str(), value.clone())).collect()
}

fn template(row: &Json) -> Option<String> {
    let values = values(row);
    let own_contexts = values.iter().filter_map(|(name, _)| Some(name.split_once('.')?.0.to_string()));
    let alone = alone(text(row, "input"), Use::Json, &given(&values), &contexts_with(own_contexts));
    let unknown: &[&str] = if text(row, "input").contains("nosuchfilter") { &["unknown-filter"] } else { &[] };
    if !alone.findings.is_empty() || alone.faults != unknown {
        return Some(format!("findings {:?}, faults {:?}", alone.findings, alone.faults));
    }
    match alone.json() {
        Some(got) => unless_same(got, &row["expected"]),
        None => Some(format!("got {:?}", alone.result)),
    }
}

fn typed_values(row: &Json) -> Vec<(&str, Value)> {
    values(row).into_iter().map(|(name, json)| (name, Value::from(json))).collect()
}

fn body(row: &Json) -> Option<String> {
    let body = toml_string(text(row, "input"));
    let action =
        Action::sound(&format!("[action]\nname = \"a\"\nmethod = \"POST\"\nurl = \"https://example.com\"\nbody = {body}"));
    match action.request(&typed_values(row)) {
        Ok(request) => {
            let body = request.body.expect("a body");
            unless_same(&serde_json::from_str(body.reveal()).unwrap_or(Json::Null), &row["expected"])
        }
        Err(failure) => Some(failure.message),
    }
}

fn url(row: &Json) -> Option<String> {
    let url = toml_string(text(row, "input"));
    let action = Action::sound(&format!("[action]\nname = \"a\"\nmethod = \"GET\"\nurl = {url}"));
    match action.request(&typed_values(row)) {
        Ok(request) => unless_same(&request.url.reveal().into(), &row["expected"]),
        Err(failure) => Some(failure.message),
    }
}

fn jmespath(row: &Json) -> Option<String> {
    let input = &row["input"];
    let expression = match JmesPath::compile(text(input, "expression")) {
        Ok(expression) => expression,
        Err(error) => return Some(error.to_string()),
    };
    // As text, so that the order of keys counts.
    let got = expression.evaluate(&input["document"]).map(|got| got.to_string());
    match row["expected"].as_str() {
        Some("ERROR JMESPathTypeError") => got.ok().map(|got| format!("expected an error, got {got}")),
        _ if got.as_ref().ok() == Some(&row["expected"].to_string()) => None,
        _ => Some(format!("expected {}, got {got:?}", row["expected"])),
    }
}

fn type_name(row: &Json) -> Option<String> {
    let found = attribute_type(text(row, "input"), &[DIALECT.type_synonyms]);
    let expected = text(row, "expected") == "valid";
    (found.is_some() != expected).then(|| format!("expected {}, got {found:?}", text(row, "expected")))
}

fn declared(name: &str) -> AttributeType {
    attribute_type(name, &[DIALECT.type_synonyms]).unwrap_or_else(|| panic!("no type `{name}`"))
}

fn coercion(name: &str, row: &Json) -> Option<String> {
    let got = declared(name).coerce(&row["input"].clone().into()).to_json();
    // PHP's false for "cannot be read" is our null.
    let unreadable = name == "timestamp" && row["expected"] == json!(false);
    unless_same(&got, if unreadable { &Json::Null } else { &row["expected"] })
}

/// The text form of a value after it was stored.
fn text_form(row: &Json) -> Option<String> {
    let (stored_as, input) = match text(row, "id").split('-').next() {
        Some("bool") => (declared("boolean"), &row["input"]),
        Some("float") => (declared("float"), &row["input"]),
        _ => (declared(&format!("attribute.core.{}", text(&row["input"], "type"))), &row["input"]["value"]),
    };
    let got = stored_as.coerce(&input.clone().into()).to_text().into_plain();
    unless_same(&got.into(), &row["expected"])
}

fn null_in_every_type() -> Option<String> {
    let kept = |name: &str| declared(name).coerce(&Value::NULL).is_null();
    AttributeType::names().find(|name| !kept(name)).map(|name| format!("`{name}` does not keep null"))
}

fn authentication(row: &Json) -> Option<String> {
    match text(row, "id") {
        "auth-002" => signature_function(row),
        "auth-003" => variables(row),
        "auth-006" => signature_filter(row),
        _ => Some("the row is not known to this test".into()),
    }
}

/// An action whose authentication is as pasted from the platform's form.
fn pasted(row: &Json, body: &str, more: &str) -> Action {
    let config = toml_string(&row["input"].to_string());
    let text = format!(
        "[action]\nname = \"a\"\nmethod = \"POST\"\nurl = \"https://example.com\"\n{body}\n[action.auth]\ntype = \"header\"\nconfig = {config}\n{more}"
    );
    Action::sound(&text)
}

/// Both encodings are candidates: the assumption chooses.
fn signature_function(row: &Json) -> Option<String> {
    let body = format!("body = {}", toml_string(text(&row["context"], "_webhook.body")));
    for encoding in ["hex", "base64"] {
        let action = pasted(row, &body, &format!("[assume]\nhmac_function_encoding = \"{encoding}\""));
        let key = Value::from(text(&row["context"], "secret.hmac_signing_key"));
        let got = match action.request(&[("secret.hmac_signing_key", key)]) {
            Ok(request) => header(&request, "X-Signature").map(Json::from),
            Err(failure) => return Some(failure.message),
        };
        let expected = &row["expected"][format!("X-Signature_{encoding}")];
        if let Some(problem) = unless_same(&got.unwrap_or(Json::Null), expected) {
            return Some(problem);
        }
    }
    None
}

fn variables(row: &Json) -> Option<String> {
    let action = pasted(row, "", "");
    let values: Vec<_> = typed_values(row).into_iter().filter(|(name, _)| !name.starts_with("_auth.")).collect();
    let mut case = action.case(&values);
    case.uuid = text(&row["context"], "_auth.uuid").into();
    case.now = row["context"]["_auth.timestamp"].as_i64().expect("seconds");
    let exchange = hookwright::eval::planned(action.plan(), &case, &[], hookwright::eval::Hosts::AsWritten);
    let Some(request) = exchange.request else { return exchange.error.map(|failure| failure.message) };
    let expected = row["expected"].as_object().expect("headers").iter();
    let got = |name: &String| header(&request, name).map_or(Json::Null, Json::from);
    expected.filter_map(|(name, value)| unless_same(&got(name), value)).next()
}

/// Only `signature = base64(HMAC-SHA256(key, raw_signature))`.
fn signature_filter(row: &Json) -> Option<String> {
    let values = given(&[("user.raw", row["expected"]["raw_signature"].clone()), ("secret.k", row["input"]["key"].clone())]);
    let template = "{user.raw | hmac sha256 @secret.k text | base64}";
    let alone = alone(template, Use::Header, &values, &contexts_with([]));
    unless_same(alone.json().unwrap_or(&Json::Null), &row["expected"]["signature"])
}
