//! A key that the format does not have.

use crate::diagnostic::{Diagnostic, Lint, Severity, listed, nearest};
use crate::source::Name;

/// A key that the format does not have.
pub static UNKNOWN_KEY: Lint = Lint {
    name: "unknown-key",
    severity: Severity::Error,
    summary: "a key that the format does not have",
    page: r#"## What it does
Finds keys that mean nothing at the place where they stand, and names the nearest key that does. When the key belongs to
another dialect or to another table, it says so.

## Why this is bad
A misspelt key is a setting that is not there. Left unnoticed, a `headrs` table sends a request without headers, and an
`expct` table checks nothing.

## Example
```toml
[action]
name = "Find order"
metod = "GET"
url = "https://shop.example.com/orders"
```

## Instead
```toml
[action]
name = "Find order"
method = "GET"
url = "https://shop.example.com/orders"
```

## Fix
`--fix --unsafe` replaces the key with the nearest known one, unless that one is there already.

## When it stays silent
In tables whose keys are yours: headers, outputs, given values, the JSON of a reply.
"#,
};

/// More keys than this are not listed in a help line.
const MOST_LISTED: usize = 12;

/// `known` are the keys of the table; `elsewhere` is where the key would be right: "the `vonage` dialect", "`[case.expect]`".
pub fn found(key: &Name, known: &[&str], elsewhere: Option<&str>) -> Diagnostic {
    found_among(key, known, known, elsewhere)
}

/// A key in the place of the one that was surely meant.
pub fn meant(key: &Name, known: &str) -> Diagnostic {
    Diagnostic::new(&UNKNOWN_KEY, key.span, format!("no key named `{}` here", key.value)).guess(known, key.span)
}

/// The values of a case that stand beside `given` instead of in it.
pub fn belongs_in_given(key: &Name) -> Diagnostic {
    let help = format!("values of a context stand under `given`: write `given.{}`", key.value);
    Diagnostic::new(&UNKNOWN_KEY, key.span, format!("no key named `{}` here", key.value)).help(help)
}

/// The same where not all of the known keys are `free`: a file with a key twice would be no TOML.
pub fn found_among(key: &Name, known: &[&str], free: &[&str], elsewhere: Option<&str>) -> Diagnostic {
    let diagnostic = Diagnostic::new(&UNKNOWN_KEY, key.span, format!("no key named `{}` here", key.value));
    if let Some(place) = elsewhere {
        return diagnostic.help(format!("`{}` belongs to {place}", key.value));
    }
    let diagnostic = diagnostic.suggest(&key.value, free.iter().copied(), key.span);
    if diagnostic.help.is_some() {
        return diagnostic;
    }
    match nearest(&key.value, known.iter().copied()) {
        Some(near) => diagnostic.help(format!("`{near}` is there already; take this one away")),
        None if known.is_empty() || known.len() > MOST_LISTED => diagnostic,
        None => diagnostic.help(format!("the keys here are {}", listed(known))),
    }
}
