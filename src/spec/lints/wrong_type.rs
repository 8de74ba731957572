//! A value of the wrong kind.

use crate::diagnostic::{Diagnostic, Edit, Fix, Lint, Severity};
use crate::source::Span;
use crate::spec::node::{Kind, Node};

/// A value of the wrong kind.
pub static WRONG_TYPE: Lint = Lint {
    name: "wrong-type",
    severity: Severity::Error,
    summary: "a value of the wrong kind",
    page: r#"## What it does
Finds values that are of another kind than the key wants: text where a number belongs, a number where a table belongs, a
word that is not one of the allowed ones.

## Why this is bad
The value cannot be used, so the setting is not there. A mistake inside `[action]` means that the cases do not run.

## Example
```toml
[[case]]
name = "opens a ticket"
[case.reply]
status = "201"
```

## Instead
```toml
[[case]]
name = "opens a ticket"
[case.reply]
status = 201
```

## Fix
Where a value of the right kind is written in the wrong way and can mean one thing only, the edit is safe: a number or a
boolean in quotes, a number or a date without them, one text where a list of texts belongs, `true` where the platform has
`"TRUE"`. A near word of a closed set is a guess, and so is a list of one for `not_written`, which takes a word too, and a
number that another way of writing may stand behind, such as
`0x10` or `1.50` as text. In all other cases what was meant cannot be guessed: `raw = true` is no attribute called `true`.

## When it stays silent
About the values of attributes (`given`) and the JSON of a reply: those may be of any kind, and are turned into the
attribute's declared type as the platform does it.
"#,
};

/// Both in a user's words with their article: "a table", "text".
pub fn found(span: Span, expected: &str, got: &str) -> Diagnostic {
    Diagnostic::new(&WRONG_TYPE, span, format!("expected {expected}, found {got}"))
}

fn replaced(span: Span, text: impl Into<String>, safe: bool) -> Fix {
    let text = text.into();
    Fix { title: format!("write `{text}`"), safe, edits: vec![Edit { span, text }] }
}

/// Around a value that stays as it is written: it may be a secret's.
fn enclosed(node: &Node, open: &str, close: &str, title: &str, safe: bool) -> Fix {
    let before = Span { end: node.span.start, ..node.span };
    let edit = |span, text: &str| Edit { span, text: text.into() };
    Fix { title: title.into(), safe, edits: vec![edit(before, open), edit(node.span.after(), close)] }
}

/// A number, a boolean or a date as text. Safe where it is written as it reads: `1_000` may be meant as `1000`.
pub fn as_text(node: &Node) -> Option<Fix> {
    let reads = match &node.kind {
        Kind::Integer(number) => number.to_string(),
        Kind::Float(number) => number.to_string(),
        Kind::Boolean(flag) => flag.to_string(),
        Kind::DateTime(date) => date.clone(),
        Kind::Text(_) | Kind::Array(_) | Kind::Table(_) => return None,
    };
    let is_written_so = reads.len() == node.span.end - node.span.start;
    Some(enclosed(node, "\"", "\"", "put it in quotes", is_written_so))
}

/// One text as a list of one.
pub fn as_list(node: &Node) -> Option<Fix> {
    node.as_text()?;
    Some(enclosed(node, "[", "]", "make it a list of one", true))
}

/// One text as a list of one, where the key takes a word too.
pub fn perhaps_as_list(node: &Node) -> Option<Fix> {
    as_list(node).map(|fix| Fix { safe: false, ..fix })
}

/// A boolean in quotes; other words and numbers for one are guesses.
pub fn as_boolean(node: &Node) -> Option<Fix> {
    let word = match &node.kind {
        Kind::Text(text) => text.text.to_string(),
        Kind::Integer(number) => number.to_string(),
        _ => return None,
    };
    let flag = match word.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" | "1" => "true",
        "false" | "no" | "off" | "0" => "false",
        _ => return None,
    };
    Some(replaced(node.span, flag, word == flag))
}

/// A whole number in quotes, or with a fraction of nothing.
pub fn as_integer(node: &Node, is_allowed: fn(i64) -> bool) -> Option<Fix> {
    let (number, safe) = match &node.kind {
        Kind::Text(text) => {
            let number = text.text.parse::<i64>().ok()?;
            (number, *number.to_string() == *text.text)
        }
        Kind::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => (*number as i64, false),
        _ => return None,
    };
    is_allowed(number).then(|| replaced(node.span, number.to_string(), safe))
}

/// Another way to write the one thing that the value can mean.
pub fn as_written(node: &Node, written: impl Into<String>, safe: bool) -> Fix {
    replaced(node.span, written, safe)
}
