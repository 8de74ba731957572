//! A segment of the path that a case leaves empty.

use percent_encoding::utf8_percent_encode;

use super::types::inside;
use super::user_fed::name;
use crate::case::{Case, Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::plan::{COMPONENT, Expression, FilterUse, Located, UrlPosition, ValueSource};
use crate::template::Accessor;
use crate::value::{Data, Value};

/// A segment of the path that a case leaves empty.
pub static EMPTY_PATH_SEGMENT: Lint = Lint {
    name: "empty-path-segment",
    severity: Severity::Warning,
    summary: "a reference alone in a path segment that a case leaves empty: `/customers//session`",
    page: r#"## What it does
Finds references that are a whole segment of the URL's path and have no value in one of the cases: not given, null, or
an empty text.

## Why this is bad
The platform removes a reference without a value and sends the rest (OpenDialog documentation, Using attributes). So
`/customers/{customer_id}/session` becomes `/customers//session`, which is another resource or none, and
`DELETE /orders/{order_id}` becomes `DELETE /orders/`, which may well mean all of them.

## Example
```toml
[action]
url = "https://shop.example.com/customers/{customer_id}/session"

[[case]]
name = "a visitor who is not logged in"
```

## Instead
```toml
[action]
url = "https://shop.example.com/customers/{customer_id}/session"

[[case]]
name = "a customer"
given.user.customer_id = "c-9"
```

Let the conversation run the action only once the attribute is set.

## Fix
None: what should happen without the value is yours to say.

## When it stays silent
When every case gives the value, and without any case. For references that share their segment with other text, as in
`/orders/order-{order_id}`. For filters that make something of nothing, such as `md5`.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &EMPTY_PATH_SEGMENT, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let url = &subject.plan.request.url;
    let has_value = |(position, text): &(UrlPosition, crate::plan::Text)| {
        *position == UrlPosition::Path && text.expressions().next().is_some()
    };
    if subject.cases.is_empty() || !url.parts.iter().any(has_value) {
        return;
    }
    let located = url.located();
    let path: Vec<&Located<'_>> =
        located.iter().filter(|(position, _)| *position == UrlPosition::Path).map(|(_, piece)| piece).collect();
    for (index, piece) in path.iter().enumerate() {
        let Some(expression) = expression(piece).filter(|_| is_whole_segment(&path, index)) else { continue };
        // Where a name that has no value is sent as it is typed, only an empty value leaves a gap.
        let stays = matches!(piece.piece, crate::plan::TextPiece::Choice(_));
        let is_there = |case: &&Case| !stays || is_given_in(expression, case);
        let Some(case) = subject.cases.iter().filter(is_there).find(|case| is_empty_in(expression, case)) else { continue };
        let message =
            format!("{} is empty in a case, so the path becomes `{}`", name(expression), resolved(&path, index, case));
        let diagnostic = Diagnostic::new(&EMPTY_PATH_SEGMENT, expression.span, message);
        found.push(
            diagnostic
                .related(case.name.span, "in this case")
                .help("run the action only when the attribute has a value, or give one in the case"),
        );
    }
}

fn expression<'a>(piece: &Located<'a>) -> Option<&'a Expression> {
    match piece.piece {
        crate::plan::TextPiece::Value(expression) => Some(expression),
        crate::plan::TextPiece::Choice(choice) => {
            choice.readings.first().filter(|reading| reading.rest.is_empty()).map(|reading| &reading.value)
        }
        crate::plan::TextPiece::Literal(_) => None,
    }
}

