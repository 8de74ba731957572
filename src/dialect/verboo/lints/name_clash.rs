//! A name that stands for two things.

use super::known::{given, of_context, places};
use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::dialect::verboo::{ARGUMENTS, CLIENT_DATA, IMAGES, SYSTEM};
use crate::plan::AttributeName;
use crate::source::Span;
use crate::value::{Data, Json};

/// A name that stands for two things.
pub static NAME_CLASH: Lint = Lint {
    name: "name-clash",
    severity: Severity::Warning,
    summary: "one name for an argument and client data, or a name of your own like a system variable's",
    page: r#"## What it does
Finds a name that is both a parameter of the trigger and a key of the client data; a name of your own with a dot in it, as
only system variables have, also as an object of that name; and one called `images`.

## Why this is bad
All variables are written in the same way, `$name` (Verboo documentation, Webhook, Available Variables). Which value counts
when two have one name is not documented; see the assumption `same_name`. A reader cannot tell either.

## Example
```toml
dialect = "verboo"
[action]
url = "https://crm.example.com/plans/$plan"
method = "GET"
[trigger]
name = "change_plan"
parameters = { type = "object", properties = { plan = { type = "string" } }, required = ["plan"] }
[client_data]
plan = "string"
```

## Instead
```toml
dialect = "verboo"
[action]
url = "https://crm.example.com/plans/$new_plan"
method = "GET"
[trigger]
name = "change_plan"
parameters = { type = "object", properties = { new_plan = { type = "string" } }, required = ["new_plan"] }
[client_data]
plan = "string"
```

## Fix
None: which of the two gets another name is yours to say.

## When it stays silent
For names that begin with each other, which `prefix-capture` is about.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &NAME_CLASH, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let places = places(subject);
    for context in [CLIENT_DATA, ARGUMENTS] {
        for (name, span) in of_context(&places, context) {
            found.extend(like_the_platforms(name, span, subject));
        }
    }
    for (name, span) in of_context(&places, CLIENT_DATA) {
        let argument = AttributeName::new(ARGUMENTS, name.attribute());
        if let Some(other) = places.get(&argument) {
            let message = format!("`{}` is the name of an argument and of client data", name.attribute());
            let diagnostic = Diagnostic::new(&NAME_CLASH, span, message);
            let diagnostic = if *other == span { diagnostic } else { diagnostic.related(*other, "the other one") };
            found.push(diagnostic.help("give one of them another name: which value counts is not documented"));
        }
    }
}

fn like_the_platforms(name: &AttributeName, span: Span, subject: &Subject<'_>) -> Option<Diagnostic> {
    let written = name.attribute();
    let holds = |value: &crate::value::Value, key: &str| match &value.data {
        Data::Json(Json::Object(entries)) => entries.contains_key(key),
        _ => false,
    };
    let system = SYSTEM.iter().find(|(context, key, _)| {
        let is_object = *context == written && given(subject, name).iter().any(|value| holds(value, key));
        is_object || format!("{context}.{key}") == written
    });
    let message = match system {
        Some((context, key, _)) => format!("`${context}.{key}` is a system variable, which `{name}` cannot replace"),
        None if written == IMAGES => format!("`${IMAGES}` is the list of images, which `{name}` cannot replace"),
        None if written.contains('.') => format!("`{written}` has a dot, as only system variables have"),
        None => return None,
    };
    Some(Diagnostic::new(&NAME_CLASH, span, message).help("give it another name"))
}
