//! `hookwright verify jwt`: what holds of a signed request, and what does not.

use hookwright::eval::json_web_token::{Claims, of_body, of_query, serialised, sign};
use serde_json::json;

use super::support::{Project, Said};

const SECRET: &str = "a-signature-secret-of-32-letters";
const NOW: i64 = 1_735_689_600;
const PRETTY: &str = "{ \"note\": \"hi\", \"qty\": 3 }";

fn token(payload: &[u8], secret: &str) -> String {
    let claims = Claims {
        issued_at: NOW,
        token_id: "0f0e0d0c-0b0a-4908-8706-050403020100",
        issuer: "Vonage",
        payload,
        api_key: Some("testkey1"),
        application_id: Some("11111111-2222-4333-8444-555555555555"),
    };
    sign(&claims, secret.as_bytes())
}

/// A project with a body, and the secret in a variable.
fn verify(arguments: &[&str]) -> Said {
    let project = Project::new();
    project.write("body.json", PRETTY);
    verify_in(&project, arguments)
}

fn verify_in(project: &Project, arguments: &[&str]) -> Said {
    let mut all = [&["verify", "jwt", "--secret-env", "THE_SECRET"], arguments].concat();
    if !all.contains(&"--now") {
        all.extend(["--now", "1735689700"]);
    }
    project.run_with(&all, &[("THE_SECRET", SECRET)])
}

/// With the other snapshots of the integration tests.
fn settings() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings
}

#[test]
fn what_holds_is_told_one_by_one() {
    let raw = token(PRETTY.as_bytes(), SECRET);
    let compact = token(&of_body(PRETTY.as_bytes()), SECRET);
    let query =
        token(of_query(&[("phone".into(), "14259999999".into()), ("src".into(), "studio".into())]).as_bytes(), SECRET);
    let url = "https://api.example.test/c?phone=14259999999&src=studio";
    let said = [
        verify(&[&raw, "--body", "body.json"]).ends(0),
        verify(&[&compact, "--body", "body.json"]).ends(0),
        verify(&[&query, "--query", url]).ends(0),
        verify(&[&token(b"{}", SECRET), "--query", ""]).ends(0),
        verify(&[&raw]).ends(0),
    ];
    settings().bind(|| insta::assert_snapshot!(said.map(|said| said.out).join("\n")));
}

