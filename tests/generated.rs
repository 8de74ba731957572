//! Files that are made from the program's own tables, and that must be what the tables say. After a change of a table make
//! them again: `HOOKWRIGHT_WRITE=1 cargo test generated`.

mod dialects;

use std::fs;
use std::path::Path;

use hookwright::check::{self, Catalogue};
use hookwright::diagnostic::Lint;
use hookwright::dialect::{self, DIALECTS};
use hookwright::report::{LintGroup, lint_pages, schema};

fn is_up_to_date(path: &str, made: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("HOOKWRIGHT_WRITE").is_some() {
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(&path, made).expect("a file that can be written");
    }
    let known = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    let differs = known.lines().zip(made.lines()).position(|(known, made)| known != made);
    assert!(
        known == made,
        "{} is out of date, first in line {}; make it again with `HOOKWRIGHT_WRITE=1 cargo test generated`",
        path.display(),
        differs.map_or(known.lines().count().min(made.lines().count()), |line| line) + 1
    );
}

#[test]
fn the_schema_is_made_from_the_tables_of_keys() {
    let mut text = serde_json::to_string_pretty(&schema()).expect("JSON");
    text.push('\n');
    is_up_to_date("hookwright.schema.json", &text);
}

#[test]
fn the_document_of_lints_is_made_from_their_pages() {
    is_up_to_date("docs/lints.md", &document());
}

#[test]
fn the_document_of_dialects_is_made_from_the_specs_of_one_action() {
    is_up_to_date("docs/dialects.md", &dialects::page());
}

/// Those of any dialect first, then each dialect's own. What two dialects share stands with the first.
fn document() -> String {
    let shared = Catalogue::new([]);
    let mut own: Vec<Vec<&'static Lint>> = Vec::new();
    for dialect in DIALECTS {
        let mut lints = own_lints(dialect, &shared);
        lints.retain(|lint| !own.iter().flatten().any(|known| known.name == lint.name));
        own.push(lints);
    }
    let mut groups = vec![LintGroup { title: "Any dialect", lints: shared.lints() }];
    let titled = DIALECTS.iter().zip(&own);
    groups.extend(titled.map(|(dialect, lints)| LintGroup { title: title(dialect.name), lints }));
    lint_pages(&groups)
}

fn title(dialect: &'static str) -> &'static str {
    match dialect {
        "opendialog" => "OpenDialog",
        "opendialog-legacy" => "Legacy OpenDialog actions",
        "verboo" => "Verboo",
        other => other,
    }
}

fn own_lints(dialect: &dialect::Dialect, shared: &Catalogue) -> Vec<&'static Lint> {
    let all = Catalogue::new([dialect.lints]);
    all.lints().iter().copied().filter(|lint| shared.find(lint.name).is_none()).collect()
}

#[test]
fn every_lint_is_in_the_document() {
    let document = document();
    for lint in Catalogue::new(dialect::lint_sets()).lints() {
        let rows = document.lines().filter(|line| line.starts_with(&format!("| [{0}](#{0}) |", lint.name))).count();
        let pages = document.lines().filter(|line| *line == format!("## {}", lint.name)).count();
        assert_eq!((rows, pages), (1, 1), "{}", lint.name);
    }
    assert!(check::LINTS.lints().count() > 5);
}

#[test]
fn the_description_of_the_control_api_is_made_from_its_table() {
    let mut text = serde_json::to_string_pretty(&hookwright::server::control_api()).expect("JSON");
    text.push('\n');
    is_up_to_date("docs/mock-api.openapi.json", &text);
}
