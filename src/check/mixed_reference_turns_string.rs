//! A reference in the body that loses its type.

use super::types::{Kind, Type, Types, with_declaration, written_with_steps};
use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::plan::{BodyPlan, Expression, Place, Plan, Text, TextPiece, ValueSource};

/// A reference in the body that loses its type.
pub static MIXED_REFERENCE_TURNS_STRING: Lint = Lint {
    name: "mixed-reference-turns-string",
    severity: Severity::Warning,
    summary: "a value of the body that is sent as text, though it is none",
    page: r#"## What it does
Looks at the strings of the JSON body. Finds a number, a boolean, a collection or JSON that stands in one string
together with other text, and a reference that would stand alone if there were no spaces beside it.

## Why this is bad
A reference alone in its string keeps the type of its attribute; together with anything else, a space included, it
becomes text (OpenDialog documentation, Webhook action, Request body). The service receives `"36 "` where it expects
`36`, and many services refuse that.

## Example
```toml
[action]
body = '{ "age": " {age} " }'

[attributes]
age = "int"
```

## Instead
```toml
[action]
body = '{ "age": "{age}" }'

[attributes]
age = "int"
```

## Fix
None: a text may be what the service wants.

## When it stays silent
In headers, in the URL, in the authentication and in the keys of the body, where everything is text. For strings and
timestamps among other text; for what a filter has made of a value, such as the number that `count` gives; and among
other text for attributes whose type is neither declared nor known from the platform or the manifest's `[global]`.
With spaces beside a lone reference only a string is passed over. For what does not exist in a body, such as
`{_auth.timestamp}`, which `context-out-of-phase` says."#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &MIXED_REFERENCE_TURNS_STRING, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let plan = subject.plan;
    let is_read = subject.expressions.iter().any(|(place, _)| *place == Place::Body);
    if !is_read || !matches!(plan.request.body, BodyPlan::Json { .. }) {
        return;
    }
    let types = Types::with_constants(subject);
    for (place, text) in plan.texts() {
        if place != Place::Body || text.lone().is_some() {
            continue;
        }
        match spaced(text) {
            Some(expression) if is_absent(expression, plan) => {}
            Some(expression) => found.extend(between_spaces(text, expression, types, plan)),
            None => found.extend(present(text, plan).filter_map(|expression| among_text(expression, types, plan))),
        }
    }
}

/// The references of a text that can have a value.
fn present<'a>(text: &'a Text, plan: &Plan) -> impl Iterator<Item = &'a Expression> {
    text.expressions().filter(|expression| !is_absent(expression, plan))
}

/// Whether there is nothing to lose: what belongs to the authentication does not exist in a body.
fn is_absent(expression: &Expression, plan: &Plan) -> bool {
    match &expression.source {
        ValueSource::Variable(_)
        | ValueSource::Uuid
        | ValueSource::TimestampSeconds
        | ValueSource::TimestampMicroseconds => true,
        ValueSource::Attribute(name) => plan.absent_contexts.contains(&name.context()),
        _ => false,
    }
}

/// The only reference of a text that is white space otherwise.
fn spaced(text: &Text) -> Option<&Expression> {
    let mut only = None;
    for piece in &text.pieces {
        match piece {
            TextPiece::Literal(literal) if literal.trim().is_empty() => {}
            TextPiece::Value(expression) if only.is_none() => only = Some(expression),
            _ => return None,
        }
    }
    only
}

fn between_spaces<'a>(text: &Text, expression: &'a Expression, types: Types<'a>, plan: &Plan) -> Option<Diagnostic> {
    let kind = types.of(expression).kind();
    if matches!(kind, Some(Kind::Text | Kind::Bytes)) {
        return None;
    }
    let name = written_with_steps(expression, expression.path.len(), plan);
    let message = match kind {
        Some(kind) if expression.filters.is_empty() => {
            format!("`{name}` is {}, but the spaces beside it turn it into text", kind.described())
        }
        _ => format!("the spaces beside `{name}` turn it into text, whatever its type"),
    };
    let diagnostic = Diagnostic::new(&MIXED_REFERENCE_TURNS_STRING, text.span, message)
        .help("take the spaces away: only a reference alone in its quotes keeps its type");
    Some(with_declaration(diagnostic, &expression.source, plan))
}

fn among_text<'a>(expression: &'a Expression, types: Types<'a>, plan: &Plan) -> Option<Diagnostic> {
    let known = types.of(expression);
    let result = sent_as(&known)?;
    let message = format!(
        "`{}` is {}, but among other text it is sent as {result}",
        written_with_steps(expression, expression.path.len(), plan),
        known.kind()?.described()
    );
    let diagnostic = Diagnostic::new(&MIXED_REFERENCE_TURNS_STRING, expression.span, message).help(
        "only a reference alone in its quotes keeps its type; if the service wants this text, allow the lint with a reason",
    );
    Some(with_declaration(diagnostic, &expression.source, plan))
}

/// What becomes of a value that was meant to be no text.
fn sent_as(known: &Type<'_>) -> Option<&'static str> {
    let is_computed = known.made_by.is_some();
    Some(match known.kind()? {
        Kind::Int | Kind::Float | Kind::Boolean if !is_computed => "text",
        Kind::List => "its items joined by `:`",
        Kind::Object | Kind::Json => "JSON in a text",
        _ => return None,
    })
}
