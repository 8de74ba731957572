//! Snapshots from new to approved and back, and `review`.

use std::collections::BTreeSet;
use std::fs;

use serde_json::json;

use super::support::{PLAIN, Project, texts};

const SNAPSHOT: &str = "snapshots/a/x.snap";
const PENDING: &str = "snapshots/a/x.snap.new";

fn case_with(answer: u8) -> String {
    format!("{PLAIN}[[case]]\nname = \"x\"\nreply.json = {{ answer = {answer} }}\n")
}

#[test]
fn what_changes_is_shown_fails_and_waits_beside_the_approved_one() {
    let project = Project::with(&case_with(1));
    project.run(&["test"]).ends(1).says("new specs/a.toml: x");
    assert!(project.exists(PENDING) && !project.exists(SNAPSHOT));
    project.approve();
    assert!(project.exists(SNAPSHOT) && !project.exists(PENDING));
    let approved = project.read(SNAPSHOT);

    project.write("specs/a.toml", case_with(2));
    let said = project.run(&["test"]).ends(1);
    insta::assert_snapshot!(said.out, @r#"
    failed specs/a.toml: x
    error: the transcript differs from snapshots/a/x.snap
    @@ -5,12 +5,12 @@
       200
       Content-Type: application/json
     
    -  {"answer":1}
    +  {"answer":2}
     
     outcome
       exit: 2xx
       success: true
    -  user.answer = 1 (int)
    +  user.answer = 2 (int)
       user.action_success = true (boolean)
       user.ping_action_success = true (boolean)
       user.ping_status_code = 200 (int)
    approve it with `hookwright review` or `hookwright test --update`

    0 passed, 1 failed
    "#);
    assert_eq!(project.read(SNAPSHOT), approved, "the approved one stays");
    assert!(project.exists(PENDING));
    let case = project.only_case();
    assert_eq!((&case["status"], &case["snapshot"]), (&json!("failed"), &json!("changed")));

    project.write("specs/a.toml", case_with(1));
    project.run(&["test"]).ends(0);
    assert!(!project.exists(PENDING), "it is the approved one again");

    project.write("specs/a.toml", case_with(2));
    project.run(&["test"]).ends(1);
    project.run(&["test", "--update"]).ends(0).says("1 passed");
    assert!(!project.exists(PENDING));
    assert!(project.read(SNAPSHOT).contains("{\"answer\":2}"));
}

#[test]
fn a_diff_has_colours_where_they_are_wanted() {
    let project = Project::with(&case_with(1));
    project.approve();
    project.write("specs/a.toml", case_with(2));
    project.run(&["test", "--color", "always"]).ends(1).says("\u{1b}[31m-").says("\u{1b}[32m+");
}

#[test]
fn review_lists_accepts_and_rejects() {
    let project = Project::with(&case_with(1)).file("specs/b.toml", case_with(5));
    project.run(&["test"]).ends(1);
    let list = project.run(&["review", "--list"]).ends(1).out;
    assert_eq!(list, "new specs/a.toml: x (snapshots/a/x.snap)\nnew specs/b.toml: x (snapshots/b/x.snap)\n");
    project.run(&["review", "--accept", "no such text"]).ends(2).says("no snapshot that waits for review matches");
    assert_eq!(project.run(&["review", "--accept", "specs/a"]).ends(0).out, "accepted snapshots/a/x.snap\n");
    assert!(project.exists(SNAPSHOT) && !project.exists(PENDING));
    project.write("specs/a.toml", case_with(2));
    project.run(&["test"]).ends(1);
    project.run(&["review", "--list"]).ends(1).says("changed specs/a.toml: x");
    project.run(&["review", "--reject"]).ends(0).says("rejected snapshots/a/x.snap\nrejected snapshots/b/x.snap");
    assert_eq!(project.files("snapshots"), [SNAPSHOT]);
    assert!(project.read(SNAPSHOT).contains("{\"answer\":1}"));
    project.run(&["review", "--list"]).ends(0).says("nothing to review");
}

#[test]
fn review_walks_through_a_pipe() {
    let project = Project::new();
    for name in ["a", "b", "c", "d"] {
        project.write(&format!("specs/{name}.toml"), case_with(1));
    }
    project.run(&["test"]).ends(1);
    let said = project.feed(&["review"], "what?\na\nr\ns\nq\n").ends(1);
    assert!(said.out.contains("[1/4] new specs/a.toml: x (snapshots/a/x.snap)"), "{}", said.out);
    assert!(said.out.contains("+  GET https://ping.example.com/ping"), "{}", said.out);
    assert!(said.out.contains("accepted snapshots/a/x.snap") && said.out.contains("rejected snapshots/b/x.snap"));
    assert_eq!(project.files("snapshots"), [SNAPSHOT, "snapshots/c/x.snap.new", "snapshots/d/x.snap.new"]);
    // The input ends: what was decided is done, the rest still waits.
    project.feed(&["review"], "").ends(1);
    assert_eq!(project.files("snapshots").len(), 3);
    project.feed(&["review"], "A\n").ends(0);
    assert_eq!(project.files("snapshots"), [SNAPSHOT, "snapshots/c/x.snap", "snapshots/d/x.snap"]);
}

#[test]
fn orphans_are_told_of_and_pruned() {
    let project = Project::with(&format!("{}[[case]]\nname = \"y\"\n", case_with(1)));
    project.approve();
    project.write("specs/a.toml", case_with(1));
    let said = project.run(&["test"]).ends(0);
    said.says("warning: 1 snapshot belongs to no case; remove with `hookwright review --prune`\n  snapshots/a/y.snap\n");
    for part in [&["specs"][..], &["--case", "x"], &["--shard", "1/2"]] {
        assert_eq!(project.test_json(part)["orphans"], json!([]), "{part:?} is not the whole project");
    }
    project.run(&["review", "--prune"]).ends(0).says("removed snapshots/a/y.snap");
    assert_eq!(project.files("snapshots"), [SNAPSHOT]);
    project.run(&["review", "--prune"]).ends(0).says("no snapshot is without its case");
    assert_eq!(project.test_json(&[])["orphans"], json!([]));
}

#[test]
fn snapshots_of_what_cannot_be_read_are_no_orphans() {
    let project = Project::with(&case_with(1)).file("specs/b.toml", case_with(2));
    project.approve();
    // The cases of a broken file may not all be seen.
    project.write("specs/b.toml", case_with(2).replace("[[case]]", "[[case]"));
    assert_eq!(project.test_json(&[])["orphans"], json!([]));
    project.run(&["review", "--prune"]).ends(0);
    project.write("specs/b.toml", b"\xff");
    project.run(&["test"]).ends(2);
    project.run(&["review", "--prune"]).ends(2).says("is not UTF-8");
    assert_eq!(project.files("snapshots"), [SNAPSHOT, "snapshots/b/x.snap"]);
}

fn many_cases() -> Project {
    let mut cases = String::new();
    for number in 0..23 {
        cases.push_str(&format!("[[case]]\nname = \"number {number}\"\nreply.json = {{ answer = {number} }}\n"));
        if number % 5 == 0 {
            cases.push_str("expect.success = false\n");
        }
    }
    Project::plain(&cases).file("specs/b.toml", format!("{PLAIN}{cases}"))
}

#[test]
fn output_does_not_depend_on_how_many_run_at_once() {
    let project = many_cases();
    // The first run writes what is pending.
    project.run(&["test"]).ends(1);
    for format in ["human", "github"] {
        let one = project.run(&["test", "--jobs", "1", "--format", format]).ends(1).out;
        assert_eq!(one, project.run(&["test", "--jobs", "8", "--format", format]).ends(1).out);
    }
    let one = project.test_json(&["--jobs", "1"]);
    assert_eq!(one.to_string(), project.test_json(&["--jobs", "8"]).to_string());
    assert_eq!(one["summary"], json!({"passed": 0, "failed": 10, "new": 36, "total": 46}));
}

#[test]
fn shards_are_disjoint_and_complete() {
    let project = many_cases();
    let names = |arguments: &[&str]| -> Vec<String> {
        let json = project.test_json(arguments);
        let cases = json["cases"].as_array().expect("cases").iter();
        cases.map(|case| format!("{} {}", case["spec"], case["case"])).collect()
    };
    let whole = names(&[]);
    let parts: Vec<String> = (1..=4).flat_map(|part| names(&["--shard", &format!("{part}/4")])).collect();
    assert_eq!(parts.len(), 46);
    assert_eq!(parts.into_iter().collect::<BTreeSet<_>>(), whole.into_iter().collect::<BTreeSet<_>>());
    // More parts than cases: some machines have nothing to do, and that is well.
    project.run(&["test", "--case", "number 3", "--shard", "5/5"]).ends(0).says("0 passed");
}

#[test]
fn case_means_the_exact_name_if_there_is_one() {
    let project = many_cases();
    let chosen = |texts: &[&str]| {
        let arguments: Vec<&str> = texts.iter().flat_map(|text| ["--case", text]).collect();
        project.test_json(&arguments)["summary"]["total"].as_u64().expect("a number")
    };
    assert_eq!(chosen(&["number 1"]), 2, "exact, in both specs");
    assert_eq!(chosen(&["umber 1"]), 22, "1 and 10 to 19");
    assert_eq!(chosen(&["number 1", "number 2"]), 4);
    assert_eq!(chosen(&["number 1", "2"]), 2 + 2 * 5);
    let rows = Project::plain("[[case]]\nname = \"r\"\n[[case.row]]\nname = \"1\"\n[[case.row]]\nname = \"10\"\n");
    assert_eq!(rows.test_json(&["--case", "r / 1"])["summary"]["total"], 1);
    assert_eq!(rows.test_json(&["--case", "r"])["summary"]["total"], 2);
}

#[test]
fn a_snapshots_folder_that_cannot_be_written_loses_nothing() {
    let project = Project::with(&case_with(1)).file("snapshots", "a file in its place");
    for arguments in [&["test"][..], &["test", "--update"], &["test", "--format", "junit"]] {
        let said = project.run(arguments).ends(1);
        said.says("the snapshot `snapshots/a/x.snap` cannot be ");
    }
    let json = project.test_json(&[]);
    assert_eq!(json["cases"][0]["exchange"]["reply"]["status"], 200, "what happened is told all the same");
    assert_eq!(json["summary"]["failed"], 1);
    assert_eq!(project.read("snapshots"), "a file in its place");
    project.run(&["review", "--list"]).ends(0);
}

#[test]
fn one_snapshot_that_cannot_be_written_does_not_stop_the_others() {
    let project = Project::with(&case_with(1)).file("specs/b.toml", case_with(2)).file("snapshots/a", "a file");
    let json = project.test_json(&[]);
    assert_eq!((&json["cases"][0]["status"], &json["cases"][1]["status"]), (&json!("failed"), &json!("new")));
    assert!(project.exists("snapshots/b/x.snap.new"));
}

#[test]
fn a_damaged_snapshot_is_told_of_and_not_overwritten() {
    let project = Project::with(&case_with(1)).file(SNAPSHOT, "<<<<<<< ours\n");
    let failures = project.failures();
    assert!(failures[0].starts_with("the snapshot `snapshots/a/x.snap` is not a snapshot"), "{failures:?}");
    project.run(&["test", "--update"]).ends(1);
    assert_eq!(project.read(SNAPSHOT), "<<<<<<< ours\n");
    fs::remove_file(project.path(SNAPSHOT)).expect("removed");
    fs::create_dir(project.path(SNAPSHOT)).expect("a folder");
    project.run(&["test"]).ends(1).says("the snapshot `snapshots/a/x.snap` cannot be read");
}

#[test]
fn line_ends_of_a_checkout_do_not_count() {
    let project = Project::with(&case_with(1));
    project.approve();
    let crlf = project.read(SNAPSHOT).replace('\n', "\r\n");
    project.write(SNAPSHOT, crlf);
    project.run(&["test"]).ends(0);
}

#[test]
fn two_cases_of_one_name_are_a_finding_and_both_run() {
    let project = Project::with(&format!("{}[[case]]\nname = \"X\"\nreply.json.answer = 2\n", case_with(1)));
    let json = project.test_json(&[]);
    assert_eq!(json["diagnostics"][0]["lint"], "duplicate-case-name");
    // Only the first has the file, so that no approval undoes another.
    let snapshots: Vec<&str> =
        json["cases"].as_array().expect("cases").iter().filter_map(|case| case["snapshot"].as_str()).collect();
    assert_eq!(snapshots, ["new", "none"]);
    project.run(&["test", "--update"]).ends(1).says("2 passed");
    assert!(project.read(SNAPSHOT).contains("{\"answer\":1}"));
    project.run(&["lint"]).ends(1);
}

#[test]
fn two_specs_of_one_id_are_told_apart() {
    let project = Project::new()
        .file("hookwright.toml", "[project]\nspecs = [\"one\", \"two\"]\n")
        .file("one/a.toml", case_with(1))
        .file("two/a.toml", case_with(2));
    let json = project.test_json(&["--update"]);
    assert_eq!(json["summary"], json!({"passed": 1, "failed": 1, "new": 0, "total": 2}));
    let failures = texts(&json["cases"][1]["failures"]);
    assert_eq!(failures, ["its snapshot would be that of `one/a.toml`: both have the id `a`"]);
    assert!(project.read(SNAPSHOT).contains("{\"answer\":1}"));
}

#[test]
fn every_name_has_a_file_of_its_own() {
    let long = "long ".repeat(60);
    let names = [
        "../../../etc/passwd".to_string(),
        "a/b\\c: d*?".to_string(),
        "🦀 crab".to_string(),
        "!!!".to_string(),
        "Übergröße".to_string(),
        "日本語".repeat(40),
        format!("{long}1"),
        format!("{long}2"),
        "..".repeat(3) + "dots",
        "con".to_string(),
        "tab\tand\nline".to_string(),
        "\u{202e}backwards".to_string(),
    ];
    let project = Project::plain("");
    for (number, name) in names.iter().enumerate() {
        let quoted = serde_json::Value::from(name.as_str());
        project.write(
            &format!("specs/s{}.toml", number / 6),
            project_spec(&project, number / 6) + &format!("[[case]]\nname = {quoted}\nreply.status = 200\n"),
        );
    }
    project.run(&["test"]).ends(1).says("12 new");
    project.approve();
    project.run(&["test"]).ends(0).says("12 passed");
    let files = project.files("snapshots");
    assert_eq!(files.len(), 12, "{files:#?}");
    assert!(files.contains(&"snapshots/s0/-etc-passwd.snap".to_string()), "{files:#?}");
    assert!(files.contains(&"snapshots/s0/-crab.snap".to_string()), "{files:#?}");
    assert!(files.contains(&"snapshots/s0/-.snap".to_string()), "{files:#?}");
    assert_eq!(project.test_json(&[])["orphans"], json!([]));
    project.write("specs/s1.toml", PLAIN);
    assert_eq!(texts(&project.test_json(&[])["orphans"]).len(), 6);
    project.run(&["review", "--prune"]).ends(0);
    assert_eq!(project.files("snapshots").len(), 6);
}

fn project_spec(project: &Project, number: usize) -> String {
    let path = format!("specs/s{number}.toml");
    if project.exists(&path) { project.read(&path) } else { PLAIN.to_string() }
}

#[test]
fn a_snapshots_folder_outside_the_project_is_refused() {
    for folder in ["../elsewhere", "/tmp/elsewhere-of-hookwright"] {
        let project = Project::with(&case_with(1)).file("hookwright.toml", format!("[project]\nsnapshots = \"{folder}\"\n"));
        project.run(&["test", "--update"]).ends(2).says("lies outside the project");
        project.run(&["review"]).ends(2);
    }
    let project = Project::with(&case_with(1)).file("hookwright.toml", "[project]\nsnapshots = \"./tests//approved/\"\n");
    project.approve();
    assert_eq!(project.files("tests"), ["tests/approved/a/x.snap"]);
    project.run(&["test"]).ends(0);
}
