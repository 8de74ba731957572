//! A context that does not exist.

use crate::assumption::id;
use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Edit, Fix, Lint, Severity, did_you_mean};
use crate::plan::{AttributeName, Expression, Plan, ValueSource};
use crate::source::{Span, Spanned};
use crate::spec::Contexts;
use crate::template::AccessorKey;

/// A context that does not exist.
pub static UNKNOWN_CONTEXT: Lint = Lint {
    name: "unknown-context",
    severity: Severity::Warning,
    summary: "a reference into a context that does not exist",
    page: r#"## What it does
Finds references whose context is neither one of the platform's nor listed under `contexts` in the manifest, and contexts
that stand without an attribute: `{session}`, `{_auth['key']}`.

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
`--fix --unsafe` replaces the context with the nearest one, if there is one that is near. Where an attribute of that name is
declared or written, as in `{tags.first}`, it puts `user.` before it.

## When it stays silent
For custom contexts that the manifest lists: `[project]` with `contexts = ["order"]`. For names without a context, which
belong to `user`. For keys of `outputs`, `[attributes]` and `given`: there `unknown-key` says it.
"#,
};

const OWN_CONTEXTS: &str = "a context of your own is listed under `contexts` in the manifest's `[project]`";

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &UNKNOWN_CONTEXT, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let plan = subject.plan;
    for (_, expression) in subject.all_expressions() {
        found.extend(context_alone(expression, plan));
        let ValueSource::UnknownContext { context, attribute } = &expression.source else { continue };
        let span = expression.context_span.unwrap_or(expression.span);
        let message = format!("no context named `{context}`, so {}", consequence(plan, attribute));
        let diagnostic = Diagnostic::new(&UNKNOWN_CONTEXT, span, message).help(OWN_CONTEXTS);
        found.push(match is_attribute(context, plan) {
            true => step_into(diagnostic, expression, context, plan),
            false => diagnostic.suggest(context, plan.contexts.iter().map(String::as_str), span),
        });
    }
    raw(plan, found);
}

/// Whether an attribute of that name is known in the default context.
fn is_attribute(name: &str, plan: &Plan) -> bool {
    let name = AttributeName::new(plan.default_context, name);
    plan.attribute_type(&name).is_some() || plan.targets().any(|target| target.name == name)
}

/// `{tags.first}`: the first of two names is a context, so the way into an attribute begins with its context.
fn step_into(diagnostic: Diagnostic, expression: &Expression, context: &str, plan: &Plan) -> Diagnostic {
    let default = plan.default_context;
    let span = expression.context_span.unwrap_or(expression.span);
    let edit = Edit { span: Span { end: span.start, ..span }, text: format!("{default}.") };
    let fix = Fix { title: format!("put `{default}.` before it"), safe: false, edits: vec![edit] };
    let ValueSource::UnknownContext { attribute, .. } = &expression.source else { return diagnostic };
    let help = format!(
        "`{context}` is an attribute, and the way into it begins with its context: `{default}.{context}.{attribute}`"
    );
    Diagnostic { fix: Some(fix), ..diagnostic.help(help) }
}

/// `{session}`: a context is no value, so the platform looks for an attribute of that name.
fn context_alone(expression: &Expression, plan: &Plan) -> Option<Diagnostic> {
    let ValueSource::Attribute(name) = &expression.source else { return None };
    if !is_context_alone(expression, plan) {
        return None;
    }
    let context = name.attribute();
    let message = format!("`{context}` is a context without an attribute: the platform reads `{name}`, which nothing fills");
    let help = match expression.path.first().map(|step| &step.key) {
        Some(AccessorKey::Key(key)) => format!("a context's attribute stands behind a dot: write `{context}.{key}`"),
        _ => format!("name one of its attributes behind a dot: `{context}.…`"),
    };
    Some(Diagnostic::new(&UNKNOWN_CONTEXT, expression.name_span, message).help(help))
}

/// Whether an expression reads the name of a context as if it were an attribute that nobody has.
pub fn is_context_alone(expression: &Expression, plan: &Plan) -> bool {
    let ValueSource::Attribute(name) = &expression.source else { return false };
    expression.context_span.is_none()
        && plan.contexts.iter().any(|context| context == name.attribute())
        && !is_attribute(name.attribute(), plan)
}

/// The dotted name for the raw reply whose head is no context is taken for one long name. Those of outputs are keys.
fn raw(plan: &Plan, found: &mut Vec<Diagnostic>) {
    let raw = plan.outcome.groups().iter().filter_map(|group| group.raw.as_ref());
    for target in raw.filter(|target| target.name.context() == plan.default_context) {
        let Some((context, _)) = target.name.attribute().split_once('.') else { continue };
        let message = format!("no context named `{context}`, so this is one name in `{}`", plan.default_context);
        let written = Spanned::new(target.name.attribute().to_string(), target.span);
        let place = written.beginning(context.len());
        let diagnostic = Diagnostic::new(&UNKNOWN_CONTEXT, place.unwrap_or(target.span), message);
        let known = plan.contexts.iter().map(String::as_str);
        let diagnostic = diagnostic.help(OWN_CONTEXTS);
        found.push(match place {
            Some(place) => diagnostic.suggest(context, known, place),
            None => diagnostic.help_if(did_you_mean(context, known)),
        });
    }
}

/// The context of an output that does not exist.
pub fn in_output(context: &str, span: Span, contexts: &Contexts) -> Diagnostic {
    let message = format!("no context named `{context}`, so the output goes into `{}`", contexts.default);
    let known = contexts.known.iter().map(String::as_str);
    Diagnostic::new(&UNKNOWN_CONTEXT, span, message).help(OWN_CONTEXTS).suggest(context, known, span)
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
    use crate::assumption::{Assumption, Assumptions};
    use crate::case::test_support::{expression, findings, plan_with};

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
        const OPEN: &[Assumption] =
            &[Assumption { name: id::UNKNOWN_CONTEXT, default: "drop", others: &["empty"], summary: "", page: "" }];
        plan.assumptions = Assumptions::defaults(OPEN);
        assert!(plan.assumptions.choose(id::UNKNOWN_CONTEXT, "empty"));
        assert_eq!(findings(&plan, &RULE)[0].message, "no context named `usr`, so the value is empty");
    }
}
