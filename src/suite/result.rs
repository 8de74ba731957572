//! What came of a case, and of all of them.

use std::time::Duration;

use super::{Failed, FlowRun, Step};
use crate::diagnostic::Diagnostic;
use crate::eval::{Exchange, SecretValues};

/// Whether a case is as it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Passed,
    Failed,
    /// Nothing failed, but there is no approved transcript yet.
    New,
}

impl Status {
    pub fn word(self) -> &'static str {
        match self {
            Status::Passed => "passed",
            Status::Failed => "failed",
            Status::New => "new",
        }
    }
}

/// How a transcript compares with the approved one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SnapshotState {
    Same,
    Changed,
    New,
    /// No snapshot is kept: the case did not run, ran against a real service, or has the name of an earlier one.
    None,
}

impl SnapshotState {
    pub fn word(self) -> &'static str {
        match self {
            SnapshotState::Same => "same",
            SnapshotState::Changed => "changed",
            SnapshotState::New => "new",
            SnapshotState::None => "none",
        }
    }
}

/// What was run.
#[derive(Clone, Debug, Default)]
pub enum Ran {
    /// There was nothing to run.
    #[default]
    Nothing,
    Case(Box<Exchange>),
    Flow(Box<FlowRun>),
}

/// What came of one case or flow.
#[derive(Clone, Debug)]
pub struct CaseResult {
    /// The path of its file, relative to the project root.
    pub spec: String,
    /// The case's or the flow's name.
    pub case: String,
    pub status: Status,
    pub snapshot: SnapshotState,
    /// Where its approved transcript is or would be, relative to the project root.
    pub snapshot_path: Option<String>,
    /// The transcript was approved in this run: a change is no failure then.
    pub approved: bool,
    pub failures: Vec<Failed>,
    /// What could not be told at a place in a file: there is nothing to run, a snapshot cannot be read.
    pub problems: Vec<String>,
    pub ran: Ran,
    /// The approved transcript and the one of this run, where they differ; the approved one is empty when there is none.
    pub change: Option<(String, String)>,
    /// How many times its request was sent again to a real service.
    pub sent_again: u32,
}

impl CaseResult {
    /// A case that did not run, or was lost while running.
    pub fn not_run(spec: impl Into<String>, case: impl Into<String>, why: impl Into<String>) -> CaseResult {
        CaseResult {
            spec: spec.into(),
            case: case.into(),
            status: Status::Failed,
            snapshot: SnapshotState::None,
            snapshot_path: None,
            approved: false,
            failures: Vec::new(),
            problems: vec![why.into()],
            ran: Ran::Nothing,
            change: None,
            sent_again: 0,
        }
    }

    /// The status that follows from everything else.
    pub fn judge(mut self) -> CaseResult {
        self.status = match () {
            () if self.has_changed() || self.request_change().is_some() => Status::Failed,
            () if !self.failures.is_empty() || !self.problems.is_empty() => Status::Failed,
            () if self.snapshot == SnapshotState::New && !self.approved => Status::New,
            () => Status::Passed,
        };
        self
    }

    /// Why it failed, one line each; that its transcript changed is told apart.
    pub fn reasons(&self) -> Vec<String> {
        let mut reasons: Vec<String> = self.problems.clone();
        reasons.extend(self.failures.iter().map(|failed| failed.message.clone()));
        reasons.extend(self.request_difference());
        reasons
    }

    /// Whether its transcript is another than the approved one.
    pub fn has_changed(&self) -> bool {
        self.snapshot == SnapshotState::Changed && !self.approved
    }

    /// The approved request and the one of this run, where they differ and so nothing was sent to a real service.
    pub fn request_change(&self) -> Option<&(String, String)> {
        self.change.as_ref().filter(|_| self.snapshot == SnapshotState::None)
    }

    /// What the title of [`CaseResult::request_change`] says.
    pub fn request_difference(&self) -> Option<String> {
        let path = self.snapshot_path.as_deref().unwrap_or("the approved snapshot");
        self.request_change().map(|_| format!("the request differs from that in {path}, so it was not sent"))
    }

