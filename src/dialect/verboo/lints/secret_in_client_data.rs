//! A secret in the client data.

use super::known::{of_context, places};
use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::dialect::verboo::CLIENT_DATA;
use crate::plan::{AttributeName, Plan, names_credential};

/// A secret in the client data.
pub static SECRET_IN_CLIENT_DATA: Lint = Lint {
    name: "secret-in-client-data",
    severity: Severity::Warning,
    summary: "a token, key or password in the client data, which the platform logs",
    page: r#"## What it does
Finds keys of the client data that are declared with `secret = true`, or whose names say that they hold a credential: names
that end in `token`, `password`, `secret`, or in `key` with a word such as `api` before it.

## Why this is bad
The platform logs the variables of each call, and its history shows the client data of each session (Verboo documentation,
Webhook, Debug and Errors; History). Whoever may read a conversation may read the token. The documentation itself shows
`Bearer $erp_token`, so this may be the only way there is: then give the session a token that is short-lived, and good for
this customer alone.

## Example
```toml
dialect = "verboo"
[action]
url = "https://erp.example.com/api/orders"
method = "GET"
headers = [{ key = "Authorization", value = "Bearer $erp_token" }]
[client_data]
erp_token = "string"
```

## Instead
```toml
dialect = "verboo"
[action]
url = "https://gateway.example.com/orders?session=$session.id"
method = "GET"
```

## Fix
None: a gateway of your own may add the credential, or the platform's template parameters may hold it.

## When it stays silent
For names that say nothing of a credential, whatever the values are. `secret = true` masks a value here, in transcripts and
reports; it does not change what the platform shows.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &SECRET_IN_CLIENT_DATA, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for (name, span) in of_context(&places(subject), CLIENT_DATA) {
        if is_secret(name, subject.plan) {
            let message = format!("`{}` is a secret that the platform's logs and history show", name.attribute());
            let help = "let a gateway of your own add it, or give the session a short-lived one";
            found.push(Diagnostic::new(&SECRET_IN_CLIENT_DATA, span, message).help(help));
        }
    }
}

/// Whether client data hold a secret: by declaration or by name.
pub fn is_secret(name: &AttributeName, plan: &Plan) -> bool {
    plan.secret_attributes.contains(name) || names_credential(name.attribute())
}
