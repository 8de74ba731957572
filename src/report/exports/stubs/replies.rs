//! What a case answers, as WireMock's response definition (its documentation: "Stubbing", "Simulating Faults").

use percent_encoding::{CONTROLS, utf8_percent_encode};
use serde_json::{Map, Value as Json, json};

use super::super::Notes;
use super::FileBody;
use crate::assumption::{id, parse_duration};
use crate::case::{Answer, Case, Fault, Reply};
use crate::eval::SecretValues;
use crate::mock::derive::Mocked;
use crate::run::is_framing;

/// A longer body gets a file of its own where there is a folder for it.
const LONGEST_INLINE: usize = 16 * 1024;

/// What a platform waits for at most stands in the plan; so much longer is never waited for.
const BEYOND_TIMEOUT_MILLISECONDS: u64 = 5_000;

/// What a case answers, and its body where that is a file.
pub fn response(
    action: &Mocked,
    case: &Case,
    net: &SecretValues,
    files: Option<&mut Vec<FileBody>>,
    notes: &mut Notes,
) -> Json {
    if case.reply_template.is_some() {
        let text = format!("the reply of `{}` uses values of the request; here it has those of the case", case.name.value);
        notes.add(action, text);
    }
    let answer = action.answer_to_itself(case);
    match answer.as_ref() {
        Answer::Unspecified => json!({"status": 204, "headers": {"X-Hookwright-Case": header_text(&case.name.value)}}),
        Answer::Reply(reply) => of_reply(action, case, reply, net, files, notes),
        Answer::Fault(fault) => of_fault(action, case, *fault, notes),
    }
}

/// A name as a header can carry it.
pub fn header_text(name: &str) -> String {
    utf8_percent_encode(name, CONTROLS).to_string()
}

pub fn of_reply(
    action: &Mocked,
    case: &Case,
    reply: &Reply,
    net: &SecretValues,
    files: Option<&mut Vec<FileBody>>,
    notes: &mut Notes,
) -> Json {
    let mut response = Map::new();
    response.insert("status".into(), json!(reply.status));
    let mut is_masked = false;
    let mut shown = |text: &str| {
        let masked = net.mask(text);
        is_masked |= masked != text;
        masked
    };
    let mut headers = headers(reply, &mut shown);
    headers.insert("X-Hookwright-Case".into(), json!(header_text(&case.name.value)));
    response.insert("headers".into(), Json::Object(headers));
    let text = std::str::from_utf8(&reply.body).ok().map(&mut shown);
    let is_long = reply.body.len() > LONGEST_INLINE;
    match (text, files) {
        (Some(text), _) if text.is_empty() => {}
        (Some(text), Some(files)) if is_long => {
            response.insert("bodyFileName".into(), json!(FileBody::add(files, action, case, reply, text.into_bytes())));
        }
        (Some(text), _) => drop(response.insert("body".into(), json!(text))),
        (None, Some(files)) => {
            let name = FileBody::add(files, action, case, reply, reply.body.clone());
            response.insert("bodyFileName".into(), json!(name));
        }
        (None, None) => {
            use base64::Engine;
            let encoded = base64::engine::general_purpose::STANDARD.encode(&reply.body);
            response.insert("base64Body".into(), json!(encoded));
        }
    }
    if reply.delay_milliseconds > 0 {
        response.insert("fixedDelayMilliseconds".into(), json!(reply.delay_milliseconds));
    }
    if is_masked {
        notes
            .add(action, format!("the reply of `{}` repeats a secret, in whose place bullets are written", case.name.value));
    }
    Json::Object(response)
}

fn headers(reply: &Reply, shown: &mut impl FnMut(&str) -> String) -> Map<String, Json> {
    let mut headers: Map<String, Json> = Map::new();
    for (name, value) in reply.headers.iter().filter(|(name, _)| !is_framing(name)) {
        let value = json!(shown(value));
        match headers.get_mut(name) {
            Some(Json::Array(values)) => values.push(value),
            Some(known) => *known = json!([known.clone(), value]),
            None => drop(headers.insert(name.clone(), value)),
        }
    }
    headers
}

fn of_fault(action: &Mocked, case: &Case, fault: Fault, notes: &mut Notes) -> Json {
    let name = match fault {
        Fault::Timeout => return json!({"status": 204, "fixedDelayMilliseconds": timeout(action)}),
        Fault::ConnectionReset => "CONNECTION_RESET_BY_PEER",
        Fault::Empty => "EMPTY_RESPONSE",
        Fault::Malformed => "RANDOM_DATA_THEN_CLOSE",
        Fault::ConnectionRefused | Fault::Tls => {
            let text = format!(
                "the fault `{}` of `{}` comes before any request: WireMock resets the connection in its place",
                fault.name(),
                case.name.value
            );
            notes.add(action, text);
            "CONNECTION_RESET_BY_PEER"
        }
    };
    json!({"fault": name})
}

fn timeout(action: &Mocked) -> u64 {
    let assumed = || parse_duration(action.plan.assumptions.get(id::TIMEOUT));
    let waits = action.plan.request.timeout_milliseconds.or_else(assumed).unwrap_or_default();
    waits.saturating_add(BEYOND_TIMEOUT_MILLISECONDS)
}
