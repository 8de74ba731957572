use proptest::prelude::*;

use crate::dialect::{compile, migration};
use crate::source::Sources;
use crate::spec::Manifest;

fn migrated(text: &str) -> (String, Vec<String>) {
    let sources = Sources::in_memory();
    sources.add("specs/a.toml", text);
    let spec = compile("specs/a.toml", &Manifest::default(), &sources).expect("a text");
    let migration = migration::migrate(&spec, text).expect("a legacy spec");
    sources.add("specs/a.toml", migration.text.as_str());
    let spec = compile("specs/a.toml", &Manifest::default(), &sources).expect("a text");
    assert_eq!(spec.not_runnable, None, "{}", migration.text);
    (migration.text, migration.changes)
}

#[test]
fn comments_layout_and_cases_stay() {
    let (text, _) = migrated(
        r#"# What it does.
dialect = "opendialog-legacy" # old
expect_lints = ["legacy-action"]

[action]
# Its name.
name = "Full name" # short
url = 'https://api.example.com/opendialog'
headers = { X-Channel = "web" }
# Both names.
inputs = ["user.first_name", "last_name"] # in this order
# One name.
outputs = ["full_name"] # joined
active = true

[lint]
legacy-action = "allow"

[assume]
error_status = "fails"
timeout = "10s"

# The good case.
[[case]]
name = "one"
given.user = { first_name = "John" }
"#,
    );
    insta::assert_snapshot!(text, @r###"
    # What it does.
    dialect = "opendialog" # old

    [action]
    # Its name.
    name = "Full name" # short
    method = "POST"
    url = 'https://api.example.com/opendialog'
    headers = { X-Channel = "web" }
    # Both names.
    body = '{"input_data":{"attributes":{"first_name":"{user.first_name}","last_name":"{user.last_name}"}}}' # in this order

    # One name.
    # joined
    [action.response.2xx]
    action_success = "successful"
    outputs = { full_name = "output_data.attributes.full_name" }

    [action.response.3xx]
    action_success = "FALSE"

    [assume]
    timeout = "10s"

    # The good case.
    [[case]]
    name = "one"
    given.user = { first_name = "John" }
    "###);
}

/// The text above the response groups.
fn action_of(text: &str) -> String {
    let (text, _) = migrated(text);
    text.split_once("\n[action.response.3xx]").expect("a group").0.to_string()
}

#[test]
fn comments_inside_a_list_stand_above_what_takes_its_place() {
    let text = action_of(
        r#"dialect = "opendialog-legacy"
[action]
name = "a"
url = "https://a.example.com"
  # above
  inputs = [ # zero
    "first", # one
    # two
    "user.second",
    # last
  ] # behind
outputs = [
  "x", # out
  # no more
]
"#,
    );
    insta::assert_snapshot!(text, @r###"
    dialect = "opendialog"
    [action]
    name = "a"
    method = "POST"
    url = "https://a.example.com"
      # above
      # zero
      # one
      # two
      # last
      body = '{"input_data":{"attributes":{"first":"{user.first}","second":"{user.second}"}}}' # behind

    # out
    # no more
    [action.response.2xx]
    action_success = "successful"
    outputs = { x = "output_data.attributes.x" }
    "###);
}

#[test]
fn comments_of_an_inline_table_stand_at_its_header() {
    let text = action_of(
        r#"dialect = "opendialog-legacy"
# before
action = { name = "a", url = "https://a.example.com", inputs = ["x"] } # behind
"#,
    );
    insta::assert_snapshot!(text, @r###"
    dialect = "opendialog"

    # before
    [action] # behind
    name = "a"
    method = "POST"
    url = "https://a.example.com"
    body = '{"input_data":{"attributes":{"x":"{user.x}"}}}'

    [action.response.2xx]
    action_success = "successful"
    "###);
    let text = action_of(
        r#"dialect = "opendialog-legacy"
action = {
  # first
  name = "a", # name
  url = "https://a.example.com",
  inputs = [
    "x", # in
  ],
  # last
}
"#,
    );
    insta::assert_snapshot!(text, @r###"
    dialect = "opendialog"

    # first
    # name
    # last
    [action]
    name = "a"
    method = "POST"
    url = "https://a.example.com"
    # in
    body = '{"input_data":{"attributes":{"x":"{user.x}"}}}'

    [action.response.2xx]
    action_success = "successful"
    "###);
    let text = action_of(
        r#"dialect = "opendialog-legacy"
# the name
action.name = "a" # short
action.url = "https://a.example.com"
# the inputs
action.inputs = ["x"] # all
"#,
    );
    insta::assert_snapshot!(text, @r###"
    dialect = "opendialog"

    [action]
    # the name
    name = "a" # short
    method = "POST"
    url = "https://a.example.com"
    # the inputs
    body = '{"input_data":{"attributes":{"x":"{user.x}"}}}' # all

    [action.response.2xx]
    action_success = "successful"
    "###);
}

#[test]
fn comments_that_are_lost_are_told() {
    let lint = "[lint]\n# not yet\nlegacy-action = \"allow\" # soon\n";
    let (text, changes) = migrated(&format!("{SMALL}# kept\n{lint}"));
    assert!(
        !text.contains('#') && changes.iter().any(|change| change.starts_with("Comments: 3 lines")),
        "{changes:?}\n{text}"
    );
    let (_, changes) = migrated(&format!("# kept\n{SMALL}# kept\n"));
    assert!(!changes.iter().any(|change| change.contains("of comment went")), "{changes:?}");
}

#[test]
fn every_way_of_writing_the_table() {
    for text in [
        "dialect = 'opendialog-legacy'\naction = { name = 'a', url = 'https://a.example.com', inputs = ['x'], outputs = ['y'] }\nexpect_lints = ['legacy-action']\n[attributes]\nx = 'int'\n",
        "dialect = 'opendialog-legacy'\naction.name = 'a'\naction.url = 'https://a.example.com'\naction.inputs = ['x']\naction.outputs = ['y']\n",
        "dialect = 'opendialog-legacy'\n[action]\nurl = 'https://a.example.com'\noutputs = ['y']\ninputs = ['x']\n[action.headers]\nX-A = '1'\n[[case]]\nname = 'one'\n",
    ] {
        let (text, _) = migrated(text);
        let wanted =
            [r#"{"input_data":{"attributes":{"x":"{user.x}"}}}"#, r#"y = "output_data.attributes.y""#, "POST", "opendialog"];
        assert!(wanted.iter().all(|part| text.contains(part)) && !text.contains("legacy"), "{text}");
    }
}

#[test]
fn names_that_need_quotes_and_many_of_them() {
    let names: Vec<String> = (0..10_000).map(|number| format!("\"session.a-{number}\"")).collect();
    let list = names.join(", ");
    let (text, changes) = migrated(&format!(
        "dialect = \"opendialog-legacy\"\n[action]\nname = \"a\"\nurl = \"https://a.example.com\"\ninputs = [\"b\"]\noutputs = [\"user\", \"it's\", {list}]\n"
    ));
    assert!(text.contains(r#""session.a-9999" = 'output_data.attributes."a-9999"'"#), "{}", &text[..2000]);
    assert!(text.contains(r#""user.user" = "output_data.attributes.user""#), "{}", &text[..2000]);
    assert!(changes.iter().any(|change| change.contains("and 9997 more")), "{changes:?}");
}

const SMALL: &str =
    "dialect = \"opendialog-legacy\"\n[action]\nname = \"a\"\nurl = \"https://a.example.com\"\ninputs = [\"b\"]\n";

#[test]
fn line_ends_and_the_mark_stay() {
    let (plain, _) = migrated(SMALL);
    let (windows, _) = migrated(&SMALL.replace('\n', "\r\n"));
    assert_eq!(windows, plain.replace('\n', "\r\n"));
    let (marked, _) = migrated(&format!("\u{feff}{SMALL}"));
    assert_eq!(marked, format!("\u{feff}{plain}"));
}

proptest! {
    /// Whatever the names are, a migrated spec is TOML, or the old one could not be read.
    #[test]
    fn any_names_and_headers(
        inputs in prop::collection::vec("[a-z.{}'\"\\\\ \n\u{e9}]{0,6}", 0..4),
        outputs in prop::collection::vec("[a-z.{}'\"\\\\ \n\u{e9}]{0,6}", 0..4),
        header in "[a-z{}'\"\\\\ \u{e9}]{0,8}",
    ) {
        let list = |names: &[String]| serde_json::to_string(names).expect("JSON, which TOML reads");
        let text = format!(
            "dialect = \"opendialog-legacy\"\n[action]\nname = \"a\"\nurl = \"https://a.example.com\"\nheaders = {{ X-A = {} }}\ninputs = {}\noutputs = {}\n",
            crate::value::Json::from(header), list(&inputs), list(&outputs)
        );
        let sources = Sources::in_memory();
        sources.add("specs/a.toml", text.as_str());
        let spec = compile("specs/a.toml", &Manifest::default(), &sources).expect("a text");
        match migration::migrate(&spec, &text) {
            Ok(migration) => {
                sources.add("specs/a.toml", migration.text.as_str());
                let spec = compile("specs/a.toml", &Manifest::default(), &sources).expect("a text");
                let syntax: Vec<_> = spec.diagnostics.iter().filter(|found| found.lint.name == "toml-syntax").collect();
                prop_assert!(syntax.is_empty(), "{syntax:?} in\n{}", migration.text);
            }
            Err(migration::Unmigrated::Inexpressible(_)) => {}
            Err(_) => prop_assert!(spec.not_runnable.is_some()),
        }
    }
}
