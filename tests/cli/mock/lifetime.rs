//! How a mock begins, changes and ends.

use std::io::Write;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};

use super::raw::{rest, until};
use super::support::Mock;
use crate::cli::support::{PLAIN, Project, Running};

const PONG: &str = "[[case]]\nname = \"pong\"\nreply.body = \"pong\"\n";

#[test]
fn the_ready_file_is_there_while_requests_are_answered() {
    let project = Project::plain(PONG).file("ready.json", r#"{"event": "ready", "url": "of a mock that was killed"}"#);
    let mut mock = Mock::start(&project, &["--ready-file", "ready.json"]);
    let ready: Json = serde_json::from_str(&project.read("ready.json")).expect("JSON");
    assert_eq!(ready, mock.ready);
    mock.ends();
    assert!(!project.exists("ready.json"));
    assert!(project.files("").iter().all(|file| !file.contains(".hookwright-")));
}

#[test]
fn a_ready_file_that_has_become_another_one_stays() {
    let project = Project::plain(PONG);
    let mut mock = Mock::start(&project, &["--ready-file", "ready.json"]);
    project.write("ready.json", "notes");
    mock.ends();
    assert_eq!(project.read("ready.json"), "notes");
}

#[test]
fn no_file_of_anybody_else_is_replaced() {
    let pem = "-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n";
    let key = format!("{pem}-----BEGIN PRIVATE KEY-----\naGVsbG8=\n-----END PRIVATE KEY-----\n");
    for (option, text) in [
        ("--ready-file", "notes"),
        ("--ready-file", ""),
        ("--ready-file", r#"{"event": "stopped"}"#),
        ("--ready-file", r#"["ready"]"#),
        ("--ready-file", pem),
        ("--ca-file", "notes"),
        ("--ca-file", ""),
        ("--ca-file", r#"{"event": "ready"}"#),
        ("--ca-file", &key),
    ] {
        let project = Project::plain(PONG).file("kept", text);
        let said = project.run(&["mock", "--tls", "--listen", "127.0.0.1:0", option, "kept"]);
        assert_eq!(said.code, 2, "{option} {text}: {}", said.err);
        let expected = format!("`kept` exists and was not written by a mock; `{option}` replaces only");
        assert!(said.err.contains(&expected), "{}", said.err);
        assert_eq!((project.read("kept").as_str(), said.out.as_str()), (text, ""));
    }
}

#[cfg(unix)]
#[test]
fn links_pipes_folders_and_sockets_are_never_replaced() {
    let project = Project::plain(PONG).file("old.json", r#"{"event": "ready"}"#);
    std::fs::create_dir(project.path("folder")).expect("a folder");
    std::os::unix::fs::symlink(project.path("old.json"), project.path("link")).expect("a link");
    let _socket = std::os::unix::net::UnixListener::bind(project.path("socket")).expect("a socket");
    let made = std::process::Command::new("mkfifo").arg(project.path("pipe")).status().expect("mkfifo");
    assert!(made.success());
    for name in ["folder", "link", "socket", "pipe"] {
        let kind = || std::fs::symlink_metadata(project.path(name)).expect("it is there").file_type();
        let before = kind();
        for option in ["--ready-file", "--ca-file"] {
            let said = project.run(&["mock", "--tls", "--listen", "127.0.0.1:0", option, name]);
            assert_eq!(said.code, 2, "{option} {name}");
            assert!(said.err.contains(&format!("`{name}` exists and is no regular file")), "{}", said.err);
        }
        assert_eq!(kind(), before, "{name}");
    }
    assert_eq!(project.read("old.json"), r#"{"event": "ready"}"#);
}

#[test]
fn a_port_that_is_taken_is_told() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let project = Project::plain(PONG);
    let said = project.run(&["mock", "--listen", &address, "--ready-file", "ready.json"]);
    assert_eq!(said.code, 2);
    let expected =
        format!("`{address}` is taken by another program; `--listen 127.0.0.1:0` takes a free port and prints it");
    assert!(said.err.contains(&expected), "{}", said.err);
    assert!(!project.exists("ready.json"));
    // What a start would have replaced stays when there is none.
    let (ready, pem) = (r#"{"event": "ready"}"#, "-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n");
    project.write("ready.json", ready);
    project.write("ca.pem", pem);
    let files = ["--ready-file", "ready.json", "--tls", "--ca-file", "ca.pem"];
    assert_eq!(project.run(&[&["mock", "--listen", &address], &files[..]].concat()).code, 2);
    assert_eq!((project.read("ready.json").as_str(), project.read("ca.pem").as_str()), (ready, pem));
    assert_eq!(project.run(&["mock", "--listen", "192.0.2.1:0"]).code, 2);
    assert_eq!(project.run(&["mock", "--listen", "somewhere"]).code, 2);
}

#[test]
fn who_may_reach_it_is_told() {
    let project = Project::plain(PONG);
    let mut running = Running::start(&mut project.command(&["mock", "--listen", "0.0.0.0:0", "--format", "json"]));
    let said = running.waits_for("\n") + &running.waits_for("\n");
    assert!(said.contains("\"url\":\"http://127.0.0.1:"), "{said}");
    assert!(said.contains("can be reached from other machines") && said.contains("read every request"), "{said}");
}

#[test]
fn replies_under_way_end_first() {
    let project = Project::plain("[[case]]\nname = \"slow\"\nreply = { body = \"pong\", delay = \"1500ms\" }\n");
    let mut mock = Mock::start(&project, &[]);
    let mut stream = mock.connects();
    stream.write_all(b"GET /a/ping HTTP/1.1\r\nHost: a\r\n\r\n").expect("written");
    mock.event("exchange");
    let mut watcher = mock.connects();
    watcher.write_all(b"GET /__hookwright/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").expect("written");
    until(&mut watcher, "\r\n\r\n");
    let idle = mock.connects();
    let begun = Instant::now();
    assert_eq!(mock.ends()["requests"], 1);
    assert!(
        begun.elapsed() < Duration::from_secs(4),
        "neither idle connections nor pages hold it up: {:?}",
        begun.elapsed()
    );
    assert!(rest(&mut stream).ends_with("pong"));
    drop(idle);
}

#[test]
fn a_second_signal_does_not_wait() {
    let project = Project::plain("[[case]]\nname = \"slow\"\nreply = { body = \"pong\", delay = \"30s\" }\n");
    let mut mock = Mock::start(&project, &[]);
    let mut stream = mock.connects();
    stream.write_all(b"GET /a/ping HTTP/1.1\r\nHost: a\r\n\r\n").expect("written");
    mock.event("exchange");
    let begun = Instant::now();
    mock.interrupt();
    std::thread::sleep(Duration::from_millis(300));
    assert!(mock.running.is_running());
    mock.ends();
    assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
}

#[test]
fn what_is_expected_decides_how_it_ends() {
    let project = Project::plain(&format!("{PONG}[[case]]\nname = \"other\"\nreply.body = \"other\"\n"));
    let end = |targets: &[&str], expected: &[&str]| {
        let mut mock = Mock::start(&project, expected);
        targets.iter().for_each(|target| drop(mock.get(target)));
        mock.interrupt();
        let stopped = mock.event("stopped");
        (mock.running.child.wait().expect("an end").code(), stopped["unmet"].clone())
    };
    let all = ["--expect", "all-cases"];
    let both = ["--expect", "all-cases", "--expect", "no-differences"];
    assert_eq!(end(&["/a/ping?__case=pong", "/a/ping?__case=other"], &both), (Some(0), json!([])));
    assert_eq!(end(&["/a/ping", "/nowhere"], &all), (Some(1), json!(["no request for the case `other` of `a`"])));
    let missing = "no request for the case `other` of `a`";
    assert_eq!(end(&["/a/ping", "/nowhere"], &both), (Some(1), json!([missing, "1 requests were for no action"])));
    assert_eq!(end(&["/nowhere"], &[]), (Some(0), json!([])));
    assert_eq!(project.run(&["mock", "--expect", "luck"]).code, 2);
}

#[test]
fn specs_come_change_break_and_go_on_one_connection() {
    let project = Project::plain(PONG);
    let mut mock = Mock::start(&project, &["--watch"]);
    let spec = project.read("specs/a.toml");
    let mut stream = mock.connects();
    let mut ask = |path: &str, end: &str| {
        stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: a\r\n\r\n").as_bytes()).expect("written");
        until(&mut stream, &format!("\r\n\r\n{end}"))
    };
    ask("/a/ping", "pong");
    project.write("specs/a.toml", spec.replace("reply.body = \"pong\"", "reply.body = \"new one\""));
    assert_eq!(mock.event("reloaded")["specs"], json!(["a"]));
    ask("/a/ping", "new one");
    project.write("specs/a.toml", "[action\n");
    let failed = mock.event("reload-failed");
    assert_eq!(failed["specs"], json!(["a"]));
    let message = failed["message"].as_str().expect("a text");
    assert!(message.contains("its last good version is served") && message.contains("specs/a.toml:1"), "{message}");
    ask("/a/ping", "new one");
    project.write("specs/b.toml", spec.replace("/ping", "/pong"));
    assert_eq!(mock.event("reloaded")["specs"], json!(["b"]));
    ask("/b/pong", "pong");
    ask("/a/ping", "new one");
    project.write("specs/a.toml", &spec);
    assert_eq!(mock.event("reloaded")["specs"], json!(["a"]));
    ask("/a/ping", "pong");
    std::fs::remove_file(project.path("specs/b.toml")).expect("removed");
    assert_eq!(mock.event("reloaded")["specs"], json!(["b"]));
    assert!(ask("/b/pong", "").contains("404"));
    // What was counted stays.
    let verify = mock.get("/__hookwright/verify").json();
    assert_eq!(verify["cases"], json!([{"spec": "a", "case": "pong", "requests": 5}]));
    project.write("hookwright.toml", "[project\n");
    assert!(mock.event("reload-failed")["message"].as_str().is_some_and(|why| why.contains("the manifest is not TOML")));
    assert_eq!(mock.get("/a/ping").text(), "pong");
    mock.ends();
}

#[test]
fn a_mock_whose_output_nobody_reads_still_ends() {
    let project = Project::with(&format!("{PLAIN}[[case]]\nname = \"x\"\nreply.json = {{ answer = 1 }}\n"));
    let mut command = project.command(&["mock", "--listen", "127.0.0.1:0", "--format", "json"]);
    let mut child = command.stdout(std::process::Stdio::piped()).spawn().expect("the program starts");
    let mut ready = String::new();
    let mut out = std::io::BufReader::with_capacity(1, child.stdout.take().expect("its output"));
    std::io::BufRead::read_line(&mut out, &mut ready).expect("the ready event");
    let ready: serde_json::Value = serde_json::from_str(&ready).expect("JSON");
    let address = ready["address"].as_str().expect("an address").to_string();
    // More than a pipe holds.
    let mut stream = std::net::TcpStream::connect(address).expect("a connection");
    std::io::Write::write_all(&mut stream, "GET /a/ping HTTP/1.1\r\nHost: a\r\n\r\n".repeat(2_000).as_bytes())
        .expect("sent");
    std::thread::sleep(std::time::Duration::from_millis(500));
    rustix::process::kill_process(rustix::process::Pid::from_child(&child), rustix::process::Signal::TERM)
        .expect("a signal");
    let started = std::time::Instant::now();
    let ended = loop {
        if let Some(status) = child.try_wait().expect("a child") {
            break Some(status);
        }
        if started.elapsed() > std::time::Duration::from_secs(30) {
            break None;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    };
    let _ = child.kill();
    assert!(ended.is_some_and(|status| status.success()), "{ended:?}");
}
