//! `hookwright test --watch`: runs again what a changed file touches.
//!
//! The system only wakes us up. What has changed is found by looking at all files that matter, so that nothing is missed when
//! a folder is renamed, an event is lost, or several files change at once.
#![allow(clippy::disallowed_methods, reason = "looks at a project's files to see which of them change")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, SystemTime};

use hookwright::case::Flow;
use hookwright::suite::snapshot::{Policy, Store};
use notify::event::{AccessKind, AccessMode};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use super::arguments::{Arguments, Test, TestFormat};
use super::output::{complain, print};
use super::project::{Checks, MANIFEST, Project};
use super::test::Pass;
use super::{Ending, Refusal, output};

/// Changes in quick succession are one: programs write a file in several steps.
const QUIET: Duration = Duration::from_millis(60);
/// However busy the files are, a run begins after so many quiet times.
const MOST_WAITS: usize = 10;

/// Comes to an end only when the first run was refused, or the system does not tell of changes.
pub fn run(test: &Test, arguments: &Arguments, policy: Policy) -> Result<Ending, Refusal> {
    if matches!(test.format, TestFormat::Json | TestFormat::Junit) {
        return Err("`--watch` reports again and again, and this format is one document: leave out one of the two".into());
    }
    let (sender, changes) = mpsc::channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
        if may_have_changed_something(&event) {
            // The receiver is gone when the program ends.
            let _ = sender.send(());
        }
    })
    .map_err(|error| format!("the system does not tell of changes: {error}"))?;
    let mut watch = Watch { project: Project::open()?, test, arguments, policy, seen: Seen::new() };
    watch.listen(&mut watcher).map_err(|error| format!("the system does not tell of changes: {error}"))?;
    watch.seen = watch.look();
    watch.run_everything()?;
    loop {
        watch.see_what_was_read(&mut watcher);
        watch.say("waiting for changes; Ctrl-C ends\n");
        output::check()?;
        wait(&changes)?;
        while !watch.look_and_run(&mut watcher) {
            wait(&changes)?;
        }
    }
}

/// Reading a file tells of itself, too, and would never let us rest.
fn may_have_changed_something(event: &notify::Result<Event>) -> bool {
    let kind = event.as_ref().map(|event| event.kind);
    !matches!(kind, Ok(EventKind::Access(access)) if access != AccessKind::Close(AccessMode::Write))
}

/// Waits for a change, and until it is quiet again.
fn wait(changes: &Receiver<()>) -> Result<(), Refusal> {
    changes.recv().map_err(|_| "the system does not tell of changes any more")?;
    for _ in 0..MOST_WAITS {
        while changes.try_recv().is_ok() {}
        if let Err(RecvTimeoutError::Timeout) = changes.recv_timeout(QUIET) {
            break;
        }
    }
    Ok(())
}

/// What shows that a file was written.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Stamp {
    bytes: u64,
    modified: Option<SystemTime>,
}

/// The files that matter, by their paths relative to the root.
type Seen = BTreeMap<String, Stamp>;

struct Watch<'a> {
    project: Project,
    test: &'a Test,
    arguments: &'a Arguments,
    policy: Policy,
    seen: Seen,
}

