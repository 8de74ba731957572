//! Machine-readable output: contract section 6.

use serde_json::{Value as Json, json};

use super::support::{PLAIN, Project, Said, keys, texts};

fn findings(spec: &[u8]) -> Vec<Json> {
    let project = Project::new().file("specs/a.toml", spec);
    let said = project.run(&["lint", "--format", "json"]);
    said.json().as_array().expect("an array").clone()
}

/// What stands at a finding's span, and its place.
fn place<'s>(spec: &'s [u8], finding: &Json) -> (&'s str, u64, u64) {
    let at = |end: &str, key: &str| finding["span"][end][key].as_u64().expect("a number");
    let bytes = &spec[at("start", "offset") as usize..at("end", "offset") as usize];
    (std::str::from_utf8(bytes).expect("on boundaries"), at("start", "line"), at("start", "column"))
}

#[test]
fn a_finding_has_these_keys() {
    let spec = PLAIN.replace("/ping\"", "/{name | upper}\"");
    let found = findings(spec.as_bytes());
    assert_eq!(keys(&found[0]), ["lint", "severity", "message", "file", "span", "related", "help", "fix"]);
    assert_eq!(keys(&found[0]["span"]), ["start", "end"]);
    assert_eq!(keys(&found[0]["span"]["start"]), ["line", "column", "offset"]);
    assert_eq!(keys(&found[0]["fix"]), ["title", "safe", "edits"]);
    assert_eq!(keys(&found[0]["fix"]["edits"][0]), ["start", "end", "text"]);
    assert_eq!(found[0]["severity"], "error");
    assert_eq!(found[0]["file"], "specs/a.toml");
    assert_eq!(place(spec.as_bytes(), &found[0]), ("upper", 5, 41));
    assert_eq!(found[0]["fix"]["edits"][0]["text"], "uppercase");
}

#[test]
fn spans_lead_through_escapes_line_ends_and_other_scripts() {
    let head = "[action]\nname = \"Grüße\"\nmethod = \"POST\"\nurl = \"https://a.example.com/\"\n";
    for body in [
        "body = '{ \"ö\": \"{x | upper}\" }'\n",
        // Two escapes of TOML, and one of JSON within.
        "body = \"{ \\\"\\u00f6\\\": \\\"\\\\u00e9{x | upper}\\\" }\"\n",
        "body = \"\"\"\n{ \"ö\": \"ü\",\n  \"é\": \"{x | upper}\" }\"\"\"\n",
        "body = \"\"\"{ \\\n   \"a\": \"{x | upper}\" }\"\"\"\n",
        "headers = { X-A = \"日本{x | upper}\" }\n",
        "headers = { X-A = \"\\U0001F980\\t{x | upper}\" }\n",
    ] {
        for newline in ["\n", "\r\n"] {
            let spec = format!("{head}{body}").replace('\n', newline);
            let found = findings(spec.as_bytes());
            let finding = found.iter().find(|finding| finding["lint"] == "unknown-filter");
            let finding = finding.unwrap_or_else(|| panic!("{spec:?}: {found:?}"));
            let before = &spec[..spec.find("upper").expect("written")];
            let line = before.matches('\n').count() + 1;
            let column = before.chars().rev().take_while(|character| *character != '\n').count() + 1;
            assert_eq!(place(spec.as_bytes(), finding), ("upper", line as u64, column as u64), "{spec:?}");
        }
    }
}

#[test]
fn a_byte_order_mark_moves_no_span() {
    let spec = format!("\u{feff}{}", PLAIN.trim_start().replace("\"GET\"", "\"GETT\""));
    let found = findings(spec.as_bytes());
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(place(spec.as_bytes(), &found[0]).0, "GETT");
    assert_eq!(found[0]["span"]["start"]["line"], 3);
}

#[test]
fn duplicate_names_relate_to_the_first() {
    let spec = format!("{PLAIN}[[case]]\nname = \"A b\"\n[[case]]\nname = \"a-B\"\n");
    let found = findings(spec.as_bytes());
    assert_eq!(found[0]["lint"], "duplicate-case-name");
    assert_eq!(keys(&found[0]["related"][0]), ["message", "file", "span"]);
    assert_eq!(place(spec.as_bytes(), &found[0]["related"][0]).0, "A b");
    assert_eq!(place(spec.as_bytes(), &found[0]).0, "a-B");
}

const EXCHANGE: [&str; 12] = [
    "spec",
    "case",
    "token",
    "request",
    "sent",
    "reply",
    "error",
    "outcome",
    "variables",
    "masked",
    "duration_ms",
    "assumptions",
];

