//! A reply that is understood by the class of its status.

use crate::assumption::id;
use crate::case::Reply;
use crate::plan::{Group, Output, Plan, SuccessRule, Target, succeeds_by_default};
use crate::value::{AttributeType, Json, Scalar, Value, plain_numbers};

use super::{defaults, document, set};
use crate::eval::{Outcome, Record};

/// The outcome of a reply: the group of its class, or the platform's default.
pub fn of_reply(plan: &Plan, groups: &[Group], reply: &Reply, record: &Record) -> Outcome {
    let class = (reply.status / 100) as u8;
    let mut outcome = Outcome { exit: format!("{class}xx"), ..Outcome::default() };
    let document = document(plan, reply, record);
    let mapping = Mapping { plan, document: document.as_ref(), record };
    let group = groups.iter().find(|group| group.class == class);
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
pub(super) fn is_truthy(json: &Json) -> bool {
    match json {
        Json::Null => false,
        Json::Bool(flag) => *flag,
        Json::Number(number) => number.as_f64() != Some(0.0),
        Json::String(text) => !text.is_empty() && text != "0",
        Json::Array(items) => !items.is_empty(),
        Json::Object(_) => true,
    }
}
