//! A secret in a field of OAuth2 that does not take any.

use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::plan::{Authentication, Expression, Text, ValueSource};

/// A secret in a field of OAuth2 that does not take any.
pub static SECRET_IN_UNSUPPORTED_FIELD: Lint = Lint {
    name: "secret-in-unsupported-field",
    severity: Severity::Error,
    summary: "a secret in the client id, token URL or scope of OAuth2, where eight bullets are sent",
    page: r#"## What it does
Finds references to a secret in the client id, the token URL and the scope of an `oauth2` authentication.

## Why this is bad
Of the fields of OAuth2 only the client secret is decrypted (OpenDialog documentation, Webhook action, OAuth2 Client
Credentials). In the others the value is eight bullets, `••••••••`, and these are what the token endpoint gets: it does not
know the client, and no request follows.

## Example
```toml
[action.auth]
type = "oauth2"
token_url = "https://auth.example.com/oauth2/token"
client_id = "{secret.oauth_client_id}"
client_secret = "{secret.oauth_client_secret}"
```

## Instead
```toml
[action.auth]
type = "oauth2"
token_url = "https://auth.example.com/oauth2/token"
client_id = "{global.oauth_client_id}"
client_secret = "{secret.oauth_client_secret}"
```

## Fix
None: the value has to be stored in another context. A client id is not secret, and `global` is the place for it.

## When it stays silent
In the client secret, and in the other types of authentication. Outside the authentication `secret-outside-auth` looks.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &SECRET_IN_UNSUPPORTED_FIELD, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let Authentication::OAuth2(oauth) = &subject.plan.authentication else { return };
    let fields =
        [(Some(&oauth.token_url), "token URL"), (Some(&oauth.client_id), "client id"), (oauth.scope.as_ref(), "scope")];
    for (text, field) in fields {
        found.extend(text.into_iter().flat_map(Text::expressions).flat_map(|expression| in_field(expression, field)));
    }
}

fn in_field(expression: &Expression, field: &str) -> Vec<Diagnostic> {
    let secrets = expression.with_arguments().into_iter().filter_map(|expression| match &expression.source {
        ValueSource::Secret(name) => Some((name, expression.span)),
        _ => None,
    });
    let told = |(name, span)| {
        let message = format!("`secret.{name}` is not decrypted in the {field}: eight bullets are sent");
        let help = format!("only the client secret is decrypted; keep the {field} in `global`");
        Diagnostic::new(&SECRET_IN_UNSUPPORTED_FIELD, span, message).help(help)
    };
    secrets.map(told).collect()
}
