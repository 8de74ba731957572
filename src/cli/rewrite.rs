//! Writing a file of the project anew, whole or not at all.
#![allow(clippy::disallowed_methods, reason = "the one place that changes a project's specs")]

use std::fs::{self, File, Metadata, OpenOptions, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// As long as another program of ours may take to write a file.
const PATIENCE: Duration = Duration::from_secs(10);

/// While it lives, no other program of ours writes a file of a folder, so that what was read is still there when it is written.
///
/// The folder itself is locked: a file that is replaced takes its lock with it, and a file for the lock would stay behind.
pub struct Alone {
    target: PathBuf,
    /// `None` where the system locks no folders. Then the file is compared before it is replaced, and that is all.
    _folder: Option<File>,
}

impl Alone {
    /// Waits for those who write there now. An error says what is wrong, to stand after the path.
    pub fn with(root: &Path, path: &str) -> Result<Alone, String> {
        Alone::within(PATIENCE, root, path)
    }

    fn within(patience: Duration, root: &Path, path: &str) -> Result<Alone, String> {
        const BETWEEN_LOOKS: Duration = Duration::from_millis(5);
        let target = inside(root, &root.join(path))?;
        let Some(folder) = target.parent().and_then(|folder| File::open(folder).ok()) else {
            return Ok(Alone { target, _folder: None });
        };
        let until = Instant::now() + patience;
        loop {
            match folder.try_lock() {
                Ok(()) => return Ok(Alone { target, _folder: Some(folder) }),
                Err(TryLockError::Error(_)) => return Ok(Alone { target, _folder: None }),
                Err(TryLockError::WouldBlock) if Instant::now() < until => std::thread::sleep(BETWEEN_LOOKS),
                Err(TryLockError::WouldBlock) => {
                    return Err("is left as it is: another program has locked its folder".into());
                }
            }
        }
    }
}

/// Puts `new` in the place of `old`: only if the file still holds `old`, and in one step. A symbolic link stays; what it leads to
/// is written, unless it leads out of the folder `root`. An error says what is wrong, to stand after the path.
pub fn rewrite(root: &Path, path: &str, old: &str, new: &str) -> Result<(), String> {
    match old == new {
        true => Ok(()),
        false => rewrite_alone(&Alone::with(root, path)?, old, new),
    }
}

/// [`rewrite`] for one who is alone there already.
pub fn rewrite_alone(alone: &Alone, old: &str, new: &str) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("cannot be written: {error}");
    let target = &alone.target;
    let about = fs::metadata(target).map_err(failed)?;
    if about.permissions().readonly() {
        return Err("cannot be written: it is read-only".into());
    }
    OpenOptions::new().write(true).open(target).map_err(failed)?;
    let folder = target.parent().ok_or("cannot be written: it is in no folder")?;
    let mut beside = tempfile::Builder::new().prefix(".hookwright-").tempfile_in(folder).map_err(failed)?;
    beside.write_all(new.as_bytes()).and_then(|()| beside.as_file().sync_all()).map_err(failed)?;
    give_to_owner(beside.path(), &about);
    fs::set_permissions(beside.path(), about.permissions()).map_err(failed)?;
    // Looked at last, so that hardly any time is left for a change.
    let now = fs::read(target).map_err(failed)?;
    if now == new.as_bytes() {
        return Ok(()); // Two paths may lead to one file, which is mended under both.
    }
    if now != old.as_bytes() {
        return Err("was changed by another program meanwhile, so it is left as it is".into());
    }
    beside.persist(target).map_err(|error| failed(error.error))?;
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

    #[cfg(unix)]
    #[test]
    fn a_locked_folder_is_waited_for_but_not_for_ever() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("a.toml"), "old").expect("a file");
        let within = |patience| Alone::within(patience, folder.path(), "a.toml");
        let first = within(Duration::ZERO).expect("nobody else is there");
        let refused = within(Duration::from_millis(20)).err();
        assert_eq!(refused.as_deref(), Some("is left as it is: another program has locked its folder"));
        std::thread::scope(|scope| {
            let second = scope.spawn(|| within(PATIENCE).is_ok());
            std::thread::sleep(Duration::from_millis(50));
            drop(first);
            assert!(second.join().expect("no panic"));
        });
    }
}
