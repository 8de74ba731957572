//! `hookwright test`: every case against a mock, its expectations, its snapshot.
#![allow(clippy::disallowed_methods, reason = "reads `CI`, the one environment variable that a verdict depends on")]

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use hookwright::case::{Case, Flow, Spec};
use hookwright::eval::SecretValues;
use hookwright::mock::share_one_processor;
use hookwright::plan::Plan;
use hookwright::report::{self, Context, Paint};
use hookwright::suite::snapshot::{Comparison, Owner, Policy, Store};
use hookwright::suite::{
    CaseResult, Crew, LeftOut, NotRun, Ran, SnapshotState, Status, SuiteReport, Worker, failures, run_flow, run_jobs,
};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::arguments::{Arguments, Test, TestFormat};
use super::choice::{Job, Keeps, Task, jobs, tasks};
use super::lint::{findings, passes, secret_values};
use super::output::{note, pretty, print, wants_color, wants_progress, width};
use super::project::{Checked, Checks, Project};
use super::side_by_side::processors;
use super::{Ending, Refusal, live, watch};

pub fn run(test: &Test, arguments: &Arguments) -> Result<Ending, Refusal> {
    if test.live.live {
        return live::run(test, arguments);
    }
    let policy = Policy::choose(test.update, is_ci())
        .ok_or("`--update` approves nothing while `CI` is set: approve on your own machine and commit the snapshots")?;
    if test.watch {
        return watch::run(test, arguments, policy);
    }
    let project = Project::open()?;
    let checks = project.check(&project.specs(&test.paths)?);
    Pass { project: &project, test, arguments, policy, touched: None }.run(&checks)
}

/// One run of cases.
pub struct Pass<'a> {
    pub project: &'a Project,
    pub test: &'a Test,
    pub arguments: &'a Arguments,
    pub policy: Policy,
    /// The paths of the specs whose cases are run and whose findings are told; `None`: all.
    pub touched: Option<BTreeSet<String>>,
}

impl Pass<'_> {
    pub fn run(&self, checks: &Checks) -> Result<Ending, Refusal> {
        let (project, checked) = (self.project, &checks.checked);
        let mut jobs = jobs(checked, self.test)?;
        jobs.retain(|job| self.is_touched(job.spec));
        let store = project.store(self.policy);
        let (results, not_run) = run_all(&jobs, &store, self.test, self.arguments);
        let orphans = match self.is_everything() && checks.unreadable.is_empty() {
            true => orphans(project, checked, &store)?,
            false => Vec::new(),
        };
        let diagnostics = findings(project, self.touched_of(checked));
        let report = SuiteReport { results, not_run, diagnostics, orphans };
        Ok(checks.ending(self.show(report, checked, &secret_values(checked))))
    }

    fn is_everything(&self) -> bool {
        let test = self.test;
        test.paths.is_empty() && test.cases.is_empty() && test.shard.is_none() && self.touched.is_none()
    }

    fn is_touched(&self, spec: &Spec) -> bool {
        self.touched.as_ref().is_none_or(|touched| touched.contains(&spec.path))
    }

    fn touched_of<'c>(&'c self, checked: &'c [Checked]) -> impl Iterator<Item = &'c Checked> {
        checked.iter().filter(|checked| self.is_touched(&checked.spec))
    }

    /// Prints the report, without the secrets.
    pub fn show(&self, mut report: SuiteReport, checked: &[Checked], secrets: &SecretValues) -> Ending {
        let (project, quiet) = (self.project, self.arguments.quiet);
        let context = Context { sources: &project.sources, secrets, color: wants_color(), width: width() };
        let lints_pass = passes(project, self.touched_of(checked), false);
        match self.test.format {
            TestFormat::Json => print(&pretty(&report::test_json(&report, &context))),
            TestFormat::Github => print(&report::github_test(&report, &context)),
            TestFormat::Junit => print(&report::test_junit(&report, &context)),
            TestFormat::Human => {
                let expected = keep_what_matters(&mut report, project, self.touched_of(checked));
                print(&report::test_text(&report, &context));
                print(&report::live_text(&report, &context));
                if !quiet {
                    print(&report::test_summary(&report, Paint { color: context.color }));
                    print(&remarks(expected, lints_pass));
                }
                if !quiet || self.test.slowest.is_some() {
                    print(&report::slowest_text(&report, self.test.slowest, &context));
                }
            }
        }
        let cut = report.not_run.iter().filter(|not_run| not_run.is_after_failure()).count();
        if cut > 0 && self.test.format != TestFormat::Human {
            note(&format!("{cut} cases were not run after the first failure"));
        }
        let all_passed = report.results.iter().all(|result| result.status == Status::Passed);
        if all_passed && cut == 0 && lints_pass { Ending::Well } else { Ending::Findings }
    }
}

