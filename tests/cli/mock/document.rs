//! The description of the control API, held against what it really says.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};

use super::api::{CASES, ask, try_ask};
use super::support::{Mock, Reply};
use crate::cli::support::Project;

/// The description, with which replies it was held against.
struct Described {
    document: Json,
    seen: BTreeSet<(String, String, u16)>,
}

impl Described {
    /// Asks, and holds the reply against what is described.
    fn ask(&mut self, mock: &Mock, method: &str, path: &str, target: &str, body: &str) -> Reply {
        let headers: &[(&str, &str)] = if body.is_empty() { &[] } else { &[("content-type", "application/json")] };
        let reply = mock.request(method, &format!("/__hookwright{target}"), headers, body);
        self.hold(method, path, &reply);
        reply
    }

    fn hold(&mut self, method: &str, path: &str, reply: &Reply) {
        let described = &self.document["paths"][path][method.to_ascii_lowercase()]["responses"][reply.status.to_string()];
        let described = match described["$ref"].as_str().and_then(|reference| reference.strip_prefix('#')) {
            Some(pointer) => &self.document.pointer(pointer).expect("a component").clone(),
            None => &described.clone(),
        };
        assert!(described.is_object(), "{method} {path} {} is not described: {}", reply.status, reply.text());
        self.seen.insert((method.to_string(), path.to_string(), reply.status));
        let Some((kind, content)) = described["content"].as_object().and_then(|content| content.iter().next()) else {
            assert!(reply.body.is_empty(), "{method} {path}");
            return;
        };
        let got = reply.header("content-type").unwrap_or_default();
        assert!(got.starts_with(kind.as_str()), "{method} {path}: {got}");
        if kind != "application/json" {
            return;
        }
        let schema = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$ref": content["schema"]["$ref"],
            "components": self.document["components"],
        });
        let validator = jsonschema::draft202012::options().should_validate_formats(true).build(&schema).expect("a schema");
        let told = reply.json();
        let wrong: Vec<String> =
            validator.iter_errors(&told).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(wrong.is_empty(), "{method} {path} {}: {wrong:#?}\n{told:#}", reply.status);
    }
}

fn all(document: &Json) -> BTreeSet<(String, String, u16)> {
    let mut all = BTreeSet::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations").iter().filter(|(method, _)| *method != "parameters")
        {
            for status in operation["responses"].as_object().expect("replies").keys() {
                all.insert((method.to_ascii_uppercase(), path.clone(), status.parse().expect("a status")));
            }
        }
    }
    all
}

#[test]
fn every_reply_is_as_it_is_described() {
    let project = Project::ticket(CASES);
    let journal = project.path("journal").display().to_string();
    let mock = Mock::start(&project, &["--journal", &journal]);
    let document = mock.get("/__hookwright/openapi.json").json();
    let mut described = Described { document, seen: BTreeSet::new() };
    let mut get = |path: &str, target: &str| described.ask(&mock, "GET", path, target, "").json();
    get("/openapi.json", "/openapi.json");
    get("/status", "/status");
    get("/verify", "/verify");
    ask(&mock, 7, "TV");
    try_ask(&mock, 99, "Lamp");
    mock.request("POST", "/a/tickets?user=x", &[], vec![0xff, 0xfe]);
    mock.get("/nowhere/at/all");
    ask(&mock, 13, &"x".repeat(70_000));
    for id in 1..=5 {
        get("/requests/{id}", &format!("/requests/{id}"));
    }
    get("/requests", "/requests");
    get("/requests", "/requests?limit=x");
    get("/routes", "/routes");
    get("/status", "/status");
    get("/verify", "/verify?expect=all-cases");
    get("/verify", "/verify?expect=x");
    for (id, status) in [("1", 200), ("x", 400), ("99", 404), ("5", 409)] {
        for what in ["case", "curl"] {
            let path = format!("/requests/{{id}}/{what}");
            let reply = described.ask(&mock, "GET", &path, &format!("/requests/{id}/{what}"), "");
            assert_eq!(reply.status, status, "{what} {id}");
        }
    }
    described.ask(&mock, "GET", "/requests/{id}", "/requests/x", "");
    described.ask(&mock, "GET", "/requests/{id}", "/requests/99", "");
    let replay = "/requests/{id}/replay";
    let here = json!({"url": mock.url}).to_string();
    for (id, body, status) in [
        ("1", here.as_str(), 200),
        ("1", "{}", 400),
        ("99", &here, 404),
        ("5", &here, 409),
        ("1", r#"{"url": "http://hookwright.invalid/"}"#, 502),
    ] {
        let reply = described.ask(&mock, "POST", replay, &format!("/requests/{id}/replay"), body);
        assert_eq!(reply.status, status, "{body}: {}", reply.text());
    }
    described.ask(&mock, "DELETE", "/requests", "/requests", "");
    described.ask(&mock, "POST", "/reset", "/reset", "");
    refusals_are_described(&mock, &mut described);
    let mut events = mock.request("HEAD", "/__hookwright/events", &[], "");
    described.hold("GET", "/events", &events);
    // That too many look on is seen in `looking_on`.
    events.status = 503;
    described.seen.insert(("GET".into(), "/events".into(), 503));
    let unseen: Vec<_> = all(&described.document).difference(&described.seen).cloned().collect();
    assert!(unseen.is_empty(), "described and never seen: {unseen:?}");
    opened_ones_are_described(&project, &journal, &mut described);
}

/// What is refused before an endpoint is asked.
fn refusals_are_described(mock: &Mock, described: &mut Described) {
    let operations: BTreeSet<(String, String)> =
        all(&described.document).into_iter().map(|(method, path, _)| (method, path)).collect();
    for (method, path) in operations {
        let target = format!("/__hookwright{}", path.replace("{id}", "1"));
        let text = "text/plain";
        let mut refused = vec![
            (403, mock.request(&method, &target, &[("origin", "https://evil.example")], "")),
            (405, mock.request("PATCH", &target, &[], "")),
        ];
        if method != "GET" {
            refused.push((415, mock.request(&method, &target, &[("content-type", text)], "x")));
        }
        if path.ends_with("/replay") {
            let long = " ".repeat(64 * 1024 + 1);
            refused.push((413, mock.request(&method, &target, &[("content-type", "application/json")], long)));
        }
        for (status, reply) in refused {
            assert_eq!(reply.status, status, "{method} {path}: {}", reply.text());
            described.hold(&method, &path, &reply);
        }
    }
}

/// The same of exchanges that were read from a journal.
fn opened_ones_are_described(project: &Project, journal: &str, described: &mut Described) {
    let mock = Mock::start(project, &["--open", journal]);
    let list = described.ask(&mock, "GET", "/requests", "/requests", "").json();
    let items = list["requests"].as_array().expect("a list");
    assert!(items.len() >= 5, "{list:#}");
    for item in items {
        let whole = described.ask(&mock, "GET", "/requests/{id}", &format!("/requests/{}", item["id"]), "").json();
        assert_eq!(whole["from_journal"], true);
    }
}
