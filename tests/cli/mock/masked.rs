//! No endpoint shows a secret.

use serde_json::json;

use super::api::{CASES, ask};
use super::support::Mock;
use crate::cli::support::Project;

#[test]
fn no_endpoint_shows_a_secret() {
    const SECRET: &str = "k-12345678";
    let project = Project::ticket(CASES);
    let journal = project.path("journal").display().to_string();
    let mock = Mock::start(&project, &["--journal", &journal]);
    ask(&mock, 7, "TV");
    // In the body, the path, a query, a header that nobody expects, and as Base64.
    ask(&mock, 7, SECRET);
    mock.request("POST", &format!("/a/tickets?user={SECRET}"), &[("x-other", SECRET)], "");
    mock.request("POST", "/a/tickets?user=7", &[("authorization", "Basic azprLTEyMzQ1Njc4"), ("cookie", SECRET)], "");
    mock.request("GET", "/nowhere", &[("authorization", "Bearer another-secret-of-somebody")], "");
    // Where it belongs to no action, in the method, and where the log cuts a body.
    let mut said = mock.request("POST", &format!("/nowhere?key={SECRET}"), &[("x-other", SECRET)], SECRET).text();
    mock.request(SECRET, "/a/tickets?user=7", &[], "");
    let long = [&"x".repeat(64 * 1024 - 5), SECRET, &"x".repeat(1024)].concat();
    mock.request("POST", "/a/tickets?user=7", &[], long);
    for id in 1..=8 {
        for what in ["", "/case", "/curl"] {
            let reply = mock.get(&format!("/__hookwright/requests/{id}{what}"));
            assert!([200, 409].contains(&reply.status), "{id}{what}");
            said.push_str(&reply.text());
        }
        let replay = format!("/__hookwright/requests/{id}/replay");
        let wanted = json!({"url": "http://hookwright.invalid/", "allow_secrets": true}).to_string();
        said.push_str(&mock.request("POST", &replay, &[("content-type", "application/json")], wanted).text());
    }
    for what in ["requests", "requests?search=k-1234", "routes", "verify", "status", "openapi.json", ""] {
        said.push_str(&mock.get(&format!("/__hookwright/{what}")).text());
    }
    let found = mock.get(&format!("/__hookwright/requests?search={SECRET}")).json();
    assert_eq!(found["requests"], json!([]), "a search does not tell either");
    said.push_str(&project.read("journal"));
    assert!(said.len() > 10_000 && said.contains("••••••••"));
    for secret in [SECRET, &SECRET[..6], "another-secret-of-somebody", "azprLTEyMzQ1Njc4"] {
        let at = said.find(secret).map(|at| said[at.saturating_sub(200)..].chars().take(400).collect::<String>());
        assert_eq!(at, None, "{secret}");
    }
}
