//! The files of a project, loaded once and then only read.

use std::collections::HashMap;
use std::fmt;
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use super::{FileId, Hidden, Position, Span};

/// A file larger than this is refused: a webhook action is a page of text, and a body file a few more.
pub const MAX_FILE_BYTES: u64 = 16 * 1024 * 1024;

/// One file's text and where its lines start.
pub struct SourceFile {
    /// Relative to the project root, with `/`.
    pub path: String,
    pub text: String,
    index: OnceLock<Index>,
    secrets: RwLock<Vec<Range<usize>>>,
    /// What is known of the secrets, until there is one more.
    hidden: RwLock<Option<Arc<Hidden>>>,
}

impl fmt::Debug for SourceFile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("SourceFile").field("path", &self.path).finish_non_exhaustive()
    }
}

impl SourceFile {
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> SourceFile {
        SourceFile {
            path: path.into(),
            text: text.into(),
            index: OnceLock::new(),
            secrets: RwLock::default(),
            hidden: RwLock::default(),
        }
    }

    /// Line and column of a byte offset; an offset past the end is the end.
    pub fn position(&self, offset: usize) -> Position {
        let offset = floor_boundary(&self.text, offset);
        let index = self.index();
        let line = index.line_starts.partition_point(|start| *start <= offset);
        let start = index.line_starts[line - 1];
        // A byte order mark is no character of the first line.
        let mark = usize::from(start == 0 && offset > 0 && self.text.starts_with('\u{feff}'));
        let column = index.characters_before(&self.text, offset) - index.characters_before(&self.text, start) - mark + 1;
        Position { line, column, offset }
    }

    /// The bytes of a line, counted from 1, without the line's end. Empty behind the last line.
    pub fn line(&self, line: usize) -> Range<usize> {
        let starts = &self.index().line_starts;
        let start = starts.get(line.saturating_sub(1)).copied().unwrap_or(self.text.len());
        let end = starts.get(line).copied().unwrap_or(self.text.len());
        let text = &self.text[start..end];
        let text = text.strip_suffix('\n').map_or(text, |text| text.strip_suffix('\r').unwrap_or(text));
        start..start + text.len()
    }

    fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::new(&self.text))
    }

    /// Registers a place whose text is a secret, so that no frame shows it.
    pub fn hide(&self, range: Range<usize>) {
        self.secrets.write().unwrap_or_else(PoisonError::into_inner).push(range);
        *self.hidden.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// The places registered with [`SourceFile::hide`], and what stands there, without quotes: texts that no message may hold.
    /// Very short ones stand in ordinary words.
    pub fn hidden(&self) -> Arc<Hidden> {
        if let Some(known) = &*self.hidden.read().unwrap_or_else(PoisonError::into_inner) {
            return known.clone();
        }
        const SHORTEST: usize = 4;
        // Held until the end, so that nothing is registered meanwhile and forgotten.
        let secrets = self.secrets.read().unwrap_or_else(PoisonError::into_inner);
        let texts = secrets.iter().map(|range| self.written(range)).filter(|text| text.len() >= SHORTEST);
        let hidden = Arc::new(Hidden::new(secrets.clone(), texts.map(str::to_string).collect()));
        *self.hidden.write().unwrap_or_else(PoisonError::into_inner) = Some(hidden.clone());
        hidden
    }

    /// What stands in a place, without quotes.
    fn written(&self, range: &Range<usize>) -> &str {
        let start = floor_boundary(&self.text, range.start);
        let written = &self.text[start..floor_boundary(&self.text, range.end).max(start)];
        written.trim_end_matches(['\r', '\n']).trim_matches(['"', '\''])
    }
}

/// What finds the line and column of an offset without reading the file again: thousands of findings may stand in one long
/// line.
struct Index {
    line_starts: Vec<usize>,
    /// How many characters start before each whole [`BLOCK`] of bytes, and before what is left.
    characters: Vec<usize>,
}

const BLOCK: usize = 1024;

impl Index {
    fn new(text: &str) -> Index {
        let blocks = text.as_bytes().chunks_exact(BLOCK).scan(0, |before, block| {
            *before += starting(block);
            Some(*before)
        });
        let characters = std::iter::once(0).chain(blocks).collect();
        let line_starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Index { line_starts, characters }
    }

    fn characters_before(&self, text: &str, offset: usize) -> usize {
        let block = offset / BLOCK;
        self.characters[block] + starting(&text.as_bytes()[block * BLOCK..offset])
    }
}

/// How many characters start in these bytes of UTF-8.
fn starting(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0b1100_0000 != 0b1000_0000).count()
}

/// The nearest character boundary at or before `offset`.
pub fn floor_boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// Why a file could not be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileProblem {
    Unreadable(String),
    NotUtf8 { offset: usize },
    TooLarge { bytes: u64 },
}

impl fmt::Display for FileProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FileProblem::Unreadable(why) => write!(formatter, "cannot be read: {why}"),
            FileProblem::NotUtf8 { offset } => write!(formatter, "is not UTF-8: the byte at offset {offset} is invalid"),
            FileProblem::TooLarge { bytes } => {
                write!(formatter, "is too large: {bytes} bytes, the limit is {MAX_FILE_BYTES}")
            }
        }
    }
}

