//! A reply whose status picks one of several ways out.

use crate::assumption::id;
use crate::case::Reply;
use crate::eval::{ErrorKind, Failure, Outcome, Record};
use crate::plan::{ExitPattern, Exits, Output, Plan, ReplyFormat, Target};
use crate::selector::{StepKind, xml};
use crate::value::{AttributeType, Json, Scalar, Value, json_kind, number_of_text, plain_numbers};

use super::{document, set};

const DEFAULT: &str = "default";
const FAILED: &str = "failed";

/// The outcome of a reply.
pub fn of_reply(plan: &Plan, exits: &Exits, reply: &Reply, record: &Record) -> Outcome {
    let rules = Rules { plan, exits, record };
    rules.keep_secrets(reply);
    if exits.is_asynchronous {
        if !exits.outputs.is_empty() || exits.status.is_some() || !exits.listed.is_empty() {
            record.assume(&plan.assumptions, id::ASYNC_EXIT);
        }
        return Outcome { exit: DEFAULT.into(), ..Outcome::default() };
    }
    let mut outcome = Outcome { exit: rules.exit(reply.status), ..Outcome::default() };
    if outcome.exit != FAILED {
        match rules.mapped(reply) {
            Some(values) => outcome.attributes = values,
            None => outcome.exit = FAILED.into(),
        }
    }
    if let Some(status) = &exits.status {
        set(&mut outcome, &status.name, rules.tainted(status, Json::from(reply.status).into()));
    }
    outcome
}

/// The outcome without one.
pub fn of_failure(plan: &Plan, exits: &Exits, failure: &Failure, record: &Record) -> Outcome {
    let exit = match exits.is_asynchronous {
        false => FAILED,
        true => match record.assume(&plan.assumptions, id::ASYNC_EXIT) {
            "failed-when-not-sent" if !is_late(failure) => FAILED,
            _ => DEFAULT,
        },
    };
    Outcome { exit: exit.into(), ..Outcome::default() }
}

/// Whether the request left, and only the reply is missing.
fn is_late(failure: &Failure) -> bool {
    matches!(
        failure.kind,
        ErrorKind::Timeout | ErrorKind::ConnectionReset | ErrorKind::MalformedReply | ErrorKind::ReplyTooLarge
    )
}

struct Rules<'a> {
    plan: &'a Plan,
    exits: &'a Exits,
    record: &'a Record,
}

/// What is stored, by name.
type Stored = Vec<(crate::plan::AttributeName, Value)>;

