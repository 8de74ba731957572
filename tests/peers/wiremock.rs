//! WireMock, which takes what `hookwright export wiremock` writes: it answers as `hookwright mock` does.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use hookwright::case::{Answer as CaseAnswer, Fault};
use hookwright::eval::Request;
use hookwright::mock::derive::{Prepared, Site};
use hookwright::run::wire_target;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use super::clients::{Served, hookwright, mock};
use super::servers::free_address;
use super::token_server::installed;
use crate::mock::own_specs;

/// Longer than a virtual machine takes to start and to read thousands of stubs on a busy processor.
const START: Duration = Duration::from_secs(120);
/// Nothing that answers takes as long.
const PATIENCE: Duration = Duration::from_secs(20);
/// What never answers takes no less.
const IMPATIENCE: Duration = Duration::from_millis(300);

/// WireMock with what is exported of the project; `None` where it is not installed.
fn wiremock(project: &Path) -> Option<Served> {
    let build = installed()?.join("node_modules/wiremock/build");
    let jar: PathBuf = build.read_dir().expect("WireMock's folder").map(|entry| entry.expect("an entry").path()).next()?;
    let folder = tempfile::tempdir().expect("a folder");
    let exported =
        hookwright(project).args(["export", "wiremock", "--output"]).arg(folder.path()).output().expect("the program");
    assert!(exported.status.success(), "{}", String::from_utf8_lossy(&exported.stderr));
    let address = free_address().expect("a free port");
    let mut command = Command::new("java");
    command
        .args(["-XX:TieredStopAtLevel=1", "-Xshare:auto", "-jar"])
        .arg(jar)
        .args(["--disable-banner", "--no-request-journal"]);
    command.args(["--bind-address", "127.0.0.1", "--port", &address.port().to_string(), "--root-dir"]).arg(folder.path());
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("Java");
    let served = Served { url: format!("http://{address}"), child, folder: Some(folder) };
    let (client, started) = (Client::new(), Instant::now());
    while !client.healthy(&served.url) {
        assert!(started.elapsed() < START, "WireMock does not start");
        std::thread::sleep(Duration::from_millis(200));
    }
    Some(served)
}

/// What came back.
#[derive(Debug, PartialEq)]
enum Answer {
    Reply {
        status: u16,
        case: Option<String>,
        body: String,
    },
    /// The connection broke, or nothing came in time.
    None,
}

struct Client {
    runtime: tokio::runtime::Runtime,
    client: reqwest::Client,
}

impl Client {
    fn new() -> Client {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
        Client { runtime, client: client.build().expect("a client") }
    }

    fn healthy(&self, url: &str) -> bool {
        let request = self.client.get(format!("{url}/__admin/health"));
        self.runtime.block_on(request.send()).is_ok_and(|reply| reply.status().is_success())
    }

    fn answer(&self, prepared: &Prepared, url: &str, headers: &[(String, String)], request: &Request) -> Answer {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            let name = HeaderName::from_bytes(name.as_bytes()).expect("a name");
            map.append(name, HeaderValue::from_bytes(value.as_bytes()).expect("a value"));
        }
        let method = reqwest::Method::from_bytes(request.method.as_bytes()).expect("a method");
        let body = request.body.as_ref().map(|body| body.reveal().to_string());
        let patience = match &prepared.case.answer {
            CaseAnswer::Fault(Fault::Timeout) => IMPATIENCE,
            CaseAnswer::Reply(reply) if reply.delay_milliseconds > 1_000 => IMPATIENCE,
            _ => PATIENCE,
        };
        let request = self.client.request(method, url).headers(map).body(body.unwrap_or_default()).timeout(patience);
        let answer = async {
            let reply = request.send().await?;
            let status = reply.status().as_u16();
            let case = reply.headers().get("x-hookwright-case").map(|value| value.to_str().expect("a text").to_string());
            let body = String::from_utf8_lossy(&reply.bytes().await?).into_owned();
            Ok::<_, reqwest::Error>(Answer::Reply { status, case, body })
        };
        self.runtime.block_on(answer).unwrap_or(Answer::None)
    }

    /// The request of a case, below `prefix`, with more headers.
    fn send(&self, server: &Served, prefix: &str, prepared: &Prepared, more: &[(&str, &str)]) -> Answer {
        let request = prepared.exchange.request.as_ref().expect("a request");
        let target = wire_target(request.url.reveal()).expect("a target");
        let planned = request.headers.iter().map(|(name, value)| (name.clone(), value.reveal().trim().to_string()));
        let more = more.iter().map(|(name, value)| (name.to_string(), value.to_string()));
        let headers: Vec<(String, String)> = planned.chain(more).collect();
        self.answer(prepared, &format!("{}{prefix}{target}", server.url), &headers, request)
    }
}

