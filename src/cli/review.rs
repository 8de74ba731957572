//! `hookwright review`: walks new and changed snapshots.
//!
//! Whatever is decided is done at once, each in one step of the file system. So an interruption at any moment leaves every
//! transcript either approved or waiting.

use std::io::{BufRead, IsTerminal, Read};

use console::{Key, Term};
use hookwright::diagnostic::printable;
use hookwright::report::{Paint, diff, side_by_side};
use hookwright::suite::snapshot::{Pending, Policy, Store, Waiting};

use super::arguments::Review;
use super::output::{complain, print, wants_color, width};
use super::project::Project;
use super::test::{is_ci, orphans};
use super::{Ending, Refusal, output};

pub fn run(review: &Review) -> Result<Ending, Refusal> {
    let project = Project::open()?;
    let store = project.store(Policy::Pend);
    let changes_something = !review.list;
    if changes_something && is_ci() {
        return Err("nothing is approved while `CI` is set: review on your own machine and commit the snapshots".into());
    }
    if review.prune {
        return prune(&project, &store);
    }
    let Waiting { pending, problems } = store.waiting()?;
    let ending = decide(review, &store, &pending, problems.is_empty());
    // Told last, where it is seen; the others could be reviewed all the same.
    problems.iter().for_each(|problem| complain(&problem.to_string()));
    let ending = ending?;
    Ok(if problems.is_empty() { ending } else { Ending::Unreadable })
}

fn decide(review: &Review, store: &Store, pending: &[Pending], is_whole: bool) -> Result<Ending, Refusal> {
    if pending.is_empty() && is_whole {
        print("nothing to review\n");
        return Ok(Ending::Well);
    }
    match (&review.accept, &review.reject) {
        (Some(text), _) => decide_all(store, pending, text, Decision::Accept),
        (_, Some(text)) => decide_all(store, pending, text, Decision::Reject),
        _ if review.list => {
            pending.iter().for_each(|pending| print(&format!("{}\n", title(pending))));
            Ok(Ending::Findings)
        }
        _ => Ok(Walk::new(store, review.side_by_side).through(pending)?),
    }
}

/// An input that never ends, as that of `yes`, must not keep us for ever.
const MOST_QUESTIONS: usize = 100;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Decision {
    Accept,
    Reject,
    Skip,
}

fn title(pending: &Pending) -> String {
    let what = if pending.old.is_some() { "changed" } else { "new" };
    let (spec, case) = (pending.spec.as_deref().unwrap_or("?"), pending.case.as_deref().unwrap_or_default());
    printable(&format!("{what} {spec}: {case} ({})", pending.path)).into_owned()
}

/// Whether it could be done. One that cannot does not stop the others.
fn carry_out(store: &Store, pending: &Pending, decision: Decision) -> bool {
    let (done, word) = match decision {
        Decision::Accept => (store.accept(pending), "accepted"),
        Decision::Reject => (store.reject(&pending.path), "rejected"),
        Decision::Skip => return true,
    };
    match &done {
        Ok(()) => print(&format!("{word} {}\n", printable(&pending.path))),
        Err(problem) => complain(&problem.to_string()),
    }
    done.is_ok()
}

/// `--accept TEXT`: every snapshot whose path, spec or case holds the text.
fn decide_all(store: &Store, pending: &[Pending], text: &str, decision: Decision) -> Result<Ending, Refusal> {
    let meant: Vec<&Pending> = pending.iter().filter(|pending| title(pending).contains(text)).collect();
    if meant.is_empty() {
        return Err(format!("no snapshot that waits for review matches `{text}`").into());
    }
    let failed = meant.iter().filter(|pending| !carry_out(store, pending, decision)).count();
    Ok(if failed > 0 { Ending::Unreadable } else { Ending::Well })
}

/// One after the other.
struct Walk<'a> {
    store: &'a Store,
    is_side_by_side: bool,
    /// The decision on all that are left.
    for_all: Option<Decision>,
    input: Input,
}