impl Rules<'_> {
    fn assume(&self, name: &'static str) -> &str {
        self.record.assume(&self.plan.assumptions, name)
    }

    /// The way out for a status; a redirect may have one of its own, whatever is listed.
    fn exit(&self, status: u16) -> String {
        let is_redirect = status / 100 == 3;
        if is_redirect && self.plan.assumptions.get(id::REDIRECT_EXIT) == FAILED {
            return self.assume(id::REDIRECT_EXIT).into();
        }
        let exit = self.exit_by_status(status);
        if is_redirect && exit != FAILED {
            self.assume(id::REDIRECT_EXIT);
        }
        exit
    }

    /// The code itself, then its class, then the default for 2xx.
    fn exit_by_status(&self, status: u16) -> String {
        let class = (status / 100) as u8;
        let listed = |pattern: ExitPattern| self.exits.listed.iter().find(|listed| listed.value == pattern);
        let found = match (listed(ExitPattern::Status(status)), listed(ExitPattern::Class(class))) {
            (Some(exact), Some(whole)) => match self.assume(id::EXIT_PRECEDENCE) {
                "class-first" => Some(whole),
                _ => Some(exact),
            },
            (exact, whole) => exact.or(whole),
        };
        match found {
            Some(pattern) => pattern.value.to_string(),
            None if class == 2 => DEFAULT.into(),
            None => match self.assume(id::UNLISTED_STATUS) {
                "default" => DEFAULT.into(),
                _ => FAILED.into(),
            },
        }
    }

    /// What the mapping stores; `None` when the reply does not hold what it must.
    fn mapped(&self, reply: &Reply) -> Option<Stored> {
        let outputs = &self.exits.outputs;
        let is_success = reply.status / 100 == 2;
        if outputs.is_empty() {
            return Some(Vec::new());
        }
        if is_success && reply.body.is_empty() && self.assume(id::NO_CONTENT) == "default" {
            return Some(Vec::new());
        }
        let document = self.document(reply);
        let found: Vec<Option<Value>> = outputs.iter().map(|output| self.value(output, document.as_ref())).collect();
        if found.iter().any(Option::is_none) {
            let fails = match is_success {
                true => self.assume(id::MISSED_PATH) != "skip",
                false => self.assume(id::MISSED_PATH_ON_ERROR) == "failed",
            };
            if fails {
                return None;
            }
        }
        let mut stored = Outcome::default();
        for (output, value) in outputs.iter().zip(found) {
            if let Some(value) = value {
                set(&mut stored, &output.target.name, self.tainted(&output.target, value));
            }
        }
        Some(stored.attributes)
    }

    /// What a path leads to, as its parameter takes it; `None`: nothing, or nothing that fits.
    fn value(&self, output: &Output, document: Option<&Json>) -> Option<Value> {
        let (name, path) = (&output.target.name, &output.source.text);
        let Some(selector) = output.selector.as_deref() else {
            self.record.log(format!("`{path}` is no object path: `{name}` is not filled"));
            return None;
        };
        match selector.find(document?) {
            Ok(Some(found)) => self.fitting(&output.target, found),
            Ok(None) => {
                self.record.log(format!("the reply has no `{path}`: `{name}` is not filled"));
                None
            }
            Err(message) => {
                self.record.log(format!("`{path}`: {message}"));
                None
            }
        }
    }

    fn fitting(&self, target: &Target, found: Json) -> Option<Value> {
        let found = plain_numbers(found);
        if target.declared != Some(AttributeType::one(Scalar::Float)) {
            return Some(found.into());
        }
        let number = match &found {
            Json::Number(_) => Some(found.clone()),
            Json::String(text) => number_of_text(text).filter(|_| self.assume(id::NUMBER_FROM_TEXT) != "miss"),
            _ => None,
        };
        if number.is_none() {
            let kind = json_kind(&found);
            self.record.log(format!("`{}` is a number, the reply has {kind}: it is not filled", target.name));
        }
        number.map(Value::from)
    }

    fn tainted(&self, target: &Target, value: Value) -> Value {
        let value = value.tainted_if(self.is_secret(target));
        if value.is_secret() {
            self.record.secrets.borrow_mut().insert_value(&value);
        }
        value
    }

    fn is_secret(&self, target: &Target) -> bool {
        self.plan.secret_attributes.contains(&target.name)
    }

    /// What a reply says for a secret is one in whatever form it stands there, also when nothing is stored.
    fn keep_secrets(&self, reply: &Reply) {
        let outputs: Vec<&Output> = self.exits.outputs.iter().filter(|output| self.is_secret(&output.target)).collect();
        if outputs.is_empty() {
            return;
        }
        let document: Option<Json> = match self.exits.format {
            ReplyFormat::Json => serde_json::from_slice(&reply.body).ok(),
            ReplyFormat::Xml => xml::styled_document(&reply.body, reply.charset(), self.plan.xml_style()).ok(),
        };
        let Some(document) = document else { return };
        for selector in outputs.iter().filter_map(|output| output.selector.as_deref()) {
            if let Ok(Some(found)) = selector.find(&document) {
                self.record.secrets.borrow_mut().insert_leaves(&found);
            }
        }
    }

    fn document(&self, reply: &Reply) -> Option<Json> {
        match self.exits.format {
            ReplyFormat::Json => document(self.plan, reply, self.record),
            ReplyFormat::Xml => self.xml(reply),
        }
    }

    fn xml_style(&self, reply: &Reply) -> xml::Style {
        let extras = xml::extras(&reply.body, reply.charset());
        if extras.has_attributes {
            self.assume(id::XML_ATTRIBUTES);
        }
        if extras.has_prefixes {
            self.assume(id::XML_PREFIXES);
        }
        self.plan.xml_style()
    }

    /// Whether a path names a position in a list.
    fn has_position(&self) -> bool {
        let paths =
            self.exits.outputs.iter().filter_map(|output| output.selector.as_deref()).flat_map(|selector| selector.paths());
        let mut steps = paths.flat_map(|path| path.steps);
        steps.any(|step| matches!(step.kind, StepKind::Index(_) | StepKind::Member(_)))
    }

    fn xml(&self, reply: &Reply) -> Option<Json> {
        if reply.body.is_empty() {
            return None;
        }
        match xml::styled_document(&reply.body, reply.charset(), self.xml_style(reply)) {
            Ok(document) => {
                if has_list(&document) || self.has_position() {
                    self.assume(id::XML_SIBLINGS);
                }
                Some(document)
            }
            Err(problem) => {
                self.record.log(format!("the reply is not XML: {problem}"));
                None
            }
        }
    }
}

/// Whether a list stands anywhere in a document.
fn has_list(document: &Json) -> bool {
    match document {
        Json::Array(_) => true,
        Json::Object(entries) => entries.values().any(has_list),
        _ => false,
    }
}
