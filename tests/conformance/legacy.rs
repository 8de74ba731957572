//! What is known of OpenDialog's legacy actions: the examples of the documentation and the public code of 2022.

use hookwright::value::{Json, Value};

use super::json_texts::bytes;
use super::{data_lines, list, text};
use crate::support::{Action, Tally, json_reply, toml_string};

const URL: &str = "https://api.example.com/opendialog";

/// What is wrong with a row: an exchange, or the configuration of an action.
pub fn problem(row: &Json) -> Option<String> {
    match row["input"]["configuration"]["webhook_url"].as_str() {
        Some(url) => configuration(url, text(row, "expected")),
        None => exchange(row),
    }
}

/// A URL that the platform does not take is an error at the URL.
fn configuration(url: &str, expected: &str) -> Option<String> {
    let action = Action::of(&spec(url, &[], &[]));
    let is_refused = action.errors().iter().any(|error| error.starts_with("invalid-url"));
    let wanted = expected.starts_with("validation error");
    (is_refused != wanted).then(|| format!("expected {expected}, got {:?}", action.errors()))
}

fn spec(url: &str, inputs: &[String], outputs: &[String]) -> String {
    let listed = |names: &[String]| names.iter().map(|name| toml_string(name)).collect::<Vec<_>>().join(", ");
    format!(
        "dialect = \"opendialog-legacy\"\n[action]\nname = \"a\"\nurl = {}\ninputs = [{}]\noutputs = [{}]",
        toml_string(url),
        listed(inputs),
        listed(outputs)
    )
}

fn exchange(row: &Json) -> Option<String> {
    let (inputs, response) = (row["input"]["inputs"].as_object()?, &row["input"]["response"]);
    let names: Vec<String> = inputs.keys().cloned().collect();
    let values: Vec<(String, Value)> =
        inputs.iter().map(|(name, value)| (format!("user.{name}"), value.clone().into())).collect();
    let values: Vec<(&str, Value)> = values.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    let action = Action::sound(&spec(URL, &names, &[]));
    let body = match action.request(&values) {
        Ok(request) => request.body.expect("a body").into_plain(),
        Err(failure) => return Some(failure.message),
    };
    let wanted = serde_json::json!({"input_data": {"attributes": inputs}}).to_string();
    if body != wanted {
        return Some(format!("expected the body {wanted}, got {body}"));
    }
    let (outcome, log) = action.outcome_after(&values, &json_reply(200, response.to_string()));
    let written = |name: &str| outcome.attributes.iter().find(|(known, _)| known.full() == format!("user.{name}"));
    let set = row["expected"]["set"].as_object().into_iter().flatten();
    let wrong = set.filter(|(name, value)| written(name).map(|(_, got)| got.to_json()).as_ref() != Some(*value));
    let unset: Vec<String> = outcome.unset.iter().map(|name| name.attribute().to_string()).collect();
    let wanted: Vec<&Json> = row["expected"]["unset"].as_array().into_iter().flatten().collect();
    let logged = list(&row["expected"]["log"]);
    wrong
        .map(|(name, value)| format!("`{name}` is not {value}: {outcome:?}"))
        .chain(
            (wanted.len() != unset.len() || !wanted.iter().all(|name| unset.iter().any(|known| *name == known)))
                .then(|| format!("unset {unset:?}")),
        )
        .chain(
            logged
                .iter()
                .filter(|message| !log.iter().any(|known| *message == known))
                .map(|message| format!("{message} is not in {log:?}")),
        )
        .next()
}

/// What is no JSON is no success, and what is JSON is read where it stands in a reply.
#[test]
fn replies_of_every_kind() {
    let Some(rows) = data_lines("jsontestsuite/cases.jsonl") else { return };
    let action = Action::sound(&spec(URL, &[], &["x".to_string()]));
    let mut tally = Tally::default();
    for row in &rows {
        let (id, text) = (text(row, "id"), bytes(row));
        let (whole, _) = action.outcome(&json_reply(200, text.clone()));
        tally.same(&format!("{id} as a reply"), whole.success, Some(false));
        let reply = |text: &[u8]| [br#"{"successful":true,"output_data":{"attributes":{"x":"#, text, b"}}}"].concat();
        let (inside, log) = action.outcome(&json_reply(200, reply(&text)));
        let is_json = serde_json::from_slice::<Json>(&reply(&text)).is_ok();
        tally.same(id, inside.success, Some(is_json));
        tally.same(&format!("{id} in the log"), log.iter().any(|line| line.contains("nothing is mapped")), !is_json);
    }
    tally.report("replies of legacy actions");
}
