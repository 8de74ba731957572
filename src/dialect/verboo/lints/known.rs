//! What the lints know of names: what is declared, given in a case, or read in the action.

use std::collections::HashMap;

use super::choices::{attribute, variables};
use crate::case::{Case, Subject};
use crate::dialect::verboo::{ARGUMENTS, CLIENT_DATA};
use crate::plan::AttributeName;
use crate::source::Span;
use crate::value::Value;

/// A name and the place that says most about it: its declaration, else where a case gives it, else where it is read.
pub type Places<'a> = HashMap<&'a AttributeName, Span>;

/// The arguments and client data that a spec knows.
pub fn places<'a>(subject: &Subject<'a>) -> Places<'a> {
    let mut places: Places<'a> = HashMap::new();
    let declared = subject.plan.types.iter().map(|declaration| (&declaration.name, declaration.span));
    let given = cases(subject).flat_map(|case| case.given.attributes.iter().map(|given| (&given.name, given.span)));
    let read = variables(subject.plan).into_iter().flat_map(|variable| {
        let readings = variable.choice.readings.iter();
        readings.filter_map(|reading| Some((attribute(reading)?, reading.value.span)))
    });
    for (name, span) in declared.chain(given).chain(read) {
        if [ARGUMENTS, CLIENT_DATA].contains(&name.context()) {
            places.entry(name).or_insert(span);
        }
    }
    places
}

/// The cases, or what stands for them in a spec without any.
pub fn cases<'a>(subject: &Subject<'a>) -> impl Iterator<Item = &'a Case> {
    subject.cases.iter().chain(subject.bare_case)
}

/// The values that cases give for a name.
pub fn given<'a>(subject: &Subject<'a>, name: &AttributeName) -> Vec<&'a Value> {
    cases(subject).filter_map(|case| case.given.attribute(name)).collect()
}

/// The names of a context, in alphabetical order.
pub fn of_context<'a>(places: &Places<'a>, context: &str) -> Vec<(&'a AttributeName, Span)> {
    let mut names: Vec<(&AttributeName, Span)> =
        places.iter().filter(|(name, _)| name.context() == context).map(|(name, span)| (*name, *span)).collect();
    names.sort_by_key(|(name, _)| name.full());
    names
}
