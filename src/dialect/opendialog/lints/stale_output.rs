//! An attribute that keeps an old value after a failure.

use std::collections::HashSet;

use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::plan::{AttributeName, Group, Target};

/// The class of the replies that are hoped for.
const SUCCESSFUL: u8 = 2;

/// The lowest class of replies that say what went wrong.
const FIRST_ERROR: u8 = 4;

/// What stands there is gone with the next request.
const SHORT_LIVED: &str = "session";

/// An attribute that keeps an old value after a failure.
pub static STALE_OUTPUT: Lint = Lint {
    name: "stale-output",
    severity: Severity::Info,
    summary: "the 2xx group sets an attribute, and an error group leaves its old value standing",
    page: r#"## What it does
Compares the outputs of the group `2xx` with those of the groups `4xx` and `5xx` where they are configured, and finds
attributes which an error group neither sets nor empties.

## Why this is bad
Attributes of `user` last (OpenDialog documentation, Contexts), and a reply changes only those that its own group maps
(OpenDialog documentation, Webhook action, Response). When the action runs a second time and fails, the value of the first
run is still there: a message shows the old order as if it were the new one. A condition on `action_success` prevents that,
if nobody forgets it.

## Example
```toml
[action.response.2xx.outputs]
order_status = "order.status"

[action.response.4xx.outputs]
problem = "error.message"
```

## Instead
```toml
[action.response.2xx.outputs]
order_status = "order.status"

[action.response.4xx.outputs]
problem = "error.message"
order_status = "`null`"     # A null in backticks is a value of JMESPath: it empties the attribute.
```

## Fix
None: often the condition on `action_success` is the better answer.

## When it stays silent
For attributes of `session`, which live for one request. When no error group is configured, since nothing can be mapped then.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &STALE_OUTPUT, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let groups = subject.plan.outcome.groups();
    let Some(successful) = groups.iter().find(|group| group.class == SUCCESSFUL) else { return };
    let errors: Vec<ErrorGroup<'_>> =
        groups.iter().filter(|group| group.class >= FIRST_ERROR).map(ErrorGroup::new).collect();
    if errors.is_empty() {
        return;
    }
    let mut known = HashSet::new();
    for target in successful.targets().filter(|target| target.name.context() != SHORT_LIVED) {
        if known.insert(&target.name) {
            found.extend(left_standing(target, &errors));
        }
    }
}

/// A group with the attributes that it writes.
struct ErrorGroup<'a> {
    group: &'a Group,
    writes: HashSet<&'a AttributeName>,
}

impl<'a> ErrorGroup<'a> {
    fn new(group: &'a Group) -> ErrorGroup<'a> {
        ErrorGroup { group, writes: group.targets().map(|target| &target.name).collect() }
    }
}

fn left_standing(target: &Target, errors: &[ErrorGroup<'_>]) -> Option<Diagnostic> {
    let leaving = errors.iter().filter(|error| !error.writes.contains(&target.name)).map(|error| error.group);
    let leaving: Vec<&Group> = leaving.collect();
    if leaving.is_empty() {
        return None;
    }
    let classes: Vec<String> = leaving.iter().map(|group| format!("{}xx", group.class)).collect();
    let message = format!("after a reply of {} `{}` keeps the value of an earlier run", classes.join(" or "), target.name);
    let diagnostic = Diagnostic::new(&STALE_OUTPUT, target.span, message)
        .help("map it in that group too (a null in backticks empties it), or look at `action_success` before it is used");
    Some(
        leaving.iter().fold(diagnostic, |diagnostic, group| diagnostic.related(group.span, "this group leaves it as it is")),
    )
}
