//! An action that no flow runs.

use crate::case::{Neighbours, ProjectRule, Summary};
use crate::diagnostic::{Diagnostic, Lint, Severity};

/// An action that no flow runs.
pub static UNUSED_ACTION: Lint = Lint {
    name: "unused-action",
    severity: Severity::Info,
    summary: "the project has flows, and none of them runs this action",
    page: r#"## What it does
Finds actions that no step of any flow names, in a project that has flows. It looks at the specs and flows of the run.

## Why this is bad
An action that no scenario attaches to an intent is never called (OpenDialog documentation, Webhook action). Where flows
describe the conversations of a project, an action that is in none of them is dead, or its conversation is not tested: that
what it reads is there when its turn comes, nobody has looked at.

## Example
```toml
# specs/confirm_attack.toml, which no step of `specs/support.flow.toml` names
[action]
name = "Confirm attack"
method = "POST"
url = "https://api.example.com/confirm"
```

## Instead
```toml
# specs/support.flow.toml
name = "Support"

[[step]]
action = "confirm_attack"
```

## Fix
None: add a step to a flow, or delete the action.

## When it stays silent
In a run without flows. For a spec, and for a flow, that is there to show a lint (`expect_lints`): neither is a part of the
project then.
"#,
};

/// Finds it among the specs of a run.
pub static RULE: ProjectRule = ProjectRule { lint: &UNUSED_ACTION, check };

fn check(summary: &Summary, neighbours: &Neighbours<'_>, found: &mut Vec<Diagnostic>) {
    let lint = &UNUSED_ACTION;
    let has_flows = neighbours.flows.iter().any(|flow| flow.counts_for(lint));
    if !has_flows || !summary.counts_for(lint) {
        return;
    }
    let runners = neighbours.runners.get(summary.id.as_str());
    if runners.is_some_and(|flows| flows.iter().any(|flow| flow.counts_for(lint))) {
        return;
    }
    let message = format!("no flow runs the action `{}`", summary.name.value);
    let help = format!("run it in a step: `action = \"{}\"`", summary.id);
    found.push(Diagnostic::new(lint, summary.name.span, message).help(help));
}
