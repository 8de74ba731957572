//! What can go wrong with a journal: as a whole, and with one line.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::MAX_LINE_BYTES;

/// Why a journal cannot be opened or read.
#[derive(Debug)]
pub enum JournalError {
    /// The system refuses.
    File { path: PathBuf, error: io::Error },
    /// A folder, a pipe or a socket.
    NotAFile { path: PathBuf },
    /// The first line is no exchange, or no line is.
    NotAJournal { path: PathBuf },
    /// Another process writes to it.
    InUse { path: PathBuf },
}

impl JournalError {
    pub(super) fn at(path: &Path, error: io::Error) -> JournalError {
        JournalError::File { path: path.to_path_buf(), error }
    }

    /// What to do about it.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            JournalError::File { .. } => None,
            JournalError::NotAFile { .. } => Some("name a file, or one that is not there yet"),
            JournalError::NotAJournal { .. } => Some("name another file: this one stays as it is"),
            JournalError::InUse { .. } => Some("give each server a journal of its own"),
        }
    }
}

impl fmt::Display for JournalError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            JournalError::File { path, error } => write!(formatter, "the journal `{}`: {error}", path.display()),
            JournalError::NotAFile { path } => write!(formatter, "the journal `{}` is not a file", path.display()),
            JournalError::NotAJournal { path } => {
                write!(formatter, "the file `{}` is not a journal: its first line is no exchange", path.display())
            }
            JournalError::InUse { path } => write!(formatter, "another process writes to the journal `{}`", path.display()),
        }
    }
}

impl std::error::Error for JournalError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            JournalError::File { error, .. } => Some(error),
            _ => None,
        }
    }
}

/// Why a line is not in the journal.
#[derive(Clone, Debug)]
pub enum JournalFailure {
    /// The system did not write it, or could not put it on disk.
    Write(Arc<io::Error>),
    /// It holds a line break.
    SeveralLines,
    /// It is longer than [`MAX_LINE_BYTES`].
    TooLong { bytes: usize },
    /// The journal was closed before.
    Closed,
}

impl From<io::Error> for JournalFailure {
    fn from(error: io::Error) -> JournalFailure {
        JournalFailure::Write(Arc::new(error))
    }
}

impl fmt::Display for JournalFailure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            JournalFailure::Write(error) => write!(formatter, "the journal cannot be written: {error}"),
            JournalFailure::SeveralLines => formatter.write_str("an entry of the journal holds a line break"),
            JournalFailure::TooLong { bytes } => {
                write!(formatter, "an entry of the journal has {bytes} bytes, more than {MAX_LINE_BYTES}")
            }
            JournalFailure::Closed => formatter.write_str("the journal is closed"),
        }
    }
}

impl std::error::Error for JournalFailure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            JournalFailure::Write(error) => Some(error),
            _ => None,
        }
    }
}
