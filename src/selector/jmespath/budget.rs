//! Bounds the work and the memory of an evaluation.
//!
//! Every value that is visited, compared or copied costs a step, so that an expression
//! such as `[@, @] | [@, @] | …`, which doubles its result at each link, stops early.

use std::borrow::Cow;
use std::cell::Cell;

use serde_json::{Map, Value};

use super::errors::{RuntimeError, RuntimeErrorKind};
use super::numbers;

/// Most steps of one evaluation: about a step for each node of the expression that is
/// applied to a value, for each value that is copied or compared, and for each 64 bytes
/// of text in them. It lets a filter run over some hundred thousand elements, and keeps
/// what a result can occupy to a few hundred megabytes.
pub const MAX_EVALUATION_STEPS: usize = 2_000_000;

/// Bytes of text that cost one step.
const TEXT_PER_STEP: usize = 64;

/// The steps that are left.
pub(super) struct Budget {
    remaining: Cell<usize>,
}

impl Budget {
    pub(super) fn new() -> Budget {
        Budget { remaining: Cell::new(MAX_EVALUATION_STEPS) }
    }

    /// Spends steps.
    pub(super) fn charge(&self, steps: usize) -> Result<(), RuntimeError> {
        match self.remaining.get().checked_sub(steps) {
            Some(remaining) => {
                self.remaining.set(remaining);
                Ok(())
            }
            None => Err(exhausted()),
        }
    }

    /// Spends the steps of going through a text.
    pub(super) fn charge_text(&self, bytes: usize) -> Result<(), RuntimeError> {
        self.charge(1 + bytes / TEXT_PER_STEP)
    }

    /// The value itself, copied where it is borrowed.
    pub(super) fn own(&self, value: Cow<'_, Value>) -> Result<Value, RuntimeError> {
        match value {
            Cow::Owned(value) => Ok(value),
            Cow::Borrowed(value) => self.copy(value),
        }
    }

    /// A copy of a value.
    pub(super) fn copy(&self, value: &Value) -> Result<Value, RuntimeError> {
        match value {
            Value::String(text) => self.charge_text(text.len())?,
            _ => self.charge(1)?,
        }
        match value {
            Value::Array(items) => self.copy_array(items).map(Value::Array),
            Value::Object(object) => self.copy_object(object).map(Value::Object),
            flat => Ok(flat.clone()),
        }
    }

    /// A copy of the elements of an array.
    pub(super) fn copy_array(&self, items: &[Value]) -> Result<Vec<Value>, RuntimeError> {
        items.iter().map(|item| self.copy(item)).collect()
    }

    /// A copy of an object.
    pub(super) fn copy_object(&self, object: &Map<String, Value>) -> Result<Map<String, Value>, RuntimeError> {
        let mut copied = Map::new();
        for (key, value) in object {
            self.charge_text(key.len())?;
            copied.insert(key.clone(), self.copy(value)?);
        }
        Ok(copied)
    }

    /// Whether two values are equal: numbers by value, objects in any order.
    pub(super) fn equal(&self, left: &Value, right: &Value) -> Result<bool, RuntimeError> {
        self.charge(1)?;
        match (left, right) {
            (Value::Number(left), Value::Number(right)) => Ok(numbers::compare(left, right).is_eq()),
            (Value::String(left), Value::String(right)) => {
                self.charge_text(left.len().min(right.len()))?;
                Ok(left == right)
            }
            (Value::Array(left), Value::Array(right)) => self.equal_arrays(left, right),
            (Value::Object(left), Value::Object(right)) => self.equal_objects(left, right),
            (left, right) => Ok(left == right),
        }
    }

    fn equal_arrays(&self, left: &[Value], right: &[Value]) -> Result<bool, RuntimeError> {
        if left.len() != right.len() {
            return Ok(false);
        }
        for (left, right) in left.iter().zip(right) {
            if !self.equal(left, right)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn equal_objects(&self, left: &Map<String, Value>, right: &Map<String, Value>) -> Result<bool, RuntimeError> {
        if left.len() != right.len() {
            return Ok(false);
        }
        for (key, left) in left {
            self.charge_text(key.len())?;
            match right.get(key) {
                Some(right) if self.equal(left, right)? => {}
                _ => return Ok(false),
            }
        }
        Ok(true)
    }
}

fn exhausted() -> RuntimeError {
    let message = format!("the expression needs more than {MAX_EVALUATION_STEPS} steps");
    RuntimeError::new(RuntimeErrorKind::TooMuchWork, message)
}
