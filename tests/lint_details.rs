//! Small specs and all that is found in them: each mistake once, at its place, and what a fix leaves.

mod authentication;
mod replies;
mod values;
mod verboo;
mod vonage;

use hookwright::check::{Catalogue, check_spec};
use hookwright::diagnostic::{Diagnostic, Edit};
use hookwright::dialect::{compile, lint_sets, read_manifest};
use hookwright::source::Sources;

const MANIFEST: &str =
    "[project]\ncontexts = [\"crm\"]\n[secrets]\nnames = [\"key\", \"sign_key\"]\n[global]\nversion = \"v2\"\nn = 3\n";
const HEAD: &str = "[action]\nname = \"Create ticket\"\nmethod = \"POST\"\n";
const URL: &str = "url = \"https://api.example.com/tickets\"\n";

/// All that is found in an action with these lines, which may bring a URL of their own.
fn findings(lines: &str) -> (String, Vec<Diagnostic>) {
    let url = if lines.contains("\nurl = ") || lines.starts_with("url = ") { "" } else { URL };
    let text = format!("{HEAD}{url}{lines}\n");
    let found = findings_in(&text);
    (text, found)
}

fn findings_in(text: &str) -> Vec<Diagnostic> {
    let sources = Sources::in_memory();
    sources.add("specs/action.toml", text);
    let manifest = read_manifest(&sources, sources.add("hookwright.toml", MANIFEST));
    let mut spec = compile("specs/action.toml", &manifest, &sources).expect("a text that was added can be loaded");
    check_spec(&mut spec, &Catalogue::new(lint_sets()));
    spec.diagnostics
}

/// `lint: marked text`, in the order of the places.
fn told(lines: &str) -> Vec<String> {
    let (text, found) = findings(lines);
    found.iter().map(|found| format!("{}: {}", found.lint.name, &text[found.span.start..found.span.end])).collect()
}

/// The only finding of a lint.
fn only(lines: &str, lint: &str) -> Diagnostic {
    let (_, found) = findings(lines);
    let mut of_lint = found.into_iter().filter(|found| found.lint.name == lint);
    let first = of_lint.next().unwrap_or_else(|| panic!("no {lint} in {lines}"));
    assert!(of_lint.next().is_none(), "{lint} is there twice in {lines}");
    first
}

/// The lines after the fix of the only finding of a lint.
fn mended(lines: &str, lint: &str) -> String {
    let (mut text, _) = findings(lines);
    let fix = only(lines, lint).fix.unwrap_or_else(|| panic!("no fix of {lint} in {lines}"));
    let mut edits: Vec<Edit> = fix.edits;
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.span.start));
    for edit in edits {
        text.replace_range(edit.span.start..edit.span.end, &edit.text);
    }
    text.trim_start_matches(HEAD).trim_start_matches(URL).trim_end().to_string()
}
