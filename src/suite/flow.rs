//! A flow: its steps one after the other, over one state, one store of secrets, one cache of tokens and one clock.

use uuid::Uuid;

use super::expect::Failed;
use super::state::State;
use super::{Worker, failures};
use crate::case::{Call, Case, Clock, Doing, Flow, FlowAction, FlowStep};
use crate::eval::{Exchange, SecretValues};
use crate::plan::AttributeName;
use crate::run::TokenCache;
use crate::value::Value;

/// What came of a flow.
#[derive(Clone, Debug, Default)]
pub struct FlowRun {
    pub steps: Vec<Step>,
    /// The state after the last step: what the conversation holds, in the order in which it came.
    pub state: Vec<(AttributeName, Value)>,
    pub failures: Vec<Failed>,
    /// Why steps could not run.
    pub problems: Vec<String>,
    /// Every secret in play in any of the steps: an exchange knows its own alone.
    pub secrets: SecretValues,
}

/// What came of one step.
#[derive(Clone, Debug)]
pub struct Step {
    /// Counted from 1 over all steps of the flow.
    pub number: usize,
    /// How far the clock was moved first.
    pub advance_milliseconds: u64,
    /// What the step itself put into the state.
    pub set: Vec<(AttributeName, Value)>,
    pub did: Did,
}

#[derive(Clone, Debug)]
pub enum Did {
    Ran {
        /// The action's id.
        action: String,
        /// The path of its spec.
        spec: String,
        /// The case that was taken.
        taken: Option<String>,
        exchange: Box<Exchange>,
    },
    /// Nothing but to set values.
    Set,
    /// It was left out, for this reason.
    Skipped { action: Option<String>, why: String },
    /// It could not run, for this reason.
    Lost { action: String, why: String },
}

impl Step {
    /// What it ran, with the path of the spec.
    pub fn ran(&self) -> Option<(&str, &Exchange)> {
        match &self.did {
            Did::Ran { spec, exchange, .. } => Some((spec, exchange)),
            Did::Set | Did::Skipped { .. } | Did::Lost { .. } => None,
        }
    }
}

/// Runs a flow. A step that fails does not end it, so that the transcript is whole.
pub fn run_flow(worker: &mut Worker, flow: &Flow) -> FlowRun {
    let mut state = State::default();
    state.put(&flow.given);
    let mut running = Running {
        worker,
        flow,
        state,
        tokens: TokenCache::default(),
        clock: flow.clock.clone(),
        left_by: None,
        run: FlowRun::default(),
    };
    for (index, step) in flow.steps.iter().enumerate() {
        running.step(index + 1, step);
    }
    running.finish()
}

struct Running<'a> {
    worker: &'a mut Worker,
    flow: &'a Flow,
    state: State,
    tokens: TokenCache,
    clock: Clock,
    /// The exit of the last action that ran.
    left_by: Option<String>,
    run: FlowRun,
}

