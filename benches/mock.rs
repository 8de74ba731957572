//! The mock server under load, in one run beside bare axum (the ceiling), wiremock and, where it is installed, Mockoon.
//!
//! Needs `wrk`. Mockoon is taken from `mockoon-cli` on the PATH or from the variable MOCKOON. Seconds of a round and the number
//! of rounds: SECONDS (5) and ROUNDS (3). With `SOAK=1000000` the mock then answers so many requests, and its memory is told.
//!
//! Each server has 100 routes, takes a POST with a JSON body and answers with JSON; the mock matches the body, verifies it
//! and logs the exchange as well. The rounds of the servers alternate, so that what else the machine does meets all alike.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::disallowed_macros,
    reason = "starts servers and a load generator, looks at the clock, prints"
)]

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

const ROUTES: usize = 100;
/// The route that is asked for, among the others.
const ROUTE: usize = 57;
const CONNECTIONS: usize = 32;
const BODY: &str = r#"{"title":"Broken TV","age":36}"#;
const ANSWER: &str = r#"{"data":{"id":7,"assignee":{"name":"Grace"}}}"#;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, serve, kind, address] = arguments.as_slice()
        && serve == "--serve"
    {
        return serve_as(kind, address.parse().expect("an address"));
    }
    if Command::new("wrk").arg("--version").output().is_err() {
        println!("skipped: `wrk` is not installed");
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    write_inputs(folder.path());
    let mut servers = vec![own(folder.path()), peer("bare axum", "axum"), peer("wiremock", "wiremock")];
    servers.extend(mockoon(folder.path()));
    println!("{:12} {:>10}  {:>10} {:>9} {:>9} {:>9}", "", "ready", "requests/s", "p50", "p99", "memory");
    let (rounds, seconds) = (number("ROUNDS", 3), number("SECONDS", 5));
    let mut rates: Vec<Vec<f64>> = vec![Vec::new(); servers.len()];
    for _ in 0..rounds {
        for (server, rates) in servers.iter().zip(&mut rates) {
            let running = Running::start(server);
            let load = running.load(folder.path(), &server.path, seconds);
            println!(
                "{:12} {:7.1} ms  {:10.0} {:>9} {:>9} {:6} kB",
                server.name,
                running.ready.as_secs_f64() * 1e3,
                load.rate,
                load.p50,
                load.p99,
                running.memory()
            );
            rates.push(load.rate);
        }
    }
    let median = |rates: &[f64]| {
        let mut rates = rates.to_vec();
        rates.sort_by(f64::total_cmp);
        rates[rates.len() / 2]
    };
    println!("the mock has {:.0} % of the rate of bare axum", 100.0 * median(&rates[0]) / median(&rates[1]));
    let soak = number("SOAK", 0);
    if soak > 0 {
        run_long(&servers[0], folder.path(), soak);
    }
}

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// A server under test.
struct Server {
    name: &'static str,
    program: PathBuf,
    arguments: Vec<String>,
    folder: PathBuf,
    path: String,
}

const ADDRESS: &str = "<ADDRESS>";
const PORT: &str = "<PORT>";

fn own(folder: &Path) -> Server {
    let arguments = ["mock", "--listen", ADDRESS, "--quiet"].map(str::to_string).to_vec();
    let program = PathBuf::from(env!("CARGO_BIN_EXE_hookwright"));
    Server { name: "hookwright", program, arguments, folder: folder.into(), path: format!("/load/a{ROUTE}/tickets") }
}

fn peer(name: &'static str, kind: &str) -> Server {
    let program = std::env::current_exe().expect("this program's path");
    let arguments = vec!["--serve".to_string(), kind.to_string(), ADDRESS.to_string()];
    Server { name, program, arguments, folder: PathBuf::from("."), path: format!("/load/a{ROUTE}/tickets") }
}

