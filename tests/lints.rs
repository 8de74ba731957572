//! Every lint is complete: a spec that shows it, one that comes close, its diagnostic as people see it, the source of its
//! rule, and fixes that are what its page says.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use hookwright::check::Catalogue;
use hookwright::diagnostic::Lint;
use hookwright::dialect;
use hookwright::report::{Fixes, part};
use serde_json::Value as Json;

/// A spec cannot expect that its own expectations fail.
const NOT_TO_BE_EXPECTED: [&str; 1] = ["missing-expected-lint"];

/// What speaks of Hookwright's own format and not of a platform.
const OF_THE_FORMAT: [&str; 7] = [
    "toml-syntax",
    "unknown-key",
    "wrong-type",
    "duplicate-case-name",
    "unknown-action",
    "broken-suppression",
    "missing-expected-lint",
];

/// How a page names where a rule comes from.
const SOURCES: [&str; 8] = ["documentation", "RFC ", "https://", "specification", "PHP", "TOML 1.0", "OWASP", "manual"];

fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn lints() -> Vec<&'static Lint> {
    Catalogue::new(dialect::lint_sets()).lints().to_vec()
}

fn fail_on(broken: Vec<String>, rule: &str) {
    assert!(broken.is_empty(), "{rule}:\n{}", broken.join("\n"));
}

fn names_of(lints: impl Iterator<Item = &'static Lint>) -> Vec<String> {
    lints.map(|lint| lint.name.to_string()).collect()
}

/// The specs of a lint: `NAME.toml`, and for what only several files show `NAME.….toml`.
fn specs(folder: &str, name: &str) -> Vec<PathBuf> {
    let is_own = |stem: &str| stem.split('.').next() == Some(name);
    let entries = fs::read_dir(package().join(folder)).expect("a folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let is_spec = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "toml");
    paths.filter(|path| is_spec(path) && path.file_stem().is_some_and(|stem| is_own(&stem.to_string_lossy()))).collect()
}

/// The names in `expect_lints = […]`, also of a spec that is not TOML.
fn expected_lints(text: &str) -> Vec<&str> {
    let list = text.split_once("expect_lints").and_then(|(_, rest)| rest.split(']').next());
    list.map(|list| list.split(['"', '\'']).skip(1).step_by(2).collect()).unwrap_or_default()
}

fn found(folder: &str) -> Vec<Json> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hookwright"));
    let output = command.args(["lint", "--format", "json", folder]).current_dir(package()).output().expect("the program");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn every_lint_has_a_spec_that_shows_it() {
    let is_shown = |lint: &&'static Lint| {
        let texts = specs("specs/lint", lint.name).into_iter().map(|path| fs::read_to_string(path).expect("a spec"));
        texts.into_iter().any(|text| expected_lints(&text).contains(&lint.name))
    };
    let missing = lints().into_iter().filter(|lint| !NOT_TO_BE_EXPECTED.contains(&lint.name) && !is_shown(lint));
    fail_on(names_of(missing), "no spec `specs/lint/NAME.toml` expects the lint");
}

#[test]
fn every_lint_has_a_spec_that_comes_close_and_stays_silent() {
    let found = found("specs/lint/near-misses");
    let is_silent = |lint: &Lint| {
        let near = specs("specs/lint/near-misses", lint.name);
        let is_found = |path: &PathBuf| {
            let path = path.strip_prefix(package()).expect("below").to_string_lossy().replace('\\', "/");
            found.iter().any(|finding| finding["lint"] == lint.name && finding["file"] == path.as_str())
        };
        !near.is_empty() && !near.iter().any(is_found)
    };
    let missing = lints().into_iter().filter(|lint| !NOT_TO_BE_EXPECTED.contains(&lint.name) && !is_silent(lint));
    fail_on(names_of(missing), "no spec `specs/lint/near-misses/NAME.toml` stays silent");
}

#[test]
fn every_lint_has_its_diagnostic_as_a_snapshot() {
    let is_shown = |lint: &Lint| {
        let path = package().join(format!("tests/snapshots/lint/{}.snap", lint.name));
        let frames = fs::read_to_string(path).unwrap_or_default();
        let titles = ["error", "warning", "info"].map(|severity| format!("\n{severity}[{}]: ", lint.name));
        titles.iter().any(|title| frames.contains(title))
    };
    let missing = lints().into_iter().filter(|lint| !NOT_TO_BE_EXPECTED.contains(&lint.name) && !is_shown(lint));
    fail_on(names_of(missing), "no frame of the lint in `tests/snapshots/lint/NAME.snap`");
}

#[test]
fn every_page_says_where_its_rule_comes_from() {
    let has_source = |lint: &Lint| SOURCES.iter().any(|source| part(lint.page, "Why this is bad").contains(source));
    let missing = lints().into_iter().filter(|lint| !OF_THE_FORMAT.contains(&lint.name) && !has_source(lint));
    fail_on(names_of(missing), "`## Why this is bad` names no source");
}

#[test]
fn fixes_are_what_the_pages_say() {
    let (mut broken, mut fixed) = (Vec::new(), 0);
    let catalogue = Catalogue::new(dialect::lint_sets());
    for finding in found("specs/lint").iter().filter(|finding| !finding["fix"].is_null()) {
        let lint = finding["lint"].as_str().and_then(|name| catalogue.find(name)).expect("a lint");
        let (fixes, is_safe) = (Fixes::of(lint), finding["fix"]["safe"] == true);
        if !(if is_safe { fixes.safe } else { fixes.guessed }) {
            broken.push(format!("{}: the page says `{}`, the fix is safe: {is_safe}", lint.name, fixes.words()));
        }
        fixed += 1;
    }
    fail_on(broken, "`## Fix` says otherwise");
    assert!(fixed > 2, "some lints have fixes");
}
