//! An action's description that the platform does not take.

use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};

/// The longest description, in characters.
pub const LONGEST_DESCRIPTION: usize = 120;

/// An action's description that the platform does not take.
pub static DESCRIPTION_TOO_LONG: Lint = Lint {
    name: "description-too-long",
    severity: Severity::Error,
    summary: "an action's description of more than 120 characters",
    page: r#"## What it does
Counts the characters of the action's description. More than 120 are too many.

## Why this is bad
The platform does not save the action (OpenDialog documentation, Webhook action).

## Example
```toml
[action]
description = """
Opens a ticket in the helpdesk with the title that the user gave, the age that we know, and everything else \
that the conversation has brought to light so far"""
```

## Instead
```toml
# What does not fit stands in a comment.
[action]
description = "Opens a ticket in the helpdesk"
```

## Fix
None: shorten the description.

## When it stays silent
Up to and including 120 characters, and when there is no description.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &DESCRIPTION_TOO_LONG, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let Some(description) = &subject.plan.description else { return };
    let length = description.value.chars().count();
    if length <= LONGEST_DESCRIPTION {
        return;
    }
    let message = format!("the description has {length} characters, and the platform takes at most {LONGEST_DESCRIPTION}");
    let diagnostic = Diagnostic::new(&DESCRIPTION_TOO_LONG, description.span, message);
    found.push(diagnostic.help("shorten it: the platform does not save the action like this"));
}
