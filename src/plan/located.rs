//! Where the pieces of a text were written.

use super::{BodyPlan, BodyPosition, BodyText, Choice, Expression, Place, Plan, Text, TextPiece, UrlPlan, UrlPosition};
use crate::source::{Mapped, Span};

/// A piece of a text and its place.
#[derive(Clone, Copy, Debug)]
pub struct Located<'a> {
    pub piece: &'a TextPiece,
    pub span: Span,
    /// The text that the piece stands in, and where it starts there; `None` when that is not known.
    source: Option<(&'a Mapped, usize)>,
}

impl<'a> Located<'a> {
    pub fn literal(&self) -> Option<&'a str> {
        self.piece.literal()
    }

    /// Where a part of the literal was written; all of it, if that is not known.
    pub fn part(&self, range: std::ops::Range<usize>) -> Span {
        match self.source {
            Some((source, start)) => source.span(start + range.start..start + range.end),
            None => self.span,
        }
    }
}

impl Located<'_> {
    /// Where so many bytes before and behind the literal were written; `None` where that is not known.
    pub fn surroundings(&self, bytes: usize) -> Option<[Span; 2]> {
        let (literal, (source, start)) = (self.literal()?, self.source?);
        let (before, end) = (start.checked_sub(bytes)?, start + literal.len());
        let is_there = source.text.get(before..start).is_some() && source.text.get(end..end + bytes).is_some();
        is_there.then(|| [source.span(before..start), source.span(end..end + bytes)])
    }
}

impl Text {
    /// The pieces with their places, in order.
    pub fn located(&self) -> Vec<Located<'_>> {
        let mut locator = Locator::of(self);
        self.pieces.iter().map(|piece| locator.next(piece)).collect()
    }
}

impl UrlPlan {
    /// The pieces with their positions in the URL and their places, in order.
    pub fn located(&self) -> Vec<(UrlPosition, Located<'_>)> {
        with_positions(&self.parts)
    }
}

impl BodyText {
    /// The pieces with their positions in the body and their places, in order.
    pub fn located(&self) -> Vec<(BodyPosition, Located<'_>)> {
        with_positions(&self.parts)
    }

    /// The pieces of each part with their places.
    pub fn located_parts(&self) -> Vec<Vec<Located<'_>>> {
        located_parts(&self.parts)
    }
}

impl Plan {
    /// The pieces of each text with their places, in the order of [`Plan::texts`].
    pub fn located(&self) -> Vec<Vec<Located<'_>>> {
        let mut url = located_parts(&self.request.url.parts).into_iter();
        let mut body = match &self.request.body {
            BodyPlan::Text(body) => body.located_parts().into_iter(),
            BodyPlan::None | BodyPlan::Json { .. } | BodyPlan::Unusable { .. } => Vec::new().into_iter(),
        };
        let mut located = Vec::new();
        for (place, text) in self.texts() {
            let part = match place {
                Place::Url => url.next(),
                Place::Body | Place::BodyKey => body.next(),
                _ => None,
            };
            located.push(part.unwrap_or_else(|| text.located()));
        }
        located
    }
}

fn with_positions<P: Copy>(parts: &[(P, Text)]) -> Vec<(P, Located<'_>)> {
    let pieces = parts.iter().zip(located_parts(parts));
    pieces.flat_map(|((position, _), located)| located.into_iter().map(|piece| (*position, piece))).collect()
}

/// The pieces of the parts that a text was cut into. All are walked along as one: each part knows the whole text, and one that
/// looked for itself from the beginning would find the first that is like it.
fn located_parts<P>(parts: &[(P, Text)]) -> Vec<Vec<Located<'_>>> {
    let Some((_, first)) = parts.first() else { return Vec::new() };
    let mut locator = Locator::of(first);
    let mut located = Vec::with_capacity(parts.len());
    for (_, text) in parts {
        // What was written apart from the text, as the fields of a form are, is not looked for in it.
        let mut apart = text.source.is_none().then(|| Locator::of(text));
        let locator = apart.as_mut().unwrap_or(&mut locator);
        located.push(text.pieces.iter().map(|piece| locator.next(piece)).collect());
    }
    located
}

/// Walks along a text, piece by piece.
struct Locator<'a> {
    source: Option<&'a Mapped>,
    whole: Span,
    at: usize,
}

impl<'a> Locator<'a> {
    fn of(text: &'a Text) -> Locator<'a> {
        Locator { source: text.source.as_ref(), whole: text.span, at: 0 }
    }

    fn next(&mut self, piece: &'a TextPiece) -> Located<'a> {
        match piece {
            TextPiece::Value(Expression { span, .. }) | TextPiece::Choice(Choice { span, .. }) => {
                self.pass(*span);
                Located { piece, span: *span, source: None }
            }
            TextPiece::Literal(literal) => match self.find(literal) {
                Some((source, start)) => {
                    self.at = start + literal.len();
                    Located { piece, span: source.span(start..self.at), source: Some((source, start)) }
                }
                None => {
                    // Something was left out of the text: where the rest of it stands is not known, either.
                    self.source = None;
                    Located { piece, span: self.whole, source: None }
                }
            },
        }
    }

    fn find(&self, literal: &str) -> Option<(&'a Mapped, usize)> {
        let source = self.source?;
        Some((source, self.at + source.text.get(self.at..)?.find(literal)?))
    }

    /// Goes on behind an expression.
    fn pass(&mut self, span: Span) {
        let Some(source) = self.source else { return };
        let rest = source.text[self.at..].char_indices().map(|(offset, _)| self.at + offset);
        let behind = rest.into_iter().find(|at| source.span(*at..*at).start >= span.end);
        self.at = behind.unwrap_or(source.text.len());
    }
}
