//! A variable that has the name of a built-in value.

use super::undefined_auth_variable::BUILT_IN;
use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::plan::{AuthVariable, Authentication, Expression, Text, ValueSource};

/// A variable that has the name of a built-in value.
pub static SHADOWED_AUTH_BUILTIN: Lint = Lint {
    name: "shadowed-auth-builtin",
    severity: Severity::Warning,
    summary: "a variable named `uuid`, `timestamp` or `timestamp_micro`, as a value that is built in",
    page: r#"## What it does
Finds variables of the authentication named `uuid`, `timestamp` or `timestamp_micro`.

## Why this is bad
`_auth` holds values of these names already (OpenDialog documentation, Webhook action, Built-in _auth variables). Which of
the two `{_auth.timestamp}` then reads is not documented, so a signature may be made of another value than you think.
Hookwright takes the variable when it runs a case. One that reads its own name, such as `timestamp = "{_auth.timestamp}"`,
is then a circle, and nothing is sent.

## Example
```toml
[action.auth.variables]
timestamp = "{session.started_at}"
```

## Instead
```toml
[action.auth.variables]
started_at = "{session.started_at}"
```

## Fix
None: give the variable another name, here and wherever it is read.

## When it stays silent
For all other names, such as `nonce` or `request_uuid`, and for names in capitals.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &SHADOWED_AUTH_BUILTIN, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let Authentication::Header(header) = &subject.plan.authentication else { return };
    for variable in header.variables.iter().filter(|variable| BUILT_IN.contains(&variable.name.value.as_str())) {
        let name = &variable.name.value;
        let message = format!("`{name}` is built in too, and which of the two `{{_auth.{name}}}` reads is not documented");
        let help = match reads_itself(variable) {
            true => format!("leave it out: `{{_auth.{name}}}` works without it, and this one reads itself"),
            false => format!("give it another name, such as `own_{name}`"),
        };
        found.push(Diagnostic::new(&SHADOWED_AUTH_BUILTIN, variable.name.span, message).help(help));
    }
}

fn reads_itself(variable: &AuthVariable) -> bool {
    let texts = variable.value.texts().into_iter().flat_map(Text::expressions);
    texts.flat_map(Expression::with_arguments).any(|expression| built_in(&expression.source) == Some(&variable.name.value))
}

/// The name of a built-in value.
fn built_in(source: &ValueSource) -> Option<&'static str> {
    let [uuid, timestamp, timestamp_micro] = BUILT_IN;
    match source {
        ValueSource::Uuid => Some(uuid),
        ValueSource::TimestampSeconds => Some(timestamp),
        ValueSource::TimestampMicroseconds => Some(timestamp_micro),
        _ => None,
    }
}
