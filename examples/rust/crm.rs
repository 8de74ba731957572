//! A client of one's own against the mock, in both ways that there are in Rust: the program, started as from any language, and
//! the library, mounted on a `wiremock` server. In a project of yours these would be tests.
//!
//! ```console
//! $ HOOKWRIGHT=target/debug/hookwright cargo run --example crm
//! ```
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::disallowed_macros,
    reason = "an example starts programs"
)]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use hookwright::dialect::{compile, read_manifest};
use hookwright::source::{FileProblem, Sources};
use serde_json::{Value as Json, json};

/// The code under test.
struct Crm {
    base: String,
    http: reqwest::Client,
}

impl Crm {
    fn new(base: &str) -> Crm {
        Crm { base: base.to_string(), http: reqwest::Client::builder().no_proxy().build().expect("a client") }
    }

    async fn full_name(&self, user_id: u32) -> Option<String> {
        let request = self.http.get(format!("{}/users/{user_id}?lang=en", self.base)).bearer_auth("test-crm-key");
        let reply = request.send().await.expect("a reply");
        if reply.status() == 404 {
            return None;
        }
        let body: Json = serde_json::from_slice(&reply.bytes().await.expect("a body")).expect("JSON");
        body["name"].as_str().map(str::to_string)
    }

    async fn add_note(&self, user_id: u32, note: Json) -> u16 {
        let request = self.http.post(format!("{}/users/{user_id}/notes", self.base));
        let request = request.header("Content-Type", "application/json").body(note.to_string());
        request.send().await.expect("a reply").status().as_u16()
    }
}

/// The program, which ends with this.
struct Mock {
    child: Child,
    url: String,
}

impl Mock {
    /// One line starts it; the first line that it prints says where it is.
    fn start() -> Mock {
        let program = std::env::var("HOOKWRIGHT").unwrap_or_else(|_| "hookwright".to_string());
        let mut command = Command::new(program);
        command.arg("-C").arg(project()).args(["mock", "--listen", "127.0.0.1:0", "--format", "json"]);
        let mut child = command.stdout(Stdio::piped()).spawn().expect("`hookwright`, or where `HOOKWRIGHT` says");
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().expect("its output")).read_line(&mut line).expect("a line");
        let ready: Json = serde_json::from_str(&line).expect("a JSON event");
        Mock { child, url: ready["url"].as_str().expect("an address").to_string() }
    }

    async fn control(&self, method: reqwest::Method, path: &str) -> Json {
        let url = format!("{}/__hookwright/{path}", self.url);
        let reply = Crm::new("").http.request(method, url).send().await.expect("a reply");
        serde_json::from_slice(&reply.bytes().await.expect("a body")).unwrap_or_default()
    }
}

impl Drop for Mock {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples")
}

async fn with_the_program() {
    let mock = Mock::start();
    let crm = Crm::new(&mock.url);
    assert_eq!(crm.full_name(42).await.as_deref(), Some("Ada Lovelace"));
    assert_eq!(crm.full_name(7).await, None);
    let verification = mock.control(reqwest::Method::GET, "verify").await;
    assert_eq!(verification["ok"], true, "{verification}");

    mock.control(reqwest::Method::POST, "reset").await;
    assert_eq!(crm.add_note(42, json!({"text": "Called back", "stars": "five"})).await, 201);
    let verification = mock.control(reqwest::Method::GET, "verify").await;
    assert_eq!((&verification["ok"], &verification["requests"]), (&json!(false), &json!(1)), "{verification}");
}

async fn with_the_library() {
    let read = |path: &Path| std::fs::read(project().join(path)).map_err(|error| FileProblem::Unreadable(error.to_string()));
    let sources = Sources::new(Box::new(read));
    let manifest = read_manifest(&sources, sources.load("hookwright.toml").expect("the manifest"));
    let paths = ["specs/crm/get_user.toml", "specs/crm/add_note.toml"];
    let specs = paths.map(|path| compile(path, &manifest, &sources).expect("a spec"));

    let server = wiremock::MockServer::start().await;
    let mounted = hookwright::mock::mount(&server, specs).await.expect("replies that can be sent");
    let crm = Crm::new(&server.uri());
    assert_eq!(crm.full_name(42).await.as_deref(), Some("Ada Lovelace"));
    assert_eq!(mounted.requests("crm/get_user", "Ada"), 1);
    assert_eq!(mounted.differences(), Vec::<String>::new());

    assert_eq!(crm.add_note(42, json!({"text": "Called back", "stars": "five"})).await, 201);
    assert_eq!(mounted.differences().len(), 1, "{:?}", mounted.differences());
}

fn main() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        with_the_program().await;
        with_the_library().await;
    });
    println!("all well");
}
