//! A client certificate or its password in the open.

use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Edit, Fix, Lint, Severity};
use crate::plan::{Authentication, Expression, MutualTls, Plan, ValueSource};

/// A client certificate or its password in the open.
pub static CERTIFICATE_IN_GLOBAL: Lint = Lint {
    name: "certificate-in-global",
    severity: Severity::Warning,
    summary: "a client certificate or its password in `global`, where everybody on the team can read it",
    page: r#"## What it does
Finds a certificate or a password of a `mtls` authentication that comes from `global`.

## Why this is bad
An older version of the documentation told you to keep both in the global context. Its values are plain: they stand in the
scenario's settings, and come along when attributes are shown. Who has them can speak to your API in your name. Today
certificates are uploaded to the secret context, which is encrypted and decrypted only for the request (OpenDialog
documentation, Webhook action, Mutual TLS Authentication).

## Example
```toml
[action.auth]
type = "mtls"
certificate = "{global.mtls_certificate}"
password = "{global.cert_password}"
```

## Instead
```toml
[action.auth]
type = "mtls"
certificate = "{secret.mtls_certificate}"
password = "{secret.cert_password}"
```

## Fix
`--fix --unsafe` replaces `global` with `secret`: a guess, since the secret has to be created on the platform first.

## When it stays silent
For `ca_certificate`, which is public: the documentation itself keeps it in `global`. For other open contexts, such as
`user`, whose credentials `credential-in-open-context` finds.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &CERTIFICATE_IN_GLOBAL, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let Some(tls) = mutual_tls(subject.plan) else { return };
    for (expression, what) in fields(tls).filter(|(expression, _)| is_global(expression)) {
        let span = expression.context_span.unwrap_or(expression.span);
        let message = format!("the {what} is kept in `global`, where everybody on the team can read it");
        let help = match what {
            "certificate" => "upload it to the secret context on the platform, and read it from `secret`",
            _ => "store it in the secret context on the platform, and read it from `secret`",
        };
        let mut diagnostic = Diagnostic::new(&CERTIFICATE_IN_GLOBAL, span, message).help(help);
        if expression.context_span.is_some() {
            let edits = vec![Edit { span, text: "secret".into() }];
            diagnostic.fix = Some(Fix { title: "replace with `secret`".into(), safe: false, edits });
        }
        found.push(diagnostic);
    }
}

fn mutual_tls(plan: &Plan) -> Option<&MutualTls> {
    match &plan.authentication {
        Authentication::MutualTls(tls) => Some(tls),
        _ => None,
    }
}

/// Every expression of the two fields, with what the field holds.
fn fields(tls: &MutualTls) -> impl Iterator<Item = (&Expression, &'static str)> {
    let fields = [(&tls.certificate, "certificate"), (&tls.password, "certificate's password")];
    fields.into_iter().flat_map(|(text, what)| {
        let all = text.expressions().flat_map(Expression::with_arguments);
        all.map(move |expression| (expression, what))
    })
}

fn is_global(expression: &Expression) -> bool {
    matches!(&expression.source, ValueSource::Attribute(name) if name.context() == "global")
}

/// Whether an expression is one that this lint reports.
pub fn reports(plan: &Plan, expression: &Expression) -> bool {
    let Some(tls) = mutual_tls(plan).filter(|_| is_global(expression)) else { return false };
    [tls.certificate.span, tls.password.span].into_iter().any(|field| field.contains(expression.span))
}
