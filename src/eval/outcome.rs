//! What a reply, or its absence, does to the conversation's state.

use crate::assumption::id;
use crate::case::Reply;
use crate::plan::{AttributeName, Group, Output, Plan, SuccessRule, Target, succeeds_by_default};
use crate::value::{AttributeType, Json, Scalar, Value, plain_numbers, why_unread};

use super::{Failure, Outcome, Record};

/// The outcome of a reply.
pub fn of_reply(plan: &Plan, reply: &Reply, record: &Record) -> Outcome {
    let class = (reply.status / 100) as u8;
    let mut outcome = Outcome { exit: format!("{class}xx"), ..Outcome::default() };
    let document = document(plan, reply, record);
    let mapping = Mapping { plan, document: document.as_ref(), record };
    let group = plan.outcome.groups.iter().find(|group| group.class == class);
    let success = match group {
        Some(group) => {
            mapping.outputs(group, reply, &mut outcome);
            mapping.success(&group.success)
        }
        None => succeeds_by_default(class),
    };
    defaults(plan, success, Some(reply.status), &mut outcome, record);
    outcome
}

/// The outcome when no reply came, or nothing could be sent.
pub fn of_failure(plan: &Plan, failure: &Failure, record: &Record) -> Outcome {
    let mut outcome = Outcome { exit: "error".into(), ..Outcome::default() };
    record.log(format!("{}: {}", failure.kind.name(), failure.message));
    if record.assume(&plan.assumptions, id::NO_REPLY) != "nothing-set" {
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

struct Mapping<'a> {
    plan: &'a Plan,
    document: Option<&'a Json>,
    record: &'a Record,
}

impl Mapping<'_> {
    fn outputs(&self, group: &Group, reply: &Reply, outcome: &mut Outcome) {
        for output in &group.outputs {
            let value = self.output(output);
            set(outcome, &output.target.name, value);
        }
        if let Some(raw) = &group.raw {
            let text = Json::from(String::from_utf8_lossy(&reply.body));
            let value = self.accept(raw, text).unwrap_or(Value::NULL);
            set(outcome, &raw.name, value);
        }
    }

    /// A bad expression, a missing path and a value of another type all leave the attribute empty.
    fn output(&self, output: &Output) -> Value {
        let (Some(selector), Some(document)) = (&output.selector, self.document) else { return Value::NULL };
        match selector.select(document) {
            Ok(Json::Null) => Value::NULL,
            Ok(found) => self.accept(&output.target, found).unwrap_or(Value::NULL),
            Err(message) => {
                self.record.log(format!("`{}`: {message}", output.source.text));
                Value::NULL
            }
        }
    }

    fn accept(&self, target: &Target, found: Json) -> Option<Value> {
        let found = plain_numbers(found);
        let declared = match target.declared {
            Some(declared) => declared,
            None if found.is_string() => return Some(found.into()),
            None => match self.record.assume(&self.plan.assumptions, id::UNDECLARED_TYPE) {
                "string" => AttributeType::one(Scalar::String),
                _ => return Some(found.into()),
            },
        };
        let accepted = declared.accept(&found);
        if accepted.is_none() {
            let kind = crate::value::json_kind(&found);
            self.record.log(format!("`{}` is {declared}, the reply has {kind}: it becomes empty", target.name));
        }
        accepted
    }

    fn success(&self, rule: &SuccessRule) -> bool {
        let selector = match rule {
            SuccessRule::Constant(success) => return *success,
            SuccessRule::Expression { selector, .. } => selector,
        };
        let (Some(selector), Some(document)) = (selector, self.document) else { return false };
        match selector.select(document) {
            Ok(Json::Bool(success)) => success,
            Ok(other) => {
                let truthy = self.record.assume(&self.plan.assumptions, id::NON_BOOLEAN_SUCCESS) == "truthy";
                self.record.log(format!("`action_success` gave {} instead of a boolean", crate::value::json_kind(&other)));
                truthy && is_truthy(&other)
            }
            Err(message) => {
                self.record.log(format!("`action_success`: {message}"));
                false
            }
        }
    }
}

/// Truth as PHP sees it.
fn is_truthy(json: &Json) -> bool {
    match json {
        Json::Null => false,
        Json::Bool(flag) => *flag,
        Json::Number(number) => number.as_f64() != Some(0.0),
        Json::String(text) => !text.is_empty() && text != "0",
        Json::Array(items) => !items.is_empty(),
        Json::Object(_) => true,
    }
}
