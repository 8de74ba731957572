//! A filter's argument that was meant to be a reference, and is text.

use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Edit, Fix, Lint, Severity, nearest};
use crate::filter::Filter;
use crate::plan::{AuthValue, Authentication, FilterArgument, FilterUse, FunctionUse, Plan, Text};
use crate::source::Span;

/// A filter's argument that was meant to be a reference, and is text.
pub static UNPREFIXED_REFERENCE_ARGUMENT: Lint = Lint {
    name: "unprefixed-reference-argument",
    severity: Severity::Warning,
    summary: "a filter's argument that looks like a reference, and lacks the `@` that would make it one",
    page: r#"## What it does
Finds arguments of filters that look like a reference, `secret.key` or `session.city`, but do not begin with `@`. In the
function `hmac-sha256(data, key)`, whose arguments are templates, it finds references without braces.

## Why this is bad
An argument without `@` is text (OpenDialog documentation, Attribute filters). `hmac sha256 secret.key text` signs with the
ten letters `secret.key`, which anybody can do; `replace "x" session.city` puts `session.city` into the text. The platform
reports nothing.

## Example
```toml
[action.auth.variables]
signed = "{_auth.timestamp}.{_webhook.body}"
signature = "{_auth.signed | hmac sha256 secret.key text | base64}"
```

## Instead
```toml
[action.auth.variables]
signed = "{_auth.timestamp}.{_webhook.body}"
signature = "{_auth.signed | hmac sha256 @secret.key text | base64}"
```

## Fix
`--fix --unsafe` puts the `@` before it, or the braces around it: a guess, since the text may be meant as it stands.

## When it stays silent
For text in quotes, except as the key of `hmac`; for names without a context, such as `city`; for a context that neither
the platform nor the manifest knows; and for the field of `where` and `select`, in which dots lead into an item.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &UNPREFIXED_REFERENCE_ARGUMENT, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for (_, expression) in subject.all_expressions() {
        for filter in &expression.filters {
            let FilterUse::Known { filter, arguments, .. } = filter else { continue };
            let arguments = arguments.iter().enumerate();
            found.extend(arguments.filter_map(|(index, argument)| check_argument(subject.plan, filter, index, argument)));
        }
    }
    if let Authentication::Header(header) = &subject.plan.authentication {
        let functions = header.variables.iter().filter_map(|variable| match &variable.value {
            AuthValue::Function(function) => Some(function),
            AuthValue::Text(_) => None,
        });
        found.extend(functions.flat_map(|function| check_function(subject.plan, function)));
    }
}

fn check_argument(plan: &Plan, filter: &Filter, index: usize, argument: &FilterArgument) -> Option<Diagnostic> {
    let FilterArgument::Text { text, span } = argument else { return None };
    let is_key = is_key(filter, index);
    let is_quoted = span.end - span.start != text.len();
    let is_path = filter.parameters.get(index).is_some_and(|parameter| parameter.name == "field");
    if (is_quoted && !is_key) || is_path || !is_reference(plan, text, is_key) {
        return None;
    }
    let message = match is_key {
        true => format!("the key is the text `{text}` itself, which anybody can sign with: the `@` is missing"),
        false => format!("`{text}` is used as text: the `@` is missing"),
    };
    let edit = match is_quoted {
        true => Edit { span: *span, text: format!("@{text}") },
        false => Edit { span: Span::new(span.file, span.start, span.start), text: "@".into() },
    };
    let help = format!("an argument is a reference only with `@`: write `@{text}`");
    Some(finding(*span, message, help, ("put `@` before it", edit)))
}

fn check_function(plan: &Plan, function: &FunctionUse) -> Vec<Diagnostic> {
    if function.function.is_none() {
        return Vec::new();
    }
    let found = function.arguments.iter().filter_map(|argument| {
        let name = unbraced(plan, argument)?;
        let message = format!("`{}` is used as text: it stands outside braces", argument.literal()?);
        let edit = Edit { span: argument.span, text: format!("{{{name}}}") };
        let help = format!("an argument of a function is a reference only in braces: write `{{{name}}}`");
        Some(finding(argument.span, message, help, ("put it in braces", edit)))
    });
    found.collect()
}

fn finding(span: Span, message: String, help: String, (title, edit): (&str, Edit)) -> Diagnostic {
    let mut diagnostic = Diagnostic::new(&UNPREFIXED_REFERENCE_ARGUMENT, span, message).help(help);
    diagnostic.fix = Some(Fix { title: title.into(), safe: false, edits: vec![edit] });
    diagnostic
}

/// The reference that a text, such as an argument of a function, was meant to be.
pub fn unbraced(plan: &Plan, argument: &Text) -> Option<String> {
    let text = argument.literal()?;
    let name = text.trim_start_matches('@');
    is_reference(plan, name, true).then(|| name.to_string())
}

fn is_key(filter: &Filter, index: usize) -> bool {
    filter.name == "hmac" && index == 1
}

/// Whether the key of a signature is text that was meant to be a reference.
pub fn is_meant_as_reference(plan: &Plan, key: &FilterArgument) -> bool {
    matches!(key, FilterArgument::Text { text, .. } if is_reference(plan, text, true))
}

/// Whether a text is `context.name`, of a context that exists; `nearly`: or of one that is almost named so.
fn is_reference(plan: &Plan, text: &str, nearly: bool) -> bool {
    let Some((context, rest)) = text.split_once('.') else { return false };
    let name = rest.split('[').next().unwrap_or(rest);
    let is_name = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
    };
    if !is_name(context) || !name.split('.').all(is_name) {
        return false;
    }
    let contexts = || plan.contexts.iter().map(String::as_str);
    contexts().any(|known| known == context) || (nearly && nearest(context, contexts()).is_some())
}

#[cfg(test)]
mod tests {
    use super::is_reference;
    use crate::case::test_support::plan;

    #[test]
    fn a_context_and_a_name() {
        let plan = plan();
        for text in ["user.name", "secret.api-key", "session.order.id", "user.address['city']"] {
            assert!(is_reference(&plan, text, false), "{text}");
        }
        for text in ["d.m.Y", "name", "user.", "user.1", "user.a b", "order.id", "secrets.key", ".", "user.a..b"] {
            assert!(!is_reference(&plan, text, false), "{text}");
        }
        assert!(is_reference(&plan, "secrets.key", true) && !is_reference(&plan, "order.id", true));
    }
}
