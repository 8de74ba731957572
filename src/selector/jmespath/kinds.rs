//! What an expression gives whatever the document is, as far as its last step tells.

use serde_json::Value;

use super::plan::{Atom, Pipeline, Step};
use crate::value::json_kind;

const NUMBER: &str = "a number";
const TEXT: &str = "text";
const LIST: &str = "a list";
const OBJECT: &str = "an object";

/// In a user's words; `None` where it may be a boolean, or is always null. Null may come in its place.
pub(super) fn of(pipeline: &Pipeline) -> Option<&'static str> {
    match pipeline.steps.last() {
        None => of_atom(&pipeline.first),
        Some(Step::Then(atom)) => of_atom(atom),
        Some(Step::Project(_)) => Some(LIST),
        Some(Step::Join(..)) => None,
    }
}

fn of_atom(atom: &Atom) -> Option<&'static str> {
    match atom {
        Atom::Literal(Value::Bool(_) | Value::Null) => None,
        Atom::Literal(value) => Some(json_kind(value)),
        Atom::List(_) => Some(LIST),
        Atom::Object(_) => Some(OBJECT),
        Atom::Group(inner) => of(inner),
        Atom::Call(call) => call.function.as_ref().ok().and_then(|function| of_function(function.name)),
        Atom::Current | Atom::Field(_) | Atom::Index(_) | Atom::Not(_) => None,
    }
}

/// The types of the JMESPath specification, Built-in Functions.
fn of_function(name: &str) -> Option<&'static str> {
    Some(match name {
        "abs" | "avg" | "ceil" | "floor" | "length" | "sum" | "to_number" => NUMBER,
        "join" | "to_string" | "type" => TEXT,
        "keys" | "map" | "sort" | "sort_by" | "to_array" | "values" => LIST,
        "merge" => OBJECT,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::Expression;

    #[test]
    fn the_last_step_tells() {
        let kind = |text: &str| Expression::compile(text).expect("an expression").certain_kind();
        for (text, wanted) in [
            ("`1`", "a whole number"),
            ("'TRUE'", "text"),
            ("length(items)", "a number"),
            ("a | to_string(@)", "text"),
            ("[a, b]", "a list"),
            ("{a: b}", "an object"),
            ("items[*].ok", "a list"),
            ("(keys(@))", "a list"),
        ] {
            assert_eq!(kind(text), Some(wanted), "{text}");
        }
        for text in [
            "a",
            "a.b",
            "a || `1`",
            "a == b",
            "!a",
            "`true`",
            "`null`",
            "contains(a, 'x')",
            "max(a)",
            "a[0]",
            "@",
            "not_null(a)",
        ] {
            assert_eq!(kind(text), None, "{text}");
        }
    }
}
