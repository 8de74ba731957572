//! A body that is not valid for its type.

use serde::de::IgnoredAny;

use super::sample_body::filled;
use crate::assumption::id;
use crate::case::{Case, Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::dialect::vonage::grammar::reference_length;
use crate::plan::{BodyPlan, BodyPosition, BodySyntax, BodyText, Expression, Plan, ValueSource};
use crate::selector::xml;
use crate::source::{Mapped, Span};
use crate::spec::json_text;
use crate::value::{Json, Value, json_text as text_of_json, plain_numbers};

/// A body that is not valid for its type.
pub static BODY_TYPE_MISMATCH: Lint = Lint {
    name: "body-type-mismatch",
    severity: Severity::Error,
    summary: "a body that is not valid for its type with sample values in place",
    page: r#"## What it does
Puts the values of each case into the body, and finds content that is not valid for its type then: JSON and XML that cannot
be read, JSON or markup as a form, JSON as HTML, fields of what is no form.

## Why this is bad
The body is sent under the Content-Type of its type (Vonage AI Studio documentation, Webhook, Body), and the platform gives
no warning about what is in it. A service that is told JSON and gets none answers 400 to every caller.

## Example
```toml
[action]
body = { type = "json", content = '{"note": "$NOTE",}' }
```

## Instead
```toml
[action]
body = { type = "json", content = '{"note": "$NOTE"}' }
```

## Fix
None: either the content or the type is wrong.

## When it stays silent
For a body of the type `text`, which may hold anything, and for HTML, which may hold nearly anything. Values inside of
quotes are encoded, and break nothing. Outside of quotes the assumption `unquoted_value` counts: with `quote-text` a text
gets quotes there, and a parameter without a value is `null`.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &BODY_TYPE_MISMATCH, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let BodyPlan::Text(body) = &subject.plan.request.body else { return };
    let Some(source) = body.source.as_ref() else { return };
    if let Some(diagnostic) = whatever_the_values(body, source) {
        found.push(diagnostic);
        return;
    }
    if body.syntax != BodySyntax::Json {
        return;
    }
    let broken = subject.cases.iter().find_map(|case| {
        let error = serde_json::from_str::<IgnoredAny>(&filled(body, |expression| unquoted(expression, case, subject.plan)))
            .err()?;
        Some((case, error))
    });
    if let Some((case, _)) = broken {
        let message = "the body is not JSON with the values of a case in it";
        let place =
            body.expressions_at(BodyPosition::JsonValue).next().map_or(source.inside(), |expression| expression.span);
        found.push(
            Diagnostic::new(&BODY_TYPE_MISMATCH, place, message)
                .related(case.name.span, "with the values of this case")
                .help("put the parameter in double quotes, or give it a number in each case"),
        );
    }
}

/// Fields of a form where none can be.
pub fn fields(span: Span, message: &str) -> Diagnostic {
    Diagnostic::new(&BODY_TYPE_MISMATCH, span, message)
        .help("write `type = \"form\"` with `fields`, or the whole body as `content`")
}

/// What stands outside of quotes in a case, under the assumption on it.
fn unquoted(expression: &Expression, case: &Case, plan: &Plan) -> String {
    let ValueSource::Attribute(name) = &expression.source else { return String::new() };
    let value = case.given.attribute(name).map_or(Json::Null, Value::to_json);
    if plan.assumptions.get(id::UNQUOTED_VALUE) == "quote-text" {
        return plain_numbers(value).to_string();
    }
    if value.is_null() { String::new() } else { text_of_json(&value) }
}

/// Content that no value can make valid.
fn whatever_the_values(body: &BodyText, source: &Mapped) -> Option<Diagnostic> {
    match body.syntax {
        BodySyntax::Json => not_json(body, source),
        BodySyntax::Xml => {
            let problem = xml::document(filled(body, |_| "x".into()).as_bytes()).err()?;
            let message = format!("the body is not XML: {}", problem.message);
            let help = problem.place.map(|(line, column)| format!("line {line}, column {column} of the content"));
            Some(Diagnostic::new(&BODY_TYPE_MISMATCH, source.inside(), message).help_if(help))
        }
        BodySyntax::Form => other_type(source, "a form").or_else(|| not_form(source)),
        BodySyntax::Html => other_type(source, "HTML").filter(|_| !source.text.trim_start().starts_with('<')),
        BodySyntax::Plain => None,
    }
}

fn not_json(body: &BodyText, source: &Mapped) -> Option<Diagnostic> {
    serde_json::from_str::<IgnoredAny>(&filled(body, |_| "0".into())).err()?;
    let diagnostic = |span, message: String| Diagnostic::new(&BODY_TYPE_MISMATCH, span, message);
    let help = "choose the type that the content has, or write JSON";
    match json_text::parse(source, reference_length) {
        Err(problem) => {
            let span = source.span(problem.range);
            Some(diagnostic(span, format!("the body is not JSON: {}", problem.message)).help(help))
        }
        Ok(_) => Some(diagnostic(source.inside(), "the body is not JSON".into()).help(help)),
    }
}

/// A JSON document or markup where neither belongs.
fn other_type(source: &Mapped, expected: &str) -> Option<Diagnostic> {
    let text = source.text.trim();
    let is_json = text.starts_with(['{', '[']) && text.ends_with(['}', ']']);
    let got = match () {
        () if is_json => "JSON",
        () if text.starts_with('<') && text.ends_with('>') => "markup",
        () => return None,
    };
    let message = format!("the body is said to be {expected}, and looks like {got}");
    Some(Diagnostic::new(&BODY_TYPE_MISMATCH, source.inside(), message).help("choose the type that the content has"))
}

fn not_form(source: &Mapped) -> Option<Diagnostic> {
    let (at, space) = source.text.char_indices().find(|(_, character)| character.is_whitespace())?;
    let span = source.span(at..at + space.len_utf8());
    let message = "white space in a form's body, which has `name=value` pairs joined by `&`";
    Some(
        Diagnostic::new(&BODY_TYPE_MISMATCH, span, message)
            .help("write `%20` for a space that belongs to a value, or use `fields`"),
    )
}
