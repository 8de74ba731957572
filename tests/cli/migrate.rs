//! `migrate`: the patch, what changes in words, and that both actions do the same where it says so.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value as Json;

use super::support::Project;

const LEGACY: &str = r#"# A name from two.
dialect = "opendialog-legacy"

[action]
name = "Full name"
url = "https://api.example.com/opendialog"
inputs = ["first_name", "last_name"] # both
outputs = ["full_name"]

[[case]]
name = "joins"
given.user = { first_name = "John", last_name = "Smith" }
reply.json = { successful = true, output_data = { attributes = { full_name = "John Smith" } } }
"#;

#[test]
fn shows_what_changes_and_writes_nothing_unless_told() {
    let project = Project::with(LEGACY);
    let shown = project.run(&["migrate", "specs/a.toml"]);
    assert_eq!((shown.code, project.read("specs/a.toml").as_str()), (0, LEGACY), "{}{}", shown.out, shown.err);
    for part in [
        "-dialect = \"opendialog-legacy\"\n+dialect = \"opendialog\"\n",
        "+method = \"POST\"\n",
        "- Missing inputs: ",
        "removed what it named with null",
        "- Other attributes: ",
        "1 of 1 cases behave alike.\n",
    ] {
        assert!(shown.out.contains(part), "{part} is not in\n{}", shown.out);
    }
    let written = project.run(&["migrate", "specs/a.toml", "--write"]);
    assert_eq!((written.code, written.out), (0, shown.out));
    let text = project.read("specs/a.toml");
    assert!(text.starts_with("# A name from two.\ndialect = \"opendialog\"\n") && text.contains(" # both\n"), "{text}");
    assert!(text.ends_with(LEGACY.split_once("[[case]]").expect("a case").1), "{text}");
    assert_eq!(project.files("specs"), ["specs/a.toml"], "nothing is left beside it");
    assert_eq!(project.run(&["lint", "--deny-warnings"]).code, 0);
    let again = project.run(&["migrate", "specs/a.toml"]);
    assert!(
        again.code == 2 && again.err.contains("`opendialog`; only `opendialog-legacy` can be migrated"),
        "{}",
        again.err
    );
}

#[test]
fn a_case_that_behaves_otherwise_is_named_and_ends_with_1() {
    let case = "[[case]]\nname = \"no last name\"\ngiven.user.first_name = \"John\"\nreply.json = { successful = false }\n";
    let said = Project::with(&format!("{LEGACY}{case}")).run(&["migrate", "specs/a.toml"]);
    assert_eq!(said.code, 1);
    let told = "1 of 2 cases behave alike.\nIn the case `no last name`:\n- nothing was sent, since the required input `user.last_name` has no value; now a request is sent\n";
    assert!(said.out.ends_with(told), "{}", said.out);
}

/// Its reply is the same to both actions but for the log.
const ERRORS: &str = r#"dialect = "opendialog-legacy"

[action]
name = "Errors"
url = "https://api.example.com/opendialog"
inputs = ["a"]

[[case]]
name = "errors"
given.user.a = 1
reply.json = { successful = false, errors = [{ message = "boom" }] }
"#;

#[test]
fn a_case_whose_expectations_do_not_hold_behaves_otherwise() {
    let project = Project::with(&format!("{ERRORS}expect = {{ log = [\"boom\"], success = false }}\n"));
    let said = project.run(&["migrate", "specs/a.toml", "--write"]);
    let told = "0 of 1 cases behave alike.\nIn the case `errors`:\n- its `expect` does not hold: expected the log to contain `boom`, got ";
    assert!(said.code == 1 && said.out.contains(told), "{} {}", said.code, said.out);
    let tested = project.run(&["test"]);
    assert!(tested.code == 1 && tested.out.contains("expected the log to contain `boom`"), "{}", tested.out);
    let unsaid = Project::with(ERRORS).run(&["migrate", "specs/a.toml"]);
    assert!(unsaid.code == 0 && unsaid.out.contains("1 of 1 cases behave alike."), "another log alone: {}", unsaid.out);
}

