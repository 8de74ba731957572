//! A signature over text in which a space became `+`.

use std::collections::HashSet;

use super::signatures::{Follower, signatures};
use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Fix, Lint, Severity};
use crate::plan::FilterUse;
use crate::source::Span;

/// A signature over text in which a space became `+`.
pub static LOOSE_ENCODING_IN_SIGNATURE: Lint = Lint {
    name: "loose-encoding-in-signature",
    severity: Severity::Warning,
    summary: "`url_encode` without `true` in a value that is signed",
    page: r#"## What it does
Finds `url_encode` without `true`, or with `false`, in what an `hmac` or `hmac-sha256` signs, also through the
variables of the authentication.

## Why this is bad
Without `true` the filter encodes a space as `+`, as HTML forms do; with it as `%20` (OpenDialog documentation, Attribute
filters). Services that sign URLs count on RFC 3986, where a space is `%20`. Both sides then sign different text. The
signature is right until the first value with a space in it, and the request is refused.

## Example
```toml
[action.auth.variables]
signed = "{_webhook.method}&{_webhook.url | url_encode}&{_auth.timestamp}"
signature = "{_auth.signed | hmac sha256 @secret.key text | base64}"
```

## Instead
```toml
[action.auth.variables]
signed = "{_webhook.method}&{_webhook.url | url_encode true}&{_auth.timestamp}"
signature = "{_auth.signed | hmac sha256 @secret.key text | base64}"
```

## Fix
`--fix --unsafe` writes `url_encode true`: a guess, since it changes what is signed.

## When it stays silent
For `url_encode true`. Where nothing is signed, and for a signature that is itself encoded, as in
`| hmac sha256 @secret.key text | base64 | url_encode`. If your service really signs text with `+`, allow the lint with that
reason.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &LOOSE_ENCODING_IN_SIGNATURE, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    if !subject.expressions.iter().any(|(_, expression)| expression.filters.iter().any(|filter| loose(filter).is_some())) {
        return;
    }
    let mut follower = Follower::new(subject.plan);
    let mut told = HashSet::new();
    for signature in signatures(subject) {
        let Some(signed) = follower.follow(&signature) else { return };
        let filters = signed.parts.iter().flat_map(|part| part.filters);
        for (name, filter) in filters.filter_map(loose).filter(|(name, _)| told.insert(*name)) {
            found.push(finding(name, filter, signature.span));
        }
    }
}

/// The filter, if it is the loose encoding, with the place of its name.
fn loose(used: &FilterUse) -> Option<(Span, &FilterUse)> {
    match used {
        FilterUse::Known { filter, name_span, .. } if filter.name == "url_encode" && used.is_switched_off() => {
            Some((*name_span, used))
        }
        _ => None,
    }
}

fn finding(name: Span, filter: &FilterUse, signature: Span) -> Diagnostic {
    let message = "a space becomes `+` in what is signed here, and most services sign `%20`";
    let mut diagnostic = Diagnostic::new(&LOOSE_ENCODING_IN_SIGNATURE, name, message)
        .help("write `url_encode true`, which encodes a space as `%20`");
    // Where both stand in one expression, the place alone says enough.
    if !signature.contains(name) {
        diagnostic = diagnostic.related(signature, "signed here");
    }
    let edits = vec![filter.with_arguments("true")];
    diagnostic.fix = Some(Fix { title: "write `url_encode true`".into(), safe: false, edits });
    diagnostic
}
