//! An attribute of the session that nothing writes.

use std::collections::HashSet;

use crate::case::{Neighbours, ProjectRule, Summary};
use crate::diagnostic::{Diagnostic, Lint, Severity};

/// An attribute of the session that nothing writes.
pub static SESSION_ATTRIBUTE_LIFETIME: Lint = Lint {
    name: "session-attribute-lifetime",
    severity: Severity::Info,
    summary: "an attribute of the session that no action writes",
    page: r#"## What it does
Finds references to `session` for which no action that is linted has an output. Each name is reported once.

## Why this is bad
What stands in the session lives for one request only, unlike what stands in `user` (OpenDialog documentation,
Contexts). So the value is there only if it is written in the same request in which the action runs; a turn later it
is gone, and the reference becomes empty.

## Example
```toml
[action]
url = "https://shop.example.com/baskets?token={session.token}"
```

## Instead
```toml
[action]
url = "https://shop.example.com/baskets?token={user.basket_token}"
```

## Fix
None: only you know what fills the session.

## When it stays silent
When an output of any action that is linted together writes the attribute. What an interpreter, an intent or another
part of the platform puts into the session is not known here: allow the lint, with the reason, where that is so.
"#,
};

/// Finds it among the specs of a run.
pub static RULE: ProjectRule = ProjectRule { lint: &SESSION_ATTRIBUTE_LIFETIME, check };

fn check(summary: &Summary, neighbours: &Neighbours<'_>, found: &mut Vec<Diagnostic>) {
    let mut seen = HashSet::new();
    for (name, span) in &summary.reads {
        if name.context() != "session" || neighbours.writers.contains_key(name) || !seen.insert(name) {
            continue;
        }
        let message = format!("no action writes `{name}`, and what stands in `session` lives for one request only");
        let diagnostic = Diagnostic::new(&SESSION_ATTRIBUTE_LIFETIME, *span, message)
            .help("make sure that it is filled in the request in which this action runs, or keep the value in `user`");
        found.push(diagnostic);
    }
}
