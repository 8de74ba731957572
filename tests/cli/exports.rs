//! `hookwright export`: documents, folders, notes and exit codes.

use serde_json::{Value as Json, json};

use super::support::Project;

const USER: &str = r#"
[action]
name = "Get user"
method = "GET"
url = "https://crm.example.com/users/{user_id}?lang={language}"
[action.auth]
type = "header"
[action.auth.headers]
Authorization = "Bearer {secret.key}"
[attributes]
user_id = "int"
[defaults]
given.secret.key = "k-87654321"
given.user.language = "en"
[[case]]
name = "Ada"
given.user.user_id = 42
reply.json = { name = "Ada", echo = "k-87654321" }
[[case]]
name = "gone"
given.user.user_id = 7
reply = { status = 404, delay = "150ms", body = "no" }
[[case]]
name = "broken"
given.user.user_id = 8
reply.fault = "tls"
"#;

fn mappings(project: &Project, arguments: &[&str]) -> (Vec<Json>, String) {
    let said = project.run(&[&["export", "wiremock"], arguments].concat());
    assert_eq!(said.code, 0, "{}", said.err);
    let document: Json = serde_json::from_str(&said.out).expect("JSON");
    (document["mappings"].as_array().expect("mappings").clone(), said.err)
}

/// The mapping of a case below its spec's id.
fn mapping<'m>(mappings: &'m [Json], case: &str, chosen_by: &str) -> &'m Json {
    let name = format!("crm: {case} ({chosen_by})");
    mappings.iter().find(|mapping| mapping["name"] == name.as_str()).unwrap_or_else(|| panic!("{name}"))
}

#[test]
fn values_lead_to_their_cases_and_the_rest_to_success() {
    let project = Project::new().file("specs/crm.toml", USER);
    let (mappings, _) = mappings(&project, &[]);
    let gone = mapping(&mappings, "gone", "agreement");
    assert_eq!(gone["request"]["urlPath"], "/crm/users/7");
    assert_eq!(gone["request"]["method"], "GET");
    assert_eq!((&gone["response"]["status"], &gone["response"]["fixedDelayMilliseconds"]), (&json!(404), &json!(150)));
    let otherwise = mapping(&mappings, "Ada", "first-success");
    assert_eq!(otherwise["request"]["urlPathPattern"], "/crm/users/[^/]*");
    assert_eq!(otherwise["request"]["queryParameters"]["lang"], json!({"matches": r"[\s\S]*"}));
    let forced = mapping(&mappings, "Ada", "forced");
    let order = [forced, gone, otherwise].map(|mapping| mapping["priority"].as_u64());
    assert!(order.is_sorted(), "{order:?}");
}

#[test]
fn what_cannot_be_said_is_said() {
    let (mappings, notes) = mappings(&Project::new().file("specs/crm.toml", USER), &[]);
    assert_eq!(mapping(&mappings, "broken", "agreement")["response"]["fault"], "CONNECTION_RESET_BY_PEER");
    for note in ["the fault `tls` of `broken`", "not what they prove", "the reply of `Ada` repeats a secret"] {
        assert!(notes.contains(note), "{note}: {notes}");
    }
}

#[test]
fn no_secret_is_exported() {
    let project = Project::new().file("specs/crm.toml", USER);
    let (mappings, notes) = mappings(&project, &[]);
    let openapi = project.run(&["export", "openapi"]);
    for text in [Json::from(mappings.clone()).to_string(), notes, openapi.out, openapi.err] {
        assert!(!text.contains("k-87654321"), "{text}");
    }
    let otherwise = mapping(&mappings, "Ada", "first-success");
    assert_eq!(otherwise["request"]["headers"]["Authorization"], json!({"matches": r"Bearer [\s\S]+"}));
}

