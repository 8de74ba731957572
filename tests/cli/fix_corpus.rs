//! Fixes on every spec of this package, as if nothing in them were meant to be there.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value as Json;

use super::support::Project;

/// What means that a file cannot be read.
const UNREADABLE: [&str; 5] = ["toml-syntax", "template-syntax", "body-not-json", "selector-syntax", "wrong-type"];

/// The package's specs without `expect_lints`, and its manifest; `None` where they were not shipped.
fn corpus() -> Option<Project> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = package.join("specs");
    if !folder.is_dir() {
        println!("skipped: there is no {}", folder.display());
        return None;
    }
    let project =
        Project::new().file("hookwright.toml", std::fs::read(package.join("hookwright.toml")).expect("a manifest"));
    for entry in ignore::WalkBuilder::new(&folder).standard_filters(false).build() {
        let entry = entry.expect("an entry");
        if entry.path().is_file() {
            let bytes = std::fs::read(entry.path()).expect("a file");
            let path = entry.path().strip_prefix(package).expect("below the package");
            project.write(path.to_str().expect("a name"), unexpecting(bytes));
        }
    }
    Some(project)
}

/// Without the line `expect_lints = […]`, byte for byte.
fn unexpecting(bytes: Vec<u8>) -> Vec<u8> {
    let Ok(text) = String::from_utf8(bytes.clone()) else { return bytes };
    let is_list = |line: &&str| line.trim_start_matches('\u{feff}').starts_with("expect_lints");
    match text.split_inclusive('\n').find(is_list) {
        Some(list) => {
            let end = if list.ends_with("\r\n") { "\r\n" } else { "\n" };
            text.replacen(list.trim_start_matches('\u{feff}'), &format!("expect_lints = []{end}"), 1).into_bytes()
        }
        None => bytes,
    }
}

/// Every file below `specs`, by path.
fn texts(project: &Project) -> BTreeMap<String, Vec<u8>> {
    let paths = project.files("specs").into_iter().chain(["hookwright.toml".to_string()]);
    paths.map(|path| (path.clone(), std::fs::read(project.path(&path)).expect("a file"))).collect()
}

/// The specs that a change of `files` may concern: those files, or all if one of them is no spec.
fn concerned(project: &Project, files: &[String]) -> Vec<String> {
    let is_spec = |path: &String| path.starts_with("specs/") && path.ends_with(".toml");
    match files.iter().all(is_spec) {
        true => files.to_vec(),
        false => project.files("specs").into_iter().filter(is_spec).collect(),
    }
}

/// How often something cannot be read, by file and lint.
fn unreadable(project: &Project) -> BTreeMap<(String, String), usize> {
    let findings = project.run(&["lint", "--format", "json"]).json();
    let mut counts = BTreeMap::new();
    for found in findings.as_array().expect("a list") {
        let (file, lint) = (found["file"].as_str().expect("a file"), found["lint"].as_str().expect("a lint"));
        if UNREADABLE.contains(&lint) {
            *counts.entry((file.to_string(), lint.to_string())).or_default() += 1;
        }
    }
    counts
}

fn assert_not_worse(before: &BTreeMap<(String, String), usize>, project: &Project) {
    for (what, count) in unreadable(project) {
        assert!(before.get(&what).is_some_and(|known| *known >= count), "{what:?} is new, {count} times");
    }
}

/// What `render` gives for every case, without the time it took.
fn rendered(project: &Project, spec: &str) -> Result<Json, String> {
    let said = project.run(&["render", spec, "--format", "json"]);
    let mut json: Json = serde_json::from_str(&said.out).map_err(|_| said.err.clone())?;
    for exchange in json.as_array_mut().into_iter().flatten() {
        exchange["duration_ms"] = Json::Null;
    }
    Ok(json)
}

#[test]
fn safe_fixes_never_change_what_the_platform_does() {
    let (Some(before), Some(after)) = (corpus(), corpus()) else { return };
    after.run(&["lint", "--fix", "--quiet"]);
    let (old, new) = (texts(&before), texts(&after));
    let changed: Vec<String> =
        new.iter().filter(|(path, text)| old.get(*path) != Some(text)).map(|(path, _)| path.clone()).collect();
    println!("safe fixes change {} files", changed.len());
    assert_eq!(old.len(), new.len(), "no file comes or goes");
    assert_not_worse(&unreadable(&before), &after);
    for spec in concerned(&after, &changed) {
        // What could not be read before has no request to compare.
        if let Ok(before) = rendered(&before, &spec) {
            assert_eq!(Ok(before), rendered(&after, &spec), "{spec}");
        }
    }
    let said = after.run(&["lint", "--fix"]);
    assert!(said.out.contains("\nnothing to fix"), "{}", said.out);
    assert_eq!(texts(&after), new, "a second run changes nothing");
}

#[test]
fn guesses_leave_files_that_can_be_read_and_are_made_once() {
    let (Some(before), Some(after)) = (corpus(), corpus()) else { return };
    let said = after.run(&["lint", "--fix", "--unsafe"]);
    assert!(said.out.contains("\nfixed "), "{}", said.out);
    assert_not_worse(&unreadable(&before), &after);
    let once = texts(&after);
    let said = after.run(&["lint", "--fix", "--unsafe"]);
    assert!(said.out.contains("\nnothing to fix\n"), "{}", said.out);
    assert_eq!(texts(&after), once, "a second run changes nothing");
}

#[test]
fn the_patch_of_every_fix_applies() {
    let (Some(fixed), Some(patched)) = (corpus(), corpus()) else { return };
    let said = patched.run(&["lint", "--diff", "--unsafe", "--quiet"]);
    if said.err.contains("does not apply there") {
        println!("skipped: a changed line holds a secret");
        return;
    }
    fixed.run(&["lint", "--fix", "--unsafe", "--quiet"]);
    super::fixes::patch(&patched, &said.out).expect("it applies");
    assert_eq!(texts(&patched), texts(&fixed));
}
