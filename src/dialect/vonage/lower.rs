//! From the tables of a webhook node to a plan.

use std::collections::BTreeSet;

use super::lints::{parameter_name_style, parameter_prefix_overlap, system_parameter_channel, timeout_out_of_range};
use super::parameters::Parameters;
use super::templates::Templates;
use super::{body, response, shape, signing, url};
use crate::diagnostic::{Diagnostic, Edit};
use crate::dialect::{Alone, Evaluable, Lowered, Lowering};
use crate::plan::{AuthValue, HeaderPlan, ListText, Output, Plan, RequestPlan};
use crate::source::{Mapped, Spanned};
use crate::spec::lints::missing_key;
use crate::spec::{Kind, Node, Reading, Table, hide_in_replies};

/// What a node waits when nothing is set, in milliseconds. Page "Webhook", Time out.
const DEFAULT_TIMEOUT: u64 = 10_000;

/// No node waits longer, whatever a spec says: a day.
const LONGEST_TIMEOUT_SECONDS: f64 = 86_400.0;

/// Findings that leave nothing to run.
const FATAL: [(&str, &str); 2] =
    [("wrong-type", "a value in `[action]` is of the wrong kind"), ("template-syntax", "a text cannot be read")];

pub fn lower(spec: &Table, lowering: &mut Lowering<'_, '_>) -> Lowered {
    if spec.entry("action").is_none() {
        lowering.reading.missing(lowering.file.after(), "action", "the spec");
        return Lowered { plan: None, not_runnable: Some("there is no `[action]`".into()) };
    }
    let Some(action) = lowering.reading.table(spec, "action") else {
        return Lowered { plan: None, not_runnable: Some("`action` is not a table".into()) };
    };
    lowering.reading.check_keys(action, &shape::ACTION);
    // What is wrong with them was found when they were declared.
    let parameters = Parameters::read(spec, &mut Reading { findings: Vec::new(), elsewhere: &[] });
    parameter_name_style::check(&parameters, &mut lowering.reading.findings);
    parameter_prefix_overlap::check(&parameters, &mut lowering.reading.findings);
    system_parameter_channel::check(&parameters, &mut lowering.reading.findings);
    let before = lowering.reading.findings.len();
    let plan = plan(action, &parameters, lowering);
    hide_secret_replies(spec, &plan, &parameters, lowering);
    let missing = ["url", "method"].into_iter().find(|key| action.get(key).is_none_or(is_blank));
    let not_runnable = match missing {
        Some(key) => Some(format!("there is no `{key}`")),
        None => fatal(&lowering.reading.findings[before..]),
    };
    Lowered { plan: Some(plan), not_runnable }
}

/// What a case records of a reply for a secret parameter is shown in no frame.
fn hide_secret_replies(spec: &Table, plan: &Plan, parameters: &Parameters, lowering: &Lowering<'_, '_>) {
    let is_secret =
        |output: &&Output| parameters.find(output.target.name.attribute()).is_some_and(|parameter| parameter.is_secret);
    let outputs = plan.outcome.mappings().into_iter().flatten().filter(is_secret);
    let paths: Vec<_> = outputs.filter_map(|output| output.selector.as_deref()).flat_map(|path| path.paths()).collect();
    if !paths.is_empty() {
        hide_in_replies(spec, &paths, &lowering.sources.file(lowering.file.file));
    }
}

fn fatal(findings: &[Diagnostic]) -> Option<String> {
    let of =
        |finding: &Diagnostic| FATAL.iter().find(|(name, _)| *name == finding.lint.name).map(|(_, why)| why.to_string());
    findings.iter().find_map(of)
}

fn plan(action: &Table, parameters: &Parameters, lowering: &mut Lowering<'_, '_>) -> Plan {
    let mut templates = Templates::new(parameters, lowering.assumptions);
    let request = request(action, &mut templates, lowering);
    let met = templates.met;
    Plan {
        name: label(action, lowering),
        description: None,
        request,
        authentication: signing::authentication(action, lowering),
        outcome: response::outcome(action, parameters, lowering),
        types: lowering.types.clone(),
        parameters: response::names(parameters, lowering),
        own_attributes: &[],
        assumptions: assumptions(&met, lowering),
        contexts: lowering.contexts.known.clone(),
        default_context: "",
        naming: lowering.contexts.naming,
        trusted_contexts: &[],
        absent_contexts: &[],
        secret_attributes: Vec::new(),
        list_text: ListText::Json,
        has_other_names: false,
    }
}

fn assumptions(met: &BTreeSet<&'static str>, lowering: &Lowering<'_, '_>) -> crate::assumption::Assumptions {
    let mut assumptions = lowering.assumptions.clone();
    met.iter().for_each(|name| assumptions.meet(name));
    assumptions
}

fn request(action: &Table, templates: &mut Templates<'_>, lowering: &mut Lowering<'_, '_>) -> RequestPlan {
    let method = method(action, lowering);
    let url = url::url(action, templates, lowering);
    let headers = headers(action, templates, lowering);
    let (body, content_type) = body::body(action, templates, lowering);
    RequestPlan {
        method,
        methods: shape::METHODS,
        url,
        headers,
        body,
        body_span: action.entry("body").map(|entry| entry.key.span),
        content_type,
        required: Vec::new(),
        timeout_milliseconds: Some(timeout(action, lowering)),
    }
}

fn label(action: &Table, lowering: &mut Lowering<'_, '_>) -> Spanned<String> {
    match lowering.reading.text(action, "label") {
        Some(label) => spanned(label),
        None => Spanned::new(String::new(), action.span),
    }
}

fn spanned(text: &Mapped) -> Spanned<String> {
    Spanned::new(text.text.to_string(), if text.text.is_empty() { text.whole() } else { text.inside() })
}

fn method(action: &Table, lowering: &mut Lowering<'_, '_>) -> Spanned<String> {
    let guess = if action.entry("body").is_some() { "POST" } else { "GET" };
    match action.get("method") {
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

fn headers(action: &Table, templates: &mut Templates<'_>, lowering: &mut Lowering<'_, '_>) -> Vec<HeaderPlan> {
    let Some(node) = action.get("headers") else { return Vec::new() };
    let mut headers = Vec::new();
    for (name, value) in lowering.reading.pairs(node) {
        match value.as_text() {
            Some(source) => {
                let value = templates.text(source, &mut lowering.reading.findings);
                headers.push(HeaderPlan { name, value });
            }
            None => lowering.reading.not_text(value),
        }
    }
    headers
}

/// Milliseconds. What the slider does not have is taken as it is written, and found.
fn timeout(action: &Table, lowering: &mut Lowering<'_, '_>) -> u64 {
    let Some(node) = action.get("timeout") else { return DEFAULT_TIMEOUT };
    let seconds = match node.kind {
        Kind::Integer(seconds) => seconds as f64,
        Kind::Float(seconds) if !seconds.is_nan() => seconds,
        _ => {
            lowering.reading.wrong_type(node, "a number of seconds, 10 to 25");
            return DEFAULT_TIMEOUT;
        }
    };
    lowering.reading.findings.extend(timeout_out_of_range::check(seconds, node.span));
    (seconds.clamp(0.0, LONGEST_TIMEOUT_SECONDS) * 1000.0).round() as u64
}

/// A text given on its own: what is given counts as declared.
pub fn template(source: &Mapped, alone: &Alone<'_>, findings: &mut Vec<Diagnostic>) -> Evaluable {
    let parameters = Parameters::of_given(alone.given);
    AuthValue::Text(Templates::new(&parameters, alone.assumptions).text(source, findings))
}
