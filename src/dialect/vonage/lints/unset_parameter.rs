//! A parameter that nothing fills.

use std::collections::HashSet;

use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::plan::{AttributeName, ValueSource};

/// A parameter that nothing fills.
pub static UNSET_PARAMETER: Lint = Lint {
    name: "unset-parameter",
    severity: Severity::Info,
    summary: "a parameter that the request uses, and nothing fills",
    page: r#"## What it does
Finds parameters that the request reads, that no case gives a value other than null, and no mapping writes.

## Why this is bad
A parameter without a value is sent as nothing: the platform's own example answers a test request with status 200 and no
data until the system parameter is filled in by hand
(https://developer.vonage.com/en/blog/send-and-request-data-with-webhooks-with-ai-studio). No case shows the request that
is sent in a conversation.

## Example
```toml
[action]
url = "https://api.example.com/customers?phone=$CALLER_PHONE_NUMBER"

[[case]]
name = "a customer"
```

## Instead
```toml
[[case]]
name = "a customer"
given.parameters = { CALLER_PHONE_NUMBER = "14155550100" }
```

## Fix
None: only you know the value.

## When it stays silent
When one case gives the parameter a value; the others may list it in `null`. In a spec without cases.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &UNSET_PARAMETER, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    if subject.cases.is_empty() {
        return;
    }
    let given = subject.cases.iter().flat_map(|case| case.given.attributes.iter());
    let given: HashSet<&AttributeName> = given.filter(|given| !given.value.is_null()).map(|given| &given.name).collect();
    let written: HashSet<&AttributeName> = subject.plan.targets().map(|target| &target.name).collect();
    let mut told = HashSet::new();
    for (_, expression) in &subject.expressions {
        let ValueSource::Attribute(name) = &expression.source else { continue };
        if given.contains(name) || written.contains(name) || !told.insert(name) {
            continue;
        }
        let message = format!("no case gives `{name}` a value, and no mapping writes it");
        let diagnostic = Diagnostic::new(&UNSET_PARAMETER, expression.span, message);
        found.push(diagnostic.help("give it one under `given.parameters` of a case; in others it may be unset on purpose"));
    }
}
