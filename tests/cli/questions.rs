//! What `send` asks on a terminal.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::process::CommandExt;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use super::server::Server;
use super::support::Project;

/// Runs the program with a terminal as standard input and error, and answers each question once it stands there. Gives what
/// the terminal showed, and the standard output.
fn converse(project: &Project, arguments: &[&str], answers: &[(&str, &str)]) -> (String, String) {
    let controller = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
    grantpt(&controller).expect("granted");
    unlockpt(&controller).expect("unlocked");
    let name = ptsname(&controller, Vec::new()).expect("a name");
    let terminal = OpenOptions::new().read(true).write(true).open(name.to_str().expect("UTF-8")).expect("a terminal");
    let mut command = project.command(arguments);
    command.stdin(terminal.try_clone().expect("a copy")).stderr(terminal).stdout(Stdio::piped());
    // SAFETY: two system calls, which allocate nothing, make the terminal the program's own.
    unsafe {
        command.pre_exec(|| {
            rustix::process::setsid()?;
            rustix::process::ioctl_tiocsctty(rustix::stdio::stdin())?;
            Ok(())
        });
    }
    let child = command.spawn().expect("the program");
    drop(command);
    let mut controller = File::from(controller);
    let (shown, showing) = show(controller.try_clone().expect("a copy"));
    for (question, answer) in answers {
        wait_for(&shown, question);
        controller.write_all(format!("{answer}\n").as_bytes()).expect("typed");
    }
    let output = child.wait_with_output().expect("an output");
    // It ends when nobody has the terminal open any more.
    showing.join().expect("all was read");
    let shown = shown.lock().expect("what was shown").clone();
    (String::from_utf8_lossy(&shown).into_owned(), String::from_utf8(output.stdout).expect("UTF-8"))
}

fn show(mut terminal: File) -> (Arc<Mutex<Vec<u8>>>, JoinHandle<()>) {
    let shown = Arc::new(Mutex::new(Vec::new()));
    let kept = shown.clone();
    let showing = std::thread::spawn(move || {
        let mut piece = [0; 1024];
        while let Ok(length @ 1..) = terminal.read(&mut piece) {
            kept.lock().expect("what was shown").extend_from_slice(&piece[..length]);
        }
    });
    (shown, showing)
}

fn wait_for(shown: &Mutex<Vec<u8>>, question: &str) {
    let started = Instant::now();
    while !String::from_utf8_lossy(&shown.lock().expect("what was shown")).contains(question) {
        let so_far = || String::from_utf8_lossy(&shown.lock().expect("what was shown")).into_owned();
        assert!(started.elapsed() < Duration::from_secs(20), "`{question}` is not asked: {}", so_far());
        std::thread::sleep(Duration::from_millis(10));
    }
    // The program turns the echo off right after it has asked.
    std::thread::sleep(Duration::from_millis(200));
}

const ORDERS: &str = r#"
[action]
name = "Orders"
method = "POST"
url = "https://shop.example.com/{a}/{b}"
body = '{ "age": "{age}", "c": "{c}", "tags": "{tags}" }'
[action.auth]
type = "header"
[action.auth.headers]
X-Key = "{secret.api_key}"
[attributes]
age = "int"
c = "string"
[defaults]
null = ["b"]
"#;

#[test]
fn what_is_missing_is_asked_for_and_secrets_are_not_shown() {
    let server = Server::json(200, r#"{"you":"typed-in-secret"}"#);
    let project = Project::with(ORDERS);
    let answers = [
        ("user.age (int): ", "36"),
        ("user.c (string): ", "7"),
        ("user.tags (text or JSON): ", "[\"x\"]"),
        ("secret.api_key (not shown): ", "typed-in-secret"),
    ];
    let arguments = ["send", "specs/a.toml", "--base-url", &server.url(), "--given", "a=1", "--save", "typed"];
    let (shown, out) = converse(&project, &arguments, &answers);
    assert!(!shown.contains("typed-in-secret") && !out.contains("typed-in-secret"), "{shown}{out}");
    assert!(!shown.contains("user.a ") && !shown.contains("user.b "), "{shown}");
    let request = server.only();
    assert_eq!(request.line, "POST /1/ HTTP/1.1");
    assert_eq!(request.header("X-Key"), Some("typed-in-secret"));
    assert_eq!(request.body, r#"{"age":36,"c":"7","tags":["x"]}"#);
    let spec = project.read("specs/a.toml");
    assert!(spec.contains("[case.given.user]\na = 1\nage = 36\nc = \"7\"\ntags = [\"x\"]\n"), "{spec}");
    assert!(!spec.contains("typed-in-secret"), "{spec}");
}

#[test]
fn an_empty_answer_leaves_it_without_a_value() {
    let server = Server::json(200, "{}");
    let project = Project::with(ORDERS);
    let arguments =
        ["send", "specs/a.toml", "--base-url", &server.url(), "--given", "a=1", "--given", "c=x", "--given", "tags=1"];
    let answers = [("user.age (int): ", ""), ("secret.api_key (not shown): ", "")];
    let (_, out) = converse(&project, &arguments, &answers);
    assert!(out.contains("secret-missing"), "{out}");
    assert_eq!(server.requests().len(), 0);
}

const TICKETS: &str = "[[case]]\nname = \"one\"\nexpect.success = true\n[[case]]\nname = \"two\"\nexpect.success = true\n";

#[test]
fn a_live_run_asks_once_before_it_changes_anything() {
    let server = Server::json(500, "{}");
    let project = Project::ticket(TICKETS);
    let url = server.url();
    let question = "Send them? [y/N] ";
    let arguments = ["test", "--live", "--base-url", &url, "--retry", "1"];
    for answer in ["", "n", "yellow"] {
        let (shown, out) = converse(&project, &arguments, &[(question, answer)]);
        assert!(shown.contains("nothing was sent") && out.is_empty(), "{shown}{out}");
        assert!(shown.contains(&format!("2 POST to {}", server.address)), "{shown}");
    }
    assert_eq!(server.requests().len(), 0);
    // The answer is for the two of them, and not for sending one twice.
    std::fs::write(project.path(".hookwright-secrets.toml"), "api_key = \"real-9f8e7d6c\"\n").expect("a file");
    let only_mine = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(project.path(".hookwright-secrets.toml"), only_mine).expect("a mode");
    let (shown, out) = converse(&project, &arguments, &[(question, "y")]);
    assert!(out.contains("2 failed") && !shown.contains("real-9f8e7d6c"), "{shown}{out}");
    assert_eq!(server.requests().len(), 2);
    let (shown, _) = converse(&project, &[&arguments[..], &["--yes"]].concat(), &[]);
    assert!(!shown.contains("Send them?"), "{shown}");
    assert_eq!(server.requests().len(), 6, "with `--yes` each is sent again");
}