impl Running<'_> {
    fn step(&mut self, number: usize, step: &FlowStep) {
        if let Some(why) = self.reason_to_skip(step) {
            let did = Did::Skipped { action: self.action_of(step), why };
            return self.run.steps.push(Step { number, advance_milliseconds: 0, set: Vec::new(), did });
        }
        self.clock.set(step);
        self.state.put(&step.given);
        let did = match &step.doing {
            Doing::Set => Did::Set,
            Doing::Lost { action, why, is_expected: true } => {
                self.left_by = None;
                Did::Lost { action: action.value.clone(), why: why.clone() }
            }
            Doing::Lost { action, why, is_expected: false } => self.lost(number, &action.value, why.clone()),
            Doing::Call(call) => self.call(number, call),
        };
        let set = step.given.attributes.iter().map(|given| (given.name.clone(), given.value.clone())).collect();
        self.run.steps.push(Step { number, advance_milliseconds: step.advance_milliseconds, set, did });
    }

    fn reason_to_skip(&self, step: &FlowStep) -> Option<String> {
        let wanted = &step.when.as_ref()?.value;
        match &self.left_by {
            Some(exit) if exit == wanted => None,
            Some(exit) => Some(format!("it waits for `{wanted}`, and the last action left by `{exit}`")),
            None => Some(format!("it waits for `{wanted}`, and no action before has left by an exit")),
        }
    }

    fn action_of(&self, step: &FlowStep) -> Option<String> {
        match &step.doing {
            Doing::Set => None,
            Doing::Lost { action, .. } => Some(action.value.clone()),
            Doing::Call(call) => self.flow.actions.get(call.action).map(|action| action.id.clone()),
        }
    }

    fn lost(&mut self, number: usize, action: &str, why: String) -> Did {
        self.left_by = None;
        self.run.problems.push(format!("step {number}: {why}"));
        Did::Lost { action: action.to_string(), why }
    }

    fn call(&mut self, number: usize, call: &Call) -> Did {
        let Some(action) = self.flow.actions.get(call.action) else {
            return self.lost(number, "", "there is no such action".into());
        };
        let exchange = match self.exchange(call, action) {
            Ok(exchange) => exchange,
            Err(why) => return self.lost(number, &action.id, why),
        };
        let failed = failures(&call.case.expect, &exchange).into_iter();
        self.run
            .failures
            .extend(failed.map(|Failed { message, span }| Failed { message: format!("step {number}: {message}"), span }));
        if exchange.request.is_some() {
            self.clock.count_up();
        }
        self.left_by = exchange.outcome.as_ref().map(|outcome| outcome.exit.clone());
        if let Some(outcome) = &exchange.outcome {
            self.state.write(outcome, call.span);
        }
        let (action, spec) = (action.id.clone(), action.path.clone());
        Did::Ran { action, spec, taken: call.taken.clone(), exchange: Box::new(exchange) }
    }

    fn exchange(&mut self, call: &Call, action: &FlowAction) -> Result<Exchange, String> {
        let plan = match (&action.plan, &action.not_runnable) {
            (Some(plan), None) => plan,
            (_, why) => {
                let why = why.as_deref().unwrap_or("the spec cannot be read");
                return Err(format!("there is nothing to run in `{}`: {why}", action.path));
            }
        };
        self.state.fill(&call.case.given, plan);
        let Clock { now, microseconds, timezone, uuid } = self.clock.clone();
        let case = Case { given: self.state.given_to(plan), now, microseconds, timezone, uuid, ..call.case.clone() };
        self.worker.exchange_keeping(plan, &case, &action.declared_secrets, &self.tokens)
    }

    /// A step may show the secrets of any other, so that all of them are looked for in all that is shown.
    fn finish(self) -> FlowRun {
        let mut run = self.run;
        let is_secret = |name: &AttributeName| self.flow.secret_attributes.contains(name);
        for given in self.flow.all_given() {
            given.secrets.iter().for_each(|secret| run.secrets.insert(secret.value.reveal()));
            let secrets = given.attributes.iter().filter(|given| is_secret(&given.name));
            secrets.for_each(|given| run.secrets.insert_value(&given.value));
        }
        for (_, exchange) in run.steps.iter().filter_map(Step::ran) {
            run.secrets.extend(&exchange.net());
        }
        for failed in &mut run.failures {
            failed.message = run.secrets.mask(&failed.message);
        }
        run.problems.iter_mut().for_each(|problem| *problem = run.secrets.mask(problem));
        run.state = tainted(self.state.held(), is_secret);
        for step in &mut run.steps {
            step.set = tainted(std::mem::take(&mut step.set), is_secret);
        }
        run
    }
}

/// The values, those of secret attributes marked as such.
fn tainted(values: Vec<(AttributeName, Value)>, is_secret: impl Fn(&AttributeName) -> bool) -> Vec<(AttributeName, Value)> {
    let taint = |(name, value): (AttributeName, Value)| {
        let is_secret = is_secret(&name);
        (name, value.tainted_if(is_secret))
    };
    values.into_iter().map(taint).collect()
}

/// The last second of the year 9999, which is the last that can be shown.
const LAST_SECOND: i64 = 253_402_207_199;

impl Clock {
    fn set(&mut self, step: &FlowStep) {
        if let Some((now, microseconds)) = step.now {
            (self.now, self.microseconds) = (now, microseconds);
        }
        if let Some(timezone) = &step.timezone {
            self.timezone.clone_from(timezone);
        }
        if let Some(uuid) = &step.uuid {
            self.uuid.clone_from(uuid);
        }
        self.advance(step.advance_milliseconds);
    }

    fn advance(&mut self, milliseconds: u64) {
        let microseconds = u64::from(self.microseconds) + milliseconds % 1000 * 1000;
        let seconds = milliseconds / 1000 + microseconds / 1_000_000;
        self.microseconds = (microseconds % 1_000_000) as u32;
        self.now = self.now.saturating_add_unsigned(seconds).min(LAST_SECOND);
    }

    /// The next id.
    fn count_up(&mut self) {
        if let Ok(uuid) = Uuid::parse_str(&self.uuid) {
            self.uuid = Uuid::from_u128(uuid.as_u128().wrapping_add(1)).to_string();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_and_ids_go_on() {
        let uuid = "00000000-0000-4000-8000-0000000000ff".to_string();
        let mut clock = Clock { now: -1, microseconds: 999_999, timezone: "UTC".into(), uuid };
        clock.advance(1);
        clock.count_up();
        assert_eq!((clock.now, clock.microseconds), (0, 999));
        assert_eq!(clock.uuid, "00000000-0000-4000-8000-000000000100");
        clock.advance(u64::MAX);
        assert_eq!(clock.now, LAST_SECOND);
    }
}
