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

impl Store {
    /// What waits for approval, by path.
    pub fn pending(&self) -> Result<Vec<Pending>, SnapshotProblem> {
        let mut found = Vec::new();
        for pending in self.files(".snap.new")? {
            let path = pending.trim_end_matches(".new").to_string();
            let problem = |message| SnapshotProblem { path: pending.clone(), message };
            let Some(new) = file::read(&self.on_disk(&pending)).map_err(problem)? else { continue };
            let old = file::read(&self.on_disk(&path)).map_err(problem)?;
            let old = old.map(|old| old.contents);
            found.push(Pending { path, spec: new.spec, case: new.case, old, new: new.contents });
        }
        Ok(found)
    }

    /// Makes a pending transcript the approved one.
    pub fn accept(&self, path: &str) -> Result<(), SnapshotProblem> {
        let approved = self.on_disk(self.own(path)?);
        fs::rename(file::pending(&approved), &approved)
            .map_err(|error| SnapshotProblem { path: path.into(), message: format!("cannot be written: {error}") })
    }

    /// Removes a pending transcript.
    pub fn reject(&self, path: &str) -> Result<(), SnapshotProblem> {
        let pending = file::pending(&self.on_disk(self.own(path)?));
        file::remove(&pending).map_err(|message| SnapshotProblem { path: path.into(), message })
    }

    /// Removes a snapshot that belongs to no case, with what is pending for it and the folders that become empty.
    pub fn prune(&self, path: &str) -> Result<(), SnapshotProblem> {
        let approved = self.on_disk(self.own(path)?);
        let removed = file::remove(&approved).and_then(|()| file::remove(&file::pending(&approved)));
        removed.map_err(|message| SnapshotProblem { path: path.into(), message })?;
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
