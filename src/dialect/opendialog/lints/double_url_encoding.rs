//! A value of the URL that is encoded by a filter, and once more by the platform.

use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Edit, Fix, Lint, Severity};
use crate::plan::{Expression, FilterUse, UrlPosition};
use crate::source::Span;

/// A value of the URL that is encoded by a filter, and once more by the platform.
pub static DOUBLE_URL_ENCODING: Lint = Lint {
    name: "double-url-encoding",
    severity: Severity::Warning,
    summary: "`url_encode` in the URL, where the platform encodes every value anyway",
    page: r#"## What it does
Finds the filter `url_encode` in references of the URL.

## Why this is bad
The platform encodes every value that it puts into a URL (OpenDialog documentation, Webhook action, URL). With the
filter a value is encoded twice: a space becomes `+`, and then `%2B`, so the service searches for `tea+and+coffee`,
plus signs and all.

## Example
```toml
[action]
url = "https://shop.example.com/products?q={search_text | url_encode}"
```

## Instead
```toml
[action]
url = "https://shop.example.com/products?q={search_text}"
```

## Fix
`--fix --unsafe` removes the filter. It is a guess, since another URL is sent: a service may count on the double
encoding.

## When it stays silent
When `url_decode`, `base64`, `md5` or `hmac` follows, so that it is not the encoded text which is sent. For a
reference that the URL begins with, which is not encoded. In headers, in the authentication and in the body, where
nothing else encodes.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &DOUBLE_URL_ENCODING, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for (position, text) in &subject.plan.request.url.parts {
        if *position == UrlPosition::Prefix {
            continue;
        }
        for expression in text.expressions() {
            found.extend(encoded_twice(expression));
        }
    }
}

/// Filters behind which the encoded text is not there any more.
const ENDS: [&str; 4] = ["url_decode", "base64", "md5", "hmac"];

fn encoded_twice(expression: &Expression) -> Option<Diagnostic> {
    let index = expression.filters.iter().rposition(|filter| is_named(filter, &["url_encode"]))?;
    if expression.filters[index + 1..].iter().any(|filter| is_named(filter, &ENDS)) {
        return None;
    }
    let used = &expression.filters[index];
    let FilterUse::Known { name_span, .. } = used else { return None };
    let space = if used.is_switched_off() { "+" } else { "%20" };
    let message = format!("the value is encoded twice: a space arrives as `{space}`, and `&` as `%26`");
    let diagnostic = Diagnostic::new(&DOUBLE_URL_ENCODING, *name_span, message)
        .help("remove the filter: the platform encodes every value in a URL");
    Some(Diagnostic { fix: Some(removal(expression, index)), ..diagnostic })
}

fn is_named(filter: &FilterUse, names: &[&str]) -> bool {
    matches!(filter, FilterUse::Known { filter, .. } if names.contains(&filter.name))
}

/// Takes out all from the end of what stands before the filter to its own end: the bar goes, too.
fn removal(expression: &Expression, index: usize) -> Fix {
    let start = match index.checked_sub(1) {
        Some(before) => end_of(&expression.filters[before]),
        None => expression.path.last().map_or(expression.name_span, |step| step.span),
    };
    let span = Span { start: start.end, ..end_of(&expression.filters[index]) };
    Fix { title: "remove the filter".into(), safe: false, edits: vec![Edit { span, text: String::new() }] }
}

fn end_of(filter: &FilterUse) -> Span {
    match filter {
        FilterUse::Known { span, .. } => *span,
        FilterUse::Unknown { name } => name.span,
    }
}
