//! What a request reads of the values that a case gives.

use std::collections::HashSet;

use crate::case::{Given, Subject};
use crate::plan::{AttributeName, BodyPlan, Expression, Plan, TextPiece, ValueSource};
use crate::source::Span;

/// Whether every name that the action mentions is known: what could not be read may mention any.
pub fn are_known(subject: &Subject<'_>) -> bool {
    subject.is_readable && !matches!(subject.plan.request.body, BodyPlan::Unusable { root: None, .. })
}

/// What the request needs a value for: the attributes of which one must have a value, the likeliest first, and where they are
/// read first.
pub struct Need<'a> {
    pub names: Vec<&'a AttributeName>,
    pub span: Span,
    /// Without a value the name itself is sent.
    pub stays: bool,
}

/// Everything that the request needs a value for, each once. Where several names fit a text, one of them is enough.
pub fn needs<'a>(subject: &Subject<'a>) -> Vec<Need<'a>> {
    let mut needs: Vec<Need<'a>> = Vec::new();
    let mut known = Names::default();
    let mut add = |need: Need<'a>| {
        if need.names.first().is_some_and(|first| known.insert(first)) {
            needs.push(need);
        }
    };
    for piece in subject.plan.texts().into_iter().flat_map(|(_, text)| &text.pieces) {
        match piece {
            TextPiece::Literal(_) => {}
            TextPiece::Choice(choice) => {
                let names = choice.readings.iter().filter_map(|reading| attribute(&reading.value)).collect();
                add(Need { names, span: choice.span, stays: true });
            }
            TextPiece::Value(value) => {
                let all = value.with_arguments().into_iter();
                let read = all.filter_map(|inner| Some((attribute(inner)?, inner.span)));
                read.for_each(|(name, span)| add(Need { names: vec![name], span, stays: false }));
            }
        }
    }
    needs
}

fn attribute(expression: &Expression) -> Option<&AttributeName> {
    match &expression.source {
        ValueSource::Attribute(name) => Some(name),
        _ => None,
    }
}

/// The attributes that a request reads, each once and with the place of its name where it is read first.
pub fn of_plan(plan: &Plan) -> Vec<(&AttributeName, Span)> {
    let mut known = Names::default();
    let read = plan.all_expressions().into_iter().filter_map(|(_, expression)| match &expression.source {
        ValueSource::Attribute(name) => Some((name, expression.name_span)),
        _ => None,
    });
    read.filter(|(name, _)| known.insert(name)).collect()
}

/// Up to so many names are compared one by one, which is quicker than hashing them.
const FEW: usize = 48;

/// A set of names: most specs have few.
#[derive(Default)]
pub struct Names<'a> {
    few: Vec<&'a AttributeName>,
    many: HashSet<&'a AttributeName>,
}

impl<'a> Names<'a> {
    pub fn of_given(given: &'a Given) -> Names<'a> {
        let mut names = Names::default();
        given.attributes.iter().for_each(|given| _ = names.insert(&given.name));
        names
    }

    pub fn contains(&self, name: &AttributeName) -> bool {
        self.few.contains(&name) || (!self.many.is_empty() && self.many.contains(name))
    }

    /// Whether it is new.
    pub fn insert(&mut self, name: &'a AttributeName) -> bool {
        if self.contains(name) {
            return false;
        }
        if self.few.len() < FEW {
            self.few.push(name);
        } else {
            self.many.insert(name);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_names_and_many() {
        let all: Vec<AttributeName> = (0..3 * FEW).map(|number| AttributeName::new("user", &number.to_string())).collect();
        let mut names = Names::default();
        assert!(all.iter().all(|name| names.insert(name)) && !all.iter().any(|name| names.insert(name)));
        assert!(all.iter().all(|name| names.contains(name)) && !names.contains(&AttributeName::new("session", "1")));
    }
}
