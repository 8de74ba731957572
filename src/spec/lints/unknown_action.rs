//! A step of a flow that names an action which is not there.

use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::source::Mapped;

/// A step of a flow that names an action which is not there.
pub static UNKNOWN_ACTION: Lint = Lint {
    name: "unknown-action",
    severity: Severity::Error,
    summary: "a step of a flow names an action that does not exist",
    page: r#"## What it does
Finds steps of a flow whose `action` is not the id of a spec. A spec's id is its path below the specs folder without its
extension: `opendialog/open_ticket` for `specs/opendialog/open_ticket.toml`.

## Why this is bad
The step has nothing to run, so what the later ones read is missing, and the flow fails.

## Example
```toml
name = "Support"

[[step]]
action = "opendialog/open_tiket"
```

## Instead
```toml
name = "Support"

[[step]]
action = "opendialog/open_ticket"
```

## Fix
`--fix --unsafe` writes the id that is nearly the written one (a guess).

## When it stays silent
When the spec is there, whatever is wrong with it.
"#,
};

/// `ids` are those of the project's specs; `near` is the one that was meant for certain, as where its file was written.
pub fn found<'a>(written: &Mapped, near: Option<&str>, ids: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let found = Diagnostic::new(&UNKNOWN_ACTION, written.inside(), format!("no spec has the id `{}`", written.text))
        .help("the id of a spec is its path below the specs folder without `.toml`");
    match near {
        Some(near) => found.guess(near, written.inside()),
        None => found.suggest(&written.text, ids, written.inside()),
    }
}

/// The id is that of a flow.
pub fn is_a_flow(written: &Mapped) -> Diagnostic {
    let message = format!("`{}` is a flow, and a step runs one action", written.text);
    Diagnostic::new(&UNKNOWN_ACTION, written.inside(), message).help("write the steps of that flow here")
}
