//! What a request is, and what answers it.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::http::{HeaderValue, StatusCode, header};
use serde_json::json;

use super::handle::Refused;
use super::logged::{Verdict, mask_json, row_json};
use super::served::{ReadyReply, Served};
use super::shared::Shared;
use super::token_endpoint;
use crate::case::{Fault, Given};
use crate::eval::{SecretValues, answer};
use crate::mock::ReceivedRequest;
use crate::mock::derive::{
    ChosenBy, Facts, Found, Mocked, Part, Purpose, Recovered, Row, RowVerdict, best, challenge, forced_case, named, refusal,
};

/// What a request is, and what answers it.
pub struct Decision {
    pub action: Option<usize>,
    pub case: Option<usize>,
    pub chosen: Option<ChosenBy>,
    pub purpose: Purpose,
    pub verdict: Verdict,
    pub recovered: Recovered,
    pub rows: Vec<Row>,
    pub answer: Result<Arc<ReadyReply>, Fault>,
    /// Secrets of this exchange alone, such as its token.
    pub secrets: Option<Arc<SecretValues>>,
}

/// What is known of a request besides itself.
#[derive(Clone, Copy)]
pub struct Circumstances<'c> {
    pub facts: &'c Facts<'c>,
    /// If something else is answered in the case's place, it is none of the case's requests, and the next of a sequence is still
    /// to come.
    pub is_answered: bool,
}

/// Decides on a request by what is served.
pub fn decide(shared: &Shared, served: &Served, request: &ReceivedRequest, circumstances: Circumstances<'_>) -> Decision {
    let Some(found) = served.site.find(request) else { return unmatched(shared, served, request) };
    match found.purpose {
        Purpose::Webhook => webhook(shared, served, &found, circumstances),
        Purpose::Token => token_endpoint::decide(shared, served, &found),
    }
}

fn unmatched(shared: &Shared, served: &Served, request: &ReceivedRequest) -> Decision {
    let nearest: Vec<_> = served
        .site
        .nearest(request)
        .into_iter()
        .map(|(action, rows)| json!({"spec": action.id, "checks": rows.iter().map(row_json).collect::<Vec<_>>()}))
        .collect();
    let help = format!("every action is served below its spec's id; see {}{}/", shared.url, super::control::PREFIX);
    let path = request.target.split('?').next().unwrap_or_default();
    let said = json!({"error": "no action is served here", "method": request.method, "path": path, "help": help, "nearest": nearest});
    let said = mask_json(said, &served.secrets);
    Decision {
        action: None,
        case: None,
        chosen: None,
        purpose: Purpose::Webhook,
        verdict: Verdict::Unmatched,
        recovered: Recovered::default(),
        rows: Vec::new(),
        answer: Ok(Arc::new(ReadyReply::json(StatusCode::NOT_FOUND, &said))),
        secrets: None,
    }
}

/// What is decided on a request that is not taken.
pub fn refuse(served: &Served, request: &ReceivedRequest, refused: &Refused) -> Decision {
    let found = served.site.find(request);
    let row = Row::new(refused.part, "", RowVerdict::Differs).note(refused.why.as_str());
    Decision {
        action: found.as_ref().map(|found| found.index),
        case: None,
        chosen: None,
        purpose: found.as_ref().map_or(Purpose::Webhook, |found| found.purpose),
        verdict: if found.is_some() { Verdict::Differs } else { Verdict::Unmatched },
        recovered: Recovered::default(),
        rows: vec![row],
        answer: Ok(Arc::new(ReadyReply::json(refused.status, &json!({"error": refused.why})))),
        secrets: None,
    }
}

