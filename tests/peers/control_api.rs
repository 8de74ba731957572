//! The control API as others see it: curl runs its command lines, and openapi-spec-validator knows OpenAPI 3.1.

use std::path::Path;
use std::process::{Command, Stdio};

use super::token_server::installed;
use crate::cli::mock::api::{CASES, ask};
use crate::cli::mock::support::{Mock, Reply};
use crate::cli::support::{PLAIN, Project, TICKET};

#[test]
fn the_description_is_openapi_3_1() {
    let Some(peers) = installed() else { return };
    let document = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/mock-api.openapi.json");
    let validate = |path: &Path| {
        let mut command = Command::new(peers.join("python/bin/python"));
        let output = command.args(["-m", "openapi_spec_validator", "--schema", "3.1"]).arg(path).output().expect("python");
        (output.status.success(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
    };
    let (is_valid, said) = validate(&document);
    assert!(is_valid, "{said}");
    let folder = tempfile::tempdir().expect("a folder");
    let broken =
        std::fs::read_to_string(document).expect("the document").replace("\"in\": \"query\"", "\"in\": \"nowhere\"");
    std::fs::write(folder.path().join("broken.json"), broken).expect("a file");
    assert!(!validate(&folder.path().join("broken.json")).0, "the validator looks");
}

fn id(reply: &Reply) -> String {
    reply.header("x-hookwright-exchange").expect("an exchange").to_string()
}

/// Runs a command line as a person would paste it.
fn paste(command: &str) -> String {
    let output = Command::new("sh").arg("-c").arg(command).stdin(Stdio::null()).output().expect("a shell");
    assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
#[ignore = "needs curl"]
fn a_command_line_sends_the_same_request_again() {
    let mock = Mock::start(&Project::with(&format!("{TICKET}{CASES}")).file("specs/b.toml", PLAIN), &[]);
    let texts = ask(&mock, 13, "it's \"Ü\" \n$HOME `x`");
    let bytes = mock.request("POST", "/a/tickets?user=7&x=[1]", &[("x-empty", "")], vec![0xff, 0x00, b'\'']);
    for reply in [texts, bytes] {
        let curl = mock.get(&format!("/__hookwright/requests/{}/curl", id(&reply)));
        assert_eq!((curl.status, curl.header("content-type")), (200, Some("text/plain; charset=utf-8")));
        assert!(!curl.text().contains("k-12345678"), "{}", curl.text());
        paste(&curl.text());
        let list = mock.get("/__hookwright/requests?limit=1").json();
        let newest = list["requests"][0]["id"].to_string();
        let [first, again] = [id(&reply), newest].map(|id| mock.get(&format!("/__hookwright/requests/{id}")).json());
        assert_ne!(first["id"], again["id"]);
        for part in ["method", "target", "request_bytes"] {
            assert_eq!(first[part], again[part], "{}", curl.text());
        }
        assert_eq!(first["request"]["body"], again["request"]["body"]);
        assert_eq!(first["request"]["body_base64"], again["request"]["body_base64"]);
    }
}
