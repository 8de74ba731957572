//! What the helps say where a platform has no such thing: another dialect's keys and assumptions, what a name stands for.

use hookwright::case::Spec;
use hookwright::check::{Catalogue, check_spec};
use hookwright::dialect::{compile, lint_sets, read_manifest};
use hookwright::source::Sources;
use hookwright::spec::Manifest;

use crate::cli::support::Project;
use crate::support::{Action, json_reply};

/// A spec after all checks.
fn checked(text: &str) -> Spec {
    let sources = Sources::in_memory();
    sources.add("specs/action.toml", text);
    let mut spec = compile("specs/action.toml", &Manifest::default(), &sources).expect("a text that was added");
    check_spec(&mut spec, &Catalogue::new(lint_sets()));
    spec
}

/// The helps of a lint.
fn helps(text: &str, lint: &str) -> Vec<String> {
    let spec = checked(text);
    let found = spec.diagnostics.iter().filter(|found| found.lint.name == lint);
    found.map(|found| found.help.clone().unwrap_or_default()).collect()
}

#[test]
fn a_key_of_another_dialect_or_table() {
    for (dialect, tables, help) in [
        ("opendialog", "[parameters]\na = 1", "`parameters` belongs to the top level of a spec of the `vonage` dialect"),
        ("vonage", "[action]\nname = 'x'", "`name` belongs to `[action]` of the `opendialog` dialect"),
        ("verboo", "[action]\nname = 'x'", "`name` belongs to `[action]` of the `opendialog` dialect"),
        ("opendialog", "[action]\ntype = 'x'", "`type` belongs to `[action]` of the `verboo` dialect"),
        ("opendialog", "[action.response]\ntype = 'x'", "`type` belongs to `[action.response]` of the `vonage` dialect"),
        ("opendialog-legacy", "[action]\nmethod = 'GET'", "`method` belongs to `[action]` of the `opendialog` dialect"),
        ("opendialog-legacy", "[action]\nbody = ''", "`body` belongs to `[action]` of the `opendialog` dialect"),
        ("vonage", "[action]\noutputs = ['a']", "`outputs` belongs to `[action]` of the `opendialog-legacy` dialect"),
        ("vonage", "url = 'x'", "`url` belongs to `[action]`"),
        (
            "vonage",
            "[action]\ninterpretResponse = true",
            "`interpretResponse` belongs to `[trigger]` of the `verboo` dialect",
        ),
        ("vonage", "[action]\nexpect = {}", "`expect` belongs to `[[case]]`"),
    ] {
        let helps = helps(&format!("dialect = '{dialect}'\n{tables}\n"), "unknown-key");
        assert_eq!(helps, [help], "{dialect}: {tables}");
    }
}

#[test]
fn keys_of_a_step_with_an_action() {
    let flow = "name = 'x'\n[[step]]\nset = { user.a = 1 }\ngiven = { user.b = 1 }\nreply = { status = 200 }\n";
    let said = Project::new().file("specs/x.flow.toml", flow).run(&["lint"]).ends(1);
    let said = said.says("`given` belongs to a step with `action`");
    said.says("`reply` belongs to a step with `action`");
}

#[test]
fn an_assumption_of_another_dialect() {
    let help = "`merge_null` belongs to the `verboo` dialect";
    assert_eq!(helps("dialect = 'vonage'\n[assume]\nmerge_null = 'store'\n", "unknown-key"), [help]);
    let sources = Sources::in_memory();
    let manifest = read_manifest(&sources, sources.add("hookwright.toml", "[assume.vonage]\nmerge_null = 'store'\n"));
    let helps: Vec<_> = manifest.findings.iter().map(|found| found.help.as_deref()).collect();
    assert_eq!(helps, [Some(help)]);
    let flow = "name = 'x'\n[assume]\nmerge_null = 'store'\n[[step]]\naction = 'a'\n";
    let action = "dialect = 'vonage'\n[action]\nmethod = 'GET'\nurl = 'https://a.example/'\n";
    let project = Project::with(action).file("specs/x.flow.toml", flow);
    project.run(&["lint", "specs/x.flow.toml"]).ends(1).says(help);
}

#[test]
fn a_name_in_the_name_of_a_header() {
    let help = "send it as a value: a name that is not filled in is sent as it stands";
    let action = "[action]\nmethod = 'GET'\nurl = 'https://a.example/'\n";
    let rows = "headers = [{ key = 'X-$plan', value = '1' }]\n[client_data]\nplan = 'string'\n";
    assert_eq!(helps(&format!("dialect = 'verboo'\n{action}{rows}"), "reference-in-header-name"), [help]);
    let table = "headers = { 'X-$CUST' = '1', 'X-$5' = '2' }\n[parameters]\nCUST = 'sys.any'\n";
    assert_eq!(helps(&format!("dialect = 'vonage'\n{action}{table}"), "reference-in-header-name"), [help]);
}

#[test]
fn what_a_node_of_the_studio_does_not_have() {
    let text = "dialect = 'vonage'\n[action]\nmethod = 'POST'\nurl = 'https://$SHOP/'\n\
                headers = { Authorization = 'Bearer $KEY' }\n\
                body = { type = 'json', content = '{\"a\":\"$SHOP\"}' }\n\
                [parameters]\nSHOP = 'sys.any'\nKEY = { entity = 'sys.any', secret = true }\n\
                [[case]]\nname = 'one'\n";
    assert_eq!(helps(text, "host-from-variable"), ["write the host of the URL down"]);
    assert!(helps(text, "optional-lone-reference").is_empty());
}

#[test]
fn credentials_in_a_form_and_in_json() {
    let places = |body: &str| -> Vec<String> {
        let text = format!("dialect = 'vonage'\n[action]\nmethod = 'POST'\nurl = 'https://a.example/'\nbody = {body}\n");
        let spec = checked(&text);
        let found = spec.diagnostics.iter().filter(|found| found.lint.name == "plaintext-credential");
        found.map(|found| text[found.span.start..found.span.end].to_string()).collect()
    };
    let fields = "{ type = 'form', fields = { note = 'password', password = 'hunter2hunter2' } }";
    assert_eq!(places(fields), ["hunter2hunter2"]);
    assert_eq!(places("{ type = 'form', content = 'a=b&password=hunter2hunter2' }"), ["hunter2hunter2"]);
    let json = r#"{ type = 'json', content = '{"password":"hunter2hunter2","api_key":"abcdef1234567890abcdef"}' }"#;
    assert_eq!(places(json), ["hunter2hunter2", "abcdef1234567890abcdef"]);
    assert_eq!(places("{ type = 'xml', content = '<a><password>hunter2hunter2</password></a>' }"), ["hunter2hunter2"]);
}

#[test]
fn a_reply_of_which_nothing_is_merged_says_why() {
    let action = Action::sound("dialect = 'verboo'\n[action]\nmethod = 'GET'\nurl = 'https://a.example/'\n");
    let logged = |body: &str| action.outcome(&json_reply(200, body)).1.iter().any(|line| line.contains("nothing is merged"));
    assert!(logged(r#"{"session":{"client_data":{"a":1e400}}}"#));
    assert!(!logged(r#"{"session":{"client_data":{"a":1}}}"#) && !logged("well done"));
}
