//! What an expression becomes: a first value and the steps that follow it.
//!
//! The long side of a chain (`a.b.c`, `a || b || c`) is a list of steps and not a tree,
//! so that only true nesting, which is bounded, makes the interpreter recurse.

use serde_json::Value;

use super::errors::RuntimeError;
use super::functions::Function;

/// A value and what is done to it.
pub(super) struct Pipeline {
    pub(super) first: Atom,
    pub(super) steps: Vec<Step>,
}

impl Pipeline {
    /// Whether no step looks back at the input, so that the steps can be appended to
    /// those of another pipeline.
    pub(super) fn is_linear(&self) -> bool {
        self.steps.iter().all(|step| matches!(step, Step::Then(_) | Step::Project(_)))
    }
}

/// Something computed from one value.
pub(super) enum Atom {
    Current,
    Field(String),
    Index(i64),
    Literal(Value),
    List(Vec<Pipeline>),
    Object(Vec<(String, Pipeline)>),
    Not(Box<Pipeline>),
    Group(Box<Pipeline>),
    Call(Call),
}

/// What happens to the value that a pipeline has so far.
pub(super) enum Step {
    /// The value becomes the input of an atom.
    Then(Atom),
    /// Each part of the value becomes the input of a pipeline.
    Project(Box<Projection>),
    /// The right side reads the input of the whole pipeline.
    Join(Operator, Pipeline),
}

/// What joins a value and the result of a right side.
#[derive(Clone, Copy)]
pub(super) enum Operator {
    Or,
    And,
    Compare(Comparison),
}

/// How two values are compared.
#[derive(Clone, Copy)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// The parts of a value, those that are kept, and what each becomes.
pub(super) struct Projection {
    pub(super) source: Source,
    pub(super) condition: Option<Pipeline>,
    pub(super) each: Pipeline,
}

/// Which parts of a value are projected.
pub(super) enum Source {
    Elements,
    Flattened,
    Values,
    Slice(Slice),
}

/// A slice of an array; the step is never zero.
pub(super) struct Slice {
    pub(super) start: Option<i64>,
    pub(super) stop: Option<i64>,
    pub(super) step: i64,
}

impl Slice {
    /// The positions of the slice in an array of a length.
    pub(super) fn positions(&self, length: usize) -> impl Iterator<Item = usize> + use<> {
        let length = i64::try_from(length).unwrap_or(i64::MAX);
        let step = self.step;
        let (first, last) = if step < 0 { (length - 1, -1) } else { (0, length) };
        let resolve = |position: i64| {
            let from_end = if position < 0 { length } else { 0 };
            (position + from_end).clamp(first.min(last), first.max(last))
        };
        let start = self.start.map_or(first, resolve);
        let stop = self.stop.map_or(last, resolve);
        let positions = (0..).map(move |number| start + number * step);
        let within = move |position: &i64| {
            if step < 0 { *position > stop } else { *position < stop }
        };
        let positions = positions.take_while(within);
        positions.filter_map(|position| usize::try_from(position).ok())
    }
}

/// A call, and what it runs: either a function or the error it ends in.
pub(super) struct Call {
    pub(super) function: Result<&'static Function, RuntimeError>,
    pub(super) arguments: Vec<CallArgument>,
}

/// An argument as it is written.
pub(super) enum CallArgument {
    Value(Pipeline),
    Reference(Pipeline),
}
