//! A flow as plain data: several actions run in order over one shared state.

use super::{Case, Given};
use crate::diagnostic::{Diagnostic, Lint};
use crate::plan::{AttributeName, Plan};
use crate::source::{Name, Span};

/// So many steps a flow has at most.
pub const MOST_STEPS: usize = 1_000;

/// What came of reading a `*.flow.toml` file.
#[derive(Debug)]
pub struct Flow {
    pub name: Name,
    /// The name as a file name: see [`slug`](super::slug).
    pub slug: String,
    pub clock: Clock,
    /// What the state holds before the first step.
    pub given: Given,
    /// Each action once, however many steps run it.
    pub actions: Vec<FlowAction>,
    pub steps: Vec<FlowStep>,
    /// The attributes that any of its actions declares secret.
    pub secret_attributes: Vec<AttributeName>,
}

/// Where time, zone and ids of a flow begin.
#[derive(Clone, Debug)]
pub struct Clock {
    /// Unix time in seconds.
    pub now: i64,
    /// Microseconds past `now`.
    pub microseconds: u32,
    /// The end user's time zone.
    pub timezone: String,
    /// The id of the first webhook request; each further one has the next.
    pub uuid: String,
}

/// An action as a flow runs it: compiled with the flow's own tables over those of its spec.
#[derive(Debug)]
pub struct FlowAction {
    /// As the steps name it.
    pub id: String,
    /// The path of its spec, relative to the project root.
    pub path: String,
    /// `None` when there is nothing to run.
    pub plan: Option<Plan>,
    /// Why there is nothing to run.
    pub not_runnable: Option<String>,
    /// Secrets that the manifest declares.
    pub declared_secrets: Vec<String>,
}

/// One step of a flow.
#[derive(Debug)]
pub struct FlowStep {
    /// The exit by which the last action must have left.
    pub when: Option<Name>,
    /// How far the clock moves first.
    pub advance_milliseconds: u64,
    /// Another time from here on: seconds, and microseconds past them.
    pub now: Option<(i64, u32)>,
    /// Another zone from here on.
    pub timezone: Option<String>,
    /// Other ids from here on.
    pub uuid: Option<String>,
    /// What the step itself puts into the state.
    pub given: Given,
    pub doing: Doing,
}

/// What a step does besides.
#[derive(Debug)]
pub enum Doing {
    /// Nothing: the conversation between two actions.
    Set,
    Call(Box<Call>),
    /// The action cannot be run, for this reason. Where a finding that the flow expects is the reason, it is no failure.
    Lost {
        action: Name,
        why: String,
        is_expected: bool,
    },
}

/// An action that is run.
#[derive(Debug)]
pub struct Call {
    /// Which of the flow's actions.
    pub action: usize,
    /// Where the step names it.
    pub span: Span,
    /// The case of the spec that was taken.
    pub taken: Option<String>,
    /// What its given values name fills in what the state does not hold; its clock and id do not count.
    pub case: Case,
}

impl Flow {
    /// The actions that are run, with the place of each in the flow, in the order of the steps.
    pub fn calls(&self) -> impl Iterator<Item = (&FlowStep, Option<(&Call, &FlowAction)>)> {
        self.steps.iter().map(|step| match &step.doing {
            Doing::Call(call) => (step, self.actions.get(call.action).map(|action| (&**call, action))),
            Doing::Set | Doing::Lost { .. } => (step, None),
        })
    }

    /// Every set of given values: the flow's own, then those of each step and of the case that it takes.
    pub fn all_given(&self) -> impl Iterator<Item = &Given> {
        let of_steps = self.calls().flat_map(|(step, call)| [Some(&step.given), call.map(|(call, _)| &call.case.given)]);
        std::iter::once(&self.given).chain(of_steps.flatten())
    }
}

/// A lint on a flow, and the function that finds it.
#[derive(Debug)]
pub struct FlowRule {
    pub lint: &'static Lint,
    pub check: fn(&Flow, &mut Vec<Diagnostic>),
}

/// What a flow says to the specs of its project.
#[derive(Clone, Debug, Default)]
pub struct FlowSummary {
    /// The ids of the actions that it runs.
    pub runs: Vec<String>,
    /// The lints that it is there to show: it is a specimen then.
    pub shows: Vec<String>,
}

impl FlowSummary {
    /// Whether it is a flow of the project as far as this lint goes: one that is there to show another lint is not.
    pub fn counts_for(&self, lint: &Lint) -> bool {
        self.shows.is_empty() || self.shows.iter().any(|name| name == lint.name)
    }
}

/// The attributes that an action may write, whichever way it leaves: from a reply, then of itself.
pub fn written(plan: &Plan) -> impl Iterator<Item = &AttributeName> {
    let own = plan.outcome.success_names.iter().chain(&plan.outcome.status_names);
    plan.targets().map(|target| &target.name).chain(own)
}
