//! Tests of the module as a whole, in order of what they look at.

mod differential;
mod errors;
mod functions;
mod limits;
mod paths;
mod results;

use serde_json::Value;

use super::{Expression, RuntimeError, RuntimeErrorKind};

/// The result on a document written as JSON.
fn evaluate(expression: &str, document: &str) -> Result<Value, RuntimeError> {
    let document = serde_json::from_str(document).unwrap();
    Expression::compile(expression).unwrap_or_else(|error| panic!("{expression}: {error}")).evaluate(&document)
}

/// Checks results as text, in which the order of keys and the kind of numbers show.
#[track_caller]
fn check(document: &str, cases: &[(&str, &str)]) {
    for (expression, expected) in cases {
        let result = evaluate(expression, document);
        let result = result.unwrap_or_else(|error| panic!("{expression}: {error}"));
        assert_eq!(result.to_string(), *expected, "{expression}");
    }
}

/// Checks the class and the words of runtime errors.
#[track_caller]
fn check_errors(document: &str, kind: RuntimeErrorKind, cases: &[(&str, &str)]) {
    for (expression, expected) in cases {
        let error = evaluate(expression, document).unwrap_err();
        assert_eq!((error.to_string().as_str(), error.kind), (*expected, kind));
    }
}
