//! Results of a node that does not wait.

use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::plan::Exits;
use crate::source::Span;

/// Results of a node that does not wait.
pub static ASYNC_WITH_RESULTS: Lint = Lint {
    name: "async-with-results",
    severity: Severity::Warning,
    summary: "an asynchronous node with a mapping, exits or a status parameter",
    page: r#"## What it does
Finds `async = true` beside a response mapping, listed exits or a status parameter.

## Why this is bad
An asynchronous request lets "the flow proceed without depending on the node" (Vonage AI Studio documentation, Webhook,
Asynchronous requests). So no reply is there to be mapped: the parameters are never filled, and the exits never taken.

## Example
```toml
[action]
async = true

[action.response]
mapping = { LOG_ID = "id" }
```

## Instead
```toml
[action]
async = true
```

## Fix
None: either the flow must wait or it must do without the results.

## When it stays silent
For a node that waits, and for an asynchronous one without any of the three.
"#,
};

/// `span` is where the node is said to be asynchronous.
pub fn check(span: Span, exits: &Exits) -> Option<Diagnostic> {
    let mapped = exits.outputs.first().map(|output| (output.target.span, "this parameter is never filled"));
    let status = exits.status.as_ref().map(|target| (target.span, "this parameter is never filled"));
    let listed = exits.listed.first().map(|exit| (exit.span, "this exit is never taken"));
    let (place, consequence) = mapped.or(status).or(listed)?;
    let message = "the flow does not wait for the reply of this node, so it has no results";
    let diagnostic = Diagnostic::new(&ASYNC_WITH_RESULTS, span, message).related(place, consequence);
    Some(diagnostic.help("let the node wait, or take the results out"))
}
