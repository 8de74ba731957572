//! A body that is not JSON.

use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::source::Mapped;
use crate::spec::json_text::JsonProblem;

/// A body that is not JSON.
pub static BODY_NOT_JSON: Lint = Lint {
    name: "body-not-json",
    severity: Severity::Error,
    summary: "the body is not JSON once references are set aside",
    page: r#"## What it does
Reads the body as JSON, with every reference taken for ordinary text, and points at the exact place where it stops being
JSON: a comma after the last entry, single quotes, a comment, a missing bracket.

## Why this is bad
The platform sends JSON and nothing else, and adds `Content-Type: application/json` itself (OpenDialog documentation,
Webhook action). A body that is not JSON is refused by the platform or by your API.

## Example
```toml
[action]
body = '''
{ "title": "{issue_title}", "urgent": true, }
'''
```

## Instead
```toml
[action]
body = '''
{ "title": "{issue_title}", "urgent": true }
'''
```

## Fix
None: what was meant cannot be guessed. The body may also be written as a TOML table, which cannot go wrong in this way.

## When it stays silent
A reference without quotes has a lint of its own, `unquoted-reference-in-json`. An empty body is no body.
"#,
};

/// The problem at its place in the text of the body, with what to do.
pub fn found(source: &Mapped, problem: &JsonProblem) -> Diagnostic {
    let advice = advice(&source.text, problem);
    Diagnostic::new(&BODY_NOT_JSON, source.span(problem.range.clone()), problem.message.as_str())
        .help(format!("{advice}the platform takes JSON only: it refuses such a body, or your API does"))
}

/// For what people take for JSON, and other languages have.
fn advice(text: &str, problem: &JsonProblem) -> &'static str {
    let rest = &text[problem.range.start..];
    let written = &text[problem.range.clone()];
    match written {
        "True" => return "write `true`; ",
        "False" => return "write `false`; ",
        "None" | "undefined" | "NaN" | "Null" | "NULL" | "nil" => return "write `null`; ",
        "," => return "take the comma away; ",
        _ => {}
    }
    match rest.chars().next() {
        Some('{') if problem.message.contains("reference") => {
            "put the reference, and any text beside it, into one pair of double quotes; "
        }
        Some('\'') => "JSON has text in double quotes, not in single ones; ",
        Some('“' | '”' | '„' | '‘' | '’') => "write straight quotes, `\"`, instead of curly ones; ",
        Some('/') if rest.starts_with("//") || rest.starts_with("/*") => "JSON has no comments, take it away; ",
        Some('#') => "JSON has no comments, take it away; ",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;
    use crate::spec::json_text;

    fn found_in(text: &str) -> (String, String) {
        let source = Mapped::verbatim(text, Sources::in_memory().add("body.json", text), 0);
        let hole = |text: &str| text.starts_with("{x}").then_some(3);
        let found = found(&source, &json_text::parse(&source, hole).err().expect("no JSON"));
        (text[found.span.start..found.span.end].to_string(), found.help.unwrap_or_default())
    }

    #[test]
    fn what_other_languages_have_gets_its_own_advice() {
        for (text, at, advice) in [
            ("{ 'a': 1 }", "'", "JSON has text in double quotes"),
            ("[‘a’]", "‘", "write straight quotes"),
            ("{ “a”: 1 }", "“", "write straight quotes"),
            ("[1, // one\n2]", "/", "JSON has no comments"),
            ("[1, # one\n2]", "#", "JSON has no comments"),
            ("[True]", "True", "write `true`"),
            ("[None]", "None", "write `null`"),
            ("[1,]", ",", "take the comma away"),
            ("[1 2]", "2", "the platform takes JSON only"),
        ] {
            let (place, help) = found_in(text);
            assert!(place == at && help.starts_with(advice), "{text}: {place} {help}");
        }
    }

    #[test]
    fn a_reference_with_text_at_its_side_needs_quotes_around_both() {
        for text in ["{ \"a\": {x}{x} }", "{ \"a\": 1{x} }", "{ {x}: 1 }", "[{x}a]", "{x}{x}"] {
            let (place, help) = found_in(text);
            assert!(place == "{x}" && help.starts_with("put the reference"), "{text}: {place} {help}");
        }
    }
}
