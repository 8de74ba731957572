//! `hookwright test --live`: the same cases against a real service.
#![allow(clippy::disallowed_methods, reason = "a service is given time before it is asked again")]

use std::collections::BTreeMap;

use clap::{ArgGroup, Args};
use hookwright::eval::Exchange;
use hookwright::run::TokenCache;
use hookwright::suite::snapshot::Policy;
use hookwright::suite::{
    AllowedHosts, CaseResult, Crew, LeftOut, Live, LiveWorker, Moment, NotRun, Ran, Status, SuiteReport, is_transient,
    must_not_send, pause, reply_failures, run_jobs,
};

use super::arguments::{Arguments, Test, TestFormat};
use super::ask;
use super::cautions::cautions;
use super::choice::{CaseJob, Job, jobs};
use super::lint::{findings, secret_values};
use super::output::note;
use super::project::Project;
use super::rehearsal::{Next, Sending, Stage};
use super::test::{Pass, progress};
use super::{Ending, Refusal};

/// Where the help shows these options.
const HEADING: &str = "Against a real service";

/// What only `test --live` takes.
#[derive(Args, Debug)]
#[command(group = ArgGroup::new("target").args(["env", "base_url"]))]
pub struct LiveOptions {
    /// Send the requests to a real service, and hold its replies against `expect` and, by shape, the recorded ones
    #[arg(help_heading = HEADING, long, requires = "target", conflicts_with_all = ["update", "watch"])]
    pub live: bool,
    /// An environment of the manifest, its hosts and globals
    #[arg(help_heading = HEADING, long, value_name = "NAME", requires = "live")]
    pub env: Option<String>,
    /// Scheme, host and port to send to instead
    #[arg(help_heading = HEADING, long, value_name = "URL", requires = "live")]
    pub base_url: Option<String>,
    /// Another host that requests may go to; may be repeated
    #[arg(help_heading = HEADING, long = "allow-host", value_name = "HOST", requires = "live")]
    pub allowed_hosts: Vec<String>,
    /// Send also what is not a GET without asking
    #[arg(help_heading = HEADING, long, requires = "live")]
    pub yes: bool,
    /// Send up to N times more what fails by the network, a 429 or a 5xx; other than GET only with `--yes`
    #[arg(help_heading = HEADING, long, value_name = "N", requires = "live", default_value_t = 0, hide_default_value = true)]
    pub retry: u32,
}

pub fn run(test: &Test, arguments: &Arguments) -> Result<Ending, Refusal> {
    let project = Project::open()?;
    let checks = project.check(&project.specs(&test.paths)?);
    let (jobs, flows) = cases_and_flows(&jobs(&checks.checked, test)?);
    let mut stage = Stage::set(&project, &test.live, &jobs)?;
    let next = stage.rehearse(&jobs)?;
    confirm(&test.live, &next)?;
    let mut secrets = secret_values(&checks.checked);
    secrets.extend(&stage.net);
    let Held { results, mut not_run, cautions } = Meeting { stage: &stage, test, jobs: &jobs }.hold(&next, arguments)?;
    not_run.extend(flows);
    let is_empty = results.is_empty() && !not_run.is_empty() && test.shard.is_none();
    if test.format == TestFormat::Human && !arguments.quiet {
        tell_what_was_not_compared(stage.without_snapshot);
    }
    if !arguments.quiet {
        cautions.iter().for_each(|caution| note(caution));
    }
    let diagnostics = findings(&project, &checks.checked);
    let report = SuiteReport { results, not_run, diagnostics, orphans: Vec::new() };
    let pass = Pass { project: &project, test, arguments, policy: Policy::Compare, touched: None };
    let ending = checks.ending(pass.show(report, &checks.checked, &secrets));
    if is_empty {
        return Err("no case can be met by a real service, so nothing was sent".into());
    }
    Ok(ending)
}

/// The cases, and the flows as what is not run: their steps build on replies that a service does not give.
fn cases_and_flows<'a>(jobs: &[Job<'a>]) -> (Vec<CaseJob<'a>>, Vec<NotRun>) {
    let why = "a flow runs against the mock alone: its steps build on the replies that it gives";
    let flows = jobs.iter().filter(|job| job.of_case().is_none());
    let flows = flows.map(|job| job.not_run(LeftOut::CannotBeMet(why.into()))).collect();
    (jobs.iter().filter_map(Job::of_case).collect(), flows)
}

fn tell_what_was_not_compared(cases: usize) {
    let of = "an approved snapshot that the request could be held against";
    match cases {
        0 => {}
        1 => note(&format!("1 case does not have {of}")),
        several => note(&format!("{several} cases do not have {of}")),
    }
}

/// Asks once before anything but GET is sent.
fn confirm(options: &LiveOptions, next: &[Next<'_>]) -> Result<(), Refusal> {
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for sending in next.iter().filter_map(sending) {
        if let Some((method, host)) = sending.request.as_ref().filter(|(method, _)| method != "GET") {
            *counts.entry((host, method)).or_default() += 1;
        }
    }
    if counts.is_empty() || options.yes {
        return Ok(());
    }
    let lines: Vec<String> = counts.iter().map(|((host, method), count)| format!("{count} {method} to {host}")).collect();
    if !ask::somebody() {
        let what = lines.join(", ");
        let why = "may change something there, and nobody can be asked; `--yes` sends them all the same";
        return Err(format!("nothing was sent: {what} {why}").into());
    }
    let question = format!("These requests may change something:\n  {}\nSend them? [y/N] ", lines.join("\n  "));
    let answer = ask::text(&question)?.unwrap_or_default().to_ascii_lowercase();
    match matches!(answer.trim(), "y" | "yes") {
        true => Ok(()),
        false => Err("nothing was sent".into()),
    }
}

fn sending<'n, 'a>(next: &'n Next<'a>) -> Option<&'n Sending<'a>> {
    match next {
        Next::Send(sending) => Some(sending),
        Next::LeaveOut(_) | Next::Settled(_) => None,
    }
}

/// The cases and the service.
struct Meeting<'m, 'a> {
    stage: &'m Stage<'a>,
    test: &'m Test,
    jobs: &'m [CaseJob<'a>],
}

