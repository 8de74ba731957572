//! A context that does not exist at this point of a conversation.

use super::secret_outside_auth::outside;
use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::plan::{Expression, Place, ValueSource};

/// Contexts that exist only while the platform works out what the user meant.
const INTERPRETING: [&str; 2] = ["_intent", "interpretation"];

/// A context that does not exist at this point of a conversation.
pub static CONTEXT_OUT_OF_PHASE: Lint = Lint {
    name: "context-out-of-phase",
    severity: Severity::Error,
    summary: "a context that does not exist where it is read: `_intent`, `interpretation`, or `_auth` outside the authentication",
    page: r#"## What it does
Finds `{_intent.…}` and `{interpretation.…}` anywhere in a webhook action, and `{_auth.…}` outside its authentication, also
as an argument of a filter (`@_auth.key`).

## Why this is bad
`_intent` and `interpretation` are there only while the platform works out what the user meant, and are gone when an action
runs. `_auth` is there only while the authentication is computed, after the rest of the request is made. The reference is
empty, and the request goes out with a gap in it (OpenDialog documentation, Contexts and Webhook action).

## Example
```toml
[action.headers]
X-Request-ID = "{_auth.uuid}"
X-Flagged = "{interpretation.flagged_moderation}"
```

## Instead
```toml
[action.headers]
X-Flagged = "{session.flagged}"

[action.auth]
type = "header"
headers = { X-Request-ID = "{_auth.uuid}" }
```

## Fix
None: a header with `_auth` moves to the authentication, and what an interpretation found has to be kept in `user` or
`session` before the action runs.

## When it stays silent
For `_auth` in the authentication; a variable that is not defined there is found by `undefined-auth-variable`. For
`_webhook`, which has a lint of its own, `webhook-self-reference`.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &CONTEXT_OUT_OF_PHASE, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for (place, expression) in &subject.expressions {
        found.extend(interpreting(expression).or_else(|| authenticating(*place, expression)));
    }
}

fn interpreting(expression: &Expression) -> Option<Diagnostic> {
    let ValueSource::Attribute(name) = &expression.source else { return None };
    let context = INTERPRETING.into_iter().find(|context| *context == name.context())?;
    let message = format!("`{context}` is gone when an action runs, so this is empty");
    let diagnostic = Diagnostic::new(&CONTEXT_OUT_OF_PHASE, place_of_context(expression), message);
    Some(diagnostic.help("keep the value in `user` or `session` before the action runs, and read it from there"))
}

fn authenticating(place: Place, expression: &Expression) -> Option<Diagnostic> {
    let is_of_the_authentication = matches!(
        expression.source,
        ValueSource::Variable(_) | ValueSource::Uuid | ValueSource::TimestampSeconds | ValueSource::TimestampMicroseconds
    );
    let place_in_words = outside(place).filter(|_| is_of_the_authentication)?;
    let message = format!("`_auth` does not exist in {place_in_words}, so this is empty");
    let help = match place {
        Place::Header => "move this header to the headers of `[action.auth]`",
        _ => "only the headers of `[action.auth]` can carry it",
    };
    Some(Diagnostic::new(&CONTEXT_OUT_OF_PHASE, place_of_context(expression), message).help(help))
}

fn place_of_context(expression: &Expression) -> crate::source::Span {
    expression.context_span.unwrap_or(expression.span)
}
