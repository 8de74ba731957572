//! JSON with references in its strings: the body of a request, and that of a reply with `template = true`.

use super::{grammar, meaning};
use crate::dialect::json_body::JsonBody;
use crate::dialect::{Lowering, in_its_place};
use crate::plan::{BodyPlan, BodySyntax, JsonTemplate};
use crate::source::Mapped;
use crate::spec::json_text::{self, JsonNode};
use crate::spec::lints::{body_not_json, unquoted_reference_in_json};
use crate::spec::{Node, ReplySource, Table};

/// JSON as it is pasted from the platform.
pub fn of_text(source: &Mapped, lowering: &mut Lowering<'_, '_>) -> BodyPlan {
    if source.text.trim().is_empty() {
        return BodyPlan::None;
    }
    match json_text::parse(source, grammar::reference_length) {
        Err(problem) => {
            lowering.reading.findings.push(body_not_json::found(source, &problem));
            BodyPlan::Unusable { message: format!("the body is not JSON: {}", problem.message), root: None }
        }
        Ok(document) if !document.holes.is_empty() => {
            for hole in document.holes {
                lowering.reading.findings.push(unquoted_reference_in_json::found(source, hole));
            }
            // The other strings of the body are checked nevertheless.
            let root = Some(of_json(document.root, lowering));
            BodyPlan::Unusable { message: "the body is not JSON: a reference stands outside double quotes".into(), root }
        }
        Ok(document) => BodyPlan::Json { root: of_json(document.root, lowering), source: Some(source.clone()) },
    }
}

/// A value of TOML as JSON.
pub fn of_node(node: &Node, lowering: &mut Lowering<'_, '_>) -> BodyPlan {
    BodyPlan::Json { root: with_body(lowering, |body| body.node(node)), source: None }
}

/// The bodies of replies that use values of the request, in the words of a request's body.
pub fn reply_bodies(replies: &[&ReplySource], _: &Table, lowering: &mut Lowering<'_, '_>) -> Vec<BodyPlan> {
    replies.iter().map(|reply| reply_body(reply, lowering)).collect()
}

fn reply_body(reply: &ReplySource, lowering: &mut Lowering<'_, '_>) -> BodyPlan {
    match reply {
        ReplySource::None => BodyPlan::None,
        ReplySource::Tree(node) => of_node(node, lowering),
        ReplySource::Text { source, syntax: BodySyntax::Json } => of_text(source, lowering),
        ReplySource::Text { source, syntax } => {
            let text = meaning::text(source, lowering.contexts, &mut lowering.reading.findings);
            in_its_place(text, *syntax)
        }
    }
}

fn of_json(node: JsonNode, lowering: &mut Lowering<'_, '_>) -> JsonTemplate {
    with_body(lowering, |body| body.json(node))
}

fn with_body<R>(lowering: &mut Lowering<'_, '_>, read: impl FnOnce(&mut JsonBody<'_, '_>) -> R) -> R {
    let contexts = lowering.contexts;
    let text = &mut |source: &Mapped, findings: &mut Vec<_>| meaning::text(source, contexts, findings);
    read(&mut JsonBody { text, mark: '{', reading: lowering.reading })
}
