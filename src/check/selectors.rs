//! The expressions over a reply that a plan holds, each with the text it was written as.

use std::ops::Range;

use crate::plan::{Group, Plan, SuccessRule};
use crate::selector::Selector;
use crate::source::{Mapped, Span};

/// Every expression that can be read: success rules and outputs, group by group.
pub fn selectors(plan: &Plan) -> Vec<(&dyn Selector, &Mapped)> {
    plan.outcome.groups().iter().flat_map(selectors_of).collect()
}

/// Those of one group.
pub fn selectors_of(group: &Group) -> Vec<(&dyn Selector, &Mapped)> {
    let mut found: Vec<(&dyn Selector, &Mapped)> = Vec::new();
    if let SuccessRule::Expression { selector: Some(selector), source } = &group.success {
        found.push((selector.as_ref(), source));
    }
    let outputs = group.outputs.iter();
    found.extend(outputs.filter_map(|output| Some((output.selector.as_deref()?, &output.source))));
    found
}

/// Where a part of an expression was written.
pub fn part(source: &Mapped, range: &Range<usize>) -> Span {
    let end = range.end.min(source.text.len());
    source.span(range.start.min(end)..end)
}
