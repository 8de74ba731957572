//! An object path beyond the documented spellings.

use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::selector::{LooseKind, Selector};
use crate::source::Mapped;

/// An object path beyond the documented spellings.
pub static LOOSE_OBJECT_PATH: Lint = Lint {
    name: "loose-object-path",
    severity: Severity::Info,
    summary: "an object path that only works where paths are read loosely",
    page: r#"## What it does
Finds object paths with parts beyond the documented spellings: a path that begins with `[` and not with `$`, a name in
brackets without quotes, a position behind a dot.

## Why this is bad
The documented paths are `data.userId`, `data['userId']` and `$[0].userId` (Vonage AI Studio documentation, Webhook, Response
Mapping). Paths such as `[0][name]` are seen in use, and work as long as the platform reads paths as it does now.

## Example
```toml
[action.response]
mapping = { CUSTOMER_NAME = "[0][name]" }
```

## Instead
```toml
[action.response]
mapping = { CUSTOMER_NAME = "$[0]['name']" }
```

## Fix
None: the help has the documented spelling. It may mean something else where a key is a number.

## When it stays silent
For the documented spellings, quoted and not, with or without `$`.
"#,
};

pub fn check(selector: &dyn Selector, source: &Mapped) -> Option<Diagnostic> {
    let parts = selector.loose_parts();
    let (first, last) = (parts.first()?, parts.last()?);
    let mut documented = source.text.to_string();
    for part in parts.iter().rev() {
        documented.replace_range(part.range.clone(), &part.instead);
    }
    let what = match first.kind {
        LooseKind::LeadingBracket => "a path that begins with `[`",
        LooseKind::BareWord => "a name in brackets without quotes",
        LooseKind::DottedNumber => "a position behind a dot",
    };
    let span = source.span(first.range.start..last.range.end);
    let diagnostic = Diagnostic::new(&LOOSE_OBJECT_PATH, span, format!("{what} works only where paths are read loosely"));
    Some(diagnostic.help(format!("the documented spelling is `{documented}`")))
}
