//! `sequence`: the cases that a mock answers with, one request after the other.

use std::collections::HashMap;

use super::node::Table;
use super::reading::Reading;
use crate::case::Case;
use crate::source::Spanned;

/// The cases that are named, by their place among the spec's.
pub fn sequence(spec: &Table, cases: &[Case], reading: &mut Reading<'_>) -> Vec<Spanned<usize>> {
    let mut sequence = Vec::new();
    if spec.get("sequence").is_some_and(|node| node.as_array().is_none()) {
        reading.texts(spec, "sequence");
        return sequence;
    }
    let places: HashMap<&str, usize> = cases.iter().enumerate().rev().map(|(at, case)| (&*case.name.value, at)).collect();
    for node in reading.array(spec, "sequence").unwrap_or_default() {
        let Some(word) = node.as_text() else {
            reading.wrong_type(node, EXPECTED);
            continue;
        };
        match places.get(&*word.text) {
            Some(at) => sequence.push(Spanned::new(*at, word.inside())),
            None => unknown(word, cases, reading),
        }
    }
    sequence
}

const EXPECTED: &str = "the name of a case of this spec";

/// A case with rows stands for none of them.
fn unknown(word: &crate::source::Mapped, cases: &[Case], reading: &mut Reading<'_>) {
    let names: Vec<&str> = cases.iter().map(|case| case.name.value.as_str()).collect();
    let beginning = format!("{} / ", word.text);
    match names.iter().find(|name| !word.text.is_empty() && name.starts_with(&beginning)) {
        Some(row) => reading.other_word(word, "the name of a case of this spec, or the full name of a row", row),
        None => reading.wrong_word(word, EXPECTED, &names),
    }
}
