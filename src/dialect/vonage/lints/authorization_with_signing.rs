//! Two values for one header.

use crate::assumption::id;
use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::plan::Authentication;

/// Two values for one header.
pub static AUTHORIZATION_WITH_SIGNING: Lint = Lint {
    name: "authorization-with-signing",
    severity: Severity::Error,
    summary: "an `Authorization` header of your own while signing is on",
    page: r#"## What it does
Finds a header `Authorization`, in any letter case, on a node that signs its requests.

## Why this is bad
The signature is a token "in the authorization header" (Vonage AI Studio documentation, Webhook, Webhook signing), and a
request has one such header (RFC 9110, section 11.6.2). What the platform does with two is not documented; see
`duplicate_header`. Either the service refuses you, or nothing is signed.

## Example
```toml
[action]
headers = { Authorization = "Bearer $API_TOKEN" }
signing = { secret = "signature_secret" }
```

## Instead
```toml
[action]
headers = { X-Api-Key = "$API_TOKEN" }
signing = { secret = "signature_secret" }
```

## Fix
None: only you know whether the service wants the token or the signature.

## When it stays silent
For a node without signing, and for other headers.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &AUTHORIZATION_WITH_SIGNING, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let Authentication::SignedToken(token) = &subject.plan.authentication else { return };
    let headers = subject.plan.request.headers.iter();
    for header in headers.filter(|header| header.name.value.eq_ignore_ascii_case("authorization")) {
        let consequence = match subject.plan.assumptions.get(id::DUPLICATE_HEADER) {
            "auth-wins" => "the signature is taken to be sent, and this is not",
            "both" => "both are taken to be sent",
            _ => "this is taken to be sent, and no signature",
        };
        let message = format!("the signature needs the header `{}`: {consequence}", header.name.value);
        found.push(
            Diagnostic::new(&AUTHORIZATION_WITH_SIGNING, header.name.span, message)
                .related(token.span, "the request is signed here")
                .help("send the credential in another header, or switch signing off"),
        );
    }
}
