//! An attribute's name that is not written as the platform writes them.

use std::collections::HashSet;

use super::unknown_context::is_context_alone;
use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::dialect::opendialog_shared::action_name::normalise;
use crate::plan::{AttributeName, Plan, ValueSource};
use crate::source::Span;

/// An attribute's name that is not written as the platform writes them.
pub static NAME_STYLE: Lint = Lint {
    name: "name-style",
    severity: Severity::Info,
    summary: "an attribute's name that is not lower-case words joined by `_`",
    page: r#"## What it does
Looks at the names of attributes: in references, outputs, `raw` and `[attributes]`. Finds capitals, dashes, an
underscore at either end and two in a row. Each name is reported once.

## Why this is bad
The platform's own form for new attributes takes lower-case words joined by `_` (OpenDialog application, attribute
rules of 2022), and its names are case-sensitive: `userName` and `username` are two attributes. Its documentation has
names with capitals too, so they do work; but one style for all saves the search for a name that is nearly right.

## Example
```toml
[action]
url = "https://shop.example.com/customers?name={firstName}"
```

## Instead
```toml
[action]
url = "https://shop.example.com/customers?name={first_name}"
```

## Fix
None: the attribute has to be renamed on the platform too.

## When it stays silent
About digits, which current names have, and about letters of other alphabets; about variables of the authentication,
secrets and keys inside a value, which are no attributes; about dots, behind which another lint looks for a context;
and about names that only the manifest declares."#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &NAME_STYLE, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let mut odd: Vec<(&AttributeName, Span)> = names(subject).filter(|(name, _)| is_odd(name.attribute())).collect();
    odd.sort_by_key(|(_, span)| span.start);
    let mut seen = HashSet::new();
    found.extend(odd.into_iter().filter(|(name, _)| seen.insert(*name)).map(|(name, span)| odd_name(name, span)));
}

/// Every attribute that the spec names, with its places.
fn names<'a>(subject: &'a Subject<'_>) -> impl Iterator<Item = (&'a AttributeName, Span)> {
    let plan: &Plan = subject.plan;
    let read = subject.expressions.iter().filter_map(move |(_, expression)| match &expression.source {
        ValueSource::Attribute(name) if !is_context_alone(expression, plan) => Some((name, expression.name_span)),
        _ => None,
    });
    let file = plan.name.span.file;
    let declared = plan.types.iter().filter(move |known| known.span.file == file).map(|known| (&known.name, known.span));
    read.chain(plan.targets().map(|target| (&target.name, target.span))).chain(declared)
}

fn is_odd(name: &str) -> bool {
    name.split('_').any(str::is_empty) || name.chars().any(|character| character.is_uppercase() || "- ".contains(character))
}

fn odd_name(name: &AttributeName, span: Span) -> Diagnostic {
    let message = format!("`{}` is not lower-case words joined by `_`", name.attribute());
    let better = normalise(name.attribute(), "snake");
    let diagnostic = Diagnostic::new(&NAME_STYLE, span, message);
    if better.is_empty() || is_odd(&better) {
        return diagnostic;
    }
    diagnostic.help(format!("rename the attribute to `{better}`, here and on the platform"))
}

#[cfg(test)]
mod tests {
    use super::is_odd;

    #[test]
    fn lower_case_words_joined_by_underscores() {
        for name in ["first_name", "name", "qna_prompt_0", "address2", "größe", "order.id"] {
            assert!(!is_odd(name), "{name}");
        }
        for name in ["firstName", "FirstName", "first-name", "_name", "name_", "first__name", ""] {
            assert!(is_odd(name), "{name}");
        }
    }
}
