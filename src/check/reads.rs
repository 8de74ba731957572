//! What a request reads of the values that a case gives.

use std::collections::HashSet;

use crate::case::Subject;
use crate::plan::{AttributeName, BodyPlan, ValueSource};
use crate::source::Span;

/// Whether every name that the action mentions is known: what could not be read may mention any.
pub fn are_known(subject: &Subject<'_>) -> bool {
    subject.is_readable && !matches!(subject.plan.request.body, BodyPlan::Unusable { root: None, .. })
}

/// The attributes that the request reads, each once and where it is read first.
pub fn attributes<'a>(subject: &Subject<'a>) -> Vec<(&'a AttributeName, Span)> {
    let mut known = HashSet::new();
    let read = subject.expressions.iter().filter_map(|(_, expression)| match &expression.source {
        ValueSource::Attribute(name) => Some((name, expression.span)),
        _ => None,
    });
    read.filter(|(name, _)| known.insert(*name)).collect()
}