fn webhook(shared: &Shared, served: &Served, found: &Found<'_, '_>, circumstances: Circumstances<'_>) -> Decision {
    let Circumstances { facts, is_answered } = circumstances;
    let (action, request) = (found.action, found.arrived.request);
    let forced = forced_case(request);
    let unknown = forced.as_ref().filter(|name| named(action, name).is_none());
    let exact: Vec<usize> = found.exact().collect();
    // What is exactly a case's own needs no comparison.
    let recovered = if exact.is_empty() { action.recover(&found.arrived) } else { Recovered::default() };
    let chosen = match forced.as_ref().and_then(|name| named(action, name)) {
        Some(index) => Some((index, ChosenBy::Forced)),
        None => {
            in_sequence(served, found, is_answered).or_else(|| first_of(action, &exact)).or_else(|| best(action, &recovered))
        }
    };
    let (facts, secrets) = token_endpoint::with_token(shared, found, facts);
    let prepared = chosen.map(|(index, _)| &action.cases[index]);
    let mut rows = match prepared.filter(|_| exact.is_empty()) {
        Some(prepared) => {
            let mut rows = action.verify(&prepared.case, &recovered, &found.arrived);
            rows.extend(action.authenticate(prepared, &recovered, &found.arrived, &facts));
            rows
        }
        None => Vec::new(),
    };
    rows.extend(unknown.map(|name| no_such_case(action, name)));
    let refused = refusal(&rows);
    let verdict = if refused.is_some() { Verdict::Differs } else { Verdict::Matches };
    let answer = match (refused.filter(|_| shared.options.strict || unknown.is_some()), chosen) {
        (Some(status), _) => Ok(Arc::new(refused_reply(served, found, status, &rows))),
        (None, Some((index, _))) => {
            served.counts[found.index][index].fetch_add(u64::from(is_answered), Ordering::Relaxed);
            answer_of(served, found, index, &recovered)
        }
        (None, None) => Ok(Arc::new(ReadyReply::nothing())),
    };
    Decision {
        action: Some(found.index),
        case: chosen.map(|(index, _)| index),
        chosen: chosen.map(|(_, by)| by),
        purpose: Purpose::Webhook,
        verdict,
        recovered,
        rows,
        answer,
        secrets,
    }
}

/// The case's reply, with values of the request where it uses some.
fn answer_of(served: &Served, found: &Found<'_, '_>, index: usize, recovered: &Recovered) -> Result<Arc<ReadyReply>, Fault> {
    let (action, case) = (found.action, &found.action.cases[index].case);
    if case.reply_template.is_none() {
        return served.answers[found.index][index].answer.clone();
    }
    // What is exactly a case's own was not looked into.
    let attributes = match recovered.attributes.is_empty() {
        true => action.recover(&found.arrived).attributes,
        false => recovered.attributes.clone(),
    };
    match answer(&action.plan, case, &Given { attributes, secrets: Vec::new() }) {
        Ok(answer) => super::served::ready_answer(&answer),
        Err(failure) => {
            let said = json!({"error": "the case's reply cannot be made of this request", "why": failure.message});
            Ok(Arc::new(ReadyReply::json(StatusCode::INTERNAL_SERVER_ERROR, &said)))
        }
    }
}

/// The case whose turn it is; the last one stays.
fn in_sequence(served: &Served, found: &Found<'_, '_>, is_answered: bool) -> Option<(usize, ChosenBy)> {
    let sequence = &found.action.sequence;
    let last = sequence.len().checked_sub(1)?;
    let step = served.steps[found.index].fetch_add(usize::from(is_answered), Ordering::Relaxed).min(last);
    Some((sequence[step], ChosenBy::Sequence))
}

/// Of the cases that send exactly this, the first that leads to success.
fn first_of(action: &Mocked, exact: &[usize]) -> Option<(usize, ChosenBy)> {
    let success = exact.iter().find(|index| action.cases[**index].succeeds);
    success.or(exact.first()).map(|index| (*index, ChosenBy::Agreement))
}

fn no_such_case(action: &Mocked, name: &str) -> Row {
    let known: Vec<&str> = action.cases.iter().map(|prepared| prepared.case.name.value.as_str()).collect();
    let row = Row::new(Part::Header, crate::mock::derive::CASE_HEADER, RowVerdict::Differs);
    row.expected(known.join(", ")).got(name).note("there is no such case")
}

/// What a strict mock says to a request that differs.
fn refused_reply(served: &Served, found: &Found<'_, '_>, status: u16, rows: &[Row]) -> ReadyReply {
    let (action, arrived) = (found.action, &found.arrived);
    let differing: Vec<_> = rows.iter().filter(|row| row.verdict == RowVerdict::Differs).map(row_json).collect();
    let said = json!({"error": "the request is not what the action sends", "spec": action.id, "differs": differing});
    let said = mask_json(said, &served.secrets);
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    let mut reply = ReadyReply::json(status, &said);
    let method = action.plan.request.method.value.as_str();
    if let (StatusCode::METHOD_NOT_ALLOWED, Ok(allowed)) = (status, HeaderValue::from_str(method)) {
        reply.headers.insert(header::ALLOW, allowed);
    }
    if let (StatusCode::UNAUTHORIZED, Ok(challenge)) = (status, HeaderValue::from_str(&challenge(action, arrived))) {
        reply.headers.insert(header::WWW_AUTHENTICATE, challenge);
    }
    reply
}
