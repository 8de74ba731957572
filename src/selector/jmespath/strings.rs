//! The functions of strings and conversions.

use std::borrow::Cow;

use serde_json::Value;

use super::functions::{Arguments, described};
use super::interpret::{Outcome, null};
use super::numbers;

/// Bytes of JSON that cost one step to read: most values take two at least, with the
/// comma, and become much more.
const READ_PER_STEP: usize = 2;

/// Bytes of JSON that cost one step to write.
const WRITTEN_PER_STEP: usize = 16;

pub(super) fn starts_with<'v>(arguments: &mut Arguments<'v, '_>) -> Outcome<'v> {
    let (subject, prefix) = (arguments.string()?, arguments.string()?);
    arguments.interpreter.budget.charge_text(prefix.len())?;
    Ok(truth(subject.starts_with(prefix.as_ref())))
}

pub(super) fn ends_with<'v>(arguments: &mut Arguments<'v, '_>) -> Outcome<'v> {
    let (subject, suffix) = (arguments.string()?, arguments.string()?);
    arguments.interpreter.budget.charge_text(suffix.len())?;
    Ok(truth(subject.ends_with(suffix.as_ref())))
}

pub(super) fn join<'v>(arguments: &mut Arguments<'v, '_>) -> Outcome<'v> {
    let (glue, items) = (arguments.string()?, arguments.array()?);
    let mut joined = String::new();
    for (index, item) in items.iter().enumerate() {
        let Value::String(text) = item else {
            let found = format!("one with {}", described(item));
            return Err(arguments.mismatch("an array of strings", &found));
        };
        let separator = if index == 0 { "" } else { glue.as_ref() };
        let added = separator.len() + text.len();
        arguments.interpreter.budget.charge_text(added)?;
        joined.push_str(separator);
        joined.push_str(text);
    }
    Ok(string(joined))
}

/// The value of a JSON text; null for a text that is not JSON, and for null.
pub(super) fn json_decode<'v>(arguments: &mut Arguments<'v, '_>) -> Outcome<'v> {
    match arguments.any()?.as_ref() {
        Value::Null => Ok(null()),
        Value::String(text) => {
            let steps = 1 + text.len() / READ_PER_STEP;
            arguments.interpreter.budget.charge(steps)?;
            Ok(Cow::Owned(serde_json::from_str(text).unwrap_or_default()))
        }
        other => Err(arguments.mismatch("a string or null", described(other))),
    }
}

pub(super) fn to_string<'v>(arguments: &mut Arguments<'v, '_>) -> Outcome<'v> {
    let value = arguments.any()?;
    if value.is_string() {
        return Ok(value);
    }
    let text = value.to_string();
    let steps = 1 + text.len() / WRITTEN_PER_STEP;
    arguments.interpreter.budget.charge(steps)?;
    Ok(string(text))
}

pub(super) fn to_number<'v>(arguments: &mut Arguments<'v, '_>) -> Outcome<'v> {
    let value = arguments.any()?;
    match value.as_ref() {
        Value::Number(_) => Ok(value),
        Value::String(text) => {
            arguments.interpreter.budget.charge_text(text.len())?;
            let number = numbers::parse(text);
            Ok(number.map_or_else(null, |number| Cow::Owned(Value::Number(number))))
        }
        _ => Ok(null()),
    }
}

pub(super) fn type_name<'v>(arguments: &mut Arguments<'v, '_>) -> Outcome<'v> {
    let name = match arguments.any()?.as_ref() {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    Ok(string(name.to_owned()))
}

fn truth<'v>(value: bool) -> Cow<'v, Value> {
    Cow::Owned(Value::Bool(value))
}

fn string<'v>(text: String) -> Cow<'v, Value> {
    Cow::Owned(Value::String(text))
}
