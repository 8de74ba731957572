//! What `test --live` does with its cases before anything is sent.

use std::collections::BTreeMap;

use hookwright::case::{Case, Given};
use hookwright::eval::{Exchange, Hosts, Inputs, SecretPolicy, SecretValues, planned, planned_with};
use hookwright::plan::Plan;
use hookwright::report::{request_part, transcript};
use hookwright::spec::{Environment, toml_text};
use hookwright::suite::snapshot::{Comparison, Owner, Policy, SnapshotProblem, Store};
use hookwright::suite::{
    AllowedHosts, CaseResult, Crew, Moment, Ran, Worker, cannot_be_met, must_not_send, request_failures, run_jobs,
};
use hookwright::value::MASK;

use super::Refusal;
use super::choice::{CaseJob, Keeps};
use super::live::LiveOptions;
use super::project::Project;
use super::render::{environment, globals};
use super::secrets::{self, RealSecrets};
use super::side_by_side::processors;
use super::target;

/// What takes the place of what the cases say.
pub struct Stage<'a> {
    pub environment: Option<&'a Environment>,
    base_url: Option<String>,
    real: RealSecrets,
    /// By the path of the spec: each names hosts of its own.
    allowed: BTreeMap<&'a str, AllowedHosts>,
    store: Store,
    /// Every real value in play.
    pub net: SecretValues,
    /// How many cases have nothing that their requests could be held against.
    pub without_snapshot: usize,
}

/// What is to be done with a case.
pub enum Next<'a> {
    /// A service cannot meet it, for this reason.
    LeaveOut(String),
    /// It has failed already.
    Settled(Box<CaseResult>),
    Send(Box<Sending<'a>>),
}

/// A case whose request is as it should be.
pub struct Sending<'a> {
    pub plan: &'a Plan,
    pub case: &'a Case,
    /// The case's values, with real secrets and the globals of the environment.
    pub given: Given,
    /// Method and host of the request, if there is one.
    pub request: Option<(String, String)>,
}

