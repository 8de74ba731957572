//! A method that the platform does not have.

use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity, listed};

/// A method that the platform does not have.
pub static UNSUPPORTED_METHOD: Lint = Lint {
    name: "unsupported-method",
    severity: Severity::Error,
    summary: "a method that the platform does not have",
    page: r#"## What it does
Finds an HTTP method that the platform does not offer, or that is not written in capitals.

## Why this is bad
The method is picked from a list: GET, POST, PUT, DELETE, PATCH (OpenDialog documentation, Webhook action). Anything else
cannot be set up there, so the request that you test here could never be sent.

## Example
```toml
[action]
method = "FETCH"
```

## Instead
```toml
[action]
method = "GET"
```

## Fix
`--fix --unsafe` replaces the method with the nearest one that the platform has, if there is one that is near.

## When it stays silent
For the methods of the spec's own dialect. Other platforms have other lists.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &UNSUPPORTED_METHOD, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let request = &subject.plan.request;
    let method = request.method.value.as_str();
    // That there is none is said by `missing-key`.
    if method.trim().is_empty() || request.methods.contains(&method) {
        return;
    }
    let message = format!("the platform has no method `{method}`");
    let help = format!("the methods are {}", listed(request.methods));
    let diagnostic = Diagnostic::new(&UNSUPPORTED_METHOD, request.method.span, message).help(help);
    found.push(diagnostic.suggest(method, request.methods.iter().copied(), request.method.span));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::test_support::{findings, plan};

    #[test]
    fn a_near_method_is_suggested_and_otherwise_all_are_named() {
        let mut plan = plan();
        assert!(findings(&plan, &RULE).is_empty());
        plan.request.method.value = "get".into();
        assert_eq!(findings(&plan, &RULE)[0].help.as_deref(), Some("did you mean `GET`?"));
        plan.request.method.value = "BREW".into();
        assert_eq!(findings(&plan, &RULE)[0].help.as_deref(), Some("the methods are `GET` and `POST`"));
    }
}
