//! Rounds of fixes, until nothing is left to do.

use std::collections::{BTreeMap, HashSet};

use super::choose::{Proposal, Texts, apply, choose};

/// Fixes that overlap take turns: so many rounds are enough for any number of them in a row, and end fixes that undo each other.
pub const MAX_ROUNDS: usize = 20;

/// The lint of a file that is not TOML: what was recovered from such a file is not changed.
const NOT_TOML: &str = "toml-syntax";

/// Which fixes are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    Safe,
    /// Guesses too.
    All,
}

/// What cannot be read in each file: how often, by path and lint.
pub type Breakage = BTreeMap<(String, &'static str), usize>;

/// The files and what is found in them.
pub trait World {
    /// A file's text as it is now.
    fn text(&self, path: &str) -> String;

    /// Gives files new texts, and finds anew what is wrong.
    fn put(&mut self, texts: &Texts);

    /// The fixes of all findings that may be mended.
    fn proposals(&self) -> Vec<Proposal>;

    fn breakage(&self) -> Breakage;
}

/// What came of fixing.
#[derive(Debug, Default)]
pub struct Mended {
    /// In the order in which they were applied.
    pub applied: Vec<Proposal>,
    /// Taken back, since a file could not be read any more, or was again as it had been.
    pub rejected: Vec<Proposal>,
    /// The texts that were changed, as they were before. They need not differ from what they are now.
    pub before: Texts,
    /// Guesses that are left for [`Reach::All`].
    pub guesses: usize,
}

/// Applies fixes in rounds until none is left.
pub fn mend(world: &mut impl World, reach: Reach) -> Mended {
    let mut mending = Mending { world, reach, mended: Mended::default(), seen: HashSet::new() };
    for _ in 0..MAX_ROUNDS {
        if !mending.round() {
            break;
        }
    }
    let Mending { world, mut mended, .. } = mending;
    let left = wanted(world, Reach::All, &mended.rejected);
    mended.guesses = left.iter().filter(|proposal| !proposal.safe).count();
    mended
}

struct Mending<'w, W> {
    world: &'w mut W,
    reach: Reach,
    mended: Mended,
    /// Every text that a file had.
    seen: HashSet<(String, String)>,
}

/// The proposals that are wanted, without those of files that are not TOML and those that were taken back.
fn wanted(world: &impl World, reach: Reach, rejected: &[Proposal]) -> Vec<Proposal> {
    let breakage = world.breakage();
    let is_broken = |path: &&str| breakage.contains_key(&(path.to_string(), NOT_TOML));
    let mut proposals = world.proposals();
    proposals.retain(|proposal| {
        let is_rejected = rejected.iter().any(|known| is_same(known, proposal));
        let is_recovered = proposal.lint != NOT_TOML && proposal.paths().iter().any(is_broken);
        (proposal.safe || reach == Reach::All) && !is_rejected && !is_recovered
    });
    proposals
}

/// The same fix of the same finding, wherever it has moved. Findings that are worded the same count as one: to leave one of them
/// alone needlessly is better than to try it in every round.
fn is_same(one: &Proposal, other: &Proposal) -> bool {
    let texts = |proposal: &Proposal| -> Vec<(String, String)> {
        let replacements = proposal.replacements.iter();
        replacements.map(|replacement| (replacement.path.clone(), replacement.text.clone())).collect()
    };
    one.lint == other.lint && one.message == other.message && texts(one) == texts(other)
}

impl<W: World> Mending<'_, W> {
    /// One round; false when there was nothing to do.
    fn round(&mut self) -> bool {
        let proposals = wanted(self.world, self.reach, &self.mended.rejected);
        let mut texts = Texts::new();
        for path in proposals.iter().flat_map(Proposal::paths) {
            texts.entry(path.to_string()).or_insert_with(|| self.world.text(path));
        }
        let chosen: Vec<&Proposal> = choose(&proposals, &texts).into_iter().map(|index| &proposals[index]).collect();
        if chosen.is_empty() {
            return false;
        }
        self.seen.extend(texts.clone());
        let before = self.world.breakage();
        let mut kept = Vec::new();
        if !self.keep(&chosen, &mut kept, &texts, &before) {
            self.world.put(&with_all_of(&texts, apply(&kept, &texts)));
        }
        let changed = apply(&kept, &texts);
        for path in changed.keys() {
            self.mended.before.entry(path.clone()).or_insert_with(|| texts[path].clone());
        }
        self.seen.extend(changed);
        self.mended.applied.extend(kept.into_iter().cloned());
        true
    }

    /// Adds those of `more` that do no harm to `kept`: all at once, or half by half. False when the world was left with a fix
    /// that is not kept.
    fn keep<'p>(&mut self, more: &[&'p Proposal], kept: &mut Vec<&'p Proposal>, texts: &Texts, before: &Breakage) -> bool {
        let count = kept.len();
        kept.extend(more);
        let changed = apply(kept, texts);
        let is_back =
            changed.iter().any(|(path, text)| self.seen.contains(&(path.clone(), text.clone())) && texts[path] != *text);
        if !is_back {
            self.world.put(&with_all_of(texts, changed));
            if !is_worse(&self.world.breakage(), before) {
                return true;
            }
        }
        kept.truncate(count);
        if let [only] = more {
            self.mended.rejected.push((*only).clone());
            return false;
        }
        let (first, second) = more.split_at(more.len() / 2);
        self.keep(first, kept, texts, before);
        self.keep(second, kept, texts, before)
    }
}

/// The changed texts, and the others of the round as they were: what an attempt before has changed goes back.
fn with_all_of(texts: &Texts, changed: Texts) -> Texts {
    let mut all = texts.clone();
    all.extend(changed);
    all
}

fn is_worse(now: &Breakage, before: &Breakage) -> bool {
    now.iter().any(|(what, count)| before.get(what).is_none_or(|known| count > known))
}

#[cfg(test)]
mod tests;
