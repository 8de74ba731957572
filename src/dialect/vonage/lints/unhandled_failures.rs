//! Failures that no exit tells apart.

use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::plan::{ExitPattern, Exits};
use crate::source::Span;

/// Failures that no exit tells apart.
pub static UNHANDLED_FAILURES: Lint = Lint {
    name: "unhandled-failures",
    severity: Severity::Warning,
    summary: "no exit for replies of 4xx or of 5xx",
    page: r#"## What it does
Finds nodes that have no exit for any status of 4xx, or none for any of 5xx.

## Why this is bad
The default output takes 2xx alone (Vonage AI Studio documentation, Webhook, Response status code). Without further exits
an order that does not exist, a service that is down and a reply that came too late all leave by "Failed", and the agent
says the same to each.

## Example
```toml
[action.response]
mapping = { STATUS = "status" }
```

## Instead
```toml
[action.response]
mapping = { STATUS = "status" }
exits = ["404", "5xx"]
```

## Fix
None: only you know which failures the agent should tell apart.

## When it stays silent
When one code or the class of each of the two is listed. For asynchronous nodes.
"#,
};

const CLIENT: u8 = 4;
const SERVER: u8 = 5;

/// `place` is where exits are, or would be, listed.
pub fn check(place: Span, exits: &Exits) -> Option<Diagnostic> {
    let has = |class: u8| {
        exits.listed.iter().any(|exit| match exit.value {
            ExitPattern::Class(listed) => listed == class,
            ExitPattern::Status(status) => status / 100 == u16::from(class),
        })
    };
    let message = match (has(CLIENT), has(SERVER)) {
        (true, true) => return None,
        (true, false) => "no exit is for 5xx: a service that is down leaves by `failed`, as a time-out does",
        (false, true) => "no exit is for 4xx: a refused request leaves by `failed`, as a time-out does",
        (false, false) => "no exit is for 4xx or 5xx: they leave by `failed`, as a time-out does",
    };
    Some(Diagnostic::new(&UNHANDLED_FAILURES, place, message).help("list exits, such as `exits = [\"4xx\", \"5xx\"]`"))
}
