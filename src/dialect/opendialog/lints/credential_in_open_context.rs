//! A credential that is kept where it can be read.

use super::certificate_in_global;
use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::plan::{AttributeName, Expression, Plan, ValueSource, names_credential};
use crate::template::AccessorKey;
use crate::value::Scalar;

/// A credential that is kept where it can be read.
pub static CREDENTIAL_IN_OPEN_CONTEXT: Lint = Lint {
    name: "credential-in-open-context",
    severity: Severity::Warning,
    summary: "a token, key or password in a context other than `secret`: `{user.api_token}`",
    page: r#"## What it does
Finds attributes whose names say that they hold a credential, in a context other than `secret`: names that end in `token`,
`password`, `passphrase`, `secret`, `credential`, `authorization`, or in `key` with a word such as `api`, `access`,
`private` or `signing` before it. `plaintext-credential` knows the same names. The request, the authentication and the
arguments of filters are looked at.

## Why this is bad
Only the secret context is encrypted. Its values never appear in logs (OpenDialog documentation, Webhook action). Everything
else is plain: it is kept with the user or the scenario, shown in conversation data, and written into the execution logs,
which list each request with its URL, headers and body (OpenDialog documentation, Execution logs).

## Example
```toml
[action.headers]
Authorization = "Bearer {user.api_token}"
```

## Instead
```toml
[action.auth]
type = "header"
headers = { Authorization = "Bearer {secret.api_token}" }
```

## Fix
None: the value has to be stored as a secret on the platform first.

## When it stays silent
When the word does not end the name, as in `token_count`, `password_reset_link` or `secret_santa_name`. For places in a
list, such as `next_page_token`. For attributes declared as a boolean, a number or a time. For a certificate or password in
`global` of a `mtls` authentication, which `certificate-in-global` finds. A token that belongs to one user, such as one that
a log-in has answered, cannot be a secret: allow the lint in that spec, with the reason.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &CREDENTIAL_IN_OPEN_CONTEXT, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for (_, expression) in &subject.expressions {
        let ValueSource::Attribute(name) = &expression.source else { continue };
        let key = last_key(expression).unwrap_or(name.attribute());
        if !names_credential(key)
            || cannot_hold_one(subject.plan, name)
            || certificate_in_global::reports(subject.plan, expression)
        {
            continue;
        }
        let span = expression.context_span.map_or(expression.name_span, |context| context.to(expression.name_span));
        let message = format!("`{key}` sounds like a credential, and `{}` is not encrypted: logs show it", name.context());
        let help = format!("store it as a secret, and read `{{secret.{key}}}` in `[action.auth]`");
        found.push(Diagnostic::new(&CREDENTIAL_IN_OPEN_CONTEXT, span, message).help(help));
    }
}

/// The last name on the way into a value; positions in a list say nothing.
fn last_key(expression: &Expression) -> Option<&str> {
    expression.path.iter().rev().find_map(|step| match &step.key {
        AccessorKey::Key(key) => Some(key.as_str()),
        AccessorKey::Index(_) => None,
    })
}

fn cannot_hold_one(plan: &Plan, name: &AttributeName) -> bool {
    plan.declared(name)
        .is_some_and(|declared| matches!(declared.scalar, Scalar::Boolean | Scalar::Int | Scalar::Float | Scalar::Timestamp))
}

#[cfg(test)]
mod tests {
    use crate::plan::names_credential;

    #[test]
    fn the_word_ends_the_name() {
        for name in ["api_token", "accessToken", "cert_password", "API-KEY", "client_secret", "token", "hmac_key"] {
            assert!(names_credential(name), "{name}");
        }
        for name in ["token_count", "password_reset_link", "secret_santa_name", "key", "order_key", "next_page_token", ""] {
            assert!(!names_credential(name), "{name}");
        }
    }
}
