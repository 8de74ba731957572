//! Replays: what is sent elsewhere, and what never is.

use serde_json::{Value as Json, json};

use super::api::{CASES, ask};
use super::support::{Mock, Reply};
use crate::cli::support::{PLAIN, Project};

const SECRET: &str = "k-12345678";

fn replay(mock: &Mock, id: &str, wanted: &Json) -> Reply {
    let target = format!("/__hookwright/requests/{id}/replay");
    mock.request("POST", &target, &[("content-type", "application/json")], wanted.to_string())
}

fn id(reply: &Reply) -> String {
    reply.header("x-hookwright-exchange").expect("an exchange").to_string()
}

fn newest(mock: &Mock) -> Json {
    let id = mock.get("/__hookwright/requests?limit=1").json()["requests"][0]["id"].to_string();
    mock.get(&format!("/__hookwright/requests/{id}")).json()
}

#[test]
fn a_request_is_sent_to_another_url_with_its_method_query_headers_body_and_on_this_machine_its_secrets() {
    let project = Project::ticket(CASES);
    let (mock, other) = (Mock::start(&project, &[]), Mock::start(&project, &[]));
    let id = id(&ask(&mock, 42, "Radio Ü"));
    for url in [other.url.clone(), format!("{}/a/tickets", other.url), format!("{}/a/tickets?user=42", other.url)] {
        let reply = replay(&mock, &id, &json!({"url": url}));
        assert_eq!(reply.status, 200, "{}", reply.text());
        let told = reply.json();
        assert_eq!((&told["status"], &told["left_out"]), (&json!(201), &json!([])), "{told}");
        assert_eq!(told["body"], "{\"data\":{\"id\":5}}");
        let arrived = newest(&other);
        assert_eq!((&arrived["verdict"], &arrived["method"]), (&json!("matches"), &json!("POST")), "{arrived:#}");
        assert_eq!(arrived["recovered"], json!({"user.id": 42, "user.title": "Radio Ü", "user.age": 36}));
        let names: Vec<&str> =
            arrived["request"]["headers"].as_array().unwrap().iter().map(|pair| pair[0].as_str().unwrap()).collect();
        assert!(names.contains(&"x-channel") && names.contains(&"authorization"), "{names:?}");
        assert!(!reply.text().contains(SECRET));
    }
}

#[test]
fn bytes_that_are_no_text_arrive_as_they_were() {
    let project = Project::plain("[[case]]\nname = \"pong\"\nreply.json = {}\n");
    let (mock, other) = (Mock::start(&project, &[]), Mock::start(&project, &[]));
    let reply = mock.request("PUT", "/a/ping?__case=pong&x=1", &[], vec![0xff, 0, 0xfe]);
    assert_eq!(replay(&mock, &id(&reply), &json!({"url": other.url})).status, 200);
    let arrived = newest(&other);
    assert_eq!((&arrived["method"], &arrived["target"]), (&json!("PUT"), &json!("/ping?x=1")));
    assert_eq!((&arrived["request"]["body_base64"], &arrived["request_bytes"]), (&json!("/wD+"), &json!(3)));
}

#[test]
fn headers_that_are_no_utf_8_are_left_out_and_listed() {
    let project = Project::plain("[[case]]\nname = \"pong\"\nreply.json = {}\n");
    let (mock, other) = (Mock::start(&project, &[]), Mock::start(&project, &[]));
    let sent = b"GET /a/ping HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-Broken: caf\xe9\r\nX-Whole: cafe\r\n\r\n";
    assert!(mock.says_to(sent).starts_with("HTTP/1.1 200"));
    let told = replay(&mock, "1", &json!({"url": other.url})).json();
    assert_eq!(told["left_out"], json!(["request.headers.x-broken"]), "{told}");
    let arrived = newest(&other)["request"]["headers"].to_string();
    assert!(arrived.contains("x-whole") && !arrived.contains("x-broken"), "{arrived}");
}