    /// Every secret that its texts might show.
    pub fn net(&self) -> SecretValues {
        let mut net = match &self.ran {
            Ran::Flow(run) => return run.secrets.clone(),
            Ran::Nothing | Ran::Case(_) => SecretValues::default(),
        };
        self.exchanges().iter().for_each(|exchange| net.extend(&exchange.net()));
        net
    }

    /// How long its exchanges took.
    pub fn duration(&self) -> Duration {
        let milliseconds: f64 = self.exchanges().iter().map(|exchange| exchange.duration_milliseconds).sum();
        Duration::try_from_secs_f64(milliseconds / 1000.0).unwrap_or_default()
    }

    /// Every exchange of it.
    pub fn exchanges(&self) -> Vec<&Exchange> {
        match &self.ran {
            Ran::Nothing => Vec::new(),
            Ran::Case(exchange) => vec![exchange],
            Ran::Flow(run) => run.steps.iter().filter_map(Step::ran).map(|(_, exchange)| exchange).collect(),
        }
    }
}

/// How many cases came out how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    pub passed: usize,
    pub failed: usize,
    pub new: usize,
}

impl Summary {
    pub fn total(self) -> usize {
        self.passed + self.failed + self.new
    }
}

/// A case that was not run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotRun {
    /// The path of its file, relative to the project root.
    pub spec: String,
    /// The case's name.
    pub case: String,
    pub why: LeftOut,
}

/// Why a case was not run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// Another one had failed before.
    AfterFailure,
    /// A real service cannot meet it, for this reason.
    CannotBeMet(String),
}

impl NotRun {
    /// Whether the run was cut short, and so is no success.
    pub fn is_after_failure(&self) -> bool {
        self.why == LeftOut::AfterFailure
    }

    /// Why, in a sentence's end.
    pub fn reason(&self) -> &str {
        match &self.why {
            LeftOut::AfterFailure => "another case had failed before",
            LeftOut::CannotBeMet(why) => why,
        }
    }
}

/// What came of a whole run.
#[derive(Debug, Default)]
pub struct SuiteReport {
    /// In the order of the specs and their cases.
    pub results: Vec<CaseResult>,
    /// What was left out. It counts neither as passed nor as failed.
    pub not_run: Vec<NotRun>,
    /// What the lints found on the way.
    pub diagnostics: Vec<Diagnostic>,
    /// Snapshots that belong to no case.
    pub orphans: Vec<String>,
}

impl SuiteReport {
    pub fn summary(&self) -> Summary {
        let count = |status| self.results.iter().filter(|result| result.status == status).count();
        Summary { passed: count(Status::Passed), failed: count(Status::Failed), new: count(Status::New) }
    }

    /// The cases that took longest, the slowest first; of those that took alike, the earlier.
    pub fn slowest(&self) -> Vec<&CaseResult> {
        let mut results: Vec<&CaseResult> = self.results.iter().collect();
        results.sort_by_key(|result| std::cmp::Reverse(result.duration()));
        results
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(snapshot: SnapshotState, approved: bool, problem: bool) -> Status {
        let mut result = CaseResult::not_run("a.toml", "a", "x");
        (result.snapshot, result.approved) = (snapshot, approved);
        if !problem {
            result.problems.clear();
        }
        result.judge().status
    }

    #[test]
    fn a_change_fails_unless_it_is_approved_and_a_failure_always_does() {
        assert_eq!(status(SnapshotState::Same, false, false), Status::Passed);
        assert_eq!(status(SnapshotState::Changed, false, false), Status::Failed);
        assert_eq!(status(SnapshotState::New, false, false), Status::New);
        assert_eq!(status(SnapshotState::New, true, false), Status::Passed);
        assert_eq!(status(SnapshotState::Changed, true, false), Status::Passed);
        assert_eq!(status(SnapshotState::New, true, true), Status::Failed);
    }
}