impl<'a> Stage<'a> {
    pub fn set(project: &'a Project, options: &LiveOptions, jobs: &[CaseJob<'a>]) -> Result<Stage<'a>, Refusal> {
        let base_url = options.base_url.as_deref().map(target::base_url).transpose()?;
        let environment = options.env.as_deref().map(|name| environment(project, name)).transpose()?;
        let mut allowed = BTreeMap::new();
        for job in jobs {
            if allowed.contains_key(job.spec.path.as_str()) {
                continue;
            }
            let file = job.spec.file;
            let named = target::Named {
                spec: &toml_text::parse(&project.sources.file(file).text, file, &mut Vec::new()),
                plan: job.spec.plan.as_ref(),
                given: &[],
                base_url: base_url.as_deref(),
                hosts: &options.allowed_hosts,
                environment,
            };
            let mut hosts = AllowedHosts::default();
            named.allow(&mut hosts)?;
            allowed.insert(job.spec.path.as_str(), hosts);
        }
        let uses_secrets = jobs.iter().filter_map(|job| job.spec.plan.as_ref()).any(secrets::are_used);
        let real = if uses_secrets { RealSecrets::open(project)? } else { RealSecrets::none() };
        let (store, net) = (project.store(Policy::Compare), SecretValues::default());
        Ok(Stage { environment, base_url, real, allowed, store, net, without_snapshot: 0 })
    }

    /// What is to be done with each case, in their order.
    pub fn rehearse(&mut self, jobs: &[CaseJob<'a>]) -> Result<Vec<Next<'a>>, Refusal> {
        let rehearsals = rehearse(jobs);
        jobs.iter().zip(rehearsals).map(|(job, rehearsal)| self.next(job, rehearsal)).collect()
    }

    fn next(&mut self, job: &CaseJob<'a>, rehearsal: Result<Exchange, String>) -> Result<Next<'a>, Refusal> {
        let (spec, case) = (job.spec, job.case);
        let Some(plan) = runnable(job) else {
            let why = spec.not_runnable.as_deref().unwrap_or("the spec cannot be read");
            let why = format!("there is nothing to run: {why}");
            return Ok(settled(CaseResult::not_run(&spec.path, &case.name.value, why)));
        };
        let rehearsal = match rehearsal {
            Ok(rehearsal) => rehearsal,
            Err(why) => return Ok(settled(CaseResult::not_run(&spec.path, &case.name.value, why))),
        };
        if let Some(why) = cannot_be_met(case, &rehearsal) {
            return Ok(Next::LeaveOut(why));
        }
        let given = self.given(plan, case)?;
        if rehearsal.error.is_some() && !rehearsal.sent {
            let real = planned_with(plan, &self.inputs(&given, &case.timezone, &Moment::now()));
            if let Some(why) = cannot_be_repeated(case, &rehearsal, &real) {
                return Ok(Next::LeaveOut(why));
            }
        }
        if let Some(failed) = self.request_that_differs(job, &rehearsal) {
            return Ok(settled(failed));
        }
        let request = self.destination(job, plan);
        Ok(Next::Send(Box::new(Sending { plan, case, given, request })))
    }

    /// Method and host of the request, whether or not its real secrets are at hand.
    fn destination(&self, job: &CaseJob<'_>, plan: &Plan) -> Option<(String, String)> {
        let mut case = job.case.clone();
        if let Some(environment) = self.environment {
            globals(&mut case, environment, plan);
        }
        let request = planned(plan, &case, &job.spec.declared_secrets, self.hosts()).request?;
        Some((request.method, host(request.url.reveal(), request.url.carries_secret())))
    }

    fn hosts(&self) -> Hosts<'_> {
        match (&self.base_url, self.environment) {
            (Some(url), _) => Hosts::Base(url),
            (None, Some(environment)) => Hosts::Environment(&environment.hosts),
            (None, None) => Hosts::AsWritten,
        }
    }

    /// The case's values without its secrets, with the globals of the environment and the real secrets.
    fn given(&mut self, plan: &Plan, case: &Case) -> Result<Given, Refusal> {
        let mut real = case.clone();
        real.given.secrets.clear();
        if let Some(environment) = self.environment {
            globals(&mut real, environment, plan);
        }
        secrets::set_aside(plan, &mut real.given);
        self.real.give_attributes(plan, &mut real.given, case.name.span)?;
        for given in [&case.given, &real.given] {
            let attributes = plan.secret_attributes.iter().filter_map(|name| given.attribute(name));
            attributes.filter(|value| value.as_str() != Some(MASK)).for_each(|value| self.net.insert_value(value));
        }
        let values = self.real.values(&plan.used_secrets(), case.name.span)?;
        // A service may know the values for tests, too.
        let known = values.iter().chain(&case.given.secrets);
        known.for_each(|secret| self.net.insert(secret.value.reveal()));
        real.given.secrets.extend(values);
        Ok(real.given)
    }

    /// What a real request is made with.
    pub fn inputs<'i>(&'i self, given: &'i Given, timezone: &'i str, moment: &'i Moment) -> Inputs<'i> {
        Inputs {
            given,
            now: moment.seconds,
            microseconds: moment.microseconds,
            timezone,
            uuid: &moment.uuid,
            secrets: SecretPolicy::Real(self.real.places()),
            hosts: self.hosts(),
        }
    }

    pub fn allowed(&self, spec: &str) -> Option<&AllowedHosts> {
        self.allowed.get(spec)
    }

    /// The case's result, where its own request is not the approved one or not what is expected of it.
    fn request_that_differs(&mut self, job: &CaseJob<'_>, rehearsal: &Exchange) -> Option<CaseResult> {
        let mut result = CaseResult::not_run(&job.spec.path, &job.case.name.value, "");
        result.problems.clear();
        result.failures = request_failures(&job.case.expect, rehearsal);
        if !result.failures.is_empty() {
            result.problems.push("its request is not the expected one, so it was not sent".to_string());
        }
        result.snapshot_path = self.store.path(&job.spec.id, &job.case.slug).ok();
        match self.change(job, rehearsal) {
            Ok(change) => result.change = change,
            Err(problem) => result.problems.push(format!("{problem}, so its request was not sent")),
        }
        if result.problems.is_empty() && result.change.is_none() {
            return None;
        }
        result.ran = Ran::Case(Box::new(unsent(rehearsal)));
        Some(result.judge())
    }

    /// What the approved snapshot says of the request, and what it is now, where they differ.
    fn change(&mut self, job: &CaseJob<'_>, rehearsal: &Exchange) -> Result<Option<(String, String)>, SnapshotProblem> {
        let (spec, case) = (job.spec, job.case);
        if !matches!(job.keeps, Keeps::Own) {
            return Ok(None);
        }
        let owner = Owner { id: &spec.id, slug: &case.slug, spec: &spec.path, case: &case.name.value };
        let transcript = transcript(rehearsal);
        match self.store.compare(&owner, &transcript)? {
            Comparison::Same => Ok(None),
            Comparison::New => {
                self.without_snapshot += 1;
                Ok(None)
            }
            Comparison::Changed { old } => {
                let (old, new) = (request_part(&old), request_part(&transcript));
                Ok((old != new).then_some((old, new)))
            }
        }
    }
}

/// Why a rehearsal in which no request left tells nothing of a service, going by what would be sent with real values.
fn cannot_be_repeated(case: &Case, rehearsal: &Exchange, real: &Exchange) -> Option<String> {
    if real.request.is_some() {
        let kind = rehearsal.error.as_ref().map_or("no request", |error| error.kind.name());
        return Some(format!("nothing is sent in it: `{kind}`"));
    }
    let asks_for_a_token = real.token.is_some() || rehearsal.token.as_ref().is_some_and(|token| token.sent);
    (must_not_send(case) && asks_for_a_token)
        .then(|| "it expects that nothing is sent, and a token would be asked for".to_string())
}

fn settled(result: CaseResult) -> Next<'static> {
    Next::Settled(Box::new(result))
}

