//! One attribute that a group writes twice.

use std::collections::HashMap;

use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::plan::{AttributeName, OutcomePlan, OutcomeRule, Output, Target};
use crate::source::Span;

/// One attribute that a group writes twice.
pub static DUPLICATE_OUTPUT: Lint = Lint {
    name: "duplicate-output",
    severity: Severity::Error,
    summary: "one target is written twice by one response group",
    page: r#"## What it does
Finds two outputs of one response group that write the same attribute under two spellings, such as `ticket_id` and
`user.ticket_id`.

## Why this is bad
An attribute without a context belongs to `user` (OpenDialog documentation, Webhook action, Output attributes), so both
spellings are one attribute. It holds one value: what one of the two mappings finds is lost, and if the one that stays finds
nothing, the attribute becomes empty. Which one stays is not documented.

## Example
```toml
[action.response.2xx.outputs]
ticket_id = "data.id"
"user.ticket_id" = "id"
```

## Instead
```toml
[action.response.2xx.outputs]
ticket_id = "data.id || id"
```

## Fix
None: which of the two is meant is for you to say.

## When it stays silent
When two groups write the same attribute: only one of them runs. When one key stands twice in a table, which is
`toml-syntax`. When the raw reply goes into an attribute that a mapping writes too.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &DUPLICATE_OUTPUT, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let help = match subject.plan.implied_context() {
        None => "remove one of the two".to_string(),
        Some(context) => format!("a name without a context is in `{context}`; remove one, or join them with `||`"),
    };
    for (outputs, status) in mappings(&subject.plan.outcome) {
        let mut first: HashMap<&AttributeName, Span> = HashMap::with_capacity(outputs.len());
        for target in outputs.iter().map(|output| &output.target).chain(status) {
            let Some(first) = first.insert(&target.name, target.span) else { continue };
            let message = format!("`{}` is written twice by this group, and keeps one of the values", target.name);
            let diagnostic = Diagnostic::new(&DUPLICATE_OUTPUT, target.span, message)
                .related(first, "the other mapping of the same attribute")
                .help(help.as_str());
            found.push(diagnostic);
        }
    }
}

/// What one reply writes: by expressions, and its status.
fn mappings(outcome: &OutcomePlan) -> Vec<(&[Output], Option<&Target>)> {
    let status = match &outcome.rule {
        OutcomeRule::Exits(exits) => exits.status.as_ref(),
        _ => None,
    };
    outcome.mappings().into_iter().map(|outputs| (outputs, status)).collect()
}
