//! `review` through a pipe, interrupted, and with files that cannot be read.

use std::fs;
use std::io::Write;
use std::time::Duration;

use super::support::{PLAIN, Project, Running};

/// A project in which as many transcripts wait.
fn waiting(count: usize) -> Project {
    let project = Project::new();
    for number in 0..count {
        let spec = format!("{PLAIN}[[case]]\nname = \"x\"\nreply.json = {{ answer = {number} }}\n");
        project.write(&format!("specs/{number:03}.toml"), spec);
    }
    project.run(&["test", "--quiet"]).ends(1);
    assert_eq!(project.files("snapshots").len(), count);
    project
}

/// Every transcript, whole, approved or waiting, once.
fn assert_nothing_is_lost(project: &Project, count: usize) -> usize {
    let files = project.files("snapshots");
    assert_eq!(files.len(), count, "{files:?}");
    for (number, path) in files.iter().enumerate() {
        assert!(path.starts_with(&format!("snapshots/{number:03}/x.snap")), "{path}");
        let text = project.read(path);
        assert!(text.starts_with("---\n") && text.contains(&format!("user.answer = {number} (int)")), "{path}: {text}");
    }
    files.iter().filter(|path| path.ends_with(".snap")).count()
}

#[test]
fn one_that_is_damaged_does_not_stop_the_others() {
    let project = waiting(4);
    project.write("snapshots/001/x.snap.new", "half a fi");
    project.write("snapshots/003/x.snap", b"---\nsource: a\n---\n\xff");
    let list = project.run(&["review", "--list"]).ends(2);
    assert_eq!(list.out.lines().count(), 2, "{}", list.out);
    assert!(list.err.contains("`snapshots/001/x.snap.new` is not a snapshot"), "{}", list.err);
    assert!(list.err.contains("`snapshots/003/x.snap` cannot be read"), "{}", list.err);
    let said = project.feed(&["review"], "a\na\n").ends(2);
    assert!(said.out.contains("accepted snapshots/000/x.snap") && said.out.contains("accepted snapshots/002/x.snap"));
    assert_eq!(project.read("snapshots/001/x.snap.new"), "half a fi", "it is left alone");
    assert!(project.exists("snapshots/003/x.snap.new"));
    // Alone it is told, too, and is never called nothing to review.
    project.run(&["review"]).ends(2).says("001/x.snap.new").says_not("nothing to review");
    project.run(&["review", "--accept"]).ends(2);
    fs::remove_file(project.path("snapshots/001/x.snap.new")).expect("removed");
    fs::remove_file(project.path("snapshots/003/x.snap")).expect("removed");
    project.run(&["review", "--accept"]).ends(0);
    assert_eq!(project.files("snapshots").len(), 3);
}

#[test]
fn answers_without_a_meaning_are_asked_again_and_the_end_quits() {
    let project = waiting(3);
    for input in ["", "\n\n", "x", "aa\nAll\n", "accept\n", "q\na\na\na\n", "\u{0}\n", "é\n", "d\nd\n"] {
        project.feed(&["review"], input).ends(1);
        assert_eq!(assert_nothing_is_lost(&project, 3), 0, "{input:?}");
    }
    project.feed(&["review"], b"\xff\xff\n").ends(1);
    // Windows' line ends, white space, and more answers than questions.
    project.feed(&["review"], " a \r\na\r\na\na\na\nr\nR\n").ends(0);
    assert_eq!(assert_nothing_is_lost(&project, 3), 3);
}

#[test]
fn an_input_without_an_end_does_not_keep_it() {
    let project = waiting(2);
    for line in ["maybe\n", "d\n", "\n"] {
        let said = project.feed(&["review"], line.repeat(100_000)).ends(2);
        assert!(said.err.contains("none of 100 answers decides"), "{}", said.err);
    }
    project.feed(&["review"], "a".repeat(10_000_000)).ends(2);
    assert_eq!(assert_nothing_is_lost(&project, 2), 0);
}

