//! Which fixes can be applied together, and what becomes of the texts.

use std::collections::BTreeMap;
use std::ops::Range;

/// The fix of one finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The lint that suggests it.
    pub lint: &'static str,
    /// What the finding says: with the lint, what tells this fix from others after bytes before it have moved.
    pub message: String,
    /// Where the finding is: `path:line:column`.
    pub place: String,
    /// A safe fix never changes what the platform does.
    pub safe: bool,
    /// In the order in which texts inserted at one place are to stand.
    pub replacements: Vec<Replacement>,
}

/// A text in place of a byte range of a file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Replacement {
    /// Relative to the project root.
    pub path: String,
    pub range: Range<usize>,
    pub text: String,
}

/// Texts by path.
pub type Texts = BTreeMap<String, String>;

impl Proposal {
    /// The files that it changes, each once.
    pub fn paths(&self) -> Vec<&str> {
        let mut paths: Vec<&str> = self.replacements.iter().map(|replacement| replacement.path.as_str()).collect();
        paths.sort_unstable();
        paths.dedup();
        paths
    }

    /// Whether it can be applied to the texts as they are and changes something.
    fn is_usable(&self, texts: &Texts) -> bool {
        let fits = |replacement: &Replacement| {
            let text = texts.get(&replacement.path);
            text.is_some_and(|text| text.get(replacement.range.clone()).is_some())
        };
        let changes = |replacement: &Replacement| texts[&replacement.path][replacement.range.clone()] != *replacement.text;
        let sorted = sorted(&self.replacements);
        let is_disjoint =
            sorted.windows(2).all(|pair| pair[0].path != pair[1].path || pair[0].range.end <= pair[1].range.start);
        is_disjoint && sorted.iter().all(|replacement| fits(replacement)) && sorted.into_iter().any(changes)
    }
}

/// By file and place; what is inserted at one place keeps its order, and stands before what is replaced there.
fn sorted(replacements: &[Replacement]) -> Vec<&Replacement> {
    let mut sorted: Vec<&Replacement> = replacements.iter().collect();
    sorted.sort_by_key(|replacement| (&replacement.path, replacement.range.start, replacement.range.end));
    sorted
}

/// The proposals, by index, that can be applied in one go: safe ones before guesses, else the first one wins. What is left out
/// overlaps or touches one of them, or cannot be applied at all.
pub fn choose(proposals: &[Proposal], texts: &Texts) -> Vec<usize> {
    let mut order: Vec<usize> = (0..proposals.len()).collect();
    order.sort_by_key(|index| !proposals[*index].safe);
    let mut taken = Taken::default();
    order.retain(|index| proposals[*index].is_usable(texts) && taken.take(&proposals[*index]));
    order.sort_unstable();
    order
}

/// The places of the chosen fixes: by file, where each begins and ends. Those of different fixes never touch.
#[derive(Default)]
struct Taken<'a>(BTreeMap<&'a str, BTreeMap<usize, usize>>);

impl<'a> Taken<'a> {
    /// Takes the places of a fix, if all of them are free.
    fn take(&mut self, proposal: &'a Proposal) -> bool {
        let is_free = proposal.replacements.iter().all(|replacement| self.is_free(replacement));
        if is_free {
            for Replacement { path, range, .. } in &proposal.replacements {
                let end = self.0.entry(path).or_default().entry(range.start).or_default();
                *end = range.end.max(*end);
            }
        }
        is_free
    }

    fn is_free(&self, Replacement { path, range, .. }: &Replacement) -> bool {
        let Some(taken) = self.0.get(path.as_str()) else { return true };
        taken.range(..=range.end).next_back().is_none_or(|(_, end)| *end < range.start)
    }
}

/// The texts that the proposals change, as they are with all of them applied. They must have been chosen together.
pub fn apply(proposals: &[&Proposal], texts: &Texts) -> Texts {
    let all: Vec<Replacement> = proposals.iter().flat_map(|proposal| proposal.replacements.iter().cloned()).collect();
    let mut changed = Texts::new();
    for of_file in sorted(&all).chunk_by(|one, next| one.path == next.path) {
        let path = &of_file[0].path;
        changed.insert(path.clone(), edited(&texts[path], of_file));
    }
    changed
}

