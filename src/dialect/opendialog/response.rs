//! `[action.response.…]`: groups, `action_success`, outputs, the raw reply. Page "Webhook action", Response configuration.

use std::sync::Arc;

use super::shape;
use crate::dialect::Lowering;
use crate::dialect::opendialog_shared::default_outputs;
use crate::plan::{AttributeName, Group, OutcomePlan, OutcomeRule, Output, SuccessRule, Target, succeeds_by_default};
use crate::selector::{Selector, compile_jmespath};
use crate::source::{Mapped, Span};
use crate::spec::lints::{selector_syntax, wrong_type};
use crate::spec::{Kind, Table};

pub fn outcome(action: &Table, name: &str, lowering: &mut Lowering<'_, '_>) -> OutcomePlan {
    let mut groups = Vec::new();
    if let Some(response) = lowering.reading.table(action, "response") {
        lowering.reading.check_keys(response, &shape::RESPONSE);
        for (index, class) in shape::RESPONSE.names().into_iter().enumerate() {
            if let (Some(entry), Some(table)) = (response.entry(class), lowering.reading.table(response, class)) {
                groups.push(group(table, index as u8 + 1, entry.key.span, lowering));
            }
        }
    }
    default_outputs::outcome(OutcomeRule::Groups(groups), name, lowering)
}

fn group(table: &Table, class: u8, span: Span, lowering: &mut Lowering<'_, '_>) -> Group {
    lowering.reading.check_keys(table, &shape::GROUP);
    let success = match success_text(table, lowering) {
        None => SuccessRule::Constant(succeeds_by_default(class)),
        Some(text) => match &*text.text {
            "TRUE" => SuccessRule::Constant(true),
            "FALSE" => SuccessRule::Constant(false),
            // Blank is no expression either; the lint on `action_success` says so better than a syntax error.
            blank if blank.trim().is_empty() => SuccessRule::Expression { selector: None, source: text.clone() },
            _ => SuccessRule::Expression { selector: selector(text, lowering), source: text.clone() },
        },
    };
    let raw = lowering
        .reading
        .word(table, "raw")
        .map(|name| target(lowering.contexts.full_name(&name.text), name.inside(), lowering));
    let success_span = table.get("action_success").map(|node| node.span);
    Group { class, success, success_span, raw, outputs: outputs(table, lowering), span }
}

/// `TRUE` and `FALSE` are texts on the platform, so a boolean can mean one thing only.
fn success_text<'t>(table: &'t Table, lowering: &mut Lowering<'_, '_>) -> Option<&'t Mapped> {
    let node = table.get("action_success")?;
    let word = match node.kind {
        Kind::Boolean(true) => "\"TRUE\"",
        Kind::Boolean(false) => "\"FALSE\"",
        _ => return lowering.reading.word(table, "action_success"),
    };
    let fix = wrong_type::as_written(node, word, true);
    lowering.reading.mendable(node, "\"TRUE\", \"FALSE\" or an expression as text", Some(fix));
    None
}

fn outputs(table: &Table, lowering: &mut Lowering<'_, '_>) -> Vec<Output> {
    let Some(outputs) = lowering.reading.table(table, "outputs") else { return Vec::new() };
    let mut found = Vec::new();
    for (name, key, node) in lowering.contexts.flatten(outputs) {
        lowering.reading.findings.extend(lowering.contexts.unknown_head(outputs, &name, &key));
        match node.as_text() {
            Some(source) => {
                let target = target(name, key.span, lowering);
                found.push(Output { target, selector: selector(source, lowering), source: source.clone() });
            }
            None => {
                let known = &lowering.contexts.known;
                lowering.reading.no_value((&key, node), outputs, "a JMESPath expression as text", known);
            }
        }
    }
    found
}

fn target(name: AttributeName, span: Span, lowering: &Lowering<'_, '_>) -> Target {
    let declared = lowering.types.get(&name).map(|known| known.declared);
    Target { name, declared, span }
}

fn selector(source: &Mapped, lowering: &mut Lowering<'_, '_>) -> Option<Arc<dyn Selector>> {
    match compile_jmespath(&source.text) {
        Ok(selector) => Some(selector),
        Err(error) => {
            let span = source.span(error.start..error.end);
            let advice = selector_syntax::advice(&source.text, error.start..error.end);
            lowering.reading.findings.push(selector_syntax::found(span, error.message, advice));
            None
        }
    }
}
