//! Which cases a run takes, and whose the snapshots are.

use std::collections::HashMap;

use hookwright::case::{Case, Flow, Spec};
use hookwright::suite::{LeftOut, NotRun, Shard};

use super::Refusal;
use super::arguments::Test;
use super::project::Checked;

/// One case or flow to run.
#[derive(Clone, Copy)]
pub struct Job<'a> {
    pub spec: &'a Spec,
    pub task: Task<'a>,
    pub keeps: Keeps<'a>,
}

#[derive(Clone, Copy)]
pub enum Task<'a> {
    Case(&'a Case),
    Flow(&'a Flow),
}

impl Task<'_> {
    pub fn name(&self) -> &str {
        match self {
            Task::Case(case) => &case.name.value,
            Task::Flow(flow) => &flow.name.value,
        }
    }

    pub fn slug(&self) -> &str {
        match self {
            Task::Case(case) => &case.slug,
            Task::Flow(flow) => &flow.slug,
        }
    }
}

/// The cases of a file, or its flow.
pub fn tasks(spec: &Spec) -> impl Iterator<Item = Task<'_>> {
    spec.cases.iter().map(Task::Case).chain(spec.flow.iter().map(|flow| Task::Flow(flow)))
}

impl<'a> Job<'a> {
    /// The case or flow as one that was not run.
    pub fn not_run(&self, why: LeftOut) -> NotRun {
        NotRun { spec: self.spec.path.clone(), case: self.task.name().to_string(), why }
    }

    /// The job as one of a case.
    pub fn of_case(&self) -> Option<CaseJob<'a>> {
        match self.task {
            Task::Case(case) => Some(CaseJob { spec: self.spec, case, keeps: self.keeps }),
            Task::Flow(_) => None,
        }
    }
}

/// One case to run.
pub struct CaseJob<'a> {
    pub spec: &'a Spec,
    pub case: &'a Case,
    pub keeps: Keeps<'a>,
}

impl CaseJob<'_> {
    /// The case as one that was not run.
    pub fn not_run(&self, why: LeftOut) -> NotRun {
        NotRun { spec: self.spec.path.clone(), case: self.case.name.value.clone(), why }
    }
}

/// Whose the snapshot of a case is. Two cases that write one file would undo each other's approval.
#[derive(Clone, Copy)]
pub enum Keeps<'a> {
    Own,
    /// An earlier case of the spec has the same name, as a lint tells.
    Nothing,
    /// Another file has the same id: in another specs folder, or a flow beside a spec.
    OfSpec(&'a str),
}

fn all_jobs(checked: &[Checked]) -> Vec<Job<'_>> {
    let mut owners: HashMap<(&str, &str), &str> = HashMap::new();
    let mut jobs = Vec::new();
    for spec in checked.iter().map(|checked| &checked.spec) {
        for task in tasks(spec) {
            let slug = match task {
                Task::Case(case) => case.slug.as_str(),
                Task::Flow(flow) => flow.slug.as_str(),
            };
            let keeps = match owners.insert((&spec.id, slug), &spec.path) {
                None => Keeps::Own,
                Some(owner) if owner == spec.path => Keeps::Nothing,
                Some(owner) => Keeps::OfSpec(owner),
            };
            jobs.push(Job { spec, task, keeps });
        }
    }
    jobs
}

/// The cases that `--case` and `--shard` leave.
pub fn jobs<'a>(checked: &'a [Checked], test: &Test) -> Result<Vec<Job<'a>>, Refusal> {
    let shard = test.shard.as_deref().map(Shard::parse).transpose()?;
    let all = all_jobs(checked);
    let names: Vec<&str> = all.iter().map(|job| job.task.name()).collect();
    let chosen = Filter::new(&test.cases, &names);
    let mut jobs: Vec<Job<'_>> = all.iter().filter(|job| chosen.takes(job.task.name())).copied().collect();
    if jobs.is_empty() && !test.cases.is_empty() {
        return Err(format!("no case is named `{}`", test.cases.join("`, `")).into());
    }
    jobs.retain(|job| shard.is_none_or(|shard| shard.takes(&job.spec.path, job.task.name())));
    Ok(jobs)
}

/// `--case`: the exact name if some case has it, else a part of the name.
struct Filter<'a> {
    texts: Vec<(&'a str, bool)>,
}

impl<'a> Filter<'a> {
    fn new(texts: &'a [String], names: &[&str]) -> Filter<'a> {
        Filter { texts: texts.iter().map(|text| (text.as_str(), names.contains(&text.as_str()))).collect() }
    }

    fn takes(&self, name: &str) -> bool {
        let matches = |(text, exact): &(&str, bool)| if *exact { name == *text } else { name.contains(text) };
        self.texts.is_empty() || self.texts.iter().any(matches)
    }
}

/// The cases of a spec that `--case` means.
pub fn selected<'a>(cases: &'a [Case], filter: &'a [String]) -> impl Iterator<Item = &'a Case> {
    let names: Vec<&str> = cases.iter().map(|case| case.name.value.as_str()).collect();
    let chosen = Filter::new(filter, &names);
    cases.iter().filter(move |case| chosen.takes(&case.name.value))
}
