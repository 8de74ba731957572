//! Headers as an object.

use crate::diagnostic::{Diagnostic, Edit, Fix, Lint, Severity};
use crate::spec::{Kind, Node, Table};

/// Headers as an object.
pub static HEADERS_NOT_A_LIST: Lint = Lint {
    name: "headers-not-a-list",
    severity: Severity::Error,
    summary: "headers as an object, where the platform has a list of `{ key, value }`",
    page: r#"## What it does
Finds `headers` that are an object: `{ "X-Tag": "a" }`.

## Why this is bad
The platform's headers are a list of objects, each with `key` and `value` (Verboo documentation, Webhook, Basic
Configuration). What it makes of anything else is not said; most likely no header is sent, credentials included.

## Example
```toml
dialect = "verboo"
[action]
url = "https://erp.example.com/api/orders"
method = "GET"
headers = { X-Tag = "a" }
```

## Instead
```toml
dialect = "verboo"
[action]
url = "https://erp.example.com/api/orders"
method = "GET"
headers = [{ key = "X-Tag", value = "a" }]
```

## Fix
`--fix --unsafe` writes the object as a list, where it is written in braces and every value is text: the platform may behave
in another way with it.

## When it stays silent
For a list, also an empty one.
"#,
};

/// `text` is that of the file that the headers stand in.
pub fn found(node: &Node, table: &Table, text: &str) -> Diagnostic {
    let message = "the headers are an object, where the platform has a list";
    let diagnostic = Diagnostic::new(&HEADERS_NOT_A_LIST, node.span, message)
        .help("write a list of `{ key = \"…\", value = \"…\" }`; here they are taken for one");
    Diagnostic { fix: fix(node, table, text), ..diagnostic }
}

/// Each value stays as it is written: it may be a secret's.
fn fix(node: &Node, table: &Table, text: &str) -> Option<Fix> {
    let written = |start: usize, end: usize| text.get(start..end);
    let is_in_braces = written(node.span.start, node.span.end)?.starts_with('{');
    let are_texts = table.entries.iter().all(|entry| matches!(entry.value.kind, Kind::Text(_)));
    if !is_in_braces || !are_texts {
        return None;
    }
    let between = |entry: &crate::spec::Entry| written(entry.key.span.end, entry.value.span.start).map(str::trim);
    let is_json = table.entries.first().and_then(between) == Some(":");
    let mut rows = Vec::with_capacity(table.entries.len());
    for entry in &table.entries {
        let value = written(entry.value.span.start, entry.value.span.end)?;
        let name = serde_json::to_string(&entry.key.value).ok()?;
        rows.push(match is_json {
            true => format!("{{ \"key\": {name}, \"value\": {value} }}"),
            false => format!("{{ key = {name}, value = {value} }}"),
        });
    }
    let edits = vec![Edit { span: node.span, text: format!("[{}]", rows.join(", ")) }];
    Some(Fix { title: "write them as a list".into(), safe: false, edits })
}
