//! What clients may do to the mock: it stays up, memory stays bounded, and what happened is told.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::raw::{rest, until};
use super::support::Mock;
use crate::cli::support::Project;

fn pong() -> Project {
    Project::plain("[[case]]\nname = \"pong\"\nreply.body = \"pong\"\n")
}

fn is_up(mock: &Mock) {
    assert_eq!(mock.get("/a/ping").text(), "pong");
}

/// The memory that the mock has in use, in MB.
#[cfg(target_os = "linux")]
fn memory(mock: &Mock) -> usize {
    let path = format!("/proc/{}/statm", mock.running.child.id());
    let pages = std::fs::read_to_string(path).expect("a process");
    pages.split(' ').nth(1).and_then(|pages| pages.parse::<usize>().ok()).expect("a number") * 4096 / 1_000_000
}

/// Sends up to a gigabyte and says how much of it was taken.
fn sends_a_gigabyte(stream: &mut TcpStream, chunked: bool) -> usize {
    let part = vec![b'x'; 1 << 20];
    let mut sent = 0;
    while sent < 1 << 30 {
        let written = match chunked {
            true => stream
                .write_all(b"100000\r\n")
                .and_then(|()| stream.write_all(&part))
                .and_then(|()| stream.write_all(b"\r\n")),
            false => stream.write_all(&part),
        };
        if written.is_err() {
            break;
        }
        sent += part.len();
    }
    sent
}

#[test]
#[cfg(target_os = "linux")]
fn a_gigabyte_is_refused_and_not_kept() {
    let mut mock = Mock::start(&pong(), &[]);
    is_up(&mock);
    let before = memory(&mock);
    for framing in ["Content-Length: 1073741824", "Transfer-Encoding: chunked"] {
        let mut stream = mock.connects();
        stream.write_all(format!("GET /a/ping HTTP/1.1\r\nHost: a\r\n{framing}\r\n\r\n").as_bytes()).expect("written");
        sends_a_gigabyte(&mut stream, framing.contains("chunked"));
        let said = rest(&mut stream);
        assert!(said.starts_with("HTTP/1.1 413 Payload Too Large"), "{framing}: {said}");
        let exchange = loop {
            let exchange = mock.event("exchange");
            if exchange["status"] == 413 {
                break exchange;
            }
        };
        assert_eq!((&exchange["spec"], &exchange["verdict"]), (&"a".into(), &"differs".into()));
        assert!(memory(&mock) < before + 60, "{} MB after {before}", memory(&mock));
    }
    is_up(&mock);
}

