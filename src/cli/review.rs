//! `hookwright review`: walks new and changed snapshots.

use std::io::{BufRead, IsTerminal, Write};

use hookwright::report::{Paint, diff};
use hookwright::suite::snapshot::{Pending, Policy, Store};

use super::arguments::Review;
use super::output::{print, wants_color};
use super::project::Project;
use super::test::{is_ci, orphans};
use super::{Ending, Refusal};

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
    let pending = store.pending()?;
    if pending.is_empty() {
        print("nothing to review\n");
        return Ok(Ending::Well);
    }
    match (&review.accept, &review.reject) {
        (Some(text), _) => decide_all(&store, &pending, text, Decision::Accept),
        (_, Some(text)) => decide_all(&store, &pending, text, Decision::Reject),
        _ if review.list => {
            pending.iter().for_each(|pending| print(&format!("{}\n", title(pending))));
            Ok(Ending::Findings)
        }
        _ => walk(&store, &pending),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Decision {
    Accept,
    Reject,
    Skip,
}

fn title(pending: &Pending) -> String {
    let what = if pending.old.is_some() { "changed" } else { "new" };
    let case = pending.case.as_deref().unwrap_or_default();
    format!("{what} {}: {case} ({})", pending.spec.as_deref().unwrap_or("?"), pending.path)
}

fn carry_out(store: &Store, pending: &Pending, decision: Decision) -> Result<(), Refusal> {
    match decision {
        Decision::Accept => store.accept(&pending.path)?,
        Decision::Reject => store.reject(&pending.path)?,
        Decision::Skip => return Ok(()),
    }
    let word = if decision == Decision::Accept { "accepted" } else { "rejected" };
    print(&format!("{word} {}\n", pending.path));
    Ok(())
}

/// `--accept TEXT`: every snapshot whose path, spec or case holds the text.
fn decide_all(store: &Store, pending: &[Pending], text: &str, decision: Decision) -> Result<Ending, Refusal> {
    let meant: Vec<&Pending> = pending.iter().filter(|pending| title(pending).contains(text)).collect();
    if meant.is_empty() {
        return Err(format!("no snapshot that waits for review matches `{text}`").into());
    }
    for pending in meant {
        carry_out(store, pending, decision)?;
    }
    Ok(Ending::Well)
}

/// One after the other. What is decided is done at once, so that an interruption loses nothing.
fn walk(store: &Store, pending: &[Pending]) -> Result<Ending, Refusal> {
    let paint = Paint { color: wants_color() };
    let mut input = std::io::stdin().lock();
    let mut for_all = None;
    let mut skipped = 0;
    for (index, one) in pending.iter().enumerate() {
        print(&format!("\n[{}/{}] {}\n", index + 1, pending.len(), title(one)));
        print(&diff(one.old.as_deref().unwrap_or_default(), &one.new, paint));
        let decision = match for_all {
            Some(decision) => decision,
            None => match ask(&mut input)? {
                Answer::One(decision) => decision,
                Answer::All(decision) => *for_all.insert(decision),
                Answer::Quit => return Ok(Ending::Findings),
            },
        };
        skipped += usize::from(decision == Decision::Skip);
        carry_out(store, one, decision)?;
    }
    Ok(if skipped > 0 { Ending::Findings } else { Ending::Well })
}

enum Answer {
    One(Decision),
    All(Decision),
    Quit,
}

/// Reads a line; through a pipe the same letters work, and its end quits.
fn ask(input: &mut impl BufRead) -> Result<Answer, Refusal> {
    loop {
        print("[a]ccept, [r]eject, [s]kip, [A]ccept all, [R]eject all, [q]uit? ");
        let mut line = String::new();
        if input.read_line(&mut line)? == 0 {
            print("\n");
            return Ok(Answer::Quit);
        }
        if !std::io::stdin().is_terminal() {
            let _ = writeln!(std::io::stdout());
        }
        return Ok(match line.trim() {
            "a" => Answer::One(Decision::Accept),
            "r" => Answer::One(Decision::Reject),
            "s" => Answer::One(Decision::Skip),
            "A" => Answer::All(Decision::Accept),
            "R" => Answer::All(Decision::Reject),
            "q" => Answer::Quit,
            _ => continue,
        });
    }
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
