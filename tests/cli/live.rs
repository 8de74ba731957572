//! `hookwright test --live`: what is sent to a real service, what of its replies is checked, and what is not sent.

use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value as Json, json};

use super::server::{Server, reply};
use super::support::{PLAIN, Project, Said, TICKET, keys, texts};

const KEY: (&str, &str) = ("HOOKWRIGHT_SECRET_API_KEY", "real-9f8e7d6c");
pub const JSON: &str = "Content-Type: application/json\r\n";

pub fn live(project: &Project, server: &Server, more: &[&str]) -> Said {
    let url = server.url();
    let all: Vec<&str> = ["test", "--live", "--base-url", &url].iter().chain(more).copied().collect();
    project.run_with(&all, &[KEY])
}

fn live_json(project: &Project, server: &Server, more: &[&str]) -> Json {
    live(project, server, &[&["--format", "json"], more].concat()).json()
}

/// The failures of the one case.
fn failures(project: &Project, server: &Server, more: &[&str]) -> Vec<String> {
    let json = live_json(project, server, more);
    assert_eq!(json["cases"].as_array().map(Vec::len), Some(1), "{json:#}");
    texts(&json["cases"][0]["failures"])
}

/// A server that answers the first requests with this status, then with 200.
fn failing_at_first(times: usize, status: u16, headers: &'static str) -> Server {
    let asked = AtomicUsize::new(0);
    Server::with(move |stream, _| {
        let status = if asked.fetch_add(1, Ordering::SeqCst) < times { status } else { 200 };
        let _ = stream.write_all(&reply(status, &format!("{headers}{JSON}"), r#"{"answer":"x"}"#));
    })
}

pub const ANSWER: &str = "[[case]]\nname = \"one\"\nreply.json = { answer = \"recorded\" }\n";

#[test]
fn a_service_that_answers_as_recorded_passes_and_no_snapshot_is_read_or_written() {
    let server = Server::json(200, r#"{"answer":"another","more":1}"#);
    let project = Project::plain(&format!("{ANSWER}expect.attributes.answer = \"another\"\n"));
    let said = live(&project, &server, &[]).ends(0).says("1 passed\n").says("1 case does not have an approved snapshot");
    assert!(!said.out.contains("new"), "{}", said.out);
    assert!(!project.exists("snapshots"));
    assert_eq!(server.only().line, "GET /ping HTTP/1.1");
    let json = live_json(&project, &server, &[]);
    assert_eq!(json["summary"], json!({"passed": 1, "failed": 0, "new": 0, "total": 1}));
    assert_eq!(json["orphans"], json!([]));
    let case = &json["cases"][0];
    assert_eq!(keys(case), ["spec", "case", "status", "snapshot", "failures", "exchange"]);
    assert_eq!((&case["status"], &case["snapshot"]), (&json!("passed"), &json!("none")));
    assert_eq!(case["exchange"]["request"]["url"], format!("{}/ping", server.url()));
    assert_eq!(case["exchange"]["reply"]["body"], r#"{"answer":"another","more":1}"#);
    assert_eq!(case["exchange"]["outcome"]["attributes"]["user.answer"], "another");
}

#[test]
fn what_is_expected_is_held_against_the_service() {
    let server = Server::json(200, r#"{"answer":"live"}"#);
    let expecting = |expect: &str| Project::plain(&format!("{ANSWER}{expect}\n"));
    for (expect, failure) in [
        ("expect.attributes.answer = \"recorded\"", "`user.answer`: expected \"recorded\", got \"live\""),
        ("expect.success = false", "expected success false, got true"),
        ("expect.exit = \"4xx\"", "expected the exit `4xx`, got `2xx`"),
        ("expect.error = \"timeout\"", "expected the error `timeout`, got a reply with status 200"),
        ("expect.null = [\"user.answer\"]", "`user.answer`: expected null (empty), got \"live\""),
        ("expect.not_written = [\"answer\"]", "expected `user.answer` not to be written, got \"live\""),
        ("expect.log = [\"nothing\"]", "expected the log to contain `nothing`, got nothing"),
    ] {
        assert_eq!(failures(&expecting(expect), &server, &[]), [failure], "{expect}");
        live(&expecting(expect), &server, &[]).ends(1).says("1 failed").says(failure);
    }
}

#[test]
fn a_reply_is_held_against_the_recorded_one_by_shape() {
    let recorded = r#"reply.json = { data = { items = [{ price = 1, name = "a" }], none = [] }, answer = "x" }"#;
    let project = Project::plain(&format!("[[case]]\nname = \"one\"\n{recorded}\n"));
    let fits = r#"{"answer":"y","data":{"none":[1],"items":[{"price":2.5,"name":"b"},{"name":"c","price":3,"x":1}]}}"#;
    assert_eq!(failures(&project, &Server::json(200, fits), &[]), [""; 0]);
    let differs = r#"{"answer":null,"data":{"items":[{"price":1,"name":"a"},{"price":"nine"}]}}"#;
    let server = Server::json(200, differs);
    let expected = [
        "reply $.data.items[1].price: expected a number, got text",
        "reply $.data.items[1].name: expected text, got nothing",
        "reply $.data.none: expected a list, got nothing",
        "reply $.answer: expected text, got null",
    ];
    let mut told = failures(&project, &server, &[]);
    told.sort_unstable();
    let mut sorted = expected;
    sorted.sort_unstable();
    assert_eq!(told, sorted);
    live(&project, &server, &[]).ends(1).says(expected[0]).says("specs/a.toml:");
    let told = failures(&project, &Server::json(201, fits), &[]);
    assert_eq!(told, ["reply status: expected 200 as in the recorded reply, got 201"]);
    let page = Server::saying(reply(200, "Content-Type: text/html\r\n", "<p>"));
    assert_eq!(failures(&project, &page, &[]).len(), 2);
    // Without a recorded reply nothing is known of it.
    assert_eq!(failures(&Project::plain("[[case]]\nname = \"one\"\n"), &page, &[]), [""; 0]);
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
[[case]]
name = "long ago"
now = 2001-01-01T00:00:00Z
uuid = "7d9f1c1e-0000-4000-8000-000000000001"
[case.given]
user.day = "monday"
secret.api_key = "of-the-case"
[case.expect.request.headers]
X-Key = "of-the-case"
X-Id = "7d9f1c1e-0000-4000-8000-000000000001"
"#;

#[test]
fn the_case_plans_with_its_own_values_and_the_service_gets_real_ones() {
    let server = Server::json(200, r#"{"you":"real-9f8e7d6c","other":"of-the-case"}"#);
    let project = Project::with(MOMENT);
    project.approve();
    live(&project, &server, &[]).ends(0).says("1 passed").says_not("approved snapshot");
    let said = live(&project, &server, &["--format", "json"]).ends(0).says_not("real-9f8e7d6c");
    assert_eq!(said.json()["cases"][0]["exchange"]["masked"][0], "request.headers.X-Key");
    let requests = server.requests();
    let id = |index: usize| uuid::Uuid::parse_str(requests[index].header("X-Id").expect("an id")).expect("a UUID");
    assert_eq!((requests[0].header("X-Key"), requests[0].line.as_str()), (Some(KEY.1), "GET /monday HTTP/1.1"));
    assert!(id(0) != id(1) && id(0).get_version_num() == 4);
    project.run(&["test"]).ends(0);
    // Without a real value nothing is sent, whatever the case gives.
    let url = server.url();
    let said = project.run(&["test", "--live", "--base-url", &url]).ends(1).says("`secret-missing`");
    assert!(said.all().contains("HOOKWRIGHT_SECRET_API_KEY"), "{}", said.all());
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn a_request_that_is_not_the_approved_one_is_not_sent() {
    let server = Server::json(200, r#"{"answer":"x"}"#);
    let project = Project::plain(ANSWER);
    project.approve();
    let approved = project.read("snapshots/a/one.snap");
    live(&project, &server, &[]).ends(0);
    project.write("specs/a.toml", format!("{}{ANSWER}", PLAIN.replace("/ping\"", "/pong\"")));
    let expected = "\
failed specs/a.toml: one
error: the request differs from that in snapshots/a/one.snap, so it was not sent
@@ -1,2 +1,2 @@
 request
-  GET https://ping.example.com/ping
+  GET https://ping.example.com/pong

0 passed, 1 failed
";
    assert_eq!(live(&project, &server, &[]).ends(1).out, expected);
    let json = live_json(&project, &server, &[]);
    let case = &json["cases"][0];
    assert_eq!((&case["status"], &case["snapshot"]), (&json!("failed"), &json!("none")));
    let failure = "the request differs from that in snapshots/a/one.snap, so it was not sent";
    assert_eq!(texts(&case["failures"]), [failure]);
    assert_eq!((&case["exchange"]["sent"], &case["exchange"]["reply"]), (&json!(false), &Json::Null));
    let xml = live(&project, &server, &["--format", "junit"]).ends(1).out;
    assert!(xml.contains("+  GET https://ping.example.com/pong") && xml.contains("<failure"), "{xml}");
    assert_eq!(server.requests().len(), 1);
    // Another reply is none of the request's business.
    let other = ANSWER.replace("recorded", "anew");
    project.write("specs/a.toml", format!("{PLAIN}{other}"));
    live(&project, &server, &[]).ends(0);
    assert_eq!(project.files("snapshots"), ["snapshots/a/one.snap"]);
    assert_eq!(project.read("snapshots/a/one.snap"), approved);
}

#[test]
fn on_a_pipe_only_get_is_sent_without_yes() {
    let server = Server::json(201, r#"{"data":{"id":7,"agent":"Ada"}}"#);
    let ping = Server::json(200, r#"{"answer":"x"}"#);
    let cases = "[[case]]\nname = \"one\"\n[[case]]\nname = \"two\"\n";
    let project = Project::ticket(cases).file("specs/b.toml", format!("{PLAIN}{ANSWER}"));
    let address = server.address.to_string();
    // Nor is it looked whether there are secrets.
    let unarmed = project.run(&["test", "--live", "--base-url", &server.url(), "specs/a.toml"]);
    unarmed.ends(2).says(&format!("nothing was sent: 2 POST to {address}"));
    let said = live(&project, &server, &[]).ends(2).says(&format!("nothing was sent: 2 POST to {address}"));
    said.says("`--yes`").says_not(KEY.1);
    project.feed(&["test", "--live", "--base-url", &server.url()], "y\ny\n").ends(2);
    assert_eq!(server.requests().len(), 0, "not even what asks for nothing");
    live(&project, &ping, &["specs/b.toml"]).ends(0);
    live(&project, &server, &["--yes", "specs/a.toml"]).ends(0).says("2 passed");
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0].header("Authorization"), Some("Bearer real-9f8e7d6c"));
    assert_eq!(requests[0].body, r#"{"title":"TV","age":36}"#);
}

#[test]
fn options_that_do_not_belong_together_are_refused() {
    let project = Project::plain(ANSWER);
    let base = ["--base-url", "http://127.0.0.1:1"];
    for (arguments, why) in [
        (vec!["--live"], "--env"),
        (vec!["--live", "--update", base[0], base[1]], "cannot be used with"),
        (vec!["--live", "--watch", base[0], base[1]], "cannot be used with"),
        (vec!["--live", "--env", "staging", base[0], base[1]], "cannot be used with"),
        (vec!["--env", "staging"], "--live"),
        (vec![base[0], base[1]], "--live"),
        (vec!["--yes"], "--live"),
        (vec!["--retry", "2"], "--live"),
        (vec!["--allow-host", "a.example"], "--live"),
        (vec!["--live", "--retry", "some", base[0], base[1]], "--retry"),
        (vec!["--live", "--env", "staging"], "no environment `staging`"),
        (vec!["--live", "--base-url", "http://127.0.0.1:1/v1"], "has a path"),
        (vec!["--live", "--allow-host", "a b", base[0], base[1]], "is no host"),
        (vec!["--live", "--case", "none", base[0], base[1]], "no case is named `none`"),
    ] {
        let all: Vec<&str> = ["test"].iter().chain(&arguments).copied().collect();
        project.run(&all).ends(2).says(why);
    }
    assert!(!project.exists("snapshots"));
}

#[test]
fn what_a_service_cannot_meet_is_left_out_with_its_reason() {
    let server = Server::json(200, r#"{"answer":"x"}"#);
    let missing = "[[case]]\nname = \"late\"\nreply = { status = 200, delay = \"31s\" }\n";
    let faults = format!("[[case]]\nname = \"refused\"\nreply.fault = \"connection-refused\"\n{missing}");
    let project = Project::plain(&format!("{ANSWER}{faults}"));
    let said = live(&project, &server, &["specs/a.toml"]).ends(0).says("1 passed; 2 not run\n");
    let said = said.says("not run specs/a.toml: refused: the fault `connection-refused` stands in its reply's place\n");
    said.says("not run specs/a.toml: late: it is made to end with `timeout`\n");
    let json = live_json(&project, &server, &[]);
    assert_eq!(json["summary"], json!({"passed": 1, "failed": 0, "new": 0, "total": 1, "not_run": 2}));
    assert_eq!(json["not_run"][1]["case"], "late");
    let xml = live(&project, &server, &["specs/a.toml", "--format", "junit"]).ends(0).out;
    assert!(xml.contains("<skipped message=\"not run: the fault"), "{xml}");
    live(&project, &server, &["--case", "refused"]).ends(2).says("no case can be met by a real service");
    assert_eq!(server.requests().len(), 3);
}

#[test]
fn a_case_about_a_value_that_is_refused_sends_nothing() {
    let server = Server::json(200, "{}");
    let header = PLAIN.replace("/ping\"", "/ping\"\nheaders = { X-A = \"{a}\" }");
    let case =
        "[[case]]\nname = \"one\"\ngiven.user.a = \"x\\r\\ny\"\nexpect = { sent = false, error = \"invalid-header\" }\n";
    let project = Project::with(&format!("{header}{case}"));
    live(&project, &server, &[]).ends(0).says("1 passed");
    // One about a secret that is missing or bad is not about a service.
    let missing = TICKET.replace("given.secret.api_key = \"k-12345678\"\n", "").replace("POST", "GET");
    let missing = missing.replace("body = ", "# ");
    let case = "[[case]]\nname = \"one\"\nexpect.error = \"secret-missing\"\n";
    let project = Project::with(&format!("{missing}{case}"));
    live(&project, &server, &[]).ends(2).says("nothing is sent in it: `secret-missing`");
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn an_error_of_the_network_fails_even_where_nothing_is_expected() {
    let project = Project::plain("[[case]]\nname = \"one\"\n");
    let said = project.run(&["test", "--live", "--base-url", "http://127.0.0.1:1"]);
    said.ends(1).says("`connection-refused`");
}

#[test]
fn hosts_that_nobody_named_are_not_reached() {
    let server = Server::json(200, r#"{"answer":"x"}"#);
    let manifest = format!(
        "[global]\nbase = \"{}\"\n[environments.staging.hosts]\n\"x.example\" = \"https://y.example\"\n",
        server.url()
    );
    let spec = format!("{}{ANSWER}", PLAIN.replace("https://ping.example.com", "{global.base}"));
    let project = Project::with(&spec).file("hookwright.toml", manifest);
    let arguments = ["test", "--live", "--env", "staging"];
    project.run(&arguments).ends(1).says("`network-blocked`");
    assert_eq!(server.requests().len(), 0);
    project.run(&[&arguments[..], &["--allow-host", "127.0.0.1"]].concat()).ends(0);
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn an_environment_replaces_hosts_and_globals() {
    let server = Server::json(200, r#"{"answer":"x"}"#);
    let manifest = format!(
        "[global]\nv = \"1\"\n[environments.staging]\nhosts = {{ \"ping.example.com\" = \"{}\" }}\nglobal = {{ v = \"2\" }}\n",
        server.url()
    );
    let spec = format!("{}{ANSWER}", PLAIN.replace("/ping\"", "/{global.v}\""));
    let project = Project::with(&spec).file("hookwright.toml", manifest);
    project.approve();
    project.run(&["test", "--live", "--env", "staging"]).ends(0);
    assert_eq!(server.only().line, "GET /2 HTTP/1.1");
}

#[test]
fn what_fails_for_a_while_is_sent_again() {
    let project = Project::plain(ANSWER);
    for status in [503, 429] {
        live(&project, &failing_at_first(1, status, ""), &[]).ends(1);
        let server = failing_at_first(2, status, "Retry-After: 0\r\n");
        live(&project, &server, &["--retry", "2"]).ends(0).says("sent again 2 times specs/a.toml: one\n").says("1 passed");
        assert_eq!(server.requests().len(), 3);
    }
    let server = failing_at_first(9, 503, "");
    let json = live_json(&project, &server, &["--retry", "1"]);
    assert_eq!((&json["cases"][0]["sent_again"], server.requests().len()), (&json!(1), 2));
    // What is no GET only with `--yes`; what cannot get better not at all.
    let closing = Server::with(|stream, _| drop(stream.flush()));
    assert!(failures(&project, &closing, &["--retry", "1"])[0].starts_with("`connection-reset`"));
    assert_eq!(closing.requests().len(), 2);
    let teapot = Server::json(418, "{}");
    live(&project, &teapot, &["--retry", "3"]).ends(1);
    assert_eq!(teapot.requests().len(), 1);
    let ticket = Project::ticket("[[case]]\nname = \"one\"\nreply.json = { answer = \"\" }\n");
    let server = failing_at_first(1, 500, "");
    live(&ticket, &server, &["--retry", "1", "--yes"]).ends(0);
    assert_eq!(server.requests().len(), 2);
    let recorded = Project::plain("[[case]]\nname = \"one\"\nreply.status = 500\nexpect.success = true\n");
    let server = Server::json(500, "{}");
    live(&recorded, &server, &["--retry", "2"]).ends(1);
    assert_eq!(server.requests().len(), 1, "so it was recorded");
}

#[test]
fn the_runner_is_the_same() {
    let server = Server::json(200, r#"{"answer":"x"}"#);
    let case = |number: usize| {
        format!("[[case]]\nname = \"number {number}\"\nreply.json.answer = \"a\"\nexpect.success = {}\n", number != 1)
    };
    let project = Project::plain(&(0..6).map(case).collect::<String>());
    live(&project, &server, &["--case", "number 2"]).ends(0).says("1 passed");
    assert_eq!(server.requests().len(), 1);
    let said = live(&project, &server, &["--fail-fast", "--slowest", "1"]).ends(1);
    said.says("1 passed, 1 failed; 4 not run after the first failure\n").says("slowest:\n");
    assert_eq!(server.requests().len(), 3);
    let shard =
        |part: &str| live_json(&project, &server, &["--shard", part])["summary"]["total"].as_u64().expect("a number");
    assert_eq!(shard("1/2") + shard("2/2"), 6);
    let json = live_json(&project, &server, &["--jobs", "4"]);
    let names: Vec<&str> =
        json["cases"].as_array().expect("cases").iter().filter_map(|case| case["case"].as_str()).collect();
    assert_eq!(names, ["number 0", "number 1", "number 2", "number 3", "number 4", "number 5"]);
    let annotations = live(&project, &server, &["--format", "github"]).ends(1).out;
    assert!(annotations.starts_with("::error file=specs/a.toml,line="), "{annotations}");
}
