//! The project's own specs and documentation, through the built program.

use std::process::{Command, Output};

fn hookwright(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_hookwright"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("CI", "true")
        .env("NO_COLOR", "1")
        .env_remove("COLUMNS")
        .output()
        .expect("the program starts")
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn every_spec_passes_with_its_approved_snapshots() {
    let output = hookwright(&["test"]);
    assert!(output.status.success(), "{}", text(&output));
}

#[test]
fn no_spec_has_a_finding_that_it_does_not_expect() {
    let output = hookwright(&["lint", "--deny-warnings"]);
    assert!(output.status.success(), "{}", text(&output));
}

/// Every lint's words and place, as people see them: one snapshot for each spec of `specs/lint`. A lint that looks at several
/// specs has more of them, `NAME.other.toml`, which are looked at together.
#[test]
fn findings_of_the_lint_specs() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("specs/lint");
    let files = folder.read_dir().expect("the folder of lint specs").map(|entry| entry.expect("an entry").file_name());
    let mut files: Vec<String> = files.filter_map(|name| Some(name.to_str()?.strip_suffix(".toml")?.to_string())).collect();
    files.sort();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("snapshots/lint");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let _guard = settings.bind_to_scope();
    for lint in files.iter().filter(|file| !file.contains('.')) {
        let together = files.iter().filter(|file| file.split('.').next() == Some(lint));
        let paths: Vec<String> = together.map(|file| format!("specs/lint/{file}.toml")).collect();
        let arguments: Vec<&str> = ["lint"].into_iter().chain(paths.iter().map(String::as_str)).collect();
        insta::assert_snapshot!(lint.as_str(), text(&hookwright(&arguments)));
    }
}

/// The help of every command, which teaches by example.
#[test]
fn help() {
    let commands =
        ["", "lint", "test", "review", "render", "send", "eval", "query", "verify", "verify jwt", "explain", "completions"];
    let mut all = String::new();
    for command in commands {
        let arguments: Vec<&str> = command.split_whitespace().chain(["--help"]).collect();
        let output = hookwright(&arguments);
        assert!(output.status.success());
        all.push_str(&format!("$ hookwright {}\n{}\n", arguments.join(" "), text(&output)));
    }
    insta::assert_snapshot!(all);
}

#[test]
fn everything_in_the_list_can_be_explained() {
    let list = text(&hookwright(&["explain"]));
    let names: Vec<&str> =
        list.lines().filter_map(|line| line.strip_prefix("  ")).filter_map(|line| line.split(' ').next()).collect();
    assert!(names.len() > 100, "{list}");
    for name in ["unknown-filter", "hmac", "url_space", "timeout", "not_written"] {
        assert!(names.contains(&name), "{name} is not in the list");
        let page = hookwright(&["explain", name]);
        assert!(page.status.success() && text(&page).starts_with(&format!("# {name} (")), "{}", text(&page));
    }
}
