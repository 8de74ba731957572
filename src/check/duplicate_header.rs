//! One header that is set twice.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::assumption::id;
use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::plan::{Authentication, HeaderPlan, OAuth2, Plan};
use crate::source::Name;

/// One header that is set twice.
pub static DUPLICATE_HEADER: Lint = Lint {
    name: "duplicate-header",
    severity: Severity::Warning,
    summary: "the same header twice, in the headers, the authentication, or both",
    page: r#"## What it does
Finds headers that are set more than once, ignoring the case of letters: among the ordinary headers, among those of
the authentication, in both, and an ordinary `Authorization` beside OAuth2, which adds its own.

## Why this is bad
Names of headers are the same in any letter case (RFC 9110, section 5.1). Two of one name are sent as two, or as one
list, and a service may read the first, the last, or refuse the request. What the platform does when the
authentication sets a header that is there already is not documented (OpenDialog documentation, Webhook action); see
`duplicate_header`.

## Example
```toml
[action.headers]
Authorization = "Bearer {user.api_token}"

[action.auth]
type = "header"
headers = { authorization = "Bearer {secret.api_key}" }
```

## Instead
```toml
[action.auth]
type = "header"
headers = { Authorization = "Bearer {secret.api_key}" }
```

## Fix
None: only you know which of the two is meant.

## When it stays silent
About a `Content-Type` that stands beside the one which the platform adds: the configured one counts. If it
contradicts the body, that is `content-type-conflict`.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &DUPLICATE_HEADER, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let plan = subject.plan;
    let ordinary = plan.request.headers.as_slice();
    let own = match &plan.authentication {
        Authentication::Header(header) => header.headers.as_slice(),
        _ => &[],
    };
    let all = ordinary.iter().map(|header| (header, false)).chain(own.iter().map(|header| (header, true)));
    let mut first_by_name: HashMap<String, (&Name, bool)> = HashMap::new();
    for (HeaderPlan { name, .. }, in_authentication) in all.filter(|(header, _)| !header.name.value.is_empty()) {
        match first_by_name.entry(name.value.to_ascii_lowercase()) {
            Entry::Vacant(entry) => {
                entry.insert((name, in_authentication));
            }
            Entry::Occupied(entry) => {
                let (first, first_in_authentication) = entry.get();
                let clash = in_authentication != *first_in_authentication;
                found.push(twice(name, first, if clash { between(plan) } else { "both are sent" }));
            }
        }
    }
    if let Authentication::OAuth2(oauth) = &plan.authentication {
        let names = ordinary.iter().map(|header| &header.name);
        found.extend(names.filter(|name| is_authorization(name)).map(|name| beside_oauth2(name, oauth, plan)));
    }
}

fn is_authorization(name: &Name) -> bool {
    name.value.eq_ignore_ascii_case("authorization")
}

/// What happens to a header of both, by the assumption on it.
fn between(plan: &Plan) -> &'static str {
    match plan.assumptions.get(id::DUPLICATE_HEADER) {
        "headers-win" => "the one among the headers is taken to be sent, not the authentication's",
        "both" => "both are taken to be sent",
        _ => "the authentication's is taken to be sent, not the one among the headers",
    }
}

fn twice(name: &Name, first: &Name, consequence: &str) -> Diagnostic {
    let message = format!("the header `{}` is set twice: {consequence}", name.value);
    Diagnostic::new(&DUPLICATE_HEADER, name.span, message)
        .related(first.span, "it is set here already")
        .help("remove one of the two: services differ in which they read")
}

fn beside_oauth2(name: &Name, oauth: &OAuth2, plan: &Plan) -> Diagnostic {
    let message = format!("OAuth2 sets the header `{}` too: {}", name.value, between(plan));
    Diagnostic::new(&DUPLICATE_HEADER, name.span, message)
        .related(oauth.token_url.span, "the token that comes from here is sent as `Authorization: Bearer`")
        .help("remove this header: the platform adds the token by itself")
}
