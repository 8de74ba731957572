//! A validator and a linter of OpenAPI descriptions read what `hookwright export openapi` writes.

use std::path::Path;
use std::process::Command;

use serde_json::Value as Json;

use super::clients::hookwright;
use super::token_server::installed;

#[test]
fn the_description_of_the_examples_is_valid() {
    let Some(peers) = installed() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("openapi.json");
    let mut command = hookwright(Path::new(env!("CARGO_MANIFEST_DIR")));
    assert!(command.args(["export", "openapi", "--output"]).arg(&file).output().expect("the program").status.success());

    let validator = Command::new(peers.join("python/bin/python")).args(["-m", "openapi_spec_validator"]).arg(&file).output();
    let validator = validator.expect("the validator");
    assert!(validator.status.success(), "{}", String::from_utf8_lossy(&validator.stdout));

    let mut linter = Command::new(peers.join("node_modules/.bin/redocly"));
    linter.args(["lint", "--format", "json"]).arg(&file).current_dir(folder.path()).env("REDOCLY_TELEMETRY", "off");
    let linter = linter.output().expect("the linter");
    let report: Json = serde_json::from_slice(&linter.stdout).expect("a report");
    let problems = report["problems"].as_array().expect("problems");
    let errors: Vec<&Json> = problems.iter().filter(|problem| problem["severity"] == "error").collect();
    assert!(errors.is_empty(), "{} errors: {}", errors.len(), errors[0]);
    assert_eq!(report["totals"]["errors"], 0);
}
