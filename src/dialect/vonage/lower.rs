//! From the tables of a webhook node to a plan.

use std::collections::BTreeSet;

use super::lints::{parameter_name_style, parameter_prefix_overlap, system_parameter_channel, timeout_out_of_range};
use super::parameters::Parameters;
use super::templates::Templates;
use super::{body, response, shape, signing, url};
use crate::diagnostic::Diagnostic;
use crate::dialect::lowering::{Fatal, WRONG_TYPE, not_runnable};
use crate::dialect::{Alone, Evaluable, Lowered, Lowering};
use crate::plan::{AuthValue, HeaderPlan, Output, Plan, RequestPlan};
use crate::source::{Mapped, Spanned};
use crate::spec::{Kind, Reading, Table, hide_in_replies};

/// What a node waits when nothing is set, in milliseconds. Page "Webhook", Time out.
const DEFAULT_TIMEOUT: u64 = 10_000;

/// No node waits longer, whatever a spec says: a day.
const LONGEST_TIMEOUT_SECONDS: f64 = 86_400.0;

/// Findings that leave nothing to run.
const FATAL: [Fatal; 2] = [WRONG_TYPE, ("template-syntax", "a text cannot be read")];

pub fn lower(spec: &Table, lowering: &mut Lowering<'_, '_>) -> Lowered {
    let action = match lowering.action(spec) {
        Ok(action) => action,
        Err(why) => return Lowered::nothing(why),
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
    let not_runnable = not_runnable(action, &lowering.reading.findings[before..], &FATAL);
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

fn plan(action: &Table, parameters: &Parameters, lowering: &mut Lowering<'_, '_>) -> Plan {
    let mut templates = Templates::new(parameters, lowering.assumptions);
    let request = request(action, &mut templates, lowering);
    let met = templates.met;
    let name = label(action, lowering);
    let authentication = signing::authentication(action, lowering);
    let outcome = response::outcome(action, parameters, lowering);
    Plan {
        authentication,
        parameters: response::names(parameters, lowering),
        assumptions: assumptions(&met, lowering),
        default_context: "",
        ..lowering.plan(name, request, outcome)
    }
}

fn assumptions(met: &BTreeSet<&'static str>, lowering: &Lowering<'_, '_>) -> crate::assumption::Assumptions {
    let mut assumptions = lowering.assumptions.clone();
    met.iter().for_each(|name| assumptions.meet(name));
    assumptions
}

fn request(action: &Table, templates: &mut Templates<'_>, lowering: &mut Lowering<'_, '_>) -> RequestPlan {
    let method = lowering.method(action);
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
        Some(label) => label.spanned(),
        None => Spanned::new(String::new(), action.span),
    }
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
