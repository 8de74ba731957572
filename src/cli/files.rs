//! How a project's files are read: below its root, no link that leads out of it, nothing that is no file or too large.
#![allow(clippy::disallowed_methods, reason = "the one seam through which a project's files are read")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use hookwright::source::{FileProblem, MAX_FILE_BYTES, Reader};

/// Reads files below a folder, and notes which were asked for.
pub fn reader(
    base: PathBuf,
    asked_for: &Arc<Mutex<BTreeSet<PathBuf>>>,
    read: impl Fn(&Path) -> Result<Vec<u8>, FileProblem> + Send + Sync + 'static,
) -> Reader {
    let noted = Arc::clone(asked_for);
    Box::new(move |path| {
        noted.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_path_buf());
        read(&base.join(path))
    })
}

/// A spec may be written by somebody else: what it names is read inside the project alone, also where links lead.
pub fn refuse_outside(path: &Path, root: &Path) -> Result<(), FileProblem> {
    let real = |path: &Path| path.canonicalize().map_err(|error| FileProblem::Unreadable(error.to_string()));
    match real(path)?.starts_with(real(root)?) {
        true => Ok(()),
        false => Err(FileProblem::Unreadable("it is a link that leads out of the project".into())),
    }
}

/// A file's bytes. One that is too large is not read at all, nor is what is no file: a pipe may never end.
pub fn read(path: &Path) -> Result<Vec<u8>, FileProblem> {
    let problem = |error: std::io::Error| FileProblem::Unreadable(error.to_string());
    let about = std::fs::metadata(path).map_err(problem)?;
    if !about.is_file() {
        return Err(FileProblem::Unreadable("it is not a file".into()));
    }
    if about.len() > MAX_FILE_BYTES {
        return Err(FileProblem::TooLarge { bytes: about.len() });
    }
    std::fs::read(path).map_err(problem)
}
