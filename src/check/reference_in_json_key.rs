//! A reference in a key of the body.

use crate::assumption::id;
use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::plan::{BodyPlan, Place, Plan};

/// A reference in a key of the body.
pub static REFERENCE_IN_JSON_KEY: Lint = Lint {
    name: "reference-in-json-key",
    severity: Severity::Warning,
    summary: "a reference in a key of the JSON body, which the platform does not promise to fill in",
    page: r#"## What it does
Finds references in the keys of the JSON body, at any depth.

## Why this is bad
The platform documents references for the values of the body: each stands in a string of its own (OpenDialog
documentation, Webhook action, Request body). Whether it fills in keys is not said. It may send the braces as they
are, and a value that comes from a user may name any field, also one that you did not mean to set. See
`references_in_json_keys`.

## Example
```toml
[action]
body = '{ "{field_name}": "{field_value}" }'
```

## Instead
```toml
[action]
body = '{ "name": "{field_name}", "value": "{field_value}" }'
```

## Fix
None: your API has to take the name as a value.

## When it stays silent
For references in values, and for keys whose braces hold no reference.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &REFERENCE_IN_JSON_KEY, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    if !subject.expressions.iter().any(|(place, _)| *place == Place::BodyKey) {
        return;
    }
    for (place, text) in subject.plan.texts() {
        if place != Place::BodyKey {
            continue;
        }
        for expression in text.expressions() {
            let message = format!("a reference in a key of the body: {}", consequence(subject.plan));
            let diagnostic = Diagnostic::new(&REFERENCE_IN_JSON_KEY, expression.span, message);
            found.push(diagnostic.help("references are documented for values only: send the name as a value"));
        }
    }
}

fn consequence(plan: &Plan) -> &'static str {
    if matches!(plan.request.body, BodyPlan::Text(_)) {
        return "it is filled in, and the platform does not say so";
    }
    match plan.assumptions.get(id::REFERENCES_IN_JSON_KEYS) {
        "literal" => "it is taken to be sent as it is typed",
        _ => "the platform does not say whether it is filled in or sent as it is typed",
    }
}