#[test]
fn who_waits_to_be_asked_for_the_body_is_asked_or_refused() {
    let mock = Mock::start(&pong(), &[]);
    let head = |length: usize| {
        format!("POST /a/ping HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: {length}\r\n\r\n")
    };
    let mut stream = mock.connects();
    stream.write_all(head(2).as_bytes()).expect("written");
    assert_eq!(until(&mut stream, "\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(b"{}").expect("written");
    assert!(until(&mut stream, "\r\n\r\npong").starts_with("HTTP/1.1 200 OK"));
    let mut stream = mock.connects();
    stream.write_all(head(1 << 30).as_bytes()).expect("written");
    assert!(until(&mut stream, "\r\n").starts_with("HTTP/1.1 413"));
}

#[test]
fn who_is_slow_is_sent_away() {
    let mut mock = Mock::start(&pong(), &["--read-timeout", "400ms"]);
    let begun = Instant::now();
    for beginning in ["", "P", "GET /a/ping HTTP/1.1\r\nHost: a\r\nX-Slow: "] {
        assert_eq!(mock.says_to(beginning), "", "{beginning:?}");
    }
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    let refused = mock.event("refused");
    assert_eq!(refused["message"], "the head of a request took longer than 400ms");
    // One that sends a byte now and then is no faster.
    let mut drip = mock.connects();
    let begun = Instant::now();
    while drip.write_all(b"G").is_ok() && begun.elapsed() < Duration::from_secs(10) {
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    let said = mock.says_to("GET /a/ping HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
    assert!(said.starts_with("HTTP/1.1 408"), "{said}");
    assert_eq!(mock.get("/__hookwright/requests").json()["requests"][0]["status"], 408);
    is_up(&mock);
}

#[test]
fn limits_by_which_nothing_is_answered_are_refused() {
    for (limit, value, why) in [
        ("--max-connections", "0", "a number of connections is a whole number from 1"),
        ("--max-connections", "many", "a number of connections is a whole number from 1"),
        ("--read-timeout", "0s", "the shortest limit is `1ms`"),
        ("--read-timeout", "0.1ms", "the shortest limit is `1ms`"),
    ] {
        let arguments = ["mock", "--listen", "127.0.0.1:0", limit, value];
        pong().run(&arguments).ends(2).says(why).says(limit);
    }
}

#[test]
fn heads_are_bounded() {
    let mut mock = Mock::start(&pong(), &[]);
    let many: String = (0..200).map(|number| format!("X-{number}: 1\r\n")).collect();
    let long = format!("X-Long: {}\r\n", "x".repeat(1 << 20));
    for headers in [many, long] {
        let said = mock.says_to(format!("GET /a/ping HTTP/1.1\r\nHost: a\r\n{headers}\r\n"));
        assert!(said.starts_with("HTTP/1.1 431"), "{said}");
        let message = mock.event("refused")["message"].to_string();
        assert!(message.contains("what came is no request that can be read"), "{message}");
    }
    assert_eq!(mock.get("/__hookwright/status").json()["refused"], 2);
    is_up(&mock);
}

#[test]
fn whatever_is_not_a_request_is_refused() {
    let mock = Mock::start(&pong(), &[]);
    let refused = [
        ("no method", "\r\n\r\n\x00\x01 / HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("no host", "GET /a/ping HTTP/1.1\r\n\r\n"),
        ("two hosts", "GET /a/ping HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
        ("two lengths", "POST /a/ping HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
        ("a signed length", "POST /a/ping HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\na"),
        ("an unknown coding", "POST /a/ping HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, x\r\n\r\n0\r\n\r\n"),
        ("chunked in HTTP/1.0", "POST /a/ping HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        ("a blank before the colon", "GET /a/ping HTTP/1.1\r\nHost: a\r\nContent-Length : 0\r\n\r\n"),
        ("a folded line", "GET /a/ping HTTP/1.1\r\nHost: a\r\nX-A: b\r\n c\r\n\r\n"),
        ("a chunk that is none", "POST /a/ping HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n"),
        (
            "a chunk without end",
            "POST /a/ping HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
        ),
    ];
    for (what, bytes) in refused {
        let said = mock.says_to(bytes.replace("\r\nHost: a\r\n", "\r\nHost: a\r\nConnection: close\r\n"));
        assert!(said.starts_with("HTTP/1.1 400") || said.starts_with("HTTP/1.0 400"), "{what}: {said}");
    }
    is_up(&mock);
}

#[test]
fn nothing_is_smuggled_behind_a_length() {
    let mock = Mock::start(&pong(), &[]);
    let inner = "GET /a/smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
    let orders = [
        ("Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n"),
        ("Transfer-Encoding: chunked\r\n", "Content-Length: 5\r\n"),
    ];
    for (first, second) in orders {
        let said = mock.says_to(format!("POST /a/ping HTTP/1.1\r\nHost: a\r\n{first}{second}\r\n0\r\n\r\n{inner}"));
        assert_eq!(
            said.matches("HTTP/1.1 ").count(),
            1,
            "the connection ends after one reply (RFC 9112, section 6.1): {said}"
        );
    }
    let logged = mock.get("/__hookwright/requests?search=smuggled").json();
    assert_eq!(logged["requests"], serde_json::json!([]));
}

#[test]
fn methods_and_targets_of_all_forms_are_answered() {
    let mock = Mock::start(&pong(), &[]);
    let first = |bytes: &str| mock.says_to(bytes).lines().next().unwrap_or_default().to_string();
    let close = "Connection: close\r\n\r\n";
    assert!(first(&format!("CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n{close}")).contains(" 501 "));
    assert!(first(&format!("OPTIONS * HTTP/1.1\r\nHost: a\r\n{close}")).contains(" 404 "));
    let head = mock.says_to(format!("HEAD /a/ping HTTP/1.1\r\nHost: a\r\n{close}"));
    assert!(head.contains("content-length: 4") && head.ends_with("\r\n\r\n"), "{head}");
    // As to a proxy: the target's host is the one that counts.
    let said = mock.says_to(format!("GET http://ping.example.com/ping HTTP/1.1\r\nHost: elsewhere\r\n{close}"));
    assert!(said.ends_with("pong"), "{said}");
    let logged = &mock.get("/__hookwright/requests/4").json()["request"]["headers"][0];
    assert_eq!(*logged, serde_json::json!(["host", "ping.example.com"]));
    for path in ["/a/../ping2", "/a%2fping", "/..%2f..%2fetc/passwd", "/a/\u{fc}", "/%ff%fe", "//", "/a/ping/%00"] {
        assert!(first(&format!("GET {path} HTTP/1.1\r\nHost: a\r\n{close}")).contains(" 404 "), "{path}");
    }
    let mut raw = b"GET /a/ping?\xff\xfe HTTP/1.1\r\nHost: a\r\nX-Bytes: \xff\xfe\r\nConnection: close\r\nContent-Length: 2\r\n\r\n\xff\xfe".to_vec();
    let said = mock.says_to(&raw);
    assert!(said.starts_with("HTTP/1.1 "), "{said}");
    raw.drain(12..14);
    assert!(mock.says_to(&raw).ends_with("pong"));
    is_up(&mock);
}

#[test]
fn of_too_many_connections_the_idle_ones_go() {
    let mut mock = Mock::start(&pong(), &["--max-connections", "8"]);
    let mut idle: Vec<TcpStream> = (0..8).map(|_| mock.connects()).collect();
    is_up(&mock);
    assert!(mock.event("refused")["message"].as_str().is_some_and(|why| why.contains("too many connections")));
    idle.truncate(1);
    assert_eq!(idle[0].read(&mut [0]).expect("the oldest is closed"), 0);
}

#[test]
#[cfg(target_os = "linux")]
fn ten_thousand_idle_connections_cost_little() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile).maximum;
    setrlimit(Resource::Nofile, Rlimit { current: limit, maximum: limit }).expect("a limit");
    // Both ends are of this machine, and each process has its own limit.
    let count = limit.map_or(10_000, |limit| usize::try_from(limit).unwrap_or(10_000).saturating_sub(500).min(10_000));
    let mock = Mock::start(&pong(), &[]);
    is_up(&mock);
    let before = memory(&mock);
    let idle: Vec<TcpStream> = (0..count).map(|_| mock.connects()).collect();
    is_up(&mock);
    let during = memory(&mock);
    assert!(during < before + 150, "{during} MB for {count} connections, {before} MB before");
    drop(idle);
    is_up(&mock);
}
