//! The client against the in-process stand-in: what really happens on the wire.

use std::time::{Duration, Instant};

use super::{Backend, ReceivedRequest};
use crate::case::{Answer, Fault, Reply};
use crate::eval::{ErrorKind, Request};
use crate::run::{Client, Destination, FRAMING, Limits, Sent, wire_target};
use crate::value::TaintedText;

struct Worker {
    client: Client,
    backend: Backend,
}

impl Worker {
    fn start() -> Worker {
        Worker { client: Client::new().unwrap(), backend: Backend::start().unwrap() }
    }

    fn exchange(&mut self, request: &Request, answer: &Answer) -> (Sent, Option<ReceivedRequest>) {
        self.exchange_within(request, answer, &Limits::default())
    }

    fn exchange_within(&mut self, request: &Request, answer: &Answer, limits: &Limits) -> (Sent, Option<ReceivedRequest>) {
        let address = self.backend.prepare(answer).unwrap();
        let sent = self.client.send(request, &Destination { address, answer, secured: None }, limits);
        (sent, self.backend.received())
    }
}

fn request(method: &str, url: &str, headers: &[(&str, &str)], body: Option<&str>) -> Request {
    Request {
        method: method.to_string(),
        url: TaintedText::plain(url),
        headers: headers.iter().map(|(name, value)| (name.to_string(), TaintedText::plain(*value))).collect(),
        body: body.map(TaintedText::plain),
    }
}

fn post() -> Request {
    let headers = [("Content-Type", "application/json"), ("X-Channel", "web")];
    request("POST", "https://example.com/tickets?user=42", &headers, Some("{\"title\":\"Broken TV\"}"))
}

fn pairs(headers: &[(&str, &str)]) -> Vec<(String, String)> {
    headers.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect()
}

