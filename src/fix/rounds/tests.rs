use std::cell::Cell;

use super::*;
use crate::fix::Replacement;

/// A file of words. `bad` suggests `good` safely, `worse` guesses `bad`, and `poison` suggests what cannot be read.
struct Words {
    texts: Texts,
    rules: &'static [(&'static str, &'static str, bool)],
    unreadable: &'static str,
    compiled: Cell<usize>,
}

const RULES: &[(&str, &str, bool)] = &[("bad", "good", true), ("worse", "bad", false), ("poison", "#", true)];

fn words(text: &str) -> Words {
    let texts = Texts::from([("a".to_string(), text.to_string())]);
    Words { texts, rules: RULES, unreadable: "#", compiled: Cell::new(0) }
}

impl World for Words {
    fn text(&self, path: &str) -> String {
        self.texts[path].clone()
    }

    fn put(&mut self, texts: &Texts) {
        self.compiled.set(self.compiled.get() + 1);
        self.texts.extend(texts.clone());
    }

    fn proposals(&self) -> Vec<Proposal> {
        let mut proposals = Vec::new();
        for (path, text) in &self.texts {
            for (word, better, safe) in self.rules {
                proposals.extend(text.match_indices(word).map(|(at, _)| Proposal {
                    lint: "word",
                    message: format!("{word} after {}", text[..at].chars().filter(|character| *character == ' ').count()),
                    place: format!("{path}:1:{}", at + 1),
                    safe: *safe,
                    replacements: vec![Replacement {
                        path: path.clone(),
                        range: at..at + word.len(),
                        text: better.to_string(),
                    }],
                }));
            }
        }
        proposals
    }

    fn breakage(&self) -> Breakage {
        let count = |text: &String| text.matches(self.unreadable).count();
        let counted = self.texts.iter().map(|(path, text)| ((path.clone(), NOT_TOML), count(text)));
        counted.filter(|(_, count)| *count > 0).collect()
    }
}

fn mended(world: &mut Words, reach: Reach) -> (String, usize, usize, usize) {
    let mended = mend(world, reach);
    (world.texts["a"].clone(), mended.applied.len(), mended.rejected.len(), mended.guesses)
}

#[test]
fn guesses_are_left_alone_unless_they_are_asked_for() {
    assert_eq!(mended(&mut words("bad, worse"), Reach::Safe), ("good, worse".into(), 1, 0, 1));
    assert_eq!(mended(&mut words("bad, worse"), Reach::All), ("good, good".into(), 3, 0, 0));
}

#[test]
fn nothing_is_done_twice() {
    let mut world = words("bad, worse, good");
    mended(&mut world, Reach::All);
    let compiled = world.compiled.get();
    assert_eq!(mended(&mut world, Reach::All), ("good, good, good".into(), 0, 0, 0));
    assert_eq!(world.compiled.get(), compiled, "nothing is compiled where there is nothing to do");
}

#[test]
fn fixes_that_touch_take_turns() {
    assert_eq!(mended(&mut words("badbadbad"), Reach::Safe), ("goodgoodgood".into(), 3, 0, 0));
    let many = "bad".repeat(10_000);
    assert_eq!(mended(&mut words(&many), Reach::Safe).0, "good".repeat(10_000));
}

#[test]
fn a_fix_that_breaks_its_file_is_taken_back_and_the_others_stay() {
    let mut world = words("bad poison bad, bad poison bad bad");
    let mended = mend(&mut world, Reach::All);
    assert_eq!(world.texts["a"], "good poison good, good poison good good");
    assert_eq!((mended.applied.len(), mended.rejected.len()), (5, 2));
    assert_eq!(mended.before["a"], "bad poison bad, bad poison bad bad");
    let places: Vec<&str> = mended.rejected.iter().map(|proposal| proposal.place.as_str()).collect();
    assert_eq!(places, ["a:1:5", "a:1:21"]);
}

#[test]
fn a_file_that_cannot_be_read_is_left_as_it_is() {
    assert_eq!(mended(&mut words("bad #"), Reach::All), ("bad #".into(), 0, 0, 0));
}

#[test]
fn fixes_that_undo_each_other_end() {
    let mut world = Words { rules: &[("on", "off", true), ("off", "on", true)], ..words("on on") };
    let mended = mend(&mut world, Reach::Safe);
    assert!(mended.rejected.len() == 2 && world.compiled.get() < 10, "{mended:?}");
    let mut growing = Words { rules: &[("x", "yx", true)], ..words("x") };
    assert_eq!(mend(&mut growing, Reach::Safe).applied.len(), MAX_ROUNDS);
}
