//! A body that is not JSON.

use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::source::Span;

/// A body that is not JSON.
pub static BODY_NOT_JSON: Lint = Lint {
    name: "body-not-json",
    severity: Severity::Error,
    summary: "the body is not JSON once references are set aside",
    page: r#"## What it does
Reads the body as JSON, with every reference taken for ordinary text, and points at the exact place where it stops being
JSON: a comma after the last entry, single quotes, a comment, a missing bracket.

## Why this is bad
The platform sends JSON and nothing else, and adds `Content-Type: application/json` itself (OpenDialog documentation,
Webhook action). A body that is not JSON is refused by the platform or by your API.

## Example
```toml
[action]
body = '''
{ "title": "{issue_title}", "urgent": true, }
'''
```

## Instead
```toml
[action]
body = '''
{ "title": "{issue_title}", "urgent": true }
'''
```

## Fix
None: what was meant cannot be guessed. The body may also be written as a TOML table, which cannot go wrong in this way.

## When it stays silent
A reference without quotes has a lint of its own, `unquoted-reference-in-json`. An empty body is no body.
"#,
};

/// `message` says what was expected at the place.
pub fn found(span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(&BODY_NOT_JSON, span, message)
}