/// Replacements in order, none of which overlap.
fn edited(old: &str, replacements: &[&Replacement]) -> String {
    let mut new = String::with_capacity(old.len());
    let mut at = 0;
    for replacement in replacements {
        new.push_str(&old[at..replacement.range.start]);
        new.push_str(&replacement.text);
        at = replacement.range.end;
    }
    new.push_str(&old[at..]);
    new
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A fix of `a.toml`.
    fn proposal(safe: bool, edits: &[(Range<usize>, &str)]) -> Proposal {
        let replacement = |(range, text): &(Range<usize>, &str)| Replacement {
            path: "a.toml".into(),
            range: range.clone(),
            text: text.to_string(),
        };
        let replacements = edits.iter().map(replacement).collect();
        Proposal { lint: "lint", message: String::new(), place: String::new(), safe, replacements }
    }

    fn texts(text: &str) -> Texts {
        Texts::from([("a.toml".to_string(), text.to_string())])
    }

    /// What is chosen, and what becomes of the text.
    fn applied(text: &str, proposals: &[Proposal]) -> (Vec<usize>, String) {
        let texts = texts(text);
        let chosen = choose(proposals, &texts);
        let picked: Vec<&Proposal> = chosen.iter().map(|index| &proposals[*index]).collect();
        let new = apply(&picked, &texts).remove("a.toml").unwrap_or_else(|| text.to_string());
        (chosen, new)
    }

    #[test]
    fn what_overlaps_or_touches_waits() {
        let first = proposal(false, &[(2..4, "X")]);
        for range in [0..3, 3..6, 2..4, 2..2, 4..4, 0..2, 4..6, 0..9] {
            let proposals = [first.clone(), proposal(false, &[(range.clone(), "Y")])];
            assert_eq!(applied("abcdefghi", &proposals), (vec![0], "abXefghi".into()), "{range:?}");
        }
        let apart = [first, proposal(false, &[(5..6, "Y")]), proposal(false, &[(0..1, "Z")])];
        assert_eq!(applied("abcdefghi", &apart), (vec![0, 1, 2], "ZbXeYghi".into()));
    }

    #[test]
    fn a_fix_is_applied_whole_or_not_at_all() {
        let proposals = [proposal(false, &[(4..5, "X")]), proposal(false, &[(0..1, "Y"), (4..4, "Y")])];
        assert_eq!(applied("abcdef", &proposals), (vec![0], "abcdXf".into()));
    }

    #[test]
    fn safe_fixes_go_before_guesses() {
        let proposals = [proposal(false, &[(0..2, "X")]), proposal(true, &[(1..3, "Y")])];
        assert_eq!(applied("abcd", &proposals), (vec![1], "aYd".into()));
    }

    #[test]
    fn the_edits_of_one_fix_may_touch_and_keep_their_order() {
        let quoted = proposal(false, &[(1..1, "<"), (1..1, "("), (1..2, "X"), (2..2, ")"), (0..1, "")]);
        assert_eq!(applied("abc", &[quoted]), (vec![0], "<(X)c".into()));
    }

    #[test]
    fn what_cannot_be_applied_is_left_out() {
        for edits in [
            &[][..],
            &[(3..9, "")],
            &[(1..2, "x")],
            &[(2..4, "x"), (3..5, "y")],
            &[(0..1, "a")],
            &[(0..1, "b"), (90..91, "")],
        ] {
            assert_eq!(applied("aébcd", &[proposal(true, edits)]), (vec![], "aébcd".into()), "{edits:?}");
        }
        let elsewhere = Proposal {
            replacements: vec![Replacement { path: "b.toml".into(), range: 0..0, text: "x".into() }],
            ..proposal(true, &[])
        };
        assert!(choose(&[elsewhere], &texts("a")).is_empty());
    }

    proptest! {
        #[test]
        fn every_byte_outside_of_the_edits_stays(
            pieces in prop::collection::vec(("\\PC{0,8}", "\\PC{0,8}", "\\PC{0,4}"), 1..8), last in "\\PC{0,8}",
        ) {
            let (mut old, mut new, mut proposals) = (String::new(), String::new(), Vec::new());
            for (kept, removed, inserted) in &pieces {
                let kept = format!("{kept}|"); // Fixes that touch would wait.
                old.push_str(&kept);
                new.push_str(&kept);
                proposals.push(proposal(true, &[(old.len()..old.len() + removed.len(), inserted)]));
                old.push_str(removed);
                new.push_str(inserted);
            }
            proposals.reverse();
            let (_, got) = applied(&format!("{old}{last}"), &proposals);
            prop_assert_eq!(got, new + &last);
        }

        #[test]
        fn any_fixes_give_a_text(edits in prop::collection::vec((0usize..20, 0usize..6, "[a-c]{0,2}"), 0..12), text in "[a-cé]{0,16}") {
            let all: Vec<Proposal> =
                edits.iter().map(|(start, length, new)| proposal(*start % 2 == 0, &[(*start..start + length, new)])).collect();
            let (chosen, got) = applied(&text, &all);
            prop_assert_eq!(chosen.is_empty(), got == text || all.iter().all(|one| !one.is_usable(&texts(&text))));
        }
    }
}