fn reply(status: u16, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> Reply {
    Reply { status, headers: pairs(headers), delay_milliseconds: 0, body: body.into() }
}

fn failure(sent: &Sent) -> (bool, ErrorKind, &str) {
    assert_eq!(sent.reply, None);
    let failure = sent.failure.as_ref().expect("a failure");
    (sent.reached, failure.kind, &failure.message)
}

#[test]
fn all_of_a_request_arrives_and_all_of_a_reply_comes_back() {
    let headers = [
        ("Content-Type", "application/json"),
        ("X-Channel", "web"),
        ("x-CHANNEL", "phone"),
        ("X-Empty", ""),
        ("X-Name", "Zoë\tÄ"),
        ("X-Channel", "web"),
    ];
    let planned = request("PATCH", "https://Example.com:8443/a%20b/c?q=1&q=2#top", &headers, Some("{\"a\":\"ü\n\"}"));
    let bytes: Vec<u8> = (0..=255).collect();
    let reply_headers = [("Content-Type", "x/y; q=1"), ("Set-Cookie", "a=1"), ("X-REQUEST-id", "r1"), ("Set-Cookie", "b=2")];
    let expected = reply(201, &reply_headers, bytes);
    let (sent, received) = Worker::start().exchange(&planned, &Answer::Reply(expected.clone()));
    assert_eq!(sent.failure, None);
    assert!(sent.reached);
    assert_eq!(sent.reply, Some(expected));
    let received = received.unwrap();
    assert_eq!(received.differences(&planned), Vec::<String>::new());
    assert_eq!((received.method.as_str(), received.target.as_str()), ("PATCH", "/a%20b/c?q=1&q=2"));
    assert_eq!(received.body, "{\"a\":\"ü\n\"}".as_bytes());
    let version = concat!("hookwright/", env!("CARGO_PKG_VERSION"));
    let expected = [
        ("host", "example.com:8443"),
        ("content-type", "application/json"),
        ("x-channel", "web"),
        ("x-channel", "phone"),
        ("x-channel", "web"),
        ("x-empty", ""),
        ("x-name", "Zoë\tÄ"),
        ("accept", "*/*"),
        ("user-agent", version),
        ("content-length", "11"),
    ];
    assert_eq!(received.headers, pairs(&expected));
}

#[test]
fn only_a_request_that_is_to_have_a_body_says_that_it_has_none() {
    let mut worker = Worker::start();
    for (method, body, length) in [
        ("GET", None, None),
        ("DELETE", None, None),
        ("POST", None, Some("0")),
        ("PUT", None, Some("0")),
        ("PATCH", Some(""), Some("0")),
        ("GET", Some("x"), Some("1")),
        ("DELETE", Some("xy"), Some("2")),
    ] {
        let planned = request(method, "http://example.com", &[], body);
        let (sent, received) = worker.exchange(&planned, &Answer::Unspecified);
        assert_eq!((sent.reached, sent.reply, sent.failure), (true, None, None));
        let received = received.unwrap();
        assert_eq!(received.values("content-length").next(), length, "{method} {body:?}");
        assert_eq!(received.values("transfer-encoding").next(), None);
        assert_eq!(received.differences(&planned), Vec::<String>::new());
    }
}

#[test]
fn configured_headers_win_over_ours() {
    let headers = [("Host", "other.example"), ("User-Agent", "mine"), ("Accept", "text/plain"), ("Content-Length", "99")];
    let planned = request("POST", "https://example.com/", &headers, Some("hi"));
    let (sent, received) = Worker::start().exchange(&planned, &Answer::Reply(reply(200, &[], "")));
    assert_eq!(sent.failure, None);
    let expected = [("host", "other.example"), ("user-agent", "mine"), ("accept", "text/plain"), ("content-length", "2")];
    assert_eq!(received.unwrap().headers, pairs(&expected));
}

#[test]
fn targets_arrive_as_told_beforehand() {
    let mut worker = Worker::start();
    for url in [
        "https://example.com",
        "https://example.com/a/../b?it's={x}|^`\"<>\\#y",
        "https://example.com//a//b/./c d/%2e%2E/é?é=%zz&a+b",
        "https://example.com/it's/[a]/{b}/;p=1,2:@!$&*()~_-=+?/?",
        "https://example.com?",
        "http://user:word@[::1]:8080/a\\b\tc",
    ] {
        let planned = request("GET", url, &[], None);
        let (sent, received) = worker.exchange(&planned, &Answer::Unspecified);
        assert_eq!(sent.failure, None, "{url}");
        let received = received.unwrap();
        assert_eq!(Ok(&received.target), wire_target(url).as_ref());
        assert_eq!(received.differences(&planned), Vec::<String>::new());
    }
}

#[test]
fn every_status_comes_back() {
    let mut worker = Worker::start();
    for status in 200..=599 {
        let (sent, _) = worker.exchange(&post(), &Answer::Reply(reply(status, &[("X-A", "1")], "body")));
        assert_eq!(sent.failure, None, "{status}");
        let body = if matches!(status, 204 | 304) { "" } else { "body" };
        assert_eq!(sent.reply, Some(reply(status, &[("X-A", "1")], body)));
    }
}

#[test]
fn a_reply_to_head_has_no_body() {
    let mut worker = Worker::start();
    let planned = request("HEAD", "https://example.com/", &[], None);
    for _ in 0..2 {
        let (sent, _) = worker.exchange(&planned, &Answer::Reply(reply(200, &[("X-A", "1")], "body")));
        assert_eq!((sent.failure, sent.reply), (None, Some(reply(200, &[("X-A", "1")], ""))));
    }
}

#[test]
fn an_interim_reply_is_not_the_reply() {
    let planned = request("POST", "https://example.com/", &[("Expect", "100-continue")], Some("hi"));
    let (sent, received) = Worker::start().exchange(&planned, &Answer::Reply(reply(200, &[], "fine")));
    assert_eq!((sent.failure, sent.reply), (None, Some(reply(200, &[], "fine"))));
    assert_eq!(received.unwrap().differences(&planned), Vec::<String>::new());
}

#[test]
fn a_redirect_is_not_followed() {
    let expected = reply(307, &[("Location", "http://127.0.0.1:1/elsewhere")], "");
    let (sent, received) = Worker::start().exchange(&post(), &Answer::Reply(expected.clone()));
    assert_eq!(sent.reply, Some(expected));
    assert_eq!(received.unwrap().differences(&post()), Vec::<String>::new());
}

#[test]
fn configured_framing_does_not_reach_the_wire() {
    let headers: Vec<(&str, &str)> = FRAMING.iter().map(|name| (*name, "7")).collect();
    let expected = reply(200, &headers, "longer than seven");
    let mut worker = Worker::start();
    for _ in 0..2 {
        let (sent, _) = worker.exchange(&post(), &Answer::Reply(expected.clone()));
        assert_eq!((sent.failure, sent.reply), (None, Some(expected.clone())));
    }
}

#[test]
fn a_reply_that_cannot_be_sent_is_refused() {
    let mut backend = Backend::start().unwrap();
    for broken in [
        reply(199, &[], ""),
        reply(600, &[], ""),
        reply(200, &[("X-A", "a\r\nX-B: b")], ""),
        reply(200, &[("X A", "a")], ""),
    ] {
        let error = backend.prepare(&Answer::Reply(broken)).unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput);
        assert!(!error.to_string().contains('\n'));
    }
}