#[test]
fn a_folder_holds_the_same_and_loses_what_an_earlier_export_left() {
    let project = Project::new().file("specs/crm.toml", USER);
    project.write("wm/mappings/own.json", "{}");
    project.write("wm/mappings/hookwright/old.json", "{}");
    let long = "x".repeat(20_000);
    let case = format!("\n[[case]]\nname = \"long\"\ngiven.user.user_id = 9\nreply.body = \"{long}\"\n");
    project.write("specs/crm.toml", format!("{USER}{case}"));
    let said = project.run(&["export", "wiremock", "--output", "wm"]);
    assert_eq!((said.code, said.out.as_str()), (0, ""));
    let expected = ["wm/__files/hookwright/crm/long.txt", "wm/mappings/hookwright/crm.json", "wm/mappings/own.json"];
    assert_eq!(project.files("wm"), expected);
    assert_eq!(project.read("wm/__files/hookwright/crm/long.txt"), long);
    let mappings: Json = serde_json::from_str(&project.read("wm/mappings/hookwright/crm.json")).expect("JSON");
    let named = mappings["mappings"].as_array().expect("mappings").iter();
    assert!(named.clone().any(|mapping| mapping["response"]["bodyFileName"] == "hookwright/crm/long.txt"));
    let mut ids: Vec<&Json> = named.map(|mapping| &mapping["id"]).collect();
    ids.sort_by_key(|id| id.to_string());
    ids.dedup();
    assert_eq!(ids.len(), mappings["mappings"].as_array().expect("mappings").len(), "ids are unique");
}

#[test]
fn a_description_has_types_security_and_examples() {
    let said =
        Project::new().file("specs/crm.toml", USER).run(&["export", "openapi", "--server", "https://mock.example.com/"]);
    assert_eq!(said.code, 0, "{}", said.err);
    let document: Json = serde_json::from_str(&said.out).expect("JSON");
    assert_eq!(document["servers"][0]["url"], "https://mock.example.com");
    let operation = &document["paths"]["/crm/users/{user.user_id}"]["get"];
    let parameters = operation["parameters"].as_array().expect("parameters");
    assert_eq!(parameters[0]["schema"], json!({"type": "integer"}));
    assert_eq!((&parameters[0]["in"], &parameters[0]["example"]), (&json!("path"), &json!(42)));
    assert_eq!(operation["security"], json!([{"bearer": []}]));
    assert_eq!(document["components"]["securitySchemes"]["bearer"], json!({"type": "http", "scheme": "bearer"}));
    let ok = &operation["responses"]["200"]["content"]["application/json"]["examples"]["ada"]["value"];
    assert_eq!(ok, &json!({"name": "Ada", "echo": "••••••••"}));
    assert_eq!(operation["x-hookwright-faults"], json!([{"case": "broken", "fault": "tls"}]));
}

#[test]
fn nothing_to_export_is_wrong_use() {
    for arguments in [["export", "wiremock"], ["export", "openapi"]] {
        assert_eq!(Project::new().run(&arguments).code, 2);
    }
    let project = Project::new().file("specs/crm.toml", USER);
    assert_eq!(project.run(&["export", "openapi", "--output", "missing/openapi.json"]).code, 2);
    assert_eq!(project.run(&["export", "openapi", "--server", "mock.example.com"]).code, 2);
    assert_eq!(project.run(&["export", "wiremock", "--output", "specs/crm.toml"]).code, 2);
}

#[test]
fn a_reply_with_values_of_the_request_has_those_of_its_case_and_says_so() {
    let spec = "[action]\nname = \"Get\"\nmethod = \"GET\"\nurl = \"https://a.example.com/users/{id}\"\n\
                [[case]]\nname = \"one\"\ngiven.user.id = 7\nreply = { template = true, json = { id = \"{id}\" } }\n";
    let project = Project::with(spec);
    let said = project.run(&["export", "wiremock"]);
    assert!(said.out.contains(r#"{\"id\":7}"#) && !said.out.contains("{id}\\\""), "{}", said.out);
    assert!(said.err.contains("the reply of `one` uses values of the request"), "{}", said.err);
    let said = project.run(&["export", "openapi"]);
    assert!(said.out.contains("\"id\": 7"), "{}", said.out);
}
