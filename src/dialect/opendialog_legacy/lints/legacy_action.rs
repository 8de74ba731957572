//! An action of the kind that the platform has given up.

use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::source::Span;

/// An action of the kind that the platform has given up.
pub static LEGACY_ACTION: Lint = Lint {
    name: "legacy-action",
    severity: Severity::Info,
    summary: "an action of the deprecated kind, which a Webhook V2 action can replace",
    page: r#"## What it does
Finds specs of the dialect `opendialog-legacy`.

## Why this is bad
The platform keeps such actions running and lets nobody create new ones (OpenDialog documentation, "[Deprecated] developing a
webhook action", and the release notes of October 2025). They have one method, one shape of request and reply, no references
in the URL and the headers, and no place for a secret: a token in a header can be read by whoever sees the action.

## Example
```toml
dialect = "opendialog-legacy"
[action]
name = "Full name"
url = "https://api.example.com/opendialog"
inputs = ["first_name", "last_name"]
outputs = ["full_name"]
```

## Instead
```toml
[action]
name = "Full name"
method = "POST"
url = "https://api.example.com/opendialog"
body = '{"input_data":{"attributes":{"first_name":"{user.first_name}","last_name":"{user.last_name}"}}}'
[action.response.2xx]
action_success = "successful"
outputs = { full_name = "output_data.attributes.full_name" }
```

## Fix
None that `lint` applies: some of what a legacy action does, a new one cannot do. `hookwright migrate SPEC` shows the action
as Webhook V2 and says what changes; `--write` writes it.

## When it stays silent
For Webhook V2 actions that send and read the same JSON. Where the service cannot be changed yet, allow the lint with the
reason.
"#,
};

/// What is found at the name of the dialect.
pub fn found(span: Span) -> Diagnostic {
    let message = "a legacy action, which the platform runs but does not offer any more";
    Diagnostic::new(&LEGACY_ACTION, span, message)
        .help("`hookwright migrate` with this spec shows it as a Webhook V2 action")
}
