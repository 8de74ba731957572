//! A name that is nearly that of a declared attribute.

use std::collections::HashSet;

use crate::case::{Neighbours, ProjectRule, Summary};
use crate::diagnostic::{Diagnostic, Edit, Fix, Lint, MOST_COMPARED, Severity};
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
        .filter_map(|known| Some((distance(name.attribute(), known.0.attribute())?, known)))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}

/// How far apart two names are that may be meant to be one; `None` when they are two names.
fn distance(written: &str, known: &str) -> Option<usize> {
    /// A name longer than this is not compared.
    const LONGEST: usize = 64;
    if written.len() > LONGEST || known.len() > LONGEST || written.len().abs_diff(known.len()) > LONGEST / 2 {
        return None;
    }
    let (written, known) = (written.to_lowercase(), known.to_lowercase());
    let joined = |name: &str| name.replace(['_', '-'], "");
    if joined(&written) == joined(&known) {
        return Some(0);
    }
    let digits = |name: &str| name.chars().filter(char::is_ascii_digit).collect::<String>();
    if digits(&written) != digits(&known) {
        return None;
    }
    let distance = strsim::osa_distance(&written, &known);
    let words: (Vec<&str>, Vec<&str>) = (written.split('_').collect(), known.split('_').collect());
    let is_near = match words.0.len() == words.1.len() {
        true => words.0.iter().zip(&words.1).all(|(one, other)| words_are_near(one, other)),
        false => distance <= 1,
    };
    (is_near && distance <= 2).then_some(distance)
}

/// One letter apart, or two in a long word. Short words are words of their own: of them one may only lack a letter.
fn words_are_near(one: &str, other: &str) -> bool {
    /// From this many letters on, two may be wrong.
    const LONG: usize = 8;
    const SHORT: usize = 4;
    let lengths = (one.chars().count(), other.chars().count());
    let distance = strsim::osa_distance(one, other);
    match lengths.0.max(lengths.1) {
        _ if one == other => true,
        length if length >= LONG => distance <= 2,
        length if length > SHORT => distance <= 1,
        length => length == SHORT && distance <= 1 && lengths.0 != lengths.1 && !is_plural(one, other),
    }
}

fn is_plural(one: &str, other: &str) -> bool {
    one.strip_suffix('s') == Some(other) || other.strip_suffix('s') == Some(one)
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

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn slips_are_near_and_other_names_are_not() {
        for (written, known) in [
            ("custmer_id", "customer_id"),
            ("costumer_id", "customer_id"),
            ("oder_number", "order_number"),
            ("has_related_attacks", "has_related_attack"),
            ("customerId", "customer_id"),
            ("emial", "email"),
            ("orders", "order"),
            ("usr_id", "user_id"),
        ] {
            assert!(distance(written, known).is_some(), "{written} {known}");
        }
        for (written, known) in [
            ("line_1", "line_2"),
            ("address1", "address2"),
            ("ticket_id", "ticket_no"),
            ("first_order", "last_order"),
            ("order_id", "user_id"),
            ("order", "order_id"),
            ("start_date", "end_date"),
            ("mail", "male"),
            ("data", "date"),
            ("code", "mode"),
            ("day", "pay"),
            ("days", "day"),
            ("from", "form"),
            ("city", "pity"),
            ("state", "status"),
            ("order_ids", "order_id"),
        ] {
            assert!(distance(written, known).is_none(), "{written} {known}");
        }
    }
}
