//! A variable of the authentication that nothing needs.

use std::collections::{HashMap, HashSet};

use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Edit, Fix, Lint, Severity, nearest};
use crate::plan::{AuthVariable, Authentication, HeaderAuthentication, Place, Plan, Text};

/// Among more variables than this no misspelt name is looked for, nor for more than so many names.
const MOST_VARIABLES: usize = 1_000;
const MOST_MISSPELT: usize = 100;

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
add the header instead.

## When it stays silent
When a header names the variable in any way, even where that is a mistake of its own: without `@` or braces, in the header's
name, in a template that cannot be read, or misspelt, as `undefined-auth-variable` says. When it is read outside the
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
    for variable in header.variables.iter().filter(|variable| !needed.contains(variable.name.value.as_str())) {
        found.push(finding(variable));
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

/// The names that headers read, themselves or through variables; those too that are read outside the authentication, where
/// `_auth` does not exist: then the place is the mistake.
fn needed<'a>(header: &'a HeaderAuthentication, plan: &'a Plan) -> HashSet<&'a str> {
    let mut defined: HashMap<&str, Vec<&AuthVariable>> = HashMap::new();
    for variable in &header.variables {
        defined.entry(&variable.name.value).or_default().push(variable);
    }
    let mut needed = HashSet::new();
    let mut misspelt = 0;
    let texts = plan.texts().into_iter().filter(|(place, _)| *place != Place::Variable);
    // A reference in a header's name is a mistake of its own.
    let headers = header.headers.iter().chain(&plan.request.headers);
    let in_names = headers.flat_map(|header| names(&header.name.value));
    let mut open: Vec<&str> = texts.flat_map(|(_, text)| names_in(text)).chain(in_names).collect();
    while let Some(name) = open.pop() {
        let Some((name, variables)) = defined.get_key_value(name) else {
            misspelt += 1;
            if defined.len() <= MOST_VARIABLES && misspelt <= MOST_MISSPELT {
                open.extend(nearest(name, defined.keys().copied()));
            }
            continue;
        };
        if needed.insert(*name) {
            let texts = variables.iter().flat_map(|variable| variable.value.texts());
            open.extend(texts.flat_map(names_in));
        }
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
