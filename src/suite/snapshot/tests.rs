use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use proptest::prelude::*;

use super::*;

fn owner<'a>(id: &'a str, slug: &'a str) -> Owner<'a> {
    Owner { id, slug, spec: "specs/a/b.toml", case: "opens: a \"ticket\" #1" }
}

fn store(root: &Path, policy: Policy) -> Store {
    Store::new(root.join("snapshots"), "snapshots", policy)
}

fn files(root: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path.strip_prefix(root).expect("inside").to_string_lossy().into_owned());
            }
        }
    }
    found.sort();
    found
}

#[test]
fn a_transcript_is_new_then_approved_then_changed_then_same_again() {
    let root = tempfile::tempdir().expect("a folder");
    let (pend, approve) = (store(root.path(), Policy::Pend), store(root.path(), Policy::Approve));
    let owner = owner("a/b", "opens-a-ticket");
    assert_eq!(pend.settle(&owner, "one\n"), Ok(Comparison::New));
    assert_eq!(files(root.path()), ["snapshots/a/b/opens-a-ticket.snap.new"]);
    assert_eq!(approve.settle(&owner, "one\n"), Ok(Comparison::New));
    assert_eq!(files(root.path()), ["snapshots/a/b/opens-a-ticket.snap"]);
    assert_eq!(
        fs::read_to_string(root.path().join("snapshots/a/b/opens-a-ticket.snap")).expect("a file"),
        "---\nsource: specs/a/b.toml\nexpression: \"opens: a \\\"ticket\\\" #1\"\n---\none\n"
    );
    assert_eq!(pend.settle(&owner, "two"), Ok(Comparison::Changed { old: "one".into() }));
    assert_eq!(files(root.path()).len(), 2);
    assert_eq!(pend.settle(&owner, "one"), Ok(Comparison::Same));
    assert_eq!(files(root.path()), ["snapshots/a/b/opens-a-ticket.snap"], "the pending one went");
}

#[test]
fn on_continuous_integration_nothing_is_written() {
    let root = tempfile::tempdir().expect("a folder");
    let owner = owner("a", "b");
    assert_eq!(store(root.path(), Policy::Compare).settle(&owner, "one"), Ok(Comparison::New));
    assert_eq!(files(root.path()), [""; 0]);
    assert_eq!(store(root.path(), Policy::Pend).settle(&owner, "one"), Ok(Comparison::New));
    store(root.path(), Policy::Compare).settle(&owner, "two").expect("a comparison");
    assert_eq!(files(root.path()), ["snapshots/a/b.snap.new"], "not even a pending one is removed");
    assert_eq!((Policy::choose(true, true), Policy::choose(false, true)), (None, Some(Policy::Compare)));
}

#[test]
fn names_never_lead_out_of_the_folder() {
    let root = tempfile::tempdir().expect("a folder");
    let store = store(root.path(), Policy::Approve);
    for (id, slug) in
        [("..", "a"), ("a/../../b", "a"), ("/etc", "a"), ("a", "../b"), ("a", "b/c"), ("a\\b", "c"), ("", "a"), ("a", "..")]
    {
        assert!(store.settle(&owner(id, slug), "x").is_err(), "{id} {slug}");
    }
    for path in ["snapshots/../a.snap", "other/a.snap", "snapshots/a.toml", "snapshots", "snapshots//a.snap"] {
        let pending = Pending { path: path.into(), spec: None, case: None, old: None, new: String::new() };
        assert!(store.accept(&pending).is_err() && store.reject(path).is_err() && store.prune(path).is_err(), "{path}");
    }
    assert_eq!(files(root.path()), [""; 0]);
    assert_eq!(store.path("a", "").as_deref(), Ok("snapshots/a/-.snap"));
}

#[test]
fn what_cannot_be_read_or_written_is_a_clear_problem() {
    let root = tempfile::tempdir().expect("a folder");
    fs::create_dir_all(root.path().join("snapshots/dir/x.snap")).expect("a folder");
    fs::write(root.path().join("snapshots/file"), "").expect("a file");
    let store = store(root.path(), Policy::Approve);
    let problem = |id, slug| store.settle(&owner(id, slug), "x").expect_err("a problem").to_string();
    assert!(
        problem("dir", "x").starts_with("the snapshot `snapshots/dir/x.snap` cannot be read: "),
        "{}",
        problem("dir", "x")
    );
    assert!(problem("file", "x").starts_with("the snapshot `snapshots/file/x.snap` cannot be "), "{}", problem("file", "x"));
    let long = "x".repeat(300);
    assert!(problem(&long, "x").contains("cannot be "), "{}", problem(&long, "x"));
}

