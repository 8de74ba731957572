//! What `send` makes of servers that do not do as they should, and of other kinds of connection.

use std::io::Write;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::server::{Request, Server, reply};
use super::support::{PLAIN, Project, Said};

fn send_to(url: &str, format: &str) -> Said {
    let project = Project::with(&format!("{PLAIN}[assume]\ntimeout = \"300ms\"\n"));
    project.run(&["send", "specs/a.toml", "--base-url", url, "--format", format])
}

fn send(server: &Server, format: &str) -> Said {
    send_to(&server.url(), format)
}

/// The error kind that a server leads to, within a few seconds.
fn kind(answer: impl Fn(&mut TcpStream, &Request) + Send + Sync + 'static) -> String {
    let said = send(&Server::with(answer), "json").ends(1);
    assert!(said.elapsed < Duration::from_secs(5), "{:?}", said.elapsed);
    let json = said.json();
    assert!(json["reply"].is_null() && json["sent"] == true, "{json:#}");
    json["error"]["kind"].as_str().expect("a kind").to_string()
}

fn wait() {
    std::thread::sleep(Duration::from_secs(3));
}

#[test]
fn a_server_that_is_slow_is_cut_off() {
    assert_eq!(kind(|_, _| wait()), "timeout");
    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n";
    assert_eq!(
        kind(|stream, _| {
            let _ = stream.write_all(head);
            wait();
        }),
        "timeout"
    );
    // Byte by byte, first of the head and then of the body.
    for start in [b"HTTP/1.1 200 OK\r\nX-A: ".as_slice(), head] {
        let dribble = move |stream: &mut TcpStream, _: &Request| {
            let _ = stream.write_all(start);
            while stream.write_all(b"a").is_ok() {
                std::thread::sleep(Duration::from_millis(20));
            }
        };
        assert_eq!(kind(dribble), "timeout");
    }
}

#[test]
fn a_server_that_breaks_off_or_speaks_something_else() {
    for (said, expected) in [
        ("", "connection-reset"),
        ("HTTP/1.1 200 OK\r\nContent-Le", "connection-reset"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc", "connection-reset"),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", "connection-reset"),
        ("220 mail.example.com ESMTP\r\n", "malformed-reply"),
        ("HTTP/1.1 600 Odd\r\nContent-Length: 0\r\n\r\n", "malformed-reply"),
        ("HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n", "malformed-reply"),
        ("HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n", "malformed-reply"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\nabcde", "malformed-reply"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", "reply-too-large"),
    ] {
        assert_eq!(kind(move |stream, _| drop(stream.write_all(said.as_bytes()))), expected, "{said}");
    }
    let reset = |stream: &mut TcpStream, _: &Request| {
        socket2::SockRef::from(&*stream).set_linger(Some(Duration::ZERO)).expect("an option");
    };
    assert_eq!(kind(reset), "connection-reset");
}

#[test]
fn a_reply_ends_where_it_says() {
    let server = Server::saying("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 500 X\r\n\r\nmore");
    let json = send(&server, "json").ends(0).json();
    assert_eq!((&json["reply"]["status"], &json["reply"]["body"]), (&200.into(), &"{}".into()));
}

/// Sends pieces until the client goes or a gigabyte is through; gives the bytes that went.
fn flood(start: &'static [u8], piece: &'static [u8]) -> (Said, u64) {
    let sent = Arc::new(AtomicU64::new(0));
    let count = sent.clone();
    let server = Server::with(move |stream, _| {
        let _ = stream.write_all(start);
        while count.load(Ordering::Relaxed) < 1 << 30 && stream.write_all(piece).is_ok() {
            count.fetch_add(piece.len() as u64, Ordering::Relaxed);
        }
    });
    let project = Project::with(PLAIN);
    let said = project.run(&["send", "specs/a.toml", "--base-url", &server.url(), "--format", "json"]).ends(1);
    (said, sent.load(Ordering::Relaxed))
}

#[test]
fn a_reply_without_end_is_cut_off_soon() {
    static PIECE: [u8; 64 * 1024] = [b'a'; 64 * 1024];
    for (start, most) in [
        (b"HTTP/1.1 200 OK\r\nX-Long: ".as_slice(), 16 << 20),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n", 64 << 20),
    ] {
        let (said, sent) = flood(start, &PIECE);
        assert_eq!(said.json()["error"]["kind"], "reply-too-large");
        assert!(said.elapsed < Duration::from_secs(20), "{:?}", said.elapsed);
        assert!(sent < most, "{sent} bytes were taken");
    }
    let (said, sent) = flood(b"HTTP/1.1 200 OK\r\n", b"X-Many: a\r\n");
    assert_eq!(said.json()["error"]["kind"], "reply-too-large");
    assert!(sent < 16 << 20, "{sent} bytes were taken");
}

#[test]
fn ipv6() {
    let server = Server::at("[::1]:0", |stream, _| drop(stream.write_all(&reply(200, "", "{}"))));
    send(&server, "human").ends(0).says(&format!("GET http://[::1]:{}/ping", server.address.port()));
    assert_eq!(server.only().header("Host"), Some(&*server.address.to_string()));
}

#[test]
fn a_reply_in_another_charset_is_readable_and_no_json() {
    let body = b"{\"answer\":\"caf\xe9 \x80\"}";
    let server = Server::saying(reply(200, "Content-Type: application/json; charset=ISO-8859-1\r\n", body));
    send(&server, "human").ends(0).says("\"answer\": \"café €\"").says("log: the reply is not JSON");
    let json = send(&server, "json").ends(0).json();
    assert_eq!(json["reply"]["body"], "{\"answer\":\"café €\"}");
    assert!(json["outcome"]["attributes"]["user.answer"].is_null());
}

#[test]
fn what_a_terminal_would_obey_is_made_visible() {
    let body = "a\u{1b}]0;title\u{7}b\u{202e}c";
    let server = Server::saying(reply(200, "Content-Type: text/plain\r\nX-A: \u{9b}1m\r\n", body));
    let said = send(&server, "human").ends(0);
    assert!(said.out.chars().all(|character| character == '\n' || !character.is_control()), "{:?}", said.out);
    assert!(said.out.contains("a\\u001b]0;title\\u0007b\\u202ec"), "{}", said.out);
}