fn mockoon(folder: &Path) -> Option<Server> {
    let program = std::env::var_os("MOCKOON").map_or_else(|| PathBuf::from("mockoon-cli"), PathBuf::from);
    Command::new(&program).arg("--version").output().ok()?;
    let arguments = ["start", "--data", "mockoon.json", "--hostname", "127.0.0.1", "--port", PORT, "--disable-log-to-file"];
    let arguments = arguments.map(str::to_string).to_vec();
    Some(Server { name: "Mockoon", program, arguments, folder: folder.into(), path: format!("/load/a{ROUTE}/tickets") })
}

struct Running {
    child: Child,
    address: SocketAddr,
    ready: Duration,
}

struct Load {
    rate: f64,
    p50: String,
    p99: String,
}

impl Running {
    fn start(server: &Server) -> Running {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let address = listener.local_addr().expect("its address");
        drop(listener);
        let fill = |text: &String| text.replace(ADDRESS, &address.to_string()).replace(PORT, &address.port().to_string());
        let mut command = Command::new(&server.program);
        command.args(server.arguments.iter().map(fill)).current_dir(&server.folder);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let started = Instant::now();
        let child = command.spawn().unwrap_or_else(|error| panic!("{}: {error}", server.program.display()));
        let mut running = Running { child, address, ready: Duration::ZERO };
        while !running.answers(&server.path) {
            assert!(started.elapsed() < Duration::from_secs(60), "{} does not start", server.name);
            thread::sleep(Duration::from_micros(300));
        }
        running.ready = started.elapsed();
        running
    }

    /// Whether the server answers as it should.
    fn answers(&self, path: &str) -> bool {
        let Ok(mut stream) = TcpStream::connect(self.address) else { return false };
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{BODY}",
            self.address,
            BODY.len()
        );
        let mut reply = String::new();
        let done = stream.write_all(request.as_bytes()).and_then(|()| stream.read_to_string(&mut reply));
        done.is_ok() && reply.starts_with("HTTP/1.1 201") && reply.contains(ANSWER)
    }

    fn load(&self, folder: &Path, path: &str, seconds: u64) -> Load {
        let url = format!("http://{}{path}", self.address);
        let output = Command::new("wrk")
            .args(["--threads", "1", "--latency", "--script", "post.lua", "--connections", &CONNECTIONS.to_string()])
            .args(["--duration", &format!("{seconds}s"), &url])
            .current_dir(folder)
            .output()
            .expect("wrk runs");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(!said.contains("Non-2xx"), "{said}");
        let behind = |mark: &str| {
            let line = said.lines().find(|line| line.trim_start().starts_with(mark)).unwrap_or_else(|| panic!("{said}"));
            line.split_whitespace().last().unwrap_or_default().to_string()
        };
        Load { rate: behind("Requests/sec:").parse().expect("a rate"), p50: behind("50%"), p99: behind("99%") }
    }

    /// Resident memory in kB.
    fn memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
        line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).unwrap_or(0)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn run_long(server: &Server, folder: &Path, requests: u64) {
    let running = Running::start(server);
    let (mut done, mut round) = (0.0, 0);
    while done < requests as f64 {
        const SECONDS: u64 = 5;
        done += running.load(folder, &server.path, SECONDS).rate * SECONDS as f64;
        round += 1;
        println!("after {done:9.0} requests in {round:2} rounds: {} kB", running.memory());
    }
}

fn write_inputs(folder: &Path) {
    fs::create_dir_all(folder.join("specs/load")).expect("a folder");
    fs::write(folder.join("hookwright.toml"), "").expect("a manifest");
    for route in 0..ROUTES {
        fs::write(folder.join(format!("specs/load/a{route}.toml")), spec(route)).expect("a spec");
    }
    let body = BODY.replace('"', "\\\"");
    let script =
        format!("wrk.method = \"POST\"\nwrk.body = \"{body}\"\nwrk.headers[\"Content-Type\"] = \"application/json\"\n");
    fs::write(folder.join("post.lua"), script).expect("a script");
    fs::write(folder.join("mockoon.json"), mockoon_environment().to_string()).expect("an environment");
}

