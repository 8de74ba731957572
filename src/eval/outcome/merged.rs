//! A reply of which a part is merged into a context.

use crate::assumption::id;
use crate::case::Reply;
use crate::eval::{Outcome, Record};
use crate::plan::{AttributeName, Merged, Plan};
use crate::value::{Json, Map, Value, plain_numbers, why_unread};

use super::set;

/// So many characters of a reply or of a value stand in the log.
const LONGEST_LOGGED: usize = 2_000;

/// The outcome of a reply.
pub fn of_reply(plan: &Plan, merged: &Merged, reply: &Reply, record: &Record) -> Outcome {
    let exit = if is_well(reply) { "ok" } else { "http-error" };
    let mut outcome = Outcome { exit: exit.into(), directive: directive(merged), ..Outcome::default() };
    let document = document(reply, record);
    let merging = Merging { plan, merged, record };
    merging.keep_secrets(&document);
    for (key, value) in merging.entries(&document, reply).into_iter().flatten() {
        merging.entry(key, value, &mut outcome);
    }
    // Last, when every secret is known.
    log_call(reply, record);
    outcome
}

/// The reply as JSON; null where it is none.
fn document(reply: &Reply, record: &Record) -> Json {
    serde_json::from_slice(&reply.body).unwrap_or_else(|error| {
        // A reply in words is nothing unusual: only what begins as a document was meant to be read.
        if reply.body.trim_ascii_start().starts_with(b"{") {
            record.log(format!("the reply {}: nothing is merged", why_unread(&error)));
        }
        Json::Null
    })
}

fn is_well(reply: &Reply) -> bool {
    reply.status / 100 == 2
}

/// The outcome without one.
pub fn of_failure(plan: &Plan, merged: &Merged, record: &Record) -> Outcome {
    let directive = directive(merged).filter(|_| record.assume(&plan.assumptions, id::DIRECTIVE_WITHOUT_REPLY) == "given");
    Outcome { exit: "error".into(), directive, ..Outcome::default() }
}

/// What the language model is told, if it reads replies.
fn directive(merged: &Merged) -> Option<String> {
    merged.directive.as_ref().filter(|_| merged.is_interpreted).map(|directive| directive.value.clone())
}

struct Merging<'a> {
    plan: &'a Plan,
    merged: &'a Merged,
    record: &'a Record,
}

impl Merging<'_> {
    /// What a reply says for a secret is one, also when nothing is merged.
    fn keep_secrets(&self, document: &Json) {
        for (key, value) in self.found(document).into_iter().flatten() {
            if self.is_secret(&AttributeName::new(self.merged.context, key)) {
                self.record.secrets.borrow_mut().insert_value(&value.clone().into());
            }
        }
    }

    fn is_secret(&self, name: &AttributeName) -> bool {
        self.plan.secret_attributes.contains(name)
    }

    /// What stands where a reply has the values to merge.
    fn found<'d>(&self, document: &'d Json) -> Option<&'d Map<String, Json>> {
        let found = self.merged.path.iter().try_fold(document, |found, step| found.as_object()?.get(*step));
        found.and_then(Json::as_object)
    }

    /// What is merged, if anything.
    fn entries<'d>(&self, document: &'d Json, reply: &Reply) -> Option<&'d Map<String, Json>> {
        let entries = self.found(document).filter(|entries| !entries.is_empty())?;
        let counts = is_well(reply) || self.assume(id::MERGE_STATUS) == "any";
        (counts && (self.merged.is_interpreted || self.assume(id::MERGE_UNINTERPRETED) != "skip")).then_some(entries)
    }

    fn entry(&self, key: &str, value: &Json, outcome: &mut Outcome) {
        let name = AttributeName::new(self.merged.context, key);
        if value.is_null() && self.assume(id::MERGE_NULL) == "remove" {
            if self.before(&name).is_some() {
                outcome.unset.push(name);
            }
            return;
        }
        let is_secret = self.is_secret(&name);
        let value = Value::from(plain_numbers(self.deep(&name, value))).tainted_if(is_secret);
        set(outcome, &name, value);
    }

    /// An object over one that is there, entry by entry where the platform does so.
    fn deep(&self, name: &AttributeName, value: &Json) -> Json {
        let before = self.before(name).map(|before| before.to_json());
        match (before, value) {
            (Some(Json::Object(before)), Json::Object(new)) if self.assume(id::MERGE_DEPTH) == "deep" => {
                Json::Object(merge(before, new))
            }
            _ => value.clone(),
        }
    }

    fn before(&self, name: &AttributeName) -> Option<Value> {
        let before = self.record.before.borrow();
        before.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    }

    fn assume(&self, name: &'static str) -> &str {
        self.record.assume(&self.plan.assumptions, name)
    }
}

/// Nested as deep as the reply is, which its parser limits.
fn merge(mut before: Map<String, Json>, new: &Map<String, Json>) -> Map<String, Json> {
    for (key, value) in new {
        let merged = match (before.remove(key), value) {
            (Some(Json::Object(inner)), Json::Object(value)) => Json::Object(merge(inner, value)),
            _ => value.clone(),
        };
        before.insert(key.clone(), merged);
    }
    before
}

/// What the platform's own log has of a call, but for the time it took.
fn log_call(reply: &Reply, record: &Record) {
    // A secret that was cut in two would not be found any more.
    let masked = |text: &str| shortened(&record.secrets.borrow().mask(text));
    let variables = record.read.borrow().masked().join(", ");
    record.log(format!("status: {}", reply.status));
    let body = String::from_utf8_lossy(&reply.body);
    record.log(format!("body: {}", if body.is_empty() { "(empty)".into() } else { masked(&body) }));
    if !variables.is_empty() {
        record.log(format!("variables: {}", masked(&variables)));
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST_LOGGED) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_string(),
    }
}
