//! `hookwright test --watch`: runs again what a changed file touches.
#![allow(clippy::disallowed_methods, reason = "each run has a thread of its own")]

use std::collections::BTreeSet;

use hookwright::suite::snapshot::Policy;

use super::arguments::{Arguments, Test, TestFormat};
use super::changes::{Changes, announcement};
use super::output::{complain, print};
use super::project::{Checks, MANIFEST, Project};
use super::test::Pass;
use super::{Ending, Refusal, output};

/// Comes to an end only when the first run was refused, or the system does not tell of changes.
pub fn run(test: &Test, arguments: &Arguments, policy: Policy) -> Result<Ending, Refusal> {
    if matches!(test.format, TestFormat::Json | TestFormat::Junit) {
        return Err("`--watch` reports again and again, and this format is one document: leave out one of the two".into());
    }
    let project = Project::open()?;
    let changes = Changes::of(&project, &test.paths, policy)?;
    let mut watch = Watch { project, test, arguments, policy, changes };
    watch.run_everything()?;
    loop {
        watch.changes.see_what_was_read(&watch.project);
        watch.say("waiting for changes; Ctrl-C ends\n");
        output::check()?;
        watch.changes.wait()?;
        while !watch.look_and_run() {
            watch.changes.wait()?;
        }
    }
}

struct Watch<'a> {
    project: Project,
    test: &'a Test,
    arguments: &'a Arguments,
    policy: Policy,
    changes: Changes,
}

impl Watch<'_> {
    fn say(&self, what: &str) {
        if !self.arguments.quiet {
            print(what);
        }
    }

    /// Whether something had changed and was run.
    fn look_and_run(&mut self) -> bool {
        let changed = self.changes.since(&self.project);
        if changed.is_empty() {
            return false;
        }
        self.run_changed(&changed).unwrap_or_else(|Refusal(why)| {
            complain(&why);
            true
        })
    }

    fn run_changed(&mut self, changed: &BTreeSet<String>) -> Result<bool, Refusal> {
        let is_spec_or_manifest = changed.iter().any(|path| path.ends_with(".toml"));
        if is_spec_or_manifest {
            self.say(&announcement(changed, &self.changes.seen));
        }
        self.project.open_again()?;
        if changed.contains(MANIFEST) {
            // It may name other folders.
            self.changes.look_again(&self.project);
        }
        let checks = self.project.check(&self.project.specs(&self.test.paths)?);
        let touched = self.changes.touched(&self.project, changed, &checks);
        if touched.as_ref().is_some_and(BTreeSet::is_empty) && checks.unreadable.is_empty() {
            return Ok(is_spec_or_manifest);
        }
        if !is_spec_or_manifest {
            self.say(&announcement(changed, &self.changes.seen));
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
