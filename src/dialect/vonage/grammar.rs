//! The template grammar: text in, words behind a `$` out. Nothing of pest leaves this file.

use std::ops::Range;

use pest::Parser;

#[derive(pest_derive::Parser)]
#[grammar = "grammar/vonage.pest"]
struct Grammar;

/// A part of a text, by its byte range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    Literal(Range<usize>),
    /// A `$` and the word behind it; the range is the word's.
    Word(Range<usize>),
}

/// The parts of a text, in order. A `$` that no word follows is an ordinary character.
pub fn parts(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut at = text.find('$').unwrap_or(text.len());
    literal(0..at, &mut parts);
    while at < text.len() {
        let next = text[at + 1..].find('$').map_or(text.len(), |next| at + 1 + next);
        match word(&text[at..next]) {
            None => literal(at..next, &mut parts),
            Some(length) => {
                let end = at + 1 + length;
                parts.push(Part::Word(at + 1..end));
                literal(end..next, &mut parts);
            }
        }
        at = next;
    }
    parts
}

/// Neighbours become one.
fn literal(range: Range<usize>, parts: &mut Vec<Part>) {
    match parts.last_mut() {
        _ if range.is_empty() => {}
        Some(Part::Literal(last)) => last.end = range.end,
        _ => parts.push(Part::Literal(range)),
    }
}

/// The length of the word behind the `$` that a text begins with.
fn word(text: &str) -> Option<usize> {
    // What is no word is seen without the parser, whose refusals cost more: a text may be nothing but dollars.
    let begins_word = |character: char| character.is_alphanumeric() || character == '_';
    text[1..].chars().next().filter(|character| begins_word(*character))?;
    let reference = Grammar::parse(Rule::reference, text).ok()?.next()?;
    let name = reference.into_inner().find(|pair| pair.as_rule() == Rule::name)?;
    Some(name.as_str().len())
}

/// The length of the `$NAME` that a text begins with.
pub fn reference_length(text: &str) -> Option<usize> {
    let rest = text.strip_prefix('$')?;
    let end = rest.find(|character: char| !character.is_alphanumeric() && character != '_').unwrap_or(rest.len());
    (end > 0).then_some(end + 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Part, parts};

    fn shown(text: &str) -> Vec<String> {
        let part = |part: Part| match part {
            Part::Literal(range) => format!("={}", &text[range]),
            Part::Word(range) => format!("${}", &text[range]),
        };
        parts(text).into_iter().map(part).collect()
    }

    #[test]
    fn words_end_where_no_letter_digit_or_underscore_follows() {
        assert_eq!(shown("a $ORDER_ID/$name9-x"), ["=a ", "$ORDER_ID", "=/", "$name9", "=-x"]);
        assert_eq!(shown("$A$B"), ["$A", "$B"]);
        assert_eq!(shown("$Größe!"), ["$Größe", "=!"]);
    }

    #[test]
    fn a_dollar_without_a_word_is_itself() {
        assert_eq!(shown("$"), ["=$"]);
        assert_eq!(shown("cost: 5 $"), ["=cost: 5 $"]);
        assert_eq!(shown("$$NAME"), ["=$", "$NAME"]);
        assert_eq!(shown("$ $-$"), ["=$ $-$"]);
        assert_eq!(shown(""), [""; 0]);
    }

    #[test]
    fn a_megabyte_of_dollars_is_read_in_time() {
        assert_eq!(parts(&"$".repeat(1 << 20)).len(), 1);
        assert_eq!(parts(&"$a".repeat(1 << 19)).len(), 1 << 19);
    }

    proptest! {
        #[test]
        fn nothing_is_lost(text in "[$A-Za-z0-9_ é\u{10FFFF}-]{0,40}") {
            let whole: String = parts(&text).into_iter().map(|part| match part {
                Part::Literal(range) => text[range].to_string(),
                Part::Word(range) => format!("${}", &text[range]),
            }).collect();
            prop_assert_eq!(whole, text);
        }
    }
}
