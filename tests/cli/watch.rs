//! `test --watch`: the program goes on and runs what a changed file touches.

use std::fs;
use std::time::Duration;

use super::support::{PLAIN, Project, Running};

const WAITING: &str = "waiting for changes";

fn case_with(answer: u8) -> String {
    format!("{PLAIN}[[case]]\nname = \"x\"\nreply.json = {{ answer = {answer} }}\nexpect.attributes = {{ answer = 1 }}\n")
}

fn named(file: &str) -> String {
    format!("{PLAIN}[[case]]\nname = \"x\"\nreply.file = \"{file}\"\nexpect.attributes = {{ answer = 1 }}\n")
}

fn project() -> Project {
    let project = Project::with(&case_with(1)).file("specs/b.toml", case_with(1)).file("hookwright.toml", "");
    project.approve();
    project
}

/// What it says until this has come and it waits again.
fn until(running: &mut Running, part: &str) -> String {
    running.waits_for(part) + &running.waits_for(WAITING)
}

fn watch(project: &Project, more: &[&str]) -> Running {
    let arguments: Vec<&str> = ["test", "--watch"].iter().chain(more).copied().collect();
    Running::start(&mut project.command(&arguments))
}

#[test]
fn a_changed_spec_is_run_again_and_no_other() {
    let project = project();
    let mut running = watch(&project, &[]);
    assert!(until(&mut running, "2 passed\n").starts_with("2 passed\n"));
    project.write("specs/a.toml", case_with(2));
    let said = until(&mut running, "1 failed\n");
    assert!(said.contains("\nspecs/a.toml has changed\n"), "{said}");
    assert!(said.contains("failed specs/a.toml: x\n") && said.contains("\n0 passed, 1 failed\n"), "{said}");
    assert!(!said.contains('\u{1b}'), "nothing is cleared: {said}");
    project.write("specs/a.toml", case_with(1));
    until(&mut running, "\n1 passed\n");
    assert!(running.is_running());
}

#[test]
fn a_flow_is_run_again_when_one_of_its_actions_changes() {
    let project = project().file("specs/steps/both.flow.toml", "name = \"Both\"\n[[step]]\naction = \"a\"\ncase = \"x\"\n");
    project.approve();
    let mut running = watch(&project, &[]);
    until(&mut running, "3 passed\n");
    project.write("specs/a.toml", case_with(2));
    let said = until(&mut running, "2 failed\n");
    assert!(
        said.contains("failed specs/a.toml: x\n") && said.contains("failed specs/steps/both.flow.toml: Both\n"),
        "{said}"
    );
    project.write("specs/b.toml", case_with(2));
    let said = until(&mut running, "1 failed\n");
    assert!(!said.contains("both.flow.toml"), "{said}");
}

#[test]
fn the_manifest_touches_everything() {
    let project = project();
    let mut running = watch(&project, &[]);
    until(&mut running, "2 passed\n");
    project.write("hookwright.toml", "[global]\nx = \"y\"\n");
    until(&mut running, "hookwright.toml has changed\n2 passed\n");
    // One that is not TOML is told; what was known before is kept.
    project.write("hookwright.toml", "[global\n");
    until(&mut running, "hookwright.toml has changed\n");
    project.write("others/c.toml", case_with(1));
    project.write("hookwright.toml", "[project]\nspecs = [\"others\"]\n");
    until(&mut running, "new others/c.toml: x");
    project.write("others/d.toml", case_with(1));
    let said = until(&mut running, "new others/d.toml: x");
    assert!(!said.contains("others/c.toml: x"), "the new folder is watched: {said}");
}

#[test]
fn a_file_touches_the_specs_that_name_it() {
    let project = project().file("replies/one.json", "{\"answer\":1}").file("specs/c.toml", named("../replies/one.json"));
    project.write("specs/d.toml", named("deep/two.json"));
    project.write("specs/deep/two.json", "{\"answer\":1}");
    project.approve();
    let mut running = watch(&project, &[]);
    until(&mut running, "4 passed\n");
    project.write("replies/one.json", "{\"answer\":2}");
    let said = until(&mut running, "0 passed, 1 failed\n");
    assert!(said.contains("replies/one.json has changed") && said.contains("failed specs/c.toml: x"), "{said}");
    fs::remove_file(project.path("specs/deep/two.json")).expect("removed");
    until(&mut running, "specs/deep/two.json is gone\n");
    project.write("specs/deep/two.json", "{\"answer\":1}");
    until(&mut running, "\n1 passed\n");
    // What nobody names runs nothing.
    project.write("specs/deep/notes.txt", "x");
    let said = running.says_within(Duration::from_millis(500));
    assert!(!said.contains("passed"), "{said}");
}

