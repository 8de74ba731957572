//! Replacing one name after the other all through a text, so that what was put in for one may hold the next.
//!
//! A platform that does so lets an end user's text read other values: `$erp_token` in a title becomes the token. Whether a
//! platform does is an open point; here is what would happen if it did.

use crate::assumption::id;
use crate::plan::{Expression, Substitution, Text, ValueSource};
use crate::value::TaintedText;

use super::expression::Evaluator;
use super::variables::Occurrence;
use super::{ErrorKind, Failure, Record};

/// So much longer than with each name replaced once may a text become: values that hold each other's names may grow without
/// end otherwise.
const MOST_GROWTH: usize = 256 * 1024;

impl Evaluator<'_> {
    /// The text as the platform makes it: `once` has each name replaced where it was typed. Reported where it matters.
    pub(super) fn settle_passes<F>(&self, text: &Text, once: TaintedText, encode: F) -> Result<TaintedText, Failure>
    where
        F: Fn(&Evaluator<'_>, &Expression) -> Result<TaintedText, Failure>,
    {
        let Some(rules) = text.names() else { return Ok(once) };
        if !self.variables(rules).stand_in(once.reveal(), rules.mark) {
            return Ok(once);
        }
        // What only might happen reads nothing and mentions no other open point.
        let record = Record::default();
        let longest = once.reveal().len() + MOST_GROWTH;
        if self.noting_in(&record).by_name(text, rules, longest, &encode).is_ok_and(|other| other == once) {
            return Ok(once);
        }
        match self.assume(id::SUBSTITUTION) {
            "name-by-name" => self.by_name(text, rules, longest, &encode),
            _ => Ok(once),
        }
    }

    /// The same with another record, outside of an authentication, which has names of another kind.
    fn noting_in<'e>(&'e self, record: &'e Record) -> Evaluator<'e> {
        Evaluator {
            inputs: self.inputs,
            assumptions: self.assumptions,
            types: self.types,
            default_context: self.default_context,
            secret_attributes: self.secret_attributes,
            list_text: self.list_text,
            record,
            parts: self.parts,
            authentication: None,
        }
    }

    fn by_name<F>(&self, text: &Text, rules: &Substitution, longest: usize, encode: &F) -> Result<TaintedText, Failure>
    where
        F: Fn(&Evaluator<'_>, &Expression) -> Result<TaintedText, Failure>,
    {
        let mut result = TaintedText::plain(text.typed().unwrap_or_default());
        let mut last: Option<String> = None;
        while let Some(next) = self.next_name(result.reveal(), rules, last.as_deref()) {
            let value = encode(self, &next.value)?;
            result = self.replaced(&result, &next, &value, rules)?;
            if result.reveal().len() > longest {
                let message = format!("values that hold names of others grow beyond the limit of {MOST_GROWTH} bytes");
                return Err(Failure::new(ErrorKind::InvalidBody, message));
            }
            last = Some(next.written);
        }
        Ok(result)
    }

    /// Whether a name is replaced in front of a text.
    fn takes(&self, name: &Occurrence, behind: &str) -> bool {
        if behind.starts_with(Substitution::is_word) && self.assume(id::WORD_BOUNDARY) == "word" {
            return false;
        }
        let ValueSource::Attribute(attribute) = &name.value.source else { return true };
        let is_whole_list = name.value.path.is_empty() && self.is_list(attribute);
        let is_entry = is_whole_list && Substitution::index(behind).is_some();
        !is_entry || self.assume(id::IMAGE_OUT_OF_RANGE) == "list-and-index"
    }

    /// The text with a value in every place of its name.
    fn replaced(
        &self,
        text: &TaintedText,
        name: &Occurrence,
        value: &TaintedText,
        rules: &Substitution,
    ) -> Result<TaintedText, Failure> {
        let plain = text.reveal();
        let written = format!("{}{}", rules.mark, name.written);
        let mut result = TaintedText::default();
        let mut at = 0;
        for (start, _) in plain.match_indices(&written) {
            let end = start + written.len();
            if self.takes(name, &plain[end..]) {
                result.push(&text.part(at..start));
                result.push(value);
                // Before the next one is put in: each may be large.
                self.record.charge(value.reveal().len())?;
                at = end;
            }
        }
        result.push(&text.part(at..plain.len()));
        self.record.charge(plain.len())?;
        Ok(result)
    }
}
