//! An action's name that the platform does not take.

use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};

/// The longest name, in characters.
pub const LONGEST_NAME: usize = 60;

/// An action's name that the platform does not take.
pub static NAME_TOO_LONG: Lint = Lint {
    name: "name-too-long",
    severity: Severity::Error,
    summary: "an action's name of more than 60 characters",
    page: r#"## What it does
Counts the characters of the action's name. More than 60 are too many.

## Why this is bad
The platform does not save the action (OpenDialog documentation, Webhook action).

## Example
```toml
[action]
name = "Create a ticket in the helpdesk of the department for household appliances"
```

## Instead
```toml
[action]
name = "Create ticket"
description = "Opens a ticket in the helpdesk of the department for household appliances"
```

## Fix
None: shorten the name. The description has room for 120 characters.

## When it stays silent
Up to and including 60 characters. Letters with accents count as one.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &NAME_TOO_LONG, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let name = &subject.plan.name;
    let length = name.value.chars().count();
    if length <= LONGEST_NAME {
        return;
    }
    let message = format!("the name has {length} characters, and the platform takes at most {LONGEST_NAME}");
    found.push(
        Diagnostic::new(&NAME_TOO_LONG, name.span, message)
            .help("shorten it: the platform does not save the action like this"),
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::test_support::{findings, plan};

    #[test]
    fn sixty_characters_are_not_too_many() {
        let mut plan = plan();
        plan.name.value = "é".repeat(60);
        assert!(findings(&plan, &RULE).is_empty());
        plan.name.value.push('é');
        assert_eq!(findings(&plan, &RULE)[0].message, "the name has 61 characters, and the platform takes at most 60");
    }
}
