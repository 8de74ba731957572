//! From the tables of a Verboo spec to a plan.

use super::lints::{directive_ignored, optional_argument, schema_type, trigger_description_length, trigger_name_style};
use super::written::{self, Written};
use super::{CLIENT_DATA, body, declared, headers, names, shape, url};
use crate::assumption::id;
use crate::diagnostic::Diagnostic;
use crate::dialect::lowering::{WRONG_TYPE, not_runnable};
use crate::dialect::{Alone, Evaluable, Lowered, Lowering};
use crate::plan::{
    AttributeName, AuthValue, Merged, NameTable, OutcomePlan, OutcomeRule, Plan, RequestPlan, UrlPlan, cut_url,
};
use crate::source::{Mapped, Spanned};
use crate::spec::Table;

/// Contexts that no end user can write into: the platform fills them.
const TRUSTED_CONTEXTS: &[&str] = &["session", "company", "assistant"];

pub fn lower(spec: &Table, lowering: &mut Lowering<'_, '_>) -> Lowered {
    let trigger = trigger(spec, lowering);
    let action = match lowering.action(spec) {
        Ok(action) => action,
        Err(why) => return Lowered::nothing(why),
    };
    let before = lowering.reading.findings.len();
    let Some(written) = written::of(action, lowering) else {
        return Lowered::nothing("the file of the action cannot be read");
    };
    lowering.reading.check_keys(&written.table, &shape::ACTION);
    let parameters = declared::parameters(spec);
    let arguments: Vec<AttributeName> = parameters.iter().map(|parameter| names::argument(&parameter.name.value)).collect();
    let known = names::known(lowering.types, &arguments, lowering.cases);
    let plan = plan(&written, &trigger, &known, lowering);
    lowering.reading.findings.extend(optional_argument::check(&parameters, &plan));
    let not_runnable = not_runnable(&written.table, &lowering.reading.findings[before..], &[WRONG_TYPE]);
    Lowered { plan: Some(plan), not_runnable }
}

/// What makes the assistant run the action.
struct Trigger {
    name: Option<Spanned<String>>,
    description: Option<Spanned<String>>,
    /// Where it is switched off that the model reads replies.
    uninterpreted: Option<crate::source::Span>,
}

fn trigger(spec: &Table, lowering: &mut Lowering<'_, '_>) -> Trigger {
    let Some(table) = lowering.reading.table(spec, "trigger") else {
        return Trigger { name: None, description: None, uninterpreted: None };
    };
    let reading = &mut *lowering.reading;
    reading.check_keys(table, &shape::TRIGGER);
    let name = reading.text(table, "name").map(Mapped::spanned);
    let description = reading.text(table, "description").map(Mapped::spanned);
    let interpreted = reading.boolean(table, "interpretResponse");
    for flag in ["isActive", "copilotOnly"] {
        reading.boolean(table, flag);
    }
    reading.table(table, "parameters");
    reading.findings.extend(name.iter().filter_map(trigger_name_style::check));
    reading.findings.extend(description.iter().filter_map(trigger_description_length::check));
    reading.findings.extend(declared::parameters(spec).iter().filter_map(schema_type::check));
    Trigger { name, description, uninterpreted: interpreted.filter(|flag| !flag.value).map(|flag| flag.span) }
}

fn plan(written: &Written, trigger: &Trigger, known: &NameTable, lowering: &mut Lowering<'_, '_>) -> Plan {
    let action = &written.table;
    check_type(action, lowering);
    let directive = lowering.reading.text(action, "responseDirective").map(Mapped::spanned);
    if let (Some(directive), Some(off)) = (&directive, trigger.uninterpreted) {
        lowering.reading.findings.push(directive_ignored::found(directive, off));
    }
    let request = RequestPlan {
        method: method(written, lowering),
        methods: shape::METHODS,
        url: url_plan(written, known, lowering),
        headers: headers::headers(action, known, lowering),
        body: body::body(written, known, lowering),
        body_span: action.entry("body").map(|entry| entry.key.span),
        content_type: "application/json",
        required: Vec::new(),
        timeout_milliseconds: None,
    };
    let merged = Merged {
        path: &["session", CLIENT_DATA],
        context: CLIENT_DATA,
        directive,
        is_interpreted: trigger.uninterpreted.is_none(),
    };
    let name = trigger.name.clone().unwrap_or_else(|| Spanned::new(String::new(), action.span));
    let outcome = OutcomePlan {
        rule: OutcomeRule::Merged(merged),
        success_names: Vec::new(),
        status_names: Vec::new(),
        names_are_assumed: false,
    };
    Plan {
        description: trigger.description.clone(),
        trusted_contexts: TRUSTED_CONTEXTS,
        has_other_names: written.is_alone(lowering.file),
        ..lowering.plan(name, request, outcome)
    }
}

fn check_type(action: &Table, lowering: &mut Lowering<'_, '_>) {
    if let Some(written) = lowering.reading.word(action, "type").filter(|written| &*written.text != shape::TYPE) {
        lowering.reading.wrong_word(written, &format!("`{}`", shape::TYPE), &[shape::TYPE]);
    }
}

fn method(written: &Written, lowering: &mut Lowering<'_, '_>) -> Spanned<String> {
    let action = &written.table;
    if written.json.is_some() && action.entry("method").is_none() {
        // A line for a TOML file has no place in the platform's JSON.
        lowering.reading.missing(action.span, "method", shape::ACTION.title);
        return Spanned::new(String::new(), action.span);
    }
    lowering.method(action)
}

fn url_plan(written: &Written, known: &NameTable, lowering: &mut Lowering<'_, '_>) -> UrlPlan {
    let action = &written.table;
    let Some(source) = lowering.url(action) else {
        return UrlPlan { parts: Vec::new(), span: action.span };
    };
    let plan = cut_url(names::text(source, known));
    let refuses_host = lowering.assumptions.get(id::VARIABLE_IN_HOST) == "refuse";
    url::check(source, &plan, refuses_host, &mut lowering.reading.findings);
    plan
}

/// A template given on its own.
pub fn template(source: &Mapped, alone: &Alone<'_>, _: &mut Vec<Diagnostic>) -> Evaluable {
    AuthValue::Text(names::text(source, &names::known_alone(alone.given)))
}
