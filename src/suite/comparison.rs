//! Two actions with the same cases, and what each case shows to differ, also from what it expects. Both run against the
//! stand-in, as in `test`.

use std::collections::HashMap;

use super::exchange::Worker;
use super::expect::failures;
use crate::case::Case;
use crate::eval::{Exchange, Outcome};
use crate::plan::{AttributeName, Plan};
use crate::value::Value;

/// So many differences of one case are told.
const MOST_TOLD: usize = 20;

/// A case of an action.
#[derive(Clone, Copy)]
pub struct Side<'a> {
    pub plan: &'a Plan,
    pub case: &'a Case,
    pub declared_secrets: &'a [String],
}

/// What the second action does in another way, in words without values, which may be secret, and which expectations of its
/// case it does not meet.
///
/// # Errors
/// When one of them cannot be run: see [`Worker::exchange`].
pub fn differences(worker: &mut Worker, old: Side<'_>, new: Side<'_>) -> Result<Vec<String>, String> {
    let (before, after) = (Run::of(worker, old)?, Run::of(worker, new)?);
    let mut told = match silences(&before, &after) {
        Some(told) => vec![told],
        None => behaviors(&before, &after),
    };
    let failed = failures(&new.case.expect, &after.exchange);
    told.extend(failed.into_iter().map(|failed| format!("its `expect` does not hold: {}", failed.message)));
    if told.len() > MOST_TOLD {
        let more = told.len() - MOST_TOLD;
        told.truncate(MOST_TOLD);
        told.push(format!("{more} more differences"));
    }
    Ok(told)
}

fn behaviors(old: &Run, new: &Run) -> Vec<String> {
    let mut told = requests(&old.exchange, &new.exchange);
    if let (Some(old), Some(new)) = (&old.exchange.outcome, &new.exchange.outcome) {
        told.extend(outcomes(old, new));
    }
    told
}

/// What an action does in a case.
struct Run {
    exchange: Exchange,
    is_active: bool,
}

impl Run {
    fn of(worker: &mut Worker, side: Side<'_>) -> Result<Run, String> {
        let exchange = worker.exchange(side.plan, side.case, side.declared_secrets)?;
        Ok(Run { exchange, is_active: side.plan.outcome.is_active() })
    }

    /// Why there is nothing to send.
    fn silence(&self) -> Option<String> {
        match (&self.exchange.request, &self.exchange.error) {
            _ if !self.is_active => Some("the action is not active".into()),
            (None, Some(failure)) => Some(failure.message.clone()),
            _ => None,
        }
    }
}

/// What follows from a request that only one of them sends is not told.
fn silences(old: &Run, new: &Run) -> Option<String> {
    match (old.silence(), new.silence()) {
        (Some(why), None) => Some(format!("nothing was sent, since {why}; now a request is sent")),
        (None, Some(why)) => Some(format!("a request was sent; now nothing is, since {why}")),
        _ => None,
    }
}

fn requests(old: &Exchange, new: &Exchange) -> Vec<String> {
    let (Some(one), Some(other)) = (&old.request, &new.request) else { return Vec::new() };
    let differs = [
        ("method", one.method != other.method),
        ("URL", one.url != other.url),
        ("headers", one.headers != other.headers),
        ("body", one.body != other.body),
    ];
    differs.iter().filter(|(_, differs)| *differs).map(|(what, _)| format!("the {what} of the request is another")).collect()
}

fn outcomes(old: &Outcome, new: &Outcome) -> Vec<String> {
    let mut told = Vec::new();
    if old.success != new.success {
        told.push(format!("the action {}; now it {}", succeeded(old.success), succeeds(new.success)));
    }
    let (before, after) = (written(old), written(new));
    for (name, value) in &old.attributes {
        match after.get(name) {
            None => told.push(format!("`{name}` was written; now it keeps its old value")),
            Some(Value { data, .. }) if *data == value.data => {}
            Some(value) if value.is_null() => told.push(format!("`{name}` was written; now it becomes empty")),
            Some(_) => told.push(format!("`{name}` gets another value")),
        }
    }
    for name in &old.unset {
        told.push(match after.get(name) {
            Some(_) => format!("`{name}` was removed; now it becomes empty"),
            None => format!("`{name}` was removed; now it keeps its value"),
        });
    }
    let is_new = |name: &AttributeName| !before.contains_key(name) && !old.unset.contains(name);
    for (name, value) in new.attributes.iter().filter(|(name, _)| is_new(name)) {
        let becomes = if value.is_null() { "becomes empty" } else { "is written" };
        told.push(format!("`{name}` kept its value; now it {becomes}"));
    }
    told
}

fn written(outcome: &Outcome) -> HashMap<&AttributeName, &Value> {
    outcome.attributes.iter().map(|(name, value)| (name, value)).collect()
}

fn succeeded(success: Option<bool>) -> &'static str {
    match success {
        Some(true) => "succeeded",
        Some(false) => "failed",
        None => "said nothing of success",
    }
}

fn succeeds(success: Option<bool>) -> &'static str {
    match success {
        Some(true) => "succeeds",
        Some(false) => "fails",
        None => "says nothing of success",
    }
}
