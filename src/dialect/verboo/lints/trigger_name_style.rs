//! A trigger's name in no documented style.

use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::source::Spanned;

/// A trigger's name in no documented style.
pub static TRIGGER_NAME_STYLE: Lint = Lint {
    name: "trigger-name-style",
    severity: Severity::Warning,
    summary: "a trigger's name that is neither words joined by `_` nor camelCase",
    page: r#"## What it does
Looks at the trigger's name: letters of the English alphabet, digits and `_`, beginning with a letter.

## Why this is bad
The name may hold no spaces, with `_` in their place (Verboo documentation, Triggers); where triggers are made by MCP, it
must be in camelCase (Verboo documentation, MCP tools). The model calls the trigger by this name, and the names of such
tools take nothing else.

## Example
```toml
dialect = "verboo"
[action]
url = "https://erp.example.com/api/orders"
method = "GET"
[trigger]
name = "check order"
```

## Instead
```toml
dialect = "verboo"
[action]
url = "https://erp.example.com/api/orders"
method = "GET"
[trigger]
name = "check_order"
```

## Fix
None: the trigger has to be renamed on the platform too.

## When it stays silent
For both documented styles, and for a mixture of them.
"#,
};

/// What is wrong with a name, if anything is.
pub fn check(name: &Spanned<String>) -> Option<Diagnostic> {
    let is_fine = |name: &str| {
        name.starts_with(|character: char| character.is_ascii_alphabetic())
            && name.chars().all(|character| character.is_ascii_alphanumeric() || character == '_')
    };
    if is_fine(&name.value) {
        return None;
    }
    let message = format!("`{}` is neither words joined by `_` nor camelCase", name.value.escape_debug());
    let help = "the platform takes letters, digits and `_`, and no spaces";
    Some(Diagnostic::new(&TRIGGER_NAME_STYLE, name.span, message).help(help))
}