#[test]
fn deleted_renamed_and_half_written_files_are_survived() {
    let project = project();
    let mut running = watch(&project, &[]);
    until(&mut running, "2 passed\n");
    fs::remove_file(project.path("specs/b.toml")).expect("removed");
    until(&mut running, "specs/b.toml is gone\n");
    project.write("specs/a.toml", &case_with(1).as_bytes()[..40]);
    until(&mut running, "specs/a.toml has changed\n");
    project.write("specs/a.toml", b"\xff\xfe");
    until(&mut running, "specs/a.toml has changed\n");
    project.write("specs/a.toml", case_with(1));
    until(&mut running, "\n1 passed\n");
    // An editor writes beside and renames.
    project.write("specs/.a.toml.swp", case_with(2));
    fs::rename(project.path("specs/.a.toml.swp"), project.path("specs/a.toml")).expect("renamed");
    until(&mut running, "failed specs/a.toml: x");
    // The whole folder goes and comes back.
    fs::rename(project.path("specs"), project.path("away")).expect("renamed");
    until(&mut running, "specs/a.toml is gone\n");
    fs::rename(project.path("away"), project.path("specs")).expect("renamed");
    until(&mut running, "failed specs/a.toml: x");
    project.write("specs/a.toml", case_with(1));
    until(&mut running, "\n1 passed\n");
    assert!(running.is_running());
}

#[test]
fn an_approved_snapshot_touches_its_case_and_a_pending_one_nothing() {
    let project = project();
    project.write("specs/a.toml", case_with(1).replace("answer = 1 }\nexpect", "answer = 1, more = 2 }\nexpect"));
    let mut running = watch(&project, &[]);
    until(&mut running, "1 passed, 1 failed\n");
    let said = running.says_within(Duration::from_millis(400));
    assert!(!said.contains("has changed"), "what it writes itself does not matter: {said}");
    project.run(&["review", "--accept"]).ends(0);
    let said = until(&mut running, "\n1 passed\n");
    assert!(said.contains("snapshots/a/x.snap has changed\n"), "{said}");
}

#[test]
fn it_rests_while_nothing_changes() {
    let project = project();
    let mut running = watch(&project, &["--quiet"]);
    // Reading a project makes events of its own.
    project.run(&["test"]).ends(0);
    assert_eq!(running.says_within(Duration::from_millis(700)), "");
    assert!(running.is_running());
    let spent = |stat: &str| stat.rsplit(' ').nth(38).and_then(|ticks| ticks.parse::<u64>().ok());
    if let Ok(stat) = fs::read_to_string(format!("/proc/{}/stat", running.child.id())) {
        let before = spent(&stat);
        std::thread::sleep(Duration::from_millis(500));
        let after = spent(&fs::read_to_string(format!("/proc/{}/stat", running.child.id())).expect("it runs"));
        assert!(before.is_some() && after <= before.map(|ticks| ticks + 2), "{before:?} {after:?}");
    }
}

#[test]
fn watching_is_no_way_around_what_is_refused() {
    let project = project();
    let ci = [("CI", "true")];
    project.run_with(&["test", "--watch", "--update"], &ci).ends(2).says("while `CI` is set");
    project.run(&["test", "--watch", "--format", "json"]).ends(2).says("one document");
    project.run(&["test", "--watch", "--case", "no such case"]).ends(2).says("no case is named");
    project.run(&["test", "--watch", "--shard", "3/2"]).ends(2);
    project.run(&["test", "--watch", "elsewhere"]).ends(2);
    // Without `--update` it works there, and writes nothing.
    let mut command = project.command(&["test", "--watch"]);
    let mut running = Running::start(command.envs(ci));
    running.waits_for(WAITING);
    project.write("specs/c.toml", case_with(1));
    running.waits_for("new specs/c.toml: x");
    assert_eq!(project.files("snapshots"), ["snapshots/a/x.snap", "snapshots/b/x.snap"]);
}

#[cfg(target_os = "linux")]
#[test]
fn an_interrupt_ends_it_at_once() {
    use std::os::unix::process::ExitStatusExt;
    let project = project();
    let mut running = watch(&project, &[]);
    until(&mut running, "2 passed\n");
    let process = rustix::process::Pid::from_child(&running.child);
    rustix::process::kill_process(process, rustix::process::Signal::INT).expect("sent");
    let ended = running.child.wait().expect("it ends");
    assert_eq!(ended.signal(), Some(2));
    assert_eq!(project.files("snapshots"), ["snapshots/a/x.snap", "snapshots/b/x.snap"]);
}
