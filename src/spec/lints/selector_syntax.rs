//! An expression over a reply that cannot be read.

use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::source::Span;

/// An expression over a reply that cannot be read.
pub static SELECTOR_SYNTAX: Lint = Lint {
    name: "selector-syntax",
    severity: Severity::Error,
    summary: "an expression over a reply that cannot be read",
    page: r#"## What it does
Finds expressions in the response mapping that are not JMESPath (or, on platforms that have them, not an object path), at
the exact place: an unclosed bracket, an empty part, a name with a dash that lacks its double quotes, a function with too
few or too many arguments.

## Why this is bad
The platform gives no error for a bad expression. The attribute becomes empty, and a success rule never succeeds
(OpenDialog documentation, Using JMESPath expressions).

## Example
```toml
[action.response.2xx.outputs]
agent = "data.assignee.display-name"
```

## Instead
```toml
[action.response.2xx.outputs]
agent = 'data.assignee."display-name"'
```

## Fix
None: what was meant cannot be guessed.

## When it stays silent
When the expression can be read but finds nothing; `selector-misses-sample` looks at that.
"#,
};

/// `message` says what is wrong at the place.
pub fn found(span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(&SELECTOR_SYNTAX, span, message)
}
