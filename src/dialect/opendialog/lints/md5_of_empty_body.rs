//! The hash of a body that is not there.

use super::signatures::behind_variables;
use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Fix, Lint, Severity};
use crate::plan::{BodyPlan, Expression, FilterUse, RequestPart, ValueSource};

/// Filters that leave an empty text empty, so that `md5` behind them still hashes nothing.
const LEAVES_EMPTY: [&str; 8] =
    ["uppercase", "lowercase", "uppercase_first", "uppercase_words", "replace", "url_encode", "url_decode", "base64"];

/// The hash of a body that is not there.
pub static MD5_OF_EMPTY_BODY: Lint = Lint {
    name: "md5-of-empty-body",
    severity: Severity::Warning,
    summary: "`md5` of the body without `true` in a request that has no body",
    page: r#"## What it does
Finds `md5` without `true`, or with `false`, over `{_webhook.body}` in an action that has no body, such as most GET
and DELETE requests, also through a variable of the authentication.

## Why this is bad
Without a body `_webhook.body` is empty, and empty text has a hash as any text has: `1B2M2Y8AsgTpgAmY7PhCfg==`. With
`true` an empty value stays empty (OpenDialog documentation, Attribute filters). A service that leaves the hash out of
what is signed when there is no body gets another signature, and refuses the request.

## Example
```toml
[action]
method = "GET"

[action.auth.variables]
body_hash = "{_webhook.body | md5 | base64}"
```

## Instead
```toml
[action]
method = "GET"

[action.auth.variables]
body_hash = "{_webhook.body | md5 true | base64}"
```

## Fix
`--fix --unsafe` writes `md5 true`: a guess, since it changes what is sent, and some services do want the hash of nothing.

## When it stays silent
When the action has a body, whatever its method. With `md5 true`. When the body is only a part of what is hashed, which is
then not empty. If your service wants the hash of nothing, allow the lint with that reason.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &MD5_OF_EMPTY_BODY, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    if !matches!(subject.plan.request.body, BodyPlan::None) {
        return;
    }
    let hashing = subject.expressions.iter().filter(|(place, _)| place.is_authentication());
    let mut hashing = hashing.filter_map(|(_, expression)| Some((*expression, hash_of_nothing(expression)?))).peekable();
    if hashing.peek().is_none() {
        return;
    }
    for (expression, md5) in hashing.filter(|(expression, _)| is_body(behind_variables(subject.plan, expression))) {
        found.push(told(expression, md5));
    }
}

/// The names's place and the arguments' of an `md5` that would hash an empty value.
fn hash_of_nothing(expression: &Expression) -> Option<&FilterUse> {
    let leaves_empty =
        |filter: &&FilterUse| matches!(filter, FilterUse::Known { filter, .. } if LEAVES_EMPTY.contains(&filter.name));
    let first = expression.filters.iter().find(|filter| !leaves_empty(filter))?;
    match first {
        FilterUse::Known { filter, .. } if filter.name == "md5" && first.is_switched_off() => Some(first),
        _ => None,
    }
}

fn is_body(expression: &Expression) -> bool {
    expression.source == ValueSource::Request(RequestPart::Body) && expression.path.is_empty()
}

fn told(expression: &Expression, md5: &FilterUse) -> Diagnostic {
    let name_span = match md5 {
        FilterUse::Known { name_span, .. } => *name_span,
        FilterUse::Unknown { .. } => expression.span,
    };
    let message = "there is no body, so this is the hash of nothing, `1B2M2Y8AsgTpgAmY7PhCfg==` in base64";
    let mut diagnostic = Diagnostic::new(&MD5_OF_EMPTY_BODY, name_span, message)
        .help("with `md5 true` an empty body stays empty, as most services expect");
    let edits = vec![md5.with_arguments("true")];
    diagnostic.fix = Some(Fix { title: "write `md5 true`".into(), safe: false, edits });
    diagnostic
}
