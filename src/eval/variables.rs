//! The names that have values in a run, for texts in which the longest of them counts.

use std::borrow::Cow;

use crate::assumption::id;
use crate::plan::{AttributeName, Choice, Expression, NameTable, Named, Step, Substitution, ValueSource};
use crate::source::Span;
use crate::template::{AccessorKey, AccessorStyle};
use crate::value::{Data, Json};

use super::expression::Evaluator;
use super::settled::Settled;

/// A name in a text, and what stands in its place.
#[derive(Clone, Debug)]
pub struct Occurrence {
    /// The name, with its number in brackets if it is one entry of a list.
    pub written: String,
    pub value: Expression,
}

impl Evaluator<'_> {
    /// The variables of this run.
    pub fn variables(&self, rules: &Substitution) -> &NameTable {
        self.record
            .variables
            .get_or_init(|| NameTable::new(rules, self.inputs.given.attributes.iter().map(|given| &given.name)))
    }

    /// Whether an attribute is a list that stands in no context.
    pub(super) fn is_list(&self, name: &AttributeName) -> bool {
        self.record.variables.get().is_some_and(|variables| variables.is_list(name))
    }

    /// What stands in the place of a choice, and the text behind its name: the longest name that has a value.
    pub(super) fn named<'t>(&self, choice: &'t Choice, rules: &Substitution) -> Vec<Settled<'t>> {
        let typed = choice.typed.get(rules.mark.len_utf8()..).unwrap_or_default();
        for (name, named) in self.variables(rules).at(typed) {
            let rest = &typed[name.len()..];
            if let Some((index, length)) = Substitution::index(rest).filter(|_| named.is_list) {
                return self.entry(choice, &named.attributes[0], index, &rest[length..], rest);
            }
            if rest.starts_with(Substitution::is_word) && self.assume(id::WORD_BOUNDARY) == "word" {
                continue;
            }
            let attribute = self.of_same_name(named);
            return match self.inside(attribute, rest) {
                Some(step) => {
                    let path = vec![step_to(AccessorKey::Key(step.to_string()), choice.span)];
                    vec![put(attribute, path, choice.span), Settled::Literal(&rest[step.len() + 1..])]
                }
                None => vec![put(attribute, Vec::new(), choice.span), Settled::Literal(rest)],
            };
        }
        match self.assume(id::UNKNOWN_VARIABLE) {
            "empty" => Vec::new(),
            _ => vec![Settled::Literal(&choice.typed)],
        }
    }

    /// One entry of a list: all that is typed is one name, also where the list is shorter.
    fn entry<'t>(
        &self,
        choice: &'t Choice,
        list: &AttributeName,
        index: usize,
        behind: &'t str,
        rest: &'t str,
    ) -> Vec<Settled<'t>> {
        if self.has_entry(list, index) {
            let path = vec![step_to(AccessorKey::Index(index as i64), choice.span)];
            return vec![put(list, path, choice.span), Settled::Literal(behind)];
        }
        match self.assume(id::IMAGE_OUT_OF_RANGE) {
            "list-and-index" => vec![put(list, Vec::new(), choice.span), Settled::Literal(rest)],
            "empty" => vec![Settled::Literal(behind)],
            _ => vec![Settled::Literal(&choice.typed)],
        }
    }

    fn has_entry(&self, list: &AttributeName, index: usize) -> bool {
        let value = self.inputs.given.attribute(list).map(|value| &value.data);
        matches!(value, Some(Data::Json(Json::Array(items))) if index < items.len())
    }

    /// The attribute that counts among those of one name.
    fn of_same_name<'n>(&self, named: &'n Named) -> &'n AttributeName {
        match named.attributes.as_slice() {
            [only] => only,
            all if self.assume(id::SAME_NAME) == "client-data" => &all[all.len() - 1],
            all => &all[0],
        }
    }

    /// The step into a value that follows its name, if the value has it and the platform takes it.
    fn inside<'r>(&self, attribute: &AttributeName, rest: &'r str) -> Option<&'r str> {
        let step = Substitution::step(rest)?;
        let value = self.inputs.given.attribute(attribute).map(|value| &value.data);
        let Some(Data::Json(Json::Object(entries))) = value else { return None };
        entries.contains_key(step).then_some(())?;
        (self.assume(id::NESTED_CLIENT_DATA) == "path").then_some(step)
    }

    /// The first name, in the order of replacement, that a text holds and that comes after `last`: longer names first.
    pub(super) fn next_name(&self, text: &str, rules: &Substitution, last: Option<&str>) -> Option<Occurrence> {
        let mut next: Option<(&str, &Named)> = None;
        for (at, mark) in text.match_indices(rules.mark) {
            let behind = &text[at + mark.len()..];
            for (name, named) in self.variables(rules).at(behind) {
                let Some(written) = self.replaceable(name, named, behind) else { continue };
                let is_due = last.is_none_or(|last| order(last) < order(written));
                if is_due && next.is_none_or(|(known, _)| order(written) < order(known)) {
                    next = Some((written, named));
                }
            }
        }
        let (written, named) = next?;
        let attribute = self.of_same_name(named);
        let span = self.inputs.given.attributes.get(attribute)?.span;
        let index = written.find('[').and_then(|at| Substitution::index(&written[at..])).filter(|_| named.is_list);
        let path = index.map(|(index, _)| step_to(AccessorKey::Index(index as i64), span));
        let value = expression(attribute, path.into_iter().collect(), span);
        Some(Occurrence { written: written.to_string(), value })
    }

    /// The part of a text that is replaced for a name that it begins with, if that is done.
    fn replaceable<'t>(&self, name: &'t str, named: &Named, text: &'t str) -> Option<&'t str> {
        let rest = &text[name.len()..];
        if rest.starts_with(Substitution::is_word) && self.assume(id::WORD_BOUNDARY) == "word" {
            return None;
        }
        match Substitution::index(rest).filter(|_| named.is_list) {
            None => Some(name),
            Some((index, length)) if self.has_entry(&named.attributes[0], index) => Some(&text[..name.len() + length]),
            Some(_) => (self.assume(id::IMAGE_OUT_OF_RANGE) == "list-and-index").then_some(name),
        }
    }
}

/// Longer names first; of one length in alphabetical order.
fn order(name: &str) -> (std::cmp::Reverse<usize>, &str) {
    (std::cmp::Reverse(name.len()), name)
}

fn put<'t>(attribute: &AttributeName, path: Vec<Step>, span: Span) -> Settled<'t> {
    Settled::Value(Cow::Owned(expression(attribute, path, span)))
}

fn expression(attribute: &AttributeName, path: Vec<Step>, span: Span) -> Expression {
    let source = ValueSource::Attribute(attribute.clone());
    Expression { source, path, filters: Vec::new(), context_span: None, name_span: span, span }
}

fn step_to(key: AccessorKey, span: Span) -> Step {
    Step { key, style: AccessorStyle::Bare, span }
}
