//! `hookwright send`: what is sent, what is shown, and where requests may go.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value as Json, json};

use super::server::{Server, reply};
use super::support::{PLAIN, Project, Said, TICKET, keys};

const KEY: (&str, &str) = ("HOOKWRIGHT_SECRET_API_KEY", "real-9f8e7d6c");

/// Sends `specs/a.toml` with a real key.
fn send(project: &Project, arguments: &[&str]) -> Said {
    let all: Vec<&str> = ["send", "specs/a.toml"].iter().chain(arguments).copied().collect();
    project.run_with(&all, &[KEY])
}

#[test]
fn the_panel_shows_request_reply_outcome_and_time() {
    let server = Server::json(201, r#"{"data":{"id":7,"agent":"Ada"},"you":"real-9f8e7d6c"}"#);
    let project = Project::with(TICKET);
    let said = send(&project, &["--base-url", &server.url()]).ends(0).says_not("real-9f8e7d6c").says_not("k-12345678");
    for part in [
        &format!("request\n  POST {}/tickets?user=7\n  X-Channel: web\n", server.url()),
        "  Authorization: Bearer ••••••••\n\n  {\n    \"title\": \"TV\",\n    \"age\": 36\n  }\n",
        "\nreply\n  201\n  content-type: application/json\n",
        "    \"you\": \"••••••••\"\n",
        "\noutcome\n  exit: 2xx\n  success: true\n  user.ticket_id = 7 (int)\n  session.agent = \"Ada\" (string)\n",
        "\ntook: ",
        "\nmasked: request.headers.Authorization, reply.body\n",
    ] {
        assert!(said.out.contains(part), "{part} is not in:\n{}", said.out);
    }
    let request = server.only();
    assert_eq!(request.line, "POST /tickets?user=7 HTTP/1.1");
    assert_eq!(request.header("Authorization"), Some("Bearer real-9f8e7d6c"));
    assert_eq!(request.header("Host"), Some(&*server.address.to_string()));
    assert_eq!(request.body, r#"{"title":"TV","age":36}"#);
    let contents = request.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    assert_eq!(contents.count(), 1);
    for added in ["Cookie", "Accept-Encoding", "Transfer-Encoding"] {
        assert_eq!(request.header(added), None, "{added}");
    }
}

#[test]
fn the_json_is_an_exchange() {
    let server = Server::json(201, r#"{"data":{"id":7}}"#);
    let project = Project::ticket("[[case]]\nname = \"one\"\n");
    let json = send(&project, &["--base-url", &server.url(), "--format", "json"]).ends(0).json();
    let expected = [
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
    assert_eq!(keys(&json), expected);
    assert_eq!((&json["spec"], &json["case"], &json["sent"]), (&json!("specs/a.toml"), &json!("one"), &json!(true)));
    assert_eq!(json["reply"]["body"], r#"{"data":{"id":7}}"#);
    assert_eq!(json["outcome"]["attributes"]["user.ticket_id"], 7);
    assert!(json["duration_ms"].as_f64().is_some_and(|taken| taken > 0.0));
}

const MOMENT: &str = r#"
[action]
name = "Moment"
method = "GET"
url = "https://a.example.com/{day}"
[action.auth]
type = "header"
[action.auth.headers]
X-Key = "{secret.api_key}"
X-Id = "{_auth.uuid}"
X-Time = "{_auth.timestamp}"
[[case]]
name = "long ago"
now = 2001-01-01T00:00:00Z
uuid = "7d9f1c1e-0000-4000-8000-000000000001"
[case.given]
user.day = "monday"
secret.api_key = "of-the-case"
"#;

#[test]
fn clock_ids_and_secrets_are_real_and_never_those_of_the_case() {
    let server = Server::json(200, "{}");
    let project = Project::with(MOMENT);
    for _ in 0..2 {
        send(&project, &["--case", "long ago", "--base-url", &server.url()]).ends(0);
    }
    let requests = server.requests();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock").as_secs();
    for request in &requests {
        assert_eq!(request.line, "GET /monday HTTP/1.1");
        assert_eq!(request.header("X-Key"), Some(KEY.1));
        let sent: u64 = request.header("X-Time").and_then(|time| time.parse().ok()).expect("a time");
        assert!(now.abs_diff(sent) < 60, "{sent}");
        let id = uuid::Uuid::parse_str(request.header("X-Id").expect("an id")).expect("a UUID");
        assert_eq!(id.get_version_num(), 4);
    }
    assert_ne!(requests[0].header("X-Id"), requests[1].header("X-Id"));
    project.run(&["send", "specs/a.toml", "--base-url", &server.url()]).ends(1).says("secret-missing");
    let given = ["send", "specs/a.toml", "--base-url", &server.url(), "--given", "secret.api_key=typed-123"];
    project.run(&given).ends(0).says_not("typed-123");
    let requests = server.requests();
    assert_eq!((requests.len(), requests[2].header("X-Key")), (3, Some("typed-123")));
}

#[test]
fn findings_are_told_and_do_not_stop_it() {
    let server = Server::json(200, "{}");
    let project = Project::with(&PLAIN.replace("/ping\"", "/ping?x={x | upper}\""));
    let url = server.url();
    let arguments = ["send", "specs/a.toml", "--base-url", &url, "--given", "x=a"];
    project.run(&arguments).ends(0).says("the lints find errors: `hookwright lint specs/a.toml`");
    assert_eq!(server.only().line, "GET /ping?x=a HTTP/1.1");
    send(&Project::with(TICKET), &["--base-url", &url]).ends(0).says_not("the lints");
}

#[test]
fn how_it_ends() {
    let project = Project::with(TICKET);
    let at = |status: u16| send(&project, &["--base-url", &Server::json(status, "{}").url()]).code;
    assert_eq!([200, 302, 404, 500].map(at), [0, 0, 1, 1]);
    send(&project, &["--base-url", "http://127.0.0.1:1"]).ends(1).says("connection-refused");
    for (arguments, why) in [
        (vec!["--base-url", "http://127.0.0.1:1/v1"], "has a path"),
        (vec!["--base-url", "127.0.0.1:1"], "no scheme"),
        (vec!["--env", "staging"], "no environment `staging`"),
        (vec!["--env", "staging", "--base-url", "http://127.0.0.1:1"], "cannot be used with"),
        (vec!["--case", "none"], "no case of `specs/a.toml` is named `none`"),
        (vec!["--given", "x"], "neither NAME=VALUE nor @FILE"),
        (vec!["--allow-host", "a b"], "is no host"),
    ] {
        send(&project, &arguments).ends(2).says(why);
    }
    project.run(&["send", "specs/none.toml"]).ends(2);
    project.write("specs/b.flow.toml", "name = \"x\"\n");
    project.run(&["send", "specs/b.flow.toml"]).ends(2);
    project.write("specs/c.toml", "[action]\nname = \"x\"\n");
    project.run(&["send", "specs/c.toml"]).ends(1).says("nothing to send");
}

#[test]
fn values_come_from_the_one_case_or_from_the_defaults() {
    let server = Server::json(200, "{}");
    let url = server.url();
    let spec = PLAIN.replace("/ping\"", "/{a}/{b}\"");
    let base = ["send", "specs/a.toml", "--base-url", &url];
    let one =
        "[defaults.given.user]\na = \"default\"\nb = \"default\"\n[[case]]\nname = \"x one\"\ngiven.user.b = \"one\"\n";
    let project = Project::with(&format!("{spec}{one}"));
    project.run(&base).ends(0).says("with the values of the case `x one`");
    project.write("specs/a.toml", format!("{spec}{one}[[case]]\nname = \"x two\"\ngiven.user.b = \"two\"\n"));
    project.run(&base).ends(0);
    project.run(&[&base[..], &["--case", "two", "--given", "a=7"]].concat()).ends(0);
    project.run(&[&base[..], &["--case", "x"]].concat()).ends(2).says("several cases: `x one`, `x two`");
    let lines: Vec<String> = server.requests().into_iter().map(|request| request.line).collect();
    assert_eq!(lines, ["GET /default/one HTTP/1.1", "GET /default/default HTTP/1.1", "GET /7/two HTTP/1.1"]);
}

#[test]
fn what_is_missing_is_told_and_sent_as_the_platform_has_it() {
    let server = Server::json(200, "{}");
    let project = Project::with(&PLAIN.replace("/ping\"", "/ping?a={a}&b={b}\""));
    let arguments = ["send", "specs/a.toml", "--base-url", &server.url(), "--given", "a=1"];
    project.feed(&arguments, "not an answer\n").ends(0).says("nothing is given for `user.b`");
    assert_eq!(server.only().line, "GET /ping?a=1&b= HTTP/1.1");
}

/// What `send` says with the action's host in the manifest's globals.
fn through_globals(server: &Server, url: &str, arguments: &[&str]) -> Json {
    let manifest = format!(
        "[global]\nbase = {}\n[environments.staging.hosts]\n\"localhost:1\" = \"{}\"\n[environments.other.global]\nbase = \"{}\"\n",
        json!(url),
        server.url(),
        server.url(),
    );
    let spec = PLAIN.replace("https://ping.example.com", "{global.base}");
    let project =
        Project::with(&spec).file("hookwright.toml", manifest).file("values.toml", format!("global.base = \"{url}\""));
    let all: Vec<&str> = ["send", "specs/a.toml", "--format", "json"].iter().chain(arguments).copied().collect();
    project.run(&all).json()
}

#[test]
fn only_hosts_that_were_named_are_reached() {
    let server = Server::json(200, "{}");
    let (url, address) = (server.url(), server.address.to_string());
    for blocked in [
        through_globals(&server, &url, &[]),
        through_globals(&server, &url, &["--given", "@values.toml"]),
        through_globals(&server, &url, &["--allow-host", "27.0.0.1"]),
        through_globals(&server, "http://localhost:2", &["--env", "staging"]),
    ] {
        assert_eq!(blocked["error"]["kind"], "network-blocked", "{blocked:#}");
        assert_eq!(blocked["sent"], false);
    }
    assert_eq!(server.requests().len(), 0);
    let given = format!("global.base={url}");
    for reached in [
        through_globals(&server, &url, &["--allow-host", "127.0.0.1"]),
        through_globals(&server, &url, &["--allow-host", &address]),
        through_globals(&server, "http://localhost:1", &["--given", &given]),
        through_globals(&server, "http://localhost:1", &["--base-url", &url]),
        through_globals(&server, "http://localhost:1", &["--env", "staging"]),
        through_globals(&server, "http://localhost:1", &["--env", "other"]),
    ] {
        assert_eq!(reached["reply"]["status"], 200, "{reached:#}");
    }
    assert_eq!(server.requests().len(), 6);
}

#[test]
fn a_reply_in_the_spec_names_no_host() {
    let server = Server::json(200, "{}");
    let manifest = format!("[global]\nbase = \"{}\"\n", server.url());
    let spec = format!(
        "# {0}\n{1}[[case]]\nname = \"one\"\nreply.json = {{ next = \"{0}\" }}\n",
        server.url(),
        PLAIN.replace("https://ping.example.com", "{global.base}")
    );
    let project = Project::with(&spec).file("hookwright.toml", manifest);
    send(&project, &[]).ends(1).says("network-blocked");
    assert_eq!(server.requests().len(), 0);
    project.write("specs/a.toml", spec.replace("reply.json", "given.user.from"));
    send(&project, &[]).ends(0);
}

#[test]
fn a_redirect_is_not_followed() {
    let server = Server::saying(reply(302, "Location: /ping\r\nSet-Cookie: a=b\r\n", ""));
    let project = Project::with(PLAIN);
    let json = project.run(&["send", "specs/a.toml", "--base-url", &server.url(), "--format", "json"]).ends(0).json();
    assert_eq!((&json["reply"]["status"], &json["outcome"]["exit"]), (&json!(302), &json!("3xx")));
    assert_eq!(server.only().line, "GET /ping HTTP/1.1");
}

#[test]
fn a_proxy_of_the_environment_is_for_real_sending_alone() {
    let proxy = Server::json(200, r#"{"answer":"through the proxy"}"#);
    let project = Project::with(&format!(
        "{}[[case]]\nname = \"one\"\nreply.json = {{ answer = \"of the case\" }}\n",
        PLAIN.replace("https", "http")
    ));
    let url = proxy.url();
    let variables = [("HTTP_PROXY", &*url), ("http_proxy", &*url), ("ALL_PROXY", &*url)];
    project.run_with(&["test"], &variables).says_not("through the proxy").says("1 new");
    assert_eq!(proxy.requests().len(), 0);
    let said = project.run_with(&["send", "specs/a.toml"], &variables).ends(0).says("through the proxy");
    assert_eq!(proxy.only().line, "GET http://ping.example.com/ping HTTP/1.1", "{}", said.out);
}

#[test]
fn an_environment_replaces_hosts_and_globals() {
    let server = Server::json(200, "{}");
    let manifest = format!(
        "[global]\nv = \"1\"\n[environments.staging]\nhosts = {{ \"ping.example.com\" = \"{}\" }}\nglobal = {{ v = \"2\" }}\n",
        server.url()
    );
    let project = Project::with(&PLAIN.replace("/ping\"", "/{global.v}\"")).file("hookwright.toml", manifest);
    project.run(&["send", "specs/a.toml", "--env", "staging"]).ends(0);
    assert_eq!(server.only().line, "GET /2 HTTP/1.1");
}

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
"#;

#[test]
fn a_token_is_fetched_first_and_shown_masked() {
    let server = Server::with(|stream, request| {
        use std::io::Write;
        let body = match request.line.contains("/token") {
            true => r#"{"access_token":"tok-abcdef12","token_type":"Bearer","expires_in":60}"#,
            false => r#"{"you":"tok-abcdef12","basic":"Ym90OnJlYWwtc2VjcmV0IQ=="}"#,
        };
        let _ = stream.write_all(&reply(200, "Content-Type: application/json\r\n", body));
    });
    let project = Project::with(OAUTH);
    let variables = [("HOOKWRIGHT_SECRET_CLIENT_SECRET", "real-secret!")];
    for format in ["human", "json"] {
        let arguments = ["send", "specs/a.toml", "--base-url", &server.url(), "--format", format];
        let said = project.run_with(&arguments, &variables).ends(0);
        for secret in ["real-secret", "tok-abcdef12", "Ym90OnJlYWwtc2VjcmV0I"] {
            assert!(!said.all().contains(secret), "{secret} in {}", said.all());
        }
        assert!(said.out.contains("grant_type=client_credentials"));
    }
    let authorizations: Vec<String> =
        server.requests().iter().filter_map(|request| request.header("Authorization").map(str::to_string)).collect();
    assert_eq!(authorizations[..2], ["Basic Ym90OnJlYWwtc2VjcmV0JTIx", "Bearer tok-abcdef12"]);
}
