//! A redirect that counts as success.

use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};

/// The class of redirects.
const REDIRECTS: u8 = 3;

/// A redirect that counts as success.
pub static REDIRECT_COUNTS_AS_SUCCESS: Lint = Lint {
    name: "redirect-counts-as-success",
    severity: Severity::Warning,
    summary: "a configured 3xx group is left at its default, TRUE, though redirects are not followed",
    page: r#"## What it does
Finds a group `3xx` that is configured without an `action_success`.

## Why this is bad
The platform does not follow redirects, and `action_success` is TRUE for 3xx unless it is set (OpenDialog documentation,
Webhook action, Response). When the service moves and answers with 301, nothing was done and nothing was read, and yet the
conversation goes on as if all went well.

## Example
```toml
[action.response.3xx.outputs]
moved_to = "location"
```

## Instead
```toml
[action.response.3xx]
action_success = "FALSE"
outputs = { moved_to = "location" }
```

## Fix
None: whether a redirect is a success of this service is for you to say.

## When it stays silent
When `action_success` is set, whatever to: a service may answer a finished order with 303. When there is no group `3xx`.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &REDIRECT_COUNTS_AS_SUCCESS, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let groups = subject.plan.outcome.groups().iter();
    for group in groups.filter(|group| group.class == REDIRECTS && group.success_span.is_none()) {
        let message = "redirects are not followed, and count as success here by default";
        let diagnostic = Diagnostic::new(&REDIRECT_COUNTS_AS_SUCCESS, group.span, message).help(
            "set `action_success = \"FALSE\"`, or \"TRUE\" if a redirect is what the service answers when all is well",
        );
        found.push(diagnostic);
    }
}
