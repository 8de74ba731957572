//! A part of the request that reads the request.

use super::secret_outside_auth::outside;
use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::plan::{Expression, HeaderPlan, Place, Plan, RequestPart, ValueSource};

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
headers = { X-Target = "{_webhook.url}", X-Body-Hash = "{_webhook.body | md5 | base64}" }
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
    for (place, expression) in &subject.expressions {
        let ValueSource::Request(part) = expression.source else { continue };
        let Some(words) = outside(*place) else { continue };
        let name = name(part);
        let span = expression.context_span.map_or(expression.name_span, |context| context.to(expression.name_span));
        found.push(match reads_itself(subject.plan, *place, part, expression) {
            true => {
                let message = format!("`_webhook.{name}` is not finished while {words} is made, so this is empty");
                let help = format!("{words} cannot hold itself; only `[action.auth]` sees the finished request");
                Diagnostic::new(&WEBHOOK_SELF_REFERENCE, span, message).help(help)
            }
            false => doubtful(span, name, words),
        });
    }
}

fn doubtful(span: crate::source::Span, name: &str, words: &str) -> Diagnostic {
    let message = format!("`_webhook.{name}` may be empty in {words}: only the authentication is sure to see the request");
    let mut diagnostic = Diagnostic::new(&WEBHOOK_SELF_REFERENCE, span, message)
        .help("read it in `[action.auth]`, or write here what that part is made of");
    diagnostic.severity = Severity::Warning;
    diagnostic
}

fn reads_itself(plan: &Plan, place: Place, part: RequestPart, expression: &Expression) -> bool {
    match place {
        Place::Url => matches!(part, RequestPart::Url | RequestPart::QueryParams),
        Place::Body | Place::BodyKey => part == RequestPart::Body,
        Place::Header if part == RequestPart::Headers => true,
        Place::Header => part == RequestPart::ContentType && stands_in_content_type(plan, expression),
        _ => false,
    }
}

fn stands_in_content_type(plan: &Plan, expression: &Expression) -> bool {
    let holds = |header: &HeaderPlan| {
        let all = header.value.expressions().flat_map(Expression::with_arguments);
        all.into_iter().any(|known| std::ptr::eq(known, expression))
    };
    plan.request.headers.iter().any(|header| header.name.value.eq_ignore_ascii_case("content-type") && holds(header))
}

fn name(part: RequestPart) -> &'static str {
    match part {
        RequestPart::Url => "url",
        RequestPart::Body => "body",
        RequestPart::Method => "method",
        RequestPart::Headers => "headers",
        RequestPart::ContentType => "content_type",
        RequestPart::QueryParams => "query_params",
    }
}
