//! The functions of arrays and objects.

use std::borrow::Cow;

use serde_json::{Map, Number, Value};

use super::errors::RuntimeError;
use super::functions::{Arguments, described};
use super::interpret::{Outcome, null};

pub(super) fn contains<'v>(arguments: &mut Arguments<'v, '_>) -> Outcome<'v> {
    let subject = arguments.any()?;
    if !(subject.is_array() || subject.is_string()) {
        return Err(arguments.mismatch("an array or a string", described(&subject)));
    }
    let wanted = arguments.any()?;
    let budget = &arguments.interpreter.budget;
    let found = match (subject.as_ref(), wanted.as_ref()) {
        (Value::String(text), Value::String(part)) => {
            budget.charge_text(text.len() + part.len())?;
            text.contains(part.as_str())
        }
        (Value::Array(items), wanted) => {
            let mut equal = items.iter().map(|item| budget.equal(item, wanted));
            // An error ends the search too.
            let found = equal.find(|equal| !matches!(equal, Ok(false)));
            found.transpose()?.is_some()
        }
        _ => false,
    };
    Ok(Cow::Owned(Value::Bool(found)))
}

/// The number of elements, of entries, or of code points.
pub(super) fn length<'v>(arguments: &mut Arguments<'v, '_>) -> Outcome<'v> {
    let length = match arguments.any()?.as_ref() {
        Value::String(text) => {
            arguments.interpreter.budget.charge_text(text.len())?;
            text.chars().count()
        }
        Value::Array(items) => items.len(),
        Value::Object(object) => object.len(),
        other => {
            let expected = "a string, an array or an object";
            return Err(arguments.mismatch(expected, described(other)));
        }
    };
    Ok(Cow::Owned(Value::Number(Number::from(length))))
}

pub(super) fn reverse<'v>(arguments: &mut Arguments<'v, '_>) -> Outcome<'v> {
    let subject = arguments.any()?;
    if let Value::String(text) = subject.as_ref() {
        arguments.interpreter.budget.charge_text(text.len())?;
        let reversed = text.chars().rev().collect();
        return Ok(Cow::Owned(Value::String(reversed)));
    }
    if !subject.is_array() {
        return Err(arguments.mismatch("an array or a string", described(&subject)));
    }
    let mut reversed = arguments.interpreter.budget.own(subject)?;
    if let Value::Array(items) = &mut reversed {
        items.reverse();
    }
    Ok(Cow::Owned(reversed))
}

/// The names of the entries, in the order of the document.
pub(super) fn keys<'v>(arguments: &mut Arguments<'v, '_>) -> Outcome<'v> {
    let object = arguments.object()?;
    let mut keys = Vec::with_capacity(object.len());
    for key in object.keys() {
        arguments.interpreter.budget.charge_text(key.len())?;
        keys.push(Value::String(key.clone()));
    }
    Ok(Cow::Owned(Value::Array(keys)))
}

/// The values of the entries, in the order of the document.
pub(super) fn values<'v>(arguments: &mut Arguments<'v, '_>) -> Outcome<'v> {
    let values = match arguments.object()? {
        Cow::Owned(object) => object.into_iter().map(|(_, value)| value).collect(),
        Cow::Borrowed(object) => {
            let budget = &arguments.interpreter.budget;
            let copies = object.values().map(|value| budget.copy(value));
            copies.collect::<Result<_, _>>()?
        }
    };
    Ok(Cow::Owned(Value::Array(values)))
}

pub(super) fn map<'v>(arguments: &mut Arguments<'v, '_>) -> Outcome<'v> {
    let (reference, items) = (arguments.reference()?, arguments.array()?);
    let interpreter = arguments.interpreter;
    let mut mapped = Vec::with_capacity(items.len());
    for item in items.iter() {
        let result = interpreter.pipeline(reference, item)?;
        interpreter.budget.charge(1)?;
        mapped.push(interpreter.budget.own(result)?);
    }
    Ok(Cow::Owned(Value::Array(mapped)))
}

/// One object with the entries of all; the last of equal names wins.
pub(super) fn merge<'v>(arguments: &mut Arguments<'v, '_>) -> Outcome<'v> {
    let mut merged = Map::new();
    while arguments.has_more() {
        let object = match arguments.object()? {
            Cow::Owned(object) => object,
            Cow::Borrowed(object) => arguments.interpreter.budget.copy_object(object)?,
        };
        merged.extend(object);
    }
    Ok(Cow::Owned(Value::Object(merged)))
}

/// The first argument that is not null.
pub(super) fn not_null<'v>(arguments: &mut Arguments<'v, '_>) -> Outcome<'v> {
    let mut first = null();
    while arguments.has_more() {
        let value = arguments.any()?;
        if first.is_null() {
            first = value;
        }
    }
    Ok(first)
}

pub(super) fn to_array<'v>(arguments: &mut Arguments<'v, '_>) -> Outcome<'v> {
    let value = arguments.any()?;
    if value.is_array() {
        return Ok(value);
    }
    let value = arguments.interpreter.budget.own(value)?;
    Ok(Cow::Owned(Value::Array(vec![value])))
}

/// The elements of an array, copied where they are borrowed.
pub(super) fn own_array(arguments: &Arguments<'_, '_>, items: Cow<'_, [Value]>) -> Result<Vec<Value>, RuntimeError> {
    match items {
        Cow::Owned(items) => Ok(items),
        Cow::Borrowed(items) => arguments.interpreter.budget.copy_array(items),
    }
}