#[test]
fn expectations_are_held_against_what_really_runs() {
    let cases = "[[case]]\nname = \"late\"\ngiven.user = { first_name = \"John\", last_name = \"Smith\" }\nreply.fault = \"timeout\"\nexpect = { error = \"timeout\", success = false, sent = true }\n[[case]]\nname = \"silent\"\ngiven.user.first_name = \"John\"\nexpect = { sent = false }\n";
    let said = Project::with(&format!("{LEGACY}{cases}")).run(&["migrate", "specs/a.toml"]);
    let told = "2 of 3 cases behave alike.\nIn the case `silent`:\n- nothing was sent, since the required input `user.last_name` has no value; now a request is sent\n- its `expect` does not hold: expected that no request is sent, but one was\n";
    assert!(said.code == 1 && said.out.ends_with(told), "{}{}", said.out, said.err);
}

#[test]
fn what_cannot_be_migrated() {
    let project = Project::with("[action]\nname = \"a\"\nmethod = \"GET\"\nurl = \"https://a.example.com\"\n")
        .file("specs/no_url.toml", "dialect = \"opendialog-legacy\"\n[action]\nname = \"a\"\n")
        .file("specs/torn.toml", "dialect = \"opendialog-legacy\"\n[action\nname = \"a\"\n")
        .file("specs/odd.toml", LEGACY.replace("\"first_name\"", "\"first name\""))
        .file(
            "specs/read_otherwise.toml",
            LEGACY.replace("[\"first_name\"", "[\"user.a.b\", \"user.c|upper\", \"user.d[0]\""),
        )
        .file("specs/header.toml", LEGACY.replace("inputs =", "headers = { X-A = \"{user.a |}\" }\ninputs ="));
    for (path, code, why) in [
        ("specs/a.toml", 2, "`specs/a.toml` is of the dialect `opendialog`"),
        ("specs/no_url.toml", 1, "there is no `url`"),
        ("specs/torn.toml", 1, "the file is not TOML"),
        ("specs/odd.toml", 1, "the input `user.first name` cannot be written as a reference of `opendialog`"),
        ("specs/read_otherwise.toml", 1, "the inputs `user.a.b`, `user.c|upper` and `user.d[0]` cannot be written"),
        ("specs/header.toml", 1, "the new spec could not run: a template cannot be read: expected "),
        ("specs", 2, "`specs` is 6 specs; `migrate` takes one"),
        ("specs/none.toml", 2, "none.toml"),
    ] {
        let before = project.files("specs").iter().map(|path| project.read(path)).collect::<Vec<_>>();
        let said = project.run(&["migrate", path, "--write"]);
        assert!(said.code == code && said.err.contains(why), "{path}: {} {}", said.code, said.err);
        assert_eq!(said.out, "", "{path}: neither a patch nor cases");
        assert_eq!(project.files("specs").iter().map(|path| project.read(path)).collect::<Vec<_>>(), before);
    }
}

#[test]
fn an_action_that_is_switched_off_sends_nothing() {
    let project = Project::with(&LEGACY.replace("outputs", "active = false\noutputs"));
    for command in ["render", "send"] {
        let said = project.run(&[command, "specs/a.toml", "--case", "joins", "--format", "json"]);
        assert!(said.code == 0 && said.err.contains("the action is not active"), "{command}: {} {}", said.code, said.err);
        let exchange: Json = serde_json::from_str(&said.out).expect("JSON");
        assert!(exchange["request"].is_null() && exchange["sent"] == false && exchange["error"].is_null(), "{exchange:#}");
    }
    let migrated = project.run(&["migrate", "specs/a.toml"]);
    assert!(
        migrated.code == 1 && migrated.out.contains("- Active: the legacy action was switched off."),
        "{}",
        migrated.out
    );
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_written_stays() {
    use std::fs::{Permissions, set_permissions};
    use std::os::unix::fs::PermissionsExt;
    let project = Project::with(LEGACY);
    set_permissions(project.path("specs/a.toml"), Permissions::from_mode(0o444)).expect("permissions");
    let said = project.run(&["migrate", "specs/a.toml", "--write"]);
    assert!(said.code == 2 && said.err.contains("read-only"), "{}", said.err);
    assert_eq!(project.read("specs/a.toml"), LEGACY);
}

#[test]
fn secrets_are_masked_in_the_patch() {
    let spec = LEGACY
        .replace("inputs", "headers = { Authorization = \"Bearer ghp_1234567890abcdefghijABCDEFGHIJ123456\" }\ninputs")
        .replace("[[case]]", "[defaults]\ngiven.secret.token = \"k-987654321\"\n[[case]]");
    let said = Project::with(&spec).run(&["migrate", "specs/a.toml"]);
    assert!(!said.out.contains("ghp_1234") && !said.out.contains("k-987654321"), "{}", said.out);
}

/// The package's legacy specs; `None` where they were not shipped.
fn legacy_specs() -> Option<Project> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs/opendialog-legacy");
    if !folder.is_dir() {
        println!("skipped: there is no {}", folder.display());
        return None;
    }
    let project = Project::new();
    for entry in ignore::WalkBuilder::new(&folder).standard_filters(false).build() {
        let entry = entry.expect("an entry");
        if entry.path().is_file() {
            let below = entry.path().strip_prefix(&folder).expect("below the folder").to_str().expect("a name");
            project.write(&format!("specs/{below}"), std::fs::read(entry.path()).expect("a file"));
        }
    }
    Some(project)
}