#[test]
fn a_problem_with_a_pending_snapshot_names_its_path() {
    let root = tempfile::tempdir().expect("a folder");
    let store = |policy| store(root.path(), policy);
    fs::create_dir_all(root.path().join("snapshots/a/three.snap.new/x")).expect("a folder");
    let problem = |done: Result<(), SnapshotProblem>| done.expect_err("a folder stands there").to_string();
    let settle = |policy| problem(store(policy).settle(&owner("a", "three"), "new").map(drop));
    let expected = "the snapshot `snapshots/a/three.snap.new` cannot be ";
    assert!(settle(Policy::Pend).starts_with(&format!("{expected}written: ")));
    assert!(settle(Policy::Approve).starts_with(&format!("{expected}removed: ")), "the approved one was written");
    assert!(settle(Policy::Pend).starts_with(&format!("{expected}removed: ")), "the transcript is the approved one");
    let pend = store(Policy::Pend);
    assert!(problem(pend.reject("snapshots/a/three.snap")).starts_with(&format!("{expected}removed: ")));
    assert!(problem(pend.prune("snapshots/a/three.snap")).starts_with(&format!("{expected}removed: ")));
}

#[test]
fn damaged_snapshots_are_problems_too() {
    let root = tempfile::tempdir().expect("a folder");
    let store = store(root.path(), Policy::Approve);
    fs::create_dir_all(root.path().join("snapshots/a")).expect("a folder");
    let path = root.path().join("snapshots/a/b.snap");
    let nested = format!("---\nsource: {}\n---\nx", "[".repeat(7000));
    let lists = format!("---\n{}\n---\nx", "- ".repeat(3900));
    let endless = format!("---\nsource: {}", "x".repeat(20_000));
    for text in [
        "",
        "no header",
        "---\nsource: [\n---\nx",
        "---\nx",
        "---\nsnapshot_kind: binary\nextension: png\n---\n",
        &nested,
        &lists,
        &endless,
    ] {
        fs::write(&path, text).expect("a file");
        let problem = store.compare(&owner("a", "b"), "x").expect_err("a problem").to_string();
        assert!(problem.starts_with("the snapshot `snapshots/a/b.snap` "), "{problem}");
    }
    fs::write(&path, b"---\nsource: a\n---\n\xff\n").expect("a file");
    assert!(store.compare(&owner("a", "b"), "x").is_err());
}

#[test]
fn pending_ones_are_listed_accepted_rejected_and_orphans_pruned() {
    let root = tempfile::tempdir().expect("a folder");
    let (pend, approve) = (store(root.path(), Policy::Pend), store(root.path(), Policy::Approve));
    assert_eq!(pend.waiting(), Ok(Waiting::default()), "without a folder");
    approve.settle(&owner("a/b", "one"), "old").expect("written");
    approve.settle(&owner("z", "gone"), "old").expect("written");
    pend.settle(&owner("a/b", "one"), "new").expect("written");
    pend.settle(&owner("a/b", "two"), "first").expect("written");
    let pending = pend.waiting().expect("a list").pending;
    assert_eq!(pending.len(), 2);
    assert_eq!((pending[0].old.as_deref(), pending[0].new.as_str()), (Some("old"), "new"));
    assert_eq!((pending[1].path.as_str(), pending[1].old.as_deref()), ("snapshots/a/b/two.snap", None));
    assert_eq!(pending[1].case.as_deref(), Some("opens: a \"ticket\" #1"));
    pend.accept(&pending[0]).expect("accepted");
    pend.reject(&pending[1].path).expect("rejected");
    assert_eq!(pend.compare(&owner("a/b", "one"), "new"), Ok(Comparison::Same));
    let known = BTreeSet::from(["snapshots/a/b/one.snap".to_string()]);
    assert_eq!(pend.orphans(&known), Ok(vec!["snapshots/z/gone.snap".to_string()]));
    pend.prune("snapshots/z/gone.snap").expect("pruned");
    assert_eq!(files(root.path()), ["snapshots/a/b/one.snap"]);
    assert!(!root.path().join("snapshots/z").exists());
}

fn odd_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("\n"),
        Just("\r\n"),
        Just("\r"),
        Just(" "),
        Just("\t"),
        Just("---"),
        Just("a"),
        Just("é"),
        Just("source: x"),
        Just("\u{feff}"),
        Just("\u{85}"),
        Just("\u{2028}"),
        Just("\0"),
        Just("\""),
        Just("\\"),
        Just(": #"),
        Just("🦀"),
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_transcript_is_the_same_when_it_is_read_again(transcript in odd_text(), case in odd_text(), spec in odd_text()) {
        let root = tempfile::tempdir().expect("a folder");
        let store = store(root.path(), Policy::Approve);
        let owner = Owner { id: "a", slug: "b", spec: &spec, case: &case };
        prop_assert_eq!(store.settle(&owner, &transcript), Ok(Comparison::New));
        prop_assert_eq!(store.settle(&owner, &transcript), Ok(Comparison::Same));
        let stored = file::read(&root.path().join("snapshots/a/b.snap")).expect("readable").expect("there");
        prop_assert_eq!(stored.case, Some(case));
        prop_assert_eq!(stored.spec, Some(spec));
    }
}

