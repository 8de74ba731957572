//! A query parameter that is there twice.

use std::collections::HashMap;

use percent_encoding::percent_decode_str;

use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::plan::{UrlPlan, UrlPosition};
use crate::source::{Span, Spanned};

/// A query parameter that is there twice.
pub static DUPLICATE_QUERY_KEY: Lint = Lint {
    name: "duplicate-query-key",
    severity: Severity::Warning,
    summary: "a query parameter that the URL has as well, or that is listed twice",
    page: r#"## What it does
Finds rows of the query whose name stands in the query of the URL too, or in another row.

## Why this is bad
The rows are sent besides what the URL has (Vonage AI Studio documentation, Webhook, Query Parameters). Of two values of
one name services take the first, the last, or both as a list: RFC 3986 gives the query no meaning of its own.

## Example
```toml
[action]
url = "https://api.example.com/orders?id=0"
query = { id = "$ORDER_ID" }
```

## Instead
```toml
[action]
url = "https://api.example.com/orders"
query = { id = "$ORDER_ID" }
```

## Fix
None: only you know which of the two is meant.

## When it stays silent
For names with `[]` at their end, which are lists by custom: `tag[]`.
"#,
};

/// `plan` is the URL before the rows are appended.
pub fn check<'a>(plan: &UrlPlan, rows: impl Iterator<Item = &'a Spanned<String>>, found: &mut Vec<Diagnostic>) {
    let mut known: HashMap<String, Span> = in_url(plan);
    for row in rows.filter(|row| !row.value.ends_with("[]")) {
        match known.get(&row.value) {
            Some(first) => {
                let message = format!("the query has `{}` twice", row.value.escape_debug());
                let diagnostic =
                    Diagnostic::new(&DUPLICATE_QUERY_KEY, row.span, message).related(*first, "it stands here already");
                found.push(diagnostic.help("remove one of the two: services differ in which they read"));
            }
            None => _ = known.insert(row.value.clone(), row.span),
        }
    }
}

/// The names in the query of the URL, decoded, where they are written out.
fn in_url(plan: &UrlPlan) -> HashMap<String, Span> {
    let mut names = HashMap::new();
    let query = plan.parts.iter().filter(|(position, _)| *position == UrlPosition::Query);
    // A value is no `&`: what stands behind one is taken for the value of the name before it.
    let written: String = query.flat_map(|(_, text)| &text.pieces).map(|piece| piece.literal().unwrap_or("\u{0}")).collect();
    for pair in written.trim_start_matches('?').split('&') {
        let name = pair.split('=').next().unwrap_or_default();
        if !name.is_empty() && !name.contains('\u{0}') {
            let name = percent_decode_str(&name.replace('+', " ")).decode_utf8_lossy().into_owned();
            names.entry(name).or_insert(plan.span);
        }
    }
    names
}
