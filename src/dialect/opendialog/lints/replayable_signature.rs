//! A signature that fits every later copy of the request.

use super::signatures::{Follower, Signed, signatures};
use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::plan::{Place, RequestPart, ValueSource};

/// What the name of a value ends in that is another one in each request, `_` and `-` left out.
const ONCE_ONLY: [&str; 7] = ["nonce", "timestamp", "uuid", "requestid", "eventid", "messageid", "idempotencykey"];

/// A signature that fits every later copy of the request.
pub static REPLAYABLE_SIGNATURE: Lint = Lint {
    name: "replayable-signature",
    severity: Severity::Warning,
    summary: "a signature over the body alone, without a time or an id, which can be sent again",
    page: r#"## What it does
Finds an `hmac` or `hmac-sha256` of the authentication that signs `{_webhook.body}` and nothing else, also through variables.
Text written around it does not count.

## Why this is bad
The signature proves who made the body, but not when. Whoever records one request can send it again, a hundred times, and
the receiver takes each for a new one. A time stamp or an id that is sent and signed with the body lets it refuse copies. A
time stamp in a header of its own is no help while it is not signed: it can be replaced. The platform's own example signs
the body alone (OpenDialog documentation, Webhook action, HMAC signature); `_auth.timestamp` and `_auth.uuid` are there for
this (the same page, Built-in _auth variables).

## Example
```toml
[action.auth.variables]
signature = "{_webhook.body | hmac sha256 @secret.key text | base64}"
```

## Instead
```toml
[action.auth.variables]
signed = "{_auth.timestamp}.{_webhook.body}"
signature = "{_auth.signed | hmac sha256 @secret.key text | base64}"
```

## Fix
None: the receiver has to compute the same.

## When it stays silent
As soon as anything else is signed with the body: a time, an id, the URL, an attribute. When the body itself holds an
attribute whose name says that it is used once, such as `request_id` or `nonce`. Many services lay down that the body alone
is signed, as GitHub does for its webhooks: allow the lint then, with that reason.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &REPLAYABLE_SIGNATURE, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let reads_body =
        |(place, expression): &(Place, &crate::plan::Expression)| place.is_authentication() && is_body(&expression.source);
    if !subject.expressions.iter().any(reads_body) || body_is_used_once(subject) {
        return;
    }
    let mut follower = Follower::new(subject.plan);
    for signature in signatures(subject).into_iter().filter(|signature| signature.place.is_authentication()) {
        let Some(signed) = follower.follow(&signature) else { return };
        if !signs_the_body_alone(&signed) {
            continue;
        }
        let message = "only the body is signed, so a recorded request can be sent again at any time";
        let mut diagnostic = Diagnostic::new(&REPLAYABLE_SIGNATURE, signature.span, message)
            .help("sign a time with it, as in `{_auth.timestamp}.{_webhook.body}`, and send that time in a header");
        for (_, span) in signed.sources {
            if !signature.span.contains(span) {
                diagnostic = diagnostic.related(span, "the body is all that goes into it");
            }
        }
        found.push(diagnostic);
    }
}

fn is_body(source: &ValueSource) -> bool {
    *source == ValueSource::Request(RequestPart::Body)
}

fn signs_the_body_alone(signed: &Signed<'_>) -> bool {
    !signed.sources.is_empty() && signed.sources.iter().all(|(source, _)| is_body(source))
}

/// Whether the body itself holds a value that is another one in each request.
fn body_is_used_once(subject: &Subject<'_>) -> bool {
    let in_body = subject.expressions.iter().filter(|(place, _)| matches!(place, Place::Body | Place::BodyKey));
    in_body.into_iter().any(|(_, expression)| match &expression.source {
        ValueSource::Attribute(name) => {
            let joined = name.attribute().replace(['_', '-'], "").to_ascii_lowercase();
            ONCE_ONLY.iter().any(|word| joined.ends_with(word))
        }
        _ => false,
    })
}
