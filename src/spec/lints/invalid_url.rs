//! A URL that cannot be requested.

use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::source::Span;

/// A URL that cannot be requested.
pub static INVALID_URL: Lint = Lint {
    name: "invalid-url",
    severity: Severity::Error,
    summary: "a URL without scheme or host, with spaces, or with a scheme other than http and https",
    page: r#"## What it does
Finds URLs that cannot be requested, of the action and of an OAuth2 token: no `https://` in front, no host, a space or a
line break in the text, a scheme other than `http` and `https`.

## Why this is bad
The platform wants a valid URL to your API (OpenDialog documentation, Webhook action). With anything else the action
fails every time, and nothing is sent. White space behind the host is the exception: cases run with the URL made valid, a
space as `%20`, and what the platform makes of it is not known.

## Example
```toml
[action]
url = "shop.example.com/orders?name={user.name}"
```

## Instead
```toml
[action]
url = "https://shop.example.com/orders?name={user.name}"
```

## Fix
None: whether `http` or `https` was meant cannot be guessed.

## When it stays silent
When a reference stands at the front (`{global.base_url}/orders`), scheme and host are known only when the action runs.
Values of references are encoded by the platform and may hold spaces.
"#,
};

/// What is wrong with the URL, at the part that is wrong, and what to do.
pub fn found(span: Span, message: impl Into<String>, advice: &str) -> Diagnostic {
    Diagnostic::new(&INVALID_URL, span, message)
        .help(format!("{advice}; with this URL the action fails every time, and nothing is sent"))
}

/// White space behind `before` in the URL. Behind the host a URL is made valid before it is requested (WHATWG URL, section
/// 4.4), so that it is not known to fail.
pub fn white_space(span: Span, message: impl Into<String>, advice: &str, before: &str) -> Diagnostic {
    let is_behind_host = before.split_once("://").map_or(before, |(_, rest)| rest).contains(['/', '?', '#']);
    match is_behind_host {
        false => found(span, message, advice),
        true => Diagnostic::new(&INVALID_URL, span, message)
            .help(format!("{advice}; here the request is sent with the URL made valid, and the platform may refuse it")),
    }
}
