//! Reading a journal back, from its end.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::Path;

use serde_json::Value;

use super::JournalError;
use super::backwards::Backwards;
use super::file::{Identity, identity};
use super::rotation::{KEPT_FILES, rotated};

/// How much text is read back at most: the newest lines.
pub const MAX_READ_BACK_BYTES: usize = 64 * 1024 * 1024;

/// How much is looked through at most, lines that are skipped included.
pub const MAX_SCANNED_BYTES: u64 = 1024 * 1024 * 1024;

/// The last lines of a journal.
#[derive(Debug, Default)]
pub struct ReadBack {
    /// The oldest first, each a JSON object.
    pub lines: Vec<Value>,
    /// How many lines between and after them are torn, no JSON objects, or longer than
    /// [`MAX_LINE_BYTES`](super::MAX_LINE_BYTES).
    pub skipped: usize,
    /// Whether older lines were left out for [`MAX_READ_BACK_BYTES`] or [`MAX_SCANNED_BYTES`].
    pub is_cut: bool,
}

/// Reads the last lines of a journal, and of its full files when it has fewer. It may be open in another process.
///
/// # Errors
///
/// None of the files is there, or the first that is cannot be read, or is a folder, a pipe or a device.
pub fn read(path: &Path, last: usize) -> Result<ReadBack, JournalError> {
    read_within(path, last, MAX_READ_BACK_BYTES, MAX_SCANNED_BYTES)
}

pub(super) fn read_within(path: &Path, last: usize, text: usize, budget: u64) -> Result<ReadBack, JournalError> {
    let files = open_all(path)?;
    let mut reader = Reader { last, text, budget, read: ReadBack::default() };
    for (file, length) in files {
        if reader.is_full() {
            break;
        }
        reader.read(&file, length).map_err(|error| JournalError::at(path, error))?;
    }
    reader.read.lines.reverse();
    Ok(reader.read)
}

/// How often the files are opened anew because they were renamed in the meantime.
const OPEN_ATTEMPTS: usize = 20;

/// A file with its length when it was opened.
type Opened = (File, u64);

/// The newest first. All are opened before any is read, so that a rotation that comes later hides none.
fn open_all(path: &Path) -> Result<Vec<Opened>, JournalError> {
    let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let newest = || fs::metadata(path).ok().and_then(|found| identity(&found));
    for _ in 1..OPEN_ATTEMPTS {
        let before = newest();
        let files = open_each(path);
        if newest() == before {
            return files;
        }
    }
    open_each(path)
}

/// A file that a rotation moves to the next number meanwhile is found twice, and taken once.
fn open_each(path: &Path) -> Result<Vec<Opened>, JournalError> {
    let (mut files, mut known) = (Vec::new(), Vec::new());
    let mut missing = None;
    for number in 0..=KEPT_FILES {
        let place = if number == 0 { path.to_path_buf() } else { rotated(path, number) };
        match open(&place) {
            Ok((_, _, Some(identity))) if known.contains(&identity) => {}
            Ok((file, length, identity)) => {
                known.extend(identity);
                files.push((file, length));
            }
            // A process that was killed in a rotation leaves no file of the first name.
            Err(error) if number == 0 && !is_missing(&error) => return Err(error),
            Err(error) => missing = missing.or(Some(error)),
        }
    }
    missing.filter(|_| files.is_empty()).map_or(Ok(files), Err)
}

fn is_missing(error: &JournalError) -> bool {
    matches!(error, JournalError::File { error, .. } if error.kind() == ErrorKind::NotFound)
}

/// Only what is a file is opened: opening a pipe would wait, and a device may have no end.
fn open(path: &Path) -> Result<(File, u64, Identity), JournalError> {
    let at = |error| JournalError::at(path, error);
    if !fs::metadata(path).map_err(at)?.is_file() {
        return Err(JournalError::NotAFile { path: path.to_path_buf() });
    }
    let file = File::open(path).map_err(at)?;
    let metadata = file.metadata().map_err(at)?;
    Ok((file, metadata.len(), identity(&metadata)))
}

struct Reader {
    last: usize,
    /// How much text may still be read back.
    text: usize,
    /// How much may still be looked through.
    budget: u64,
    read: ReadBack,
}

impl Reader {
    fn is_full(&self) -> bool {
        self.read.is_cut || self.read.lines.len() >= self.last
    }

    fn read(&mut self, file: &File, length: u64) -> io::Result<()> {
        let mut lines = Backwards::new(file, length, self.budget);
        while !self.is_full() {
            let Some(line) = lines.line()? else {
                self.read.is_cut = lines.budget() == 0;
                break;
            };
            let size = line.text.as_ref().map_or(0, Vec::len);
            if size > self.text {
                self.read.is_cut = true;
                break;
            }
            match line.object() {
                Some(value) => {
                    self.text -= size;
                    self.read.lines.push(value);
                }
                None => self.read.skipped += 1,
            }
        }
        self.budget = lines.budget();
        Ok(())
    }
}