/// The request of a rehearsal alone: nothing of it has reached a service.
fn unsent(rehearsal: &Exchange) -> Exchange {
    let mut token = rehearsal.token.clone();
    if let Some(token) = &mut token {
        (token.sent, token.reply) = (false, None);
    }
    Exchange { token, sent: false, reply: None, outcome: None, duration_milliseconds: 0.0, ..rehearsal.clone() }
}

fn runnable<'a>(job: &CaseJob<'a>) -> Option<&'a Plan> {
    job.spec.plan.as_ref().filter(|_| job.spec.not_runnable.is_none())
}

/// Runs every case against the stand-in, as `test` does.
fn rehearse(jobs: &[CaseJob<'_>]) -> Vec<Result<Exchange, String>> {
    const WORTH_A_WORKER: usize = 8;
    let crew = Crew {
        workers: processors().min(jobs.len().div_ceil(WORTH_A_WORKER)),
        hire: &|| Worker::start().map_err(|error| format!("the mock cannot be started: {error}")),
        work: &|worker: &mut Worker, job: &CaseJob<'_>| match runnable(job) {
            Some(plan) => worker.exchange(plan, job.case, &job.spec.declared_secrets),
            None => Ok(Exchange::default()),
        },
        lost: &|_: &CaseJob<'_>, why: &str| Err(why.to_string()),
        progress: &|_| {},
        is_enough: &|_| false,
    };
    let rehearsals = run_jobs(jobs, &crew).into_iter();
    rehearsals.map(|rehearsal| rehearsal.unwrap_or_else(|| Err("it was not rehearsed".to_string()))).collect()
}

/// Where a request goes, as it may be shown.
fn host(url: &str, carries_secret: bool) -> String {
    if carries_secret {
        return MASK.to_string();
    }
    let Ok(url) = url::Url::parse(url) else { return "no host".to_string() };
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}{port}", url.host_str().unwrap_or("no host"))
}
