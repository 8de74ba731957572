//! The inspector as a person meets it: in Chromium, driven by Playwright, on the page of the built program. axe-core looks for
//! what keeps people out.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value as Json;
use tempfile::TempDir;

use super::token_server::installed;

const TICKET: &str = r#"
[action]
name = "Open ticket"
method = "POST"
url = "https://helpdesk.example.com/api/users/{user_id}/tickets"
headers = { X-Channel = "web" }
body = '{ "subject": "{subject}", "urgent": "{urgent}" }'
[action.auth]
type = "header"
[action.auth.headers]
Authorization = "Bearer {secret.api_key}"
[action.response.2xx]
action_success = "TRUE"
[attributes]
user_id = "int"
urgent = "boolean"
[defaults.given]
user = { user_id = 7, subject = "broken tv", urgent = false }
secret = { api_key = "helpdesk-key-for-tests" }
[[case]]
name = "opens a ticket"
reply = { status = 201, json = { ticket = { id = 7 } } }
"#;

const PING: &str = r#"
[action]
name = "Ping"
method = "GET"
url = "https://ping.example.com/ping"
[[case]]
name = "answers"
reply.json = { answer = 1 }
"#;

/// A running mock of a small project.
struct Mock {
    child: Child,
    url: String,
    _project: TempDir,
}

impl Mock {
    fn start() -> Mock {
        let project = tempfile::tempdir().expect("a folder");
        for (name, text) in [("ticket", TICKET), ("other", PING)] {
            fs::create_dir_all(project.path().join("specs/crm")).expect("a folder");
            fs::write(project.path().join(format!("specs/crm/{name}.toml")), text).expect("a file");
        }
        let mut command = Command::new(env!("CARGO_BIN_EXE_hookwright"));
        command.args(["mock", "--listen", "127.0.0.1:0", "--format", "json"]).current_dir(project.path());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().expect("the program");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines().map_while(Result::ok);
        let ready: Json = serde_json::from_str(&lines.next().expect("the ready event")).expect("JSON");
        // What else it says must go somewhere.
        std::thread::spawn(move || lines.for_each(drop));
        Mock { child, url: ready["url"].as_str().expect("a URL").to_string(), _project: project }
    }
}

impl Drop for Mock {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs one part of the script beside this file, in a browser and with a mock of its own.
fn holds(part: &str) {
    let Some(peers) = installed() else { return };
    let mock = Mock::start();
    let screenshots = Path::new(env!("CARGO_TARGET_TMPDIR")).join("inspector").join(part);
    fs::create_dir_all(&screenshots).expect("a folder");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/inspector.mjs");
    let mut command = Command::new("node");
    let output = command.arg(script).arg(peers).arg(&mock.url).arg(part).arg(&screenshots).output().expect("node");
    let said = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "{part}: {}", String::from_utf8_lossy(&said));
}

#[test]
fn an_empty_log_teaches_how_to_fill_it() {
    holds("empty");
}

#[test]
fn a_request_appears_at_once_and_waits_while_paused() {
    holds("live");
}

#[test]
fn what_differs_comes_first_and_in_words() {
    holds("detail");
}

#[test]
fn no_secret_stands_in_the_page_nor_in_what_it_offers() {
    holds("secrets");
}

#[test]
fn markup_in_a_request_stays_text() {
    holds("markup");
}

#[test]
fn everything_can_be_done_with_the_keyboard() {
    holds("keyboard");
}

#[test]
fn filters_and_search_find_exchanges() {
    holds("filters");
}

#[test]
fn cases_are_downloaded_requests_replayed_and_logs_cleared() {
    holds("buttons");
}

#[test]
fn nothing_is_wider_than_a_narrow_screen() {
    holds("narrow");
}

#[test]
fn the_theme_follows_the_system_until_it_is_switched() {
    holds("themes");
}

#[test]
fn axe_finds_nothing_that_keeps_people_out() {
    holds("accessibility");
}

#[test]
fn a_flood_neither_freezes_the_page_nor_loses_an_exchange() {
    holds("flood");
}

#[test]
fn what_came_while_the_connection_was_lost_is_fetched() {
    holds("reconnect");
}
