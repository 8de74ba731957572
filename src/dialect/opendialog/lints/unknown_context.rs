//! A context that does not exist.

use crate::assumption::id;
use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity, did_you_mean};
use crate::plan::{Plan, ValueSource};
use crate::source::Spanned;

/// A context that does not exist.
pub static UNKNOWN_CONTEXT: Lint = Lint {
    name: "unknown-context",
    severity: Severity::Warning,
    summary: "a reference into a context that does not exist",
    page: r#"## What it does
Finds references whose context is neither one of the platform's nor listed under `contexts` in the manifest.

## Why this is bad
The platform gives no error. Its engine of 2021 drops a context that it does not know and looks for the rest in `user`,
with a warning in a log that you do not see: `{usr.name}` reads `user.name`, and `{order.id}` reads `user.id`. What today's
engine does is not documented; see `unknown_context`. The contexts are listed in the OpenDialog documentation, Contexts.

## Example
```toml
[action.headers]
X-Name = "{usr.first_name}"
```

## Instead
```toml
[action.headers]
X-Name = "{user.first_name}"
```

## Fix
`--fix --unsafe` replaces the context with the nearest one, if there is one that is near.

## When it stays silent
For custom contexts that the manifest lists: `[project]` with `contexts = ["order"]`. For names without a context, which
belong to `user`.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &UNKNOWN_CONTEXT, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let plan = subject.plan;
    for (_, expression) in &subject.expressions {
        let ValueSource::UnknownContext { context, attribute } = &expression.source else { continue };
        let span = expression.context_span.unwrap_or(expression.span);
        let message = format!("no context named `{context}`, so {}", consequence(plan, attribute));
        let diagnostic = Diagnostic::new(&UNKNOWN_CONTEXT, span, message)
            .help("a context of your own is listed under `contexts` in the manifest's `[project]`");
        found.push(diagnostic.suggest(context, plan.contexts.iter().map(String::as_str), span));
    }
    outputs(plan, found);
}

/// An output's dotted name whose head is no context is taken for one long name.
fn outputs(plan: &Plan, found: &mut Vec<Diagnostic>) {
    for target in plan.targets().filter(|target| target.name.context() == plan.default_context) {
        let Some((context, _)) = target.name.attribute().split_once('.') else { continue };
        let message = format!("no context named `{context}`, so this is one name in `{}`", plan.default_context);
        let written = Spanned::new(target.name.attribute().to_string(), target.span);
        let place = written.beginning(context.len());
        let diagnostic = Diagnostic::new(&UNKNOWN_CONTEXT, place.unwrap_or(target.span), message);
        let known = plan.contexts.iter().map(String::as_str);
        found.push(match place {
            Some(place) => diagnostic.suggest(context, known, place),
            None => diagnostic.help_if(did_you_mean(context, known)),
        });
    }
}

fn consequence(plan: &Plan, attribute: &str) -> String {
    match plan.assumptions.get(id::UNKNOWN_CONTEXT) {
        "empty" => "the value is empty".to_string(),
        _ => format!("the platform reads `{}.{attribute}`", plan.default_context),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assumption::Assumptions;
    use crate::case::test_support::{expression, findings, plan_with};
    use crate::dialect::opendialog::assumptions::ASSUMPTIONS;

    fn reading(context: &str) -> Plan {
        let source = ValueSource::UnknownContext { context: context.into(), attribute: "name".into() };
        plan_with(expression(source))
    }

    #[test]
    fn the_nearest_context_is_suggested() {
        let found = findings(&reading("usr"), &RULE);
        assert_eq!(found[0].message, "no context named `usr`, so the platform reads `user.name`");
        assert_eq!(found[0].help.as_deref(), Some("did you mean `user`?"));
        let far = findings(&reading("order"), &RULE);
        assert!(far[0].help.as_deref().is_some_and(|help| help.contains("[project]")) && far[0].fix.is_none());
    }

    #[test]
    fn the_message_follows_the_assumption() {
        let mut plan = reading("usr");
        plan.assumptions = Assumptions::defaults(ASSUMPTIONS);
        assert!(plan.assumptions.choose(id::UNKNOWN_CONTEXT, "empty"));
        assert_eq!(findings(&plan, &RULE)[0].message, "no context named `usr`, so the value is empty");
    }
}
