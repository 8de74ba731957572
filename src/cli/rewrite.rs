//! Writing a file of the project anew, whole or not at all.
#![allow(clippy::disallowed_methods, reason = "the one place that changes a project's specs")]

use std::fs::{self, Metadata, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Puts `new` in the place of `old`: only if the file still holds `old`, and in one step. A symbolic link stays; what it leads to
/// is written, unless it leads out of the folder `root`. An error says what is wrong, to stand after the path.
pub fn rewrite(root: &Path, path: &str, old: &str, new: &str) -> Result<(), String> {
    if old == new {
        return Ok(());
    }
    let failed = |error: std::io::Error| format!("cannot be written: {error}");
    let target = inside(root, &root.join(path))?;
    let about = fs::metadata(&target).map_err(failed)?;
    if about.permissions().readonly() {
        return Err("cannot be written: it is read-only".into());
    }
    OpenOptions::new().write(true).open(&target).map_err(failed)?;
    let folder = target.parent().ok_or("cannot be written: it is in no folder")?;
    let mut beside = tempfile::Builder::new().prefix(".hookwright-").tempfile_in(folder).map_err(failed)?;
    beside.write_all(new.as_bytes()).and_then(|()| beside.as_file().sync_all()).map_err(failed)?;
    give_to_owner(beside.path(), &about);
    fs::set_permissions(beside.path(), about.permissions()).map_err(failed)?;
    // Looked at last, so that hardly any time is left for a change.
    let now = fs::read(&target).map_err(failed)?;
    if now == new.as_bytes() {
        return Ok(()); // Two paths may lead to one file, which is mended under both.
    }
    if now != old.as_bytes() {
        return Err("was changed by another program meanwhile, so it is left as it is".into());
    }
    beside.persist(&target).map_err(|error| failed(error.error))?;
    Ok(())
}

/// The path without symbolic links, if it does not lead out of the folder `root`.
pub fn inside(root: &Path, path: &Path) -> Result<PathBuf, String> {
    let failed = |error: std::io::Error| format!("cannot be written: {error}");
    let target = fs::canonicalize(path).map_err(failed)?;
    match target.starts_with(fs::canonicalize(root).map_err(failed)?) {
        true => Ok(target),
        false => Err("leads out of the project, so it is left as it is".into()),
    }
}

/// Keeps the owner where that is allowed, which is so for the superuser: anyone else owns what is written.
#[cfg(unix)]
fn give_to_owner(path: &Path, about: &Metadata) {
    use std::os::unix::fs::{MetadataExt, chown};
    let _ = chown(path, Some(about.uid()), Some(about.gid()));
}

#[cfg(not(unix))]
fn give_to_owner(_: &Path, _: &Metadata) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_another_program_wrote_meanwhile_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.toml");
        let rewrite = |old, new| rewrite(folder.path(), "a.toml", old, new);
        fs::write(&path, "theirs").expect("a file");
        assert!(rewrite("old", "new").is_err_and(|why| why.starts_with("was changed by another program")));
        assert_eq!(fs::read(&path).expect("a file"), b"theirs");
        assert_eq!(rewrite("theirs", "ours"), Ok(()));
        assert_eq!(fs::read(&path).expect("a file"), b"ours");
        assert_eq!(rewrite("theirs", "ours"), Ok(()), "it holds that by now, under another path");
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1, "nothing is left beside it");
        fs::remove_file(&path).expect("removed");
        assert!(rewrite("ours", "new").is_err_and(|why| why.starts_with("cannot be written: ")));
        assert!(!path.exists());
    }
}
