//! What each command does when all is well, for people and for programs.

use super::support::{PLAIN, Project, TICKET};

const COMMANDS: [&str; 8] = ["lint", "test", "review", "render", "eval", "query", "explain", "completions"];

#[test]
fn every_help_has_examples() {
    let project = Project::new();
    for command in COMMANDS {
        let help = project.run(&[command, "--help"]).ends(0);
        assert!(help.out.contains("Examples:\n  hookwright "), "{}", help.out);
    }
    project.run(&["--help"]).ends(0).says("Exit codes: 0 all well; 1 ");
}

#[test]
fn the_version_is_the_packages() {
    let version = Project::new().run(&["--version"]).ends(0);
    assert_eq!(version.out, format!("hookwright {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn completions_know_the_commands() {
    let project = Project::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = project.run(&["completions", shell]).ends(0);
        for command in COMMANDS {
            assert!(script.out.contains(command), "{shell}: {command}");
        }
    }
}

#[test]
fn lint_says_what_is_wrong_and_where() {
    let project = Project::with(&PLAIN.replace("/ping\"", "/{name | upper}\""));
    insta::assert_snapshot!(project.run(&["lint"]).ends(1).out, @r#"
    error[unknown-filter]: no filter named `upper`
     --> specs/a.toml:5:41
      |
    5 | url = "https://ping.example.com/{name | upper}"
      |                                         ^^^^^
      |
    help: did you mean `uppercase`?
      |
    5 | url = "https://ping.example.com/{name | uppercase}"
      |                                              ++++

    1 spec: 1 error
    "#);
    let json = project.run(&["lint", "--format", "json"]).ends(1).json();
    assert_eq!(json[0]["lint"], "unknown-filter");
}

#[test]
fn lint_of_a_good_spec_is_short() {
    let project = Project::plain("");
    assert_eq!(project.run(&["lint"]).ends(0).out, "1 spec: nothing to complain about\n");
    assert_eq!(project.run(&["lint", "--quiet"]).ends(0).out, "");
    assert_eq!(project.run(&["lint", "--format", "json"]).ends(0).out, "[]\n");
    assert_eq!(project.run(&["lint", "--format", "github"]).ends(0).out, "");
}

#[test]
fn lint_has_formats_for_other_tools() {
    let project = Project::with(&PLAIN.replace("/ping\"", "/{name | upper}\""));
    let github = project.run(&["lint", "--format", "github"]).ends(1).out;
    assert!(github.starts_with("::error file=specs/a.toml,line=5,"), "{github}");
    let sarif = project.run(&["lint", "--format", "sarif"]).ends(1).json();
    assert_eq!(sarif["version"], "2.1.0");
    assert_eq!(sarif["runs"][0]["results"][0]["ruleId"], "unknown-filter");
    let junit = project.run(&["lint", "--format", "junit"]).ends(1).out;
    assert!(junit.starts_with("<?xml") && junit.contains("specs/a.toml"), "{junit}");
}

#[test]
fn test_goes_from_new_to_approved_to_passed() {
    let project = Project::plain("[[case]]\nname = \"answers\"\nreply.json = { answer = 42 }\n");
    insta::assert_snapshot!(project.run(&["test"]).ends(1).out, @r#"
    new specs/a.toml: answers
    1 case has no approved snapshot; approve it with `hookwright review` or `hookwright test --update`

    0 passed, 1 new
    "#);
    assert_eq!(project.run(&["test", "--update"]).ends(0).out, "1 passed\n");
    assert_eq!(project.run(&["test"]).ends(0).out, "1 passed\n");
    insta::assert_snapshot!(project.read("snapshots/a/answers.snap"), @r#"
    ---
    source: specs/a.toml
    expression: "answers"
    ---
    request
      GET https://ping.example.com/ping

    reply
      200
      Content-Type: application/json

      {"answer":42}

    outcome
      exit: 2xx
      success: true
      user.answer = 42 (int)
      user.action_success = true (boolean)
      user.ping_action_success = true (boolean)
      user.ping_status_code = 200 (int)

    assumptions: content_type_without_body=omit, undeclared_type=as-given
    "#);
}

#[test]
fn test_has_formats_for_other_tools() {
    let project = Project::plain("[[case]]\nname = \"fails\"\nreply.status = 500\nexpect.success = true\n");
    let github = project.run(&["test", "--format", "github"]).ends(1).out;
    assert!(github.contains("::error file=specs/a.toml,line=") && github.contains("expected success true"), "{github}");
    let junit = project.run(&["test", "--format", "junit"]).ends(1).out;
    assert!(junit.contains("<testcase name=\"fails\"") && junit.contains("<failure"), "{junit}");
}

#[test]
fn render_shows_the_request_and_sends_nothing() {
    let project = Project::ticket("[[case]]\nname = \"one\"\n[[case]]\nname = \"two\"\ngiven.user.title = \"It's\"\n");
    insta::assert_snapshot!(project.run(&["render", "specs/a.toml", "--case", "one"]).ends(0).out, @r#"
    POST https://helpdesk.example.com/tickets?user=7
    X-Channel: web
    Content-Type: application/json
    Authorization: Bearer ••••••••

    {"title":"TV","age":36}

    assumed: body_format=compact
    "#);
    insta::assert_snapshot!(project.run(&["render", "specs/a.toml", "--case", "two", "--format", "curl"]).ends(0).out, @r#"
    curl -X POST 'https://helpdesk.example.com/tickets?user=7' \
      -H 'X-Channel: web' \
      -H 'Content-Type: application/json' \
      -H 'Authorization: Bearer ••••••••' \
      --data-raw '{"title":"It'\''s","age":36}'
    "#);
    let all = project.run(&["render", "specs/a.toml", "--format", "http"]).ends(0).out;
    assert!(all.starts_with("### one\nPOST ") && all.contains("\n\n### two\nPOST "), "{all}");
    assert_eq!(project.files(""), ["specs/a.toml"], "nothing is written");
}

#[test]
fn render_of_a_spec_without_cases_takes_values_from_the_command_line() {
    let project = Project::with(TICKET);
    let said = project.run(&["render", "specs/a.toml", "--given", "user.id=9", "--given", "secret.api_key=k-999999"]);
    said.ends(0).says("tickets?user=9").says_not("k-999999");
}

#[test]
fn eval_prints_the_value() {
    let project = Project::new();
    assert_eq!(project.run(&["eval", "{user.age | ordinal}", "--given", "user.age=3"]).ends(0).out, "3rd\n");
    assert_eq!(project.feed(&["eval"], "Hello {name}\n").ends(0).out, "Hello \n");
    assert_eq!(project.run(&["eval", "{a}", "--as", "json", "--given", "a=[1, 2]"]).ends(0).out, "[1,2]\n");
    assert_eq!(project.run(&["eval", "{q}", "--as", "url", "--given", "q=a b/c"]).ends(0).out, "a%20b%2Fc\n");
    assert_eq!(project.run(&["eval", "{q}", "--as", "header", "--given", "q= a "]).ends(0).out, "a\n");
}

#[test]
fn query_prints_what_the_mapping_finds() {
    let project = Project::new().file("reply.json", r#"{"data":{"items":[{"id":1},{"id":2}]}}"#);
    assert_eq!(project.run(&["query", "data.items[*].id", "reply.json"]).ends(0).json(), serde_json::json!([1, 2]));
    assert_eq!(project.feed(&["query", "length(a)"], "{\"a\":\"äö\"}").ends(0).out, "2\n");
    assert_eq!(project.feed(&["query", "nothing"], "{}").ends(0).out, "null\n");
}

#[test]
fn query_follows_object_paths_through_json_and_xml() {
    let project = Project::new();
    let json = "{\"data\":{\"userId\":7,\"none\":null}}";
    for path in ["data.userId", "$.data['userId']", "data[userId]"] {
        assert_eq!(project.feed(&["query", "--kind", "object-path", path], json).ends(0).out, "7\n", "{path}");
    }
    project.feed(&["query", "--kind", "object-path", "data..userId"], json).ends(1).says("syntax: two dots");
    let latin = b"<?xml version='1.0' encoding='ISO-8859-1'?><note><to>Ren\xe9</to></note>";
    assert_eq!(project.feed(&["query", "--kind", "xml-path", "note.to"], latin).ends(0).out, "\"René\"\n");
    project.write("note.xml", latin);
    assert_eq!(project.run(&["query", "note['to']", "note.xml", "--kind", "xml-path"]).ends(0).out, "\"René\"\n");
    let bomb = "<!DOCTYPE a [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><a>&b;</a>";
    project.feed(&["query", "--kind", "xml-path", "a"], bomb).ends(2).says("a document type declaration is refused");
}

#[test]
fn explain_shows_an_assumption_under_each_dialect_that_has_it() {
    let project = Project::new();
    for (dialect, shared) in
        [("vonage", "malformed_body"), ("verboo", "malformed_body"), ("opendialog-legacy", "action_name")]
    {
        let said = project.run(&["explain", shared]).ends(0).out;
        let page = said.split("\n# ").find(|page| page.contains(&format!("{shared} (assumption of {dialect})\n")));
        let page = page.unwrap_or_else(|| panic!("no page of {dialect}: {said}"));
        assert!(page.contains(&format!("dialect = \"{dialect}\"\n\n[assume]\n{shared} = ")), "{page}");
        assert!(page.contains(&format!("[assume.{dialect}]\n{shared} = ")), "{page}");
    }
}

#[test]
fn explain_has_a_list_and_pages() {
    let project = Project::new();
    let list = project.run(&["explain"]).ends(0).out;
    for name in ["unknown-filter", "hmac_function_encoding", "format_date", "reply-too-large", "not_written"] {
        assert!(list.contains(name), "{name}");
        project.run(&["explain", name]).ends(0).says(&format!("# {name} ("));
    }
    project.run(&["explain", "unkown-filter"]).ends(2).says("did you mean `unknown-filter`?");
}

#[test]
fn a_directory_can_be_named() {
    let project = Project::plain("[[case]]\nname = \"x\"\n");
    let elsewhere = Project::new();
    let folder = project.path("");
    let folder = folder.to_str().expect("UTF-8");
    elsewhere.run(&["-C", folder, "lint"]).ends(0).says("1 spec");
    elsewhere.run(&["lint", "-C", folder, "specs/a.toml"]).ends(0).says("1 spec");
    elsewhere.run(&["-C", "no/such/folder", "lint"]).ends(2).says("cannot change to `no/such/folder`");
}

#[test]
fn the_manifest_is_found_upwards_and_paths_are_relative_to_the_caller() {
    let project = Project::plain("").file("hookwright.toml", "").file("specs/deep/b.toml", PLAIN);
    let deep = project.path("specs/deep");
    let deep = deep.to_str().expect("UTF-8");
    project.run(&["-C", deep, "lint"]).ends(0).says("2 specs");
    project.run(&["-C", deep, "lint", "b.toml"]).ends(0).says("1 spec:");
    project.run(&["-C", deep, "lint", "../a.toml"]).ends(0).says("1 spec:");
    project.run(&["-C", deep, "lint", "."]).ends(0).says("1 spec:");
    project.run(&["-C", deep, "lint", "../../.."]).ends(2).says("lies outside the project");
}

#[test]
fn colours_are_a_choice() {
    let project = Project::plain("[[case]]\nname = \"x\"\n");
    let escape = "\u{1b}[";
    project.run(&["lint"]).ends(0).says_not(escape);
    project.run(&["lint", "--color", "always"]).ends(0).says(escape);
    project.run_with(&["lint", "--color", "always"], &[("NO_COLOR", "1")]).ends(0).says(escape);
    project.run(&["test", "--color", "always"]).ends(1).says(escape);
    project.run(&["test", "--color", "never"]).ends(1).says_not(escape);
    project.run(&["lint", "nothing", "--color", "always"]).ends(2).says(escape);
    project.run(&["lint", "nothing", "--color", "never"]).ends(2).says_not(escape);
    project.run_with(&["lint", "nothing"], &[("NO_COLOR", "1")]).ends(2).says_not(escape);
    project.run(&["lint", "--color", "perhaps"]).ends(2);
}

#[test]
fn colours_never_reach_what_programs_read() {
    let project = Project::plain("[[case]]\nname = \"x\"\nexpect.success = true\nreply.status = 500\n");
    for format in ["json", "junit", "github"] {
        project.run(&["test", "--format", format, "--color", "always"]).ends(1).says_not("\u{1b}[");
    }
    for format in ["json", "junit", "github", "sarif"] {
        project.run(&["lint", "--format", format, "--color", "always"]).ends(0).says_not("\u{1b}[");
    }
}

#[test]
fn quiet_leaves_findings_and_results_only() {
    let project = Project::plain("[[case]]\nname = \"x\"\nreply.status = 200\n");
    project.run(&["test", "--quiet"]).ends(1).says("new specs/a.toml: x").says_not("0 passed");
    project.approve();
    assert_eq!(project.run(&["test", "-q"]).ends(0).all(), "");
}
