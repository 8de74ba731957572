//! The file is not TOML.

use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::source::Span;

/// The file is not TOML.
pub static TOML_SYNTAX: Lint = Lint {
    name: "toml-syntax",
    severity: Severity::Error,
    summary: "the file is not TOML",
    page: r#"## What it does
Finds the places where a file breaks the rules of TOML: a quote that is never closed, a key given twice, a table header
without its bracket. The rest of the file is still checked where it can be.

## Why this is bad
Nothing behind the mistake can be relied on, so of the rest only that is told which one value shows by itself. No case of
such a file runs at all.

## Example
```toml
[action]
name = "Create ticket
method = "POST"
```

## Instead
```toml
[action]
name = "Create ticket"
method = "POST"
```

Text that holds double quotes, such as a JSON body, is easiest between three single quotes: `'''` … `'''`.

## Fix
None: what was meant cannot be guessed.

## When it stays silent
TOML 1.1 syntax is read as well. For that there is `toml-1-1`, which only informs.
"#,
};

/// `message` is in lower case and without a final period, as the TOML reader's are; `advice` says how to mend it.
pub fn found(span: Span, message: impl Into<String>, advice: &str) -> Diagnostic {
    Diagnostic::new(&TOML_SYNTAX, span, message).help(format!("{advice}; until then no case of this file runs"))
}
