//! A case that gives no value for something that the request reads.

use super::reads::{self, Names, Need};
use crate::case::{Case, Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity, listed};
use crate::plan::AttributeName;
use crate::source::Spanned;

/// The most names that a message lists.
const MAX_NAMES: usize = 5;

/// A case that gives no value for something that the request reads.
pub static MISSING_CASE_VALUE: Lint = Lint {
    name: "missing-case-value",
    severity: Severity::Info,
    summary: "a case gives no value for something that the request reads",
    page: r#"## What it does
Compares the attributes that the URL, the headers, the body and the authentication read with those that a case gives, and
names those that are missing.

## Why this is bad
A missing value is easily overlooked in a test. On the platform the reference is removed from its text: the URL
`/orders/{order_id}` becomes `/orders/` (OpenDialog documentation, Using attributes in messages). The case then shows a
request that no user's conversation will send, and its snapshot is approved with the gap in it.

## Example
```toml
[action]
url = "https://shop.example.com/orders/{order_id}"

[[case]]
name = "finds an order"
```

## Instead
```toml
[[case]]
name = "finds an order"
given.user.order_id = "A-17"

[[case]]
name = "the user has no order yet"
null = ["user.order_id"]
```

## Fix
None: only you know the value.

## When it stays silent
For names that the case lists in `null`, which says that they are missing on purpose. For values from `[defaults]`, and from
the manifest's `[global]` and `[defaults]`. For secrets, which have a value for tests by default, and for what the platform
provides while it builds the request: `_auth` and `_webhook`. For `_intent` and `interpretation`, in which nothing stands
while a webhook runs. When the action cannot be read as a whole, and in a spec without cases.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &MISSING_CASE_VALUE, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    if subject.cases.is_empty() || !reads::are_known(subject) {
        return;
    }
    let mut needs = reads::needs(subject);
    needs.retain(|need| need.names.iter().all(|name| !subject.plan.absent_contexts.contains(&name.context())));
    if !needs.is_empty() {
        found.extend(subject.cases.iter().filter_map(|case| missing(case, &needs, &subject.plan.request.required)));
    }
}

fn missing(case: &Case, needs: &[Need<'_>], required: &[Spanned<AttributeName>]) -> Option<Diagnostic> {
    let given = Names::of_given(&case.given);
    let missing: Vec<_> = needs.iter().filter(|need| !need.names.iter().any(|name| given.contains(name))).collect();
    let Need { names: one_of, span: place, stays } = missing.first()?;
    let first = one_of.first()?;
    let names: Vec<&str> = missing.iter().take(MAX_NAMES).map(|need| need.names[0].full()).collect();
    let names = match missing.len() - names.len() {
        0 => listed(&names),
        more => format!("`{}` and {more} more", names.join("`, `")),
    };
    let is_required = |need: &&Need<'_>| required.iter().any(|known| need.names.contains(&&known.value));
    let gap = match (missing.len(), stays) {
        _ if missing.iter().copied().any(|need| is_required(&need)) => "the action does not run",
        (1, true) => "its name is sent as it is typed",
        (_, true) => "their names are sent as they are typed",
        (1, false) => "its place in the request is empty",
        (_, false) => "their places in the request are empty",
    };
    let message = format!("this case gives no value for {names}, so {gap}");
    let diagnostic = Diagnostic::new(&MISSING_CASE_VALUE, case.name.span, message)
        .related(*place, format!("`{first}` is read here"))
        .help("give a value under `given`, or list the name in `null` if it is missing on purpose");
    Some(diagnostic)
}