impl Watch<'_> {
    fn say(&self, what: &str) {
        if !self.arguments.quiet {
            print(what);
        }
    }

    /// Whether something had changed and was run.
    fn look_and_run(&mut self, watcher: &mut RecommendedWatcher) -> bool {
        // Folders may have come. That one cannot be listened to is no reason to give up on the others.
        let _ = self.listen(watcher);
        let now = self.look();
        let changed = differences(&self.seen, &now);
        self.seen = now;
        if changed.is_empty() {
            return false;
        }
        self.run_changed(&changed, watcher).unwrap_or_else(|Refusal(why)| {
            complain(&why);
            true
        })
    }

    fn run_changed(&mut self, changed: &BTreeSet<String>, watcher: &mut RecommendedWatcher) -> Result<bool, Refusal> {
        let is_spec_or_manifest = changed.iter().any(|path| path.ends_with(".toml"));
        if is_spec_or_manifest {
            self.say(&announcement(changed, &self.seen));
        }
        self.project.open_again()?;
        if changed.contains(MANIFEST) {
            // It may name other folders.
            let _ = self.listen(watcher);
            self.seen = self.look();
        }
        let checks = self.project.check(&self.project.specs(&self.test.paths)?);
        let touched = self.touched(changed, &checks);
        if touched.as_ref().is_some_and(BTreeSet::is_empty) && checks.unreadable.is_empty() {
            return Ok(is_spec_or_manifest);
        }
        if !is_spec_or_manifest {
            self.say(&announcement(changed, &self.seen));
        }
        self.pass(&checks, touched).map(|()| true)
    }

    fn run_everything(&self) -> Result<(), Refusal> {
        let checks = self.project.check(&self.project.specs(&self.test.paths)?);
        self.pass(&checks, None)
    }

    fn pass(&self, checks: &Checks, touched: Option<BTreeSet<String>>) -> Result<(), Refusal> {
        let (project, test, arguments, policy) = (&self.project, self.test, self.arguments, self.policy);
        in_a_thread(|| Pass { project, test, arguments, policy, touched }.run(checks).map(|_| ()))
    }

    /// A file outside of the folders of specs is known from when it was read first.
    fn see_what_was_read(&mut self, watcher: &mut RecommendedWatcher) {
        let _ = self.listen(watcher);
        for (path, stamp) in self.look() {
            self.seen.entry(path).or_insert(stamp);
        }
    }

    /// The specs that the changed files touch; `None`: all of them.
    fn touched(&self, changed: &BTreeSet<String>, checks: &Checks) -> Option<BTreeSet<String>> {
        let sources = &self.project.sources;
        let manifest = self.project.manifest.file.map(|file| sources.file(file));
        let store = self.project.store(self.policy);
        let touches_all =
            |path: &String| path == MANIFEST || manifest.as_ref().is_some_and(|manifest| names(&manifest.text, path));
        if changed.iter().any(touches_all) {
            return None;
        }
        let is_touched = |path: &String, spec: &hookwright::case::Spec| {
            *path == spec.path || store.id_of(path) == Some(spec.id.as_str()) || names(&sources.file(spec.file).text, path)
        };
        let specs = checks.checked.iter().map(|checked| &checked.spec);
        let (flows, specs): (Vec<_>, Vec<_>) = specs.partition(|spec| spec.flow.is_some());
        let is_changed = |spec: &hookwright::case::Spec| changed.iter().any(|path| is_touched(path, spec));
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
    fn listen(&self, watcher: &mut RecommendedWatcher) -> notify::Result<()> {
        let root = &self.project.root;
        let deep: Vec<PathBuf> = self.project.watched_folders(&self.test.paths).iter().map(|path| root.join(path)).collect();
        let is_below = |path: &Path| deep.iter().any(|folder| path.starts_with(folder) && folder.is_dir());
        let mut first_failure = Ok(());
        for folder in deep.iter().filter(|folder| folder.is_dir()) {
            first_failure = first_failure.and(watcher.watch(folder, RecursiveMode::Recursive));
        }
        let read = self.project.read_paths();
        let beside = read.iter().filter_map(|path| Path::new(path).parent()).map(|folder| root.join(folder));
        let flat: BTreeSet<PathBuf> = beside.chain(deep.iter().cloned()).chain([root.clone()]).collect();
        for folder in flat.iter().filter(|folder| !is_below(folder)) {
            let there = folder.ancestors().find(|folder| folder.is_dir()).unwrap_or(root);
            first_failure = first_failure.and(watcher.watch(there, RecursiveMode::NonRecursive));
        }
        first_failure
    }

    /// How the files that matter are now.
    fn look(&self) -> Seen {
        let root = &self.project.root;
        let mut seen = Seen::new();
        for folder in self.project.watched_folders(&self.test.paths) {
            let walk = ignore::WalkBuilder::new(root.join(folder)).standard_filters(false).hidden(true).build();
            for entry in walk.flatten() {
                let path = entry.path().strip_prefix(root).map(Path::to_path_buf).unwrap_or_default();
                seen.extend(entry.metadata().ok().and_then(|about| stamp(&about)).map(|stamp| (slashed(&path), stamp)));
            }
        }
        let read = self.project.read_paths();
        for path in read.iter().map(String::as_str).chain([MANIFEST]) {
            let about = fs::metadata(root.join(path)).ok();
            seen.extend(about.and_then(|about| stamp(&about)).map(|stamp| (path.to_string(), stamp)));
        }
        let store = self.project.store(self.policy);
        seen.retain(|path, _| matters(&store, path));
        seen
    }
}

/// A thread of its own: a worker stays on one processor from then on, which the next run must not inherit.
fn in_a_thread<T: Send>(work: impl FnOnce() -> Result<T, Refusal> + Send) -> Result<T, Refusal> {
    /// Room for deeply nested input, as on the main thread.
    const STACK: usize = 8 << 20;
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        let thread = thread.map_err(|error| format!("a thread cannot be started: {error}"))?;
        thread.join().unwrap_or_else(|_| Err("a fault in this program ended the run".into()))
    })
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
fn announcement(changed: &BTreeSet<String>, now: &Seen) -> String {
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