impl Walk<'_> {
    fn new(store: &Store, is_side_by_side: bool) -> Walk<'_> {
        Walk { store, is_side_by_side, for_all: None, input: Input::new() }
    }

    fn through(&mut self, pending: &[Pending]) -> Result<Ending, Refusal> {
        let (mut skipped, mut failed) = (0, 0);
        for (index, one) in pending.iter().enumerate() {
            print(&format!("\n[{}/{}] {}\n", index + 1, pending.len(), title(one)));
            print(&self.difference(one));
            // Nobody decides on what was not shown.
            output::check()?;
            let Some(decision) = self.decision(one)? else { return Ok(Ending::Findings) };
            skipped += usize::from(decision == Decision::Skip);
            failed += usize::from(!carry_out(self.store, one, decision));
        }
        Ok(match (failed, skipped) {
            (0, 0) => Ending::Well,
            (0, _) => Ending::Findings,
            _ => Ending::Unreadable,
        })
    }

    fn difference(&self, pending: &Pending) -> String {
        let (old, new) = (pending.old.as_deref().unwrap_or_default(), pending.new.as_str());
        let paint = Paint { color: wants_color() };
        if self.is_side_by_side { side_by_side(old, new, paint, width()) } else { diff(old, new, paint) }
    }

    /// `None`: no more.
    fn decision(&mut self, pending: &Pending) -> Result<Option<Decision>, Refusal> {
        if self.for_all.is_some() {
            return Ok(self.for_all);
        }
        for _ in 0..MOST_QUESTIONS {
            let Some(answer) = self.input.answer()? else { continue };
            match answer {
                Answer::One(decision) => return Ok(Some(decision)),
                Answer::All(decision) => {
                    self.for_all = Some(decision);
                    return Ok(self.for_all);
                }
                Answer::Quit => return Ok(None),
                Answer::OtherDiff => {
                    self.is_side_by_side = !self.is_side_by_side;
                    print(&self.difference(pending));
                }
            }
        }
        Err(format!("none of {MOST_QUESTIONS} answers decides on `{}`", pending.path).into())
    }
}

#[derive(Clone, Copy)]
enum Answer {
    One(Decision),
    All(Decision),
    OtherDiff,
    Quit,
}

impl Answer {
    fn of(letter: &str) -> Option<Answer> {
        Some(match letter {
            "a" => Answer::One(Decision::Accept),
            "r" => Answer::One(Decision::Reject),
            "s" => Answer::One(Decision::Skip),
            "A" => Answer::All(Decision::Accept),
            "R" => Answer::All(Decision::Reject),
            "d" => Answer::OtherDiff,
            "q" => Answer::Quit,
            _ => return None,
        })
    }
}

/// Where answers come from.
enum Input {
    /// One key each.
    Terminal(Term),
    /// One line each, with the same letters.
    Pipe,
}

impl Input {
    fn new() -> Input {
        match std::io::stdin().is_terminal() && std::io::stdout().is_terminal() {
            true => Input::Terminal(Term::stdout()),
            false => Input::Pipe,
        }
    }

    /// Asks; `None` for an answer without a meaning. The end of the input quits.
    fn answer(&self) -> Result<Option<Answer>, Refusal> {
        print("[a]ccept, [r]eject, [s]kip, [A]ccept all, [R]eject all, other [d]iff, [q]uit? ");
        match self {
            Input::Terminal(terminal) => pressed(terminal),
            Input::Pipe => written(),
        }
    }
}

fn written() -> Result<Option<Answer>, Refusal> {
    /// The rest of a longer line is the next answer: neither has a meaning.
    const LONGEST: u64 = 1024;
    let mut line = Vec::new();
    let read = std::io::stdin().lock().take(LONGEST).read_until(b'\n', &mut line)?;
    print("\n");
    Ok(if read == 0 { Some(Answer::Quit) } else { Answer::of(String::from_utf8_lossy(&line).trim()) })
}

/// A key, which is shown, since the terminal does not. The terminal is as before when this returns; Ctrl-C ends the program.
fn pressed(terminal: &Term) -> Result<Option<Answer>, Refusal> {
    const END_OF_INPUT: char = '\u{4}';
    Ok(match terminal.read_key()? {
        Key::Char(END_OF_INPUT) | Key::Escape => {
            print("\n");
            Some(Answer::Quit)
        }
        Key::Char(letter) => {
            print(&format!("{}\n", printable(&letter.to_string())));
            Answer::of(&letter.to_string())
        }
        _ => {
            print("\n");
            None
        }
    })
}

/// Removes snapshots that belong to no case.
fn prune(project: &Project, store: &Store) -> Result<Ending, Refusal> {
    // A spec that cannot be read has cases, too: their snapshots are no orphans.
    let checked = project.check(&project.specs(&[])?).whole()?;
    let orphans = orphans(project, &checked, store)?;
    for path in &orphans {
        store.prune(path)?;
        print(&format!("removed {path}\n"));
    }
    if orphans.is_empty() {
        print("no snapshot is without its case\n");
    }
    Ok(Ending::Well)
}