/// Replies in which a secret is repeated cannot be exported as they are.
fn repeats_a_secret(answer: &Answer) -> bool {
    matches!(answer, Answer::Reply { body, .. } if body.contains("••••••••"))
}

fn requests(site: &Site) -> impl Iterator<Item = (&str, &Prepared, &Request)> {
    let prepared = site.actions.iter().flat_map(|action| action.cases.iter().map(move |prepared| (&*action.id, prepared)));
    prepared.filter_map(|(id, prepared)| Some((id, prepared, prepared.exchange.request.as_ref()?)))
}

#[test]
fn every_case_of_the_examples_is_answered_alike() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let Some(wiremock) = wiremock(project) else { return };
    let (mock, client, site) = (mock(project), Client::new(), Site::new(own_specs()));
    let (mut same, mut masked, mut problems) = (0, 0, Vec::new());
    for (id, prepared, _) in requests(&site) {
        let name = &prepared.case.name.value;
        // Of an action with a sequence, the case that answers depends on how many requests there were.
        let forced = [("X-Hookwright-Case", prepared.case.slug.as_str())];
        let ways: [&[(&str, &str)]; 2] = [&[], if prepared.case.slug.is_ascii() { &forced } else { &[] }];
        for more in ways {
            let expected = client.send(&mock, &format!("/{id}"), prepared, more);
            let got = client.send(&wiremock, &format!("/{id}"), prepared, more);
            match () {
                () if repeats_a_secret(&got) => masked += 1,
                () if got == expected => same += 1,
                () => problems.push(format!("{id}: {name} {more:?}\n  mock     {expected:?}\n  WireMock {got:?}")),
            }
        }
    }
    assert!(problems.is_empty(), "{} of {}\n{}", problems.len(), same + masked + problems.len(), problems.join("\n"));
    assert!(same > 600 && masked < 20, "{same} {masked}");
}

#[test]
fn actions_are_found_by_their_own_paths() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let Some(wiremock) = wiremock(project) else { return };
    let (mock, client, site) = (mock(project), Client::new(), Site::new(own_specs()));
    let mut hosts: HashMap<&str, usize> = HashMap::new();
    for action in &site.actions {
        action.hosts.iter().for_each(|host| *hosts.entry(host).or_default() += 1);
    }
    let (mut same, mut problems) = (0, Vec::new());
    for (id, prepared, request) in requests(&site) {
        let url = url::Url::parse(request.url.reveal()).expect("a URL");
        let Some(host) = url.host_str().filter(|host| hosts.get(host) == Some(&1)) else { continue };
        let more = [("Host", host)];
        let (expected, got) = (client.send(&mock, "", prepared, &more), client.send(&wiremock, "", prepared, &more));
        match got == expected || repeats_a_secret(&got) {
            true => same += 1,
            false => problems.push(format!("{id}: {host}\n  mock     {expected:?}\n  WireMock {got:?}")),
        }
    }
    assert!(problems.is_empty(), "{}\n{}", problems.len(), problems.join("\n"));
    assert!(same > 20, "{same}");
}
