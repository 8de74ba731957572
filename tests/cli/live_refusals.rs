//! `hookwright test --live`: cases that fail before anything is sent, and what is said of them.

use serde_json::{Value as Json, json};

use super::live::{ANSWER, live};
use super::server::Server;
use super::support::{PLAIN, Project, texts};

fn server() -> Server {
    Server::json(200, r#"{"answer":"x"}"#)
}

#[test]
fn a_request_that_is_not_the_expected_one_is_not_sent() {
    let server = server();
    let project = Project::plain(&format!("{ANSWER}expect.request.url = \"https://ping.example.com/pong\"\n"));
    let said = live(&project, &server, &[]).ends(1);
    let expected = "\
failed specs/a.toml: one
error: its request is not the expected one, so it was not sent
error: request url: expected `https://ping.example.com/pong`";
    assert!(said.out.starts_with(expected), "{}", said.out);
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn a_request_that_cannot_be_built_fails_unless_its_error_is_expected() {
    let server = server();
    let header = PLAIN.replace("/ping\"", "/ping\"\nheaders = { X-A = \"{a}\" }");
    let url = PLAIN.replace("https://ping.example.com/ping", "{a}/ping");
    let body = PLAIN.replace("/ping\"", "/ping\"\nbody = '{ \"a\": {a} }'").replace("GET", "POST");
    let body = format!("expect_lints = [\"unquoted-reference-in-json\"]\n{body}");
    for (kind, spec, value) in
        [("invalid-header", header, "x\\r\\ny"), ("invalid-url", url, "x y"), ("invalid-body", body, "}")]
    {
        let case = format!("[[case]]\nname = \"one\"\ngiven.user.a = \"{value}\"\n");
        let ends = |expect: &str, code: i32| live(&Project::with(&format!("{spec}{case}{expect}")), &server, &[]).ends(code);
        ends("", 1).says(&format!("error: `{kind}`: "));
        ends("expect.request.headers.X-B = \"b\"\n", 1).says("not sent");
        ends("expect.error = \"timeout\"\n", 1).says(&format!("expected the error `timeout`, got `{kind}`"));
        ends(&format!("expect.error = \"{kind}\"\n"), 0).says("1 passed");
        ends("expect.sent = false\n", 0).says("1 passed");
    }
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn nothing_is_sent_where_nothing_is_to_be_sent() {
    let server = server();
    let project = Project::plain(&format!("{ANSWER}expect.sent = false\n"));
    let said = live(&project, &server, &[]).ends(1);
    let expected = "\
failed specs/a.toml: one
error: its request is not the expected one, so it was not sent
error: expected that no request is sent, but one would be";
    assert!(said.out.starts_with(expected), "{}", said.out);
    let json = live(&project, &server, &["--format", "json"]).ends(1).json();
    assert_eq!(json["cases"][0]["exchange"]["sent"], json!(false));
    assert_eq!(server.requests().len(), 0);
}

const TOKEN: &str = r#"
[action]
name = "Orders"
method = "GET"
url = "https://shop.example.com/orders"
headers = { X-A = "{a}" }
[action.auth]
type = "oauth2"
token_url = "https://shop.example.com/token"
client_id = "bot"
client_secret = "s3cret-s3cret"
[[case]]
name = "one"
given.user.a = "x\r\ny"
"#;

#[test]
fn no_token_is_asked_for_where_nothing_is_to_be_sent() {
    let server = Server::json(200, r#"{"access_token":"t0ken-t0ken","token_type":"Bearer"}"#);
    let project = Project::with(&format!("{TOKEN}expect = {{ error = \"invalid-header\", sent = false }}\n"));
    live(&project, &server, &[]).ends(2).says("it expects that nothing is sent, and a token would be asked for");
    assert_eq!(server.requests().len(), 0);
    live(&Project::with(&format!("{TOKEN}expect.error = \"invalid-header\"\n")), &server, &[]).ends(0);
    assert_eq!(server.only().line, "POST /token HTTP/1.1");
}

#[test]
fn a_mask_is_not_the_same_as_bullets() {
    let server = server();
    let auth = |value: &str| {
        let auth =
            format!("[action.auth]\ntype = \"header\"\n[action.auth.headers]\nX-A = \"{value}\"\n[action.response.2xx]");
        format!("{}{ANSWER}", PLAIN.replace("[action.response.2xx]", &auth))
    };
    let manifest = "[secrets]\nnames = [\"api_key\"]\n";
    let project = Project::with(&auth("{secret.api_key}")).file("hookwright.toml", manifest);
    project.approve();
    live(&project, &server, &[]).ends(0);
    project.write("specs/a.toml", auth("••••••••"));
    let said = live(&project, &server, &[]).ends(1).says("the request differs from that in snapshots/a/one.snap");
    said.says("   X-A: ••••••••\n-\n-masked: request.headers.X-A\n");
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_case_with_nothing_to_run_has_failed() {
    let server = server();
    let project = Project::plain(ANSWER);
    project.write("specs/b.toml", "[action]\nname = \"x\"\n[[case]]\nname = \"nothing\"\n");
    let json = live(&project, &server, &["--format", "json"]).ends(1).json();
    assert_eq!(json["summary"], json!({"passed": 1, "failed": 1, "new": 0, "total": 2}));
    let case = &json["cases"][1];
    assert_eq!((&case["case"], &case["status"], &case["exchange"]), (&json!("nothing"), &json!("failed"), &Json::Null));
    let why = texts(&case["failures"]).remove(0);
    assert_eq!(why, texts(&project.test_json(&[])["cases"][1]["failures"])[0]);
    assert!(why.starts_with("there is nothing to run: "), "{why}");
    live(&project, &server, &["specs/b.toml"]).ends(1).says(&why).says("0 passed, 1 failed\n");
    assert_eq!(server.requests().len(), 1);
}
