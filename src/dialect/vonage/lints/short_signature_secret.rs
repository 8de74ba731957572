//! A key that is shorter than its hash.

use std::collections::HashSet;

use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::plan::{Authentication, ValueSource};

/// A key that is shorter than its hash.
pub static SHORT_SIGNATURE_SECRET: Lint = Lint {
    name: "short-signature-secret",
    severity: Severity::Warning,
    summary: "a signature secret of fewer than 32 bytes",
    page: r#"## What it does
Finds cases that give the signature secret a value of fewer than 32 bytes.

## Why this is bad
A key of HS256 "MUST" have "the same size as the hash output (for instance, 256 bits) or larger" (RFC 7518, section 3.2,
at https://www.rfc-editor.org/rfc/rfc7518). Vonage accepts far shorter ones, and some libraries that check signatures
refuse them.

## Example
```toml
[action]
signing = { secret = "signature_secret" }

[defaults.given.secret]
signature_secret = "too-short"
```

## Instead
```toml
[defaults.given.secret]
signature_secret = "a-test-secret-of-at-least-32-bytes"
```

## Fix
None: take a longer secret in the dashboard, and a test value like it.

## When it stays silent
Where a case gives no value: the placeholder says nothing about the real one.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &SHORT_SIGNATURE_SECRET, check };

/// Of HS256, RFC 7518 section 3.2.
const SHORTEST: usize = 32;

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let Authentication::SignedToken(token) = &subject.plan.authentication else { return };
    let Some(ValueSource::Secret(name)) = token.secret.lone().map(|expression| &expression.source) else { return };
    let mut places = HashSet::new();
    for case in subject.cases {
        let given = case.given.secrets.iter().rev().find(|secret| secret.name == *name);
        let Some(given) = given.filter(|given| given.value.reveal().len() < SHORTEST && places.insert(given.span)) else {
            continue;
        };
        let message = format!("the signature secret `{name}` has fewer than {SHORTEST} bytes");
        found.push(
            Diagnostic::new(&SHORT_SIGNATURE_SECRET, given.span, message)
                .related(token.secret.span, "the request is signed with it")
                .help("receivers may refuse a key that is shorter than its hash"),
        );
    }
}
