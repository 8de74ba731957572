//! `send --env` and `--base-url`: where requests and their tokens go, and what is said of it.

use super::server::Server;
use super::support::{PLAIN, Project};

const OAUTH: &str = r#"
[action]
name = "Orders"
method = "GET"
url = "https://shop.example.com/orders"
[action.auth]
type = "oauth2"
token_url = "https://shop.example.com:443/token"
client_id = "bot"
client_secret = "{secret.client_secret}"
"#;

const SECRET: (&str, &str) = ("HOOKWRIGHT_SECRET_CLIENT_SECRET", "s3cret-s3cret");

fn staging(project: Project, host: &str, server: &Server) -> Project {
    let manifest = format!("[environments.staging]\nhosts = {{ \"{host}\" = \"{}\" }}\n", server.url());
    project.file("hookwright.toml", manifest)
}

fn tokens() -> Server {
    Server::json(200, r#"{"access_token":"t0ken-t0ken","token_type":"Bearer"}"#)
}

#[test]
fn a_host_is_replaced_however_it_is_spelled() {
    for (host, url) in [
        ("ping.example.com", "https://ping.example.com:443/ping"),
        ("PING.example.com:443", "https://ping.example.com/ping"),
        ("ping.example.com", "https://me:k-12345678@Ping.Example.com./ping"),
    ] {
        let server = Server::json(200, "{}");
        let project = Project::with(&PLAIN.replace("https://ping.example.com/ping", url));
        staging(project, host, &server).run(&["send", "specs/a.toml", "--env", "staging"]).ends(0).says_not("in the place");
        assert_eq!(server.only().line, "GET /ping HTTP/1.1");
    }
}

#[test]
fn a_host_that_the_environment_does_not_replace_is_told() {
    let (server, staged) = (Server::json(200, "{}"), Server::json(200, "{}"));
    let project = Project::with(&PLAIN.replace("https://ping.example.com", &server.url()));
    let project = staging(project, "ping.example.com", &staged);
    let said = project.run(&["send", "specs/a.toml", "--env", "staging"]).ends(0);
    assert!(said.err.contains("the environment `staging` has no host in the place of `127.0.0.1`"), "{}", said.err);
    assert_eq!((server.requests().len(), staged.requests().len()), (1, 0));
    project.run(&["send", "specs/a.toml", "--env", "staging", "--quiet"]).ends(0).says_not("in the place");
}

#[test]
fn a_token_endpoint_at_the_actions_host_goes_where_the_action_goes() {
    let server = tokens();
    let project = Project::with(OAUTH);
    project.run_with(&["send", "specs/a.toml", "--base-url", &server.url()], &[SECRET]).ends(0);
    let lines: Vec<String> = server.requests().iter().map(|request| request.line.clone()).collect();
    assert_eq!(lines, ["POST /token HTTP/1.1", "GET /orders HTTP/1.1"]);
    let server = tokens();
    let project = staging(Project::with(OAUTH), "shop.example.com", &server);
    project.run_with(&["send", "specs/a.toml", "--env", "staging"], &[SECRET]).ends(0);
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn an_action_without_a_url_gets_no_token() {
    let (server, endpoint) = (tokens(), tokens());
    let spec = OAUTH.replace("https://shop.example.com:443", &endpoint.url()).replace("https://shop", "{global.none}shop");
    let project = Project::with(&spec);
    let said = project.run_with(&["send", "specs/a.toml", "--base-url", &server.url()], &[SECRET]);
    said.ends(1).says("invalid-url").says_not("token URL");
    assert_eq!((server.requests().len(), endpoint.requests().len()), (0, 0));
}

#[test]
fn a_host_that_is_not_replaced_is_told_once_for_all_cases() {
    let (server, staged) = (Server::json(200, "{}"), Server::json(200, "{}"));
    let case = |name: &str| format!("[[case]]\nname = \"{name}\"\n");
    let spec = format!("{}{}{}", PLAIN.replace("https://ping.example.com", &server.url()), case("one"), case("two"));
    let project = Project::with(&spec).file("specs/b.toml", format!("{PLAIN}{}", case("three")));
    let project = staging(project, "ping.example.com", &staged);
    let arguments = ["test", "--live", "--env", "staging"];
    let said = project.run(&arguments).ends(0).says("3 passed");
    let note = "the environment `staging` has no host in the place of `127.0.0.1`, so that is where requests went";
    assert_eq!(said.err.matches("in the place").count(), 1, "{}", said.err);
    assert!(said.err.contains(note), "{}", said.err);
    assert_eq!((server.requests().len(), staged.requests().len()), (2, 1));
    project.run(&[&arguments[..], &["specs/b.toml"]].concat()).ends(0).says_not("in the place");
    project.run(&[&arguments[..], &["--quiet"]].concat()).ends(0).says_not("in the place");
}

#[test]
fn a_host_is_allowed_on_the_port_that_is_named_with_it() {
    let server = Server::json(200, "{}");
    let spec = format!("{}[[case]]\nname = \"one\"\n", PLAIN.replace("https://ping.example.com", "{global.base}"));
    let project = Project::with(&spec).file("hookwright.toml", format!("[global]\nbase = \"{}\"\n", server.url()));
    let address = server.address.to_string();
    let refused = project.run(&["send", "specs/a.toml", "--allow-host", "127.0.0.1:1"]).ends(1);
    refused.says("network-blocked").says(&format!("the host `{address}` is named neither"));
    assert_eq!(server.requests().len(), 0);
    for allowed in [address.as_str(), "127.0.0.1"] {
        project.run(&["send", "specs/a.toml", "--allow-host", allowed]).ends(0);
    }
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn an_environment_has_scheme_host_and_port_alone() {
    let server = Server::json(200, "{}");
    let spec = format!("{}[[case]]\nname = \"one\"\n", PLAIN.replace("https://ping.example.com", &server.url()));
    for (written, what, place) in [
        ("https://b.example/v1", "a path", "/v1"),
        ("https://b.example?x=1", "a query or a fragment", "?x=1"),
        ("https://b.example#x", "a query or a fragment", "#x"),
        ("https://me:k-12345678@b.example", "a user name or a password", "me:k-12345678"),
        ("ftp://b.example", "a scheme other than `http` and `https`", "ftp"),
        ("https://", "no host", "https://"),
    ] {
        let manifest = format!("[environments.staging]\nhosts = {{ \"127.0.0.1\" = \"{written}\" }}\n");
        let project = Project::with(&spec).file("hookwright.toml", &manifest);
        let said = project.run(&["lint", "--format", "json"]).ends(1).says_not("k-12345678");
        let finding = &said.json()[0];
        assert_eq!(finding["lint"], "wrong-type", "{finding:#}");
        assert_eq!(finding["message"], format!("expected scheme, host and port alone, found {what}"));
        let offset = |end: &str| finding["span"][end]["offset"].as_u64().expect("an offset") as usize;
        assert_eq!(&manifest[offset("start")..offset("end")], place);
        project.run(&["lint"]).ends(1).says("hookwright.toml:2:").says_not("k-12345678");
        // A host that is not replaced would be reached itself.
        let why = format!(
            "the environment `staging` cannot be used: in its `hosts`: expected scheme, host and port alone, found {what}"
        );
        for arguments in [
            &["send", "specs/a.toml", "--env", "staging"][..],
            &["render", "specs/a.toml", "--env", "staging"],
            &["test", "--live", "--env", "staging"],
        ] {
            project.run(arguments).ends(2).says(&why).says_not("k-12345678");
        }
    }
    let manifest = "[environments.staging]\nhosts = { \"127.0.0.1\" = 1 }\n[environments.other]\n";
    let project = Project::with(&spec).file("hookwright.toml", manifest);
    project.run(&["send", "specs/a.toml", "--env", "staging"]).ends(2).says("cannot be used");
    assert_eq!(server.requests().len(), 0);
    project.run(&["send", "specs/a.toml", "--env", "other"]).ends(0);
}
