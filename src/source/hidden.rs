//! What must not be shown of a file: places, and the texts that stand there, wherever else they stand.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt;
use std::ops::Range;

use zeroize::Zeroize;

/// Places of a file that must not be shown, and what stands there.
#[derive(Debug, Default)]
pub struct Hidden {
    /// In order, none of which overlap.
    pub places: Vec<Range<usize>>,
    pub texts: HiddenTexts,
}

impl Hidden {
    pub fn new(mut places: Vec<Range<usize>>, texts: HiddenTexts) -> Hidden {
        places.retain(|place| !place.is_empty());
        Hidden { places: joined(places), texts }
    }

    /// The places that a part of the file has bytes of.
    pub fn within(&self, part: &Range<usize>) -> &[Range<usize>] {
        let first = self.places.partition_point(|place| place.end <= part.start);
        let behind = self.places.partition_point(|place| place.start < part.end);
        self.places.get(first..behind).unwrap_or_default()
    }
}

/// How many bytes a text is first recognised by.
const BEGINNING: usize = 4;

/// Texts that must not be shown. All are looked for at once: a file may hold as many as it has lines.
#[derive(Clone, Default)]
pub struct HiddenTexts {
    /// By what they begin with.
    alike: HashMap<[u8; BEGINNING], Alike>,
    /// Which bytes any of them begins with: most places are passed over by these.
    first_bytes: [u64; 4],
    /// Those that are shorter than a beginning.
    short: Vec<String>,
    longest: usize,
}

/// Texts that begin with the same bytes.
#[derive(Clone, Default)]
struct Alike {
    /// The first ones: compared, which ends at the first other byte.
    few: Vec<String>,
    /// All others: looked up, since there may be thousands.
    many: HashSet<String>,
    /// Of those that are looked up.
    lengths: BTreeSet<usize>,
}

impl Alike {
    fn insert(&mut self, text: String) {
        const FEW: usize = 64;
        if self.few.len() < FEW {
            if !self.few.contains(&text) {
                self.few.push(text);
            }
        } else {
            self.lengths.insert(text.len());
            self.many.insert(text);
        }
    }

    /// The length of the longest that the text begins with.
    fn longest_of(&self, text: &str) -> Option<usize> {
        let few = self.few.iter().filter(|known| text.starts_with(known.as_str())).map(String::len).max();
        let mut lengths = self.lengths.iter().rev();
        let many = lengths.find(|length| text.get(..**length).is_some_and(|part| self.many.contains(part))).copied();
        few.max(many)
    }

    fn into_texts(self) -> impl Iterator<Item = String> {
        self.few.into_iter().chain(self.many)
    }
}

impl fmt::Debug for HiddenTexts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let alike: usize = self.alike.values().map(|alike| alike.few.len() + alike.many.len()).sum();
        write!(formatter, "{} hidden texts", alike + self.short.len())
    }
}

impl Drop for HiddenTexts {
    fn drop(&mut self) {
        let alike = std::mem::take(&mut self.alike).into_values().flat_map(Alike::into_texts);
        let texts = alike.chain(std::mem::take(&mut self.short));
        texts.for_each(|mut text| text.zeroize());
    }
}

impl FromIterator<String> for HiddenTexts {
    fn from_iter<I: IntoIterator<Item = String>>(texts: I) -> HiddenTexts {
        let mut all = HiddenTexts::default();
        for text in texts.into_iter().filter(|text| !text.is_empty()) {
            all.longest = all.longest.max(text.len());
            match text.as_bytes().first_chunk::<BEGINNING>() {
                Some(beginning) => {
                    let first = usize::from(beginning[0]);
                    all.first_bytes[first / 64] |= 1 << (first % 64);
                    all.alike.entry(*beginning).or_default().insert(text);
                }
                None => all.short.push(text),
            }
        }
        all
    }
}

impl HiddenTexts {
    /// The length of the longest, in bytes.
    pub fn longest(&self) -> usize {
        self.longest
    }

