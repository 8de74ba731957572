//! From the tables of a Verboo spec to a plan.

use super::lints::{directive_ignored, optional_argument, schema_type, trigger_description_length, trigger_name_style};
use super::written::{self, Written};
use super::{CLIENT_DATA, body, declared, headers, names, shape, url};
use crate::assumption::id;
use crate::diagnostic::{Diagnostic, Edit};
use crate::dialect::{Alone, Evaluable, Lowered, Lowering};
use crate::plan::{
    AttributeName, AuthValue, Authentication, ListText, Merged, NameTable, OutcomePlan, OutcomeRule, Plan, RequestPlan,
    UrlPlan, cut_url,
};
use crate::source::{Mapped, Spanned};
use crate::spec::lints::missing_key;
use crate::spec::{Node, Table};

/// Contexts that no end user can write into: the platform fills them.
const TRUSTED_CONTEXTS: &[&str] = &["session", "company", "assistant"];

pub fn lower(spec: &Table, lowering: &mut Lowering<'_, '_>) -> Lowered {
    let trigger = trigger(spec, lowering);
    if spec.entry("action").is_none() {
        lowering.reading.missing(lowering.file.after(), "action", "the spec");
        return nothing("there is no `[action]`");
    }
    let Some(action) = lowering.reading.table(spec, "action") else { return nothing("`action` is not a table") };
    let before = lowering.reading.findings.len();
    let Some(written) = written::of(action, lowering) else { return nothing("the file of the action cannot be read") };
    lowering.reading.check_keys(&written.table, &shape::ACTION);
    let parameters = declared::parameters(spec);
    let arguments: Vec<AttributeName> = parameters.iter().map(|parameter| names::argument(&parameter.name.value)).collect();
    let known = names::known(lowering.types, &arguments, lowering.cases);
    let plan = plan(&written, &trigger, &known, lowering);
    lowering.reading.findings.extend(optional_argument::check(&parameters, &plan));
    let missing = ["url", "method"].into_iter().find(|key| written.table.get(key).is_none_or(is_blank));
    let not_runnable = match missing {
        Some(key) => Some(format!("there is no `{key}`")),
        None => fatal(&lowering.reading.findings[before..]),
    };
    Lowered { plan: Some(plan), not_runnable }
}

fn nothing(why: &str) -> Lowered {
    Lowered { plan: None, not_runnable: Some(why.into()) }
}

/// Findings that leave nothing to run.
fn fatal(findings: &[Diagnostic]) -> Option<String> {
    let is_fatal = findings.iter().any(|finding| finding.lint.name == "wrong-type");
    is_fatal.then(|| "a value in `[action]` is of the wrong kind".to_string())
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
    let (name, description) = (reading.text(table, "name").map(spanned), reading.text(table, "description").map(spanned));
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
    let directive = lowering.reading.text(action, "responseDirective").map(spanned);
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
    Plan {
        name: trigger.name.clone().unwrap_or_else(|| Spanned::new(String::new(), action.span)),
        description: trigger.description.clone(),
        request,
        authentication: Authentication::None,
        outcome: OutcomePlan {
            rule: OutcomeRule::Merged(merged),
            success_names: Vec::new(),
            status_names: Vec::new(),
            names_are_assumed: false,
        },
        types: lowering.types.clone(),
        own_attributes: &[],
        parameters: Vec::new(),
        assumptions: lowering.assumptions.clone(),
        contexts: lowering.contexts.known.clone(),
        default_context: lowering.contexts.default,
        naming: lowering.contexts.naming,
        trusted_contexts: TRUSTED_CONTEXTS,
        absent_contexts: &[],
        secret_attributes: Vec::new(),
        list_text: ListText::Json,
        has_other_names: written.is_alone(lowering.file),
    }
}

fn check_type(action: &Table, lowering: &mut Lowering<'_, '_>) {
    if let Some(written) = lowering.reading.word(action, "type").filter(|written| &*written.text != shape::TYPE) {
        lowering.reading.wrong_word(written, &format!("`{}`", shape::TYPE), &[shape::TYPE]);
    }
}

fn spanned(text: &Mapped) -> Spanned<String> {
    Spanned::new(text.text.to_string(), if text.text.is_empty() { text.whole() } else { text.inside() })
}

fn method(written: &Written, lowering: &mut Lowering<'_, '_>) -> Spanned<String> {
    let action = &written.table;
    let guess = if action.entry("body").is_some() { "POST" } else { "GET" };
    match action.get("method") {
        // A line for a TOML file has no place in the platform's JSON.
        None if written.json.is_some() => lowering.reading.missing(action.span, "method", shape::ACTION.title),
        None => lowering.missing(action, "action", "method", &format!("\"{guess}\""), shape::ACTION.title),
        Some(node) if is_blank(node) => {
            let edit = node.as_text().map(|text| Edit { span: text.inside(), text: guess.into() });
            let title = shape::ACTION.title;
            let found = missing_key::found_with_guess(node.span, "method", title, &format!("\"{guess}\""), edit);
            lowering.reading.findings.push(found);
        }
        Some(_) => {}
    }
    match lowering.reading.word(action, "method") {
        Some(method) => spanned(method),
        None => Spanned::new(String::new(), action.span),
    }
}

fn is_blank(node: &Node) -> bool {
    node.as_text().is_some_and(|text| text.text.trim().is_empty())
}

fn url_plan(written: &Written, known: &NameTable, lowering: &mut Lowering<'_, '_>) -> UrlPlan {
    let action = &written.table;
    if action.entry("url").is_none() {
        lowering.reading.missing(action.span, "url", shape::ACTION.title);
    }
    let Some(source) = lowering.reading.word(action, "url") else {
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
