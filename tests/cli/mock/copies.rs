//! Exchanges as something to take away: cases and command lines.

use serde_json::json;

use super::api::{CASES, ask};
use super::support::Mock;
use crate::cli::support::Project;

fn id(reply: &super::support::Reply) -> String {
    reply.header("x-hookwright-exchange").expect("an exchange").to_string()
}

/// The case of an exchange, put behind those of the spec; gives its name.
fn append(project: &Project, mock: &Mock, id: &str) -> String {
    let reply = mock.get(&format!("/__hookwright/requests/{id}/case"));
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(reply.header("content-type"), Some("text/plain; charset=utf-8"));
    let file = reply.header("content-disposition").unwrap_or_default();
    assert!(file.starts_with("attachment; filename=\"") && file.ends_with(".toml\""), "{file}");
    project.write("specs/a.toml", format!("{}\n{}", project.read("specs/a.toml"), reply.text()));
    let name = reply.text().lines().find_map(|line| line.strip_prefix("name = ").map(str::to_string)).expect("a name");
    serde_json::from_str(&name).expect("a text")
}

#[test]
fn an_exchange_becomes_a_case_that_makes_the_same_request_and_passes() {
    let project = Project::ticket(CASES);
    let mock = Mock::start(&project, &[]);
    let name = append(&project, &mock, &id(&ask(&mock, 42, "Radio \"Ü\" \\ ''' \n x")));
    assert_eq!(name, "opens, exchange 1");
    project.run(&["lint"]).ends(0);
    project.run(&["test", "--update"]).ends(0);
    project.run(&["test"]).ends(0).says("4 passed");
    let rendered = project.run(&["render", "specs/a.toml", "--case", &name, "--format", "json"]).ends(0).json();
    assert_eq!(rendered["request"]["url"], "https://helpdesk.example.com/tickets?user=42");
    let body: serde_json::Value = serde_json::from_str(rendered["request"]["body"].as_str().expect("a body")).unwrap();
    assert_eq!(body, json!({"title": "Radio \"Ü\" \\ ''' \n x", "age": 36}));
    let spec = project.read("specs/a.toml");
    let case = &spec[spec.rfind("# the values").expect("a comment")..];
    assert!(case.contains("`secret.api_key`") && !case.contains("k-12345678"), "{case}");
    assert!(case.contains("now = ") && !case.contains("age = "), "what the defaults give is not repeated: {case}");
    assert!(!case.contains("the request is another"), "{case}");
}

#[test]
fn cases_have_names_of_their_own_and_what_cannot_be_read_back_is_said() {
    let spec = r#"
[action]
name = "Greet"
method = "GET"
url = "https://greet.example.com/greet/{user.name | uppercase}"
[action.response.2xx]
action_success = "TRUE"
[defaults.given.user]
name = "ann"
[[case]]
name = "greets"
reply.body = "hello"
"#;
    let project = Project::with(spec);
    let mock = Mock::start(&project, &[]);
    let name = append(&project, &mock, &id(&mock.get("/a/greet/BOB")));
    assert!(project.read("specs/a.toml").contains("# the request is another"), "{}", project.read("specs/a.toml"));
    drop(mock);
    let mock = Mock::start(&project, &[]);
    let again = append(&project, &mock, &id(&mock.get("/a/greet/BOB")));
    assert_ne!(name, again);
    project.run(&["test", "--update"]).ends(0).says("3");
}

#[test]
fn faults_become_cases_and_what_no_case_can_say_is_refused_with_the_reason() {
    let project = Project::plain("[[case]]\nname = \"none\"\nreply.fault = \"empty\"\n");
    let mock = Mock::start(&project, &[]);
    assert!(mock.try_request("GET", "/a/ping", &[], "").is_err());
    let name = append(&project, &mock, "1");
    let last = project.read("specs/a.toml");
    assert!(last.ends_with("fault = \"empty\"\n") && last.matches("[[case]]").count() == 2, "{name}: {last}");
    mock.get("/nowhere/at/all");
    let refused = mock.get("/__hookwright/requests/2/case");
    let why = "no action is served there, so there is no spec to have the case";
    assert_eq!((refused.status, &refused.json()["error"]), (409, &json!(why)));
}

#[test]
fn a_body_that_was_cut_makes_neither_a_case_nor_a_command() {
    let mock = Mock::start(&Project::ticket(CASES), &[]);
    let id = id(&ask(&mock, 7, &"x".repeat(70_000)));
    for what in ["case", "curl"] {
        let refused = mock.get(&format!("/__hookwright/requests/{id}/{what}"));
        let why = "the request's body was longer than the log keeps";
        assert_eq!((refused.status, &refused.json()["error"]), (409, &json!(why)), "{what}");
    }
}

#[test]
fn a_command_line_is_quoted_for_shells_and_masked() {
    let mock = Mock::start(&Project::ticket(CASES), &[]);
    let id = id(&ask(&mock, 13, "it's $HOME"));
    let text = mock.get(&format!("/__hookwright/requests/{id}/curl")).text();
    assert!(text.starts_with(&format!("curl -X POST '{}/a/tickets?user=13'", mock.url)), "{text}");
    assert!(text.contains(r#"--data-raw '{"title":"it'\''s $HOME","age":36}'"#), "{text}");
    assert!(text.contains("authorization: Bearer ••••••••") && !text.contains("k-12345678"), "{text}");
    assert!(!text.contains("content-length") && !text.contains("'host: "), "{text}");
}
