//! A variable of the authentication that is not defined.

use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::plan::{Authentication, Plan, ValueSource};

/// What `_auth` holds without being defined.
pub const BUILT_IN: [&str; 3] = ["uuid", "timestamp", "timestamp_micro"];

/// A variable of the authentication that is not defined.
pub static UNDEFINED_AUTH_VARIABLE: Lint = Lint {
    name: "undefined-auth-variable",
    severity: Severity::Error,
    summary: "the authentication reads a variable that is not defined",
    page: r#"## What it does
Finds references such as `{_auth.nonce}` in the authentication when `variables` has no `nonce`. Only `uuid`, `timestamp`
and `timestamp_micro` are there without being defined.

## Why this is bad
The value that the header or the signature is made of does not exist, so the authentication fails and nothing is sent. One
of the platform's own older examples used `{_auth.nonce}` without defining it (OpenDialog documentation, Webhook action and
Attribute filters).

## Example
```toml
[action.auth]
type = "header"
headers = { X-Nonce = "{_auth.nonce}" }
```

## Instead
```toml
[action.auth]
type = "header"
variables = { nonce = "{_auth.uuid}" }
headers = { X-Nonce = "{_auth.nonce}" }
```

## Fix
`--fix --unsafe` replaces the name with the nearest one, if there is one that is near.

## When it stays silent
Outside the authentication, where `_auth` does not exist at all: `context-out-of-phase` looks at that.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &UNDEFINED_AUTH_VARIABLE, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let defined = defined(subject.plan);
    for (place, expression) in &subject.expressions {
        let ValueSource::Variable(name) = &expression.source else { continue };
        if !place.is_authentication() || subject.plan.variable(name).is_some() {
            continue;
        }
        let message = format!("no variable named `{name}`, so nothing is sent");
        let diagnostic =
            Diagnostic::new(&UNDEFINED_AUTH_VARIABLE, expression.name_span, message).help(definition(subject.plan, name));
        found.push(diagnostic.suggest(name, defined.iter().copied().chain(BUILT_IN), expression.name_span));
    }
}

fn defined(plan: &Plan) -> Vec<&str> {
    match &plan.authentication {
        Authentication::Header(header) => header.variables.iter().map(|variable| variable.name.value.as_str()).collect(),
        _ => Vec::new(),
    }
}

fn definition(plan: &Plan, name: &str) -> String {
    match &plan.authentication {
        Authentication::Header(_) => format!("define it under `variables`, as in `{name} = \"{{_auth.uuid}}\"`"),
        _ => "only header authentication has variables".to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::test_support::{expression, findings, literal, lone, name, plan};
    use crate::plan::{AuthValue, AuthVariable, HeaderAuthentication, HeaderPlan};

    fn help(reads: &str) -> Option<String> {
        let mut plan = plan();
        let value = lone(expression(ValueSource::Variable(reads.into())));
        let signature = AuthVariable { name: name("signature"), value: AuthValue::Text(literal("s")), removal: None };
        let headers = vec![HeaderPlan { name: name("X-Signature"), value }];
        plan.authentication = Authentication::Header(HeaderAuthentication::new(vec![signature], headers));
        findings(&plan, &RULE).pop()?.help
    }

    #[test]
    fn a_near_variable_is_suggested_and_otherwise_a_definition() {
        assert_eq!(help("signature"), None);
        assert_eq!(help("signatur").as_deref(), Some("did you mean `signature`?"));
        assert_eq!(help("timestmp").as_deref(), Some("did you mean `timestamp`?"));
        assert_eq!(help("nonce").as_deref(), Some("define it under `variables`, as in `nonce = \"{_auth.uuid}\"`"));
    }
}
