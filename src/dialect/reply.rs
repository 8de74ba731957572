//! Replies that use values of the request: their bodies, and where values stand in them.

use super::{Dialect, Lowering};
use crate::plan::{BodyPlan, BodyPosition, BodySyntax, BodyText, Text, cut_body};
use crate::spec::{ReplySource, Table};

/// The body of each reply that is a template.
pub(super) fn templates(
    replies: &[Option<ReplySource>],
    spec: &Table,
    dialect: &Dialect,
    lowering: &mut Lowering<'_, '_>,
) -> Vec<Option<Box<BodyPlan>>> {
    let written: Vec<&ReplySource> = replies.iter().flatten().collect();
    let mut bodies = match written.is_empty() {
        true => Vec::new(),
        false => (dialect.reply_bodies)(&written, spec, lowering),
    }
    .into_iter();
    replies.iter().map(|reply| reply.as_ref().and_then(|_| bodies.next()).map(Box::new)).collect()
}

/// A text in which a value is encoded for its place. In HTML that is what holds between tags and in quotes alike, whatever
/// the platform does in its own requests.
pub(super) fn in_its_place(text: Text, syntax: BodySyntax) -> BodyPlan {
    if text.pieces.is_empty() {
        return BodyPlan::None;
    }
    BodyPlan::Text(match syntax {
        BodySyntax::Html => BodyText { source: text.source.clone(), parts: vec![(BodyPosition::XmlText, text)], syntax },
        _ => cut_body(text, syntax),
    })
}
