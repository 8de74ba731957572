//! A time-out that the platform does not have.

use crate::diagnostic::{Diagnostic, Edit, Fix, Lint, Severity};
use crate::source::Span;

/// A time-out that the platform does not have.
pub static TIMEOUT_OUT_OF_RANGE: Lint = Lint {
    name: "timeout-out-of-range",
    severity: Severity::Error,
    summary: "a time-out that the slider does not have: 10 to 25 seconds",
    page: r#"## What it does
Finds a `timeout` below 10 or above 25 seconds.

## Why this is bad
"You have the ability to set the webhook time out to any amount of time between 10 to 25 seconds" (Vonage AI Studio
documentation, Webhook, Time out). Anything else cannot be set up there, so what a case shows with it cannot happen.

## Example
```toml
[action]
timeout = 30
```

## Instead
```toml
[action]
timeout = 25
```

## Fix
`--fix --unsafe` writes the nearest end of the range.

## When it stays silent
Without the key: the node waits 10 seconds. An older paragraph of the same page speaks of 5 seconds, which the newer one
corrects.
"#,
};

const RANGE: std::ops::RangeInclusive<f64> = 10.0..=25.0;

pub fn check(seconds: f64, span: Span) -> Option<Diagnostic> {
    if RANGE.contains(&seconds) {
        return None;
    }
    let nearest = seconds.clamp(*RANGE.start(), *RANGE.end());
    let edits = vec![Edit { span, text: format!("{nearest}") }];
    let fix = Fix { title: format!("replace with `{nearest}`"), safe: false, edits };
    let message = format!("a node waits between {} and {} seconds, not {seconds}", RANGE.start(), RANGE.end());
    let diagnostic = Diagnostic::new(&TIMEOUT_OUT_OF_RANGE, span, message);
    Some(Diagnostic { fix: Some(fix), ..diagnostic.help("the cases run with what is written here") })
}
