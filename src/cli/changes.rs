//! Files that change: what has changed in a project since one looked last.
//!
//! The system only wakes us up. What has changed is found by looking at all files that matter, so that nothing is missed when
//! a folder is renamed, an event is lost, or several files change at once.
#![allow(clippy::disallowed_methods, reason = "looks at a project's files to see which of them change")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::{Duration, SystemTime};

use hookwright::case::{Flow, Spec};
use hookwright::suite::snapshot::{Policy, Store};
use notify::event::{AccessKind, AccessMode};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use super::Refusal;
use super::project::{Checks, MANIFEST, Project};

/// Changes in quick succession are one: programs write a file in several steps.
const QUIET: Duration = Duration::from_millis(60);
/// However busy the files are, a run begins after so many quiet times.
const MOST_WAITS: usize = 10;

/// The files of a project that matter to a run, and how they were when one looked last.
pub struct Changes {
    watcher: RecommendedWatcher,
    woken: Receiver<Wake>,
    waker: Sender<Wake>,
    /// The paths of the command line.
    paths: Vec<String>,
    policy: Policy,
    pub seen: Seen,
}

enum Wake {
    Changed,
    End,
}

/// Ends the waiting.
pub struct Ender(Sender<Wake>);

impl Ender {
    pub fn end(&self) {
        // Nobody waits any more.
        let _ = self.0.send(Wake::End);
    }
}

/// What shows that a file was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    bytes: u64,
    modified: Option<SystemTime>,
}

/// The files that matter, by their paths relative to the root.
pub type Seen = BTreeMap<String, Stamp>;

impl Changes {
    /// Begins to look.
    pub fn of(project: &Project, paths: &[String], policy: Policy) -> Result<Changes, Refusal> {
        let (waker, woken) = mpsc::channel();
        let sender = waker.clone();
        let watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            if may_have_changed_something(&event) {
                // The receiver is gone when the program ends.
                let _ = sender.send(Wake::Changed);
            }
        });
        let watcher = watcher.map_err(|error| format!("the system does not tell of changes: {error}"))?;
        let mut changes = Changes { watcher, woken, waker, paths: paths.to_vec(), policy, seen: Seen::new() };
        changes.listen(project).map_err(|error| format!("the system does not tell of changes: {error}"))?;
        changes.seen = changes.look(project);
        Ok(changes)
    }

    pub fn ender(&self) -> Ender {
        Ender(self.waker.clone())
    }

    /// Waits for a change, and until it is quiet again. False when the waiting was ended.
    pub fn wait(&self) -> Result<bool, Refusal> {
        let gone = |_| "the system does not tell of changes any more";
        if let Wake::End = self.woken.recv().map_err(gone)? {
            return Ok(false);
        }
        for _ in 0..MOST_WAITS {
            let so_far = self.woken.try_iter().chain(self.woken.recv_timeout(QUIET));
            let so_far: Vec<Wake> = so_far.collect();
            if so_far.iter().any(|wake| matches!(wake, Wake::End)) {
                return Ok(false);
            }
            if so_far.is_empty() {
                break;
            }
        }
        Ok(true)
    }

    /// What has changed since one looked last.
    pub fn since(&mut self, project: &Project) -> BTreeSet<String> {
        // Folders may have come. That one cannot be listened to is no reason to give up on the others.
        let _ = self.listen(project);
        let now = self.look(project);
        let changed = differences(&self.seen, &now);
        self.seen = now;
        changed
    }

    /// Takes the files as they are now, after a project was opened that may name others.
    pub fn look_again(&mut self, project: &Project) {
        let _ = self.listen(project);
        self.seen = self.look(project);
    }

    /// A file outside of the folders of specs is known from when it was read first.
    pub fn see_what_was_read(&mut self, project: &Project) {
        let _ = self.listen(project);
        for (path, stamp) in self.look(project) {
            self.seen.entry(path).or_insert(stamp);
        }
    }

    /// The specs that the changed files touch; `None`: all of them.
    pub fn touched(&self, project: &Project, changed: &BTreeSet<String>, checks: &Checks) -> Option<BTreeSet<String>> {
        let sources = &project.sources;
        let manifest = project.manifest.file.map(|file| sources.file(file));
        let store = project.store(self.policy);
        let touches_all =
            |path: &String| path == MANIFEST || manifest.as_ref().is_some_and(|manifest| names(&manifest.text, path));
        if changed.iter().any(touches_all) {
            return None;
        }
        let is_touched = |path: &String, spec: &Spec| {
            *path == spec.path || store.id_of(path) == Some(spec.id.as_str()) || names(&sources.file(spec.file).text, path)
        };
        let specs = checks.checked.iter().map(|checked| &checked.spec);
        let (flows, specs): (Vec<_>, Vec<_>) = specs.partition(|spec| spec.flow.is_some());
        let is_changed = |spec: &Spec| changed.iter().any(|path| is_touched(path, spec));
        let mut touched: BTreeSet<String> =
            specs.into_iter().filter(|spec| is_changed(spec)).map(|spec| spec.path.clone()).collect();
        // A flow is as its actions' specs are, also of those that are not in the run.
        let runs_what_changed =
            |flow: &Flow| flow.actions.iter().any(|action| touched.contains(&action.path) || changed.contains(&action.path));
        let of_flows =
            flows.into_iter().filter(|spec| is_changed(spec) || spec.flow.as_deref().is_some_and(runs_what_changed));
        let of_flows: Vec<String> = of_flows.map(|spec| spec.path.clone()).collect();
        touched.extend(of_flows);
        Some(touched)
    }

    /// Has the system tell of changes: wherever a spec may come up, and beside every file that was read. Listening twice to a
    /// folder is no matter; one that was made anew must be listened to again.
    fn listen(&mut self, project: &Project) -> notify::Result<()> {
        let root = &project.root;
        let deep: Vec<PathBuf> = project.watched_folders(&self.paths).iter().map(|path| root.join(path)).collect();
        let is_below = |path: &Path| deep.iter().any(|folder| path.starts_with(folder) && folder.is_dir());
        let mut first_failure = Ok(());
        for folder in deep.iter().filter(|folder| folder.is_dir()) {
            first_failure = first_failure.and(self.watcher.watch(folder, RecursiveMode::Recursive));
        }
        let read = project.read_paths();
        let beside = read.iter().filter_map(|path| Path::new(path).parent()).map(|folder| root.join(folder));
        let flat: BTreeSet<PathBuf> = beside.chain(deep.iter().cloned()).chain([root.clone()]).collect();
        for folder in flat.iter().filter(|folder| !is_below(folder)) {
            let there = folder.ancestors().find(|folder| folder.is_dir()).unwrap_or(root);
            first_failure = first_failure.and(self.watcher.watch(there, RecursiveMode::NonRecursive));
        }
        first_failure
    }

    /// How the files that matter are now.
    fn look(&self, project: &Project) -> Seen {
        let root = &project.root;
        let mut seen = Seen::new();
        for folder in project.watched_folders(&self.paths) {
            let walk = ignore::WalkBuilder::new(root.join(folder)).standard_filters(false).hidden(true).build();
            for entry in walk.flatten() {
                let path = entry.path().strip_prefix(root).map(Path::to_path_buf).unwrap_or_default();
                seen.extend(entry.metadata().ok().and_then(|about| stamp(&about)).map(|stamp| (slashed(&path), stamp)));
            }
        }
        let read = project.read_paths();
        for path in read.iter().map(String::as_str).chain([MANIFEST]) {
            let about = fs::metadata(root.join(path)).ok();
            seen.extend(about.and_then(|about| stamp(&about)).map(|stamp| (path.to_string(), stamp)));
        }
        let store = project.store(self.policy);
        seen.retain(|path, _| matters(&store, path));
        seen
    }
}

