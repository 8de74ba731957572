//! The success of several actions read under the name that all of them write.

use std::collections::HashMap;

use super::reads;
use crate::case::{Flow, FlowAction, FlowRule, Given};
use crate::diagnostic::{Diagnostic, Lint, Severity, listed};
use crate::plan::AttributeName;
use crate::source::Span;

/// The success of several actions read under the name that all of them write.
pub static BARE_SUCCESS_IN_CONDITION: Lint = Lint {
    name: "bare-success-in-condition",
    severity: Severity::Warning,
    summary: "`action_success` is read after several actions: only the last one's is there",
    page: r#"## What it does
Follows the steps of a flow, and finds reads of an attribute in which several actions before have noted their success, such
as `action_success`.

## Why this is bad
Every action writes its success to `action_success`, over that of the action before (OpenDialog documentation, Webhook
action). Read after two actions, it tells of the last one alone: what decides by it takes a failure of the first for a
success. Each action also writes it under a name of its own, which nothing overwrites.

## Example
```toml
[action]
name = "Report"
method = "POST"
url = "https://api.example.com/reports"
body = { created = "{action_success}" }          # of `Notify team`, which ran after `Create ticket`
```

## Instead
```toml
[action]
name = "Report"
method = "POST"
url = "https://api.example.com/reports"
body = { created = "{create_ticket_action_success}" }
```

## Fix
None: only you know which action is meant.

## When it stays silent
After one action, however often it ran. Where a step or the flow has set the attribute itself since. For `expect` and `when`
of a step, which mean the action of that step or the one before.
"#,
};

/// Finds it in a flow.
pub static RULE: FlowRule = FlowRule { lint: &BARE_SUCCESS_IN_CONDITION, check };

/// By attribute, the actions that have noted their success there, by index, in the order in which they ran first.
type Noted<'a> = HashMap<&'a AttributeName, Vec<usize>>;

fn check(flow: &Flow, found: &mut Vec<Diagnostic>) {
    let mut noted = Noted::new();
    for (step, call) in flow.calls() {
        forget(&mut noted, &step.given);
        let Some((call, action)) = call else { continue };
        let Some(plan) = &action.plan else { continue };
        for (name, place) in reads::of_plan(plan) {
            if let Some(actions) = noted.get(name).filter(|actions| actions.len() > 1) {
                found.push(told(flow, name, actions, (place, call.span)));
            }
        }
        for name in &plan.outcome.success_names {
            let actions = noted.entry(name).or_default();
            actions.retain(|known| *known != call.action);
            actions.push(call.action);
        }
    }
}

fn forget(noted: &mut Noted<'_>, given: &Given) {
    given.attributes.iter().for_each(|given| _ = noted.remove(&given.name));
}

fn told(flow: &Flow, name: &AttributeName, actions: &[usize], (place, step): (Span, Span)) -> Diagnostic {
    let of = |index: &usize| flow.actions.get(*index);
    let ids: Vec<&str> = actions.iter().filter_map(of).map(|action| action.id.as_str()).collect();
    let last = ids.last().copied().unwrap_or_default();
    let message = format!("of {} actions before, `{name}` tells of `{last}` alone", ids.len());
    let own: Vec<&str> = actions.iter().filter_map(of).filter_map(|action| own_name(action, name)).collect();
    let found = Diagnostic::new(&BARE_SUCCESS_IN_CONDITION, step, message).related(place, "it is read here");
    match own.is_empty() {
        true => found,
        false => found.help(format!("each action has a name of its own for it: {}", listed(&own))),
    }
}

/// Where the action notes its success besides.
fn own_name<'a>(action: &'a FlowAction, shared: &AttributeName) -> Option<&'a str> {
    let names = &action.plan.as_ref()?.outcome.success_names;
    names.iter().find(|name| *name != shared).map(AttributeName::full)
}
