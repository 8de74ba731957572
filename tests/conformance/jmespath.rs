//! The JMESPath compliance suite, results and classes of errors.

use std::fs;
use std::path::PathBuf;

use hookwright::selector::jmespath::{Expression, RuntimeErrorKind, SyntaxErrorKind};
use hookwright::value::Json;

use super::{list, shared_data, text};
use crate::support::Tally;

const NOT_CASES: [&str; 2] = ["benchmarks.json", "php_deviations.json"];

/// The class of an error in the words of the suite, or the result.
fn outcome(expression: &str, document: &Json) -> Result<Json, &'static str> {
    let compiled = Expression::compile(expression).map_err(|error| {
        assert!(expression.is_char_boundary(error.start) && expression.is_char_boundary(error.end), "{expression}");
        match error.kind {
            SyntaxErrorKind::InvalidValue => "invalid-value",
            SyntaxErrorKind::Syntax => "syntax",
            SyntaxErrorKind::Limit => "limit",
        }
    })?;
    compiled.evaluate(document).map_err(|error| match error.kind {
        RuntimeErrorKind::UnknownFunction => "unknown-function",
        RuntimeErrorKind::InvalidArity => "invalid-arity",
        RuntimeErrorKind::InvalidType => "invalid-type",
        RuntimeErrorKind::InvalidValue => "invalid-value",
        RuntimeErrorKind::TooMuchWork => "limit",
    })
}

/// Equality by value, where `1` is `1.0` and the order of keys does not count.
fn same(left: &Json, right: &Json) -> bool {
    match (left, right) {
        (Json::Number(left), Json::Number(right)) => left == right || left.as_f64() == right.as_f64(),
        (Json::Array(left), Json::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        (Json::Object(left), Json::Object(right)) => {
            let has = |(key, left): (&String, &Json)| right.get(key).is_some_and(|right| same(left, right));
            left.len() == right.len() && left.iter().all(has)
        }
        _ => left == right,
    }
}

fn suite(folder: PathBuf) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder.join("jmespath")).expect("a folder");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.ends_with(".json") && !NOT_CASES.contains(&&*name)
    });
    files.sort();
    files
}

fn problem(case: &Json, document: &Json) -> Option<String> {
    let got = outcome(text(case, "expression"), document);
    let holds = match (case.get("result"), case["error"].as_str(), &got) {
        (Some(expected), _, Ok(got)) => same(expected, got),
        (None, Some(expected), Err(got)) => expected == *got,
        _ => false,
    };
    (!holds).then(|| format!("got {got:?}"))
}

#[test]
fn compliance_suite() {
    let Some(folder) = shared_data() else { return };
    let mut tally = Tally::default();
    for file in suite(folder) {
        let groups: Json = serde_json::from_str(&fs::read_to_string(&file).expect("a readable file")).expect("JSON");
        for group in list(&groups) {
            for case in list(&group["cases"]) {
                tally.check(&format!("{}: {case}", file.display()), problem(case, &group["given"]));
            }
        }
    }
    assert_eq!(tally.rows(), 892, "the suite is complete");
    tally.report("jmespath");
}
