//! An output into a context that nothing can be written into.

use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::source::Spanned;

/// The contexts that cannot be written into, and what stands there (page "Contexts"; `_auth` takes variables of the
/// authentication alone).
const READ_ONLY: &[(&str, &str)] = &[
    ("global", "values that are set for the whole workspace"),
    ("secret", "secrets that are set in the workspace"),
    ("conversation", "the place in the conversation"),
    ("history", "what was said so far"),
    ("message_history", "what was said so far"),
    ("interpretation", "how the user's words were understood"),
    ("_intent", "the intent that is being interpreted"),
    ("_webhook", "the request as it was sent"),
    ("_auth", "the variables of the authentication"),
];

/// An output into a context that nothing can be written into.
pub static OUTPUT_INTO_READ_ONLY_CONTEXT: Lint = Lint {
    name: "output-into-read-only-context",
    severity: Severity::Error,
    summary: "an output into a context that cannot be written into",
    page: r#"## What it does
Finds outputs, and attributes for the raw response, in contexts that are read only: `global`, `secret`, `conversation`,
`history`, `message_history`, `interpretation`, `_intent`, `_webhook` and `_auth`.

## Why this is bad
Actions write into `user`, which lasts, `session`, which lasts for one request, and custom contexts. The others are filled by
the platform or in the workspace's settings and are read only (OpenDialog documentation, Contexts). A value that is mapped
there is lost: a message that shows it shows what stood there before, or nothing.

## Example
```toml
[action.response.2xx.outputs]
"global.api_version" = "version"
```

## Instead
```toml
[action.response.2xx.outputs]
"user.api_version" = "version"
```

## Fix
None: whether the value belongs into `user` or into `session` is for you to say.

## When it stays silent
For `user`, `session` and the contexts that the manifest lists. For a context that does not exist, which is
`unknown-context`.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &OUTPUT_INTO_READ_ONLY_CONTEXT, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for target in subject.plan.targets() {
        let Some((context, holds)) = READ_ONLY.iter().find(|(context, _)| *context == target.name.context()) else {
            continue;
        };
        let message = format!("`{context}` is read only, so the value for `{}` is lost", target.name);
        let help = format!(
            "`{context}` holds {holds}; write into `user.{0}`, or into `session.{0}` for this request alone",
            target.name.attribute()
        );
        let written = Spanned::new(target.name.full().to_string(), target.span);
        let span = written.beginning(context.len()).unwrap_or(target.span);
        found.push(Diagnostic::new(&OUTPUT_INTO_READ_ONLY_CONTEXT, span, message).help(help));
    }
}
