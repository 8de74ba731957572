//! The functions that order values: numbers by value, strings by code points.

use std::borrow::Cow;
use std::cmp::Ordering;

use serde_json::Value;

use super::errors::{RuntimeError, RuntimeErrorKind};
use super::functions::{Arguments, described};
use super::interpret::Outcome;
use super::{interpret, numbers};

pub(super) fn maximum<'v>(arguments: &mut Arguments<'v, '_>) -> Outcome<'v> {
    extreme(arguments, Ordering::Greater)
}

pub(super) fn minimum<'v>(arguments: &mut Arguments<'v, '_>) -> Outcome<'v> {
    extreme(arguments, Ordering::Less)
}

pub(super) fn maximum_by<'v>(arguments: &mut Arguments<'v, '_>) -> Outcome<'v> {
    extreme_by(arguments, Ordering::Greater)
}

pub(super) fn minimum_by<'v>(arguments: &mut Arguments<'v, '_>) -> Outcome<'v> {
    extreme_by(arguments, Ordering::Less)
}

pub(super) fn sort<'v>(arguments: &mut Arguments<'v, '_>) -> Outcome<'v> {
    let items = arguments.array()?;
    check_comparable(arguments, items.iter())?;
    charge_sort(arguments, items.iter())?;
    let mut items = super::lists::own_array(arguments, items)?;
    items.sort_by(order);
    Ok(Cow::Owned(Value::Array(items)))
}

pub(super) fn sort_by<'v>(arguments: &mut Arguments<'v, '_>) -> Outcome<'v> {
    let items = arguments.array()?;
    let keys = keys_of(arguments, &items)?;
    charge_sort(arguments, keys.iter().map(AsRef::as_ref))?;
    let mut ranking: Vec<(usize, &Cow<'_, Value>)> = keys.iter().enumerate().collect();
    ranking.sort_by(|(_, left), (_, right)| order(left, right));
    let ranking: Vec<usize> = ranking.into_iter().map(|(index, _)| index).collect();
    // The keys may borrow from the items, so they end before the items move.
    drop(keys);
    let mut items = super::lists::own_array(arguments, items)?;
    let moved = |index: usize| items.get_mut(index).map(Value::take);
    let sorted = ranking.into_iter().filter_map(moved).collect();
    Ok(Cow::Owned(Value::Array(sorted)))
}

/// The first item that is beyond all others; null when there is none.
fn extreme<'v>(arguments: &mut Arguments<'v, '_>, beyond: Ordering) -> Outcome<'v> {
    let items = arguments.array()?;
    check_comparable(arguments, items.iter())?;
    let best = first_beyond(items.iter(), beyond);
    match best.and_then(|index| items.get(index)) {
        Some(Value::Number(number)) => arguments.computed(numbers::simplified(number)),
        _ => Ok(pick(items, best)),
    }
}

/// The first item whose key is beyond those of all others; null when there is none.
fn extreme_by<'v>(arguments: &mut Arguments<'v, '_>, beyond: Ordering) -> Outcome<'v> {
    let items = arguments.array()?;
    let keys = keys_of(arguments, &items)?;
    let best = first_beyond(keys.iter().map(AsRef::as_ref), beyond);
    drop(keys);
    Ok(pick(items, best))
}

fn first_beyond<'k>(keys: impl Iterator<Item = &'k Value>, beyond: Ordering) -> Option<usize> {
    let better = |best: (usize, &'k Value), next: (usize, &'k Value)| {
        if order(next.1, best.1) == beyond { next } else { best }
    };
    keys.enumerate().reduce(better).map(|(index, _)| index)
}

/// One item of an array, moved out where the array is owned.
fn pick(items: Cow<'_, [Value]>, index: Option<usize>) -> Cow<'_, Value> {
    match (items, index) {
        (Cow::Borrowed(items), Some(index)) => items.get(index).map_or_else(interpret::null, Cow::Borrowed),
        (Cow::Owned(mut items), Some(index)) => Cow::Owned(items.get_mut(index).map(Value::take).unwrap_or_default()),
        (_, None) => interpret::null(),
    }
}

/// The values by which items are ordered.
fn keys_of<'i, 'v: 'i>(arguments: &mut Arguments<'v, '_>, items: &'i [Value]) -> Result<Vec<Cow<'i, Value>>, RuntimeError> {
    let reference = arguments.reference()?;
    let mut keys = Vec::with_capacity(items.len());
    for item in items {
        keys.push(arguments.interpreter.pipeline(reference, item)?);
    }
    check_comparable(arguments, keys.iter().map(AsRef::as_ref))?;
    Ok(keys)
}

/// Refuses values that are neither all numbers nor all strings.
fn check_comparable<'k>(arguments: &Arguments<'_, '_>, keys: impl Iterator<Item = &'k Value>) -> Result<(), RuntimeError> {
    let mut first = None;
    for key in keys {
        match key {
            Value::String(text) => arguments.interpreter.budget.charge_text(text.len())?,
            _ => arguments.interpreter.budget.charge(1)?,
        }
        let (found, first) = (described(key), *first.get_or_insert(described(key)));
        if !(key.is_number() || key.is_string()) {
            return Err(mixed(arguments, found));
        }
        if found != first {
            return Err(mixed(arguments, &format!("{first} and {found}")));
        }
    }
    Ok(())
}

fn mixed(arguments: &Arguments<'_, '_>, found: &str) -> RuntimeError {
    let function = arguments.function;
    let message = format!("`{function}` orders either numbers or strings, there is {found}");
    RuntimeError::new(RuntimeErrorKind::InvalidType, message)
}

/// The comparisons of a sort cannot fail halfway, so they are paid before.
fn charge_sort<'k>(
    arguments: &Arguments<'_, '_>,
    keys: impl Iterator<Item = &'k Value> + Clone,
) -> Result<(), RuntimeError> {
    let rounds = keys.clone().count().checked_ilog2().unwrap_or_default();
    for _ in 0..rounds {
        for key in keys.clone() {
            let bytes = key.as_str().map_or(0, str::len);
            arguments.interpreter.budget.charge_text(bytes)?;
        }
    }
    Ok(())
}

fn order(left: &Value, right: &Value) -> Ordering {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => numbers::compare(left, right),
        (Value::String(left), Value::String(right)) => left.cmp(right),
        _ => Ordering::Equal,
    }
}
