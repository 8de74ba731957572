//! A part of the request that reads the request.

use super::secret_outside_auth::outside;
use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::plan::{HeaderPlan, Place, RequestPart, ValueSource};
use crate::source::Span;

/// A part of the request that reads the request.
pub static WEBHOOK_SELF_REFERENCE: Lint = Lint {
    name: "webhook-self-reference",
    severity: Severity::Error,
    summary: "`_webhook` in the request that it describes: `{_webhook.body}` in the body",
    page: r#"## What it does
Finds `_webhook` outside the authentication. It is an error where a part of the request reads itself: `body` in the body,
`url` or `query_params` in the URL, `headers` in the ordinary headers, `content_type` in a Content-Type. Anywhere else in
the URL, the ordinary headers and the body it is a warning.

## Why this is bad
`_webhook` holds the request as it will be sent. A part that reads itself is not finished yet, so the reference is empty.
Whether one part can read another is doubtful: one page of the documentation says that `_webhook` works in headers, URL and
body (OpenDialog documentation, Contexts), another that it is there for the authentication, after the request is prepared
(OpenDialog documentation, Webhook action). In which order the parts are made is not said.

## Example
```toml
[action]
body = '{"copy": "{_webhook.body}"}'
headers = { X-Target = "{_webhook.url}" }
```

## Instead
```toml
[action.auth]
type = "header"
headers = { X-Target = "{_webhook.url}" }
```

## Fix
None: move the header to the authentication. The body and the URL cannot hold themselves.

## When it stays silent
In the authentication, which is computed last and sees the finished request. For names that `_webhook` does not have, which
`unknown-webhook-attribute` finds.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &WEBHOOK_SELF_REFERENCE, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let is_content_type = |header: &&HeaderPlan| header.name.value.eq_ignore_ascii_case("content-type");
    let content_types = subject.plan.request.headers.iter().filter(is_content_type);
    let content_types: Vec<Span> = content_types.map(|header| header.value.span).collect();
    for (place, expression) in &subject.expressions {
        let ValueSource::Request(part) = expression.source else { continue };
        let Some(words) = outside(*place) else { continue };
        let is_in_content_type = content_types.iter().any(|header| header.contains(expression.span));
        let span = expression.context_span.map_or(expression.name_span, |context| context.to(expression.name_span));
        found.push(match reads_itself(*place, part, is_in_content_type) {
            true => circular(span, part),
            false => doubtful(span, part.name(), words),
        });
    }
}

fn circular(span: Span, part: RequestPart) -> Diagnostic {
    let (made, help) = match part {
        RequestPart::Body => ("the body is", "the body cannot hold itself"),
        RequestPart::Headers => ("the headers are", "the headers cannot hold themselves"),
        RequestPart::ContentType => ("the Content-Type is", "the Content-Type cannot be made of itself"),
        _ => ("the URL is", "the URL cannot hold itself"),
    };
    let message = format!("`_webhook.{}` is not there yet while {made} made, so this is empty", part.name());
    let help = format!("{help}; only `[action.auth]` sees the finished request");
    Diagnostic::new(&WEBHOOK_SELF_REFERENCE, span, message).help(help)
}

fn doubtful(span: Span, name: &str, words: &str) -> Diagnostic {
    let message = format!("`_webhook.{name}` may be empty in {words}: only the authentication is sure to see the request");
    let mut diagnostic = Diagnostic::new(&WEBHOOK_SELF_REFERENCE, span, message)
        .help("read it in `[action.auth]`, or write here what that part is made of");
    diagnostic.severity = Severity::Warning;
    diagnostic
}

fn reads_itself(place: Place, part: RequestPart, is_in_content_type: bool) -> bool {
    match place {
        Place::Url => matches!(part, RequestPart::Url | RequestPart::QueryParams),
        Place::Body | Place::BodyKey => part == RequestPart::Body,
        Place::Header => part == RequestPart::Headers || (part == RequestPart::ContentType && is_in_content_type),
        _ => false,
    }
}
