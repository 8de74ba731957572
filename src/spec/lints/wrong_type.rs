//! A value of the wrong kind.

use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::source::Span;

/// A value of the wrong kind.
pub static WRONG_TYPE: Lint = Lint {
    name: "wrong-type",
    severity: Severity::Error,
    summary: "a value of the wrong kind",
    page: r#"## What it does
Finds values that are of another kind than the key wants: text where a number belongs, a number where a table belongs, a
word that is not one of the allowed ones.

## Why this is bad
The value cannot be used, so the setting is not there. A mistake inside `[action]` means that the cases do not run.

## Example
```toml
[[case]]
name = "opens a ticket"
[case.reply]
status = "201"
```

## Instead
```toml
[[case]]
name = "opens a ticket"
[case.reply]
status = 201
```

## Fix
None: what was meant cannot be guessed.

## When it stays silent
About the values of attributes (`given`) and the JSON of a reply: those may be of any kind, and are turned into the
attribute's declared type as the platform does it.
"#,
};

/// Both in a user's words with their article: "a table", "text".
pub fn found(span: Span, expected: &str, got: &str) -> Diagnostic {
    Diagnostic::new(&WRONG_TYPE, span, format!("expected {expected}, found {got}"))
}
