//! An address that the platform cannot reach.

use super::address::{WrittenHost, addresses, is_loopback, is_private};
use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};

/// An address that the platform cannot reach.
pub static PRIVATE_ADDRESS: Lint = Lint {
    name: "private-address",
    severity: Severity::Warning,
    summary: "a URL with localhost or a private address, which the platform cannot reach",
    page: r#"## What it does
Looks at the host of the URL and of the token URL. Finds `localhost`, loopback addresses, the networks that are kept
for private use (`10.0.0.0/8`, `172.16.0.0/12`, `192.168.0.0/16`, `169.254.0.0/16`, `100.64.0.0/10`, `fc00::/7`,
`fe80::/10`), and names that mean something on one network only: `*.local`, `*.internal`, `*.localhost`, `*.home.arpa`,
and names without a dot.

## Why this is bad
The platform sends the request from its own servers, where such an address is another machine or none: every run fails
as if your API were down. The platform itself refuses `localhost` in the URL of a webhook (OpenDialog application,
validation of webhook actions; the ranges are those of RFC 1918, 3927, 6598, 4193, 4291, 6761, 6762 and 8375).

## Example
```toml
[action]
url = "https://192.168.1.20/api/orders/{order_id}"
```

## Instead
```toml
[action]
url = "https://orders.example.com/api/orders/{order_id}"

[case.reply]
json = { status = "shipped" }
```

## Fix
None: only you know the public address. While you develop, write the public address and let a host of `[environments]`
in the manifest stand for it.

## When it stays silent
When the host is a reference alone, or a word and a reference, since the value is not known. For
private addresses in a path, a query or a body: there they are data.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &PRIVATE_ADDRESS, check };

/// A reference in a name may bring the dots that its literal text lacks.
fn is_out_of_reach(host: &WrittenHost) -> bool {
    let may_have_dots = host.has_value && !host.host.to_string().contains('.');
    is_private(&host.host) && (!may_have_dots || is_loopback(&host.host))
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for address in addresses(subject.plan) {
        let Some(host) = address.host().filter(is_out_of_reach) else { continue };
        let named = if host.has_value { "this host".to_string() } else { format!("`{}`", host.host) };
        let is = match is_loopback(&host.host) {
            true => "is the platform's own machine, not yours",
            false => "is an address on a private network",
        };
        let message = format!("{named} {is}: the platform cannot reach your API there");
        let help = "write the public address; for tests, `[environments]` in the manifest can put another host in its place";
        found.push(Diagnostic::new(&PRIVATE_ADDRESS, host.span, message).help(help));
    }
}
