//! A decoded text that knows where in the file each of its bytes was written.

use std::ops::Range;
use std::sync::Arc;

use super::{FileId, Span};

/// A run of decoded bytes and the bytes they were written as. Equal lengths mean "as they stand"; unequal ones an escape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    pub decoded: usize,
    pub decoded_length: usize,
    pub source: usize,
    pub source_length: usize,
}

#[derive(Clone, Debug)]
enum OffsetMap {
    /// The decoded text stands in the file as it is, from this offset.
    Verbatim(usize),
    /// Decoded from the text that `parent` maps; `parent` is `None` when that is the file itself.
    Pieces { pieces: Vec<Piece>, parent: Option<Arc<OffsetMap>> },
}

impl OffsetMap {
    fn start(&self, offset: usize) -> usize {
        match self {
            OffsetMap::Verbatim(base) => base + offset,
            OffsetMap::Pieces { pieces, parent } => {
                let source = match piece_at(pieces, offset) {
                    Some(piece) if offset >= piece.decoded + piece.decoded_length => piece.source + piece.source_length,
                    Some(piece) if piece.decoded_length == piece.source_length => piece.source + offset - piece.decoded,
                    Some(piece) => piece.source,
                    None => 0,
                };
                parent.as_ref().map_or(source, |parent| parent.start(source))
            }
        }
    }

    fn end(&self, offset: usize) -> usize {
        match self {
            OffsetMap::Verbatim(base) => base + offset,
            OffsetMap::Pieces { pieces, parent } => {
                let Some(piece) = piece_at(pieces, offset.saturating_sub(1)) else { return self.start(offset) };
                let source = if piece.decoded_length == piece.source_length {
                    piece.source + offset - piece.decoded
                } else {
                    piece.source + piece.source_length
                };
                parent.as_ref().map_or(source, |parent| parent.end(source))
            }
        }
    }
}

fn piece_at(pieces: &[Piece], offset: usize) -> Option<&Piece> {
    let after = pieces.partition_point(|piece| piece.decoded <= offset);
    pieces[..after].last().or(pieces.first())
}

/// A decoded text with the way back to its file.
#[derive(Clone, Debug)]
pub struct Mapped {
    pub text: Arc<str>,
    file: FileId,
    map: Arc<OffsetMap>,
    /// Where this text starts in the text that `map` knows: a slice shares its parent's map.
    base: usize,
    whole: Span,
}

impl Mapped {
    /// A text that stands in the file as it is, from `start`.
    pub fn verbatim(text: &str, file: FileId, start: usize) -> Mapped {
        let whole = Span::new(file, start, start + text.len());
        Mapped { text: text.into(), file, map: Arc::new(OffsetMap::Verbatim(start)), base: 0, whole }
    }

    /// A text decoded from the file; `whole` is all that it was written as, quotes included.
    pub fn decoded(text: String, pieces: Vec<Piece>, whole: Span) -> Mapped {
        let map = OffsetMap::Pieces { pieces, parent: None };
        Mapped { text: text.into(), file: whole.file, map: Arc::new(map), base: 0, whole }
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
        let map = OffsetMap::Pieces { pieces, parent: Some(self.map.clone()) };
        let whole = self.span(written);
        Mapped { text: text.into(), file: self.file, map: Arc::new(map), base: 0, whole }
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
