//! The body: five types, each with its own encoding of values. Page "Webhook", Body.

use std::collections::HashMap;
use std::ops::Range;

use percent_encoding::utf8_percent_encode;

use super::grammar::{Part, parts};
use super::lints::body_type_mismatch;
use super::shape::{self, BODY_TYPE_NAMES, BODY_TYPES, BodyType};
use super::templates::Templates;
use crate::assumption::id;
use crate::diagnostic::Diagnostic;
use crate::dialect::Lowering;
use crate::plan::{BodyPlan, BodyPosition, BodySyntax, BodyText, COMPONENT, Text, TextPiece, ValueSource, cut_body};
use crate::source::Mapped;
use crate::spec::lints::unquoted_reference_in_json;
use crate::spec::{Node, Table};

/// The body, and the Content-Type of its type.
pub fn body(action: &Table, templates: &mut Templates<'_>, lowering: &mut Lowering<'_, '_>) -> (BodyPlan, &'static str) {
    let json = &BODY_TYPES[0];
    let Some(table) = action.get("body").and_then(|_| lowering.reading.table(action, "body")) else {
        return (BodyPlan::None, json.content_type);
    };
    lowering.reading.check_keys(table, &shape::BODY);
    let kind = body_type(table, lowering).unwrap_or(json);
    let plan = match (table.get("content"), table.get("fields")) {
        (Some(_), Some(fields)) => {
            let message = "the body has `content` already, so these fields are not sent";
            lowering.reading.findings.push(body_type_mismatch::fields(fields.span, message));
            content(table, kind, templates, lowering)
        }
        (None, Some(fields)) if kind.syntax == BodySyntax::Form => form(fields, templates, lowering),
        (None, Some(fields)) => {
            let message = "only a form has fields, so these are not sent";
            lowering.reading.findings.push(body_type_mismatch::fields(fields.span, message));
            BodyPlan::None
        }
        (Some(_), None) => content(table, kind, templates, lowering),
        (None, None) => BodyPlan::None,
    };
    (plan, kind.content_type)
}

fn body_type(table: &Table, lowering: &mut Lowering<'_, '_>) -> Option<&'static BodyType> {
    if table.entry("type").is_none() {
        lowering.reading.missing(table.span, "type", shape::BODY.title);
    }
    let name = lowering.reading.word(table, "type")?;
    let found = BODY_TYPES.iter().find(|known| known.name == &*name.text);
    if found.is_none() {
        let expected = format!("a body type: `{}`", BODY_TYPE_NAMES.join("`, `"));
        lowering.reading.wrong_word(name, &expected, BODY_TYPE_NAMES);
    }
    found
}

fn content(table: &Table, kind: &BodyType, templates: &mut Templates<'_>, lowering: &mut Lowering<'_, '_>) -> BodyPlan {
    let Some(source) = lowering.reading.text(table, "content") else { return BodyPlan::None };
    if source.text.trim().is_empty() {
        return BodyPlan::None;
    }
    let text = templates.text(source, &mut lowering.reading.findings);
    let body = cut_body(text, kind.syntax);
    unquoted(&body, source, templates, lowering);
    BodyPlan::Text(body)
}

/// Only a number may stand outside of quotes.
fn unquoted(body: &BodyText, source: &Mapped, templates: &Templates<'_>, lowering: &mut Lowering<'_, '_>) {
    let mut places: HashMap<usize, Range<usize>> = HashMap::new();
    for expression in body.expressions_at(BodyPosition::JsonValue) {
        let ValueSource::Attribute(name) = &expression.source else { continue };
        if templates.is_number(name.attribute()) {
            continue;
        }
        if places.is_empty() {
            places = references(source);
        }
        let Some(range) = places.get(&expression.span.start).cloned() else { continue };
        let found = unquoted_reference_in_json::found(source, range);
        let help = "only a parameter of the entity `sys.number` may stand outside of quotes";
        lowering.reading.findings.push(Diagnostic { message: UNQUOTED.into(), ..found.help(help) });
    }
}

const UNQUOTED: &str = "a parameter that may be text needs double quotes around it in JSON";

/// Where each `$NAME` was written, and where it stands in the text.
fn references(source: &Mapped) -> HashMap<usize, Range<usize>> {
    let words = parts(&source.text).into_iter().filter_map(|part| match part {
        Part::Word(range) => Some(range.start - 1..range.end),
        Part::Literal(_) => None,
    });
    words.map(|range| (source.span(range.clone()).start, range)).collect()
}

/// Names and values, joined as HTML forms are (WHATWG URL, section 5).
fn form(node: &Node, templates: &mut Templates<'_>, lowering: &mut Lowering<'_, '_>) -> BodyPlan {
    let mut parts: Vec<(BodyPosition, Text)> = Vec::new();
    for (name, node) in lowering.reading.pairs(node) {
        let Some(source) = node.as_text() else {
            lowering.reading.not_text(node);
            continue;
        };
        let separator = if parts.is_empty() { "" } else { "&" };
        let name = literal(&name.value, templates, lowering);
        let mut pieces = vec![TextPiece::Literal(format!("{separator}{name}="))];
        pieces.extend(field(source, templates, lowering));
        parts.push((BodyPosition::Form, Text { pieces, span: source.inside(), source: None }));
    }
    match parts.is_empty() {
        true => BodyPlan::None,
        false => BodyPlan::Text(BodyText { parts, syntax: BodySyntax::Form, source: None }),
    }
}

fn field(source: &Mapped, templates: &mut Templates<'_>, lowering: &mut Lowering<'_, '_>) -> Vec<TextPiece> {
    let pieces = templates.text(source, &mut lowering.reading.findings).pieces;
    let encoded = |piece: TextPiece| match piece {
        TextPiece::Literal(text) => TextPiece::Literal(literal(&text, templates, lowering)),
        TextPiece::Choice(choice) => {
            let typed = literal(&choice.typed, templates, lowering);
            TextPiece::Choice(crate::plan::Choice { typed, ..choice })
        }
        value => value,
    };
    pieces.into_iter().map(encoded).collect()
}

fn literal(text: &str, templates: &mut Templates<'_>, lowering: &Lowering<'_, '_>) -> String {
    let encoded = utf8_percent_encode(text, COMPONENT).to_string();
    if !text.contains(' ') {
        return encoded;
    }
    templates.met.insert(id::FORM_SPACE);
    match lowering.assumptions.get(id::FORM_SPACE) {
        "+" => encoded.replace("%20", "+"),
        _ => encoded,
    }
}