/// Continuous integration systems set `CI`.
pub fn is_ci() -> bool {
    std::env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false" && value != "0")
}

/// What came of the cases, and those that were left out.
fn run_all(jobs: &[Job<'_>], store: &Store, test: &Test, arguments: &Arguments) -> (Vec<CaseResult>, Vec<NotRun>) {
    let bar = progress(jobs.len(), arguments.quiet);
    // Starting a worker costs more than a few cases do.
    const WORTH_A_WORKER: usize = 8;
    let most = test.jobs.unwrap_or_else(processors).max(1);
    let workers = if test.jobs.is_some() { most } else { most.min(jobs.len().div_ceil(WORTH_A_WORKER)) };
    let hired = AtomicUsize::new(0);
    let crew = Crew {
        workers,
        hire: &|| hire(&hired),
        work: &|worker: &mut Worker, job: &Job<'_>| run_one(worker, job, store),
        lost: &|job: &Job<'_>, why: &str| CaseResult::not_run(&job.spec.path, job.task.name(), why),
        progress: &|_| bar.inc(1),
        // What is new has not failed: with the first run of a project everything is.
        is_enough: &|result: &CaseResult| test.fail_fast && result.status == Status::Failed,
    };
    let done = run_jobs(jobs, &crew);
    bar.finish_and_clear();
    let left_out = jobs.iter().zip(&done).filter(|(_, done)| done.is_none());
    let not_run = left_out.map(|(job, _)| job.not_run(LeftOut::AfterFailure)).collect();
    (done.into_iter().flatten().collect(), not_run)
}

/// A worker for the calling thread, which from now on stays on one processor: see [`share_one_processor`].
fn hire(hired: &AtomicUsize) -> Result<Worker, String> {
    share_one_processor(hired.fetch_add(1, Ordering::Relaxed));
    Worker::start().map_err(|error| format!("the mock cannot be started: {error}"))
}

/// A bar for a run that is long enough to be waited for.
pub fn progress(jobs: usize, quiet: bool) -> ProgressBar {
    const LONG: usize = 1_000;
    if jobs < LONG || !wants_progress(quiet) {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::with_draw_target(Some(jobs as u64), ProgressDrawTarget::stderr_with_hz(10));
    if let Ok(style) = ProgressStyle::with_template("{wide_bar} {pos}/{len} cases") {
        bar.set_style(style);
    }
    bar
}

fn run_one(worker: &mut Worker, job: &Job<'_>, store: &Store) -> CaseResult {
    let nothing_to_run = |why: Option<&str>| {
        let why = why.unwrap_or("the spec cannot be read");
        CaseResult::not_run(&job.spec.path, job.task.name(), format!("there is nothing to run: {why}"))
    };
    match (job.task, &job.spec.plan, job.spec.not_runnable.as_deref()) {
        (Task::Flow(flow), _, None) => run_a_flow(worker, job, flow, store),
        (Task::Flow(_), _, why) => CaseResult { ran: Ran::Flow(Box::default()), ..nothing_to_run(why) },
        (Task::Case(case), Some(plan), None) => run_a_case(worker, job, (plan, case), store),
        (Task::Case(_), _, why) => nothing_to_run(why),
    }
}

fn run_a_case(worker: &mut Worker, job: &Job<'_>, (plan, case): (&Plan, &Case), store: &Store) -> CaseResult {
    let (path, name) = (&job.spec.path, job.task.name());
    let exchange = match worker.exchange(plan, case, &job.spec.declared_secrets) {
        Ok(exchange) => exchange,
        Err(why) => return CaseResult::not_run(path, name, why),
    };
    let mut result = CaseResult {
        failures: failures(&case.expect, &exchange),
        problems: Vec::new(),
        ..CaseResult::not_run(path, name, "")
    };
    settle(job, store, report::transcript(&exchange), &mut result);
    result.ran = Ran::Case(Box::new(exchange));
    result.judge()
}

fn run_a_flow(worker: &mut Worker, job: &Job<'_>, flow: &Flow, store: &Store) -> CaseResult {
    let run = run_flow(worker, flow);
    let mut result = CaseResult {
        failures: run.failures.clone(),
        problems: run.problems.clone(),
        ..CaseResult::not_run(&job.spec.path, job.task.name(), "")
    };
    settle(job, store, report::flow_transcript(&run), &mut result);
    result.ran = Ran::Flow(Box::new(run));
    result.judge()
}

/// Holds the transcript against the approved one, and writes what the store's policy allows.
fn settle(job: &Job<'_>, store: &Store, transcript: String, result: &mut CaseResult) {
    let (spec, task) = (job.spec, job.task);
    match job.keeps {
        Keeps::Own => {}
        Keeps::Nothing => return,
        Keeps::OfSpec(other) => {
            let why = format!("its snapshot would be that of `{other}`: both have the id `{}`", spec.id);
            return result.problems.push(why);
        }
    }
    let owner = Owner { id: &spec.id, slug: task.slug(), spec: &spec.path, case: task.name() };
    result.snapshot_path = store.path(owner.id, owner.slug).ok();
    result.approved = store.policy() == Policy::Approve;
    match store.settle(&owner, &transcript) {
        Ok(Comparison::Same) => result.snapshot = SnapshotState::Same,
        Ok(Comparison::Changed { old }) => {
            result.snapshot = SnapshotState::Changed;
            result.change = Some((old, transcript));
        }
        Ok(Comparison::New) => {
            result.snapshot = SnapshotState::New;
            result.change = Some((String::new(), transcript));
        }
        Err(problem) => result.problems.push(problem.to_string()),
    }
}

/// Snapshots that belong to no case or flow of the whole project.
pub fn orphans(project: &Project, checked: &[Checked], store: &Store) -> Result<Vec<String>, Refusal> {
    let all = checked.iter().flat_map(|checked| tasks(&checked.spec).map(|task| (&checked.spec, task)));
    let known: BTreeSet<String> = all.filter_map(|(spec, task)| store.path(&spec.id, task.slug()).ok()).collect();
    // Of a broken file some cases may not have been seen: their snapshots are not given up.
    let broken = checked.iter().filter(|checked| is_broken(&checked.spec));
    let kept: Vec<String> = broken.filter_map(|checked| store.folder_of(&checked.spec.id).ok()).collect();
    let mut orphans = store.orphans(&known)?;
    orphans.retain(|path| !kept.iter().any(|folder| path.starts_with(folder)));
    orphans.retain(|path| store.id_of(path).is_none_or(|id| !project.has_file_outside(id)));
    Ok(orphans)
}

fn is_broken(spec: &Spec) -> bool {
    spec.diagnostics.iter().any(|finding| finding.lint.name == "toml-syntax")
}

/// What the numbers of passed and failed cases do not say.
fn remarks(expected_findings: usize, lints_pass: bool) -> String {
    let mut text = String::new();
    if !lints_pass {
        text.push_str("the lints found errors, see above\n");
    }
    if expected_findings > 0 {
        let what = "findings are expected by their specs or are for information; `hookwright lint` shows them";
        text.push_str(&format!("{expected_findings} {what}\n"));
    }
    text
}

/// Leaves the findings that a person running cases must see; gives how many were left out.
fn keep_what_matters<'a>(report: &mut SuiteReport, project: &Project, checked: impl Iterator<Item = &'a Checked>) -> usize {
    use hookwright::diagnostic::Severity;
    let all = report.diagnostics.len();
    let of_specs = checked.flat_map(|checked| checked.spec.diagnostics.iter().zip(&checked.verdict.expected));
    let shown = of_specs.filter(|(finding, expected)| !**expected && finding.severity > Severity::Info);
    report.diagnostics = project.manifest_findings.iter().chain(shown.map(|(finding, _)| finding)).cloned().collect();
    all - report.diagnostics.len()
}
