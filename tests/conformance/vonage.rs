//! Webhook nodes of Vonage AI Studio: its documentation, two public agents, and what follows from our choices.
//!
//! Each configuration is written as a spec and run by the built program. The signatures of the same file are checked in
//! `json_web_tokens`. Its log record is left aside: reading the platform's logs is not what specs do.

use std::fs;
use std::path::Path;
use std::process::Command;

use hookwright::value::{Json, Map};
use serde_json::json;

use super::{data, list, text};
use crate::support::Tally;

/// Headers that are outside of the comparison, as the data says.
const NOT_COMPARED: [&str; 5] = ["host", "user-agent", "accept", "content-length", "authorization"];

#[test]
fn configurations() {
    let Some(data) = data("vonage_cases.json") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("specs")).expect("a folder");
    let cases = list(&data["cases"]);
    for case in cases {
        fs::write(folder.path().join(format!("specs/{}.toml", text(case, "id"))), spec(case)).expect("a spec");
    }
    let report = report(folder.path());
    let mut tally = Tally::default();
    for case in cases {
        tally.check(&format!("{} ({})", text(case, "id"), text(case, "title")), problem(case, &report));
    }
    assert!(tally.rows() > 0, "the data has rows");
    tally.report("vonage_cases.json");
}

fn report(project: &Path) -> Json {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hookwright"));
    let output = command.args(["test", "--format", "json"]).current_dir(project).output().expect("the program");
    let told = String::from_utf8_lossy(&output.stderr);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {told}"))
}

/// A configuration of the data as a spec.
fn spec(case: &Json) -> String {
    let config = &case["config"];
    let mut action = Map::new();
    for key in ["method", "url", "query", "headers", "body", "async"] {
        action.extend(config.get(key).filter(|value| !value.is_null()).map(|value| (key.to_string(), value.clone())));
    }
    let mut secrets = Map::new();
    if let Some(signing) = config["signing"].as_object() {
        let mut signing = signing.clone();
        secrets.extend(signing.insert("secret".into(), SECRET.into()).map(|secret| (SECRET.to_string(), secret)));
        action.insert("signing".into(), signing.into());
    }
    action.extend(config.get("timeout_s").map(|seconds| ("timeout".to_string(), seconds.clone())));
    let mut response = Map::new();
    if let Some(mapping) = config.get("response_mapping") {
        response.insert("type".into(), mapping["type"].clone());
        let row = |row: &Json| (row[1].as_str().expect("a parameter").to_string(), row[0].clone());
        response.insert("mapping".into(), Json::Object(list(&mapping["entries"]).iter().map(row).collect()));
    }
    response.extend(config.get("status_exits").map(|exits| ("exits".to_string(), exits.clone())));
    response.extend(config.get("status_parameter").map(|name| ("status_parameter".to_string(), name.clone())));
    action.insert("response".into(), response.into());
    let values = case["values"].as_object().expect("values").clone();
    let (unset, given): (Vec<_>, Vec<_>) = values.into_iter().partition(|(_, value)| value.is_null());
    let mut run = json!({
        "name": "the case",
        "null": unset.into_iter().map(|(name, _)| name).collect::<Vec<_>>(),
        "given": {"parameters": given.into_iter().collect::<Map<_, _>>(), "secret": secrets},
    });
    if !case["response"].is_null() {
        run["reply"] = reply(&case["response"]);
    }
    let spec = json!({"dialect": "vonage", "action": action, "parameters": case["parameters"], "case": [run]});
    toml::to_string(&spec).expect("a table")
}

/// The name of the signature secret.
const SECRET: &str = "signature_secret";

fn reply(response: &Json) -> Json {
    let mut reply = Map::new();
    if let Some(error) = response["network_error"].as_str() {
        let known = ["refused", "timeout", "tls"].into_iter().find(|known| error.to_ascii_lowercase().contains(known));
        let fault = match known {
            Some("refused") => "connection-refused",
            Some(fault) => fault,
            None => "connection-reset",
        };
        return json!({"fault": fault});
    }
    for key in ["status", "headers", "body"] {
        reply.extend(response.get(key).filter(|value| !value.is_null()).map(|value| (key.to_string(), value.clone())));
    }
    reply.extend(response.get("latency_ms").map(|delay| ("delay".to_string(), format!("{delay}ms").into())));
    reply.into()
}

fn problem(case: &Json, report: &Json) -> Option<String> {
    let file = format!("specs/{}.toml", text(case, "id"));
    let run = list(&report["cases"]).iter().find(|run| run["spec"] == file.as_str()).expect("the case");
    let (exchange, expect) = (&run["exchange"], &case["expect"]);
    request_problem(&exchange["request"], &expect["request"])
        .or_else(|| differs("the exit", &exchange["outcome"]["exit"], &expect["exit"]))
        .or_else(|| differs("the outputs", &exchange["outcome"]["attributes"], &expect["outputs"]))
        .or_else(|| differs("success", &exchange["outcome"]["success"], &Json::Null))
        .or_else(|| lint_problem(&file, report, list(&expect["lints"])))
}

fn request_problem(got: &Json, expected: &Json) -> Option<String> {
    if got.is_null() || expected.is_null() {
        return differs("the request", got, expected);
    }
    let headers: Vec<&Json> = list(&got["headers"]).iter().filter(|row| is_compared(row)).collect();
    let expected_headers: Vec<&Json> = list(&expected["headers"]).iter().filter(|row| is_compared(row)).collect();
    ["method", "url", "body"]
        .into_iter()
        .find_map(|part| differs(part, &got[part], &expected[part]))
        .or_else(|| differs("headers", &json!(headers), &json!(expected_headers)))
}

fn is_compared(row: &Json) -> bool {
    let name = row[0].as_str().expect("a name").to_ascii_lowercase();
    !NOT_COMPARED.contains(&name.as_str())
}

fn differs(what: &str, got: &Json, expected: &Json) -> Option<String> {
    (got != expected).then(|| format!("{what}: expected {expected}, got {got}"))
}

/// Each name must be among the findings; none means no error.
fn lint_problem(file: &str, report: &Json, expected: &[Json]) -> Option<String> {
    let found: Vec<&Json> = list(&report["diagnostics"]).iter().filter(|found| found["file"] == file).collect();
    if let Some(missing) = expected.iter().find(|name| !found.iter().any(|found| found["lint"] == **name)) {
        return Some(format!("no finding {missing}"));
    }
    let error = found.iter().find(|found| found["severity"] == "error");
    error.filter(|_| expected.is_empty()).map(|error| format!("an error: {}", error["message"]))
}
