//! The paths that an expression reads from the document's root, and how far a document goes along with them.

use std::ops::Range;

use serde_json::Value as Json;

/// A way into a document, step by step, as it stands in an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectorPath {
    pub steps: Vec<SelectorStep>,
    /// Whether the expression is nothing but this path.
    pub is_whole: bool,
    /// Whether what follows in the expression looks into the value that the path leads to.
    pub goes_on: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectorStep {
    pub kind: StepKind,
    /// A byte range of the expression's text.
    pub range: Range<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// A key of an object.
    Field(String),
    /// A position in a list, from its end when negative.
    Index(i64),
    /// A number that is a position in a list and a key of an object, as in the loose style of object paths.
    Member(i64),
    /// Every element of a list.
    Each,
    /// Every element of a list, and of the lists in it.
    Flattened,
}

/// How far a document goes along with a path.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Trace<'d> {
    /// To the end: a value that is not null, the first one where there are several.
    Found(&'d Json),
    /// Null or an empty list stands on the way, which says nothing about what could be there.
    Open,
    /// To a value in which a step finds nothing.
    Missing { step: usize, value: &'d Json },
}

impl SelectorPath {
    /// Follows the path through a document.
    pub fn trace<'d>(&self, document: &'d Json) -> Trace<'d> {
        self.follow(0, document, false)
    }

    /// The part of an expression's text that the steps of a range were written as.
    pub fn written(&self, steps: Range<usize>) -> Range<usize> {
        let start = self.steps.get(steps.start).map_or(0, |step| step.range.start);
        let end = steps.end.checked_sub(1).and_then(|last| self.steps.get(last)).map_or(start, |step| step.range.end);
        start..end.max(start)
    }

    /// The first steps as they stand in the expression, without the white space between them.
    pub fn spelt(&self, expression: &str, steps: usize) -> String {
        let mut spelt = String::new();
        for step in &self.steps[..steps.min(self.steps.len())] {
            let written = expression.get(step.range.clone()).unwrap_or_default();
            if !spelt.is_empty() && !written.starts_with('[') {
                spelt.push('.');
            }
            spelt.push_str(written);
        }
        spelt
    }

    /// The recursion goes down in the document, whose depth is bounded.
    fn follow<'d>(&self, from: usize, value: &'d Json, in_projection: bool) -> Trace<'d> {
        let mut value = value;
        for (index, step) in self.steps.iter().enumerate().skip(from) {
            if value.is_null() {
                return Trace::Open;
            }
            let next = match (&step.kind, value) {
                (StepKind::Field(name), _) => value.get(name.as_str()),
                (StepKind::Each | StepKind::Flattened | StepKind::Index(_) | StepKind::Member(_), Json::Array(items))
                    if items.is_empty() =>
                {
                    return Trace::Open;
                }
                (StepKind::Index(position) | StepKind::Member(position), Json::Array(items)) => element(items, *position),
                (StepKind::Member(key), Json::Object(object)) => object.get(&key.to_string()),
                // In a projection it is the list of results that is flattened, and these are its elements.
                (StepKind::Flattened, Json::Array(items)) if in_projection => return self.best(index + 1, items.iter()),
                (StepKind::Each, Json::Array(items)) => return self.best(index + 1, items.iter()),
                (StepKind::Flattened, Json::Array(items)) => return self.best(index + 1, items.iter().flat_map(flattened)),
                (StepKind::Flattened, value) if in_projection => Some(value),
                _ => None,
            };
            match next {
                Some(next) => value = next,
                None => return Trace::Missing { step: index, value },
            }
        }
        if value.is_null() { Trace::Open } else { Trace::Found(value) }
    }

    /// The trace of the part that goes furthest.
    fn best<'d>(&self, from: usize, parts: impl Iterator<Item = &'d Json>) -> Trace<'d> {
        let mut best: Option<Trace<'d>> = None;
        for part in parts {
            let trace = self.follow(from, part, true);
            if matches!(trace, Trace::Found(_)) {
                return trace;
            }
            if best.is_none_or(|best| trace.is_further_than(&best)) {
                best = Some(trace);
            }
        }
        best.unwrap_or(Trace::Open)
    }
}

impl Trace<'_> {
    /// Whether it says more for the path than another trace does.
    pub fn is_further_than(&self, other: &Trace<'_>) -> bool {
        match (self, other) {
            (Trace::Missing { step, .. }, Trace::Missing { step: other, .. }) => step > other,
            (Trace::Found(_), Trace::Open | Trace::Missing { .. }) | (Trace::Open, Trace::Missing { .. }) => true,
            _ => false,
        }
    }
}

pub(super) fn element(items: &[Json], position: i64) -> Option<&Json> {
    let distance = usize::try_from(position.unsigned_abs()).ok()?;
    items.get(if position < 0 { items.len().checked_sub(distance)? } else { distance })
}

fn flattened(value: &Json) -> std::slice::Iter<'_, Json> {
    match value {
        Json::Array(items) => items.iter(),
        other => std::slice::from_ref(other).iter(),
    }
}
