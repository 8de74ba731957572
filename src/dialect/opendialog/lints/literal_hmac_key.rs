//! A signature under a key that everybody can read.

use super::signatures::{Key, Signature, signatures, with_broken};
use super::unprefixed_reference_argument::{is_meant_as_reference, is_unbraced_reference};
use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::plan::{FilterArgument, Plan};
use crate::source::Span;

/// A signature under a key that everybody can read.
pub static LITERAL_HMAC_KEY: Lint = Lint {
    name: "literal-hmac-key",
    severity: Severity::Warning,
    summary: "an `hmac` whose key is written out: `hmac sha256 my_secret_key`",
    page: r#"## What it does
Finds `hmac` filters and `hmac-sha256` functions whose key is text rather than a reference. The key is not shown.

## Why this is bad
A word without `@` is the key itself, and not the name of one (OpenDialog documentation, Attribute filters). If it was meant
as a name, everybody who knows the name can sign in your place, and the receiver refuses what you send. If it is the key, it
stands in plain text in the scenario, in its exports and in this file; only the secret context is encrypted.

## Example
```toml
[action.auth.variables]
signed = "{_auth.timestamp}.{_webhook.body}"
signature = "{_auth.signed | hmac sha256 my_secret_key text | base64}"
```

## Instead
```toml
[action.auth.variables]
signed = "{_auth.timestamp}.{_webhook.body}"
signature = "{_auth.signed | hmac sha256 @secret.my_secret_key text | base64}"
```

## Fix
None: store the key as a secret on the platform, and give it a new value if this one was ever shared.

## When it stays silent
When the key is a reference. When the filter does not work at all, which `filter-arity` and `filter-argument` say. When it
looks like one that lacks its `@` or its braces, such as `secret.key`: that is
`unprefixed-reference-argument`.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &LITERAL_HMAC_KEY, check };

/// How a key may be encoded: what stands there when the key itself was forgotten.
const ENCODINGS: [&str; 3] = ["text", "base64", "hex"];

/// Words that stand for a key and are none. To hide them would hide them in every sentence about the file.
const PLACEHOLDERS: [&str; 10] =
    ["secret", "key", "token", "password", "signature", "body", "user", "session", "global", "value"];

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for signature in signatures(subject) {
        let Some((key, span)) = literal_key(subject.plan, &signature) else { continue };
        let help = match signature.key {
            Key::Text(_) => "store it as a secret on the platform, and write `{secret.…}` with its name here",
            Key::Argument(_) => "store it as a secret on the platform, and write `@secret.…` with its name here",
        };
        let message = match is_encoding(&key) {
            true => format!("the key is missing, and the word `{key}` is taken for it: anybody can sign with that"),
            false => "the key of this signature is written out: everybody who sees the action can sign with it".into(),
        };
        found.push(Diagnostic::new(&LITERAL_HMAC_KEY, span, message).help(help));
    }
}

fn is_encoding(key: &str) -> bool {
    ENCODINGS.contains(&key)
}

/// The places of keys that are written out, and must not be shown.
pub fn literal_keys(subject: &Subject<'_>) -> Vec<Span> {
    let keys = with_broken(subject);
    let keys = keys.iter().filter_map(|signature| literal_key(subject.plan, signature));
    let is_real = |key: &str| !is_encoding(key) && !PLACEHOLDERS.contains(&key);
    keys.filter(|(key, _)| is_real(key)).map(|(_, span)| span).collect()
}

fn literal_key(plan: &Plan, signature: &Signature<'_>) -> Option<(String, Span)> {
    match signature.key {
        Key::Argument(key @ FilterArgument::Text { text, span }) => {
            (!is_meant_as_reference(plan, key)).then(|| (text.clone(), *span))
        }
        Key::Argument(FilterArgument::Value(_)) => None,
        Key::Text(text) => text.literal().filter(|_| !is_unbraced_reference(plan, text)).map(|key| (key, text.span)),
    }
}
