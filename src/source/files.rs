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
    line_starts: OnceLock<Vec<usize>>,
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
            line_starts: OnceLock::new(),
            secrets: RwLock::default(),
            hidden: RwLock::default(),
        }
    }

    /// Line and column of a byte offset; an offset past the end is the end.
    pub fn position(&self, offset: usize) -> Position {
        let offset = floor_boundary(&self.text, offset);
        let starts = self
            .line_starts
            .get_or_init(|| std::iter::once(0).chain(self.text.match_indices('\n').map(|(at, _)| at + 1)).collect());
        let line = starts.partition_point(|start| *start <= offset);
        // A byte order mark is no character of the first line.
        let before = self.text[starts[line - 1]..offset].trim_start_matches('\u{feff}');
        let column = before.chars().count() + 1;
        Position { line, column, offset }
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

/// The nearest character boundary at or before `offset`.
fn floor_boundary(text: &str, offset: usize) -> usize {
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
}

#[derive(Default)]
struct Inner {
    files: Vec<Arc<SourceFile>>,
    by_path: HashMap<String, FileId>,
}

impl Sources {
    pub fn new(reader: Reader) -> Sources {
        Sources { inner: RwLock::default(), reader }
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
        let known = self.inner.read().unwrap_or_else(|poisoned| poisoned.into_inner()).by_path.get(path).copied();
        if let Some(id) = known {
            return Ok(id);
        }
        let bytes = (self.reader)(Path::new(path))?;
        if bytes.len() as u64 > MAX_FILE_BYTES {
            return Err(FileProblem::TooLarge { bytes: bytes.len() as u64 });
        }
        let text =
            String::from_utf8(bytes).map_err(|error| FileProblem::NotUtf8 { offset: error.utf8_error().valid_up_to() })?;
        Ok(self.add(path, text))
    }

    /// The bytes of a file, without keeping them: a reply's body need not be text.
    pub fn bytes(&self, path: &str) -> Result<Vec<u8>, FileProblem> {
        (self.reader)(Path::new(path))
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
    fn a_file_that_is_not_utf8_is_refused_with_its_place() {
        let sources = Sources::new(Box::new(|_| Ok(b"ab\xff".to_vec())));
        assert_eq!(sources.load("x"), Err(FileProblem::NotUtf8 { offset: 2 }));
    }
}
