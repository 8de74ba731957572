//! A response group that no case reaches.

use crate::assumption::{id, parse_duration};
use crate::case::{Answer, Case, Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};

/// Interim replies: never the one that the platform gets in the end (RFC 9110, 15.2).
const INTERIM: u8 = 1;

/// A response group that no case reaches.
pub static UNCOVERED_GROUP: Lint = Lint {
    name: "uncovered-group",
    severity: Severity::Info,
    summary: "a response group that no case reaches",
    page: r#"## What it does
Finds response groups of the action for which no case has a reply.

## Why this is bad
What a group maps is tried by nothing: a misspelt path in `4xx` shows itself only when the service refuses a real user. The
platform itself tests an action with one real request at a time, which seldom fails (OpenDialog documentation, Webhook
action, Testing).

## Example
```toml
[action.response.4xx.outputs]
problem = "error.message"

[[case]]
name = "opens a ticket"
reply.status = 201
```

## Instead
```toml
[action.response.4xx.outputs]
problem = "error.message"

[[case]]
name = "opens a ticket"
reply.status = 201

[[case]]
name = "the title is too long"
reply = { status = 422, json = { error = { message = "the title is too long" } } }
```

## Fix
None: only you know what the service answers.

## When it stays silent
When no case has a reply or a fault at all: such a spec looks at requests alone, and more than a group is untried. For
`1xx`, which is never the final reply. For classes that are not configured.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &UNCOVERED_GROUP, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    if subject.cases.iter().all(|case| matches!(case.answer, Answer::Unspecified)) {
        return;
    }
    let timeout = parse_duration(subject.plan.assumptions.get(id::TIMEOUT)).unwrap_or(u64::MAX);
    for group in subject.plan.outcome.groups().iter().filter(|group| group.class != INTERIM) {
        if subject.cases.iter().any(|case| reaches(case, group.class, timeout)) {
            continue;
        }
        let class = group.class;
        let diagnostic = Diagnostic::new(&UNCOVERED_GROUP, group.span, format!("no case has a reply of {class}xx"))
            .help(format!("what this group does is untried; add a case with `reply.status = {class}00`"));
        found.push(diagnostic);
    }
}

/// A reply that comes too late reaches no group.
fn reaches(case: &Case, class: u8, timeout: u64) -> bool {
    match &case.answer {
        Answer::Reply(reply) => reply.status / 100 == u16::from(class) && reply.delay_milliseconds <= timeout,
        Answer::Unspecified | Answer::Fault(_) => false,
    }
}
