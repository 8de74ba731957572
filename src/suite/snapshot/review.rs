//! Looking through the store: what waits for approval, and what belongs to no case.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use super::{SnapshotProblem, Store, file, is_file_name};

/// A transcript that waits for approval.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// The path of the approved snapshot, relative to the project root.
    pub path: String,
    pub spec: Option<String>,
    pub case: Option<String>,
    /// The approved transcript; `None` for a new one.
    pub old: Option<String>,
    pub new: String,
}

/// What a look through the store finds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// What waits for approval, by path.
    pub pending: Vec<Pending>,
    /// Which files cannot be read, and why: the others can be reviewed all the same.
    pub problems: Vec<SnapshotProblem>,
}

impl Store {
    /// What waits for approval. A pending transcript that is the approved one, as an interrupted approval may leave it, waits
    /// for nothing.
    ///
    /// # Errors
    /// When a folder cannot be read.
    pub fn waiting(&self) -> Result<Waiting, SnapshotProblem> {
        let mut waiting = Waiting::default();
        for pending in self.files(".snap.new")? {
            match self.read_pending(&pending) {
                Ok(pending) => waiting.pending.extend(pending.filter(|one| one.old.as_ref() != Some(&one.new))),
                Err(problem) => waiting.problems.push(problem),
            }
        }
        Ok(waiting)
    }

    /// `None` when it has gone meanwhile.
    fn read_pending(&self, pending: &str) -> Result<Option<Pending>, SnapshotProblem> {
        let read =
            |path: &str| file::read(&self.on_disk(path)).map_err(|message| SnapshotProblem { path: path.into(), message });
        let path = pending.trim_end_matches(".new").to_string();
        let Some(new) = read(pending)? else { return Ok(None) };
        let old = read(&path)?.map(|old| old.contents);
        Ok(Some(Pending { path, spec: new.spec, case: new.case, old, new: new.contents }))
    }

    /// Makes a pending transcript the approved one, in one step: whenever it is interrupted, either the old one is approved
    /// and the new one waits, or the new one is approved. What is approved is what was shown.
    ///
    /// # Errors
    /// When the file is not as it was shown, or cannot be moved.
    pub fn accept(&self, shown: &Pending) -> Result<(), SnapshotProblem> {
        let approved = self.on_disk(self.own(&shown.path)?);
        let problem = |message: String| SnapshotProblem { path: file::pending_label(&shown.path), message };
        let now = file::read(&file::pending(&approved)).map_err(problem)?;
        match now {
            None => Err(problem("is gone: another program has decided on it".into())),
            Some(now) if now.contents != shown.new => Err(problem("has changed since it was shown: review it again".into())),
            Some(_) => fs::rename(file::pending(&approved), &approved)
                .map_err(|error| problem(format!("cannot be approved: {error}"))),
        }
    }

    /// Removes a pending transcript.
    pub fn reject(&self, path: &str) -> Result<(), SnapshotProblem> {
        let pending = file::pending(&self.on_disk(self.own(path)?));
        file::remove(&pending).map_err(|message| SnapshotProblem { path: file::pending_label(path), message })
    }

    /// Removes a snapshot that belongs to no case, with what is pending for it and the folders that become empty.
    pub fn prune(&self, path: &str) -> Result<(), SnapshotProblem> {
        let approved = self.on_disk(self.own(path)?);
        let problem = |path: String| |message| SnapshotProblem { path, message };
        file::remove(&approved).map_err(problem(path.into()))?;
        file::remove(&file::pending(&approved)).map_err(problem(file::pending_label(path)))?;
        let folders = approved.ancestors().skip(1).take_while(|folder| *folder != self.folder);
        // A folder that is not empty stays.
        let _ = folders.map(fs::remove_dir).take_while(Result::is_ok).count();
        Ok(())
    }

    /// Snapshots that belong to none of the cases whose snapshots have the `known` paths.
    pub fn orphans(&self, known: &BTreeSet<String>) -> Result<Vec<String>, SnapshotProblem> {
        let mut found: BTreeSet<String> = self.files(".snap")?.into_iter().collect();
        found.extend(self.files(".snap.new")?.iter().map(|path| path.trim_end_matches(".new").to_string()));
        Ok(found.into_iter().filter(|path| !known.contains(path)).collect())
    }

    /// Nothing outside the folder is ever touched.
    fn own<'p>(&self, path: &'p str) -> Result<&'p str, SnapshotProblem> {
        let inside = path.strip_prefix(self.label.as_str()).and_then(|path| path.strip_prefix('/'));
        match inside {
            Some(inside) if inside.ends_with(".snap") && inside.split('/').all(is_file_name) => Ok(path),
            _ => Err(SnapshotProblem { path: path.into(), message: "is not a file in the snapshots folder".into() }),
        }
    }

    /// The files whose names end so, relative to the project root, in order.
    fn files(&self, ending: &str) -> Result<Vec<String>, SnapshotProblem> {
        let mut found = Vec::new();
        walk(&self.folder, &self.label, ending, &mut found)?;
        found.sort();
        Ok(found)
    }
}

fn walk(folder: &Path, label: &str, ending: &str, found: &mut Vec<String>) -> Result<(), SnapshotProblem> {
    let problem =
        |error: std::io::Error| SnapshotProblem { path: label.into(), message: format!("cannot be read: {error}") };
    let entries = match fs::read_dir(folder) {
        // A file in the folder's place holds no snapshots; writing one tells what is wrong.
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(()),
        entries => entries.map_err(problem)?,
    };
    for entry in entries {
        let entry = entry.map_err(problem)?;
        let Some(name) = entry.file_name().to_str().map(str::to_string) else { continue };
        let path = format!("{label}/{name}");
        // Links are not followed: they may lead in a circle.
        let kind = entry.file_type().map_err(problem)?;
        if kind.is_dir() {
            walk(&folder.join(OsStr::new(&name)), &path, ending, found)?;
        } else if kind.is_file() && name.ends_with(ending) {
            found.push(path);
        }
    }
    Ok(())
}
