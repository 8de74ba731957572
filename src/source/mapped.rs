//! A decoded text that knows where in the file each of its bytes was written.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use super::{FileId, Span, Spanned};

/// A run of decoded bytes and the bytes they were written as. Equal lengths mean "as they stand"; unequal ones an escape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    pub decoded: usize,
    pub decoded_length: usize,
    pub source: usize,
    pub source_length: usize,
}

/// What stands beside a place in a decoded text; `None` where that is not known, as at the text's ends.
#[derive(Clone, Copy, Debug, Default)]
pub struct Neighbours {
    pub before: Option<char>,
    pub after: Option<char>,
}

/// How a piece of text is written in the text around it, with escapes or as it is; `None` where it cannot be.
pub type Notation = fn(&str, Neighbours) -> Option<String>;

fn as_it_is(text: &str, _: Neighbours) -> Option<String> {
    Some(text.to_string())
}

/// One decoding: where each byte was written, and how new text would be.
#[derive(Clone, Debug)]
struct Layer {
    offsets: Offsets,
    notation: Notation,
    /// How the text was decoded that this one was decoded from; `None` when that is the file itself.
    parent: Option<Arc<Layer>>,
}

#[derive(Clone, Debug)]
enum Offsets {
    /// The decoded text stands in the file as it is, from this offset.
    Verbatim(usize),
    Pieces(Vec<Piece>),
}

impl Layer {
    fn new(offsets: Offsets, parent: Option<Arc<Layer>>) -> Arc<Layer> {
        Arc::new(Layer { offsets, notation: as_it_is, parent })
    }

    fn start(&self, offset: usize) -> usize {
        let source = match &self.offsets {
            Offsets::Verbatim(base) => base + offset,
            Offsets::Pieces(pieces) => match piece_at(pieces, offset) {
                Some(piece) if offset >= piece.decoded + piece.decoded_length => piece.source + piece.source_length,
                Some(piece) if piece.decoded_length == piece.source_length => piece.source + offset - piece.decoded,
                Some(piece) => piece.source,
                None => 0,
            },
        };
        self.parent.as_ref().map_or(source, |parent| parent.start(source))
    }

    fn end(&self, offset: usize) -> usize {
        let source = match &self.offsets {
            Offsets::Verbatim(base) => base + offset,
            Offsets::Pieces(pieces) => match piece_at(pieces, offset.saturating_sub(1)) {
                None => return self.start(offset),
                Some(piece) if piece.decoded_length == piece.source_length => piece.source + offset - piece.decoded,
                Some(piece) => piece.source + piece.source_length,
            },
        };
        self.parent.as_ref().map_or(source, |parent| parent.end(source))
    }

    /// Whether something that decoding drops stands right before a byte, such as a line break after a backslash.
    fn drops_before(&self, offset: usize) -> bool {
        let Offsets::Pieces(pieces) = &self.offsets else { return false };
        let after = pieces.partition_point(|piece| piece.decoded < offset);
        match (pieces[..after].last(), pieces.get(after)) {
            (Some(one), Some(next)) => next.decoded == offset && one.source + one.source_length < next.source,
            _ => false,
        }
    }

    /// The text with the escapes of every decoding.
    fn write(&self, text: &str, neighbours: Neighbours) -> Option<String> {
        let written = (self.notation)(text, neighbours)?;
        match &self.parent {
            Some(parent) => parent.write(&written, Neighbours::default()),
            None => Some(written),
        }
    }
}

fn piece_at(pieces: &[Piece], offset: usize) -> Option<&Piece> {
    let after = pieces.partition_point(|piece| piece.decoded <= offset);
    pieces[..after].last().or(pieces.first())
}

/// A decoded text with the way back to its file. Debug shows where it stands, since it may be a secret.
#[derive(Clone)]
pub struct Mapped {
    pub text: Arc<str>,
    file: FileId,
    map: Arc<Layer>,
    /// Where this text starts in the text that `map` knows: a slice shares its parent's map.
    base: usize,
    whole: Span,
}

impl fmt::Debug for Mapped {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} bytes at {}..{}", self.text.len(), self.whole.start, self.whole.end)
    }
}

impl Mapped {
    /// A text that stands in the file as it is, from `start`.
    pub fn verbatim(text: &str, file: FileId, start: usize) -> Mapped {
        let whole = Span::new(file, start, start + text.len());
        Mapped { text: text.into(), file, map: Layer::new(Offsets::Verbatim(start), None), base: 0, whole }
    }

