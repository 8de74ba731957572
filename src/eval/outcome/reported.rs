//! A reply that says itself whether the action succeeded, and names the attributes that it writes and removes.

use std::collections::HashMap;

use super::groups::is_truthy;
use super::{defaults, document};
use crate::assumption::id;
use crate::case::{Given, Reply};
use crate::eval::{Outcome, Record};
use crate::plan::{AttributeName, Plan, Reported, Target};
use crate::value::{Json, Map, Value, json_kind, plain_numbers};

/// So many messages of one reply are logged.
const MOST_LOGGED: usize = 100;

/// A reply, and the state that the action found.
#[derive(Clone, Copy)]
pub struct Received<'a> {
    pub reply: &'a Reply,
    pub given: &'a Given,
}

/// The outcome of a reply.
pub fn of_reply(plan: &Plan, reported: &Reported, received: Received<'_>, record: &Record) -> Outcome {
    let class = received.reply.status / 100;
    let mut outcome = Outcome { exit: format!("{class}xx"), ..Outcome::default() };
    let reading = Reading { plan, given: received.given, record };
    let document = document(plan, received.reply, record);
    let success = match reading.report(received.reply, document.as_ref()) {
        Some(report) => reading.apply(reported, received.reply.status, report, &mut outcome),
        None => false,
    };
    defaults(plan, success, Some(received.reply.status), &mut outcome, record);
    // The defaults are written last, whatever the reply says of them.
    let written = plan.outcome.success_names.iter().chain(&plan.outcome.status_names);
    written.for_each(|name| outcome.unset.retain(|removed| removed != name));
    outcome
}

struct Reading<'a> {
    plan: &'a Plan,
    given: &'a Given,
    record: &'a Record,
}

impl Reading<'_> {
    fn assume(&self, name: &'static str) -> &str {
        self.record.assume(&self.plan.assumptions, name)
    }

    /// The object that a reply must be.
    fn report<'d>(&self, reply: &Reply, document: Option<&'d Json>) -> Option<&'d Map<String, Json>> {
        if reply.body.is_empty() {
            self.record.log("the reply is empty, so the action fails");
        }
        match document? {
            Json::Object(report) => Some(report),
            other => {
                self.record.log(format!("the reply is {}, not an object: the action fails", json_kind(other)));
                None
            }
        }
    }

    /// Writes and removes what the reply names. Gives whether the action succeeded.
    fn apply(&self, reported: &Reported, status: u16, report: &Map<String, Json>, outcome: &mut Outcome) -> bool {
        self.log_errors(report);
        let success = self.is_successful(report);
        let attributes = self.attributes(report);
        let brings_some = attributes.is_some_and(|attributes| !attributes.is_empty());
        let is_error = status / 100 != 2 && (success || brings_some);
        if is_error && self.assume(id::ERROR_STATUS) != "report-counts" {
            self.record.log(format!("the status is {status}, so the action fails and nothing of the reply is written"));
            return false;
        }
        if let Some(attributes) = attributes.filter(|_| brings_some)
            && (success || self.assume(id::FAILED_OUTPUTS) == "written")
        {
            self.write(reported, attributes, outcome);
        }
        success
    }

    fn is_successful(&self, report: &Map<String, Json>) -> bool {
        match report.get("successful") {
            Some(Json::Bool(success)) => *success,
            None => {
                self.record.log("the reply has no `successful`, so the action fails");
                false
            }
            Some(other) => {
                self.record.log(format!("`successful` is {}, not a boolean", json_kind(other)));
                self.assume(id::NON_BOOLEAN_SUCCESS) == "truthy" && is_truthy(other)
            }
        }
    }

    fn log_errors(&self, report: &Map<String, Json>) {
        let errors = match report.get("errors") {
            None | Some(Json::Null) => return,
            Some(Json::Array(errors)) => errors,
            Some(other) => return self.record.log(format!("`errors` is {}, not a list", json_kind(other))),
        };
        for error in errors.iter().take(MOST_LOGGED) {
            match error.get("message") {
                Some(Json::String(message)) => self.record.log(message.as_str()),
                _ => self.record.log("an entry of `errors` is no object with a text `message`"),
            }
        }
        if errors.len() > MOST_LOGGED {
            self.record.log(format!("{} more errors", errors.len() - MOST_LOGGED));
        }
    }

    /// An empty list stands for an empty object: PHP writes both in the same way.
    fn attributes<'d>(&self, report: &'d Map<String, Json>) -> Option<&'d Map<String, Json>> {
        self.object("output_data", report.get("output_data"))
            .and_then(|data| self.object("output_data.attributes", data.get("attributes")))
    }

    fn object<'d>(&self, name: &str, json: Option<&'d Json>) -> Option<&'d Map<String, Json>> {
        match json? {
            Json::Object(object) => Some(object),
            Json::Null => None,
            Json::Array(items) if items.is_empty() => None,
            other => {
                self.record.log(format!("`{name}` is {}, not an object: nothing is written", json_kind(other)));
                None
            }
        }
    }

    fn write(&self, reported: &Reported, attributes: &Map<String, Json>, outcome: &mut Outcome) {
        let outputs: HashMap<&str, &Target> =
            reported.outputs.iter().map(|target| (target.name.attribute(), target)).collect();
        for (key, value) in attributes {
            if key.is_empty() {
                self.record.log("an attribute without a name is not written");
                continue;
            }
            let name = match outputs.get(key.as_str()) {
                Some(target) => target.name.clone(),
                None => AttributeName::new(self.plan.default_context, key),
            };
            if !value.is_null() {
                let value = self.typed(&name, value.clone());
                outcome.attributes.push((name, value));
            } else if self.given.attribute(&name).is_some() {
                outcome.unset.push(name);
            }
        }
    }

    fn typed(&self, name: &AttributeName, found: Json) -> Value {
        let found = plain_numbers(found);
        let Some(declared) = self.plan.declared(name) else { return self.undeclared(found) };
        if let Some(accepted) = declared.accept(&found) {
            return accepted;
        }
        let coerced = match self.assume(id::REPORTED_TYPE) {
            "empty" => Value::NULL,
            _ => declared.coerce(&found.clone().into()),
        };
        let becomes = if coerced.is_null() { "empty".to_string() } else { format!("`{}`", coerced.to_text().into_plain()) };
        self.record.log(format!("`{name}` is {declared}, the reply has {}: it becomes {becomes}", json_kind(&found)));
        coerced
    }

    fn undeclared(&self, found: Json) -> Value {
        use crate::value::{AttributeType, Scalar};
        if found.is_string() || self.assume(id::UNDECLARED_TYPE) != "string" {
            return found.into();
        }
        AttributeType::one(Scalar::String).coerce(&found.into())
    }
}
