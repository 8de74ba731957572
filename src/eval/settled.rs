//! The pieces of a text, once it is known which names have values.

use std::borrow::Cow;

use crate::assumption::id;
use crate::plan::{Choice, Expression, Step, Text, TextPiece, ValueSource};
use crate::template::AccessorKey;
use crate::value::{Data, Json, Value};

use super::expression::Evaluator;

/// A piece of a text that is known to be one or the other.
#[derive(Clone, Debug)]
pub enum Settled<'t> {
    Literal(&'t str),
    Value(Cow<'t, Expression>),
}

impl Evaluator<'_> {
    /// The pieces of a text, once it is known which names have values.
    pub fn settled<'t>(&self, text: &'t Text) -> Vec<Settled<'t>> {
        let mut settled = Vec::with_capacity(text.pieces.len());
        for piece in &text.pieces {
            match piece {
                TextPiece::Literal(written) => settled.push(Settled::Literal(written)),
                TextPiece::Value(expression) => settled.push(Settled::Value(Cow::Borrowed(expression))),
                TextPiece::Choice(choice) => match choice.names {
                    Some(rules) => settled.extend(self.named(choice, rules)),
                    None => settled.extend(self.read(choice)),
                },
            }
        }
        settled
    }

    /// The first reading that exists, with the text behind its name.
    fn read<'t>(&self, choice: &'t Choice) -> Vec<Settled<'t>> {
        match choice.readings.iter().find(|reading| self.exists(&reading.value)) {
            Some(reading) => vec![Settled::Value(Cow::Borrowed(&reading.value)), Settled::Literal(&reading.rest)],
            None => {
                let _ = self.assume(id::UNSET_VALUE);
                vec![Settled::Literal(&choice.typed)]
            }
        }
    }

    /// Whether an attribute has a value other than null, and it holds what the path leads to.
    fn exists(&self, expression: &Expression) -> bool {
        let ValueSource::Attribute(name) = &expression.source else { return true };
        let Some(value) = self.inputs.given.attribute(name) else { return false };
        let mut found = value.clone();
        for step in &expression.path {
            found = step_into(&found, step);
        }
        !found.is_null()
    }
}

/// One step into a list or an object; null where there is nothing.
pub(super) fn step_into(value: &Value, step: &Step) -> Value {
    let Data::Json(json) = &value.data else { return Value::NULL };
    let found = match (&step.key, json) {
        (AccessorKey::Key(key), Json::Object(entries)) => entries.get(key),
        (AccessorKey::Index(index), Json::Object(entries)) => entries.get(&index.to_string()),
        (AccessorKey::Index(index), Json::Array(items)) => usize::try_from(*index).ok().and_then(|index| items.get(index)),
        (AccessorKey::Key(key), Json::Array(items)) => key.parse::<usize>().ok().and_then(|index| items.get(index)),
        _ => None,
    };
    Value::from(found.cloned().unwrap_or(Json::Null)).tainted_if(value.is_secret())
}

/// The items of a list with commas between them.
pub(super) fn joined_by_commas(list: &Json) -> String {
    let items: Vec<String> = list.as_array().into_iter().flatten().map(crate::value::json_text).collect();
    items.join(",")
}
