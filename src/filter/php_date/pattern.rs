//! A small matcher for the shapes of the date grammar.
//!
//! PHP's scanner takes the longest of many overlapping shapes. A pattern is
//! therefore followed along every way it can match at once: it turns the set of
//! places where it may start into the set of places where it may end. That needs
//! no backtracking, so the work stays proportional to the length of the text.

use std::collections::BTreeSet;

/// A shape of text.
#[derive(Clone, Copy, Debug)]
pub(super) enum Pattern {
    /// One byte out of a set.
    OneOf(&'static [u8]),
    /// One letter, of either case.
    Letter,
    /// One letter from `A` to `Z`.
    Capital,
    /// One letter from `a` to `z`.
    Small,
    /// Letters in any case; other bytes as they are.
    Word(&'static str),
    /// Bytes exactly as they are.
    Exactly(&'static str),
    /// Any one of some words, in any letter case.
    AnyWord(&'static [&'static str]),
    /// So many digits, of any value.
    Digits(usize, usize),
    /// So many digits whose value lies between two bounds.
    Number { digits: (usize, usize), range: (u32, u32) },
    /// One pattern after the other.
    Sequence(&'static [Pattern]),
    /// Any one of some patterns.
    Either(&'static [Pattern]),
    /// A pattern, or nothing.
    Maybe(&'static Pattern),
    /// A pattern between so many and so many times.
    Repeat(&'static Pattern, usize, usize),
}

impl Pattern {
    /// Where the longest match that starts at `start` ends.
    ///
    /// The text counts as followed by zero bytes, which some shapes ask for.
    pub(super) fn longest(&self, text: &[u8], start: usize) -> Option<usize> {
        self.ends(text, &[start]).last().copied()
    }

    /// Every place a match can end, in ascending order, given where it can start.
    fn ends(&self, text: &[u8], starts: &[usize]) -> Vec<usize> {
        match self {
            Pattern::Sequence(parts) => sequence(parts, text, starts),
            Pattern::Either(parts) => merged(parts.iter().map(|part| part.ends(text, starts)).collect()),
            Pattern::Maybe(part) => merged(vec![starts.to_vec(), part.ends(text, starts)]),
            Pattern::Repeat(part, least, most) => repeat(part, *least, *most, text, starts),
            simple => merged(starts.iter().map(|start| simple.simple_ends(text, *start)).collect()),
        }
    }

    /// The ends of a pattern that has no parts.
    fn simple_ends(&self, text: &[u8], start: usize) -> Vec<usize> {
        match self {
            Pattern::OneOf(set) => one(text, start, |byte| set.contains(&byte)),
            Pattern::Letter => one(text, start, |byte| byte.is_ascii_alphabetic()),
            Pattern::Capital => one(text, start, |byte| byte.is_ascii_uppercase()),
            Pattern::Small => one(text, start, |byte| byte.is_ascii_lowercase()),
            Pattern::Word(word) => word_end(text, start, word).into_iter().collect(),
            Pattern::Exactly(word) => {
                let is_there = text[start.min(text.len())..].starts_with(word.as_bytes());
                Vec::from_iter(is_there.then_some(start + word.len()))
            }
            Pattern::AnyWord(words) => {
                let ends = words.iter().filter_map(|word| word_end(text, start, word));
                merged(vec![ends.collect()])
            }
            Pattern::Digits(least, most) => numbers(text, start, (*least, *most), (0, u32::MAX)),
            Pattern::Number { digits, range } => numbers(text, start, *digits, *range),
            _ => Vec::new(),
        }
    }
}

fn sequence(parts: &[Pattern], text: &[u8], starts: &[usize]) -> Vec<usize> {
    let mut places = starts.to_vec();
    for part in parts {
        if places.is_empty() {
            break;
        }
        places = part.ends(text, &places);
    }
    places
}

fn repeat(part: &Pattern, least: usize, most: usize, text: &[u8], starts: &[usize]) -> Vec<usize> {
    let mut found = BTreeSet::new();
    let mut places = starts.to_vec();
    for round in 0..=most {
        if round >= least {
            // Places met before would only lead to the same ends again.
            places.retain(|place| found.insert(*place));
        }
        if places.is_empty() {
            break;
        }
        if round < most {
            places = part.ends(text, &places);
        }
    }
    found.into_iter().collect()
}

/// The byte at a place; texts count as followed by zero bytes.
fn byte_at(text: &[u8], place: usize) -> u8 {
    text.get(place).copied().unwrap_or(0)
}

fn one(text: &[u8], start: usize, belongs: impl Fn(u8) -> bool) -> Vec<usize> {
    Vec::from_iter(belongs(byte_at(text, start)).then_some(start + 1))
}

fn word_end(text: &[u8], start: usize, word: &str) -> Option<usize> {
    let end = start + word.len();
    let found = text.get(start..end)?;
    found.eq_ignore_ascii_case(word.as_bytes()).then_some(end)
}

fn numbers(text: &[u8], start: usize, digits: (usize, usize), range: (u32, u32)) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut value: u32 = 0;
    for length in 1..=digits.1 {
        let byte = byte_at(text, start + length - 1);
        if !byte.is_ascii_digit() {
            break;
        }
        value = value.saturating_mul(10).saturating_add(u32::from(byte - b'0'));
        if length >= digits.0 && (range.0..=range.1).contains(&value) {
            ends.push(start + length);
        }
    }
    if digits.0 == 0 {
        ends.insert(0, start);
    }
    ends
}

fn merged(sets: Vec<Vec<usize>>) -> Vec<usize> {
    let mut all = sets.concat();
    all.sort_unstable();
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLANKS: Pattern = Pattern::Repeat(&Pattern::OneOf(b" -"), 0, usize::MAX);
    const HOUR: Pattern = Pattern::Number { digits: (1, 2), range: (0, 24) };

    #[test]
    fn the_longest_way_wins() {
        assert_eq!(HOUR.longest(b"23", 0), Some(2));
        assert_eq!(HOUR.longest(b"25", 0), Some(1));
        assert_eq!(HOUR.longest(b"x", 0), None);
        assert_eq!(BLANKS.longest(b" - -x", 0), Some(4));
        let either = Pattern::AnyWord(&["week", "weekday"]);
        assert_eq!(either.longest(b"WeekDays", 0), Some(7));
    }

    #[test]
    fn parts_give_way_to_what_follows() {
        let pattern = Pattern::Sequence(&[HOUR, Pattern::Digits(2, 2)]);
        assert_eq!(pattern.longest(b"123", 0), Some(3));
        let pattern = Pattern::Sequence(&[BLANKS, Pattern::Exactly("- x")]);
        assert_eq!(pattern.longest(b"-- x", 0), Some(4));
    }

    #[test]
    fn the_end_of_the_text_is_a_zero_byte() {
        assert_eq!(Pattern::OneOf(b"\0 ").longest(b"", 0), Some(1));
        assert_eq!(Pattern::Word("a").longest(b"", 3), None);
        assert_eq!(Pattern::Exactly("").longest(b"", 3), Some(3));
    }
}