    /// A text decoded from the file; `whole` is all that it was written as, quotes included.
    pub fn decoded(text: String, pieces: Vec<Piece>, whole: Span) -> Mapped {
        let map = Layer::new(Offsets::Pieces(pieces), None);
        Mapped { text: text.into(), file: whole.file, map, base: 0, whole }
    }

    /// A text decoded once more from a part of this one (`pieces` count in this text's bytes).
    pub fn decode_again(&self, text: String, mut pieces: Vec<Piece>, written: Range<usize>) -> Mapped {
        for piece in &mut pieces {
            piece.source += self.base;
        }
        if pieces.is_empty() {
            // An empty string still has a place: just inside its quotes.
            let source = self.base + (written.start + 1).min(written.end);
            pieces.push(Piece { decoded: 0, decoded_length: 0, source, source_length: 0 });
        }
        let map = Layer::new(Offsets::Pieces(pieces), Some(self.map.clone()));
        let whole = self.span(written);
        Mapped { text: text.into(), file: self.file, map, base: 0, whole }
    }

    /// A part of this text.
    pub fn slice(&self, range: Range<usize>) -> Mapped {
        Mapped {
            text: self.text[range.clone()].into(),
            file: self.file,
            map: self.map.clone(),
            base: self.base + range.start,
            whole: self.span(range),
        }
    }

    /// With another idea of what its whole is: quotes included, say.
    pub fn with_whole(mut self, whole: Span) -> Mapped {
        self.whole = whole;
        self
    }

    /// With the way in which new text is written in it; without one, as it is.
    pub fn with_notation(mut self, notation: Notation) -> Mapped {
        Arc::make_mut(&mut self.map).notation = notation;
        self
    }

    /// How a text must be written in place of a byte range of this one, so that decoding gives it back: a quote inside a JSON
    /// string inside a TOML string needs an escape for each. `None` where it cannot be written.
    pub fn written(&self, range: Range<usize>, text: &str) -> Option<String> {
        let before = self.text.get(..range.start)?.chars().next_back();
        let before = before.filter(|_| !self.map.drops_before(self.base + range.start));
        let after = self.text.get(range.end..)?.chars().next();
        self.map.write(text, Neighbours { before, after })
    }

    /// Where a byte range of this text was written.
    pub fn span(&self, range: Range<usize>) -> Span {
        let (start, end) = (self.base + range.start, self.base + range.end);
        let first = self.map.start(start);
        let last = if start == end { first } else { self.map.end(end) };
        Span::new(self.file, first, last)
    }

    /// All that this text was written as, quotes included.
    pub fn whole(&self) -> Span {
        self.whole
    }

    /// The text alone, with the place between its quotes; where nothing stands between them, with theirs.
    pub fn spanned(&self) -> Spanned<String> {
        Spanned::new(self.text.to_string(), if self.text.is_empty() { self.whole() } else { self.inside() })
    }

    /// Everything between the quotes.
    pub fn inside(&self) -> Span {
        self.span(0..self.text.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_decodings_lead_back_to_the_file() {
        // The file holds: a\\\"b  (TOML basic string), decoded once to a\"b, decoded again to a"b.
        let file = FileId(0);
        let once = Mapped::decoded(
            "a\\\"b".into(),
            vec![
                Piece { decoded: 0, decoded_length: 1, source: 10, source_length: 1 },
                Piece { decoded: 1, decoded_length: 1, source: 11, source_length: 2 },
                Piece { decoded: 2, decoded_length: 1, source: 13, source_length: 2 },
                Piece { decoded: 3, decoded_length: 1, source: 15, source_length: 1 },
            ],
            Span::new(file, 9, 17),
        );
        let twice = once.decode_again(
            "a\"b".into(),
            vec![
                Piece { decoded: 0, decoded_length: 1, source: 0, source_length: 1 },
                Piece { decoded: 1, decoded_length: 1, source: 1, source_length: 2 },
                Piece { decoded: 2, decoded_length: 1, source: 3, source_length: 1 },
            ],
            0..4,
        );
        assert_eq!(twice.span(1..2), Span::new(file, 11, 15));
        assert_eq!(twice.span(2..3), Span::new(file, 15, 16));
        assert_eq!(twice.slice(1..3).span(1..2), Span::new(file, 15, 16));
        assert_eq!(twice.span(3..3), Span::new(file, 16, 16));
    }
}
