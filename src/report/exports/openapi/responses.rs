//! What the cases answer, by status (OpenAPI 3.1, "Responses Object").

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use super::example_name;
use crate::case::{Answer, Case, Reply};
use crate::eval::SecretValues;
use crate::mock::derive::Mocked;
use crate::run::is_framing;

/// Every reply by its status, each with the cases as examples.
pub fn of(action: &Mocked, net: &SecretValues) -> Json {
    let answers: Vec<(&Case, Cow<'_, Answer>)> =
        action.cases.iter().map(|prepared| (&prepared.case, action.answer_to_itself(&prepared.case))).collect();
    let mut by_status: BTreeMap<u16, Vec<(&Case, Option<&Reply>)>> = BTreeMap::new();
    for (case, answer) in &answers {
        match answer.as_ref() {
            Answer::Reply(reply) => by_status.entry(reply.status).or_default().push((*case, Some(reply))),
            Answer::Unspecified => by_status.entry(204).or_default().push((*case, None)),
            Answer::Fault(_) => {}
        }
    }
    if by_status.is_empty() {
        return json!({"default": {"description": "No case gives a reply"}});
    }
    let response = |(status, cases): (u16, Vec<(&Case, Option<&Reply>)>)| (status.to_string(), response(&cases, net));
    Json::Object(by_status.into_iter().map(response).collect())
}

fn response(cases: &[(&Case, Option<&Reply>)], net: &SecretValues) -> Json {
    let names: Vec<String> = cases.iter().map(|(case, _)| net.mask(&case.name.value)).collect();
    let mut response = json!({"description": names.join("; ")});
    let (mut headers, mut content) = (Map::new(), Map::new());
    for (case, reply) in cases {
        let Some(reply) = reply else { continue };
        let own = reply.headers.iter().filter(|(name, _)| !is_framing(name) && !name.eq_ignore_ascii_case("content-type"));
        for (name, value) in own {
            headers.entry(name.clone()).or_insert_with(|| json!({"schema": {"type": "string"}, "example": net.mask(value)}));
        }
        if !reply.body.is_empty() {
            example(case, reply, net, &mut content);
        }
    }
    if !headers.is_empty() {
        response["headers"] = Json::Object(headers);
    }
    if !content.is_empty() {
        response["content"] = Json::Object(content);
    }
    response
}

fn example(case: &Case, reply: &Reply, net: &SecretValues, content: &mut Map<String, Json>) {
    let content_type = reply.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    let written = content_type.map(|(_, value)| value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
    let media_type = written.filter(|written| written.contains('/')).unwrap_or_else(|| "application/octet-stream".into());
    let is_json = media_type.contains("json");
    let media = content.entry(media_type).or_insert_with(|| json!({"schema": {}}));
    // What is no text, or no JSON where that is said, is no example.
    let Ok(text) = std::str::from_utf8(&reply.body) else { return };
    let text = net.mask(text);
    let value = if is_json { serde_json::from_str(&text).ok() } else { Some(json!(text)) };
    let Some(value) = value else { return };
    let summary = net.mask(&case.name.value);
    media["examples"][example_name(&case.slug)] = json!({"summary": summary, "value": value});
}

/// The cases that end without a reply.
pub fn faults(action: &Mocked, net: &SecretValues) -> Vec<Json> {
    let fault = |case: &Case| match &case.answer {
        Answer::Fault(fault) => Some(json!({"case": net.mask(&case.name.value), "fault": fault.name()})),
        _ => None,
    };
    action.cases.iter().filter_map(|prepared| fault(&prepared.case)).collect()
}
