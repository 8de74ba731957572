//! A reference in a JSON body without quotes around it.

use std::ops::Range;

use crate::diagnostic::{Diagnostic, Edit, Fix, Lint, Severity};
use crate::source::Mapped;

/// A reference in a JSON body without quotes around it.
pub static UNQUOTED_REFERENCE_IN_JSON: Lint = Lint {
    name: "unquoted-reference-in-json",
    severity: Severity::Error,
    summary: "a reference in a JSON body without double quotes around it",
    page: r#"## What it does
Finds references that stand in a JSON body without double quotes: `{"age": {age}}`. Where a platform lets a number stand so,
finds those that may be text.

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
`--fix --unsafe` puts double quotes around the reference, with backslashes where they need some: inside a TOML string in
double quotes, and before the quotes of a filter's arguments unless they have theirs already.

## When it stays silent
Where the reference stands inside a JSON string, alone or with other text.
"#,
};

/// `hole` is the reference in the text of the body.
pub fn found(source: &Mapped, hole: Range<usize>) -> Diagnostic {
    let edits = quoted(source, &hole);
    let title = "put it in double quotes".to_string();
    let diagnostic =
        Diagnostic::new(&UNQUOTED_REFERENCE_IN_JSON, source.span(hole), "a reference in JSON needs double quotes around it");
    Diagnostic { fix: edits.map(|edits| Fix { title, safe: false, edits }), ..diagnostic }
        .help("alone in its quotes, a number or a boolean keeps its type")
}

/// Whether it has quotes, all written as in a JSON string: so a text comes that is pasted from the platform.
fn is_escaped(text: &str) -> bool {
    text.contains('"') && serde_json::from_str::<String>(&format!("\"{text}\"")).is_ok()
}

/// Quotes around the reference, and a backslash before what needs one inside of them.
fn quoted(source: &Mapped, hole: &Range<usize>) -> Option<Vec<Edit>> {
    let text = &source.text[hole.clone()];
    if text.contains(char::is_control) {
        return None;
    }
    let put = |at: usize, text: &str| Edit::within(source, at..at, text);
    let bare = if is_escaped(text) { "" } else { text };
    let escapes = bare.match_indices(['"', '\\']).map(|(at, _)| put(hole.start + at, "\\"));
    std::iter::once(put(hole.start, "\"")).chain(escapes).chain([put(hole.end, "\"")]).collect()
}
