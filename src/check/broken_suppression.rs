//! A level for a lint that does not exist.

use super::Catalogue;
use crate::case::Level;
use crate::diagnostic::{Diagnostic, Lint, Severity};

/// A level for a lint that does not exist.
pub static BROKEN_SUPPRESSION: Lint = Lint {
    name: "broken-suppression",
    severity: Severity::Warning,
    summary: "`[lint]` names a lint that does not exist",
    page: r#"## What it does
Finds names under `[lint]`, in a spec or in the manifest, that no lint has.

## Why this is bad
The line changes nothing: what was meant to be silent is reported, and what was meant to be an error is not. No platform
sees this table; it is for Hookwright alone.

## Example
```toml
[lint]
name-styles = "allow"
```

## Instead
```toml
[lint]
name-style = "allow"
```

## Fix
`--fix --unsafe` replaces the name with the nearest one, if there is one that is near.

## When it stays silent
For the lints of every dialect, since one manifest serves them all; and for a lint that exists but finds nothing.
"#,
};

/// Looks at the levels of one file: a spec's, or the manifest's (once, not again for every spec).
pub fn check<'a>(levels: impl IntoIterator<Item = &'a Level>, catalogue: &Catalogue, found: &mut Vec<Diagnostic>) {
    let levels: Vec<&Level> = levels.into_iter().collect();
    let is_free = |name: &&str| levels.iter().all(|level| level.lint != *name);
    for level in &levels {
        if catalogue.find(&level.lint).is_none() {
            let message = format!("no lint named `{}`", level.lint);
            let diagnostic = Diagnostic::new(&BROKEN_SUPPRESSION, level.span, message);
            found.push(diagnostic.suggest(&level.lint, catalogue.names().filter(is_free), level.span));
        }
    }
}
