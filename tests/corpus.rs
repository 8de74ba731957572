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

/// Every lint's words and place, as people see them.
#[test]
fn findings_of_the_lint_specs() {
    insta::assert_snapshot!(text(&hookwright(&["lint", "specs/lint"])));
}

/// The help of every command, which teaches by example.
#[test]
fn help() {
    let commands = ["", "lint", "test", "review", "render", "eval", "query", "explain", "completions"];
    let mut all = String::new();
    for command in commands {
        let arguments: Vec<&str> = [command, "--help"].into_iter().filter(|argument| !argument.is_empty()).collect();
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
