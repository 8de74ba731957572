//! A project in a temporary folder, and the program run in it.

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use serde_json::Value as Json;
use tempfile::TempDir;

use super::secrets_stay;

/// An action that sends a ticket and reads its id.
pub const TICKET: &str = r#"
[action]
name = "Create ticket"
method = "POST"
url = "https://helpdesk.example.com/tickets?user={user.id}"
headers = { X-Channel = "web" }
body = '{ "title": "{title}", "age": "{age}" }'
[action.auth]
type = "header"
[action.auth.headers]
Authorization = "Bearer {secret.api_key}"
[action.response.2xx]
action_success = "TRUE"
[action.response.2xx.outputs]
ticket_id = "data.id"
"session.agent" = "data.agent"
[action.response.4xx]
action_success = "FALSE"
[attributes]
age = "int"
[defaults]
given.secret.api_key = "k-12345678"
given.user = { id = 7, title = "TV", age = 36 }
"#;

/// An action without authentication.
pub const PLAIN: &str = r#"
[action]
name = "Ping"
method = "GET"
url = "https://ping.example.com/ping"
[action.response.2xx]
action_success = "TRUE"
[action.response.2xx.outputs]
answer = "answer"
"#;

pub struct Project {
    folder: TempDir,
}

/// What the program said.
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
    pub elapsed: Duration,
}

impl Project {
    /// A project without a manifest.
    pub fn new() -> Project {
        let project = Project { folder: tempfile::tempdir().expect("a folder") };
        fs::create_dir(project.path("specs")).expect("a folder");
        project
    }

    /// A project of one spec, `specs/a.toml`.
    pub fn with(spec: &str) -> Project {
        Project::new().file("specs/a.toml", spec)
    }

    /// The ticket action with more.
    pub fn ticket(cases: &str) -> Project {
        Project::with(&format!("{TICKET}{cases}"))
    }

    pub fn plain(cases: &str) -> Project {
        Project::with(&format!("{PLAIN}{cases}"))
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub fn file(self, path: &str, contents: impl AsRef<[u8]>) -> Project {
        self.write(path, contents);
        self
    }

    pub fn write(&self, path: &str, contents: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, contents).expect("a file");
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub fn exists(&self, path: &str) -> bool {
        self.path(path).exists()
    }

    /// Every file below a folder, in order.
    pub fn files(&self, folder: &str) -> Vec<String> {
        let mut found = Vec::new();
        list(&self.path(folder), self.folder.path(), &mut found);
        found.sort();
        found
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hookwright"));
        command.args(arguments).current_dir(self.folder.path());
        for name in ["CI", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "FORCE_COLOR", "COLUMNS", "TERM"] {
            command.env_remove(name);
        }
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Said {
        self.run_with(arguments, &[])
    }

    pub fn run_with(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Said {
        let secrets = secrets_stay::secrets(self, arguments, variables);
        let said = said(self.command(arguments).envs(variables.iter().copied()).stdin(Stdio::null()));
        secrets_stay::look(self, arguments, &secrets, &said);
        said
    }

    /// With standard input.
    pub fn feed(&self, arguments: &[&str], input: impl AsRef<[u8]>) -> Said {
        let mut command = self.command(arguments);
        let started = Instant::now();
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program");
        let mut stdin = child.stdin.take().expect("piped");
        let input = input.as_ref().to_vec();
        let writer = std::thread::spawn(move || {
            // The program may end before it has read all.
            let _ = stdin.write_all(&input);
        });
        let output = child.wait_with_output().expect("an output");
        writer.join().expect("written");
        of_output(output, started)
    }

    /// The JSON that `test` prints; every time taken is 0.
    pub fn test_json(&self, arguments: &[&str]) -> Json {
        let arguments: Vec<&str> = ["test", "--format", "json"].iter().chain(arguments).copied().collect();
        let mut json = self.run(&arguments).json();
        for case in json["cases"].as_array_mut().expect("cases") {
            if case["exchange"].is_object() {
                case["exchange"]["duration_ms"] = 0.into();
            }
        }
        json
    }

    /// The one case of `test`.
    pub fn only_case(&self) -> Json {
        let mut json = self.test_json(&[]);
        assert_eq!(json["cases"].as_array().map(Vec::len), Some(1), "{json:#}");
        json["cases"][0].take()
    }

    /// The failures of the one case of `test`.
    pub fn failures(&self) -> Vec<String> {
        texts(&self.only_case()["failures"])
    }

    /// Approves every snapshot.
    pub fn approve(&self) {
        let said = self.run(&["test", "--update", "--quiet"]);
        assert_eq!(said.code, 0, "{}", said.all());
    }
}

/// A program that goes on by itself, and what it has said to standard output so far. It ends with the test.
pub struct Running {
    pub child: Child,
    pub said: String,
    lines: Receiver<Vec<u8>>,
}

impl Running {
    pub fn start(command: &mut Command) -> Running {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the program");
        let out = child.stdout.take().expect("piped");
        Running::of(child, out)
    }

    /// A program whose output comes by another way.
    pub fn of(child: Child, mut out: impl Read + Send + 'static) -> Running {
        let (sender, lines) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(read @ 1..) = out.read(&mut buffer) {
                if sender.send(buffer[..read].to_vec()).is_err() {
                    break;
                }
            }
        });
        Running { child, said: String::new(), lines }
    }

    /// Waits until it has said this since the last time; gives what it has said until then.
    pub fn waits_for(&mut self, part: &str) -> String {
        const PATIENCE: Duration = Duration::from_secs(60);
        let until = Instant::now() + PATIENCE;
        while !self.said.contains(part) {
            let left = until.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(more) => self.said.push_str(&String::from_utf8_lossy(&more)),
                Err(why) => panic!("`{part}` did not come ({why}): {}", self.said),
            }
        }
        let end = self.said.find(part).expect("it is there") + part.len();
        self.said.drain(..end).collect()
    }

