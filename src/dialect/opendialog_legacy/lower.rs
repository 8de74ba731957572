//! From the tables of a legacy spec to a plan: always a POST of `{"input_data":{"attributes":{…}}}`.

use super::attributes::{self, Attribute};
use super::lints::{legacy_action, literal_reference};
use super::shape;
use crate::assumption::id;
use crate::diagnostic::Diagnostic;
use crate::dialect::lowering::{WRONG_TYPE, why_fatal};
use crate::dialect::opendialog_shared::lints::unknown_context;
use crate::dialect::opendialog_shared::{
    ABSENT_CONTEXTS, OWN_ATTRIBUTES, TRUSTED_CONTEXTS, action_name, default_outputs, url,
};
use crate::dialect::{Alone, Evaluable, Lowered, Lowering, literal_text};
use crate::plan::{
    AuthValue, BodyPlan, HeaderPlan, JsonKey, JsonTemplate, OutcomeRule, Plan, Reported, RequestPlan, SecretPlace, Target,
    Text, TextPiece, UrlPlan, cut_url,
};
use crate::source::{Mapped, Span, Spanned};
use crate::spec::Table;
use crate::template::{Segment, Template};

pub fn lower(spec: &Table, lowering: &mut Lowering<'_, '_>) -> Lowered {
    if let Some(dialect) = spec.get("dialect") {
        lowering.reading.findings.push(legacy_action::found(dialect.span));
    }
    let action = match lowering.action(spec) {
        Ok(action) => action,
        Err(why) => return Lowered::nothing(why),
    };
    lowering.reading.check_keys(action, &shape::ACTION);
    let before = lowering.reading.findings.len();
    let plan = plan(action, lowering);
    let has_url = plan.request.url.parts.iter().any(|(_, text)| !text.pieces.is_empty());
    let broken = why_fatal(&lowering.reading.findings[before..], &[WRONG_TYPE]);
    let not_runnable = broken.or_else(|| (!has_url).then(|| "there is no `url`".to_string()));
    Lowered { plan: Some(plan), not_runnable }
}

fn plan(action: &Table, lowering: &mut Lowering<'_, '_>) -> Plan {
    let name = action_name::read(action, lowering);
    let inputs = attributes::listed(action, "inputs", lowering);
    let request = request(action, &inputs, lowering);
    let reported = reported(action, lowering);
    let mut assumptions = lowering.assumptions.clone();
    if inputs.is_empty() {
        assumptions.meet(id::NO_INPUTS);
    }
    let outcome = default_outputs::outcome(OutcomeRule::Reported(reported), &name.value, lowering);
    Plan {
        own_attributes: OWN_ATTRIBUTES,
        assumptions,
        trusted_contexts: TRUSTED_CONTEXTS,
        absent_contexts: ABSENT_CONTEXTS,
        secret_place: SecretPlace::Nowhere,
        ..lowering.plan(name, request, outcome)
    }
}

fn request(action: &Table, inputs: &[Attribute], lowering: &mut Lowering<'_, '_>) -> RequestPlan {
    RequestPlan {
        method: Spanned::new(shape::METHODS[0].to_string(), action.span),
        methods: shape::METHODS,
        url: url_plan(action, lowering),
        headers: headers(action, lowering),
        body: BodyPlan::Json { root: body(inputs, action.span, lowering), source: None },
        body_span: action.entry("inputs").map(|entry| entry.key.span),
        content_type: "application/json",
        required: inputs.iter().filter_map(|input| input.required(lowering)).collect(),
        timeout_milliseconds: None,
    }
}

fn url_plan(action: &Table, lowering: &mut Lowering<'_, '_>) -> UrlPlan {
    if action.entry("url").is_none() {
        lowering.missing(action, "action", "url", "\"https://\"", shape::ACTION.title);
    }
    let Some(source) = lowering.reading.word(action, "url") else {
        return UrlPlan { parts: Vec::new(), span: action.span };
    };
    url::check(&as_template(source), &mut lowering.reading.findings);
    lowering.reading.findings.extend(literal_reference::found(source, "URL"));
    match source.text.trim().is_empty() {
        true => UrlPlan { parts: Vec::new(), span: source.whole() },
        false => cut_url(literal(source)),
    }
}

fn headers(action: &Table, lowering: &mut Lowering<'_, '_>) -> Vec<HeaderPlan> {
    let Some(node) = action.get("headers") else { return Vec::new() };
    let mut headers = Vec::new();
    for (name, value) in lowering.reading.pairs(node) {
        match value.as_text() {
            Some(source) => {
                lowering.reading.findings.extend(literal_reference::found(source, "headers"));
                headers.push(HeaderPlan { name, value: literal(source) });
            }
            None => lowering.reading.not_text(value),
        }
    }
    headers
}

/// `{"input_data":{"attributes":{…}}}`. An attribute without its context is a key.
fn body(inputs: &[Attribute], span: Span, lowering: &Lowering<'_, '_>) -> JsonTemplate {
    let key = |name: &str| JsonKey { text: literal_text(name, span), literal: name.to_string(), written: 0..0 };
    let object = |name: &str, value: JsonTemplate| JsonTemplate::Object(vec![(key(name), value)]);
    let entry = |input: &Attribute| (key(&input.name), JsonTemplate::Text { text: input.reference(), written: 0..0 });
    let attributes = match inputs {
        [] if lowering.assumptions.get(id::NO_INPUTS) == "list" => JsonTemplate::Array(Vec::new()),
        _ => JsonTemplate::Object(inputs.iter().map(entry).collect()),
    };
    object("input_data", object("attributes", attributes))
}

fn reported(action: &Table, lowering: &mut Lowering<'_, '_>) -> Reported {
    let outputs = attributes::listed(action, "outputs", lowering);
    let is_active = lowering.reading.boolean(action, "active").is_none_or(|active| active.value);
    Reported { outputs: outputs.iter().map(|output| target(output, lowering)).collect(), is_active }
}

fn target(output: &Attribute, lowering: &mut Lowering<'_, '_>) -> Target {
    if let Some((context, span)) = output.unknown_context() {
        lowering.reading.findings.push(unknown_context::in_output(context, span, lowering.contexts));
    }
    let name = output.target(lowering.contexts);
    Target { declared: lowering.types.get(&name).map(|known| known.declared), name, span: output.span }
}

/// What was written, braces included: references came with the next webhook action (release notes of October 2025).
fn literal(source: &Mapped) -> Text {
    let text = source.text.to_string();
    let pieces = if text.is_empty() { Vec::new() } else { vec![TextPiece::Literal(text)] };
    Text { pieces, span: source.inside(), source: Some(source.clone()) }
}

fn as_template(source: &Mapped) -> Template {
    let literal = Segment::Literal { text: source.text.to_string(), span: source.inside() };
    Template { segments: vec![literal], source: source.clone() }
}

/// No field of a legacy action is a template.
pub fn template(source: &Mapped, _: &Alone<'_>, _: &mut Vec<Diagnostic>) -> Evaluable {
    AuthValue::Text(literal(source))
}