#[test]
fn time_is_virtual() {
    let mut worker = Worker::start();
    let started = Instant::now();
    let mut slow = reply(200, &[], "late");
    slow.delay_milliseconds = 60_000;
    let (sent, received) = worker.exchange(&post(), &Answer::Reply(slow.clone()));
    assert_eq!(failure(&sent), (true, ErrorKind::Timeout, "no reply within 30 s"));
    assert!(received.is_some());
    slow.delay_milliseconds = 30_000;
    let (sent, _) = worker.exchange(&post(), &Answer::Reply(slow.clone()));
    assert_eq!((sent.failure, sent.reply), (None, Some(slow)));
    let limits = Limits { timeout_milliseconds: 1_500, ..Limits::default() };
    let (sent, received) = worker.exchange_within(&post(), &Answer::Fault(Fault::Timeout), &limits);
    assert_eq!(failure(&sent), (true, ErrorKind::Timeout, "no reply within 1.5 s"));
    assert_eq!(received.unwrap().differences(&post()), Vec::<String>::new());
    assert!(started.elapsed() < Duration::from_secs(20));
}

#[test]
fn faults_are_real() {
    let mut worker = Worker::start();
    let reset = "the connection was reset before the reply was complete";
    let closed = "the connection was closed before the reply was complete";
    // Twice, and with replies between, since listeners and connections are used again.
    for _ in 0..2 {
        for (fault, kind, message) in [
            (Fault::ConnectionReset, ErrorKind::ConnectionReset, reset),
            (Fault::Empty, ErrorKind::ConnectionReset, closed),
            (Fault::Malformed, ErrorKind::MalformedReply, "what came back is not HTTP"),
        ] {
            let (sent, received) = worker.exchange(&post(), &Answer::Fault(fault));
            assert_eq!(failure(&sent), (true, kind, message), "{fault:?}");
            assert_eq!(received.unwrap().differences(&post()), Vec::<String>::new());
            let (sent, _) = worker.exchange(&post(), &Answer::Reply(reply(200, &[], "fine")));
            assert_eq!(sent.reply, Some(reply(200, &[], "fine")));
        }
    }
}

#[test]
fn nothing_is_received_where_no_connection_is_made() {
    let mut worker = Worker::start();
    for _ in 0..2 {
        let (sent, received) = worker.exchange(&post(), &Answer::Fault(Fault::ConnectionRefused));
        let message = "the connection was refused: nothing listens there";
        assert_eq!(failure(&sent), (false, ErrorKind::ConnectionRefused, message));
        assert_eq!(received, None);
    }
    for scheme in ["https", "http"] {
        let planned = request("GET", &format!("{scheme}://example.com/"), &[], None);
        let (sent, received) = worker.exchange(&planned, &Answer::Fault(Fault::Tls));
        let message = "the TLS handshake failed: the server broke it off with the alert HandshakeFailure";
        assert_eq!(failure(&sent), (false, ErrorKind::Tls, message));
        assert_eq!(received, None);
    }
}

