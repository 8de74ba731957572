//! Approved transcripts on disk, in insta's file format, so that cargo-insta reads them, too.
//!
//! The one place of the suite that touches files. A transcript that differs is written beside the approved one as
//! `.snap.new`, unless the policy says that nothing is written.

#![allow(clippy::disallowed_methods, reason = "the snapshot store is where the suite reads and writes files")]

mod file;
mod review;

pub use review::{Pending, Waiting};

use std::borrow::Cow;
use std::fmt;
use std::path::PathBuf;

use sha2::{Digest, Sha256};

/// What may be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Nothing: on continuous integration.
    Compare,
    /// What differs is written beside the approved transcript, for review.
    Pend,
    /// What differs is approved.
    Approve,
}

impl Policy {
    /// The policy for `--update` and the `CI` variable; `None` for both, since nothing is ever approved there.
    pub fn choose(update: bool, ci: bool) -> Option<Policy> {
        match (update, ci) {
            (true, true) => None,
            (true, false) => Some(Policy::Approve),
            (false, true) => Some(Policy::Compare),
            (false, false) => Some(Policy::Pend),
        }
    }
}

/// A snapshot that cannot be read or written, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnapshotProblem {
    /// Relative to the project root.
    pub path: String,
    pub message: String,
}

impl fmt::Display for SnapshotProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the snapshot `{}` {}", self.path, self.message)
    }
}

impl std::error::Error for SnapshotProblem {}

/// Which case a snapshot belongs to.
#[derive(Clone, Copy, Debug)]
pub struct Owner<'a> {
    /// The spec's id: its path below the specs folder.
    pub id: &'a str,
    /// The case's name as a file name.
    pub slug: &'a str,
    /// The spec's path, for the snapshot's header.
    pub spec: &'a str,
    /// The case's name, for the snapshot's header.
    pub case: &'a str,
}

/// How a transcript compares with the approved one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Comparison {
    Same,
    Changed {
        /// The approved transcript.
        old: String,
    },
    New,
}

/// The snapshots folder of a project.
#[derive(Clone, Debug)]
pub struct Store {
    folder: PathBuf,
    label: String,
    policy: Policy,
}

impl Store {
    /// `folder` is where it is, `label` how it is called: its path relative to the project root, with `/`.
    pub fn new(folder: impl Into<PathBuf>, label: impl Into<String>, policy: Policy) -> Store {
        Store { folder: folder.into(), label: label.into(), policy }
    }

    pub fn policy(&self) -> Policy {
        self.policy
    }

    /// The path of a case's snapshot relative to the project root.
    pub fn path(&self, id: &str, slug: &str) -> Result<String, SnapshotProblem> {
        let slug = &*file_name(slug);
        let path = format!("{}/{id}/{slug}.snap", self.label);
        if slug.contains('/') || !id.split('/').chain([slug]).all(is_file_name) {
            return Err(SnapshotProblem { path, message: "would not be a file in the snapshots folder".into() });
        }
        Ok(path)
    }

    /// Where the snapshots of a spec are: its path relative to the project root, with `/` at the end.
    pub fn folder_of(&self, id: &str) -> Result<String, SnapshotProblem> {
        Ok(self.path(id, "")?.trim_end_matches("-.snap").to_string())
    }

    /// The id of the spec that a snapshot is of, by its path relative to the project root.
    pub fn id_of<'p>(&self, path: &'p str) -> Option<&'p str> {
        let inside = path.strip_prefix(self.label.as_str())?.strip_prefix('/')?;
        inside.rsplit_once('/').map(|(id, _)| id)
    }

    /// Compares a transcript with the approved one. Line ends and white space at the end do not count.
    pub fn compare(&self, owner: &Owner<'_>, transcript: &str) -> Result<Comparison, SnapshotProblem> {
        let path = self.path(owner.id, owner.slug)?;
        Ok(match file::read(&self.on_disk(&path)).map_err(|message| SnapshotProblem { path, message })? {
            None => Comparison::New,
            Some(old) if old.contents == file::normalize(transcript) => Comparison::Same,
            Some(old) => Comparison::Changed { old: old.contents },
        })
    }

    /// Compares, and writes what the policy allows: a pending or an approved snapshot where the transcript differs. A pending
    /// one from an earlier run goes when the transcript is the approved one again.
    pub fn settle(&self, owner: &Owner<'_>, transcript: &str) -> Result<Comparison, SnapshotProblem> {
        let path = self.path(owner.id, owner.slug)?;
        let approved = self.on_disk(&path);
        let pending = file::pending(&approved);
        let compared = self.compare(owner, transcript)?;
        let contents = || file::contents(owner, transcript);
        let of_pending = |message| SnapshotProblem { path: file::pending_label(&path), message };
        match (self.policy, &compared) {
            (Policy::Compare, _) => {}
            (_, Comparison::Same) => file::remove(&pending).map_err(of_pending)?,
            (Policy::Pend, _) => file::write(&pending, &contents()).map_err(of_pending)?,
            (Policy::Approve, _) => {
                let written = file::write(&approved, &contents());
                written.map_err(|message| SnapshotProblem { path: path.clone(), message })?;
                file::remove(&pending).map_err(of_pending)?;
            }
        }
        Ok(compared)
    }

    /// Where a path relative to the project root is on disk. The path must be one of this store's.
    fn on_disk(&self, path: &str) -> PathBuf {
        let inside = path.strip_prefix(self.label.as_str()).unwrap_or(path);
        let names = inside.split('/').filter(|name| !name.is_empty());
        names.fold(self.folder.clone(), |folder, name| folder.join(name))
    }
}

/// A slug as a file name. One of nothing but punctuation still needs a name; one too long for file systems, whose limit is
/// 255 bytes with the extensions, is cut and keeps a part of its hash, so that no two become the same.
fn file_name(slug: &str) -> Cow<'_, str> {
    const LONGEST: usize = 200;
    if slug.is_empty() {
        return "-".into();
    }
    if slug.len() <= LONGEST {
        return slug.into();
    }
    let start: String =
        slug.char_indices().take_while(|(at, _)| *at < LONGEST / 2).map(|(_, character)| character).collect();
    let hash = hex::encode(Sha256::digest(slug));
    format!("{start}-{}", &hash[..16]).into()
}

/// Whether a name is one file or folder below another, on every system.
fn is_file_name(name: &str) -> bool {
    !matches!(name, "" | "." | "..")
        && !name.chars().any(|character| matches!(character, '/' | '\\' | ':') || character.is_control())
}

#[cfg(test)]
mod tests;