#[test]
fn what_does_not_hold_is_told_and_ends_in_1() {
    let good = token(PRETTY.as_bytes(), SECRET);
    let claims =
        |claims: serde_json::Value| serialised(r#"{"alg":"HS256"}"#, claims.to_string().as_bytes(), SECRET.as_bytes());
    let of = |token: &str, more: &[&str]| verify(&[&[token, "--body", "body.json"], more].concat()).ends(1).out;
    let said = [
        of(&token(b"{}", SECRET), &[]),
        of(&token(PRETTY.as_bytes(), "another-secret-another-secret-xxxx"), &[]),
        of(&serialised(r#"{"alg":"none"}"#, b"{}", SECRET.as_bytes()), &[]),
        of(&serialised(r#"{"alg":"RS256"}"#, b"{}", SECRET.as_bytes()), &[]),
        of(&good, &["--now", "2025-01-01T01:00:00Z"]),
        of(&good, &["--max-age", "1m"]),
        of(&good, &["--now", "2024-12-31T23:00:00Z"]),
        of(&claims(json!({"iat": NOW, "exp": NOW + 1})), &[]),
        of(&claims(json!({"iat": NOW})), &[]),
        of(&claims(json!({"jti": "x\u{1b}[31m"})), &[]),
        of("a.b", &[]),
    ];
    settings().bind(|| insta::assert_snapshot!(said.join("\n")));
}

#[test]
fn programs_read_json() {
    let good = token(&of_body(PRETTY.as_bytes()), SECRET);
    let said = verify(&[&format!("Bearer {good}"), "--body", "body.json", "--format", "json"]).ends(0).json();
    assert_eq!(
        said,
        json!({
            "verdict": "ok", "malformed": null, "algorithm": "HS256", "signature": "holds",
            "age": {"verdict": "holds", "seconds": 100, "max_age_seconds": 300},
            "payload_hash": {"verdict": "holds", "mode": "compact"},
            "claims": {
                "iat": NOW, "jti": "0f0e0d0c-0b0a-4908-8706-050403020100", "iss": "Vonage",
                "payload_hash": "f947d58a90e49c60fdefb6ca2b79dec88fbed34a77309654395e1f671074ba30",
                "api_key": "testkey1", "application_id": "11111111-2222-4333-8444-555555555555",
            },
        })
    );
    let broken = verify(&["x", "--format", "json"]).ends(1).json();
    assert_eq!((&broken["verdict"], &broken["signature"]), (&json!("malformed"), &json!("not_checked")));
}

#[test]
fn without_a_query_the_object_or_the_empty_text_is_hashed() {
    for (payload, mode) in [(&b"{}"[..], "query"), (b"", "empty")] {
        let token = token(payload, SECRET);
        let said = verify(&[&token, "--query", "https://api.example.test/c", "--format", "json"]).ends(0).json();
        assert_eq!(said["payload_hash"], json!({"verdict": "holds", "mode": mode}));
        verify(&[&token, "--query", "a=1"]).ends(1).says("payload_hash_mismatch");
    }
    verify(&[&token(b"", SECRET), "--query", ""]).ends(0).says("holds: the empty text");
}

#[test]
fn token_and_body_come_from_standard_input_too() {
    let good = token(PRETTY.as_bytes(), SECRET);
    let project = Project::new();
    project.write("body.json", PRETTY);
    project.write("secret.txt", format!("{SECRET}\n"));
    let common = ["verify", "jwt", "--secret-file", "secret.txt", "--now", "1735689700"];
    let with = |more: &[&str]| [&common, more].concat().into_iter().map(str::to_string).collect::<Vec<String>>();
    let feed = |more: &[&str], input: &str| {
        let arguments = with(more);
        project.feed(&arguments.iter().map(String::as_str).collect::<Vec<_>>(), input)
    };
    feed(&["--body", "body.json"], &format!("Authorization: Bearer {good}\n")).ends(0);
    feed(&["-", "--body", "body.json"], &good).ends(0);
    feed(&[&good, "--body", "-"], PRETTY).ends(0);
    feed(&[&good, "--body", "-"], "{}").ends(1).says("verdict       payload_hash_mismatch");
    feed(&["--body", "-"], &good).ends(2).says("standard input can be the token or the body, not both");
}

#[test]
fn a_secret_of_the_project_is_found_where_send_finds_it() {
    let good = token(PRETTY.as_bytes(), SECRET);
    let project = Project::new();
    project.write("body.json", PRETTY);
    let arguments = ["verify", "jwt", &good, "--secret", "signature_secret", "--body", "body.json", "--now", "1735689700"];
    project.run(&arguments).ends(2).says("no value for the secret `signature_secret`: looked at the environment variable");
    project.run_with(&arguments, &[("HOOKWRIGHT_SECRET_SIGNATURE_SECRET", SECRET)]).ends(0);
    project.write(".hookwright-secrets.toml", format!("signature_secret = \"{SECRET}\"\n"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(project.path(".hookwright-secrets.toml"), mode).expect("a mode");
    }
    project.run(&arguments).ends(0);
}

#[test]
fn the_secret_is_never_shown() {
    let telling =
        serialised(r#"{"alg":"HS256"}"#, json!({"iat": NOW, "jti": SECRET}).to_string().as_bytes(), SECRET.as_bytes());
    for format in ["human", "json"] {
        verify(&[&telling, "--format", format]).ends(0).says("••••••••").says_not(SECRET);
    }
}

#[test]
fn wrong_use_is_2() {
    let good = token(b"{}", SECRET);
    let project = Project::new();
    for arguments in [
        &["verify"][..],
        &["verify", "jwt", &good],
        &["verify", "jwt", &good, "--secret-env", "NO_SUCH_VARIABLE"],
        &["verify", "jwt", &good, "--secret-file", "nofile"],
        &["verify", "jwt", &good, "--secret-env", "A", "--secret", "b"],
        &["verify", "jwt", &good, "--secret-env", "THE_SECRET", "--body", "nofile"],
        &["verify", "jwt", &good, "--secret-env", "THE_SECRET", "--body", "a", "--query", "b"],
        &["verify", "jwt", &good, "--secret-env", "THE_SECRET", "--now", "soon"],
        &["verify", "jwt", &good, "--secret-env", "THE_SECRET", "--max-age", "long"],
    ] {
        project.run_with(arguments, &[("THE_SECRET", SECRET)]).ends(2).says_not(SECRET);
    }
}
