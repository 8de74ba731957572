//! The body: text as the platform stores it, which may be no JSON until its values are in, or a table. And the body of a
//! reply that uses values of the request.

use super::written::Written;
use super::{declared, names};
use crate::dialect::json_body::JsonBody;
use crate::dialect::{Lowering, in_its_place};
use crate::plan::{AttributeName, BodyPlan, BodySyntax, NameTable, Text, TextPiece, cut_body};
use crate::source::Mapped;
use crate::spec::json_text;
use crate::spec::lints::body_not_json;
use crate::spec::{Kind, ReplySource, Table};

pub fn body(written: &Written, known: &NameTable, lowering: &mut Lowering<'_, '_>) -> BodyPlan {
    let Some(node) = written.table.get("body") else { return BodyPlan::None };
    match (&node.kind, written.in_json(node.span)) {
        (Kind::Text(source), _) => of_text(source, known, lowering),
        (Kind::Table(_) | Kind::Array(_), Some(json)) => of_json(&json, known, lowering),
        (Kind::Table(_) | Kind::Array(_), None) => {
            let text = &mut |source: &Mapped, _: &mut Vec<_>| names::text(source, known);
            let root = JsonBody { text, mark: super::SUBSTITUTION.mark, reading: lowering.reading }.node(node);
            BodyPlan::Json { root, source: None }
        }
        _ => {
            lowering.reading.wrong_type(node, "text, a table or a list");
            BodyPlan::Unusable { message: "the body is neither text nor a table".into(), root: None }
        }
    }
}

fn of_text(source: &Mapped, known: &NameTable, lowering: &mut Lowering<'_, '_>) -> BodyPlan {
    if source.text.trim().is_empty() {
        return BodyPlan::None;
    }
    if let Err(problem) = json_text::parse(source, names::bare_length) {
        lowering.reading.findings.push(body_not_json::found(source, &problem));
    }
    BodyPlan::Text(cut_body(names::text(source, known), BodySyntax::Json))
}

/// An object of the platform's JSON. One with a variable outside of quotes is text: no reader of JSON takes it.
fn of_json(source: &Mapped, known: &NameTable, lowering: &mut Lowering<'_, '_>) -> BodyPlan {
    match json_text::parse(source, names::bare_length) {
        Ok(document) if document.holes.is_empty() => {
            let text = &mut |source: &Mapped, _: &mut Vec<_>| names::text(source, known);
            let mut body = JsonBody { text, mark: super::SUBSTITUTION.mark, reading: lowering.reading };
            BodyPlan::Json { root: body.json(document.root), source: Some(source.clone()) }
        }
        _ => of_text(source, known, lowering),
    }
}

/// The bodies of replies that use values of the request. In a table a variable that is all of a string keeps its type: no
/// quotes can be left out there.
pub fn reply_bodies(replies: &[&ReplySource], spec: &Table, lowering: &mut Lowering<'_, '_>) -> Vec<BodyPlan> {
    let arguments: Vec<AttributeName> =
        declared::parameters(spec).iter().map(|parameter| names::argument(&parameter.name.value)).collect();
    let known = names::known(lowering.types, &arguments, lowering.cases);
    let read = |reply: &&ReplySource| match reply {
        ReplySource::None => BodyPlan::None,
        ReplySource::Tree(node) => {
            let text = &mut |source: &Mapped, _: &mut Vec<_>| typed(names::text(source, &known));
            let root = JsonBody { text, mark: super::SUBSTITUTION.mark, reading: lowering.reading }.node(node);
            BodyPlan::Json { root, source: None }
        }
        ReplySource::Text { source, syntax } => in_its_place(names::text(source, &known), *syntax),
    };
    replies.iter().map(read).collect()
}

/// The value, where one known variable is all of a text.
fn typed(mut text: Text) -> Text {
    let [TextPiece::Choice(choice)] = text.pieces.as_slice() else { return text };
    let mut whole = choice.readings.iter().filter(|reading| reading.rest.is_empty());
    if let (Some(only), None) = (whole.next(), whole.next()) {
        text.pieces = vec![TextPiece::Value(only.value.clone())];
    }
    text
}
