//! Client data where the platform does not look for them.

use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};

/// Client data where the platform does not look for them.
pub static CLIENT_DATA_MISPLACED: Lint = Lint {
    name: "client-data-misplaced",
    severity: Severity::Warning,
    summary: "a recorded reply with `client_data` at its root, or with `session.clientData`",
    page: r#"## What it does
Looks in the recorded replies with a 2xx status for objects called `client_data` or `clientData` that are not
`session.client_data`: at the root, or under `session` in camelCase.

## Why this is bad
"Values in session.client_data are automatically merged into the session" (Verboo documentation, Webhook, Updating
ClientData via Response). What stands elsewhere is read by the model at best; no later webhook has it.

## Example
```toml
dialect = "verboo"
[action]
url = "https://clinic.example.com/patients"
method = "GET"
[[case]]
name = "found"
reply.json = { client_data = { patient_id = "pat_1" } }
```

## Instead
```toml
dialect = "verboo"
[action]
url = "https://clinic.example.com/patients"
method = "GET"
[[case]]
name = "found"
reply.json = { session = { client_data = { patient_id = "pat_1" } } }
```

## Fix
None: the reply is what your API answers.

## When it stays silent
For `session.client_data`, and for values of that name which are no objects.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &CLIENT_DATA_MISPLACED, check };

const WRONG_PLACES: [(&str, &str); 3] =
    [("/client_data", "client_data"), ("/clientData", "clientData"), ("/session/clientData", "session.clientData")];

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for sample in subject.samples(2) {
        for (pointer, shown) in WRONG_PLACES {
            if sample.document.pointer(pointer).is_some_and(|value| value.is_object()) {
                let message = format!("the reply of this case has `{shown}`, which is not merged");
                let diagnostic = Diagnostic::new(&CLIENT_DATA_MISPLACED, sample.case.name.span, message);
                found.push(diagnostic.help("the platform merges `session.client_data`"));
            }
        }
    }
}
