//! The journal, through the server: what was acknowledged is on disk.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value as Json, json};

use super::api::{CASES, ask};
use super::support::Mock;
use crate::cli::support::Project;

fn lines(project: &Project) -> Vec<Json> {
    project
        .read("journal")
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect()
}

fn replies_of(mock: &Mock, count: usize) {
    (0..count).for_each(|_| assert_eq!(ask(mock, 7, "TV").status, 201));
}

#[test]
fn every_exchange_is_a_line_as_the_control_api_shows_it() {
    let project = Project::ticket(CASES);
    let mock = Mock::start(&project, &["--journal", "journal"]);
    replies_of(&mock, 2);
    let reply = mock.get("/nowhere");
    assert_eq!(reply.header("x-hookwright-journal"), None);
    let written = lines(&project);
    assert_eq!(written.len(), 3);
    for line in written {
        assert_eq!(line, mock.get(&format!("/__hookwright/requests/{}", line["id"])).json());
    }
    let status = mock.get("/__hookwright/status").json();
    let expected = json!({"file": "journal", "written": 3, "failed": 0, "last_failure": null, "rotation_failure": null});
    assert_eq!(status["journal"], expected);
    assert_eq!(Mock::start(&project, &[]).get("/__hookwright/status").json()["journal"], Json::Null);
}

#[test]
fn an_opened_journal_fills_the_log_and_ids_go_on() {
    let project = Project::ticket(CASES);
    let mut mock = Mock::start(&project, &["--journal", "journal"]);
    ask(&mock, 42, "Radio");
    ask(&mock, 7, &"x".repeat(70_000));
    let mut first = mock.get("/__hookwright/requests/1").json();
    mock.running.child.kill().expect("killed");
    mock.running.child.wait().expect("gone");
    project.write("journal", format!("{}{{\"id\":3,\"torn", project.read("journal")));
    let mock = Mock::start(&project, &["--open", "journal", "--journal", "journal"]);
    first["from_journal"] = true.into();
    assert_eq!(mock.get("/__hookwright/requests/1").json(), first);
    let list = mock.get("/__hookwright/requests?search=radio").json();
    assert_eq!((&list["total"], list["requests"].as_array().map(Vec::len)), (&json!(2), Some(1)));
    // What the line holds is enough for a case, a command and a replay; secrets it does not hold.
    let case = mock.get("/__hookwright/requests/1/case");
    assert!(case.status == 200 && case.text().contains("id = 42"), "{}", case.text());
    assert!(mock.get("/__hookwright/requests/1/curl").text().contains("user=42"));
    let replay = |id: u32| {
        let (target, wanted) = (format!("/__hookwright/requests/{id}/replay"), json!({"url": mock.url}).to_string());
        mock.request("POST", &target, &[("content-type", "application/json")], wanted)
    };
    let told = replay(1);
    assert_eq!((told.status, &told.json()["left_out"]), (200, &json!(["request.headers.authorization"])), "{}", told.text());
    for what in ["case", "curl"] {
        assert_eq!(mock.get(&format!("/__hookwright/requests/2/{what}")).status, 409, "its body was cut");
    }
    assert_eq!(replay(2).status, 409);
    let ids: Vec<u64> = lines(&project).iter().map(|line| line["id"].as_u64().unwrap()).collect();
    assert_eq!(ids, [1, 2, 3], "the replay came as the next, and the torn line is gone");
    drop(mock);
    let mock = Mock::start(&project, &["--journal", "journal"]);
    assert_eq!(ask(&mock, 7, "TV").header("x-hookwright-exchange"), Some("4"), "ids go on without `--open`, too");
    assert_eq!(mock.get("/__hookwright/requests").json()["total"], 1);
}

#[test]
fn what_is_no_journal_is_refused_and_stays() {
    let project = Project::ticket(CASES).file("notes.txt", "my notes\n");
    project.run(&["mock", "--listen", "127.0.0.1:0", "--journal", "notes.txt"]).ends(2).says("is not a journal");
    project.run(&["mock", "--listen", "127.0.0.1:0", "--open", "missing"]).ends(2).says("missing");
    project.run(&["mock", "--listen", "127.0.0.1:0", "--journal-size", "64MiB"]).ends(2).says("--journal");
    for size in ["1", "64 apples", "99999999999GiB"] {
        project.run(&["mock", "--journal", "j", "--journal-size", size]).ends(2).says("size");
    }
    assert_eq!(project.read("notes.txt"), "my notes\n");
    assert!(!project.exists("j"));
}

#[test]
fn lines_that_are_no_exchanges_make_no_journal() {
    let far = r#"{"id":18446744073709551615,"at":"a","method":"GET","target":"/","verdict":"matches","request":{}}"#;
    for text in [r#"{"a":1}"#, r#"{"id":1}"#, far] {
        let text = format!("{text}\n");
        let project = Project::ticket(CASES).file("other", &text);
        for option in ["--journal", "--open"] {
            let said = project.run(&["mock", "--listen", "127.0.0.1:0", option, "other"]);
            said.ends(2).says("other` is not a journal: ");
        }
        assert_eq!(project.read("other"), text);
    }
}

