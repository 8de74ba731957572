//! A reference where the platform fills in none.

use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::source::Mapped;

/// A reference where the platform fills in none.
pub static LITERAL_REFERENCE: Lint = Lint {
    name: "literal-reference",
    severity: Severity::Warning,
    summary: "a reference in the URL or a header of a legacy action, which sends it as it is",
    page: r#"## What it does
Finds text in braces that looks like a reference, such as `{user.id}` or `{secret.api_key}`, in the URL and the headers of a
legacy action.

## Why this is bad
References in URLs and header values came with the next webhook action (OpenDialog documentation, release notes of October
2025: "Use OD attribute syntax within URL-queries, path segments, or header values"). A legacy action sends `{user.id}`,
braces included, and the service answers for a user of that name, or refuses a token that is none.

## Example
```toml
dialect = "opendialog-legacy"
[action]
name = "Full name"
url = "https://api.example.com/users/{user.id}"
```

## Instead
```toml
dialect = "opendialog-legacy"
[action]
name = "Full name"
url = "https://api.example.com/users"
inputs = ["user.id"]
```

## Fix
None: the value is sent as one of the `inputs`, or the action becomes a Webhook V2 action with `hookwright migrate`.

## When it stays silent
For braces that no reference begins with, such as `{}` and `{"a":1}`, which an API may want in a header.
"#,
};

/// The first reference in a text.
pub fn found(source: &Mapped, place: &str) -> Option<Diagnostic> {
    let range = reference(&source.text)?;
    let message =
        format!("`{}` is sent as it is: a legacy action fills in no references in its {place}", &source.text[range.clone()]);
    let help = "send the value among the `inputs`, or make it a Webhook V2 action with `hookwright migrate`";
    Some(Diagnostic::new(&LITERAL_REFERENCE, source.span(range), message).help(help))
}

/// `{`, a name, perhaps more, `}`.
fn reference(text: &str) -> Option<std::ops::Range<usize>> {
    text.match_indices('{').find_map(|(start, _)| {
        let inside = &text[start + 1..];
        let end = inside.find(['{', '}', '\n']).filter(|end| inside[*end..].starts_with('}'))?;
        let begins_a_name = inside[..end].trim_start().starts_with(|first: char| first.is_alphabetic() || first == '_');
        begins_a_name.then_some(start..start + end + 2)
    })
}

#[cfg(test)]
mod tests {
    use super::reference;

    #[test]
    fn references_and_other_braces() {
        let found = |text: &'static str| reference(text).map(|range| &text[range]);
        assert_eq!(found("/users/{user.id}/{x}"), Some("{user.id}"));
        assert_eq!(found("{{ name }}"), Some("{ name }"));
        assert_eq!(found(r#"{"a":1} { first_name | uppercase }"#), Some("{ first_name | uppercase }"));
        for text in ["", "{}", "{1}", "{\"a\":\"b\"}", "{open", "close}", "{a\nb}"] {
            assert_eq!(found(text), None, "{text}");
        }
    }
}
