//! A signature under a key that everybody can read.

use std::cell::OnceCell;
use std::collections::HashSet;

use super::signatures::{Key, Signature, behind_variables, read_by, signatures, with_broken};
use super::unprefixed_reference_argument::{is_meant_as_reference, unbraced};
use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::plan::{AuthValue, FilterArgument, Plan, Text};
use crate::source::Span;

/// A signature under a key that everybody can read.
pub static LITERAL_HMAC_KEY: Lint = Lint {
    name: "literal-hmac-key",
    severity: Severity::Warning,
    summary: "an `hmac` whose key is written out: `hmac sha256 my_secret_key`",
    page: r#"## What it does
Finds `hmac` filters and `hmac-sha256` functions whose key is text rather than a reference, also where the text stands in a
variable of the authentication. The key is not shown.

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
`unprefixed-reference-argument`. When a variable holds what looks like a credential: that is `plaintext-credential`.
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
    let credentials = OnceCell::new();
    for signature in signatures(subject) {
        match literal_key(subject.plan, &signature) {
            Some((key, span)) => found.push(written_out(&signature, &key, span)),
            None => {
                let Some(of_variable) = in_variable(subject.plan, &signature) else { continue };
                // A text that looks like a credential is told as one.
                let credentials: &HashSet<Span> = credentials
                    .get_or_init(|| subject.plan.credentials().into_iter().map(|credential| credential.span).collect());
                if !credentials.contains(&of_variable.key.span) {
                    found.push(told_of_variable(subject, of_variable));
                }
            }
        }
    }
}

fn written_out(signature: &Signature<'_>, key: &str, span: Span) -> Diagnostic {
    let help = match signature.key {
        Key::Text(_) => "store it as a secret on the platform, and write `{secret.…}` with its name here",
        Key::Argument(_) => "store it as a secret on the platform, and write `@secret.…` with its name here",
    };
    let message = match is_encoding(key) {
        true => format!("the key is missing, and the word `{key}` is taken for it: anybody can sign with that"),
        false => "the key of this signature is written out: everybody who sees the action can sign with it".into(),
    };
    Diagnostic::new(&LITERAL_HMAC_KEY, span, message).help(help)
}

/// A key that a variable holds, and the place where it is used.
struct OfVariable<'a> {
    key: &'a Text,
    used: Span,
}

fn told_of_variable(subject: &Subject<'_>, found: OfVariable<'_>) -> Diagnostic {
    let message = "the key of a signature is written out here: everybody who sees the action can sign with it";
    let diagnostic = Diagnostic::new(&LITERAL_HMAC_KEY, found.key.span, message).related(found.used, "signed with it here");
    match unbraced(subject.plan, found.key) {
        Some(name) => diagnostic.help(format!("a value is a reference only in braces: write `{{{name}}}`")),
        None => diagnostic.help("store it as a secret on the platform, and write `{secret.…}` with its name here"),
    }
}

/// The text without references that a key comes to through variables.
fn in_variable<'a>(plan: &'a Plan, signature: &Signature<'a>) -> Option<OfVariable<'a>> {
    let expression = match signature.key {
        Key::Argument(FilterArgument::Value(expression)) => expression,
        Key::Argument(FilterArgument::Text { .. }) => return None,
        Key::Text(text) => text.lone()?,
    };
    let innermost = behind_variables(plan, expression);
    let is_as_it_is = expression.filters.is_empty() && innermost.path.is_empty();
    let AuthValue::Text(key) = &read_by(plan, &innermost.source)?.value else { return None };
    let is_written_out = is_as_it_is && key.literal().is_some_and(|literal| !literal.trim().is_empty());
    is_written_out.then_some(OfVariable { key, used: expression.span })
}

fn is_encoding(key: &str) -> bool {
    ENCODINGS.contains(&key)
}

/// The places of keys that are written out, and must not be shown.
pub fn literal_keys(subject: &Subject<'_>) -> Vec<Span> {
    let signatures = with_broken(subject);
    let keys = signatures.iter().filter_map(|signature| literal_key(subject.plan, signature));
    let is_real = |key: &str| !is_encoding(key) && !PLACEHOLDERS.contains(&key);
    let keys = keys.filter(|(key, _)| is_real(key)).map(|(_, span)| span);
    let of_variables = signatures.iter().filter_map(|signature| in_variable(subject.plan, signature));
    let of_variables = of_variables
        .filter(|found| found.key.literal().is_some_and(|key| is_real(&key)) && unbraced(subject.plan, found.key).is_none());
    keys.chain(of_variables.map(|found| found.key.span)).collect()
}

fn literal_key(plan: &Plan, signature: &Signature<'_>) -> Option<(String, Span)> {
    match signature.key {
        Key::Argument(key @ FilterArgument::Text { text, span }) => {
            (!is_meant_as_reference(plan, key)).then(|| (text.clone(), *span))
        }
        Key::Argument(FilterArgument::Value(_)) => None,
        Key::Text(text) => text.literal().filter(|_| unbraced(plan, text).is_none()).map(|key| (key, text.span)),
    }
}
