//! One action in every dialect: the same look-up of an order, written for each platform, and what comes of the plans side by
//! side.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use hookwright::case::{Answer, Case, Spec};
use hookwright::dialect::{self, DIALECTS, Dialect};
use hookwright::eval::{Exchange, Hosts, Record, of_reply, planned};
use hookwright::report::{Secrecy, Shown, ShownRequest};
use hookwright::source::{FileProblem, Sources};
use hookwright::spec::Manifest;
use hookwright::value::Json;

/// The spec that a dialect's folder has, if it takes part.
const SPEC: &str = "look_up_order.toml";

const INTRODUCTION: &str = "<!-- Made from the specs that it names. CONTRIBUTING.md says how to make it again. -->

# One action, several platforms

The same look-up of an order, written for each platform in its own words. Each spec becomes the same kind of plan, and from the
plan on there is one program: one way to evaluate it, to send it, to lint it and to test it. The table shows the first case of
each spec. Secrets are masked.
";

/// A spec, its first case, and what comes of it.
struct Sample {
    dialect: &'static Dialect,
    path: String,
    case: String,
    shown: Shown,
    assumed: String,
}

/// The page.
pub fn page() -> String {
    let samples: Vec<Sample> = DIALECTS.iter().filter_map(|dialect| Sample::of(dialect)).collect();
    assert!(samples.len() > 1, "an action of one dialect alone is nothing to compare");
    let mut text = String::from(INTRODUCTION);
    let names: Vec<String> = samples.iter().map(|sample| format!("`{}`", sample.dialect.name)).collect();
    let _ = write!(text, "\n| | {} |\n|---|{}\n", names.join(" | "), "---|".repeat(samples.len()));
    for (title, cell) in ROWS {
        let cells: Vec<String> = samples.iter().map(cell).collect();
        let _ = writeln!(text, "| {title} | {} |", cells.join(" | "));
    }
    for sample in &samples {
        let _ = write!(text, "\n## {}\n\n[`{}`](../{}):\n\n", sample.dialect.name, sample.path, sample.path);
        let _ = write!(text, "```toml\n{}\n```\n", action(&sample.path));
    }
    text
}

type Cell = fn(&Sample) -> String;

const ROWS: [(&str, Cell); 8] = [
    ("case", |sample| sample.case.clone()),
    ("request", |sample| sample.request(|request| code(&format!("{} {}", request.method, request.url)))),
    ("headers", |sample| sample.request(headers)),
    ("body", |sample| sample.request(|request| request.body.as_deref().map_or("none".into(), code))),
    ("read", |sample| values(sample.shown.variables.iter().map(|(name, json)| (name, json)))),
    ("exit", |sample| sample.shown.outcome.as_ref().map_or_else(String::new, |outcome| code(&outcome.exit))),
    ("written", |sample| {
        let written = sample.shown.outcome.iter().flat_map(|outcome| &outcome.attributes);
        values(written.map(|(name, json, _)| (name, json)))
    }),
    ("assumed", |sample| sample.assumed.clone()),
];

impl Sample {
    fn of(dialect: &'static Dialect) -> Option<Sample> {
        let path = format!("specs/{}/{SPEC}", dialect.name);
        package().join(&path).is_file().then(|| {
            let (sources, manifest) = project();
            let spec = dialect::compile(&path, &manifest, &sources).expect("a spec that can be read");
            let case = spec.cases.first().unwrap_or_else(|| panic!("{path} has no case"));
            let exchange = exchange(&spec, case);
            let assumed = lines(exchange.assumptions.iter().map(|name| code(name)));
            let shown = Shown::new(&exchange, Secrecy::Masked);
            assert!(shown.request.is_some(), "{path}: {:?}", shown.error);
            Sample { dialect, case: case.name.value.clone(), shown, assumed, path }
        })
    }

    fn request(&self, cell: impl Fn(&ShownRequest) -> String) -> String {
        self.shown.request.as_ref().map_or_else(String::new, cell)
    }
}

fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn project() -> (Sources, Manifest) {
    let sources = Sources::new(Box::new(|path| {
        fs::read(package().join(path)).map_err(|error| FileProblem::Unreadable(error.to_string()))
    }));
    let file = sources.load("hookwright.toml").expect("the manifest");
    let manifest = dialect::read_manifest(&sources, file);
    (sources, manifest)
}

/// The request, and what the case's reply does, without anything being sent.
fn exchange(spec: &Spec, case: &Case) -> Exchange {
    let plan = spec.plan.as_ref().expect("a plan");
    let mut exchange = planned(plan, case, &spec.declared_secrets, Hosts::AsWritten);
    if let Answer::Reply(reply) = &case.answer {
        let record = Record::of(&case.given);
        exchange.outcome = Some(of_reply(plan, reply, &case.given, &record));
        exchange.assumptions.extend(plan.assumptions.report(&record.occurred.borrow()));
    }
    exchange
}

fn headers(request: &ShownRequest) -> String {
    lines(request.headers.iter().map(|(name, value)| code(&format!("{name}: {value}"))))
}

fn values<'a>(values: impl Iterator<Item = (&'a String, &'a Json)>) -> String {
    lines(values.map(|(name, json)| code(&format!("{name} = {json}"))))
}

fn lines(lines: impl Iterator<Item = String>) -> String {
    let all: Vec<String> = lines.collect();
    if all.is_empty() { "none".into() } else { all.join("<br>") }
}

/// Code in a cell of a table.
fn code(text: &str) -> String {
    let escaped = text.replace('|', "\\|").replace('\n', " ");
    if escaped.contains('`') { format!("`` {escaped} ``") } else { format!("`{escaped}`") }
}

/// The spec up to its cases: the action in the platform's own words.
fn action(path: &str) -> String {
    let text = fs::read_to_string(package().join(path)).expect("a spec");
    let lines = text.lines().skip_while(|line| line.starts_with('#'));
    let is_of_the_cases =
        |line: &&str| line.starts_with("[[case]]") || line.starts_with("[defaults") || line.starts_with("[lint]");
    lines.take_while(|line| !is_of_the_cases(line)).collect::<Vec<_>>().join("\n").trim_end().to_string()
}
