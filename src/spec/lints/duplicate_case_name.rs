//! Two cases that would share a snapshot.

use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::source::Name;

/// Two cases that would share a snapshot.
pub static DUPLICATE_CASE_NAME: Lint = Lint {
    name: "duplicate-case-name",
    severity: Severity::Error,
    summary: "two cases of one spec share a name, or the file name made of it",
    page: r#"## What it does
Finds two cases of one spec with the same name, or with names that give the same file name. The file name is the case's
name in lower case, with everything between letters and digits turned into `-`.

## Why this is bad
The snapshot of a case is stored under that file name. Two cases would overwrite each other's snapshot, and `--case`
could not tell them apart.

## Example
```toml
[[case]]
name = "refused: 401"

[[case]]
name = "Refused 401"
```

## Instead
```toml
[[case]]
name = "refused: 401"

[[case]]
name = "refused: 401 with an old key"
```

## Fix
None: pick another name.

## When it stays silent
Cases of different specs may share a name. The rows of a case count as cases: `refused / 401` and `refused / 429`.
"#,
};

/// `slug` is what both names become as a file name.
pub fn found(second: &Name, first: &Name, slug: &str) -> Diagnostic {
    let message = if second.value == first.value {
        format!("two cases are named `{}`", second.value)
    } else {
        format!("`{}` and `{}` give one snapshot name, `{slug}`", second.value, first.value)
    };
    Diagnostic::new(&DUPLICATE_CASE_NAME, second.span, message)
        .related(first.span, "the first one is here")
        .help("give each case a name of its own")
}
