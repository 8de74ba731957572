//! Mutual TLS from a spec: `test` against a listener that demands a certificate, `send` to a real one.

use std::net::SocketAddr;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hookwright::certificate::{Certificate, Given, identity};
use hookwright::mock::TlsBackend;
use rcgen::{CertificateParams, DnType, KeyPair, date_time_ymd};

use super::server::Server;
use super::support::Project;

const STATEMENT: &str = r#"
[action]
name = "Fetch statement"
method = "GET"
url = "https://bank.example.com/statements/latest"
[action.auth]
type = "mtls"
certificate = "{secret.client_certificate}"
password = "{secret.cert_password}"
ca_certificate = "{global.bank_ca}"
[action.response.2xx]
action_success = "TRUE"
outputs = { balance = "balance" }
"#;

const DECLARED: &str = "[secrets]\nnames = [\"client_certificate\", \"cert_password\"]\n";

/// A certificate for clients with its key, valid in the years given.
fn client(name: &str, from: i32, until: i32) -> String {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    (params.not_before, params.not_after) = (date_time_ymd(from, 1, 1), date_time_ymd(until, 1, 1));
    let key = KeyPair::generate().expect("a key");
    let certificate = params.self_signed(&key).expect("a certificate");
    format!("{}{}", certificate.pem(), key.serialize_pem())
}

fn fingerprint(file: &Path) -> String {
    let text = std::fs::read(file).expect("a file");
    let given = Given { certificate: &text, password: "", authorities: &[], now: 1_790_000_000 };
    identity(&given).expect("an identity").certificate().fingerprint.clone()
}

fn project(case: &str) -> Project {
    let project = Project::with(&format!("{STATEMENT}[[case]]\nname = \"x\"\n{case}"));
    project.write("hookwright.toml", DECLARED);
    project
}

/// The error's kind and message.
fn refusal(project: &Project) -> (String, String) {
    let case = project.only_case();
    assert_eq!(case["exchange"]["sent"], false, "{case}");
    assert!(!case["exchange"]["request"].is_null(), "{case}");
    let error = &case["exchange"]["error"];
    (error["kind"].as_str().unwrap_or_default().into(), error["message"].as_str().unwrap_or_default().into())
}

#[test]
fn a_certificate_without_a_value_is_stood_in_for() {
    let project = project("reply.json = { balance = 7 }\nexpect.attributes = { balance = 7 }\n");
    let case = project.only_case();
    assert_eq!(case["failures"], serde_json::json!([]), "{case}");
    assert_eq!(case["exchange"]["error"], serde_json::Value::Null);
    assert_eq!(case["exchange"]["reply"]["status"], 200);
    // Another one each time, and the same transcript.
    project.approve();
    let transcript = project.read("snapshots/a/x.snap");
    assert!(transcript.contains("\nclient certificate: throw-away identity\n\nreply\n"), "{transcript}");
    project.run(&["test"]).ends(0).says("1 passed");
}

#[test]
fn a_certificate_that_nobody_was_there_to_see_is_not_in_the_transcript() {
    for (name, case) in [
        ("a connection", "reply.fault = \"connection-refused\"\n"),
        ("a handshake", "reply.fault = \"tls\"\n"),
        ("a certificate", "reply.json = {}\ngiven.secret.client_certificate = \"no-certificate\"\n"),
    ] {
        let project = project(case);
        project.approve();
        let transcript = project.read("snapshots/a/x.snap");
        assert!(!transcript.contains("client certificate: "), "without {name}: {transcript}");
    }
}

#[test]
fn a_certificate_that_is_given_is_shown() {
    let reply = "reply.json = { balance = 7 }\n[case.given.secret]\nclient_certificate = { file = \"client.pem\" }\n";
    let project = project(&format!("{reply}cert_password = \"\"\n"));
    project.write("specs/client.pem", client("Ada's laptop", 2025, 2027));
    let case = project.only_case();
    assert_eq!(case["exchange"]["error"], serde_json::Value::Null, "{case}");
    assert_eq!(case["exchange"]["outcome"]["attributes"]["user.balance"], 7);
    assert!(!case.to_string().contains("PRIVATE KEY"));
    project.approve();
    let shown = fingerprint(&project.path("specs/client.pem"));
    let transcript = project.read("snapshots/a/x.snap");
    assert!(transcript.contains(&format!("\nclient certificate: CN=Ada's laptop, SHA-256 {shown}\n")), "{transcript}");
}

#[test]
fn a_certificate_that_cannot_be_used_is_told_before_anything_is_sent() {
    let given =
        "reply.json = {}\n[case.given.secret]\nclient_certificate = { file = \"client.pem\" }\ncert_password = \"\"\n";
    for (now, words) in [("2024-06-01T00:00:00Z", "2025"), ("2028-06-01T00:00:00Z", "2027")] {
        let project = project(&format!("now = {now}\n{given}"));
        project.write("specs/client.pem", client("client", 2025, 2027));
        let (kind, message) = refusal(&project);
        assert_eq!(kind, "certificate-invalid");
        assert!(message.contains(words), "{message}");
    }
    let project = project("reply.json = {}\ngiven.secret.client_certificate = \"no-certificate\"\n");
    let (kind, message) = refusal(&project);
    assert_eq!(kind, "certificate-invalid");
    assert!(!message.contains("no-certificate"), "{message}");
}

