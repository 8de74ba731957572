//! A trigger's description that is too long.

use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::source::Spanned;

/// The longest description, in characters.
const LONGEST: usize = 350;

/// A trigger's description that is too long.
pub static TRIGGER_DESCRIPTION_LENGTH: Lint = Lint {
    name: "trigger-description-length",
    severity: Severity::Warning,
    summary: "a trigger's description of more than 350 characters",
    page: r#"## What it does
Counts the characters of the trigger's description. More than 350 are too many.

## Why this is bad
The platform takes at most 350 (Verboo documentation, Triggers). The description is what the model decides by whether to run
the action; what is cut off does not count.

## Example
```toml
dialect = "verboo"
[action]
url = "https://erp.example.com/api/orders"
method = "GET"
[trigger]
name = "check_order"
description = """
Run this when the customer asks where an order is, when it will arrive, whether it has left the warehouse, who carries it,
why it is late, whether it can still be changed or cancelled, or anything else about an order that was placed before. Do not
run it for orders that have not been placed yet, for questions about products, for returns, for refunds, or for invoices.
"""
```

## Instead
```toml
dialect = "verboo"
[action]
url = "https://erp.example.com/api/orders"
method = "GET"
[trigger]
name = "check_order"
description = "The customer asks about an order that was placed: where it is, when it arrives, whether it can be changed."
```

## Fix
None: shorten it.

## When it stays silent
Up to and including 350 characters. Letters with accents count as one.
"#,
};

/// What is wrong with a description, if anything is.
pub fn check(description: &Spanned<String>) -> Option<Diagnostic> {
    let length = description.value.chars().count();
    if length <= LONGEST {
        return None;
    }
    let message = format!("the description has {length} characters, and the platform takes at most {LONGEST}");
    Some(Diagnostic::new(&TRIGGER_DESCRIPTION_LENGTH, description.span, message).help("shorten it"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::test_support::name;

    #[test]
    fn the_longest_is_not_too_long() {
        assert!(check(&name(&"é".repeat(LONGEST))).is_none());
        assert!(check(&name(&"é".repeat(LONGEST + 1))).is_some());
    }
}
