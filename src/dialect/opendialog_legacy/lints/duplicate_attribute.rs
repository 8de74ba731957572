//! An attribute that a list names twice.

use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::source::Span;

/// An attribute that a list names twice.
pub static DUPLICATE_ATTRIBUTE: Lint = Lint {
    name: "duplicate-attribute",
    severity: Severity::Warning,
    summary: "two inputs, or two outputs, of one name",
    page: r#"## What it does
Finds inputs, and outputs, of one name, also when they stand in different contexts: `user.id` and `session.id`.

## Why this is bad
Request and reply name attributes without their contexts (OpenDialog documentation, "[Deprecated] developing a webhook
action"), so that two of one name are one key. One of the two values is not sent, or not written. Which one is not
documented; Hookwright takes the one that is listed last.

## Example
```toml
dialect = "opendialog-legacy"
[action]
name = "Find order"
url = "https://api.example.com/opendialog"
inputs = ["user.id", "session.id"]
```

## Instead
```toml
dialect = "opendialog-legacy"
[action]
name = "Find order"
url = "https://api.example.com/opendialog"
inputs = ["user.id", "session.order_id"]
```

## Fix
None: the attribute has to get another name in the scenario, or one of the two is not needed.

## When it stays silent
For an attribute that is an input and an output as well.
"#,
};

/// What is found at the second one.
pub fn found(list: &str, name: &str, second: Span, first: Span) -> Diagnostic {
    let message = format!("`{list}` has the name `{name}` twice, which is one key of the JSON: the last one counts");
    Diagnostic::new(&DUPLICATE_ATTRIBUTE, second, message).related(first, "the first one is here")
}
