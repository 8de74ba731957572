//! Runs a plan on a document.
//!
//! Values stay borrowed from the document (or from a literal of the expression) until
//! they become part of a list or an object that the expression builds.

use std::borrow::Cow;
use std::slice;

use serde_json::{Map, Value};

use super::budget::Budget;
use super::errors::RuntimeError;
use super::functions::{Argument, Arguments};
use super::numbers;
use super::plan::{Atom, Call, CallArgument, Comparison, Operator, Pipeline, Projection, Source, Step};

/// What evaluating a part of the plan gives.
pub(super) type Outcome<'v> = Result<Cow<'v, Value>, RuntimeError>;

/// Runs plans until its budget is spent.
pub(super) struct Interpreter {
    pub(super) budget: Budget,
}

impl Interpreter {
    pub(super) fn new() -> Interpreter {
        Interpreter { budget: Budget::new() }
    }

    /// Evaluates a pipeline on its input.
    pub(super) fn pipeline<'v>(&self, pipeline: &'v Pipeline, input: &'v Value) -> Outcome<'v> {
        let mut current = self.atom(&pipeline.first, input)?;
        for step in &pipeline.steps {
            current = self.step(step, current, input)?;
        }
        Ok(current)
    }

    fn step<'v>(&self, step: &'v Step, current: Cow<'v, Value>, input: &'v Value) -> Outcome<'v> {
        match step {
            Step::Then(atom) => self.apply(atom, current),
            Step::Project(projection) => self.project(projection, &current).map(Cow::Owned),
            Step::Join(operator, other) => match operator {
                Operator::Or if is_truthy(&current) => Ok(current),
                Operator::And if !is_truthy(&current) => Ok(current),
                Operator::Or | Operator::And => self.pipeline(other, input),
                Operator::Compare(comparison) => {
                    let other = self.pipeline(other, input)?;
                    self.compare(*comparison, &current, &other).map(Cow::Owned)
                }
            },
        }
    }

    /// Evaluates an atom on a value that may be owned; then the result cannot borrow from
    /// it, and parts are moved out where that is easy.
    fn apply<'v>(&self, atom: &'v Atom, current: Cow<'v, Value>) -> Outcome<'v> {
        match (atom, current) {
            (Atom::Current, current) => Ok(current),
            (atom, Cow::Borrowed(value)) => self.atom(atom, value),
            (Atom::Field(name), Cow::Owned(Value::Object(mut object))) => {
                self.budget.charge(1)?;
                Ok(Cow::Owned(object.remove(name).unwrap_or_default()))
            }
            (Atom::Index(index), Cow::Owned(Value::Array(mut items))) => {
                self.budget.charge(1)?;
                let item = position(*index, items.len()).map(|index| items.swap_remove(index));
                Ok(Cow::Owned(item.unwrap_or_default()))
            }
            (atom, Cow::Owned(value)) => {
                let result = self.atom(atom, &value)?;
                self.budget.own(result).map(Cow::Owned)
            }
        }
    }

    fn atom<'v>(&self, atom: &'v Atom, input: &'v Value) -> Outcome<'v> {
        self.budget.charge(1)?;
        match atom {
            Atom::Current => Ok(Cow::Borrowed(input)),
            Atom::Field(name) => Ok(borrowed(input.get(name.as_str()))),
            Atom::Index(index) => Ok(borrowed(element(input, *index))),
            Atom::Literal(value) => Ok(Cow::Borrowed(value)),
            Atom::List(_) | Atom::Object(_) if input.is_null() => Ok(null()),
            Atom::List(elements) => self.list(elements, input).map(Cow::Owned),
            Atom::Object(entries) => self.object(entries, input).map(Cow::Owned),
            Atom::Group(group) => self.pipeline(group, input),
            Atom::Not(negated) => {
                let truth = is_truthy(&*self.pipeline(negated, input)?);
                Ok(Cow::Owned(Value::Bool(!truth)))
            }
            Atom::Call(call) => self.call(call, input),
        }
    }

    fn list(&self, elements: &[Pipeline], input: &Value) -> Result<Value, RuntimeError> {
        let mut list = Vec::with_capacity(elements.len());
        for element in elements {
            self.budget.charge(1)?;
            list.push(self.budget.own(self.pipeline(element, input)?)?);
        }
        Ok(Value::Array(list))
    }

    fn object(&self, entries: &[(String, Pipeline)], input: &Value) -> Result<Value, RuntimeError> {
        let mut object = Map::new();
        for (key, value) in entries {
            self.budget.charge_text(key.len())?;
            let value = self.budget.own(self.pipeline(value, input)?)?;
            object.insert(key.clone(), value);
        }
        Ok(Value::Object(object))
    }

    fn project(&self, projection: &Projection, value: &Value) -> Result<Value, RuntimeError> {
        match (&projection.source, value) {
            (Source::Elements, Value::Array(items)) => self.collect(projection, items.iter()),
            (Source::Values, Value::Object(object)) => self.collect(projection, object.values()),
            (Source::Flattened, Value::Array(items)) => self.collect(projection, items.iter().flat_map(flattened)),
            (Source::Slice(slice), Value::Array(items)) => {
                let positions = slice.positions(items.len());
                self.collect(projection, positions.filter_map(|index| items.get(index)))
            }
            _ => Ok(Value::Null),
        }
    }

    fn collect<'v>(
        &self,
        projection: &'v Projection,
        parts: impl Iterator<Item = &'v Value>,
    ) -> Result<Value, RuntimeError> {
        let mut results = Vec::new();
        for part in parts {
            self.budget.charge(1)?;
            if let Some(condition) = &projection.condition
                && !is_truthy(&*self.pipeline(condition, part)?)
            {
                continue;
            }
            let result = self.pipeline(&projection.each, part)?;
            if !result.is_null() {
                results.push(self.budget.own(result)?);
            }
        }
        Ok(Value::Array(results))
    }

    /// Orders only numbers; the order of other values is null.
    fn compare(&self, comparison: Comparison, left: &Value, right: &Value) -> Result<Value, RuntimeError> {
        let truth = match (comparison, left, right) {
            (Comparison::Equal, ..) => self.budget.equal(left, right)?,
            (Comparison::NotEqual, ..) => !self.budget.equal(left, right)?,
            (_, Value::Number(left), Value::Number(right)) => {
                let order = numbers::compare(left, right);
                match comparison {
                    Comparison::Less => order.is_lt(),
                    Comparison::LessOrEqual => order.is_le(),
                    Comparison::Greater => order.is_gt(),
                    _ => order.is_ge(),
                }
            }
            _ => return Ok(Value::Null),
        };
        Ok(Value::Bool(truth))
    }

    fn call<'v>(&self, call: &'v Call, input: &'v Value) -> Outcome<'v> {
        let function = call.function.as_ref().map_err(Clone::clone)?;
        let mut values = Vec::with_capacity(call.arguments.len());
        for argument in &call.arguments {
            values.push(match argument {
                CallArgument::Value(value) => Argument::Value(self.pipeline(value, input)?),
                CallArgument::Reference(reference) => Argument::Reference(reference),
            });
        }
        (function.run)(&mut Arguments::new(function.name, values, self))
    }
}

/// Whether a value counts as true; `0` does.
fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(truth) => *truth,
        Value::Number(_) => true,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(object) => !object.is_empty(),
    }
}

/// A null that outlives every evaluation.
pub(super) fn null<'v>() -> Cow<'v, Value> {
    static NULL: Value = Value::Null;
    Cow::Borrowed(&NULL)
}

fn borrowed(value: Option<&Value>) -> Cow<'_, Value> {
    value.map_or_else(null, Cow::Borrowed)
}

/// The position of an index that counts from the end when negative.
fn position(index: i64, length: usize) -> Option<usize> {
    let distance = usize::try_from(index.unsigned_abs()).ok()?;
    let position = if index < 0 { length.checked_sub(distance)? } else { distance };
    (position < length).then_some(position)
}

fn element(value: &Value, index: i64) -> Option<&Value> {
    let items = value.as_array()?;
    items.get(position(index, items.len())?)
}

/// The elements of an array, or the value itself.
fn flattened(value: &Value) -> slice::Iter<'_, Value> {
    match value {
        Value::Array(items) => items.iter(),
        other => slice::from_ref(other).iter(),
    }
}
