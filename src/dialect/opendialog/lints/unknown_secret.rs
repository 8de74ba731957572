//! A secret that nothing tells of.

use std::collections::BTreeSet;

use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::plan::ValueSource;

/// A secret that nothing tells of.
pub static UNKNOWN_SECRET: Lint = Lint {
    name: "unknown-secret",
    severity: Severity::Error,
    summary: "a secret that neither the manifest nor any case names",
    page: r#"## What it does
Finds references in the authentication to a secret that is neither listed under `names` in the manifest's `[secrets]` nor
given by a case or by the defaults. Names the nearest one that is.

## Why this is bad
When an action is saved, the platform does not check that its secrets exist; it does so for language models only
(OpenDialog documentation, Secret context). So a misspelt name shows in a live conversation, when the request is refused for
lack of its key. A case that needs a secret which nobody knows cannot run either: it fails with `secret-missing`.

## Example
```toml
# The manifest has: [secrets] names = ["helpdesk_api_key"]
[action.auth]
type = "header"
headers = { Authorization = "Bearer {secret.helpdesk_apikey}" }
```

## Instead
```toml
[action.auth]
type = "header"
headers = { Authorization = "Bearer {secret.helpdesk_api_key}" }
```

## Fix
`--fix --unsafe` replaces the name with the nearest known one, if there is one that is near: a guess.

## When it stays silent
For names that the manifest lists, even when no case gives a value, and for names that one case gives, even when others do
not. Where secrets are not decrypted at all: `secret-outside-auth` and `secret-in-unsupported-field` look there. A project
without a manifest, whose spec has no cases, says nothing about secrets, and each one is reported.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &UNKNOWN_SECRET, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let mut readings = subject.expressions.iter().filter(|(place, _)| place.takes_secrets()).filter_map(secret).peekable();
    if readings.peek().is_none() {
        return;
    }
    let known = known(subject);
    for (name, span) in readings.filter(|(name, _)| !known.contains(name)) {
        let message =
            format!("no secret `{name}` in the manifest or a case, and the platform does not check the name on saving");
        let help = format!("add `{name}` to `names` in the manifest's `[secrets]` once the platform has it");
        let diagnostic = Diagnostic::new(&UNKNOWN_SECRET, span, message).help(help);
        found.push(diagnostic.suggest(name, known.iter().copied(), span));
    }
}

fn secret<'a>(
    (_, expression): &(crate::plan::Place, &'a crate::plan::Expression),
) -> Option<(&'a str, crate::source::Span)> {
    match &expression.source {
        ValueSource::Secret(name) => Some((name.as_str(), expression.name_span)),
        _ => None,
    }
}

/// Every name that the manifest, a case or the defaults tell of.
fn known<'a>(subject: &Subject<'a>) -> BTreeSet<&'a str> {
    let cases = subject.cases.iter().chain(subject.bare_case);
    let given = cases.flat_map(|case| &case.given.secrets).map(|secret| secret.name.as_str());
    subject.declared_secrets.iter().map(String::as_str).chain(given).collect()
}
