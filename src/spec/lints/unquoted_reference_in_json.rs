//! A reference in a JSON body without quotes around it.

use crate::diagnostic::{Diagnostic, Edit, Fix, Lint, Severity};
use crate::source::Span;

/// A reference in a JSON body without quotes around it.
pub static UNQUOTED_REFERENCE_IN_JSON: Lint = Lint {
    name: "unquoted-reference-in-json",
    severity: Severity::Error,
    summary: "a reference in a JSON body without double quotes around it",
    page: r#"## What it does
Finds references that stand in a JSON body without double quotes: `{"age": {age}}`.

## Why this is bad
The body has to be JSON before any value is filled in, so references have to be put in double quotes. Numbers and
booleans are none the worse for it: where a string is nothing but one reference, the value keeps its type, and
`{"age": "{age}"}` is sent as `{"age": 36}` (OpenDialog documentation, Webhook action).

## Example
```toml
[action]
body = '''
{ "age": {age} }
'''
```

## Instead
```toml
[action]
body = '''
{ "age": "{age}" }
'''
```

## Fix
The suggested edit puts double quotes around the reference. Where quotes would need a backslash (inside a TOML string in
double quotes, or with quotes in a filter's arguments) there is no fix.

## When it stays silent
Where the reference stands inside a JSON string, alone or with other text.
"#,
};

/// With a fix: for places where a plain `"` may be written, around a reference that holds none itself.
pub fn found(span: Span) -> Diagnostic {
    let quote = |span: Span| Edit { span, text: "\"".into() };
    let before = Span::new(span.file, span.start, span.start);
    let fix = Fix { title: "put it in double quotes".into(), safe: false, edits: vec![quote(before), quote(span.after())] };
    Diagnostic { fix: Some(fix), ..found_without_fix(span) }
}

/// For places where a quote would need a backslash.
pub fn found_without_fix(span: Span) -> Diagnostic {
    Diagnostic::new(&UNQUOTED_REFERENCE_IN_JSON, span, "a reference in JSON needs double quotes around it")
        .help("alone in its quotes, a number or a boolean keeps its type")
}
