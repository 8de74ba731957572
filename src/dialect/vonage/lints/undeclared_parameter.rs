//! A name that no parameter has.

use crate::diagnostic::{Diagnostic, Lint, MOST_COMPARED, Severity, nearest};
use crate::dialect::vonage::parameters::Parameters;
use crate::source::{Name, Span};

/// A name that no parameter has.
pub static UNDECLARED_PARAMETER: Lint = Lint {
    name: "undeclared-parameter",
    severity: Severity::Error,
    summary: "a name that no parameter has",
    page: r#"## What it does
Finds `$NAME` in the URL, the query, the headers and the body where `[parameters]` declares no such name, and results that
are stored in a parameter that it does not declare.

## Why this is bad
The studio replaces the names of its parameters, and letter case counts (Vonage AI Studio documentation, Parameters). A
name that is none is most likely a slip of the pen: what is sent then holds `$oder_id` itself, or nothing, and no error
tells you. What the platform does is not documented; see `undeclared_name`.

## Example
```toml
[action]
url = "https://api.example.com/orders/$ORDER_IT"

[parameters]
ORDER_ID = "sys.any"
```

## Instead
```toml
[action]
url = "https://api.example.com/orders/$ORDER_ID"

[parameters]
ORDER_ID = "sys.any"
```

## Fix
`--fix --unsafe` writes the nearest declared name, if one is near (a guess).

## When it stays silent
For amounts of money: `$5`. For a `$` that no letter, digit or underscore follows.
"#,
};

/// The nearest declared name; the same in other letters comes first.
pub fn nearest_to(word: &str, parameters: &Parameters) -> Option<String> {
    let same = parameters.names().take(MOST_COMPARED).find(|name| name.to_lowercase() == word.to_lowercase());
    same.or_else(|| nearest(word, parameters.names())).map(str::to_string)
}

/// A word behind a `$`; the span is the word's.
pub fn found(span: Span, word: &str, near: Option<&str>) -> Diagnostic {
    with_help(Diagnostic::new(&UNDECLARED_PARAMETER, span, message(word, near)), span, word, near)
}

/// A parameter that a result is stored in.
pub fn target(key: &Name, name: &str, parameters: &Parameters) -> Diagnostic {
    let near = nearest_to(name, parameters);
    let message = message(name, near.as_deref());
    with_help(Diagnostic::new(&UNDECLARED_PARAMETER, key.span, message), key.part(0..key.value.len()), name, near.as_deref())
}

fn message(word: &str, near: Option<&str>) -> String {
    match near.filter(|near| near.to_lowercase() == word.to_lowercase()) {
        Some(near) => format!("no parameter is named `{word}`: `{near}` differs in letter case"),
        None => format!("no parameter is named `{word}`"),
    }
}

fn with_help(diagnostic: Diagnostic, span: Span, word: &str, near: Option<&str>) -> Diagnostic {
    match near {
        Some(near) => diagnostic.guess(near, span),
        None => diagnostic.help(format!("declare it: `{word} = \"sys.any\"` under `[parameters]`")),
    }
}
