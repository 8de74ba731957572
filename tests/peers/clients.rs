//! curl and Newman as clients of the mock, in the platform's own order of events: the token first, then the webhook.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value as Json, json};
use tempfile::TempDir;

use super::token_server::installed;

/// A program that serves until this is dropped.
pub struct Served {
    pub url: String,
    pub child: Child,
    /// What it serves from.
    pub folder: Option<TempDir>,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The program in a folder.
pub fn hookwright(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hookwright"));
    command.current_dir(folder).stdin(Stdio::null());
    command
}

/// `hookwright mock` of the project in a folder.
pub fn mock(project: &Path) -> Served {
    let mut command = hookwright(project);
    command.args(["mock", "--listen", "127.0.0.1:0", "--format", "json"]).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().expect("the program");
    let mut out = BufReader::new(child.stdout.take().expect("its output"));
    let mut line = String::new();
    out.read_line(&mut line).expect("a line");
    // A pipe that nobody reads from would fill.
    std::thread::spawn(move || std::io::copy(&mut out, &mut std::io::sink()));
    let ready: Json = serde_json::from_str(&line).expect("a JSON event");
    Served { url: ready["url"].as_str().expect("an address").to_string(), child, folder: None }
}

const ORDERS: &str = r#"
[action]
name = "Cancel order"
method = "POST"
url = "https://shop.example.com/orders/{order_id}/cancel"
body = '{ "reason": "{reason}" }'
[action.auth]
type = "oauth2"
token_url = "https://login.example.com/oauth/token"
client_id = "shop-client"
client_secret = "{secret.shop_secret}"
scope = "orders:write"
[action.response.2xx]
action_success = "TRUE"
[attributes]
order_id = "int"
reason = "string"
[defaults]
given.secret.shop_secret = "test-shop-secret"
given.user.reason = "too late"
[[case]]
name = "cancelled"
given.user.order_id = 17
reply.json = { state = "cancelled" }
[[case]]
name = "on its way"
given.user.order_id = 18
reply = { status = 409, json = { state = "on its way" } }
"#;

fn shop() -> Served {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir_all(folder.path().join("specs/shop")).expect("a folder");
    fs::write(folder.path().join("specs/shop/cancel.toml"), ORDERS).expect("a file");
    let mut mock = mock(folder.path());
    mock.folder = Some(folder);
    mock
}

fn curl(arguments: &[&str]) -> String {
    let output = Command::new("curl").args(["--silent", "--show-error", "--max-time", "20"]).args(arguments).output();
    let output = output.expect("curl");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("a text")
}

#[test]
#[ignore = "needs curl"]
fn curl_asks_for_a_token_and_sends_the_webhook() {
    let mock = shop();
    let url = |path: &str| format!("{}{path}", mock.url);
    let form = "grant_type=client_credentials&scope=orders:write";
    let token = curl(&["--user", "shop-client:test-shop-secret", "--data", form, &url("/shop/cancel/oauth/token")]);
    let token: Json = serde_json::from_str(&token).expect("JSON");
    let authorization = format!("Authorization: Bearer {}", token["access_token"].as_str().expect("a token"));
    let body = r#"{"reason":"changed my mind"}"#;
    let send = |path: &str| {
        let json = "Content-Type: application/json";
        curl(&["-H", &authorization, "-H", json, "--data", body, "--write-out", " %{http_code}", &url(path)])
    };
    assert_eq!(send("/shop/cancel/orders/17/cancel"), r#"{"state":"cancelled"} 200"#);
    assert_eq!(send("/shop/cancel/orders/18/cancel"), r#"{"state":"on its way"} 409"#);
    let verification: Json = serde_json::from_str(&curl(&[&url("/__hookwright/verify")])).expect("JSON");
    assert_eq!((&verification["ok"], &verification["all_cases"]), (&json!(true), &json!(true)), "{verification}");
}

/// One request of a collection, with what it asserts of the reply.
fn item(name: &str, request: Json, script: &[&str]) -> Json {
    json!({"name": name, "request": request, "event": [{"listen": "test", "script": {"exec": script}}]})
}

/// The platform's order of events as a collection (Postman Collection Format 2.1).
fn collection(url: &str) -> Json {
    let basic = [("username", "shop-client"), ("password", "test-shop-secret")];
    let basic: Vec<Json> = basic.iter().map(|(key, value)| json!({"key": key, "value": value, "type": "string"})).collect();
    let form = [("grant_type", "client_credentials"), ("scope", "orders:write")];
    let form: Vec<Json> = form.iter().map(|(key, value)| json!({"key": key, "value": value})).collect();
    let token = json!({
        "method": "POST", "url": format!("{url}/shop/cancel/oauth/token"),
        "auth": {"type": "basic", "basic": basic}, "body": {"mode": "urlencoded", "urlencoded": form},
    });
    let webhook = json!({
        "method": "POST", "url": format!("{url}/shop/cancel/orders/18/cancel"),
        "auth": {"type": "bearer", "bearer": [{"key": "token", "value": "{{token}}", "type": "string"}]},
        "header": [{"key": "Content-Type", "value": "application/json"}],
        "body": {"mode": "raw", "raw": "{\"reason\":\"too late\"}"},
    });
    let verify = json!({"method": "GET", "url": format!("{url}/__hookwright/verify")});
    let items = [
        item(
            "token",
            token,
            &[
                "pm.test('a token', () => pm.expect(pm.response.json().token_type).to.eql('Bearer'))",
                "pm.collectionVariables.set('token', pm.response.json().access_token)",
            ],
        ),
        item(
            "webhook",
            webhook,
            &[
                "pm.test('the case', () => pm.response.to.have.status(409))",
                "pm.test('its name', () => pm.expect(pm.response.headers.get('X-Hookwright-Case')).to.eql('on its way'))",
            ],
        ),
        item("verify", verify, &["pm.test('all well', () => pm.expect(pm.response.json().ok).to.eql(true))"]),
    ];
    let schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json";
    json!({"info": {"name": "Cancel an order", "schema": schema}, "item": items})
}

#[test]
fn newman_runs_the_platforms_order_of_events() {
    let Some(peers) = installed() else { return };
    let mock = shop();
    let file = mock.folder.as_ref().expect("a folder").path().join("collection.json");
    fs::write(&file, collection(&mock.url).to_string()).expect("a file");
    let report = file.with_file_name("report.json");
    let mut command = Command::new(peers.join("node_modules/.bin/newman"));
    command.args(["run", "--reporters", "json", "--reporter-json-export"]).arg(&report).arg(&file);
    let output = command.output().expect("Newman");
    let report: Json = serde_json::from_slice(&fs::read(&report).expect("a report")).expect("JSON");
    let assertions = &report["run"]["stats"]["assertions"];
    assert!(output.status.success(), "{}", report["run"]["failures"]);
    assert_eq!((&assertions["total"], &assertions["failed"]), (&json!(4), &json!(0)));
}
