//! An action's name that does not say how its attributes will be named.

use crate::assumption::id;
use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity, listed};
use crate::dialect::opendialog_shared::action_name::{normalise, readings};

/// An action's name that does not say how its attributes will be named.
pub static AMBIGUOUS_ACTION_NAME: Lint = Lint {
    name: "ambiguous-action-name",
    severity: Severity::Warning,
    summary: "an action's name that usual ways of forming attribute names turn into different words",
    page: r#"## What it does
Forms the name of the default outputs in the ways that are usual: words split at white space and at every capital,
words split at a change of case, words split at white space alone. Finds action names for which they differ: capitals
inside a word (`getUser`), several capitals in a row (`GET User`, `Fetch API v2`), and punctuation (`Quote-Lookup`).

## Why this is bad
The platform writes `<name>_action_success` and `<name>_status_code` after each action, and its documentation does not
say how the name is formed (OpenDialog documentation, Webhook action, Default outputs). A condition on the attribute
that you expect may read one that is never written. Hookwright assumes one way, see `action_name`; the platform may
take another.

## Example
```toml
[action]
name = "GET User"
```

## Instead
```toml
[action]
name = "Get user"
```

## Fix
None: rename the action, here and on the platform.

## When it stays silent
For words that have at most one capital, at their beginning, and are separated by spaces: every usual way gives the
same.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &AMBIGUOUS_ACTION_NAME, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let name = &subject.plan.name;
    let assumed = normalise(&name.value, subject.plan.assumptions.get(id::ACTION_NAME));
    // Without a word it is `name-missing`, and a list or a table is `wrong-type`.
    if assumed.is_empty() || !subject.is_readable && name.value.starts_with(['[', '{']) {
        return;
    }
    let others: Vec<String> = readings(&name.value).into_iter().filter(|reading| *reading != assumed).collect();
    if others.is_empty() {
        return;
    }
    let shown: Vec<String> = others.iter().map(|other| format!("{other}_action_success")).collect();
    let shown: Vec<&str> = shown.iter().map(String::as_str).collect();
    let message = format!("this name may become `{assumed}_action_success`, but also {}", listed(&shown));
    let plain = plain(&assumed);
    let diagnostic = Diagnostic::new(&AMBIGUOUS_ACTION_NAME, name.span, message)
        .help(format!("the first is assumed, see `action_name`; a name such as `{plain}` can be read in one way only"));
    found.push(diagnostic);
}

/// A name that every way turns into these words.
fn plain(words: &str) -> String {
    let mut characters = words.chars();
    let first = characters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    first + &characters.as_str().replace('_', " ")
}
