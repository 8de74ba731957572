//! How long whole commands take, process start included.
//!
//! Not criterion: a run takes up to a second, and what counts is the least and the median of a few.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "writes its inputs to files, runs the program, looks at the clock, prints"
)]

mod inputs;

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

const SPECS: usize = 10_000;
const CASES: usize = 100;

fn main() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let [one, many, cases] = ["one", "many", "cases"].map(|name| folder.path().join(name));
    project(&one, [("spec.toml".to_string(), inputs::spec(1))]);
    project(&many, (0..SPECS).map(|number| (format!("{}/{number}.toml", number / 100), inputs::spec(number))));
    project(&cases, [("post.toml".to_string(), spec_with_cases(CASES))]);
    check(&one, &["lint"]);
    check(&cases, &["test", "--update"]);
    println!("{:28} {:>9} {:>9}", "", "least", "median");
    measure("--version", &one, &["--version"], 100);
    measure("lint, one spec", &one, &["lint"], 100);
    measure(&format!("lint, {SPECS} specs"), &many, &["lint"], 10);
    measure(&format!("test, {CASES} cases"), &cases, &["test"], 50);
    measure(&format!("test, {CASES} cases, one job"), &cases, &["test", "--jobs", "1"], 50);
}

/// Writes a project with specs by their path below `specs`.
fn project(folder: &Path, specs: impl IntoIterator<Item = (String, String)>) {
    fs::create_dir_all(folder).expect("a folder");
    fs::write(folder.join("hookwright.toml"), inputs::MANIFEST).expect("a manifest");
    for (name, text) in specs {
        let path = folder.join("specs").join(name);
        fs::create_dir_all(path.parent().expect("below the folder")).expect("a folder");
        fs::write(path, text).expect("a spec");
    }
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hookwright"));
    command.args(arguments).current_dir(folder).env_remove("CI").stdin(Stdio::null());
    command.output().expect("the program runs")
}

fn check(folder: &Path, arguments: &[&str]) {
    let output = run(folder, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stdout));
}

fn measure(title: &str, folder: &Path, arguments: &[&str], runs: usize) {
    check(folder, arguments);
    let mut times: Vec<Duration> = (0..runs).map(|_| time(folder, arguments)).collect();
    times.sort();
    let milliseconds = |time: Duration| time.as_secs_f64() * 1_000.0;
    let (least, median) = (milliseconds(times[0]), milliseconds(times[runs / 2]));
    println!("{title:28} {least:6.1} ms {median:6.1} ms");
}

fn time(folder: &Path, arguments: &[&str]) -> Duration {
    let started = Instant::now();
    let output = run(folder, arguments);
    let elapsed = started.elapsed();
    assert!(output.status.success(), "{arguments:?}");
    elapsed
}

/// A POST with cases of three checks each: the exit, one attribute, one header of the request.
fn spec_with_cases(count: usize) -> String {
    let cases = (0..count).map(|number| CASE.replace("<NUMBER>", &number.to_string()));
    std::iter::once(POST.to_string()).chain(cases).collect()
}

const POST: &str = r#"[action]
name = "Open ticket"
method = "POST"
url = "https://helpdesk.example.com/api/v2/tickets"
headers = { X-User = "{first_name}" }
body = '{"title": "{title}", "age": "{age}"}'

[action.response.2xx]
action_success = "id != null"
[action.response.2xx.outputs]
ticket_id = "id"

[attributes]
first_name = "string"
title = "string"
age = "int"
ticket_id = "int"
"#;

const CASE: &str = r#"
[[case]]
name = "case <NUMBER>"
given = { first_name = "Ada <NUMBER>", title = "Broken <NUMBER>", age = <NUMBER> }
reply = { status = 201, json = { id = <NUMBER> } }
expect = { exit = "2xx", attributes.ticket_id = <NUMBER>, request.headers.X-User = "Ada <NUMBER>" }
"#;
