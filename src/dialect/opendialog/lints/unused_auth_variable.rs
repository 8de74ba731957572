//! A variable of the authentication that nothing needs.

use std::collections::{HashMap, HashSet};

use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Edit, Fix, Lint, Severity};
use crate::plan::{AuthVariable, Authentication, Expression, HeaderAuthentication, Place, Plan, Text, ValueSource};

/// A variable of the authentication that nothing needs.
pub static UNUSED_AUTH_VARIABLE: Lint = Lint {
    name: "unused-auth-variable",
    severity: Severity::Warning,
    summary: "a variable of the authentication that no header reads, so that it is never computed",
    page: r#"## What it does
Finds variables of the authentication that no header reads: not itself, not through another variable, and not as an argument
of a filter or a function.

## Why this is bad
Variables are computed when they are needed (OpenDialog documentation, Webhook action, Header Authentication). One that
nothing needs is never computed and never sent. Usually a header has been forgotten: the signature is there, and the request
goes out without it.

## Example
```toml
[action.auth.variables]
signed = "{_auth.timestamp}.{_webhook.body}"
signature = "{_auth.signed | hmac sha256 @secret.key text | base64}"

[action.auth.headers]
X-Timestamp = "{_auth.timestamp}"
```

## Instead
```toml
[action.auth.variables]
signed = "{_auth.timestamp}.{_webhook.body}"
signature = "{_auth.signed | hmac sha256 @secret.key text | base64}"

[action.auth.headers]
X-Timestamp = "{_auth.timestamp}"
X-Signature = "{_auth.signature}"
```

## Fix
`--fix` removes the variable, with its lines or its comma. That changes nothing in what is sent. If a header was forgotten,
add the header instead. In an action that cannot be read as a whole nothing is removed.

## When it stays silent
When a header names the variable in any way, even where that is a mistake of its own: without `@` or braces, in the header's
name, or in a template that cannot be read. While the authentication reads a name that does not exist, which may mean any of
the variables: `{_auth.nonce}` without such a variable, `{auth.signature}`, `{signature}`. When it is read outside the
authentication, which `context-out-of-phase` says. When there are no headers at all, which `auth-shape` says.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &UNUSED_AUTH_VARIABLE, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let Authentication::Header(header) = &subject.plan.authentication else { return };
    if header.headers.is_empty() || header.variables.is_empty() {
        return;
    }
    let needed = needed(header, subject.plan);
    let is_needed = |variable: &&AuthVariable| needed.contains(variable.name.value.as_str());
    let unneeded: Vec<&AuthVariable> = header.variables.iter().filter(|variable| !is_needed(variable)).collect();
    let in_headers = header.headers.iter().map(|header| &header.value);
    let in_variables = header.variables.iter().filter(is_needed).flat_map(|variable| variable.value.texts());
    if unneeded.is_empty() || in_headers.chain(in_variables).any(|text| has_wrong_name(text, header)) {
        return;
    }
    for variable in unneeded {
        let diagnostic = finding(variable);
        // In what cannot be read, a name may stand that is not seen.
        let fix = diagnostic.fix.filter(|_| subject.is_readable);
        found.push(Diagnostic { fix, ..diagnostic });
    }
}

fn finding(variable: &AuthVariable) -> Diagnostic {
    let name = &variable.name.value;
    let message = format!("no header needs `{name}`, so it is never computed");
    let mut diagnostic = Diagnostic::new(&UNUSED_AUTH_VARIABLE, variable.name.span, message)
        .help(format!("read it in a header as `{{_auth.{name}}}`, or remove it"));
    if let Some(span) = variable.removal {
        let edits = vec![Edit { span, text: String::new() }];
        diagnostic.fix = Some(Fix { title: format!("remove `{name}`"), safe: true, edits });
    }
    diagnostic
}

/// Whether a text reads a name that does not exist, and so perhaps means one of the variables.
fn has_wrong_name(text: &Text, header: &HeaderAuthentication) -> bool {
    text.expressions().flat_map(Expression::with_arguments).any(|expression| match &expression.source {
        ValueSource::Variable(name) => header.variable(name).is_none(),
        ValueSource::UnknownContext { .. } => true,
        // `{signature}` for `{_auth.signature}`, or `{_auth['signature']}`.
        ValueSource::Attribute(name) if expression.context_span.is_none() => {
            name.attribute() == "_auth" || header.variable(name.attribute()).is_some()
        }
        _ => false,
    })
}

/// The names that headers read, themselves or through variables; those too that are read outside the authentication, where
/// `_auth` does not exist: then the place is the mistake.
fn needed<'a>(header: &'a HeaderAuthentication, plan: &'a Plan) -> HashSet<&'a str> {
    let mut defined: HashMap<&str, Vec<&AuthVariable>> = HashMap::new();
    for variable in &header.variables {
        defined.entry(&variable.name.value).or_default().push(variable);
    }
    let mut needed = HashSet::new();
    let texts = plan.texts().into_iter().filter(|(place, _)| *place != Place::Variable);
    // A reference in a header's name is a mistake of its own.
    let headers = header.headers.iter().chain(&plan.request.headers);
    let in_names = headers.flat_map(|header| names(&header.name.value));
    let mut open: Vec<&str> = texts.flat_map(|(_, text)| names_in(text)).chain(in_names).collect();
    while let Some(name) = open.pop() {
        let Some(variables) = defined.get(name).filter(|_| needed.insert(name)) else { continue };
        let texts = variables.iter().flat_map(|variable| variable.value.texts());
        open.extend(texts.flat_map(names_in));
    }
    needed
}

fn names_in(text: &Text) -> impl Iterator<Item = &str> {
    text.source.iter().flat_map(|source| names(&source.text))
}

/// Every name that stands behind `_auth.`, whether or not it is a reference.
fn names(text: &str) -> impl Iterator<Item = &str> {
    let behind = text.split("_auth.").skip(1);
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-' || !c.is_ascii();
    behind.map(move |rest| &rest[..rest.find(|c| !is_of_name(c)).unwrap_or(rest.len())])
}
