//! Which cases `test` runs, when it stops, and what it tells of their durations.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::support::{PLAIN, Project, keys};

fn cases(numbers: impl Iterator<Item = usize>, failing: &[usize]) -> String {
    let case = |number: usize| {
        let success = !failing.contains(&number);
        format!("[[case]]\nname = \"number {number}\"\nreply.status = 200\nexpect.success = {success}\n")
    };
    numbers.map(case).collect()
}

fn names(project: &Project, arguments: &[&str]) -> Vec<String> {
    let json = project.test_json(arguments);
    let name = |case: &Json| format!("{} {}", case["spec"].as_str().unwrap(), case["case"].as_str().unwrap());
    json["cases"].as_array().expect("cases").iter().map(name).collect()
}

fn shards(project: &Project) -> BTreeMap<String, usize> {
    let part = |part: usize| names(project, &["--shard", &format!("{part}/4")]).into_iter().map(move |name| (name, part));
    (1..=4).flat_map(part).collect()
}

#[test]
fn a_case_stays_in_its_shard_whatever_comes_and_goes() {
    let project = Project::plain(&cases(0..20, &[]));
    let before = shards(&project);
    assert_eq!(before.len(), 20);
    assert_eq!(names(&project, &[]).len(), 20, "they are disjoint and complete");
    // One goes from the middle, two come, and so does a spec that is earlier in the order.
    project.write("specs/a.toml", format!("{PLAIN}{}", cases((0..22).filter(|number| *number != 7), &[])));
    project.write("specs/0.toml", format!("{PLAIN}{}", cases(0..3, &[])));
    let after = shards(&project);
    assert_eq!(after.len(), 24);
    for (name, part) in &before {
        assert!(name.ends_with("number 7") || after.get(name) == Some(part), "{name} was in {part}");
    }
    // Nor does it matter what else is chosen, or from where.
    let alone = names(&project, &["specs/a.toml", "--case", "number 1", "--shard", "1/4"]);
    assert!(alone.iter().all(|name| after[name] == 1));
}

#[test]
fn after_the_first_failure_nothing_else_is_begun() {
    let project = Project::plain(&cases(0..9, &[3, 5]));
    project.run(&["test", "--update"]).ends(1);
    let said = project.run(&["test", "--fail-fast", "--jobs", "1"]).ends(1);
    assert!(said.out.ends_with("\n3 passed, 1 failed; 5 not run after the first failure\n"), "{}", said.out);
    let said = project.run(&["test", "--fail-fast", "--jobs", "1", "--format", "json"]).ends(1);
    let json = said.json();
    assert_eq!(json["summary"], json!({"passed": 3, "failed": 1, "new": 0, "total": 4, "not_run": 5}));
    assert_eq!(json["cases"].as_array().map(Vec::len), Some(4));
    assert!(said.err.contains("5 cases were not run after the first failure"), "{}", said.err);
    // Side by side, too, the numbers fit.
    let json = project.test_json(&["--fail-fast", "--jobs", "4"]);
    let number = |key: &str| json["summary"][key].as_u64().unwrap_or(0);
    assert_eq!(number("total") + number("not_run"), 9);
    assert_eq!(number("total"), number("passed") + number("failed"));
    // Without a failure, or without the option, nothing is left out and the summary has its four keys.
    for arguments in [&["--fail-fast", "--case", "number 0"][..], &[]] {
        assert_eq!(keys(&project.test_json(arguments)["summary"]), ["passed", "failed", "new", "total"]);
    }
}

#[test]
fn what_is_new_has_not_failed() {
    let project = Project::plain(&cases(0..4, &[]));
    project.run(&["test", "--fail-fast", "--jobs", "1"]).ends(1).says("0 passed, 4 new\n");
}

#[test]
fn the_slowest_are_listed_when_asked_for() {
    let project = Project::plain(&cases(0..4, &[]));
    project.approve();
    let said = project.run(&["test", "--slowest", "2"]).ends(0).out;
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines.len(), 4, "{said}");
    assert_eq!(lines[..2], ["4 passed", "slowest:"]);
    assert!(lines[2].contains(" ms  specs/a.toml: number ") || lines[2].contains(" s  specs/a.toml: number "), "{said}");
    assert_eq!(project.run(&["test", "--slowest", "9", "--quiet"]).ends(0).out.lines().count(), 5);
    assert_eq!(project.run(&["test"]).ends(0).out, "4 passed\n");
    project.run(&["test", "--slowest", "-1"]).ends(2);
}
