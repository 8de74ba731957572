//! A credential on a connection that anybody on the way can read.

use super::address::{Address, addresses, is_loopback};
use super::attached_credential::{AttachedCredential, credential_sent_to};
use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::plan::Authentication;
use crate::source::Span;

/// A credential on a connection that anybody on the way can read.
pub static CREDENTIALS_OVER_HTTP: Lint = Lint {
    name: "credentials-over-http",
    severity: Severity::Error,
    summary: "`http://` with authentication, a secret or a credential, or for a token URL",
    page: r#"## What it does
Finds URLs that begin with `http://` when the request carries a credential: an authentication of any type, a secret, a
header such as `Authorization`, or a literal that looks like a key or a password. Finds token URLs with `http://`.

## Why this is bad
Without TLS everybody between the platform and your API can read the credential and use it in your name. OAuth 2.0
forbids it outright (RFC 6749, section 3.2, and RFC 6750, section 5.3), and Basic authentication is no protection at
all on such a connection (RFC 7617, section 4). The platform sends the request all the same: its URL may begin with
`http://` (OpenDialog documentation, Webhook action).

## Example
```toml
[action]
url = "http://shop.example.com/api/orders/{order_id}"

[action.auth]
type = "header"
headers = { Authorization = "Bearer {secret.api_key}" }
```

## Instead
```toml
[action]
url = "https://shop.example.com/api/orders/{order_id}"

[action.auth]
type = "header"
headers = { Authorization = "Bearer {secret.api_key}" }
```

## Fix
None: whether your API answers at `https://` is not known here.

## When it stays silent
For `localhost`, `127.0.0.0/8` and `[::1]`, since nothing leaves the machine; `private-address` speaks of them. When
the request carries no credential: `{_auth.uuid}` and the times in `_auth` prove nothing. When the scheme comes from a
reference, such as `{global.base_url}`.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &CREDENTIALS_OVER_HTTP, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for address in addresses(subject.plan) {
        let Some(scheme) = address.scheme("http") else { continue };
        if address.host().is_some_and(|host| !host.has_value && is_loopback(&host.host)) {
            continue;
        }
        let is_certificate = matches!(subject.plan.authentication, Authentication::MutualTls(_));
        if let Some(credential) = credential_sent_to(&address, subject) {
            found.push(match is_certificate {
                true => unproven(&address, scheme, &credential),
                false => readable(&address, scheme, &credential),
            });
        }
    }
}

/// A certificate is shown while TLS begins, and nowhere else (RFC 8446, section 4.4.2).
fn unproven(address: &Address<'_>, scheme: Span, credential: &AttachedCredential) -> Diagnostic {
    let message = "over `http` no certificate is shown: the request does not prove who sends it, and anybody can read it";
    Diagnostic::new(&CREDENTIALS_OVER_HTTP, scheme, message)
        .related(credential.span, "this has no use")
        .help(format!("begin {} with `https://`", address.called))
}

fn readable(address: &Address<'_>, scheme: Span, credential: &AttachedCredential) -> Diagnostic {
    let message = format!("{} is sent over `http`, where anybody on the way can read it", credential.what);
    Diagnostic::new(&CREDENTIALS_OVER_HTTP, scheme, message)
        .related(credential.span, "this goes along")
        .help(format!("begin {} with `https://`", address.called))
}
