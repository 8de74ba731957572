//! What stands in the backend's place: replies, files, delays, faults.

use std::time::Duration;

use serde_json::{Value as Json, json};

use super::server::Server;
use super::support::{PLAIN, Project, TICKET};

fn exchange(case: &str) -> Json {
    Project::plain(&format!("[[case]]\nname = \"x\"\n{case}\n")).only_case()["exchange"].take()
}

#[test]
fn every_fault_has_its_error_on_the_wire() {
    for (fault, kind, sent) in [
        ("timeout", "timeout", true),
        ("connection-refused", "connection-refused", false),
        ("connection-reset", "connection-reset", true),
        ("empty", "connection-reset", true),
        ("malformed", "malformed-reply", true),
        ("tls", "tls", false),
    ] {
        let exchange = exchange(&format!("reply.fault = \"{fault}\"\nexpect.error = \"{kind}\""));
        assert_eq!(exchange["error"]["kind"], kind, "{fault}: {exchange:#}");
        assert_eq!(exchange["sent"], sent, "{fault}");
        assert_eq!((&exchange["reply"], &exchange["outcome"]["exit"]), (&Json::Null, &json!("error")), "{fault}");
        assert_eq!(exchange["outcome"]["success"], false, "{fault}");
    }
}

#[test]
fn time_is_virtual() {
    let project = Project::plain(
        r#"
[[case]]
name = "in time"
reply = { delay = "29.9s", status = 200 }
expect.success = true
[[case]]
name = "at the limit"
reply = { delay = "30s", status = 200 }
expect.success = true
[[case]]
name = "too late"
reply = { delay = "31s", status = 200 }
expect.error = "timeout"
[[case]]
name = "hours"
reply = { delay = "12h", status = 200 }
expect.error = "timeout"
[[case]]
name = "never"
reply.fault = "timeout"
expect = { error = "timeout", success = false }
"#,
    );
    let said = project.run(&["test", "--update"]).ends(0);
    assert!(said.elapsed < Duration::from_secs(10), "{:?}", said.elapsed);
    let patient = Project::with(&format!(
        "{PLAIN}[assume]\ntimeout = \"13h\"\n[[case]]\nname = \"hours\"\nreply = {{ delay = \"12h\" }}\nexpect.success = true\n"
    ));
    patient.run(&["test", "--update"]).ends(0);
}

#[test]
fn a_reply_says_what_it_is() {
    let content_type = |reply: &str| exchange(reply)["reply"]["headers"].clone();
    assert_eq!(content_type("reply.json = {}"), json!([["Content-Type", "application/json"]]));
    assert_eq!(content_type("reply.body = '{\"a\": null}'"), json!([["Content-Type", "application/json"]]));
    assert_eq!(content_type("reply.body = 'hello'"), json!([["Content-Type", "text/plain"]]));
    assert_eq!(content_type("reply.body = '<a/>'"), json!([["Content-Type", "application/xml"]]));
    assert_eq!(content_type("reply.body = '<!DOCTYPE html><p>'"), json!([["Content-Type", "text/html"]]));
    assert_eq!(
        content_type("reply = { body = '{}', headers = { content-type = 'text/x' } }"),
        json!([["content-type", "text/x"]])
    );
    assert_eq!(content_type("reply.status = 204"), json!([]));
}

#[test]
fn repeated_headers_come_as_rows() {
    let exchange = exchange("reply.headers = [[\"Set-Cookie\", \"a=1\"], [\"Set-Cookie\", \"b=2\"]]");
    assert_eq!(exchange["reply"]["headers"], json!([["Set-Cookie", "a=1"], ["Set-Cookie", "b=2"]]));
}

#[test]
fn a_file_beside_the_spec_is_a_body() {
    let spec = format!("{PLAIN}[[case]]\nname = \"x\"\nreply.file = \"replies/answer.json\"\n");
    let project =
        Project::new().file("specs/deep/a.toml", spec).file("specs/deep/replies/answer.json", "{\"answer\": \"Ü\"}\n");
    let case = project.only_case();
    assert_eq!(case["exchange"]["reply"]["body"], "{\"answer\": \"Ü\"}\n");
    assert_eq!(case["exchange"]["outcome"]["attributes"]["user.answer"], "Ü");
    project.run(&["lint"]).ends(0);
}

#[test]
fn a_file_that_cannot_be_had_is_a_finding() {
    let with = |file: &str| Project::plain(&format!("[[case]]\nname = \"x\"\nreply.file = \"{file}\"\n"));
    with("none.json").run(&["lint"]).ends(1).says("expected a file that can be read, found `none.json`");
    with("../../etc/passwd").run(&["lint"]).ends(1).says("expected a file inside the project");
    with("/etc/passwd").run(&["lint"]).ends(1).says("expected a file inside the project");
    with(".").run(&["lint"]).ends(1).says("it is not a file");
}

