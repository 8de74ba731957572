//! `$NAME` in texts: which names they are, and what stands there otherwise.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;

use super::grammar::{Part, parts};
use super::lints::{parameter_prefix_overlap, undeclared_parameter};
use super::parameters::{NUMBER, Parameters};
use crate::assumption::{Assumptions, id};
use crate::diagnostic::Diagnostic;
use crate::plan::{AttributeName, Choice, Expression, Reading, Text, TextPiece, ValueSource};
use crate::source::{Mapped, Span};
use crate::spec::lints::template_syntax;
use crate::template::MAX_TEMPLATE_BYTES;

/// Whether `$ORDERS` takes the value of `ORDER` where only that is declared.
pub const OVERLAPPING_NAMES: &str = "overlapping_names";
/// What stands in the place of a name that is not declared.
pub const UNDECLARED_NAME: &str = "undeclared_name";

/// Reads the texts of one node.
pub struct Templates<'a> {
    parameters: &'a Parameters,
    assumptions: &'a Assumptions,
    /// The open points that came up.
    pub met: BTreeSet<&'static str>,
    /// Each undeclared word with the name that was probably meant.
    suggestions: HashMap<String, Option<String>>,
    /// The words whose overlap was told.
    overlaps: HashSet<String>,
}

impl<'a> Templates<'a> {
    pub fn new(parameters: &'a Parameters, assumptions: &'a Assumptions) -> Templates<'a> {
        Templates { parameters, assumptions, met: BTreeSet::new(), suggestions: HashMap::new(), overlaps: HashSet::new() }
    }

    /// Whether a declared parameter is a number.
    pub fn is_number(&self, name: &str) -> bool {
        self.parameters.find(name).is_some_and(|parameter| parameter.entity.value == NUMBER)
    }

    /// A text with its references.
    pub fn text(&mut self, source: &Mapped, findings: &mut Vec<Diagnostic>) -> Text {
        let mut pieces = Vec::new();
        let text = &source.text;
        if text.len() > MAX_TEMPLATE_BYTES {
            let message = format!("a text of {} bytes is longer than the limit of {MAX_TEMPLATE_BYTES}", text.len());
            findings.push(template_syntax::found(source.inside(), message, None));
            return Text { pieces, span: source.inside(), source: Some(source.clone()) };
        }
        for part in parts(text) {
            match part {
                Part::Literal(range) => push_literal(&mut pieces, &text[range]),
                Part::Word(range) => self.word(source, range, &mut pieces, findings),
            }
        }
        Text { pieces, span: source.inside(), source: Some(source.clone()) }
    }

    fn word(&mut self, source: &Mapped, range: Range<usize>, pieces: &mut Vec<TextPiece>, findings: &mut Vec<Diagnostic>) {
        let word = &source.text[range.clone()];
        let beginning = self.parameters.beginning_of(word);
        if beginning.is_some() {
            self.met.insert(OVERLAPPING_NAMES);
        }
        if self.parameters.declares(word) {
            pieces.push(self.value(source, range));
            return;
        }
        if let Some(name) = beginning {
            if self.overlaps.insert(word.to_string()) {
                findings.push(parameter_prefix_overlap::in_a_word(source.span(range.clone()), word, name));
            }
            if self.assumptions.get(OVERLAPPING_NAMES) == "longest-beginning" {
                let end = range.start + name.len();
                pieces.push(self.value(source, range.start..end));
                push_literal(pieces, &source.text[end..range.end]);
                return;
            }
        }
        // `$5` is an amount of money.
        if word.starts_with(|first: char| first.is_ascii_digit()) {
            return push_literal(pieces, &source.text[range.start - 1..range.end]);
        }
        self.undeclared(source, range, pieces, findings);
    }

    fn undeclared(
        &mut self,
        source: &Mapped,
        range: Range<usize>,
        pieces: &mut Vec<TextPiece>,
        findings: &mut Vec<Diagnostic>,
    ) {
        self.met.insert(UNDECLARED_NAME);
        let word = &source.text[range.clone()];
        let parameters = self.parameters;
        let near = self.suggestions.entry(word.to_string());
        let near = near.or_insert_with(|| undeclared_parameter::nearest_to(word, parameters));
        findings.push(undeclared_parameter::found(source.span(range.clone()), word, near.as_deref()));
        if self.assumptions.get(UNDECLARED_NAME) != "empty" {
            push_literal(pieces, &source.text[range.start - 1..range.end]);
        }
    }

    /// A declared name; the range is the name's, without its `$`.
    fn value(&self, source: &Mapped, range: Range<usize>) -> TextPiece {
        let (name, whole) = (&source.text[range.clone()], range.start - 1..range.end);
        let value = expression(name, source.span(range.clone()), source.span(whole.clone()));
        if self.assumptions.get(id::UNSET_VALUE) != "as-typed" {
            return TextPiece::Value(value);
        }
        chosen(value, &source.text[whole])
    }
}

fn push_literal(pieces: &mut Vec<TextPiece>, text: &str) {
    match pieces.last_mut() {
        _ if text.is_empty() => {}
        Some(TextPiece::Literal(literal)) => literal.push_str(text),
        _ => pieces.push(TextPiece::Literal(text.to_string())),
    }
}

fn expression(name: &str, name_span: Span, span: Span) -> Expression {
    let source = ValueSource::Attribute(AttributeName::new("", name));
    Expression { source, path: Vec::new(), filters: Vec::new(), context_span: None, name_span, span }
}

/// A value that leaves what was typed where it was not given.
fn chosen(value: Expression, typed: &str) -> TextPiece {
    let span = value.span;
    let readings = vec![Reading { value, rest: String::new() }];
    TextPiece::Choice(Choice { readings, names: None, typed: typed.to_string(), span })
}