#[test]
fn an_id_that_no_exchange_can_have_is_passed_over() {
    let project = Project::ticket(CASES);
    let mock = Mock::start(&project, &["--journal", "journal"]);
    replies_of(&mock, 1);
    drop(mock);
    let line = project.read("journal");
    project.write("journal", format!("{line}{}", line.replacen("\"id\":1,", "\"id\":18446744073709551615,", 1)));
    assert!(project.read("journal").contains("18446744073709551615"));
    let mock = Mock::start(&project, &["--open", "journal", "--journal", "journal"]);
    assert_eq!(ask(&mock, 7, "TV").header("x-hookwright-exchange"), Some("2"));
}

#[test]
fn a_journal_is_rotated_at_its_size() {
    let project = Project::ticket(CASES);
    let mock = Mock::start(&project, &["--journal", "journal", "--journal-size", "64KiB"]);
    replies_of(&mock, 60);
    assert!(project.exists("journal.1"));
    let all: usize = project
        .files("")
        .iter()
        .filter(|file| file.starts_with("journal"))
        .map(|file| project.read(file).lines().count())
        .sum();
    assert_eq!(all, 60);
    drop(mock);
    let mock = Mock::start(&project, &["--open", "journal"]);
    assert_eq!(mock.get("/__hookwright/requests").json()["total"], 60);
}

/// `/dev/full` takes nothing.
#[cfg(target_os = "linux")]
#[test]
fn a_journal_that_cannot_be_written_is_told_and_the_reply_still_goes() {
    let project = Project::ticket(CASES);
    let mut mock = Mock::start(&project, &["--journal", "/dev/full"]);
    let started = std::time::Instant::now();
    for _ in 0..20 {
        let reply = ask(&mock, 7, "TV");
        assert_eq!((reply.status, reply.header("x-hookwright-journal")), (201, Some("not-written")));
    }
    let told = mock.event("journal-failed");
    assert_eq!((&told["file"], &told["failed"]), (&json!("/dev/full"), &json!(1)));
    assert!(told["message"].as_str().unwrap().starts_with("the journal cannot be written: "), "{told}");
    let journal = mock.get("/__hookwright/status").json()["journal"].clone();
    assert_eq!((&journal["written"], &journal["failed"]), (&json!(0), &json!(20)));
    assert_eq!(journal["last_failure"], told["message"]);
    mock.interrupt();
    let mut rest = mock.running.waits_for("\"event\":\"stopped\"");
    rest.push_str(&mock.running.waits_for("\n"));
    let again = rest.matches("journal-failed").count();
    assert!(again as u64 <= started.elapsed().as_secs() / 5, "it is said now and then, not each time: {rest}");
    assert!(rest.contains("\"unwritten\":20"), "{rest}");
    assert_eq!(mock.running.child.wait().expect("an end").code(), Some(1));
}

/// The number of the exchange that a reply names.
fn acknowledged(replies: &mut impl BufRead) -> Option<u64> {
    let (mut line, mut id, mut length) = (String::new(), None, 0);
    loop {
        line.clear();
        if replies.read_line(&mut line).ok()? == 0 || !line.ends_with('\n') {
            return None;
        }
        if line == "\r\n" {
            break;
        }
        let (name, value) = line.split_once(':').unwrap_or_default();
        match name.to_ascii_lowercase().as_str() {
            "x-hookwright-exchange" => id = value.trim().parse().ok(),
            "content-length" => length = value.trim().parse().ok()?,
            _ => {}
        }
    }
    replies.read_exact(&mut vec![0; length]).ok()?;
    id
}

#[test]
fn a_mock_that_is_killed_has_lost_nothing_that_it_acknowledged() {
    const CLIENTS: usize = 8;
    let project = Project::ticket(CASES);
    let mut known: Vec<u64> = Vec::new();
    for round in 0..3u64 {
        let mut mock = Mock::start(&project, &["--journal", "journal", "--journal-size", "256KiB"]);
        let address = mock.url.strip_prefix("http://").expect("plain HTTP").to_string();
        let (all, count) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicU64::new(0)));
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| {
                let (address, all, count) = (address.clone(), Arc::clone(&all), Arc::clone(&count));
                std::thread::spawn(move || {
                    let mut stream = TcpStream::connect(&address).expect("a connection");
                    let mut replies = BufReader::new(stream.try_clone().expect("the same"));
                    let body = "{\"title\":\"TV\",\"age\":36}";
                    let request = format!(
                        "POST /a/tickets?user=7 HTTP/1.1\r\nhost: {address}\r\ncontent-length: {}\r\n\r\n{body}",
                        body.len()
                    );
                    while stream.write_all(request.as_bytes()).is_ok() {
                        let Some(id) = acknowledged(&mut replies) else { break };
                        all.lock().unwrap().push(id);
                        count.fetch_add(1, Ordering::Relaxed);
                    }
                })
            })
            .collect();
        while count.load(Ordering::Relaxed) < 150 + round * 37 {
            std::thread::sleep(Duration::from_millis(1));
        }
        mock.running.child.kill().expect("killed");
        mock.running.child.wait().expect("gone");
        clients.into_iter().for_each(|client| client.join().expect("a client"));
        known.extend(all.lock().unwrap().iter());
    }
    let mock = Mock::start(&project, &["--open", "journal"]);
    let list = mock.get("/__hookwright/requests?limit=100000").json();
    let there: Vec<u64> = list["requests"].as_array().unwrap().iter().map(|item| item["id"].as_u64().unwrap()).collect();
    assert!(known.len() > 450 && known.len() < 1000, "{}", known.len());
    let lost: Vec<&u64> = known.iter().filter(|id| !there.contains(id)).collect();
    assert!(lost.is_empty(), "of {} are lost: {lost:?}", known.len());
}
