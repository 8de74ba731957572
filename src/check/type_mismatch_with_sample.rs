//! A recorded reply whose value does not fit the attribute that it is written into.

use super::types::with_declaration;
use crate::assumption::id;
use crate::case::{Rule, Sample, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::plan::{Output, Plan, ValueSource};
use crate::value::{AttributeType, Json, Scalar, json_kind, number_of_text, plain_numbers};

/// A recorded reply whose value does not fit the attribute that it is written into.
pub static TYPE_MISMATCH_WITH_SAMPLE: Lint = Lint {
    name: "type-mismatch-with-sample",
    severity: Severity::Warning,
    summary: "on a recorded reply the value does not fit the declared type of its attribute",
    page: r#"## What it does
Evaluates each output on the replies that the cases record for its group, and finds values that are not of the
declared type of the attribute: an object for a string, text for a whole number, a single value for a collection.

## Why this is bad
The platform does not convert: an attribute whose expression gives another type is left empty, without an error
(OpenDialog documentation, Using JMESPath expressions). The reply was there and the path was right, and still nothing
arrives in the conversation.

## Example
```toml
[action.response.2xx.outputs]
agent = "data.assignee"

[attributes]
agent = "string"

[[case]]
name = "opened"
reply.json = { data = { assignee = { name = "Bo" } } }
```

## Instead
```toml
[action.response.2xx.outputs]
agent = "data.assignee.name"

[attributes]
agent = "string"

[[case]]
name = "opened"
reply.json = { data = { assignee = { name = "Bo" } } }
```

## Fix
None: either the path or the declared type is wrong.

## When it stays silent
For attributes without a declared type, which keep the type of what is written; for numeric text where a platform makes
a number of it; for `json`, which takes anything; when
the expression finds nothing, which is the matter of `selector-misses-sample`; and when no case records a JSON reply.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &TYPE_MISMATCH_WITH_SAMPLE, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for class in 1..=5 {
        let outputs = subject.plan.outcome.outputs_of(class);
        if outputs.iter().all(|output| wanted(output, subject.plan).is_none()) {
            continue;
        }
        let samples = subject.samples(class);
        found.extend(outputs.iter().filter_map(|output| mismatch(output, samples, subject.plan)));
    }
}

/// The type that a value must be of; `None` when any will do.
fn wanted(output: &Output, plan: &Plan) -> Option<AttributeType> {
    let undeclared =
        || (plan.assumptions.get(id::UNDECLARED_TYPE) == "string").then_some(AttributeType::one(Scalar::String));
    output.target.declared.or_else(undeclared).filter(|wanted| *wanted != AttributeType::one(Scalar::Json))
}

/// The first reply whose value does not fit.
fn mismatch(output: &Output, samples: &[Sample<'_>], plan: &Plan) -> Option<Diagnostic> {
    let (selector, wanted) = (output.selector.as_deref()?, wanted(output, plan)?);
    for sample in samples {
        let Ok(value) = selector.select(&sample.document) else { continue };
        let value = plain_numbers(value);
        if value.is_null() || wanted.accept(&value).is_some() || is_numeric(&value, plan) {
            continue;
        }
        let expression = output.source.text.trim();
        let is_strict = plan.outcome.is_strict();
        let consequence = match is_strict {
            true if plan.fails_on_missed_path() => "so the action fails",
            true => "so it is not filled",
            false => "so it becomes empty",
        };
        let kind = match wanted.scalar {
            Scalar::Float if is_strict && !wanted.collection => "a number".to_string(),
            _ => format!("`{wanted}`"),
        };
        let (got, name) = (described(&value, wanted), &output.target.name);
        let message = format!("`{expression}` gives {got}, but `{name}` is {kind}, {consequence}");
        let diagnostic = Diagnostic::new(&TYPE_MISMATCH_WITH_SAMPLE, output.source.inside(), message)
            .related(sample.case.name.span, format!("on the reply of `{}`", sample.case.name.value))
            .help(if is_strict { PATH_OR_TYPE.to_string() } else { remedy(expression, &value, wanted) });
        return Some(with_declaration(diagnostic, &ValueSource::Attribute(output.target.name.clone()), plan));
    }
    None
}

/// Without functions in the paths, there are two things to change.
const PATH_OR_TYPE: &str = "change the path, or declare the type that the reply has";

/// Whether a number is taken from text.
fn is_numeric(value: &Json, plan: &Plan) -> bool {
    plan.outcome.is_strict() && value.as_str().is_some_and(|text| number_of_text(text).is_some())
}

/// What the value is; of a list for a collection, the first item that does not fit.
fn described(value: &Json, wanted: AttributeType) -> String {
    let Some(items) = value.as_array().filter(|_| wanted.collection) else { return json_kind(value).to_string() };
    let one = AttributeType::one(wanted.scalar);
    match items.iter().find(|item| one.accept(item).is_none()) {
        Some(item) => format!("a list with {} in it", json_kind(item)),
        None => json_kind(value).to_string(),
    }
}

fn remedy(expression: &str, value: &Json, wanted: AttributeType) -> String {
    match (value, wanted.scalar) {
        (Json::Array(_), _) if wanted.collection => {
            format!("make every item a `{}`, or declare the attribute as `json`", AttributeType::one(wanted.scalar))
        }
        (_, _) if wanted.collection => format!("write `[{expression}]` for a list of one, or declare a single value"),
        (Json::Array(_), scalar) => {
            format!("take one item, as in `{expression}[0]`, or declare `{}` or `json`", AttributeType::many(scalar))
        }
        (Json::Object(_), _) => {
            "go one step further, to a field of the object, or declare the attribute as `json`".to_string()
        }
        (_, Scalar::String) => format!("write `to_string({expression})`, or declare the type that the reply has"),
        (Json::String(text), Scalar::Int | Scalar::Float | Scalar::Timestamp) if text.trim().parse::<f64>().is_ok() => {
            format!("write `to_number({expression})`, or declare the attribute as `string`")
        }
        (Json::Number(_), Scalar::Int | Scalar::Timestamp) => "declare the attribute as `float`".to_string(),
        _ => "declare the type that the reply has".to_string(),
    }
}
