//! Which case answers a request.

use super::recover::Recovered;
use super::{Mocked, Prepared};
use crate::case::slug;
use crate::value::{Value, json_text};

/// Why a case answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChosenBy {
    /// The request named it.
    Forced,
    /// The spec's `sequence` is at it.
    Sequence,
    /// What it gives agrees best with what the request says.
    Agreement,
    /// None agrees, and it is the first that leads to success.
    FirstSuccess,
    /// None leads to success.
    First,
}

impl ChosenBy {
    pub fn name(self) -> &'static str {
        match self {
            ChosenBy::Forced => "forced",
            ChosenBy::Sequence => "sequence",
            ChosenBy::Agreement => "agreement",
            ChosenBy::FirstSuccess => "first-success",
            ChosenBy::First => "first",
        }
    }
}

/// The case of a name: exactly, else by its slug.
pub fn named(action: &Mocked, name: &str) -> Option<usize> {
    let exact = action.cases.iter().position(|prepared| prepared.case.name.value == name);
    exact.or_else(|| action.cases.iter().position(|prepared| prepared.case.slug == slug(name)))
}

/// The case that a request deserves by what it says; `None` when there is none.
pub fn best(action: &Mocked, recovered: &Recovered) -> Option<(usize, ChosenBy)> {
    let scored = action.cases.iter().enumerate().map(|(index, prepared)| (Agreement::of(prepared, recovered), index));
    // Of equals the first: `max_by` takes the last.
    let (agreement, index) = scored.rev().max_by(|(one, _), (other, _)| one.cmp(other))?;
    if agreement.equal > 0 {
        return Some((index, ChosenBy::Agreement));
    }
    let success = action.cases.iter().position(|prepared| prepared.succeeds);
    Some(success.map_or((0, ChosenBy::First), |index| (index, ChosenBy::FirstSuccess)))
}

/// How well a case agrees; the greater, the better.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Agreement {
    equal: usize,
    /// Fewer values that are others.
    others: std::cmp::Reverse<usize>,
    succeeds: bool,
}

impl Agreement {
    fn of(prepared: &Prepared, recovered: &Recovered) -> Agreement {
        let (mut equal, mut others) = (0, 0);
        for known in recovered.attributes.iter() {
            match prepared.case.given.attribute(&known.name) {
                Some(given) if same(given, &known.value) => equal += 1,
                Some(_) => others += 1,
                None => {}
            }
        }
        Agreement { equal, others: std::cmp::Reverse(others), succeeds: prepared.succeeds }
    }
}

/// Equal as values, or as the texts that they become in a URL or a header.
fn same(given: &Value, recovered: &Value) -> bool {
    let (given, recovered) = (given.to_json(), recovered.to_json());
    given == recovered || (!given.is_null() && json_text(&given) == json_text(&recovered))
}