    /// What it says within a while.
    pub fn says_within(&mut self, while_: Duration) -> String {
        let until = Instant::now() + while_;
        while let Ok(more) = self.lines.recv_timeout(until.saturating_duration_since(Instant::now())) {
            self.said.push_str(&String::from_utf8_lossy(&more));
        }
        std::mem::take(&mut self.said)
    }

    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().expect("a state").is_none()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Said {
    pub fn all(&self) -> String {
        format!("{}{}", self.out, self.err)
    }

    pub fn json(&self) -> Json {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.all()))
    }

    /// One JSON value a line.
    pub fn lines(&self) -> Vec<Json> {
        self.out.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
    }

    /// Asserts the exit code.
    pub fn ends(self, code: i32) -> Said {
        assert_eq!(self.code, code, "{}", self.all());
        self
    }

    /// Asserts that a part was said, on either stream.
    pub fn says(self, part: &str) -> Said {
        assert!(self.all().contains(part), "`{part}` is not in: {}", self.all());
        self
    }

    pub fn says_not(self, part: &str) -> Said {
        assert!(!self.all().contains(part), "`{part}` is in: {}", self.all());
        self
    }
}

/// The texts of a JSON list.
pub fn texts(list: &Json) -> Vec<String> {
    list.as_array().expect("a list").iter().map(|text| text.as_str().expect("a text").to_string()).collect()
}

/// The keys of a JSON object in their order.
pub fn keys(object: &Json) -> Vec<&str> {
    object.as_object().unwrap_or_else(|| panic!("no object: {object}")).keys().map(String::as_str).collect()
}

fn said(command: &mut Command) -> Said {
    let started = Instant::now();
    of_output(command.output().expect("the program"), started)
}

fn of_output(output: Output, started: Instant) -> Said {
    let said = Said {
        code: output.status.code().unwrap_or_else(|| panic!("ended by a signal: {:?}", output.status)),
        out: String::from_utf8(output.stdout).expect("UTF-8"),
        err: String::from_utf8(output.stderr).expect("UTF-8"),
        elapsed: started.elapsed(),
    };
    assert!(!said.err.contains("panicked") && !said.out.contains("a fault in this program"), "{}", said.all());
    said
}

fn list(folder: &Path, root: &Path, found: &mut Vec<String>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        match path.is_dir() {
            true => list(&path, root, found),
            false => found.push(path.strip_prefix(root).expect("below").to_string_lossy().replace('\\', "/")),
        }
    }
}