    /// Where they stand in a text, in order; those that overlap are one place.
    pub fn find(&self, text: &str) -> Vec<Range<usize>> {
        let mut found: Vec<Range<usize>> = Vec::new();
        for short in &self.short {
            found.extend(text.match_indices(short.as_str()).map(|(at, _)| at..at + short.len()));
        }
        if !self.alike.is_empty() {
            let beginnings = text.as_bytes().windows(BEGINNING).enumerate();
            found.extend(beginnings.filter_map(|(at, beginning)| self.longest_at(text, at, beginning)));
        }
        joined(found)
    }

    fn longest_at(&self, text: &str, at: usize, beginning: &[u8]) -> Option<Range<usize>> {
        let first = usize::from(*beginning.first()?);
        if self.first_bytes[first / 64] & 1 << (first % 64) == 0 {
            return None;
        }
        let alike = self.alike.get(beginning)?;
        alike.longest_of(text.get(at..)?).map(|length| at..at + length)
    }
}

/// A text with `mask` in every place where one of the texts stands.
pub fn without_hidden<'a>(text: &str, mask: &str, hidden: impl IntoIterator<Item = &'a HiddenTexts>) -> String {
    let places = joined(hidden.into_iter().flat_map(|hidden| hidden.find(text)).collect());
    let (mut shown, mut at) = (String::with_capacity(text.len()), 0);
    for place in places {
        shown.push_str(&text[at..place.start]);
        shown.push_str(mask);
        at = place.end;
    }
    shown.push_str(&text[at..]);
    shown
}

/// In order, with those that overlap made one.
pub(crate) fn joined(mut places: Vec<Range<usize>>) -> Vec<Range<usize>> {
    places.sort_unstable_by_key(|place| (place.start, place.end));
    places.dedup_by(|next, known| {
        let overlaps = next.start < known.end;
        if overlaps {
            known.end = known.end.max(next.end);
        }
        overlaps
    });
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(text: &str, hidden: &[&str]) -> String {
        let hidden: HiddenTexts = hidden.iter().map(ToString::to_string).collect();
        without_hidden(text, "•", [&hidden])
    }

    #[test]
    fn every_text_is_found_wherever_it_stands() {
        assert_eq!(masked("key sk-1234, again sk-1234", &["sk-1234", "other"]), "key •, again •");
        assert_eq!(masked("sk-1234sk-1234", &["sk-1234"]), "••");
        assert_eq!(masked("ünïcode pässword", &["pässword", "ß", "ï"]), "ün•code •");
        assert_eq!(masked("nothing", &[]), "nothing");
        assert_eq!(masked("abc", &["abcd", ""]), "abc");
    }

    #[test]
    fn what_overlaps_is_masked_whole() {
        assert_eq!(masked("abcdefgh", &["abcd", "cdefgh"]), "•");
        assert_eq!(masked("abcdefgh", &["abcdef", "abcd", "bcde"]), "•gh");
        assert_eq!(masked("aaaaaa", &["aaaa"]), "•");
        assert_eq!(masked("xabcdx", &["ab", "bcdx"]), "x•");
    }

    #[test]
    fn of_many_that_begin_alike_the_longest_is_found() {
        let known: Vec<String> = (0..500).map(|number| format!("----{number:03}{}", "x".repeat(number % 3))).collect();
        let hidden: Vec<&str> = known.iter().map(String::as_str).collect();
        assert_eq!(masked("a----000b----499x", &hidden), "a•b•");
        assert_eq!(masked("----302xx----9990", &hidden), "•----9990");
        assert_eq!(masked(&"-".repeat(1 << 20), &hidden).len(), 1 << 20);
    }

    #[test]
    fn two_sets_mask_as_one() {
        let sets: [HiddenTexts; 2] =
            [["abcd".to_string()].into_iter().collect(), ["cdef".to_string()].into_iter().collect()];
        assert_eq!(without_hidden("abcdefg abcd", "•", &sets), "•g •");
    }

    #[test]
    fn places_are_found_by_the_part_that_they_stand_in() {
        let hidden = Hidden::new(vec![20..25, 2..4, 3..8, 9..9, 2..4], HiddenTexts::default());
        assert_eq!(hidden.places, [2..8, 20..25]);
        assert!(hidden.within(&(0..2)).is_empty());
        assert_eq!(hidden.within(&(7..21)), [2..8, 20..25]);
        assert!(hidden.within(&(8..20)).is_empty());
        assert_eq!(hidden.within(&(21..22)).first(), Some(&(20..25)));
    }
}
