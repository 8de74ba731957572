//! `reply.template` and `sequence` from the command line: what is found in them, and that no command loses them.

use serde_json::{Value as Json, json};

use super::server::{Server, reply};
use super::support::{PLAIN, Project, TICKET};

/// What the lints find, each with the text that it points at.
fn found(project: &Project, path: &str) -> Vec<(String, String)> {
    let findings = project.run(&["lint", path, "--format", "json"]).json();
    let at = |finding: &Json| {
        let text = project.read(finding["file"].as_str().expect("a file"));
        let offset = |end: &str| finding["span"][end]["offset"].as_u64().expect("an offset") as usize;
        let lint = finding["lint"].as_str().unwrap_or_default().to_string();
        (lint, text[offset("start")..offset("end")].to_string())
    };
    findings.as_array().expect("findings").iter().map(at).collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(lint, text)| (lint.to_string(), text.to_string())).collect()
}

#[test]
fn a_reply_says_what_the_request_brings() {
    let project = Project::ticket(
        r#"
[[case]]
name = "echo"
[case.reply]
template = true
json.data = { id = "{user.id}", agent = "{age} for {title | uppercase}, {first_name}" }
[case.expect.attributes]
ticket_id = 7
"session.agent" = "36 for TV, "
"#,
    );
    let case = project.only_case();
    assert_eq!(case["failures"], json!([]), "{case:#}");
    assert_eq!(case["exchange"]["reply"]["body"], r#"{"data":{"id":7,"agent":"36 for TV, "}}"#);
    assert_eq!(case["exchange"]["outcome"]["log"], json!([]), "what a backend does is nothing that the platform logs");
}

#[test]
fn what_is_wrong_in_a_reply_is_told_at_its_place() {
    let cases = r#"
[[case]]
name = "wrong"
[case.reply]
template = true
[case.reply.json]
a = "{title | upper} {usr.title}"
b = ["{secret.api_key}", "{title | base64 1 2}", "{title"]
"#;
    let project = Project::ticket(cases);
    let expected = [
        ("unknown-filter", "upper"),
        ("unknown-context", "usr"),
        ("secret-outside-auth", "secret.api_key"),
        ("filter-arity", "2"),
        ("template-syntax", "{"),
    ];
    let found_in = |project: &Project| {
        let mut found = found(project, "specs/a.toml");
        found.retain(|(lint, _)| expected.iter().any(|(known, _)| lint == known));
        found
    };
    let told = found_in(&project);
    assert_eq!(told.iter().map(|(lint, _)| lint.as_str()).collect::<Vec<_>>(), expected.map(|(lint, _)| lint));
    for ((_, text), (lint, expected)) in told.iter().zip(expected) {
        assert!(text.contains(expected) && text.len() <= expected.len() + 1, "{lint}: `{text}`");
    }
    let file = r#"{ "a": "{title | upper}" }"#;
    let project = Project::ticket("[[case]]\nname = \"x\"\nreply = { template = true, file = \"r.json\" }\n")
        .file("specs/r.json", file);
    let told = found_in(&project);
    assert_eq!(told, pairs(&[("unknown-filter", "upper")]));
    let plain = Project::ticket(&cases.replace("template = true", "template = false"));
    assert_eq!(found_in(&plain), pairs(&[]), "a reply that is no template is what it is");
}

#[test]
fn every_platform_has_its_own_references() {
    let vonage = "dialect = \"vonage\"\n[action]\nlabel = \"a\"\nmethod = \"GET\"\nurl = \"https://a.example.com/$ID\"\n\
        [parameters]\nID = \"sys.any\"\n[[case]]\nname = \"x\"\ngiven.parameters.ID = \"7\"\n\
        reply = { template = true, json = { a = \"$ID of $IDD and $OTHER\" } }\n";
    let told = found(&Project::with(vonage), "specs/a.toml");
    assert!(told.contains(&("undeclared-parameter".into(), "OTHER".into())), "{told:?}");
    let verboo = "dialect = \"verboo\"\n[action]\ntype = \"WEBHOOK\"\nmethod = \"GET\"\nurl = \"https://a.example.com/$order\"\n\
        [client_data]\norder = \"string\"\n[[case]]\nname = \"x\"\ngiven.client_data.order = \"7\"\n\
        reply = { template = true, json = { a = \"$order of $oredr\" } }\n";
    let told = found(&Project::with(verboo), "specs/a.toml");
    assert!(told.contains(&("unknown-variable".into(), "$oredr".into())), "{told:?}");
}

#[test]
fn a_sequence_names_cases() {
    let rows = "[[case]]\nname = \"a\"\n[[case]]\nname = \"b\"\n[[case.row]]\nname = \"1\"\n[[case.row]]\nname = \"2\"\n";
    let with = |sequence: &str| Project::with(&format!("sequence = {sequence}\n{PLAIN}{rows}"));
    let told = |sequence: &str| {
        let mut told = found(&with(sequence), "specs/a.toml");
        told.retain(|(lint, _)| lint == "wrong-type");
        told.into_iter().map(|(_, text)| text).collect::<Vec<_>>()
    };
    assert_eq!(told(r#"["b / 2", "a", "a", "b / 1"]"#), [""; 0]);
    assert_eq!(told(r#"["a", "b /2", "b"]"#), ["b /2", "b"]);
    assert_eq!(told("[1]"), ["1"]);
    assert_eq!(told("\"a\""), ["\"a\""]);
    let project = with(r#"["a", "b /2", "b"]"#);
    let said = project.run(&["lint"]).ends(1);
    said.says("did you mean `b / 2`?").says("did you mean `b / 1`?");
    let project = Project::with(&format!("sequence = [\"frist\", \"first\"]\n{PLAIN}[[case]]\nname = \"first\"\n"));
    project.run(&["lint", "--fix", "--unsafe"]).ends(0);
    assert!(project.read("specs/a.toml").starts_with(r#"sequence = ["first", "first"]"#));
}

#[test]
fn the_keys_stand_where_they_belong() {
    let flow = "sequence = [\"a\"]\nname = \"f\"\n[[step]]\naction = \"a\"\ncase = \"x\"\n";
    let case = "[[case]]\nname = \"x\"\nreply.status = 200\ntoken_reply = { template = true, body = \"{a}\" }\n";
    let project = Project::plain(case).file("specs/f.flow.toml", flow);
    assert!(found(&project, "specs/f.flow.toml").contains(&("unknown-key".into(), "sequence".into())));
    assert!(found(&project, "specs/a.toml").contains(&("unknown-key".into(), "template".into())));
}

#[test]
fn a_step_of_a_flow_replies_with_values_of_its_request() {
    let flow = r#"
name = "f"
[[step]]
set = { user = { title = "Radio" } }
[[step]]
action = "a"
reply = { status = 201, template = true, json = { data = { id = "{title} {user.id}" } } }
expect.attributes = { ticket_id = "Radio 7" }
[[step]]
action = "a"
case = "x"
reply.template = true
expect.attributes = { ticket_id = 36 }
"#;
    let case = "[[case]]\nname = \"x\"\nreply.json.data.id = \"{age}\"\n";
    let project = Project::ticket(case).file("specs/f.flow.toml", flow);
    let json = project.test_json(&["specs/f.flow.toml"]);
    assert_eq!(json["cases"][0]["failures"], json!([]), "{json:#}");
    assert_eq!(json["cases"][0]["steps"].as_array().map(Vec::len), Some(2), "{json:#}");
    let project = project.file("specs/f.flow.toml", flow.replace("{title} {user.id}", "{title | upper}"));
    assert_eq!(found(&project, "specs/f.flow.toml"), pairs(&[("unknown-filter", "upper")]));
}

#[test]
fn a_real_reply_is_held_against_what_the_request_makes_of_the_recorded_one() {
    let case =
        "[[case]]\nname = \"x\"\nreply = { template = true, json.data = { id = \"{user.id}\", agent = \"{title}\" } }\n";
    let project = Project::ticket(case);
    let live = |body: &str| {
        let server = Server::saying(reply(200, "Content-Type: application/json\r\n", body));
        let url = server.url();
        project.run_with(&["test", "--live", "--base-url", &url, "--yes"], &[("HOOKWRIGHT_SECRET_API_KEY", "real-9f8e7d6c")])
    };
    live(r#"{"data":{"id":8,"agent":"Ada"}}"#).ends(0);
    live(r#"{"data":{"id":"8","agent":"Ada"}}"#).ends(1).says("data.id");
}

#[test]
fn a_saved_reply_is_no_template_where_the_defaults_have_one() {
    let body = r#"{"data":{"id":"{title}"}}"#;
    let server = Server::saying(reply(200, "Content-Type: application/json\r\n", body));
    let project = Project::ticket("reply = { template = true, json.data.id = \"{age}\" }\n");
    let url = server.url();
    let send = ["send", "specs/a.toml", "--base-url", &url, "--save", "new"];
    project.run_with(&send, &[("HOOKWRIGHT_SECRET_API_KEY", "real-9f8e7d6c")]).ends(0);
    let case = project.only_case();
    assert_eq!(case["exchange"]["reply"]["body"], body, "{}", project.read("specs/a.toml"));
}

#[test]
fn fixes_and_migration_keep_them() {
    let cases = "[[case]]\nname = \"x\"\nreply = { template = true, json.data.id = \"{title | uper_case}\" }\n";
    let project = Project::with(&format!("sequence = [\"x\"]\n{TICKET}{cases}"));
    project.run(&["lint", "--fix", "--unsafe"]);
    let kept = project.read("specs/a.toml");
    assert!(kept.starts_with("sequence = [\"x\"]\n") && kept.contains("template = true"), "{kept}");
    assert!(kept.contains("\"{title | uppercase}\""), "{kept}");
    let legacy = "dialect = \"opendialog-legacy\"\nsequence = [\"joins\"]\n[action]\nname = \"Full name\"\n\
        url = \"https://a.example.com\"\ninputs = [\"first_name\"]\noutputs = [\"full_name\"]\n[[case]]\nname = \"joins\"\n\
        given.user.first_name = \"John\"\n[case.reply]\ntemplate = true\njson = { successful = true, output_data = { attributes = { full_name = \"{first_name} S\" } } }\n\
        [case.expect.attributes]\nfull_name = \"John S\"\n";
    let project = Project::with(legacy);
    assert_eq!(project.only_case()["failures"], json!([]));
    project.run(&["migrate", "specs/a.toml", "--write"]).ends(0).says("1 of 1 cases behave alike");
    let written = project.read("specs/a.toml");
    assert!(written.contains("sequence = [\"joins\"]") && written.contains("template = true"), "{written}");
    let case = project.only_case();
    assert_eq!(case["failures"], json!([]), "{case:#}");
}
