//! A body where HTTP gives it no meaning.

use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::plan::BodyPlan;

/// A body where HTTP gives it no meaning.
pub static BODY_ON_GET: Lint = Lint {
    name: "body-on-get",
    severity: Severity::Warning,
    summary: "a body on GET or DELETE, which many services ignore or refuse",
    page: r#"## What it does
Finds a body on a request with the method GET or DELETE.

## Why this is bad
HTTP gives such a body no meaning: a service may ignore it, or refuse the request as an attempt at request smuggling
(RFC 9110, sections 9.3.1 and 9.3.5). The platform has a body for any method and sends it "if required" (OpenDialog
documentation, Webhook action): nobody there warns you that your API never sees the data.

## Example
```toml
[action]
method = "GET"
url = "https://shop.example.com/orders"
body = '{ "id": "{order_id}" }'
```

## Instead
```toml
[action]
method = "GET"
url = "https://shop.example.com/orders?id={order_id}"
```

## Fix
None: the data may belong into the URL, or the method may be the wrong one.

## When it stays silent
For an empty body, which is not sent, and for one that is not JSON, which cannot be sent. A service that is known to
read the body of such a request is a reason to allow this lint for the spec.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &BODY_ON_GET, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let request = &subject.plan.request;
    let (BodyPlan::Json { .. } | BodyPlan::Text(_), Some(span)) = (&request.body, request.body_span) else { return };
    let method = request.method.value.as_str();
    let help = match method {
        "GET" => "put the data into the query of the URL, or use POST if the service takes it there",
        "DELETE" => "put the data into the URL, or leave the body out",
        _ => return,
    };
    let message = format!("a body on {method}: many services ignore it or refuse the request");
    found.push(Diagnostic::new(&BODY_ON_GET, span, message).related(request.method.span, "the method").help(help));
}