#[test]
fn statuses_and_groups() {
    for (status, exit) in [(200, "2xx"), (204, "2xx"), (302, "3xx"), (404, "4xx"), (500, "5xx"), (599, "5xx")] {
        let exchange = exchange(&format!("reply.status = {status}"));
        assert_eq!((&exchange["reply"]["status"], &exchange["outcome"]["exit"]), (&json!(status), &json!(exit)));
    }
    for status in ["100", "199", "600", "\"ok\""] {
        let project = Project::plain(&format!("[[case]]\nname = \"x\"\nreply.status = {status}\n"));
        project.run(&["lint"]).ends(1).says("a status from 200 to 599");
    }
}

#[test]
fn bytes_that_are_no_text_survive() {
    let spec = format!("{PLAIN}[[case]]\nname = \"x\"\nreply.file = \"bytes\"\n");
    let project = Project::with(&spec).file("specs/bytes", b"\x00\xff\xfe\x1b[31m");
    project.run(&["test"]).ends(1).says_not("\u{1b}");
    project.approve();
    assert!(project.read("snapshots/a/x.snap").contains("AP/+G1szMW0="), "{}", project.read("snapshots/a/x.snap"));
    project.run(&["test"]).ends(0);
}

#[test]
fn a_reply_beyond_the_limit_is_too_large() {
    // A tab takes one byte in TOML and two in JSON.
    let project = Project::plain(&format!("[[case]]\nname = \"x\"\nreply.json.answer = '{}'\n", "\t".repeat(10 << 20)));
    let case = project.only_case();
    assert_eq!(case["exchange"]["error"]["kind"], "reply-too-large");
    assert_eq!(case["exchange"]["error"]["message"], "the reply is larger than 16 MiB");
}

#[test]
fn a_large_reply_is_read_and_its_snapshot_stays_small() {
    let spec = format!("{PLAIN}[[case]]\nname = \"x\"\nreply.file = \"big.json\"\n");
    let project = Project::with(&spec).file("specs/big.json", format!("{{\"answer\":\"{}\"}}", "x".repeat(5 << 20)));
    project.approve();
    project.run(&["test"]).ends(0);
    assert!(project.read("snapshots/a/x.snap").len() < 12 << 20);
}

#[test]
fn a_reply_file_of_20_mb_is_refused_by_its_size() {
    let project = Project::plain("[[case]]\nname = \"x\"\nreply.file = \"big\"\n").file("specs/big", "");
    let file = std::fs::File::options().write(true).open(project.path("specs/big")).expect("a file");
    file.set_len(20 << 20).expect("sparse");
    project.run(&["lint"]).ends(1).says("too large: 20971520 bytes, the limit is 16777216");
}

#[test]
fn a_secret_in_a_mistaken_charset_is_masked_wherever_it_stands() {
    let secret = "qzxé-sécrète-1";
    let spec = TICKET.replace("action_success = \"TRUE\"", "action_success = \"TRUE\"\nraw = \"raw\"");
    let latin: Vec<u8> = secret.chars().map(|one| one as u8).collect();
    let mojibake: String = secret.bytes().map(char::from).collect();
    let little: Vec<u8> = format!("{{\"you\":\"{secret}\"}}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let escaped = "qzx%u00E9-s%u00E9cr%u00E8te-1".as_bytes();
    for echo in [&latin, mojibake.as_bytes(), &little, escaped] {
        let header = if echo == little { b"none" } else { echo };
        let mut replied = b"HTTP/1.1 200 OK\r\nConnection: close\r\nX-Echo: ".to_vec();
        replied.extend([header, b"\r\n\r\n", echo].concat());
        let server = Server::saying(replied);
        for format in ["human", "json"] {
            let project = Project::with(&spec);
            let arguments = ["send", "specs/a.toml", "--base-url", &server.url(), "--format", format, "--save", "echoed"];
            let said = project.run_with(&arguments, &[("HOOKWRIGHT_SECRET_API_KEY", secret)]).ends(0);
            assert!(said.out.contains("outcome.attributes.user.raw"), "{}", said.out);
            for shown in [said.all(), project.read("specs/a.toml")] {
                let plain = shown.replace(['\0', '\u{fffd}', 'é', 'è'], "").replace("\\u0000", "");
                assert!(!plain.contains("te-1") && !plain.contains("qzx"), "{shown}");
            }
        }
    }
}

#[test]
fn a_number_beyond_floats_is_json_that_cannot_be_held() {
    let what = "has a number that is too large to be held";
    let exchange = exchange("reply.body = '{\"answer\":1e400}'");
    assert_eq!(exchange["outcome"]["log"], json!([format!("the reply {what}: nothing is mapped")]));
    assert_eq!(exchange["outcome"]["attributes"]["user.answer"], Json::Null);
    let project = Project::plain("").file("a.json", "{\"a\":1e400}");
    project.run(&["query", "a", "a.json"]).ends(2).says(&format!("the sample {what}: ")).says_not("not JSON");
    let batch = project.feed(&["query", "--batch"], "{\"expression\":\"a\",\"document\":1e400}\n").ends(1);
    assert!(batch.out.contains(&format!("the line {what}: ")), "{}", batch.out);
    let body = Project::with(&TICKET.replace("\"{title}\"", "1e400"));
    body.run(&["lint"]).ends(1).says("`1e400` is a number that is too large to be held");
}