/// Reads a file by its path relative to the project root. The one seam through which files enter the compiler.
pub type Reader = Box<dyn Fn(&Path) -> Result<Vec<u8>, FileProblem> + Send + Sync>;

/// All files that were looked at, by path. Adding takes `&self`, so that specs compile in parallel.
pub struct Sources {
    inner: RwLock<Inner>,
    reader: Reader,
    /// For files that a spec names; `None`: the same.
    named: Option<Reader>,
}

#[derive(Default)]
struct Inner {
    files: Vec<Arc<SourceFile>>,
    by_path: HashMap<String, FileId>,
}

impl Sources {
    pub fn new(reader: Reader) -> Sources {
        Sources { inner: RwLock::default(), reader, named: None }
    }

    /// The same, with another reader for the files that a spec names.
    pub fn reading_named(self, reader: Reader) -> Sources {
        Sources { named: Some(reader), ..self }
    }

    /// Sources without a file system: for templates from a command line, and for tests.
    pub fn in_memory() -> Sources {
        Sources::new(Box::new(|_| Err(FileProblem::Unreadable("there are no files here".into()))))
    }

    /// Adds a text under a name that is not read from anywhere.
    pub fn add(&self, path: impl Into<String>, text: impl Into<String>) -> FileId {
        let file = Arc::new(SourceFile::new(path, text));
        let mut inner = self.inner.write().unwrap_or_else(|poisoned| poisoned.into_inner());
        let id = FileId(inner.files.len() as u32);
        inner.by_path.insert(file.path.clone(), id);
        inner.files.push(file);
        id
    }

    /// The file at a path relative to the project root, read at the first call.
    pub fn load(&self, path: &str) -> Result<FileId, FileProblem> {
        self.load_by(&self.reader, path)
    }

    /// As [`Sources::load`], for a file that a spec names.
    pub fn load_named(&self, path: &str) -> Result<FileId, FileProblem> {
        self.load_by(self.named(), path)
    }

    fn load_by(&self, reader: &Reader, path: &str) -> Result<FileId, FileProblem> {
        let known = self.inner.read().unwrap_or_else(|poisoned| poisoned.into_inner()).by_path.get(path).copied();
        if let Some(id) = known {
            return Ok(id);
        }
        let bytes = reader(Path::new(path))?;
        if bytes.len() as u64 > MAX_FILE_BYTES {
            return Err(FileProblem::TooLarge { bytes: bytes.len() as u64 });
        }
        let text =
            String::from_utf8(bytes).map_err(|error| FileProblem::NotUtf8 { offset: error.utf8_error().valid_up_to() })?;
        Ok(self.add(path, text))
    }

    /// The bytes of a file that a spec names, without keeping them: a reply's body need not be text.
    pub fn bytes(&self, path: &str) -> Result<Vec<u8>, FileProblem> {
        self.named()(Path::new(path))
    }

    fn named(&self) -> &Reader {
        self.named.as_ref().unwrap_or(&self.reader)
    }

    pub fn file(&self, id: FileId) -> Arc<SourceFile> {
        let inner = self.inner.read().unwrap_or_else(|poisoned| poisoned.into_inner());
        inner.files[id.0 as usize].clone()
    }

    /// The whole of a file, as a span.
    pub fn whole(&self, id: FileId) -> Span {
        Span::new(id, 0, self.file(id).text.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters_and_survive_any_offset() {
        let file = SourceFile::new("a.toml", "é = 1\r\nb = \"ü\"");
        assert_eq!(file.position(2), Position { line: 1, column: 2, offset: 2 });
        assert_eq!(file.position(8), Position { line: 2, column: 1, offset: 8 });
        assert_eq!(file.position(1).column, 1, "inside a character counts as its start");
        assert_eq!(file.position(999).line, 2);
        let marked = SourceFile::new("b.toml", "\u{feff}a = 1");
        assert_eq!(marked.position(3), Position { line: 1, column: 1, offset: 3 });
        assert_eq!(marked.position(7).column, 5);
    }

    #[test]
    fn lines_come_without_their_ends() {
        let file = SourceFile::new("a.toml", "a\r\n\nb");
        assert_eq!([1, 2, 3, 4].map(|line| file.line(line)), [0..1, 3..3, 4..5, 5..5]);
        assert_eq!(SourceFile::new("b.toml", "").line(1), 0..0);
    }

    proptest::proptest! {
        /// Beyond the size of a block, and with characters across the ends of blocks.
        #[test]
        fn positions_are_as_if_counted(parts in proptest::collection::vec("[aé😀\n]{0,900}", 1..6), at in 0usize..20_000) {
            let text = parts.concat();
            let file = SourceFile::new("a.toml", text.as_str());
            let before = &text[..floor_boundary(&text, at)];
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1;
            proptest::prop_assert_eq!(file.position(at), Position { line, column, offset: before.len() });
        }
    }

    #[test]
    fn a_file_that_is_not_utf8_is_refused_with_its_place() {
        let sources = Sources::new(Box::new(|_| Ok(b"ab\xff".to_vec())));
        assert_eq!(sources.load("x"), Err(FileProblem::NotUtf8 { offset: 2 }));
    }
}