#[test]
fn a_test_run_has_these_keys() {
    let project = Project::ticket(
        "[[case]]\nname = \"opens\"\nreply = { status = 201, headers = { X-Id = \"r1\" }, json = { data = { id = 7 } } }\n",
    );
    project.write("snapshots/gone/x.snap", "---\nsource: a\n---\nx\n");
    let json = project.test_json(&[]);
    assert_eq!(keys(&json), ["summary", "diagnostics", "orphans", "cases"]);
    assert_eq!(json["summary"].to_string(), r#"{"passed":0,"failed":0,"new":1,"total":1}"#);
    assert_eq!(json["orphans"], json!(["snapshots/gone/x.snap"]));
    let case = &json["cases"][0];
    assert_eq!(keys(case), ["spec", "case", "status", "snapshot", "failures", "exchange"]);
    assert_eq!((&case["status"], &case["snapshot"]), (&json!("new"), &json!("new")));
    let exchange = &case["exchange"];
    assert_eq!(keys(exchange), EXCHANGE);
    assert_eq!(
        exchange["request"],
        json!({"method": "POST", "url": "https://helpdesk.example.com/tickets?user=7",
            "headers": [["X-Channel", "web"], ["Content-Type", "application/json"], ["Authorization", "Bearer ••••••••"]],
            "body": "{\"title\":\"TV\",\"age\":36}"})
    );
    assert_eq!(keys(&exchange["request"]), ["method", "url", "headers", "body"]);
    assert_eq!(
        exchange["reply"].to_string(),
        r#"{"status":201,"headers":[["X-Id","r1"],["Content-Type","application/json"]],"body":"{\"data\":{\"id\":7}}"}"#
    );
    assert_eq!(keys(&exchange["outcome"]), ["exit", "success", "attributes", "unset", "directive", "log"]);
    assert_eq!(
        exchange["outcome"]["attributes"].to_string(),
        r#"{"user.ticket_id":7,"session.agent":null,"user.action_success":true,"user.create_ticket_action_success":true,"user.create_ticket_status_code":201}"#
    );
    assert_eq!((&exchange["sent"], &exchange["error"], &exchange["token"]), (&json!(true), &Json::Null, &Json::Null));
    assert_eq!(texts(&exchange["masked"])[0], "request.headers.Authorization");
    assert_eq!(exchange["variables"]["user.title"], "TV");
}

#[test]
fn an_error_has_kind_and_message() {
    let project = Project::plain("[[case]]\nname = \"x\"\nreply.fault = \"timeout\"\n");
    let exchange = project.only_case()["exchange"].take();
    assert_eq!(keys(&exchange), EXCHANGE);
    assert_eq!(keys(&exchange["error"]), ["kind", "message"]);
    assert_eq!(exchange["error"]["kind"], "timeout");
    assert_eq!((&exchange["reply"], &exchange["outcome"]["exit"]), (&Json::Null, &json!("error")));
}

#[test]
fn a_case_with_nothing_to_run_has_no_exchange() {
    let project = Project::with(&format!("{}[[case]]\nname = \"x\"\n", PLAIN.replace("method = \"GET\"\n", "")));
    let case = project.only_case();
    assert_eq!((&case["status"], &case["snapshot"], &case["exchange"]), (&json!("failed"), &json!("none"), &Json::Null));
    assert!(texts(&case["failures"])[0].starts_with("there is nothing to run"), "{case}");
}

#[test]
fn a_token_request_stands_in_the_exchange() {
    let spec = PLAIN.replace(
        "[action.response.2xx]",
        "[action.auth]\ntype = \"oauth2\"\ntoken_url = \"https://id.example.com/token\"\nclient_id = \"me\"\nclient_secret = \"{secret.s}\"\n[action.response.2xx]",
    );
    let project =
        Project::with(&format!("{spec}[[case]]\nname = \"x\"\ngiven.secret.s = \"hush-hush\"\nreply.status = 200\n"));
    let case = project.only_case();
    let token = &case["exchange"]["token"];
    assert_eq!(keys(token), ["request", "reply", "cached"]);
    assert_eq!(token["request"]["method"], "POST");
    assert_eq!(token["cached"], false);
    assert!(!case.to_string().contains("hush-hush"));
}

fn render(project: &Project, arguments: &[&str]) -> Said {
    let arguments: Vec<&str> = ["render", "specs/a.toml", "--format", "json"].iter().chain(arguments).copied().collect();
    project.run(&arguments)
}

#[test]
fn render_gives_an_object_for_a_case_and_a_list_for_all() {
    let project = Project::ticket("[[case]]\nname = \"one\"\n");
    let all = render(&project, &[]).ends(0).json();
    assert_eq!(all.as_array().map(Vec::len), Some(1));
    let one = render(&project, &["--case", "one"]).ends(0).json();
    assert_eq!(keys(&one), EXCHANGE);
    assert_eq!((&one["spec"], &one["case"], &one["sent"]), (&json!("specs/a.toml"), &json!("one"), &json!(false)));
    assert_eq!((&one["reply"], &one["outcome"], &one["error"]), (&Json::Null, &Json::Null, &Json::Null));
    assert_eq!(render(&Project::ticket(""), &[]).ends(0).json().as_array().map(Vec::len), Some(1));
}

#[test]
fn a_request_that_cannot_be_built_is_null_in_json() {
    let spec = PLAIN.replace("/ping\"", "/ping\"\nheaders = { X = \"{v}\" }");
    let project = Project::with(&format!("{spec}[[case]]\nname = \"x\"\ngiven.v = \"a\\nb\"\n"));
    let one = render(&project, &["--case", "x"]).ends(1).json();
    assert_eq!((&one["request"], &one["error"]["kind"]), (&Json::Null, &json!("invalid-header")));
}
