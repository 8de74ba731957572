//! A reply that changes client data which are there.

use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::plan::OutcomeRule;

/// A reply that changes client data which are there.
pub static MERGE_OVERWRITES: Lint = Lint {
    name: "merge-overwrites",
    severity: Severity::Info,
    summary: "a recorded reply replaces client data that the case gives",
    page: r#"## What it does
Compares what the recorded reply of a case merges into the client data with what the case gives there, and names the keys
whose values change.

## Why this is bad
It may be what you want. But the session's owner set those values, and every later webhook reads the new ones (Verboo
documentation, Webhook, Updating ClientData via Response). An object is most likely replaced whole: entries that the reply
does not repeat are gone. See the assumption `merge_depth`.

## Example
```toml
dialect = "verboo"
[action]
url = "https://crm.example.com/plans/$plan"
method = "GET"
[[case]]
name = "upgraded"
given.client_data = { plan = "basic" }
reply.json = { session = { client_data = { plan = "gold" } } }
```

## Instead
```toml
dialect = "verboo"
[action]
url = "https://crm.example.com/plans/$plan"
method = "GET"
[[case]]
name = "upgraded"
given.client_data = { plan = "basic" }
reply.json = { session = { client_data = { new_plan = "gold" } } }
```

## Fix
None: the reply is what your API answers.

## When it stays silent
For keys that are new, and for values that stay the same. For replies that are not merged, and for those with `template =
true`.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &MERGE_OVERWRITES, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let OutcomeRule::Merged(merged) = &subject.plan.outcome.rule else { return };
    // What a template says is known once a request has come.
    for case in subject.cases.iter().filter(|case| case.reply_template.is_none()) {
        for (name, value) in case.merged(merged) {
            if case.given.attribute(&name).is_some_and(|given| given.to_json() != value) {
                let message = format!("the reply of this case replaces `{name}`, which it gives");
                let diagnostic = Diagnostic::new(&MERGE_OVERWRITES, case.name.span, message);
                found.push(diagnostic.help("every later webhook of the session reads the new value"));
            }
        }
    }
}
