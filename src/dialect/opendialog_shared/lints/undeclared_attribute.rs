//! A name that is nearly that of a declared attribute.

use std::collections::HashSet;

use crate::case::{Neighbours, ProjectRule, Summary};
use crate::diagnostic::{Diagnostic, Edit, Fix, Lint, MOST_COMPARED, Severity, slip_distance};
use crate::plan::AttributeName;
use crate::source::Span;

/// A name that is nearly that of a declared attribute.
pub static UNDECLARED_ATTRIBUTE: Lint = Lint {
    name: "undeclared-attribute",
    severity: Severity::Warning,
    summary: "an attribute that is not declared, with nearly the name of one that is",
    page: r#"## What it does
Looks at the attributes that the request reads. Finds those that are neither declared, nor written by an action, nor
the platform's own, when the name of an attribute in the same context that is declared, or that the manifest gives under
`[global]`, is close: a letter or two apart, or the
same but for letter case and underscores.

## Why this is bad
The platform does not know that two names are meant to be one. It reads an attribute that nothing fills, and sends
nothing in its place, without an error (OpenDialog documentation, Using attributes in messages).

## Example
```toml
[action]
url = "https://shop.example.com/orders/{oder_number}"

[attributes]
order_number = "string"
```

## Instead
```toml
[action]
url = "https://shop.example.com/orders/{order_number}"

[attributes]
order_number = "string"
```

## Fix
`--fix --unsafe` writes the declared name (a guess).

## When it stays silent
When no declared name is close: attributes need not be declared. When the names differ in a number (`line_1`,
`line_2`), in whole words (`ticket_id`, `ticket_no`), in more than one letter of a word of up to seven, or in a letter of a
word of up to four (`data`, `date`), unless one of them merely lacks it (`usr_id`, `user_id`).
"#,
};

/// Finds it among the specs of a run.
pub static RULE: ProjectRule = ProjectRule { lint: &UNDECLARED_ATTRIBUTE, check };

fn check(summary: &Summary, neighbours: &Neighbours<'_>, found: &mut Vec<Diagnostic>) {
    if summary.declared.is_empty() {
        return;
    }
    let declared: HashSet<&AttributeName> = summary.declared.iter().map(|(name, _)| name).collect();
    for (name, span) in &summary.reads {
        if declared.contains(name) || is_known(name, summary, neighbours) {
            continue;
        }
        if let Some((declared, place)) = nearest(name, &summary.declared) {
            found.push(misspelt(name, *span, declared, *place));
        }
    }
}

fn is_known(name: &AttributeName, summary: &Summary, neighbours: &Neighbours<'_>) -> bool {
    let is_own = || summary.own_attributes.iter().any(|(own, _)| *own == name.attribute());
    name.context() == summary.default_context && is_own()
        || neighbours.writers.contains_key(name)
        || neighbours.default_writers.contains_key(name)
}

type Declared = (AttributeName, Option<Span>);

fn nearest<'a>(name: &AttributeName, declared: &'a [Declared]) -> Option<&'a Declared> {
    let near = declared.iter().filter(|(known, _)| known.context() == name.context());
    near.take(MOST_COMPARED)
        .filter_map(|known| Some((slip_distance(name.attribute(), known.0.attribute())?, known)))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}

fn misspelt(name: &AttributeName, span: Span, declared: &AttributeName, place: Option<Span>) -> Diagnostic {
    let near = declared.attribute();
    let message = format!("`{name}` is declared nowhere and no action writes it, so nothing is sent in its place");
    let fix =
        Fix { title: format!("replace with `{near}`"), safe: false, edits: vec![Edit { span, text: near.to_string() }] };
    let diagnostic = Diagnostic { fix: Some(fix), ..Diagnostic::new(&UNDECLARED_ATTRIBUTE, span, message) };
    match place {
        Some(place) => diagnostic
            .related(place, format!("`{near}` is declared here"))
            .help(format!("did you mean `{near}`? if not, declare this one too, under `[attributes]`")),
        None => diagnostic.help(format!(
            "did you mean `{near}`, which the manifest gives? if not, add this one to its `[{}]`",
            name.context()
        )),
    }
}
