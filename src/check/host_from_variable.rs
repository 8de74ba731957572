//! An end user's text that says where a request with credentials goes.

use super::address::{Address, addresses};
use super::attached_credential::{AttachedCredential, credential_sent_to};
use super::user_fed::{name, user_fed};
use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::plan::{Expression, UrlPosition};

/// An end user's text that says where a request with credentials goes.
pub static HOST_FROM_VARIABLE: Lint = Lint {
    name: "host-from-variable",
    severity: Severity::Warning,
    summary: "user-fed data in the scheme or host of a URL to which credentials are sent",
    page: r#"## What it does
Finds references in the scheme or the host of the URL, or of the token URL, when the request carries credentials and
the value can be an end user's: any context but `global`, which only the project's own people fill.

## Why this is bad
Who chooses the host chooses who gets the credentials. Attributes of `user` and `session` hold what people typed and
what other services replied, so a visitor who writes `attacker.example` into a chat may receive your API key. The
platform fills in references wherever they stand in the URL, and does not say what it does to a `/` or a `:` in a host
(OpenDialog documentation, Webhook action; the attack is server-side request forgery, CWE-918).

## Example
```toml
[action]
url = "https://{user.shop}/api/orders"

[action.auth]
type = "header"
headers = { Authorization = "Bearer {secret.shop_api_key}" }
```

## Instead
```toml
[action]
url = "https://{global.shop_host}/api/orders?shop={user.shop}"

[action.auth]
type = "header"
headers = { Authorization = "Bearer {secret.shop_api_key}" }
```

## Fix
None: which hosts may be called is yours to say.

## When it stays silent
When the request carries no credentials: no authentication, no secret, no header such as `Authorization`. For values
of the `global` context. For references behind the host, which cannot leave their place.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &HOST_FROM_VARIABLE, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for address in addresses(subject.plan) {
        let of_users = user_fed_hosts(&address, subject);
        if of_users.is_empty() {
            continue;
        }
        let Some(credential) = credential_sent_to(&address, subject) else { continue };
        let trusted = subject.plan.trusted_contexts;
        found.extend(of_users.into_iter().map(|(outer, inner)| chosen(outer, inner, (&address, trusted), &credential)));
    }
}

/// The references in scheme and host that a user can choose, each with the part of it that is the user's.
fn user_fed_hosts<'a>(address: &'a Address<'_>, subject: &Subject<'_>) -> Vec<(&'a Expression, &'a Expression)> {
    let parts = address.url.parts.iter();
    let parts = parts.filter(|(position, _)| matches!(position, UrlPosition::Prefix | UrlPosition::Host));
    let expressions = parts.flat_map(|(_, text)| text.expressions());
    expressions.filter_map(|outer| Some((outer, user_fed(subject.plan, outer)?))).collect()
}

fn chosen(
    outer: &Expression,
    inner: &Expression,
    (address, trusted): (&Address<'_>, &[&str]),
    credential: &AttachedCredential,
) -> Diagnostic {
    let message = format!("{} says where {} is sent, and a user may have written it", name(inner), credential.what);
    let help = format!("write the host of {} down", address.called);
    Diagnostic::new(&HOST_FROM_VARIABLE, outer.span, message).related(credential.span, "this goes along").help(match trusted
    {
        [] => help,
        _ => format!("{help}, or keep it in `{}`", trusted.join("` or `")),
    })
}
