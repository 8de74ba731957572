//! Who looks on: events as they happen, however slowly somebody reads.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};

use super::api::{CASES, ask};
use super::support::Mock;
use crate::cli::support::Project;

/// A connection that asks for the events, and the status that it got.
fn look_on(mock: &Mock) -> (BufReader<TcpStream>, u16) {
    let address = mock.url.strip_prefix("http://").expect("plain HTTP");
    let mut stream = TcpStream::connect(address).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    write!(stream, "GET /__hookwright/events HTTP/1.1\r\nhost: {address}\r\n\r\n").unwrap();
    let mut reader = BufReader::new(stream);
    let mut status = String::new();
    reader.read_line(&mut status).unwrap();
    let mut line = String::new();
    while line != "\r\n" {
        line.clear();
        reader.read_line(&mut line).unwrap();
    }
    (reader, status.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status"))
}

/// The next event of a name.
fn next(reader: &mut BufReader<TcpStream>, name: &str) -> Json {
    let mut line = String::new();
    loop {
        line.clear();
        assert!(reader.read_line(&mut line).expect("an event") > 0, "the stream ended before `{name}`");
        if line.trim_end() == format!("event: {name}") {
            line.clear();
            reader.read_line(&mut line).expect("its data");
            return serde_json::from_str(line.trim_start_matches("data: "))
                .unwrap_or_else(|error| panic!("{error}: {line}"));
        }
    }
}

#[test]
fn what_happens_is_told_at_once() {
    let mock = Mock::start(&Project::ticket(CASES), &[]);
    let (mut reader, status) = look_on(&mock);
    assert_eq!(status, 200);
    ask(&mock, 13, "TV");
    let item = next(&mut reader, "exchange");
    assert_eq!(item, mock.get("/__hookwright/requests").json()["requests"][0]);
    mock.request("DELETE", "/__hookwright/requests", &[], "");
    assert_eq!(next(&mut reader, "cleared"), json!({}));
}

#[test]
fn a_hundred_look_on_and_one_too_many_is_told_to_come_later() {
    const MOST: usize = 256;
    let mock = Mock::start(&Project::ticket(CASES), &[]);
    let mut watching: Vec<_> = (0..MOST).map(|_| look_on(&mock)).collect();
    assert!(watching.iter().all(|(_, status)| *status == 200));
    assert_eq!(mock.get("/__hookwright/status").json()["watchers"], MOST);
    let refused = mock.get("/__hookwright/events");
    assert_eq!((refused.status, &refused.json()["error"]), (503, &json!("256 look on already")));
    ask(&mock, 7, "TV");
    for (reader, _) in &mut watching {
        assert_eq!(next(reader, "exchange")["id"], 1);
    }
    drop(watching);
    let until = Instant::now() + Duration::from_secs(30);
    while mock.get("/__hookwright/status").json()["watchers"] != 0 {
        assert!(Instant::now() < until, "places are given back");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn who_reads_slowly_misses_some_and_holds_nobody_up() {
    const MANY: usize = 12_000;
    let mock = Mock::start(&Project::plain("[[case]]\nname = \"pong\"\nreply.json = {}\n"), &[]);
    let (mut slow, _) = look_on(&mock);
    // More than every buffer between here and there can take.
    let address = mock.url.strip_prefix("http://").unwrap();
    let request = format!("GET /a/ping?x={} HTTP/1.1\r\nhost: {address}\r\n\r\n", "x".repeat(2000));
    let mut stream = TcpStream::connect(address).unwrap();
    let mut replies = BufReader::new(stream.try_clone().unwrap());
    for _ in 0..MANY / 100 {
        stream.write_all(request.repeat(100).as_bytes()).unwrap();
        for _ in 0..100 {
            read_reply(&mut replies);
        }
    }
    assert_eq!(mock.get("/__hookwright/status").json()["requests"], MANY);
    let missed = next(&mut slow, "gap")["missed"].as_u64().expect("a number");
    assert!(missed > 0);
    assert!(next(&mut slow, "exchange")["id"].as_u64() > Some(missed), "it goes on with what came last");
}

fn read_reply(replies: &mut BufReader<TcpStream>) {
    let (mut line, mut length) = (String::new(), 0);
    loop {
        line.clear();
        replies.read_line(&mut line).unwrap();
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if line == "\r\n" {
            break;
        }
    }
    replies.read_exact(&mut vec![0; length]).unwrap();
}

#[cfg(unix)]
#[test]
fn who_looks_on_does_not_hold_up_the_end() {
    let mut mock = Mock::start(&Project::ticket(CASES), &[]);
    let (mut reader, _) = look_on(&mock);
    let started = Instant::now();
    mock.ends();
    assert!(started.elapsed() < Duration::from_secs(3), "{:?}", started.elapsed());
    let mut rest = Vec::new();
    reader.read_to_end(&mut rest).expect("the stream ends");
}

#[test]
fn a_search_of_a_full_log_ends_and_the_mock_answers_meanwhile() {
    let mock = Mock::start(&Project::ticket(CASES), &[]);
    let title = "0123456789abcdef".repeat(4000);
    for _ in 0..300 {
        ask(&mock, 7, &title);
    }
    let url = mock.url.clone();
    let searches: Vec<_> = (0..6)
        .map(|_| {
            let address = url.strip_prefix("http://").unwrap().to_string();
            std::thread::spawn(move || {
                let mut stream = TcpStream::connect(&address).unwrap();
                let target = "/__hookwright/requests?search=nothing-of-it";
                write!(stream, "GET {target} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n").unwrap();
                let mut said = String::new();
                stream.read_to_string(&mut said).unwrap();
                said
            })
        })
        .collect();
    let mut slowest = Duration::ZERO;
    while searches.iter().any(|search| !search.is_finished()) {
        let started = Instant::now();
        assert_eq!(ask(&mock, 13, "TV").status, 422);
        slowest = slowest.max(started.elapsed());
    }
    assert!(slowest < Duration::from_secs(2), "{slowest:?}");
    for search in searches {
        assert!(search.join().unwrap().contains("\"requests\":[]"));
    }
}
