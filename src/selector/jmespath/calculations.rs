//! The functions of numbers.

use serde_json::{Number, Value};

use super::errors::RuntimeError;
use super::functions::{Arguments, described};
use super::interpret::{Outcome, null};
use super::numbers;

pub(super) fn absolute<'v>(arguments: &mut Arguments<'v, '_>) -> Outcome<'v> {
    let number = arguments.number()?;
    arguments.computed(numbers::absolute(&number))
}

pub(super) fn ceiling<'v>(arguments: &mut Arguments<'v, '_>) -> Outcome<'v> {
    let number = arguments.number()?;
    arguments.computed(numbers::ceiling(&number))
}

pub(super) fn floor<'v>(arguments: &mut Arguments<'v, '_>) -> Outcome<'v> {
    let number = arguments.number()?;
    arguments.computed(numbers::floor(&number))
}

pub(super) fn sum<'v>(arguments: &mut Arguments<'v, '_>) -> Outcome<'v> {
    let items = arguments.array()?;
    let terms = all_numbers(arguments, &items)?;
    arguments.computed(numbers::sum(&terms))
}

/// The mean, null for an empty array.
pub(super) fn average<'v>(arguments: &mut Arguments<'v, '_>) -> Outcome<'v> {
    let items = arguments.array()?;
    let terms = all_numbers(arguments, &items)?;
    if terms.is_empty() {
        return Ok(null());
    }
    arguments.computed(numbers::average(&terms))
}

fn all_numbers<'i>(arguments: &Arguments<'_, '_>, items: &'i [Value]) -> Result<Vec<&'i Number>, RuntimeError> {
    arguments.interpreter.budget.charge(items.len())?;
    let number = |item: &'i Value| match item {
        Value::Number(number) => Ok(number),
        other => {
            let found = format!("one with {}", described(other));
            Err(arguments.mismatch("an array of numbers", &found))
        }
    };
    items.iter().map(number).collect()
}
