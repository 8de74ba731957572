//! A credential that anybody who sees the configuration can read.

use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::plan::{CredentialPosition, Plan, SecretPlace};

/// A credential that anybody who sees the configuration can read.
pub static PLAINTEXT_CREDENTIAL: Lint = Lint {
    name: "plaintext-credential",
    severity: Severity::Warning,
    summary: "a literal that looks like a token, key or password",
    page: r#"## What it does
Finds texts that look like credentials in the URL (also in `user:password@host` and in query parameters), the headers,
the body and the authentication. Two things give one away: its shape, such as `ghp_…`, `xoxb-…`, `AKIA…`, `AIza…`, a
JSON Web Token, a private key in PEM, `Bearer` with a token, the path of a webhook of Slack or Discord or of a bot of
Telegram; or its place, when the name of the header, parameter, key
or variable ends in a word such as `password`, `token`, `secret` or `api_key`. The text itself is never shown: bullets
stand in its place, in this message and in all others about the file.

## Why this is bad
Whoever may see the scenario, an export of it, or this file in version control can use the credential, and when it
changes, every copy of it has to be found. The platform keeps secrets encrypted, and decrypts them only when the
request is sent (OpenDialog documentation, Secret context).

## Example
```toml
[action.auth]
type = "header"
headers = { Authorization = "Bearer 7f3d9a1c5e" }
```

## Instead
```toml
[action.auth]
type = "header"
headers = { Authorization = "Bearer {secret.api_key}" }
```

## Fix
None: the value has to become a secret on the platform first. If it is real, replace it at the service that issued it,
since it has been written down.

## When it stays silent
For texts that only stand where a credential goes: `test`, `changeme`, `xxx`, `<token>`, `your-api-key`. For texts
with a reference in them, unless a part has the shape of a credential. For names that only sound like one:
`token_type`, `grant_type`, `X-Api-Key-Id`, `page_token`, `Idempotency-Key`. For values of cases, which are examples.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &PLAINTEXT_CREDENTIAL, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for credential in subject.plan.credentials() {
        let message = format!("{} stands in {}: whoever sees this action can read it", credential.what, credential.place);
        let diagnostic = Diagnostic::new(&PLAINTEXT_CREDENTIAL, credential.span, message);
        found.push(diagnostic.help(advice(subject.plan, credential.position)));
    }
}

fn advice(plan: &Plan, position: CredentialPosition) -> &'static str {
    match plan.secret_place {
        SecretPlace::Nowhere => "this kind of action decrypts no secrets; `hookwright migrate` writes it as one that does",
        SecretPlace::Declared => "keep it in a value that is declared as secret, and name that here",
        SecretPlace::Authentication => help(position),
    }
}

/// What to do about it: secrets are decrypted in the authentication and nowhere else.
fn help(position: CredentialPosition) -> &'static str {
    match position {
        CredentialPosition::Authentication => "keep it as a secret on the platform, and write `{secret.…}` here",
        CredentialPosition::Header => {
            "keep it as a secret on the platform, and set the header in `[action.auth]` with `{secret.…}`"
        }
        CredentialPosition::Url | CredentialPosition::Body => {
            "keep it as a secret on the platform, and send it in a header of `[action.auth]`: `{secret.…}` works only there"
        }
    }
}