/// What came of the cases, and those that were left out.
struct Held {
    results: Vec<CaseResult>,
    not_run: Vec<NotRun>,
    /// What the user should know of the requests that went out, each once.
    cautions: Vec<String>,
}

/// A case and what is to be done with it.
type Turn<'m, 'a> = (&'m CaseJob<'a>, &'m Next<'a>);

impl<'m, 'a> Meeting<'m, 'a> {
    fn hold(&self, next: &'m [Next<'a>], arguments: &Arguments) -> Result<Held, Refusal> {
        let (mut not_run, mut turns) = (Vec::new(), Vec::<Turn<'_, '_>>::new());
        for (job, next) in self.jobs.iter().zip(next) {
            match next {
                Next::LeaveOut(why) => not_run.push(job.not_run(LeftOut::CannotBeMet(why.clone()))),
                Next::Settled(_) | Next::Send(_) => turns.push((job, next)),
            }
        }
        let service = LiveWorker::start().map_err(|error| format!("nothing can be sent: {error}"))?;
        let (tokens, bar) = (TokenCache::default(), progress(turns.len(), arguments.quiet));
        let crew = Crew {
            // A real service may not like many requests at once.
            workers: self.test.jobs.unwrap_or(1),
            hire: &|| Ok(service.clone()),
            work: &|service: &mut LiveWorker, turn: &Turn<'_, '_>| self.take(turn, service, &tokens),
            lost: &|(job, _): &Turn<'_, '_>, why: &str| CaseResult::not_run(&job.spec.path, &job.case.name.value, why),
            progress: &|_| bar.inc(1),
            is_enough: &|result: &CaseResult| self.test.fail_fast && result.status == Status::Failed,
        };
        let done = run_jobs(&turns, &crew);
        bar.finish_and_clear();
        let missed = turns.iter().zip(&done).filter(|(_, done)| done.is_none());
        not_run.extend(missed.map(|((job, _), _)| job.not_run(LeftOut::AfterFailure)));
        let cautions = self.cautions(&turns, &done);
        Ok(Held { results: done.into_iter().flatten().collect(), not_run, cautions })
    }

    fn cautions(&self, turns: &[Turn<'_, '_>], done: &[Option<CaseResult>]) -> Vec<String> {
        let chosen = self.test.live.env.as_deref().zip(self.stage.environment);
        let mut all = Vec::new();
        for ((_, next), result) in turns.iter().zip(done) {
            let (Some(sending), Some(CaseResult { ran: Ran::Case(exchange), .. })) = (sending(next), result) else {
                continue;
            };
            for caution in cautions(exchange, sending.plan, chosen) {
                if !all.contains(&caution) {
                    all.push(caution);
                }
            }
        }
        all
    }

    fn take(&self, (job, next): &Turn<'_, '_>, service: &LiveWorker, tokens: &TokenCache) -> CaseResult {
        let (path, name) = (&job.spec.path, &job.case.name.value);
        let (sending, allowed) = match (next, self.stage.allowed(path)) {
            (Next::Send(sending), Some(allowed)) => (sending, allowed),
            (Next::Settled(result), _) => return CaseResult::clone(result),
            (Next::LeaveOut(why), _) => return CaseResult::not_run(path, name, why),
            (Next::Send(_), None) => return CaseResult::not_run(path, name, "its spec names no host"),
        };
        let nowhere = AllowedHosts::default();
        let allowed = if must_not_send(sending.case) { &nowhere } else { allowed };
        let mut again = 0;
        loop {
            let exchange = match self.exchange(sending, service, Live { tokens, allowed }) {
                Ok(exchange) => exchange,
                Err(why) => return CaseResult::not_run(path, name, why),
            };
            let result = CaseResult {
                problems: Vec::new(),
                failures: reply_failures(sending.plan, sending.case, &exchange),
                sent_again: again,
                ..CaseResult::not_run(path, name, "")
            };
            let result = result.judge();
            let is_worth_it = result.status == Status::Failed && is_transient(sending.case, &exchange);
            if again < self.test.live.retry && is_worth_it && self.may_repeat(&exchange) {
                std::thread::sleep(pause(again, &exchange));
                again += 1;
                continue;
            }
            return CaseResult { ran: Ran::Case(Box::new(exchange)), ..result };
        }
    }

    fn exchange(&self, sending: &Sending<'_>, service: &LiveWorker, live: Live<'_>) -> Result<Exchange, String> {
        let moment = Moment::now();
        let inputs = self.stage.inputs(&sending.given, &sending.case.timezone, &moment);
        let mut exchange = service.exchange(sending.plan, &inputs, live)?;
        // A service may know the secrets of other cases, too.
        exchange.secret_values.extend(&self.stage.net);
        Ok(exchange)
    }

    /// What is no GET may act twice when it is sent twice.
    fn may_repeat(&self, exchange: &Exchange) -> bool {
        self.test.live.yes || exchange.request.as_ref().is_some_and(|request| request.method == "GET")
    }
}
