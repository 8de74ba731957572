//! Faults, chaos and limits, as clients see them.

use std::io::{ErrorKind, Read, Write};
use std::time::{Duration, Instant};

use super::raw::{rest, until};
use super::support::Mock;
use crate::cli::support::Project;

const PING: &str = "GET /a/ping HTTP/1.1\r\nHost: a\r\n\r\n";

fn faulty(fault: &str) -> Project {
    Project::plain(&format!(
        "[[case]]\nname = \"broken\"\nreply.fault = \"{fault}\"\n[[case]]\nname = \"pong\"\nreply.body = \"pong\"\n"
    ))
}

fn asks_for_broken() -> String {
    PING.replace("\r\n\r\n", "\r\nX-Hookwright-Case: broken\r\n\r\n")
}

#[test]
fn a_reset_is_a_reset() {
    for fault in ["connection-reset", "connection-refused", "tls"] {
        let mock = Mock::start(&faulty(fault), &[]);
        let mut stream = mock.connects();
        stream.write_all(asks_for_broken().as_bytes()).expect("written");
        let error = stream.read(&mut [0; 100]).expect_err("no end in order");
        assert_eq!(error.kind(), ErrorKind::ConnectionReset, "{fault}");
        let logged = &mock.get("/__hookwright/requests").json()["requests"][0];
        assert_eq!((&logged["fault"], &logged["case"]), (&fault.into(), &"broken".into()));
    }
}

#[test]
fn an_empty_reply_is_an_end_in_order_and_a_malformed_one_is_no_http() {
    let mock = Mock::start(&faulty("empty"), &[]);
    assert_eq!(mock.says_to(asks_for_broken()), "");
    // What came before on the connection is answered.
    let said = mock.says_to(format!("{PING}{}", asks_for_broken()));
    assert!(said.starts_with("HTTP/1.1 200 OK") && said.ends_with("pong"), "{said}");
    let mock = Mock::start(&faulty("malformed"), &[]);
    assert!(mock.says_to(asks_for_broken()).contains("this is not HTTP"));
    let error = mock.try_request("GET", "/a/ping", &[("X-Hookwright-Case", "broken")], "").expect_err("no reply");
    assert!(format!("{error:?}").contains("Parse"), "{error:?}");
}

#[test]
fn a_timeout_lasts_until_the_client_goes_or_the_mock_ends() {
    let mut mock = Mock::start(&faulty("timeout"), &[]);
    let mut stream = mock.connects();
    stream.write_all(asks_for_broken().as_bytes()).expect("written");
    stream.set_read_timeout(Some(Duration::from_millis(300))).expect("a timeout");
    let error = stream.read(&mut [0; 100]).expect_err("nothing yet");
    assert!(matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut), "{error}");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
    let begun = Instant::now();
    assert_eq!(mock.ends()["requests"], 1);
    assert_eq!(rest(&mut stream), "");
    assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
}

#[test]
fn latency_delays_replies_and_no_page_of_the_mock_itself() {
    let mock = Mock::start(&faulty("empty"), &["--latency", "400ms"]);
    let begun = Instant::now();
    assert_eq!(mock.get("/__hookwright/status").status, 200);
    assert!(begun.elapsed() < Duration::from_millis(400));
    let begun = Instant::now();
    assert_eq!(mock.get("/a/ping").text(), "pong");
    assert!(begun.elapsed() >= Duration::from_millis(400));
}

#[test]
fn the_log_counts_the_time_until_the_reply_is_due() {
    let project = Project::plain("[[case]]\nname = \"late\"\nreply.body = \"late\"\nreply.delay = \"200ms\"\n");
    let mut mock = Mock::start(&project, &["--latency", "100ms"]);
    let reply = mock.get("/a/ping");
    let told = mock.event("exchange")["duration_ms"].as_f64().expect("a number");
    assert!((300.0..5_000.0).contains(&told), "{told}");
    assert_eq!(mock.exchange(&reply)["duration_ms"], told);
}

/// What becomes of the first requests, as the log has it.
fn chaos(mock: &mut Mock, requests: usize) -> Vec<String> {
    for _ in 0..requests {
        let mut stream = mock.connects();
        stream.write_all(PING.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n").as_bytes()).expect("written");
        mock.event("exchange");
    }
    let logged = mock.get("/__hookwright/requests").json()["requests"].as_array().expect("a list").clone();
    assert_eq!(logged.len(), requests);
    logged.iter().rev().map(|item| item["chaos"].as_str().unwrap_or("-").to_string()).collect()
}

#[test]
fn chaos_follows_from_its_seed_and_is_logged() {
    let project = Project::plain("[[case]]\nname = \"pong\"\nreply.body = \"pong\"\n");
    let mut mock = Mock::start(&project, &["--chaos", "50%", "--seed", "7"]);
    assert_eq!(mock.ready["seed"], 7);
    let first = chaos(&mut mock, 24);
    assert!(first.iter().any(|what| what == "-") && first.iter().any(|what| what != "-"), "{first:?}");
    // Only what the case has answered counts for it.
    let answered = first.iter().filter(|what| *what == "-" || *what == "delay").count();
    let verification = mock.get("/__hookwright/verify").json();
    assert_eq!((&verification["cases"][0]["requests"], &verification["requests"]), (&answered.into(), &24.into()));
    assert_eq!(mock.request("POST", "/__hookwright/reset", &[], "").status, 204);
    assert_eq!(chaos(&mut mock, 24), first);
    let other = Mock::start(&project, &["--chaos", "50%"]);
    assert!(other.ready["seed"].as_u64().is_some());
}

#[test]
fn more_requests_than_the_limit_are_told_to_wait() {
    let project = Project::plain("[[case]]\nname = \"pong\"\nreply.body = \"pong\"\n");
    let mock = Mock::start(&project, &["--rate-limit", "2/h"]);
    assert_eq!([mock.get("/a/ping").status, mock.get("/a/ping").status], [200, 200]);
    let limited = mock.get("/a/ping");
    let seconds: u64 = limited.header("retry-after").and_then(|text| text.parse().ok()).expect("seconds");
    assert_eq!(limited.status, 429);
    assert!((1..=1800).contains(&seconds), "{seconds}");
    assert_eq!(mock.exchange(&limited)["chaos"], "rate-limited");
    assert_eq!(mock.request("POST", "/__hookwright/reset", &[], "").status, 204);
    assert_eq!(mock.get("/a/ping").status, 200);
}

#[test]
fn what_is_asked_for_in_one_go_is_answered_in_order() {
    let mock = Mock::start(&faulty("empty"), &[]);
    let mut stream = mock.connects();
    stream.write_all(PING.repeat(3).as_bytes()).expect("written");
    for _ in 0..3 {
        assert!(until(&mut stream, "\r\n\r\npong").starts_with("HTTP/1.1 200 OK"));
    }
}
