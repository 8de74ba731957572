//! A key that the format needs.

use crate::diagnostic::{Diagnostic, Edit, Fix, Lint, Severity};
use crate::source::Span;

/// A key that the format needs.
pub static MISSING_KEY: Lint = Lint {
    name: "missing-key",
    severity: Severity::Error,
    summary: "a key that the format needs is not there",
    page: r#"## What it does
Finds tables that lack a key without which they mean nothing: an action without `url` or `method`, a case without `name`.

## Why this is bad
The platform does not save a webhook action without method and URL (OpenDialog documentation, Webhook action). Without
them there is no request, so the cases of the spec do not run.

## Example
```toml
[action]
name = "Find order"
method = "GET"
```

## Instead
```toml
[action]
name = "Find order"
method = "GET"
url = "https://shop.example.com/orders"
```

## Fix
A guess where the rest of the table tells the value: `method` is `"GET"` without a body and `"POST"` with one; the `type` of
an authentication follows from its other keys. The key is added in front of the others. There is none where a key that is
nearly the missing one stands in the table, and none for other keys: only you know their values.

## When it stays silent
When the key can do without: everything that is not named as required in the description of the format has a default.
"#,
};

/// `table` in the words of its section: "`[action]`", "the spec". The span is the table's header or, in an inline table, its braces.
pub fn found(span: Span, key: &str, table: &str) -> Diagnostic {
    Diagnostic::new(&MISSING_KEY, span, format!("{table} needs the key `{key}`"))
}

/// A case that expects an outcome at `span` and gives no reply. Defaults and rows count, so that no table alone tells.
pub fn reply(span: Span) -> Diagnostic {
    Diagnostic::new(&MISSING_KEY, span, "an outcome is expected, but the case has no `reply`")
        .help("the case fails as it is: give the reply or fault that the outcome comes from, or expect only the request")
}

/// The same with the value that it probably has.
pub fn found_with_guess(span: Span, key: &str, table: &str, value: &str, edit: Option<Edit>) -> Diagnostic {
    let fix = edit.map(|edit| Fix { title: format!("add `{key} = {value}`"), safe: false, edits: vec![edit] });
    Diagnostic { fix, ..found(span, key, table) }
}