#[test]
fn a_name_too_long_for_a_file_keeps_its_own_place() {
    let root = tempfile::tempdir().expect("a folder");
    let store = store(root.path(), Policy::Pend);
    let (one, other) = ("ä".repeat(300) + "1", "ä".repeat(300) + "2");
    assert_ne!(store.path("a", &one), store.path("a", &other));
    assert_eq!(store.settle(&owner("a", &one), "x"), Ok(Comparison::New));
    let pending = store.waiting().expect("a list").pending;
    assert_eq!(Ok(&pending[0].path), store.path("a", &one).as_ref());
}

#[test]
fn a_file_in_the_place_of_the_folder_holds_nothing_and_takes_nothing() {
    let root = tempfile::tempdir().expect("a folder");
    std::fs::write(root.path().join("snapshots"), "").expect("a file");
    let store = store(root.path(), Policy::Pend);
    assert_eq!(store.orphans(&BTreeSet::new()), Ok(Vec::new()));
    assert!(store.settle(&owner("a", "b"), "x").is_err());
}

#[test]
fn one_damaged_file_does_not_hide_the_others() {
    let root = tempfile::tempdir().expect("a folder");
    let store = store(root.path(), Policy::Pend);
    for slug in ["a", "b", "c", "d"] {
        store.settle(&owner("x", slug), slug).expect("written");
    }
    let path = |name: &str| root.path().join("snapshots/x").join(name);
    fs::write(path("a.snap.new"), "no header").expect("a file");
    fs::write(path("c.snap"), b"---\n\xff").expect("a file");
    let waiting = store.waiting().expect("a list");
    let names: Vec<&str> = waiting.pending.iter().map(|pending| pending.path.as_str()).collect();
    assert_eq!(names, ["snapshots/x/b.snap", "snapshots/x/d.snap"]);
    let problems: Vec<&str> = waiting.problems.iter().map(|problem| problem.path.as_str()).collect();
    assert_eq!(problems, ["snapshots/x/a.snap.new", "snapshots/x/c.snap"], "each is told by its own path");
}

#[test]
fn only_what_was_shown_is_approved() {
    let root = tempfile::tempdir().expect("a folder");
    let (pend, approve) = (store(root.path(), Policy::Pend), store(root.path(), Policy::Approve));
    approve.settle(&owner("a", "b"), "old").expect("written");
    pend.settle(&owner("a", "b"), "shown").expect("written");
    let shown = pend.waiting().expect("a list").pending.remove(0);
    pend.settle(&owner("a", "b"), "another").expect("written");
    let problem = pend.accept(&shown).expect_err("a problem").to_string();
    assert_eq!(problem, "the snapshot `snapshots/a/b.snap.new` has changed since it was shown: review it again");
    assert_eq!(pend.compare(&owner("a", "b"), "old"), Ok(Comparison::Same));
    pend.reject("snapshots/a/b.snap").expect("rejected");
    assert!(pend.accept(&shown).is_err_and(|problem| problem.message.starts_with("is gone")));
    assert_eq!(files(root.path()), ["snapshots/a/b.snap"]);
}

/// An approval that is interrupted after the approved one was written leaves the pending one.
#[test]
fn an_interrupted_approval_leaves_nothing_to_review_and_nothing_in_the_way() {
    let root = tempfile::tempdir().expect("a folder");
    let (pend, approve) = (store(root.path(), Policy::Pend), store(root.path(), Policy::Approve));
    approve.settle(&owner("a", "b"), "new").expect("written");
    let path = |name: &str| root.path().join("snapshots/a").join(name);
    fs::copy(path("b.snap"), path("b.snap.new")).expect("a copy");
    // What a program leaves that was killed while it wrote.
    for number in 0..4 {
        fs::write(path(&format!(".{}-{number}.tmp", std::process::id())), "---\nhalf").expect("a file");
        fs::write(path(&format!(".hookwright-{number}.tmp")), "---\nhalf").expect("a file");
    }
    assert_eq!(pend.waiting(), Ok(Waiting::default()));
    assert_eq!(pend.orphans(&BTreeSet::from(["snapshots/a/b.snap".to_string()])), Ok(Vec::new()));
    assert_eq!(pend.settle(&owner("a", "b"), "new"), Ok(Comparison::Same));
    assert!(!path("b.snap.new").exists(), "the next run removes it");
    for slug in ["c", "d", "e", "f"] {
        assert_eq!(pend.settle(&owner("a", slug), "x"), Ok(Comparison::New));
    }
}

#[cfg(unix)]
#[test]
fn others_may_read_a_snapshot_as_any_new_file() {
    use std::os::unix::fs::PermissionsExt;
    let root = tempfile::tempdir().expect("a folder");
    store(root.path(), Policy::Approve).settle(&owner("a", "b"), "x").expect("written");
    fs::write(root.path().join("plain"), "").expect("a file");
    let mode = |path: &str| fs::metadata(root.path().join(path)).expect("a file").permissions().mode();
    assert_eq!(mode("snapshots/a/b.snap"), mode("plain"));
}
