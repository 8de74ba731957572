//! `hookwright test --live` with real secrets and tokens: who gets them, and who never sees them.

use std::io::Write;

use super::live::{ANSWER, JSON, live};
use super::server::{Server, reply};
use super::support::{PLAIN, Project, TICKET};

const OAUTH: &str = r#"
[action]
name = "Orders"
method = "GET"
url = "https://shop.example.com/orders"
[action.auth]
type = "oauth2"
token_url = "https://shop.example.com/token"
client_id = "bot"
client_secret = "{secret.client_secret}"
[defaults]
given.secret.client_secret = "of-the-case"
"#;

#[test]
fn a_token_is_fetched_once_for_all_cases_and_never_shown() {
    let server = Server::with(|stream, request| {
        let body = match request.line.contains("/token") {
            true => r#"{"access_token":"tok-abcdef12","token_type":"Bearer","expires_in":600}"#,
            false => r#"{"you":"tok-abcdef12","basic":"Ym90OnJlYWwtc2VjcmV0IQ=="}"#,
        };
        let _ = stream.write_all(&reply(200, JSON, body));
    });
    let case = |number: usize| {
        format!(
            "[[case]]\nname = \"number {number}\"\nexpect.token_request.headers.Authorization = {{ contains = \"Basic \" }}\n"
        )
    };
    let project = Project::with(&format!("{OAUTH}{}", (0..12).map(case).collect::<String>()));
    let url = server.url();
    let arguments = ["test", "--live", "--base-url", &url, "--jobs", "6", "--format", "json"];
    let said = project.run_with(&arguments, &[("HOOKWRIGHT_SECRET_CLIENT_SECRET", "real-secret!")]).ends(0);
    for secret in ["real-secret", "tok-abcdef12", "Ym90OnJlYWwtc2VjcmV0I"] {
        assert!(!said.all().contains(secret), "{secret} in {}", said.all());
    }
    let (asked, called): (Vec<_>, Vec<_>) =
        server.requests().into_iter().partition(|request| request.line.contains("/token"));
    assert_eq!((asked.len(), called.len()), (1, 12));
    assert!(called.iter().all(|request| request.header("Authorization") == Some("Bearer tok-abcdef12")));
    assert_eq!(asked[0].header("Authorization"), Some("Basic Ym90OnJlYWwtc2VjcmV0JTIx"));
}

#[test]
fn a_secret_of_another_case_is_masked_too() {
    let server = Server::json(200, r#"{"answer":"real-9f8e7d6c cmVhbC05ZjhlN2Q2Yw=="}"#);
    let ticket = TICKET.replace("POST", "GET").replace("body = ", "# ");
    let project =
        Project::with(&format!("{ticket}[[case]]\nname = \"one\"\n")).file("specs/b.toml", format!("{PLAIN}{ANSWER}"));
    for format in ["human", "json", "junit", "github"] {
        let said = live(&project, &server, &["--format", format]);
        said.says_not("real-9f8e7d6c").says_not("cmVhbC05ZjhlN2Q2Yw");
    }
    assert_eq!(server.requests().len(), 8);
}

#[cfg(unix)]
#[test]
fn a_secrets_file_that_others_can_read_stops_everything() {
    use std::os::unix::fs::PermissionsExt;
    let server = Server::json(200, "{}");
    let project =
        Project::ticket("[[case]]\nname = \"one\"\n").file(".hookwright-secrets.toml", "api_key = \"k-secret-1\"\n");
    std::fs::set_permissions(project.path(".hookwright-secrets.toml"), PermissionsExt::from_mode(0o644)).expect("a mode");
    live(&project, &server, &["--yes"]).ends(2).says("chmod 600").says_not("k-secret-1");
    assert_eq!(server.requests().len(), 0);
}
