//! Text, byte spans, lines, and the way back from a decoded string to the file it was written in.
//!
//! Everything that can be wrong in a spec is reported at a [`Span`]: a byte range of one file. Strings go through up to
//! two decodings (TOML escapes, then JSON escapes) before a template is read in them; [`Mapped`] remembers where each
//! decoded byte came from.

mod files;
mod hidden;
mod mapped;

pub use files::{FileProblem, MAX_FILE_BYTES, Reader, SourceFile, Sources, floor_boundary};
pub(crate) use hidden::joined;
pub use hidden::{Hidden, HiddenTexts, without_hidden};
pub use mapped::{Mapped, Neighbours, Notation, Piece};

/// A file in a [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub(crate) u32);

/// A byte range of one file; `start <= end`, both on character boundaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    pub file: FileId,
    pub start: usize,
    pub end: usize,
}

impl Span {
    pub fn new(file: FileId, start: usize, end: usize) -> Span {
        Span { file, start, end: end.max(start) }
    }

    /// The empty span at the end of this one.
    pub fn after(self) -> Span {
        Span { start: self.end, ..self }
    }

    /// Whether `other` lies in this span.
    pub fn contains(self, other: Span) -> bool {
        self.file == other.file && self.start <= other.start && other.end <= self.end
    }

    /// Whether the two share a byte, or one ends where the other begins.
    pub fn touches(self, other: Span) -> bool {
        self.file == other.file && self.start <= other.end && other.start <= self.end
    }

    /// From the start of this span to the end of `other` (in the same file).
    pub fn to(self, other: Span) -> Span {
        Span::new(self.file, self.start, other.end)
    }
}

/// A value with the place it was written at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spanned<T> {
    pub value: T,
    pub span: Span,
}

impl<T> Spanned<T> {
    pub fn new(value: T, span: Span) -> Spanned<T> {
        Spanned { value, span }
    }
}

impl Spanned<String> {
    /// Where a part of the text was written, in quotes or not; the whole, where an escape makes that unknown.
    pub fn part(&self, range: std::ops::Range<usize>) -> Span {
        let quotes = (self.span.end - self.span.start).checked_sub(self.value.len());
        let start = match quotes {
            Some(0) => self.span.start,
            Some(2) => self.span.start + 1,
            _ => return self.span,
        };
        Span::new(self.span.file, start + range.start, start + range.end)
    }
}

/// A name in a spec: a key, a context, an attribute, a filter.
pub type Name = Spanned<String>;

impl Name {
    /// The place of the first `length` bytes of a name, quoted or not; `None` where it is written with escapes.
    pub fn beginning(&self, length: usize) -> Option<Span> {
        let quotes = (self.span.end - self.span.start).checked_sub(self.value.len())?;
        let start = match quotes {
            0 => self.span.start,
            2 => self.span.start + 1,
            _ => return None,
        };
        (length <= self.value.len()).then(|| Span::new(self.span.file, start, start + length))
    }
}

/// A place in a file as people count: from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Position {
    pub line: usize,
    pub column: usize,
    /// In bytes from the start of the file.
    pub offset: usize,
}
