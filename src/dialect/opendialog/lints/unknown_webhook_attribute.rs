//! A part of the request that `_webhook` does not have.

use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity, listed};
use crate::plan::ValueSource;

/// What `_webhook` offers.
pub const WEBHOOK_ATTRIBUTES: [&str; 6] = ["url", "body", "method", "headers", "content_type", "query_params"];

/// A part of the request that `_webhook` does not have.
pub static UNKNOWN_WEBHOOK_ATTRIBUTE: Lint = Lint {
    name: "unknown-webhook-attribute",
    severity: Severity::Error,
    summary: "a part of the request that `_webhook` does not have",
    page: r#"## What it does
Finds references such as `{_webhook.path}`. The `_webhook` context has exactly `url`, `body`, `method`, `headers`,
`content_type` and `query_params`.

## Why this is bad
The reference is empty. A signature over it is a signature over less than you think, and the receiver refuses it or, worse,
accepts it (OpenDialog documentation, Contexts).

## Example
```toml
[action.auth.variables]
signed = "{_webhook.methd} {_webhook.url}"
```

## Instead
```toml
[action.auth.variables]
signed = "{_webhook.method} {_webhook.url}"
```

## Fix
`--fix --unsafe` replaces the name with the nearest one, if there is one that is near.

## When it stays silent
For the six names above, wherever they stand. There is no path on its own: sign the whole URL.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &UNKNOWN_WEBHOOK_ATTRIBUTE, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for (_, expression) in &subject.expressions {
        let ValueSource::UnknownRequestPart(name) = &expression.source else { continue };
        let message = format!("`_webhook` has no `{name}`, so the value is empty");
        let diagnostic = Diagnostic::new(&UNKNOWN_WEBHOOK_ATTRIBUTE, expression.name_span, message)
            .help(format!("it has {}", listed(&WEBHOOK_ATTRIBUTES)));
        found.push(diagnostic.suggest(name, WEBHOOK_ATTRIBUTES, expression.name_span));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::test_support::{expression, findings, plan_with};

    fn help(name: &str) -> Option<String> {
        let plan = plan_with(expression(ValueSource::UnknownRequestPart(name.into())));
        findings(&plan, &RULE).remove(0).help
    }

    #[test]
    fn a_near_name_is_suggested_and_otherwise_all_are_named() {
        assert_eq!(help("query_param").as_deref(), Some("did you mean `query_params`?"));
        assert!(help("path").is_some_and(|help| help.starts_with("it has `url`, `body`")));
    }
}
