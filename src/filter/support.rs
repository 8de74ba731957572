//! What the filters share: reading arguments, wording faults, keeping results bounded.

use crate::value::{Data, Json, Value};

use super::{BadArgument, FilterFault, MAX_OUTPUT_BYTES};

/// How much of an argument a message quotes.
const QUOTED_CHARACTERS: usize = 40;

pub(super) fn wrong_input(filter: &str, expected: &str, value: &Value) -> FilterFault {
    FilterFault::WrongInput(format!("`{filter}` works on {expected}, not on {}", value.kind()))
}

/// Refuses a result of so many bytes if that is more than [`MAX_OUTPUT_BYTES`].
pub(super) fn within_limit(filter: &str, length: usize) -> Result<(), FilterFault> {
    if length <= MAX_OUTPUT_BYTES {
        return Ok(());
    }
    let limit = MAX_OUTPUT_BYTES / (1024 * 1024);
    Err(FilterFault::WrongInput(format!("`{filter}`: the result would be larger than {limit} MiB")))
}

pub(super) fn bad_argument(index: usize, message: String, help: Option<&str>) -> BadArgument {
    BadArgument { index, message, help: help.map(str::to_string) }
}

/// An argument as a message quotes it: masked where it is secret, and short.
pub(super) fn quoted(argument: &Value) -> String {
    let text = argument.to_text();
    let masked = text.masked();
    match masked.char_indices().nth(QUOTED_CHARACTERS) {
        Some((end, _)) => format!("`{}…`", &masked[..end]),
        None => format!("`{masked}`"),
    }
}

/// The literal argument at an index, as the value that evaluation will see.
pub(super) fn literal(arguments: &[Option<&str>], index: usize) -> Option<Value> {
    arguments.get(index).copied().flatten().map(Value::from)
}

/// The argument at an index; a reference without a value counts as absent.
pub(super) fn given(arguments: &[Value], index: usize) -> Option<&Value> {
    arguments.get(index).filter(|argument| !argument.is_null())
}

/// The text of an argument; empty when it has no value.
pub(super) fn argument_text(arguments: &[Value], index: usize) -> String {
    arguments.get(index).map(|argument| argument.to_text().into_plain()).unwrap_or_default()
}

/// The optional argument `true`, which switches something on.
pub(super) fn switch(index: usize, argument: Option<&Value>) -> Result<bool, BadArgument> {
    let Some(argument) = argument else { return Ok(false) };
    match argument.to_text().reveal() {
        "true" => Ok(true),
        "false" | "" => Ok(false),
        _ => Err(bad_argument(
            index,
            format!("{} is neither `true` nor `false`", quoted(argument)),
            Some("write `true`, or leave the argument out"),
        )),
    }
}

/// [`switch`] for the check of literals, at index 0.
pub(super) fn check_switch(arguments: &[Option<&str>]) -> Option<BadArgument> {
    switch(0, literal(arguments, 0).as_ref()).err()
}

/// The text of a single value; `None` for lists, objects and raw bytes.
pub(super) fn single_text(value: &Value) -> Option<String> {
    match &value.data {
        Data::Bytes(_) | Data::Json(Json::Array(_) | Json::Object(_)) => None,
        _ => Some(value.to_text().into_plain()),
    }
}

/// Bytes that are UTF-8 are text, as PHP does not tell the two apart.
pub(super) fn text_or_bytes(bytes: Vec<u8>) -> Value {
    match String::from_utf8(bytes) {
        Ok(text) => Value::from(text),
        Err(error) => Value::bytes(error.into_bytes()),
    }
}

/// The items of a collection: those of a list, or the values of an object's entries.
pub(super) fn items(value: &Value) -> Option<Vec<&Json>> {
    match &value.data {
        Data::Json(Json::Array(items)) => Some(items.iter().collect()),
        Data::Json(Json::Object(entries)) => Some(entries.values().collect()),
        _ => None,
    }
}

#[cfg(test)]
pub(super) mod testing {
    use std::cell::RefCell;
    use std::collections::BTreeSet;

    use super::super::{Context, FilterFault, find};
    use crate::assumption::{Assumption, Assumptions, id};
    use crate::value::Value;

    /// The assumptions that filters ask for; the dialects' own tables are not known here.
    pub static TABLE: [Assumption; 2] = [
        Assumption { name: id::CASE_BEYOND_ASCII, default: "unicode", others: &["ascii"], summary: "", page: "" },
        Assumption { name: id::ORDINAL_GROUPING, default: "plain", others: &["grouped"], summary: "", page: "" },
    ];

    /// Applies a filter in UTC at 2026-01-01, with one assumption switched.
    pub fn apply_assuming(
        (name, choice): (&str, &str),
        filter: &str,
        value: &Value,
        arguments: &[Value],
    ) -> (Result<Value, FilterFault>, Vec<&'static str>) {
        let mut assumptions = Assumptions::defaults(&TABLE);
        assumptions.choose(name, choice);
        let occurred = RefCell::new(BTreeSet::new());
        let context = Context { now: 1_767_225_600, timezone: "UTC", assumptions: &assumptions, occurred: &occurred };
        let filter = find(filter).expect("a filter");
        let result = (filter.apply)(value, arguments, &context);
        (result, occurred.take().into_iter().collect())
    }

    pub fn apply(filter: &str, value: impl Into<Value>, arguments: &[&str]) -> Result<Value, FilterFault> {
        let arguments: Vec<Value> = arguments.iter().map(|argument| Value::from(*argument)).collect();
        apply_assuming(("", ""), filter, &value.into(), &arguments).0
    }

    pub fn text(filter: &str, value: impl Into<Value>, arguments: &[&str]) -> String {
        apply(filter, value, arguments).expect("no fault").to_text().into_plain()
    }

    pub fn message(filter: &str, value: impl Into<Value>, arguments: &[&str]) -> String {
        apply(filter, value, arguments).expect_err("a fault").message().to_string()
    }

    /// What the check of literal arguments says.
    pub fn check(filter: &str, arguments: &[&str]) -> Option<String> {
        let arguments: Vec<Option<&str>> = arguments.iter().copied().map(Some).collect();
        let bad = (find(filter).expect("a filter").check)(&arguments)?;
        Some(format!("{}: {}", bad.index, bad.message))
    }
}