/// Every case's exchange, as it really ran, with what of `expect` it does not meet.
fn exchanges(project: &Project, spec: &str) -> BTreeMap<String, (Json, Json)> {
    let said = project.run(&["test", spec, "--format", "json"]);
    let report: Json = serde_json::from_str(&said.out).unwrap_or_else(|error| panic!("{error}: {}{}", said.out, said.err));
    let cases = report["cases"].as_array().expect("cases").iter();
    cases
        .map(|case| {
            (case["case"].as_str().expect("a name").to_string(), (case["exchange"].clone(), case["failures"].clone()))
        })
        .collect()
}

fn case_names(out: &str) -> BTreeSet<String> {
    let names = out.lines().filter_map(|line| line.strip_prefix("In the case `")?.strip_suffix("`:"));
    names.map(str::to_string).collect()
}

/// What V2 can do in the same way: what was written is written, unless it was not among the outputs, and nothing else gets a
/// value, except from a reply that failed.
fn is_alike_as_far_as_it_can_be(old: &Json, new: &Json) -> bool {
    let attributes = |exchange: &Json| exchange["outcome"]["attributes"].as_object().expect("attributes").clone();
    let (before, after) = (attributes(old), attributes(new));
    let is_default = |name: &str| name.ends_with("action_success") || name.ends_with("_status_code");
    after.iter().all(|(name, value)| match before.get(name) {
        Some(known) => known == value || value.is_null(),
        None => value.is_null() || old["outcome"]["success"] == false,
    }) && before.keys().filter(|name| is_default(name)).all(|name| after.get(name) == before.get(name))
}

#[test]
fn both_actions_run_and_do_the_same_where_migrate_says_so() {
    let Some(project) = legacy_specs() else { return };
    let specs: Vec<String> = project.files("specs").into_iter().filter(|path| path.ends_with(".toml")).collect();
    let mut alike = 0;
    for spec in &specs {
        let before = exchanges(&project, spec);
        let said = project.run(&["migrate", spec, "--write"]);
        assert!(said.code < 2, "{spec}: {}", said.err);
        let told = case_names(&said.out);
        let after = exchanges(&project, spec);
        assert_eq!(before.len(), after.len(), "{spec}");
        for (name, (old, _)) in &before {
            let (new, failures) = &after[name];
            let case = format!("{spec}, `{name}`:\n{old:#}\n{new:#}");
            if old["request"].is_null() {
                assert!(told.contains(name), "{case}");
                continue;
            }
            assert_eq!(old["request"], new["request"], "{case}");
            assert_eq!(old["outcome"]["exit"], new["outcome"]["exit"], "{case}");
            assert_eq!(old["outcome"]["success"], new["outcome"]["success"], "{case}");
            assert!(is_alike_as_far_as_it_can_be(old, new), "{case}");
            let is_same = old["outcome"]["attributes"] == new["outcome"]["attributes"]
                && old["outcome"]["unset"] == new["outcome"]["unset"];
            let holds = failures.as_array().expect("failures").is_empty();
            assert_eq!(is_same && holds, !told.contains(name), "{case}\n{}", said.out);
            alike += usize::from(is_same);
        }
    }
    assert!(specs.len() > 7 && alike > 7, "{alike} cases of {} specs are alike", specs.len());
}
