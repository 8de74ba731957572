//! Credentials in a body that is text first: what stands before a value there says what it is.

use super::{Search, by_shape, named, parameters};
use crate::plan::{BodyPosition, BodySyntax, BodyText, Located, Text};
use crate::source::Span;

impl Search {
    /// Looks through a body by its syntax. A text whose parts have values in them is only looked at for shapes.
    pub(super) fn text_body(&mut self, body: &BodyText) {
        if body.syntax == BodySyntax::Xml {
            return self.elements(body);
        }
        let mut key = String::new();
        for ((position, text), pieces) in body.parts.iter().zip(body.located_parts()) {
            match position {
                BodyPosition::JsonKey => key = text.literal().unwrap_or_default(),
                BodyPosition::JsonString => self.under(&key, &pieces),
                BodyPosition::Form => self.form(text, &pieces),
                BodyPosition::JsonValue => {
                    if text.pieces.iter().any(|piece| piece.literal().is_some_and(|literal| literal.contains('}'))) {
                        key.clear();
                    }
                    self.under("", &pieces);
                }
                _ => self.under("", &pieces),
            }
        }
    }

    /// The pieces of a text under a name, perhaps none.
    fn under(&mut self, name: &str, pieces: &[Located<'_>]) {
        for piece in pieces {
            let looks = |literal: &str| if pieces.len() == 1 { named(name, literal) } else { by_shape(literal) };
            if let Some((range, what)) = piece.literal().and_then(looks) {
                self.push(piece.part(range), what, place(name));
            }
        }
    }

    fn form(&mut self, text: &Text, pieces: &[Located<'_>]) {
        // A field of its own: its name with `=`, then its value.
        if text.source.is_none()
            && let Some((first, value)) = pieces.split_first()
            && let Some(name) = first.literal().and_then(|literal| literal.strip_suffix('='))
        {
            return self.under(name.trim_start_matches('&'), value);
        }
        for (index, piece) in pieces.iter().enumerate() {
            let Some(literal) = piece.literal() else { continue };
            let is_value =
                |at: Option<usize>| at.and_then(|at| pieces.get(at)).is_some_and(|piece| piece.literal().is_none());
            let open = (is_value(index.checked_sub(1)), is_value(Some(index + 1)));
            for ((range, what), name) in parameters(literal, open) {
                self.push(piece.part(range), what, place(name));
            }
        }
    }

    /// The texts of elements that have no value in them; what stands elsewhere goes by its shape.
    fn elements(&mut self, body: &BodyText) {
        let located: Vec<Located<'_>> = body.located().into_iter().map(|(_, piece)| piece).collect();
        let values: Vec<Span> = located.iter().filter(|piece| piece.literal().is_none()).map(|piece| piece.span).collect();
        if let Some(source) = &body.source {
            for (name, start, text) in elements(&source.text) {
                let Some((range, what)) = named(name, text) else { continue };
                let span = source.span(start + range.start..start + range.end);
                if !values.iter().any(|value| value.start < span.end && span.start < value.end) {
                    self.push(span, what, place(name));
                }
            }
        }
        for piece in located {
            let shaped = piece.literal().and_then(by_shape).map(|(range, what)| (piece.part(range), what));
            if let Some((span, what)) = shaped.filter(|(span, _)| self.found.iter().all(|found| found.span != *span)) {
                self.push(span, what, place(""));
            }
        }
    }
}

fn place(name: &str) -> String {
    if name.is_empty() { "the body".to_string() } else { format!("`{name}` of the body") }
}

/// The elements that hold text alone: the name without prefix, where the text starts, and the text.
fn elements(xml: &str) -> impl Iterator<Item = (&str, usize, &str)> {
    xml.match_indices('<').filter_map(|(at, _)| {
        let end = at + xml[at..].find('>')?;
        let tag = &xml[at + 1..end];
        let name = tag.split(|character: char| character.is_whitespace()).next()?;
        if name.is_empty() || name.starts_with(['/', '!', '?']) || tag.ends_with('/') {
            return None;
        }
        let text = &xml[end + 1..];
        let text = &text[..text.find('<')?];
        let is_closed = xml[end + 1 + text.len()..].starts_with("</");
        let trimmed = text.trim_start();
        let start = end + 1 + text.len() - trimmed.len();
        is_closed.then(|| (name.rsplit(':').next().unwrap_or(name), start, trimmed.trim_end()))
    })
}
