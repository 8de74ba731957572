//! The files of a journal that were full: `FILE.1` is the newest.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// How many full files are kept beside the one that is written.
pub const KEPT_FILES: usize = 5;

/// `FILE.1` and so on.
pub(super) fn rotated(path: &Path, number: usize) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(format!(".{number}"));
    PathBuf::from(name)
}

/// Makes the file `FILE.1`, the one that was it `FILE.2` and so on. The last one goes, unless a number is free.
pub(super) fn shift(path: &Path) -> io::Result<()> {
    let is_free = |number: &usize| fs::symlink_metadata(rotated(path, *number)).is_err();
    let last = (1..KEPT_FILES).find(is_free).unwrap_or(KEPT_FILES);
    for number in (1..last).rev() {
        fs::rename(rotated(path, number), rotated(path, number + 1))?;
    }
    fs::rename(path, rotated(path, 1))
}

/// Takes the last step of [`shift`] back.
pub(super) fn shift_back(path: &Path) -> io::Result<()> {
    fs::rename(rotated(path, 1), path)
}

/// Has the system put a folder's entries on disk.
///
/// Some file systems know no such thing. What is lost then is only that a power failure finds an older name.
pub(super) fn sync_folder_of(path: &Path) {
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        let _ = fs::File::open(folder).and_then(|folder| folder.sync_all());
    }
    #[cfg(not(unix))]
    let _ = path;
}
