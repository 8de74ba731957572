//! Two actions whose names give one attribute.

use crate::case::{Neighbours, ProjectRule, Summary};
use crate::diagnostic::{Diagnostic, Lint, Severity};

/// Two actions whose names give one attribute.
pub static COLLIDING_ACTION_NAMES: Lint = Lint {
    name: "colliding-action-names",
    severity: Severity::Error,
    summary: "two actions whose names give one `<name>_action_success`",
    page: r#"## What it does
Compares the actions that are linted together, and finds those whose names become the same words in the default output
attributes: `Create ticket` and `create-ticket` both write `create_ticket_action_success`.

## Why this is bad
Each action writes whether it succeeded into an attribute that is named after it, and its status code into another
(OpenDialog documentation, Webhook action, Default outputs). When two actions share these attributes, a condition in the
scenario cannot tell which of them failed. How a name becomes an attribute is not documented; see `action_name`.

## Example
```toml
[action]
name = "Create-Ticket" # Another spec has the action `Create ticket`.
```

## Instead
```toml
[action]
name = "Create ticket in Jira"
```

## Fix
None: rename one of the actions, here and on the platform.

## When it stays silent
About two specs of exactly the same name: the platform does not let a scenario have two actions of one name, so they are
one action, or belong to different scenarios. About specs that are not linted together: name the folder, or no path at
all, to compare all actions of a project. About specs that list other lints under `expect_lints`, since those are examples
of mistakes and no actions of the project.
"#,
};

/// Finds it among the specs of a run.
pub static RULE: ProjectRule = ProjectRule { lint: &COLLIDING_ACTION_NAMES, check };

fn check(summary: &Summary, neighbours: &Neighbours<'_>, found: &mut Vec<Diagnostic>) {
    if !summary.counts_for(&COLLIDING_ACTION_NAMES) || summary.name.value.trim().is_empty() {
        return;
    }
    // The first of the default outputs is shared by all actions.
    let Some(output) = summary.default_outputs.iter().find(|name| name.attribute() != "action_success") else { return };
    let writers = neighbours.default_writers.get(output).map(Vec::as_slice).unwrap_or_default();
    let collides = |other: &&&Summary| other.name.value != summary.name.value && other.counts_for(&COLLIDING_ACTION_NAMES);
    let Some(other) = writers.iter().find(collides) else { return };
    let message = format!("this action and `{}` both write `{output}`", other.name.value);
    let diagnostic = Diagnostic::new(&COLLIDING_ACTION_NAMES, summary.name.span, message)
        .related(other.name.span, "the other action")
        .help("a condition cannot tell which of the two failed; give one of them another name");
    found.push(diagnostic);
}
