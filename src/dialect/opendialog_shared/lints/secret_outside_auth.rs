//! A secret where it is not decrypted.

use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::plan::{Expression, Place, ValueSource};
use crate::source::Span;

/// A secret where it is not decrypted.
pub static SECRET_OUTSIDE_AUTH: Lint = Lint {
    name: "secret-outside-auth",
    severity: Severity::Error,
    summary: "a secret in the URL, the body or the ordinary headers, where eight bullets are sent",
    page: r#"## What it does
Finds references to a secret in the URL, in the ordinary headers and in the body, also as an argument of a filter. And in
replies with `template = true`: a backend that sends a secret back reveals it.

## Why this is bad
Secrets are decrypted only in the authentication of a webhook action. Anywhere else the value is eight bullets,
`••••••••`, and these bullets are what is sent: your API answers "wrong key", and nothing in the conversation tells why
(OpenDialog documentation, Webhook action, Using secrets in headers).

## Example
```toml
[action.headers]
Authorization = "Bearer {secret.api_key}"
```

## Instead
```toml
[action.auth]
type = "header"
headers = { Authorization = "Bearer {secret.api_key}" }
```

## Fix
None: move the header to the authentication. A secret cannot be sent in the URL or in the body; sign the body instead.

## When it stays silent
In the headers and variables of the authentication, in the fields of `mtls`, and in the client secret of `oauth2`. Its
other fields have a lint of their own, `secret-in-unsupported-field`.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &SECRET_OUTSIDE_AUTH, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for (place, expression) in subject.all_expressions() {
        let ValueSource::Secret(name) = &expression.source else { continue };
        let Some(place) = outside(place) else { continue };
        let message = format!("`secret.{name}` is not decrypted in {place}: eight bullets are sent");
        let diagnostic = Diagnostic::new(&SECRET_OUTSIDE_AUTH, reference(expression), message);
        found.push(diagnostic.help("secrets work only in `[action.auth]`"));
    }
}

/// The secret without its filters.
fn reference(expression: &Expression) -> Span {
    expression.context_span.map_or(expression.name_span, |context| context.to(expression.name_span))
}

/// The place in a user's words, if it is outside the authentication.
pub fn outside(place: Place) -> Option<&'static str> {
    match place {
        Place::Url => Some("the URL"),
        Place::Header => Some("an ordinary header"),
        Place::Body | Place::BodyKey => Some("the body"),
        Place::Reply => Some("a reply that uses values of the request"),
        Place::Variable | Place::AuthenticationHeader | Place::SecretField | Place::PlainField => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::test_support::{attribute, expression, findings, known_filter, plan_with};
    use crate::plan::FilterArgument;

    #[test]
    fn a_secret_in_a_filter_argument_counts() {
        let mut outer = attribute("name");
        let secret = expression(ValueSource::Secret("api_key".into()));
        outer.filters.push(known_filter(vec![FilterArgument::Value(secret)]));
        let found = findings(&plan_with(outer), &RULE);
        assert_eq!(found[0].message, "`secret.api_key` is not decrypted in an ordinary header: eight bullets are sent");
        assert!(findings(&plan_with(attribute("name")), &RULE).is_empty());
    }
}