/// Reading a file tells of itself, too, and would never let us rest.
fn may_have_changed_something(event: &notify::Result<Event>) -> bool {
    let kind = event.as_ref().map(|event| event.kind);
    !matches!(kind, Ok(EventKind::Access(access)) if access != AccessKind::Close(AccessMode::Write))
}

fn stamp(about: &Metadata) -> Option<Stamp> {
    about.is_file().then(|| Stamp { bytes: about.len(), modified: about.modified().ok() })
}

fn slashed(path: &Path) -> String {
    path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// Of the snapshots only approved ones matter, and those not when the run itself approves.
fn matters(store: &Store, path: &str) -> bool {
    match store.id_of(path) {
        None => true,
        Some(_) => path.ends_with(".snap") && store.policy() != Policy::Approve,
    }
}

/// The files that came, went or were written.
fn differences(before: &Seen, now: &Seen) -> BTreeSet<String> {
    let written = now.iter().filter(|(path, stamp)| before.get(*path) != Some(stamp)).map(|(path, _)| path);
    let gone = before.keys().filter(|path| !now.contains_key(*path));
    written.chain(gone).cloned().collect()
}

/// Whether a text may name a file: it holds the last part of its path. Too many runs are better than one too few.
fn names(text: &str, path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| text.contains(name))
}

/// `specs/a.toml has changed and 2 more`
pub fn announcement(changed: &BTreeSet<String>, now: &Seen) -> String {
    let Some(first) = changed.first() else { return String::new() };
    let what = if now.contains_key(first) { "has changed" } else { "is gone" };
    let more = if changed.len() > 1 { format!(", and {} more", changed.len() - 1) } else { String::new() };
    format!("\n{} {what}{more}\n", hookwright::diagnostic::printable(first))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(files: &[(&str, u64)]) -> Seen {
        let stamp = |bytes| Stamp { bytes, modified: None };
        files.iter().map(|(path, bytes)| (path.to_string(), stamp(*bytes))).collect()
    }

    #[test]
    fn what_came_went_or_was_written_is_a_difference() {
        let before = seen(&[("a", 1), ("b", 1), ("c", 1)]);
        let now = seen(&[("a", 1), ("b", 2), ("d", 1)]);
        let changed = differences(&before, &now);
        assert_eq!(changed.iter().collect::<Vec<_>>(), ["b", "c", "d"]);
        assert_eq!(announcement(&changed, &now), "\nb has changed, and 2 more\n");
        assert!(differences(&now, &now).is_empty());
        assert_eq!(announcement(&differences(&seen(&[("a", 1)]), &seen(&[])), &seen(&[])), "\na is gone\n");
    }

    #[test]
    fn what_we_write_ourselves_does_not_matter() {
        let store = |policy| Store::new("/x/snapshots", "snapshots", policy);
        let pend = store(Policy::Pend);
        assert!(matters(&pend, "specs/a.toml") && matters(&pend, "snapshots/a/x.snap"));
        assert!(!matters(&pend, "snapshots/a/x.snap.new"));
        assert!(!matters(&store(Policy::Approve), "snapshots/a/x.snap"));
    }

    #[test]
    fn reading_is_no_change() {
        let of = |kind| may_have_changed_something(&Ok(Event::new(kind)));
        assert!(!of(EventKind::Access(AccessKind::Open(AccessMode::Any))));
        assert!(!of(EventKind::Access(AccessKind::Close(AccessMode::Read))));
        assert!(of(EventKind::Access(AccessKind::Close(AccessMode::Write))));
        assert!(of(EventKind::Other) && of(EventKind::Any));
    }
}
