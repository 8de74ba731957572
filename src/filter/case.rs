//! What the four case filters share: the choice between ASCII and Unicode letters.

use crate::assumption::id;
use crate::value::Value;

use super::support::{within_limit, wrong_input};
use super::{Context, FilterFault};

/// A change of case: over all of Unicode, and over ASCII alone as PHP 8's own `strtoupper` and its kin.
pub(super) struct Change {
    pub filter: &'static str,
    pub unicode: fn(&str) -> String,
    pub ascii: fn(&str) -> String,
}

impl Change {
    /// Changes a text. The assumption counts as met only when both choices differ over this text.
    pub fn apply(&self, value: &Value, context: &Context<'_>) -> Result<Value, FilterFault> {
        if value.is_null() {
            return Ok(value.clone());
        }
        let text = value.as_str().ok_or_else(|| wrong_input(self.filter, "text", value))?;
        let unicode = (self.unicode)(text);
        let ascii = (self.ascii)(text);
        let changed = if unicode == ascii || context.assume(id::CASE_BEYOND_ASCII) != "ascii" { unicode } else { ascii };
        within_limit(self.filter, changed.len())?;
        Ok(Value::from(changed))
    }
}

/// Every character in upper case by itself, as `mb_strtoupper`: `ß` becomes `SS`.
pub(super) fn upper(text: &str) -> String {
    text.chars().flat_map(char::to_uppercase).collect()
}

/// Every character in lower case by itself, as PHP 8.2's `mb_strtolower`: a final `Σ` becomes `σ`, not `ς`.
pub(super) fn lower(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

/// The text with its first character in upper case.
pub(super) fn upper_first(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().into_iter().flat_map(char::to_uppercase).chain(characters).collect()
}

pub(super) fn ascii_upper_first(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(characters).collect()
}

/// Applies a change to every word, where words end at the delimiters of PHP's `ucwords`.
pub(super) fn each_word(text: &str, change: fn(&str) -> String) -> String {
    text.split_inclusive([' ', '\t', '\r', '\n', '\x0c', '\x0b']).map(change).collect()
}
