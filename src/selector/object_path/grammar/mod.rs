//! The grammar of object paths: text in, steps out. Nothing of pest leaves this file.

mod complaint;
mod quoted;

use std::ops::Range;

use pest::Parser;
use pest::iterators::Pair;

use super::{MAX_PATH_BYTES, MAX_PATH_STEPS, MAX_POSITION};
use crate::selector::{LooseKind, LoosePart, SelectorStep, StepKind, SyntaxError, SyntaxErrorKind};

#[derive(pest_derive::Parser)]
#[grammar = "grammar/object_path.pest"]
struct Grammar;

/// What a path was read as.
#[derive(Default)]
pub(super) struct Read {
    pub steps: Vec<SelectorStep>,
    pub loose_parts: Vec<LoosePart>,
    has_root: bool,
}

/// The steps of a path, or what is wrong with it at which place.
pub(super) fn read(text: &str) -> Result<Read, SyntaxError> {
    if text.len() > MAX_PATH_BYTES {
        return Err(limit(
            0..text.len(),
            format!("a path of {} bytes is longer than the limit of {MAX_PATH_BYTES}", text.len()),
        ));
    }
    let mut pairs = Grammar::parse(Rule::path, text).map_err(|_| complaint::explain(text, 0..text.len()))?;
    let mut read = Read::default();
    for part in pairs.next().into_iter().flat_map(Pair::into_inner) {
        let range = range_of(&part);
        match part.as_rule() {
            Rule::root => read.has_root = true,
            Rule::first => read.name(part.as_str(), range, ""),
            Rule::dotted => read.name(&part.as_str()[1..], range.start + 1..range.end, "."),
            Rule::bracketed => read.bracketed(part, range)?,
            Rule::rest if !range.is_empty() || text.is_empty() => return Err(complaint::explain(text, range)),
            _ => {}
        }
        if read.steps.len() > MAX_PATH_STEPS {
            return Err(limit(0..text.len(), format!("a path of more than {MAX_PATH_STEPS} steps")));
        }
    }
    Ok(read)
}

impl Read {
    fn step(&mut self, kind: StepKind, range: Range<usize>) {
        self.steps.push(SelectorStep { kind, range });
    }

    fn loose(&mut self, kind: LooseKind, range: Range<usize>, instead: String) {
        self.loose_parts.push(LoosePart { range, kind, instead });
    }

    /// A name outside of brackets, which may be a number.
    fn name(&mut self, text: &str, range: Range<usize>, dot: &str) {
        let Some(number) = position(text) else { return self.step(StepKind::Field(text.to_string()), range) };
        let root = if dot.is_empty() { "$" } else { "" };
        self.loose(LooseKind::DottedNumber, range.start - dot.len()..range.end, format!("{root}[{text}]"));
        self.step(StepKind::Member(number), range);
    }

    fn bracketed(&mut self, pair: Pair<'_, Rule>, range: Range<usize>) -> Result<(), SyntaxError> {
        if range.start == 0 {
            self.loose(LooseKind::LeadingBracket, 0..1, "$[".to_string());
        }
        let Some(inner) = pair.into_inner().next() else { return Ok(()) };
        let (within, written) = (range_of(&inner), inner.as_str());
        let kind = match inner.as_rule() {
            Rule::index => self.position(written, within)?,
            Rule::bare_word => {
                self.loose(LooseKind::BareWord, within, format!("'{written}'"));
                StepKind::Field(written.to_string())
            }
            _ => self.key(quoted::decoded(written, within.start)?),
        };
        self.step(kind, range);
        Ok(())
    }

    /// RFC 9535, section 2.3.3.1: no leading zero, no `-0`, within the numbers that every JSON reader knows.
    fn position(&self, written: &str, range: Range<usize>) -> Result<StepKind, SyntaxError> {
        match position(written) {
            Some(position) if self.has_root => Ok(StepKind::Index(position)),
            Some(position) => Ok(StepKind::Member(position)),
            None => Err(complaint::no_position(written, range)),
        }
    }

    fn key(&self, key: String) -> StepKind {
        match position(&key) {
            Some(number) if !self.has_root => StepKind::Member(number),
            _ => StepKind::Field(key),
        }
    }
}

/// The number that a text spells as RFC 9535 wants it.
fn position(text: &str) -> Option<i64> {
    let number = text.parse::<i64>().ok().filter(|number| number.unsigned_abs() <= MAX_POSITION.unsigned_abs())?;
    (number.to_string() == text).then_some(number)
}

fn limit(range: Range<usize>, message: String) -> SyntaxError {
    SyntaxError::new(range.start, range.end, message).with_kind(SyntaxErrorKind::Limit)
}

fn range_of(pair: &Pair<'_, Rule>) -> Range<usize> {
    let span = pair.as_span();
    span.start()..span.end()
}
