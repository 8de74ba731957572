//! A Content-Type that the body belies.

use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::plan::{Authentication, BodyPlan, BodySyntax, BodyText, HeaderPlan};
use crate::source::Span;

/// A Content-Type that the body belies.
pub static CONTENT_TYPE_CONFLICT: Lint = Lint {
    name: "content-type-conflict",
    severity: Severity::Warning,
    summary: "a Content-Type that contradicts the body",
    page: r#"## What it does
Looks at a `Content-Type` among the ordinary headers and those of the authentication, in any letter case. Finds one
that is not JSON although the body is.

## Why this is bad
The platform sends JSON and nothing else, and adds `Content-Type: application/json` by itself (OpenDialog
documentation, Webhook action, Request body). A service that is told `application/x-www-form-urlencoded` looks for a
form, finds none, and answers as if all fields were missing. Writing another type does not make the body another one.

## Example
```toml
[action]
method = "POST"
headers = { Content-Type = "application/x-www-form-urlencoded" }
body = '{ "title": "{issue_title}" }'
```

## Instead
```toml
[action]
method = "POST"
body = '{ "title": "{issue_title}" }'
```

## Fix
None: leave the header out, unless the service wants another JSON type.

## When it stays silent
For every JSON type: `application/json; charset=utf-8`, `text/json`, `application/problem+json`,
`application/x-ndjson`. When there is no body. When a reference brings the type.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &CONTENT_TYPE_CONFLICT, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let request = &subject.plan.request;
    let is_json_text = |body: &BodyText| body.syntax == BodySyntax::Json;
    if !matches!(&request.body, BodyPlan::Json { .. })
        && !matches!(&request.body, BodyPlan::Text(body) if is_json_text(body))
    {
        return;
    }
    let of_authentication = match &subject.plan.authentication {
        Authentication::Header(header) => header.headers.as_slice(),
        _ => &[],
    };
    for header in request.headers.iter().chain(of_authentication) {
        if !header.name.value.eq_ignore_ascii_case("content-type") {
            continue;
        }
        let Some((media_type, span)) = media_type(header).filter(|(written, _)| !is_json(written)) else { continue };
        let message = match media_type.as_str() {
            "" => "an empty Content-Type, but the body is JSON".to_string(),
            written => format!("the header says `{}`, but the body is JSON", written.escape_debug()),
        };
        let diagnostic = Diagnostic::new(&CONTENT_TYPE_CONFLICT, span, message)
            .help(format!("leave it out: the platform adds `{}` by itself", request.content_type));
        found.push(match request.body_span {
            Some(body) => diagnostic.related(body, "the body"),
            None => diagnostic,
        });
    }
}

/// The type without its parameters, and its place; `None` when a reference has a part in it.
fn media_type(header: &HeaderPlan) -> Option<(String, Span)> {
    let located = header.value.located();
    let Some(first) = located.first() else { return Some((String::new(), header.value.span)) };
    let literal = first.literal()?;
    let end = literal.find(';');
    if end.is_none() && located.len() > 1 {
        return None;
    }
    let written = &literal[..end.unwrap_or(literal.len())];
    let start = written.len() - written.trim_start().len();
    Some((written.trim().to_string(), first.part(start..start + written.trim().len())))
}

/// RFC 8259, RFC 6839, and the types of lists of JSON documents, of which one is a case.
fn is_json(media_type: &str) -> bool {
    let lower = media_type.to_ascii_lowercase();
    let subtype = lower.split_once('/').map_or("", |(_, subtype)| subtype);
    let is_list = ["ndjson", "jsonl", "jsonlines", "json-seq"].contains(&subtype.trim_start_matches("x-"));
    subtype.trim_start_matches("x-") == "json" || subtype.ends_with("+json") || subtype.starts_with("json+") || is_list
}

#[cfg(test)]
mod tests {
    use super::is_json;

    #[test]
    fn json_has_many_names() {
        for name in [
            "application/json",
            "Application/JSON",
            "text/json",
            "application/problem+json",
            "application/vnd.x+json",
            "application/x-json",
            "application/x-ndjson",
        ] {
            assert!(is_json(name), "{name}");
        }
        for name in ["text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data", "", "json"]
        {
            assert!(!is_json(name), "{name}");
        }
    }
}
