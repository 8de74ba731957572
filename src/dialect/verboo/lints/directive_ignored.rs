//! A directive for a reply that the model does not read.

use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::source::{Span, Spanned};

/// A directive for a reply that the model does not read.
pub static DIRECTIVE_IGNORED: Lint = Lint {
    name: "directive-ignored",
    severity: Severity::Warning,
    summary: "a `responseDirective` while `interpretResponse` is false",
    page: r#"## What it does
Finds a `responseDirective` in an action whose trigger has `interpretResponse = false`.

## Why this is bad
"If InterpretResponse is set to false on the trigger, responseDirective is ignored" (Verboo documentation, Webhook,
responseDirective). The assistant says nothing of what the directive asks for.

## Example
```toml
dialect = "verboo"
[action]
url = "https://erp.example.com/api/orders"
method = "GET"
responseDirective = "Tell the customer the status."
[trigger]
name = "check_order"
interpretResponse = false
```

## Instead
```toml
dialect = "verboo"
[action]
url = "https://erp.example.com/api/orders"
method = "GET"
responseDirective = "Tell the customer the status."
[trigger]
name = "check_order"
interpretResponse = true
```

## Fix
None: one of the two is not meant.

## When it stays silent
Without `interpretResponse`, which is on by default.
"#,
};

/// The directive, and where interpreting is switched off.
pub fn found(directive: &Spanned<String>, off: Span) -> Diagnostic {
    Diagnostic::new(&DIRECTIVE_IGNORED, directive.span, "the model never sees this directive")
        .related(off, "replies are not interpreted")
        .help("leave the directive out, or let the model interpret the reply")
}
