//! Syntax that TOML 1.0 does not have.

use crate::diagnostic::{Diagnostic, Edit, Fix, Lint, Severity};
use crate::source::Span;

/// Syntax that TOML 1.0 does not have.
pub static TOML_1_1: Lint = Lint {
    name: "toml-1-1",
    severity: Severity::Info,
    summary: "syntax of TOML 1.1, which TOML 1.0 tools do not read",
    page: r#"## What it does
Finds what came into TOML with version 1.1: an inline table with line breaks, comments or a comma behind its last entry;
the escapes `\e` and `\xHH` in text between double quotes; a time without seconds.

## Why this is bad
Hookwright reads all of it, and no platform ever sees the file. But editors, formatters and scripts that know TOML 1.0
refuse the whole file (the change log of TOML 1.1.0).

## Example
```toml
[action]
headers = { X-Channel = "web", }
```

## Instead
```toml
[action]
headers = { X-Channel = "web" }
```

## Fix
Safe for a comma, which is taken away, and for the two escapes, which are written `\u001b` and `\u00HH`. A guess for a
time, which gets `:00`: a time that is sent is sent with its seconds then. None for an inline table over several lines:
write it on one line, or as a table of its own.

## When it stays silent
In arrays, which could always stand on several lines with a comma behind the last entry, also inside an inline table; in
text between single quotes, where a backslash is no escape; and in a file with a `toml-syntax` error.
"#,
};

fn fix(title: &str, safe: bool, span: Span, text: &str) -> Fix {
    Fix { title: title.into(), safe, edits: vec![Edit { span, text: text.into() }] }
}

fn found(span: Span, message: &str) -> Diagnostic {
    Diagnostic::new(&TOML_1_1, span, message)
}

/// `place` is the first line break or comment between the braces.
pub fn table_over_lines(place: Span) -> Diagnostic {
    found(place, "an inline table over several lines: TOML 1.0 tools do not read this file")
        .help("write it on one line, or as a table of its own with a header, such as `[action.headers]`")
}

pub fn comma_before_brace(comma: Span) -> Diagnostic {
    let diagnostic = found(comma, "a comma before the closing brace: TOML 1.0 tools do not read this file");
    Diagnostic { fix: Some(fix("take the comma away", true, comma, "")), ..diagnostic }
}

/// `letter` is the part of the escape behind its backslash that is replaced: the text may be a secret's, and the digits of
/// an escape would tell it.
pub fn escape(escape: Span, letter: Span, replacement: &str) -> Diagnostic {
    let diagnostic = found(escape, "an escape of TOML 1.1: TOML 1.0 tools do not read this file");
    Diagnostic { fix: Some(fix("write it as `\\u` and four digits", true, letter, replacement)), ..diagnostic }
}

pub fn time_without_seconds(time: Span) -> Diagnostic {
    let diagnostic = found(time, "a time without seconds: TOML 1.0 tools do not read this file");
    Diagnostic { fix: Some(fix("add the seconds", false, time.after(), ":00")), ..diagnostic }
}