/// `hookwright.invalid` never resolves (RFC 6761), so a request that may be sent fails without leaving.
#[test]
fn secrets_go_to_another_machine_only_when_that_is_said() {
    let mock = Mock::start(&Project::ticket(CASES), &[]);
    let id = id(&ask(&mock, 42, "Radio"));
    let url = "http://hookwright.invalid/";
    let told = replay(&mock, &id, &json!({"url": url}));
    assert_eq!((told.status, &told.json()["left_out"]), (502, &json!(["request.headers.authorization"])), "{}", told.text());
    let told = replay(&mock, &id, &json!({"url": url, "allow_secrets": true}));
    assert_eq!((told.status, &told.json()["left_out"]), (502, &json!([])), "{}", told.text());
    assert!(told.json()["error"].as_str().is_some_and(|why| !why.is_empty()));
    // In the body or the target it cannot be left out.
    assert_eq!(ask(&mock, 42, SECRET).status, 201);
    let in_body = newest(&mock)["id"].to_string();
    let refused = replay(&mock, &in_body, &json!({"url": url}));
    assert_eq!(refused.status, 409, "{}", refused.text());
    assert!(refused.text().contains("holds a secret in its body"), "{}", refused.text());
    assert_eq!(replay(&mock, &in_body, &json!({"url": url, "allow_secrets": true})).status, 502);
}

#[test]
fn what_cannot_be_replayed_is_refused_with_the_reason() {
    let mock = Mock::start(&Project::ticket(CASES).file("specs/b.toml", PLAIN), &[]);
    let whole = id(&ask(&mock, 7, "TV"));
    let cut = id(&ask(&mock, 7, &"x".repeat(70_000)));
    for (id, wanted, status, why) in [
        (&whole, json!({"url": "ftp://127.0.0.1/"}), 400, "neither http nor https"),
        (&whole, json!({"url": "file:///etc/passwd"}), 400, "neither http nor https"),
        (&whole, json!({"url": "/tickets"}), 400, "cannot be read"),
        (&whole, json!({"url": "http://me:word@127.0.0.1/"}), 400, "a user's name or password"),
        (&whole, json!({"address": "http://127.0.0.1/"}), 400, "the body is not"),
        (&whole, json!([]), 400, "the body is not"),
        (&cut, json!({"url": mock.url}), 409, "its body was longer than the log keeps"),
        (&"99".to_string(), json!({"url": mock.url}), 404, "no such exchange"),
    ] {
        let refused = replay(&mock, id, &wanted);
        assert_eq!(refused.status, status, "{wanted}: {}", refused.text());
        assert!(refused.json()["error"].as_str().is_some_and(|error| error.contains(why)), "{}", refused.text());
        assert!(!refused.text().contains("word@"));
    }
    let large = mock.request(
        "POST",
        &format!("/__hookwright/requests/{whole}/replay"),
        &[("content-type", "application/json")],
        format!("{{\"url\": \"http://a/{}\"}}", "x".repeat(70_000)),
    );
    assert_eq!(large.status, 413);
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    assert_eq!(replay(&mock, &whole, &json!({"url": format!("http://{closed}")})).status, 502);
}

#[test]
fn a_reply_that_repeats_a_secret_is_masked_and_a_long_one_is_cut() {
    let mock = Mock::start(&Project::ticket(CASES), &[]);
    let id = id(&ask(&mock, 42, "Radio"));
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let served = std::thread::spawn(move || {
        use std::io::{Read, Write};
        let (mut stream, _) = listener.accept().unwrap();
        let mut head = Vec::new();
        let mut buffer = [0; 4096];
        while !head.ends_with(b"\"age\":36}") {
            let read = stream.read(&mut buffer).unwrap();
            assert!(read > 0);
            head.extend_from_slice(&buffer[..read]);
        }
        let body = format!("{SECRET} {}", "y".repeat(2 * 1024 * 1024));
        write!(stream, "HTTP/1.1 200 OK\r\nx-echo: {SECRET}\r\ncontent-length: {}\r\n\r\n{body}", body.len()).unwrap();
        String::from_utf8(head).unwrap()
    });
    let told = replay(&mock, &id, &json!({"url": url}));
    assert!(served.join().unwrap().contains(&format!("Bearer {SECRET}")), "the real value is sent, not its mask");
    assert!(!told.text().contains(SECRET));
    let told = told.json();
    assert_eq!((&told["status"], &told["cut"]), (&json!(200), &json!(true)));
    assert!(told["body"].as_str().unwrap().starts_with("•••••••• yyy"));
    assert!(told["body"].as_str().unwrap().len() < 1_100_000);
}