#[test]
fn the_diff_is_unified_or_side_by_side() {
    let project = Project::plain("[[case]]\nname = \"x\"\nreply.json = { answer = 1 }\n");
    project.approve();
    project.write("specs/a.toml", project.read("specs/a.toml").replace("answer = 1", "answer = 2"));
    project.run(&["test"]).ends(1);
    let columns = |arguments: &[&str], width: &str, input: &str| {
        let mut command = project.command(arguments);
        let mut running = Running::start(command.env("COLUMNS", width));
        running.child.stdin.take().expect("piped").write_all(input.as_bytes()).expect("written");
        running.says_within(Duration::from_secs(20))
    };
    let unified = columns(&["review"], "100", "s\n");
    assert!(unified.contains("\n-  {\"answer\":1}\n+  {\"answer\":2}\n"), "{unified}");
    let beside = columns(&["review", "--side-by-side"], "100", "s\n");
    let row = beside.lines().find(|line| line.contains("{\"answer\":1}")).unwrap_or_default();
    assert!(row.starts_with("-  {\"answer\":1}") && row.ends_with(" │ +  {\"answer\":2}"), "{beside}");
    assert!(beside.lines().filter(|line| line.contains('│')).all(|line| line.chars().count() <= 100), "{beside}");
    let narrow = columns(&["review", "--side-by-side"], "40", "s\n");
    assert!(narrow.contains("\n-  {\"answer\":1}\n+  {\"answer\":2}\n"), "too narrow for two: {narrow}");
    let both = columns(&["review"], "100", "d\nd\ns\n");
    assert_eq!(both.matches("\n-  {\"answer\":1}\n").count(), 2, "{both}");
    assert_eq!(both.matches(" │ +  {\"answer\":2}\n").count(), 1, "{both}");
    project.run(&["review", "--side-by-side", "--list"]).ends(2);
}

#[test]
fn what_changes_while_it_is_shown_is_not_approved() {
    let project = waiting(2);
    let mut running = Running::start(&mut project.command(&["review"]));
    running.waits_for("[q]uit? ");
    let newer = project.read("snapshots/000/x.snap.new").replace("answer", "another");
    project.write("snapshots/000/x.snap.new", &newer);
    let mut stdin = running.child.stdin.take().expect("piped");
    stdin.write_all(b"a\n").expect("written");
    running.waits_for("[2/2]");
    stdin.write_all(b"a\n").expect("written");
    running.waits_for("accepted snapshots/001/x.snap");
    assert_eq!(running.child.wait().expect("it ends").code(), Some(2));
    assert_eq!(project.files("snapshots"), ["snapshots/000/x.snap.new", "snapshots/001/x.snap"]);
    assert_eq!(project.read("snapshots/000/x.snap.new"), newer);
}

#[test]
fn a_walk_that_is_killed_loses_nothing() {
    const COUNT: usize = 12;
    let project = waiting(COUNT);
    let mut running = Running::start(&mut project.command(&["review"]));
    let mut stdin = running.child.stdin.take().expect("piped");
    for decided in 0..3 {
        stdin.write_all(b"a\n").expect("written");
        running.waits_for(&format!("accepted snapshots/{decided:03}/x.snap"));
    }
    running.waits_for("[4/12]");
    running.child.kill().expect("killed");
    running.child.wait().expect("it ends");
    assert_eq!(assert_nothing_is_lost(&project, COUNT), 3);
    project.run(&["review", "--list"]).ends(1).says_not("/002/").says("/003/");
}

#[test]
fn killed_at_any_moment_it_loses_nothing() {
    const COUNT: usize = 60;
    let project = waiting(COUNT);
    let mut approved = 0;
    for delay in 0..12 {
        let mut running = Running::start(&mut project.command(&["review"]));
        let mut stdin = running.child.stdin.take().expect("piped");
        // Five decisions and then all: it may be killed in the middle of any.
        let _ = stdin.write_all(b"a\na\na\ns\na\nA\n");
        std::thread::sleep(Duration::from_micros(delay * 900));
        let _ = running.child.kill();
        running.child.wait().expect("it ends");
        let now = assert_nothing_is_lost(&project, COUNT);
        assert!(now >= approved);
        approved = now;
    }
    project.feed(&["review"], "A\n");
    assert_eq!(assert_nothing_is_lost(&project, COUNT), COUNT);
}

#[test]
fn killed_while_approving_every_snapshot_stays_whole() {
    const COUNT: usize = 40;
    let project = waiting(COUNT);
    for delay in 0..12 {
        let mut running = Running::start(&mut project.command(&["test", "--update", "--quiet"]));
        std::thread::sleep(Duration::from_millis(4 * delay));
        let _ = running.child.kill();
        running.child.wait().expect("it ends");
        for path in project.files("snapshots").iter().filter(|path| !path.ends_with(".tmp")) {
            assert!(project.read(path).contains("user.answer = "), "{path}");
        }
    }
    project.run(&["test", "--update", "--quiet"]).ends(0);
    project.run(&["review", "--list"]).ends(0).says("nothing to review");
}
