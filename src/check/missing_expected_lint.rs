//! `expect_lints` names a lint that finds nothing.

use crate::diagnostic::{Diagnostic, Lint, Severity};

use super::Missing;

/// `expect_lints` names a lint that finds nothing.
pub static MISSING_EXPECTED_LINT: Lint = Lint {
    name: "missing-expected-lint",
    severity: Severity::Error,
    summary: "`expect_lints` names a lint that finds nothing in the spec",
    page: r#"## What it does
Finds names in `expect_lints` whose lint has nothing to say about the spec, and names that no lint has.

## Why this is bad
A spec with `expect_lints` is there to show a mistake. When the lint stays silent, either the mistake is gone or the lint
no longer sees it; both should be noticed.

## Example
```toml
expect_lints = ["unknown-filter"]

[action]
name = "Greet"
method = "GET"
url = "https://api.example.com/greet?name={first_name | uppercase}"
```

## Instead
```toml
[action]
name = "Greet"
method = "GET"
url = "https://api.example.com/greet?name={first_name | uppercase}"
```

## Fix
`--fix --unsafe` replaces a name that no lint has with the nearest one. Otherwise only you know whether the name or the
spec is wrong.

## When it stays silent
For every listed lint that finds something at least once. It cannot be expected itself.
"#,
};

/// A name that is missing from the findings.
pub fn found(missing: &Missing) -> Diagnostic {
    let diagnostic = Diagnostic::new(&MISSING_EXPECTED_LINT, missing.name.span, missing.message.clone());
    match missing.nearest {
        Some(near) => diagnostic.guess(near, missing.name.span),
        None => diagnostic,
    }
}
