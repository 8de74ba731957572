//! A response group that no case reaches.

use crate::assumption::{id, parse_duration};
use crate::case::{Answer, Case, Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::plan::{ExitPattern, Exits, OutcomeRule};

/// Interim replies: never the one that the platform gets in the end (RFC 9110, 15.2).
const INTERIM: u8 = 1;

/// A response group that no case reaches.
pub static UNCOVERED_GROUP: Lint = Lint {
    name: "uncovered-group",
    severity: Severity::Info,
    summary: "a response group that no case reaches",
    page: r#"## What it does
Finds response groups of the action, and exits that it lists, for which no case has a reply.

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
    let assumed = || parse_duration(subject.plan.assumptions.get(id::TIMEOUT)).unwrap_or(u64::MAX);
    let timeout = subject.plan.request.timeout_milliseconds.unwrap_or_else(assumed);
    if let OutcomeRule::Exits(exits) = &subject.plan.outcome.rule {
        return exits_of(exits, subject, timeout, found);
    }
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

/// The listed exits that no case leaves by.
fn exits_of(exits: &Exits, subject: &Subject<'_>, timeout: u64, found: &mut Vec<Diagnostic>) {
    for exit in exits.listed.iter().filter(|_| !exits.is_asynchronous) {
        let (is_reached, status) = match exit.value {
            ExitPattern::Class(class) => {
                (subject.cases.iter().any(|case| reaches(case, class, timeout)), format!("{class}00"))
            }
            ExitPattern::Status(status) => {
                let is_reached = |case: &Case| status_in_time(case, timeout) == Some(status);
                (subject.cases.iter().any(is_reached), status.to_string())
            }
        };
        if !is_reached {
            let message = format!("no case has a reply for the exit `{}`", exit.value);
            let help = format!("what the exit does is untried; add a case with `reply.status = {status}`");
            found.push(Diagnostic::new(&UNCOVERED_GROUP, exit.span, message).help(help));
        }
    }
}

fn reaches(case: &Case, class: u8, timeout: u64) -> bool {
    status_in_time(case, timeout).is_some_and(|status| status / 100 == u16::from(class))
}

/// The status of a reply that does not come too late: such a one reaches no group.
fn status_in_time(case: &Case, timeout: u64) -> Option<u16> {
    match &case.answer {
        Answer::Reply(reply) => Some(reply.status).filter(|_| reply.delay_milliseconds <= timeout),
        Answer::Unspecified | Answer::Fault(_) => None,
    }
}
