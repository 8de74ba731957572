//! A reference that cannot be read.

use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::source::Span;

/// A reference that cannot be read.
pub static TEMPLATE_SYNTAX: Lint = Lint {
    name: "template-syntax",
    severity: Severity::Error,
    summary: "a reference that cannot be read: unclosed, nested, empty, or with a `}` inside an argument",
    page: r#"## What it does
Finds references that the platform cannot read as you meant them: a brace that is never closed, a reference inside a
reference or inside other braces, empty braces, a filter without a name, a `}` inside a filter's argument, a quote or a
bracket that is never closed.

What stands in braces counts as a reference that has gone wrong when it begins with an attribute and a `.`, a `[` or a `|`,
when it would be one without the quotes, the `@` or the `$` around or before it, or when one more `{` with a reference stands
in it.

## Why this is bad
The platform reads from a `{` to the very next `}`. There is no way to write a brace inside a reference, and no way to
escape one. What cannot be read is removed or sent as plain text, without a word (OpenDialog documentation, Using
attributes in messages and Attribute filters).

## Example
```toml
[action]
url = "https://shop.example.com/orders/{user.order_id"
```

## Instead
```toml
[action]
url = "https://shop.example.com/orders/{user.order_id}"
```

## Fix
None: what was meant cannot be guessed.

## When it stays silent
About braces that can only be plain text, such as `{Hello there}` or `{"a": 1}`: the platform removes them, and the lint
`literal-braces` says so.
"#,
};

/// A template fault, worded by the dialect's grammar.
pub fn found(span: Span, message: impl Into<String>, help: Option<&str>) -> Diagnostic {
    Diagnostic::new(&TEMPLATE_SYNTAX, span, message).help_if(help.map(str::to_string))
}