/// Whether a slash, or an end of the path, stands on either side.
fn is_whole_segment(path: &[&Located<'_>], index: usize) -> bool {
    let before = index.checked_sub(1).and_then(|before| path[before].literal());
    let is_open = before.is_some_and(|before| before.ends_with('/'));
    let is_closed = match path.get(index + 1) {
        None => true,
        Some(after) => after.literal().is_some_and(|after| after.starts_with('/')),
    };
    is_open && is_closed
}

/// Filters that give nothing for nothing.
const KEEP_NOTHING: [&str; 9] = [
    "uppercase",
    "lowercase",
    "uppercase_first",
    "uppercase_words",
    "url_encode",
    "url_decode",
    "base64",
    "ordinal",
    "number_to_words",
];

fn is_given_in(expression: &Expression, case: &Case) -> bool {
    let ValueSource::Attribute(name) = &expression.source else { return false };
    case.given
        .attribute(name)
        .is_some_and(|value| expression.path.is_empty() || !entry_at(value, &expression.path).is_null())
}

fn is_empty_in(expression: &Expression, case: &Case) -> bool {
    let keeps = |filter: &FilterUse| match filter {
        FilterUse::Known { filter, .. } => KEEP_NOTHING.contains(&filter.name),
        FilterUse::Unknown { .. } => true,
    };
    if !expression.filters.iter().all(keeps) {
        return false;
    }
    let ValueSource::Attribute(name) = &expression.source else { return false };
    match case.given.attribute(name) {
        None => true,
        Some(value) => text_at(value, &expression.path).is_empty(),
    }
}

/// What a value is as text, or a part of it.
fn text_at(value: &Value, path: &[Accessor]) -> String {
    if path.is_empty() {
        return value.to_text().masked().to_string();
    }
    entry_at(value, path).to_text().masked().to_string()
}

/// What a path leads to; null where there is nothing.
fn entry_at(value: &Value, path: &[Accessor]) -> Value {
    let Data::Json(json) = &value.data else { return Value::NULL };
    let part = path.iter().try_fold(json, |json, step| inside(json, &step.key));
    part.map_or(Value::NULL, |part| Value::from(part.clone()).tainted_if(value.is_secret()))
}

/// So many pieces of the path are shown on either side.
const SHOWN: usize = 8;

/// The path around a segment in a case; what only evaluation knows is left out.
fn resolved(path: &[&Located<'_>], index: usize, case: &Case) -> String {
    let around = index.saturating_sub(SHOWN)..(index + SHOWN + 1).min(path.len());
    let (before, after) = (if around.start > 0 { "…" } else { "" }, if around.end < path.len() { "…" } else { "" });
    let piece = |piece: &&Located<'_>| match expression(piece) {
        None => piece.literal().unwrap_or_default().to_string(),
        Some(expression) if is_empty_in(expression, case) => String::new(),
        Some(expression) => match (&expression.source, expression.filters.as_slice()) {
            (ValueSource::Attribute(name), []) => {
                let value = case.given.attribute(name).map(|value| text_at(value, &expression.path)).unwrap_or_default();
                utf8_percent_encode(&value, COMPONENT).to_string()
            }
            _ => "…".to_string(),
        },
    };
    let shown: String = path[around].iter().map(piece).collect();
    format!("{before}{shown}{after}")
}

#[cfg(test)]
mod tests {
    use super::text_at;
    use crate::source::{FileId, Span};
    use crate::template::{Accessor, AccessorKey, AccessorStyle};
    use crate::value::Value;
    use serde_json::json;

    #[test]
    fn a_part_of_a_value_is_what_evaluation_takes() {
        let step = |key: AccessorKey| Accessor { key, style: AccessorStyle::Bare, span: Span::new(FileId(0), 0, 0) };
        let key = |key: &str| step(AccessorKey::Key(key.into()));
        let value: Value = json!({"lines": [{"id": 7}], "1": "one"}).into();
        assert_eq!(text_at(&value, &[key("lines"), step(AccessorKey::Index(0)), key("id")]), "7");
        assert_eq!(text_at(&value, &[key("lines"), key("0"), key("id")]), "7", "a position in quotes");
        assert_eq!(text_at(&value, &[step(AccessorKey::Index(1))]), "one", "a number as a key");
        assert_eq!(text_at(&value, &[key("lines"), key("id")]), "");
    }
}
