//! What a reply, or its absence, does to the conversation's state.

mod exits;
mod groups;
mod merged;
mod reported;

use crate::assumption::id;
use crate::case::{Given, Reply};
use crate::plan::{AttributeName, OutcomeRule, Plan};
use crate::value::{Json, Value, why_unread};

use self::reported::Received;
use super::{Failure, Outcome, Record};

/// The outcome of a reply. `given` is the state that the action found.
pub fn of_reply(plan: &Plan, reply: &Reply, given: &Given, record: &Record) -> Outcome {
    match &plan.outcome.rule {
        OutcomeRule::Groups(groups) => groups::of_reply(plan, groups, reply, record),
        OutcomeRule::Reported(reported) => reported::of_reply(plan, reported, Received { reply, given }, record),
        OutcomeRule::Exits(exits) => exits::of_reply(plan, exits, reply, record),
        OutcomeRule::Merged(merged) => merged::of_reply(plan, merged, reply, record),
    }
}

/// The outcome when no reply came, or nothing could be sent.
pub fn of_failure(plan: &Plan, failure: &Failure, record: &Record) -> Outcome {
    record.log(format!("{}: {}", failure.kind.name(), failure.message));
    match &plan.outcome.rule {
        OutcomeRule::Exits(exits) => return exits::of_failure(plan, exits, failure, record),
        OutcomeRule::Merged(merged) => return merged::of_failure(plan, merged, record),
        OutcomeRule::Groups(_) | OutcomeRule::Reported(_) => {}
    }
    let mut outcome = Outcome { exit: "error".into(), ..Outcome::default() };
    if record.assume(&plan.assumptions, id::NO_REPLY) != "nothing-set" {
        defaults(plan, false, None, &mut outcome, record);
    }
    outcome
}

/// The outcome of an action that is switched off.
pub fn of_inactive(plan: &Plan, record: &Record) -> Outcome {
    record.log("the action is not active, so it does not run");
    let mut outcome = Outcome { exit: "error".into(), ..Outcome::default() };
    if record.assume(&plan.assumptions, id::INACTIVE_ACTION) == "success-false" {
        defaults(plan, false, None, &mut outcome, record);
    }
    outcome
}

/// The attributes that every action writes.
fn defaults(plan: &Plan, success: bool, status: Option<u16>, outcome: &mut Outcome, record: &Record) {
    if plan.outcome.names_are_assumed {
        record.assume(&plan.assumptions, id::ACTION_NAME);
    }
    outcome.success = Some(success);
    for name in &plan.outcome.success_names {
        set(outcome, name, Json::from(success).into());
    }
    if let Some(status) = status {
        for name in &plan.outcome.status_names {
            set(outcome, name, Json::from(status).into());
        }
    }
}

fn set(outcome: &mut Outcome, name: &AttributeName, value: Value) {
    outcome.attributes.retain(|(known, _)| known != name);
    outcome.attributes.push((name.clone(), value));
}

/// The reply's JSON, if it is some.
fn document(plan: &Plan, reply: &Reply, record: &Record) -> Option<Json> {
    if reply.body.is_empty() {
        return None;
    }
    let parsed: Json = match serde_json::from_slice(&reply.body) {
        Ok(parsed) => parsed,
        Err(error) => {
            record.log(format!("the reply {}: nothing is mapped", why_unread(&error)));
            return None;
        }
    };
    if !declares_json(reply) && record.assume(&plan.assumptions, id::REPLY_CONTENT_TYPE) == "require-json" {
        record.log("the reply's Content-Type is not JSON: nothing is mapped");
        return None;
    }
    Some(parsed)
}

/// `application/json`, `text/json` or `application/…+json` (RFC 6839).
fn declares_json(reply: &Reply) -> bool {
    let header = reply.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    let kind = header.map(|(_, value)| value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
    kind.is_some_and(|kind| kind.ends_with("/json") || kind.ends_with("+json"))
}