#[test]
fn a_truncated_reply_is_a_reset_connection() {
    let mut worker = Worker::start();
    let address = worker.backend.prepare_truncated().unwrap();
    let answer = Answer::Reply(reply(200, &[], ""));
    let sent = worker.client.send(&post(), &Destination { address, answer: &answer, secured: None }, &Limits::default());
    let message = "the connection was closed before the reply was complete";
    assert_eq!(failure(&sent), (true, ErrorKind::ConnectionReset, message));
}

#[test]
fn a_reply_over_the_limit_is_not_read() {
    let mut worker = Worker::start();
    let limits = Limits { reply_bytes: 1024, ..Limits::default() };
    let fits = reply(200, &[], vec![b'a'; 1024]);
    let (sent, _) = worker.exchange_within(&post(), &Answer::Reply(fits.clone()), &limits);
    assert_eq!(sent.reply, Some(fits));
    let (sent, received) = worker.exchange_within(&post(), &Answer::Reply(reply(200, &[], vec![b'a'; 1025])), &limits);
    assert_eq!(failure(&sent), (true, ErrorKind::ReplyTooLarge, "the reply is larger than 1 KiB"));
    assert!(received.is_some());
}

#[test]
fn a_header_that_would_inject_is_not_sent() {
    let mut worker = Worker::start();
    let planned = request("GET", "https://example.com/", &[("X-A", "a\r\nX-B: b")], None);
    let (sent, received) = worker.exchange(&planned, &Answer::Unspecified);
    let message = "the value of `X-A` has a line break or another control character";
    assert_eq!(failure(&sent), (false, ErrorKind::InvalidHeader, message));
    assert_eq!(received, None);
}

#[test]
fn large_bodies_go_both_ways() {
    let mut worker = Worker::start();
    let body = "0123456789".repeat(300_000);
    let planned = request("POST", "https://example.com/", &[], Some(&body));
    for _ in 0..3 {
        let (sent, received) = worker.exchange(&planned, &Answer::Reply(reply(200, &[], body.as_str())));
        assert_eq!(sent.reply.unwrap().body, body.as_bytes());
        assert_eq!(received.unwrap().differences(&planned), Vec::<String>::new());
    }
}

#[test]
fn the_most_headers_that_are_sent_arrive() {
    let mut worker = Worker::start();
    let value = "v".repeat(2_900);
    let names: Vec<String> = (0..crate::run::MAX_HEADERS - 1).map(|index| format!("X-{index}")).collect();
    let headers: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), value.as_str())).collect();
    let planned = request("POST", "https://example.com/", &headers, Some("hi"));
    let (sent, received) = worker.exchange(&planned, &Answer::Reply(reply(200, &[], "")));
    assert_eq!(sent.failure, None);
    assert_eq!(received.unwrap().differences(&planned), Vec::<String>::new());
}

#[test]
fn three_hundred_exchanges_in_a_row() {
    let mut worker = Worker::start();
    for index in 0..300 {
        let planned = request("POST", &format!("https://example.com/{index}"), &[], Some("{}"));
        let expected = reply(200, &[("X-Index", &index.to_string())], index.to_string());
        let (sent, received) = worker.exchange(&planned, &Answer::Reply(expected.clone()));
        assert_eq!((sent.failure, sent.reply), (None, Some(expected)));
        assert_eq!(received.unwrap().target, format!("/{index}"));
    }
}

#[test]
fn workers_do_not_meet() {
    std::thread::scope(|scope| {
        for thread in 0..8 {
            scope.spawn(move || {
                let mut worker = Worker::start();
                for index in 0..40 {
                    let expected = reply(200, &[], format!("{thread}.{index}"));
                    let (sent, _) = worker.exchange(&post(), &Answer::Reply(expected.clone()));
                    assert_eq!(sent.reply, Some(expected));
                    let (sent, _) = worker.exchange(&post(), &Answer::Fault(Fault::Empty));
                    assert_eq!(failure(&sent).1, ErrorKind::ConnectionReset);
                }
            });
        }
    });
}
