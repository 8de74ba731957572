//! An expression over a reply that cannot be read.

use std::ops::Range;

use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::source::Span;

/// An expression over a reply that cannot be read.
pub static SELECTOR_SYNTAX: Lint = Lint {
    name: "selector-syntax",
    severity: Severity::Error,
    summary: "an expression over a reply that cannot be read",
    page: r#"## What it does
Finds expressions in the response mapping that are not JMESPath (or, on platforms that have them, not an object path), at
the exact place: an unclosed bracket, an empty part, a name with a dash that lacks its double quotes, a function with too
few or too many arguments.

## Why this is bad
The platform gives no error for a bad expression. The attribute becomes empty, and a success rule never succeeds
(OpenDialog documentation, Using JMESPath expressions).

## Example
```toml
[action.response.2xx.outputs]
agent = "data.assignee.display-name"
```

## Instead
```toml
[action.response.2xx.outputs]
agent = 'data.assignee."display-name"'
```

## Fix
None: what was meant cannot be guessed.

## When it stays silent
When the expression can be read but finds nothing; `selector-misses-sample` looks at that.
"#,
};

/// `message` says what is wrong at the place, `advice` what to write instead if that can be told.
pub fn found(span: Span, message: impl Into<String>, advice: Option<String>) -> Diagnostic {
    const OUTCOME: &str = "the platform gives no error: the attribute becomes empty, and a success rule never succeeds";
    let advice = advice.map(|advice| format!("{advice}; as it is, ")).unwrap_or_default();
    Diagnostic::new(&SELECTOR_SYNTAX, span, message).help(format!("{advice}{OUTCOME}"))
}

/// What to write instead of what people bring from JSONPath, JavaScript and SQL. `range` is where JMESPath stops.
pub fn advice(text: &str, range: Range<usize>) -> Option<String> {
    let (before, written) = (text[..range.start].trim_end(), &text[range.clone()]);
    let is_number = !written.is_empty() && written.bytes().all(|byte| byte.is_ascii_digit() || b".-".contains(&byte));
    match written {
        "$" if range.start == 0 => Some("leave out `$.`: a path begins at the root of the reply".into()),
        "-" => dashed(text, range.start),
        "." if before.ends_with('.') => Some("take one `.` away".into()),
        _ if is_number && before.ends_with('.') => {
            Some(format!("an index stands in brackets: `{}[{written}]{}`", before.trim_end_matches('.'), &text[range.end..]))
        }
        _ if is_number && before.ends_with(['<', '>', '=']) => {
            Some(format!("a number stands in backticks: `` `{written}` ``"))
        }
        _ => name(text, range),
    }
}

/// `data-id` as `"data-id"`.
fn dashed(text: &str, at: usize) -> Option<String> {
    let is_part = |character: char| character.is_alphanumeric() || "_-".contains(character);
    let start = text[..at].rfind(|character| !is_part(character)).map_or(0, |before| before + 1);
    let end = text[at..].find(|character| !is_part(character)).map_or(text.len(), |length| at + length);
    let whole = text.get(start..end)?;
    (start < at && at + 1 < end).then(|| format!("a name with a dash stands in double quotes: `\"{whole}\"`"))
}

/// `a['b']` and `a.'b'` as `a."b"`.
fn name(text: &str, range: Range<usize>) -> Option<String> {
    let before = text[..range.start].trim_end();
    let written = &text[range.clone()];
    let name = written.trim_matches(['\'', '"']);
    let is_name = !name.is_empty() && name.chars().all(|character| character.is_alphanumeric() || "_- ".contains(character));
    let is_bracketed = before.ends_with('[') && text[range.end..].trim_start().starts_with(']');
    if !is_name || !(is_bracketed || before.ends_with('.')) {
        return None;
    }
    let is_plain =
        name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') && !name.as_bytes()[0].is_ascii_digit();
    Some(if is_plain { format!("write `.{name}`") } else { format!("write `.\"{name}\"`") })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::selector::compile_jmespath;

    fn help(text: &str) -> Option<String> {
        let error = compile_jmespath(text).expect_err("no JMESPath");
        advice(text, error.start..error.end)
    }

    #[test]
    fn what_other_languages_have_gets_its_own_advice() {
        for (text, wanted) in [
            ("items[?price > 10]", "a number stands in backticks: `` `10` ``"),
            ("data-id", "a name with a dash stands in double quotes: `\"data-id\"`"),
            ("data.user-name.x", "a name with a dash stands in double quotes: `\"user-name\"`"),
            ("$.data.id", "leave out `$.`: a path begins at the root of the reply"),
            ("$[0]", "leave out `$.`: a path begins at the root of the reply"),
            ("a.b.0", "an index stands in brackets: `a.b[0]`"),
            ("a.0.c", "an index stands in brackets: `a[0].c`"),
            ("a['b']", "write `.b`"),
            ("a.'b c'", "write `.\"b c\"`"),
            ("a..b", "take one `.` away"),
        ] {
            assert_eq!(help(text).as_deref(), Some(wanted), "{text}");
        }
        for text in ["a b", "items[0", "a = b", "-", "a-", "(a", "é-é"] {
            assert!(help(text).is_none_or(|help| help.contains("é-é")), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_expression_panics(text in "[a-c0-9.\\[\\]'\"$é >=?-]{0,20}") {
            if let Err(error) = compile_jmespath(&text) {
                advice(&text, error.start..error.end);
            }
        }
    }
}
