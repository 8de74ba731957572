//! Clients that end their side of the connection and wait for the reply (RFC 9112, section 9.6).

use std::io::Write;
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use super::raw::rest;
use super::support::Mock;
use crate::cli::support::Project;

const PING: &str = "GET /a/ping HTTP/1.1\r\nHost: a\r\n\r\n";
const LARGE: usize = 8_000_000;

fn project(more: &str) -> Project {
    Project::plain(&format!("[[case]]\nname = \"pong\"\nreply.body = \"pong\"\n{more}"))
}

fn says_and_ends(mock: &Mock, bytes: &str) -> TcpStream {
    let mut stream = mock.connects();
    stream.write_all(bytes.as_bytes()).expect("written");
    stream.shutdown(Shutdown::Write).expect("half of it closed");
    stream
}

/// How many requests are in the log.
fn logged(mock: &Mock) -> usize {
    mock.get("/__hookwright/requests").json()["requests"].as_array().expect("a list").len()
}

fn asks_for(case: &str) -> String {
    PING.replace("\r\n\r\n", &format!("\r\nX-Hookwright-Case: {case}\r\n\r\n"))
}

#[test]
fn a_whole_request_is_answered_at_once_and_after_a_delay() {
    let body = "POST /a/ping HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}";
    for latency in ["0s", "300ms"] {
        let mock = Mock::start(&project(""), &["--latency", latency]);
        for (bytes, replies) in [(PING, 1), (body, 1), (&*format!("{PING}{body}"), 2)] {
            let begun = Instant::now();
            let said = rest(&mut says_and_ends(&mock, bytes));
            assert_eq!(said.matches("HTTP/1.1 200 OK").count(), replies, "{said}");
            assert!(said.ends_with("pong"), "{said}");
            assert!(begun.elapsed() < Duration::from_secs(5), "the mock closes, too");
        }
        assert_eq!(logged(&mock), 4);
        let said = rest(&mut says_and_ends(
            &mock,
            &PING.replace("/a/ping", "/__hookwright/status").replace("Host: a", "Host: localhost"),
        ));
        assert!(said.starts_with("HTTP/1.1 200 OK"), "{said}");
    }
}

#[test]
fn a_large_reply_arrives_whole_at_a_slow_client() {
    let mock = Mock::start(&project(&format!("[[case]]\nname = \"large\"\nreply.body = \"{}\"\n", "x".repeat(LARGE))), &[]);
    let mut stream = says_and_ends(&mock, &asks_for("large"));
    std::thread::sleep(Duration::from_millis(500));
    let said = rest(&mut stream);
    assert_eq!(said.split_once("\r\n\r\n").expect("a head").1.len(), LARGE);
}

#[test]
fn half_a_request_is_refused_and_told() {
    let mock = Mock::start(&project(""), &[]);
    let begun = Instant::now();
    rest(&mut says_and_ends(&mock, "POST /a/ping HTTP/1.1\r\nHost: a\r\nContent-Length: 20\r\n\r\n{}"));
    assert!(begun.elapsed() < Duration::from_secs(5));
    assert_eq!(mock.get("/__hookwright/requests").json()["requests"][0]["status"], 400);
}

#[test]
fn who_goes_without_waiting_is_logged_and_keeps_no_place() {
    let silent = "[[case]]\nname = \"silent\"\nreply.fault = \"timeout\"\n[[case]]\nname = \"late\"\nreply.body = \"late\"\nreply.delay = \"1h\"\n";
    let mut mock = Mock::start(&project(silent), &["--max-connections", "4"]);
    for case in ["silent", "late"].repeat(8) {
        drop(says_and_ends(&mock, &asks_for(case)));
        assert_eq!(mock.event("exchange")["case"], case);
        // Only then it is known that the client's side has ended.
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(mock.get("/a/ping").text(), "pong");
}