#[test]
fn faults_are_the_same_behind_tls() {
    for fault in ["timeout", "connection-refused", "connection-reset", "empty", "malformed", "tls"] {
        let project = project(&format!("reply.fault = \"{fault}\"\n"));
        let kind = if fault == "empty" { "connection-reset" } else { fault };
        let kind = if kind == "malformed" { "malformed-reply" } else { kind };
        assert_eq!(project.only_case()["exchange"]["error"]["kind"], kind, "{fault}");
    }
}

#[test]
fn one_case_after_the_other_shakes_hands() {
    let cases = [("first", "json = { balance = 1 }"), ("broken", "fault = \"empty\""), ("last", "json = { balance = 2 }")];
    let cases = cases.map(|(name, reply)| format!("[[case]]\nname = \"{name}\"\nreply = {{ {reply} }}\n"));
    let project = Project::with(&format!("{STATEMENT}{}", cases.concat()));
    project.write("hookwright.toml", DECLARED);
    let report = project.test_json(&["--jobs", "1"]);
    let exchanges: Vec<_> = report["cases"].as_array().expect("cases").iter().map(|case| &case["exchange"]).collect();
    let balances = [0, 2].map(|index: usize| exchanges[index]["outcome"]["attributes"]["user.balance"].clone());
    assert_eq!(balances, [1, 2], "{report}");
    assert_eq!(exchanges[1]["error"]["kind"], "connection-reset", "{report}");
}

/// A bank that demands a certificate, and its own certificate as the platform takes it.
fn bank() -> (Server, TlsBackend, String) {
    let server = Server::json(200, r#"{"balance":7}"#);
    let behind: SocketAddr = server.url().trim_start_matches("http://").parse().expect("an address");
    let bank = TlsBackend::start(behind).expect("a server");
    let authority = base64_pem(bank.certificate());
    (server, bank, authority)
}

fn base64_pem(certificate: &Certificate) -> String {
    let body = STANDARD.encode(certificate.der());
    let lines: Vec<&str> = body.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).expect("ASCII")).collect();
    STANDARD.encode(format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n")))
}

#[test]
fn send_shows_the_real_certificate_to_a_server_that_it_trusts() {
    let (server, bank, authority) = bank();
    let project = project("reply.json = {}\n");
    project.write("client.pem", client("Ada's laptop", 2025, 2099));
    let path = project.path("client.pem");
    let variables = [
        ("HOOKWRIGHT_SECRET_CLIENT_CERTIFICATE_FILE", path.to_str().expect("UTF-8")),
        ("HOOKWRIGHT_SECRET_CERT_PASSWORD", "not-needed"),
    ];
    let base = format!("https://localhost:{}", bank.address().port());
    let trusted = format!("global.bank_ca={authority}");
    let arguments = ["send", "specs/a.toml", "--base-url", &base, "--given", &trusted, "--format", "json"];
    let said = project.run_with(&arguments, &variables).ends(0);
    assert_eq!(said.json()["outcome"]["attributes"]["user.balance"], 7, "{}", said.out);
    assert!(!said.all().contains("PRIVATE KEY"));
    assert_eq!(server.requests().len(), 1);
    assert_eq!(bank.shown().map(|shown| shown.subject), Some("CN=Ada's laptop".to_string()));
    let told = format!("\nclient certificate: CN=Ada's laptop, SHA-256 {}\n", fingerprint(&path));
    project.run_with(&arguments[..arguments.len() - 2], &variables).ends(0).says(&told);
    // Without its CA certificate the bank is a stranger.
    let arguments = ["send", "specs/a.toml", "--base-url", &base, "--given", "global.bank_ca=", "--format", "json"];
    let said = project.run_with(&arguments, &variables).ends(1);
    assert_eq!(said.json()["error"]["kind"], "tls", "{}", said.out);
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn without_tls_no_certificate_is_shown_and_that_is_told() {
    let server = Server::json(200, r#"{"balance":7}"#);
    let spec = STATEMENT.replace("ca_certificate = \"{global.bank_ca}\"\n", "");
    let project = Project::with(&spec).file("hookwright.toml", DECLARED);
    let certificate = client("client", 2020, 2100);
    let variables =
        [("HOOKWRIGHT_SECRET_CLIENT_CERTIFICATE", &*certificate), ("HOOKWRIGHT_SECRET_CERT_PASSWORD", "password-1")];
    let said = project.run_with(&["send", "specs/a.toml", "--base-url", &server.url()], &variables).ends(0);
    assert!(said.err.contains("no client certificate was shown to `127.0.0.1`"), "{}", said.err);
    assert!(!said.out.contains("client certificate"), "{}", said.out);
    assert_eq!(server.requests().len(), 1);
}
