//! An action without a name.

use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};

/// An action without a name.
pub static NAME_MISSING: Lint = Lint {
    name: "name-missing",
    severity: Severity::Error,
    summary: "an action without a name",
    page: r#"## What it does
Finds actions whose `name` is not there, or is empty.

## Why this is bad
The platform does not save an action without a name. It also makes two attributes out of the name, such as
`create_ticket_action_success` and `create_ticket_status_code` (OpenDialog documentation, Webhook action).

## Example
```toml
[action]
name = ""
```

## Instead
```toml
[action]
name = "Create ticket"
```

## Fix
None: only you know the name.

## When it stays silent
For any name with at least one character that is not a space.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &NAME_MISSING, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let name = &subject.plan.name;
    if !name.value.trim().is_empty() {
        return;
    }
    let diagnostic = Diagnostic::new(&NAME_MISSING, name.span, "the action has no name");
    found.push(diagnostic.help("the platform needs one, and names the default outputs after it"));
}
