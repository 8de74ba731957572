//! A mock that runs, and a client for it.

use std::time::Duration;

use hookwright::run::{Trust, client_config};
use reqwest::redirect::Policy;
use serde_json::Value as Json;
use tokio::runtime::{Builder, Runtime};

use crate::cli::support::{Project, Running};

/// How long a reply may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// The program, serving a project on a free port of the loopback address. It ends with the test.
pub struct Mock {
    pub running: Running,
    /// The event with which it said that it is ready.
    pub ready: Json,
    /// Where it is: `http://127.0.0.1:40123`.
    pub url: String,
    client: reqwest::Client,
    runtime: Runtime,
}

/// What it answered.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    /// Names are in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Json {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }
}

impl Mock {
    /// Starts it with more arguments, and waits until it is ready.
    pub fn start(project: &Project, arguments: &[&str]) -> Mock {
        Mock::start_with(project, arguments, &[])
    }

    /// The same with environment variables.
    pub fn start_with(project: &Project, arguments: &[&str], variables: &[(&str, &str)]) -> Mock {
        let own = ["mock", "--listen", "127.0.0.1:0", "--format", "json"];
        let arguments: Vec<&str> = own.iter().chain(arguments).copied().collect();
        let mut running = Running::start(project.command(&arguments).envs(variables.iter().copied()));
        let ready = next_event(&mut running, "ready");
        let url = ready["url"].as_str().expect("a URL").to_string();
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        Mock { running, ready, url, client: client(), runtime }
    }

    /// The next event of a name; others before it are passed over.
    pub fn event(&mut self, name: &str) -> Json {
        next_event(&mut self.running, name)
    }

    pub fn get(&self, target: &str) -> Reply {
        self.request("GET", target, &[], "")
    }

    /// Sends a request and waits for what comes back.
    pub fn request(&self, method: &str, target: &str, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> Reply {
        self.try_request(method, target, headers, body).unwrap_or_else(|error| panic!("{method} {target}: {error:?}"))
    }

    /// The same where a reply may not come.
    pub fn try_request(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: impl Into<Vec<u8>>,
    ) -> reqwest::Result<Reply> {
        let method = reqwest::Method::from_bytes(method.as_bytes()).expect("a method");
        let mut request = self.client.request(method, format!("{}{target}", self.url)).timeout(PATIENCE).body(body.into());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.runtime.block_on(async {
            let response = request.send().await?;
            let status = response.status().as_u16();
            let text = |value: &reqwest::header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
            let headers = response.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect();
            Ok(Reply { status, headers, body: response.bytes().await?.to_vec() })
        })
    }

    /// What the mock says of an exchange.
    pub fn exchange(&self, reply: &Reply) -> Json {
        let id = reply.header("x-hookwright-exchange").expect("an exchange");
        self.get(&format!("/__hookwright/requests/{id}")).json()
    }

    /// Tells it to end, and gives the event with which it does.
    #[cfg(unix)]
    pub fn ends(&mut self) -> Json {
        self.interrupt();
        let stopped = self.event("stopped");
        assert!(self.running.child.wait().expect("an end").success(), "{stopped}");
        stopped
    }

    /// What Ctrl-C does.
    #[cfg(unix)]
    pub fn interrupt(&self) {
        let id = self.running.child.id().to_string();
        let told = std::process::Command::new("kill").args(["-INT", &id]).status().expect("`kill`");
        assert!(told.success());
    }
}

fn client() -> reqwest::Client {
    let (tls, _) = client_config(Trust::Only(&[]), None).expect("TLS");
    let builder = reqwest::Client::builder().tls_backend_preconfigured(tls).no_proxy().redirect(Policy::none());
    builder.build().expect("a client")
}

fn next_event(running: &mut Running, name: &str) -> Json {
    loop {
        let line = running.waits_for("\n");
        let event: Json = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
        if event["event"] == name {
            return event;
        }
    }
}