fn spec(route: usize) -> String {
    format!(
        r#"[action]
name = "Action {route}"
method = "POST"
url = "https://api{route}.example.com/tickets"
body = '{{"title": "{{title}}", "age": "{{age}}"}}'
[action.response.2xx]
action_success = "TRUE"
outputs = {{ ticket_id = "data.id" }}
[attributes]
age = "int"
[[case]]
name = "opens a ticket"
given.user = {{ title = "Broken TV", age = 36 }}
reply = {{ status = 201, body = '{ANSWER}' }}
"#
    )
}

fn mockoon_environment() -> serde_json::Value {
    let route = |number: usize| {
        serde_json::json!({
            "uuid": format!("00000000-0000-4000-8000-{number:012}"), "type": "http", "documentation": "", "method": "post",
            "endpoint": format!("load/a{number}/tickets"), "enabled": true, "responseMode": null, "streamingMode": null,
            "streamingInterval": 0, "responses": [{
                "uuid": format!("10000000-0000-4000-8000-{number:012}"), "body": ANSWER, "latency": 0, "statusCode": 201,
                "label": "", "headers": [{"key": "Content-Type", "value": "application/json"}], "bodyType": "INLINE",
                "filePath": "", "databucketID": "", "sendFileAsBody": false, "rules": [], "rulesOperator": "OR",
                "disableTemplating": true, "fallbackTo404": false, "default": true, "crudKey": "id", "callbacks": []
            }]
        })
    };
    let routes: Vec<_> = (0..ROUTES).map(route).collect();
    let children: Vec<_> = routes.iter().map(|route| serde_json::json!({"type": "route", "uuid": route["uuid"]})).collect();
    serde_json::json!({
        "uuid": "20000000-0000-4000-8000-000000000000", "lastMigration": 33, "name": "load", "endpointPrefix": "",
        "latency": 0, "port": 3000, "hostname": "", "routes": routes, "rootChildren": children, "folders": [],
        "proxyMode": false, "proxyHost": "", "proxyRemovePrefix": false, "proxyReqHeaders": [], "proxyResHeaders": [],
        "tlsOptions": {"enabled": false, "type": "CERT", "pfxPath": "", "certPath": "", "keyPath": "", "caPath": "", "passphrase": ""},
        "cors": false, "headers": [], "data": [], "callbacks": []
    })
}

/// One of the peers, in a process of its own.
fn serve_as(kind: &str, address: SocketAddr) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    match kind {
        "axum" => runtime.block_on(bare_axum(address)),
        "wiremock" => runtime.block_on(wiremock_server(address)),
        other => panic!("{other}"),
    }
}

async fn bare_axum(address: SocketAddr) {
    use axum::http::{StatusCode, header};
    let answer =
        |_: axum::body::Bytes| async { (StatusCode::CREATED, [(header::CONTENT_TYPE, "application/json")], ANSWER) };
    let router = (0..ROUTES).fold(axum::Router::new(), |router, route| {
        router.route(&format!("/load/a{route}/tickets"), axum::routing::post(answer))
    });
    let listener = tokio::net::TcpListener::bind(address).await.expect("the address");
    axum::serve(listener, router).await.expect("it serves");
}

async fn wiremock_server(address: SocketAddr) {
    use wiremock::matchers::{body_json_string, method, path};
    use wiremock::{Mock, MockServer, ResponseTemplate};
    let listener = TcpListener::bind(address).expect("the address");
    let server = MockServer::builder().listener(listener).disable_request_recording().start().await;
    for route in 0..ROUTES {
        let reply = ResponseTemplate::new(201).set_body_raw(ANSWER, "application/json");
        let mock = Mock::given(method("POST")).and(path(format!("/load/a{route}/tickets"))).and(body_json_string(BODY));
        mock.respond_with(reply).mount(&server).await;
    }
    std::future::pending::<()>().await;
}
