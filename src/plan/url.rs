//! The URL, cut where another encoding begins.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC};

use super::{Text, TextPiece, UrlPlan, UrlPosition};

/// RFC 3986 section 2.3: all but these is encoded in a value.
pub const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
impl UrlPlan {
    /// Scheme and host as they are written, where no value stands in them.
    pub fn written_authority(&self) -> Option<String> {
        let is_before_path = |position: UrlPosition| matches!(position, UrlPosition::Prefix | UrlPosition::Host);
        let texts = self.parts.iter().filter(|(position, _)| is_before_path(*position));
        texts.map(|(_, text)| text.literal()).collect()
    }
}

/// Cuts a text at the places that end the scheme, the host, the path and the query. Only literal text can end one: a value
/// never leaves its place.
pub fn cut_url(text: Text) -> UrlPlan {
    let source = text.source.clone();
    let mut cutter = Cutter { position: UrlPosition::Prefix, parts: Vec::new(), span: text.span, source };
    let starts_with_reference = text.pieces.first().is_some_and(|piece| piece.literal().is_none());
    for (index, piece) in text.pieces.into_iter().enumerate() {
        match piece {
            TextPiece::Value(_) | TextPiece::Choice(_) if index == 0 => cutter.push(piece),
            TextPiece::Value(_) | TextPiece::Choice(_) => {
                if cutter.position == UrlPosition::Prefix {
                    // `{scheme}{host}/x`: only the first reference can hold a scheme.
                    cutter.position = UrlPosition::Host;
                }
                cutter.push(piece);
            }
            TextPiece::Literal(literal) => cutter.literal(&literal, starts_with_reference && index == 1),
        }
    }
    UrlPlan { parts: cutter.parts, span: cutter.span }
}

struct Cutter {
    position: UrlPosition,
    parts: Vec<(UrlPosition, Text)>,
    span: crate::source::Span,
    source: Option<crate::source::Mapped>,
}

impl Cutter {
    fn push(&mut self, piece: TextPiece) {
        if piece.literal() == Some("") {
            return;
        }
        match self.parts.last_mut() {
            Some((position, text)) if *position == self.position => text.pieces.push(piece),
            _ => {
                let text = Text { pieces: vec![piece], span: self.span, source: self.source.clone() };
                self.parts.push((self.position, text));
            }
        }
    }

    /// `after_prefix`: directly behind a reference that the URL begins with.
    fn literal(&mut self, literal: &str, after_prefix: bool) {
        let mut rest = literal;
        if self.position == UrlPosition::Prefix {
            if let Some(end) = rest.find("://") {
                self.push(TextPiece::Literal(rest[..end + 3].to_string()));
                rest = &rest[end + 3..];
                self.position = UrlPosition::Host;
            } else if !after_prefix {
                self.push(TextPiece::Literal(rest.to_string()));
                return;
            } else {
                self.position = UrlPosition::Host;
            }
        }
        while let Some((end, next)) = self.end_of_position(rest) {
            // The character that ends a place belongs to the next one.
            self.push(TextPiece::Literal(rest[..end].to_string()));
            self.position = next;
            let separator = rest[end..].chars().next().map_or(0, char::len_utf8);
            self.push(TextPiece::Literal(rest[end..end + separator].to_string()));
            rest = &rest[end + separator..];
        }
        self.push(TextPiece::Literal(rest.to_string()));
    }

    fn end_of_position(&self, rest: &str) -> Option<(usize, UrlPosition)> {
        let ends: &[char] = match self.position {
            UrlPosition::Prefix | UrlPosition::Host => &['/', '?', '#'],
            UrlPosition::Path => &['?', '#'],
            UrlPosition::Query => &['#'],
            UrlPosition::Fragment => return None,
        };
        let end = rest.find(ends)?;
        let next = match &rest[end..=end] {
            "/" => UrlPosition::Path,
            "?" => UrlPosition::Query,
            _ => UrlPosition::Fragment,
        };
        Some((end, next))
    }
}
