//! An end user's text that may be looked through for the name of a secret.

use super::choices::{attribute, variables};
use super::known::{Places, of_context, places};
use super::secret_in_client_data::is_secret;
use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::dialect::verboo::{ARGUMENTS, CLIENT_DATA};
use crate::plan::{AttributeName, Place, Plan};
use crate::source::Span;
use crate::value::Scalar;

/// An end user's text that may be looked through for the name of a secret.
pub static EXPANSION_LEAK: Lint = Lint {
    name: "expansion-leak",
    severity: Severity::Warning,
    summary: "a user's text under a longer name than a secret's: it may pull the secret in",
    page: r#"## What it does
Finds arguments in headers and the body whose names are longer than the name of a secret in the client data, or as long,
when their values can be any text.

## Why this is bad
Variables are substituted from the longest name to the shortest (Verboo documentation, Webhook, Variable Substitution
Behavior). A program that replaces one name after the other finds shorter names also in the values it has just put in.
Whether the platform does so is not documented; see the assumption `substitution`. If it does, a user who types
`$erp_token` into the chat gets the token sent to wherever the text goes.

## Example
```toml
dialect = "verboo"
[action]
url = "https://helpdesk.example.com/tickets"
method = "POST"
body = '{ "title": "$issue_title" }'
[trigger]
name = "create_ticket"
parameters = { type = "object", properties = { issue_title = { type = "string" } }, required = ["issue_title"] }
[client_data]
erp_token = { type = "string", secret = true }
```

## Instead
```toml
dialect = "verboo"
[action]
url = "https://helpdesk.example.com/tickets"
method = "POST"
body = '{ "title": "$issue" }'
[trigger]
name = "create_ticket"
parameters = { type = "object", properties = { issue = { type = "string" } }, required = ["issue"] }
[client_data]
erp_token = { type = "string", secret = true }
```

## Fix
None: the argument needs a shorter name than the secret, or the session must not hold the secret. `substitution =
"name-by-name"` under `[assume]` shows what would be sent.

## When it stays silent
In the URL, where a `$` in a value is encoded. For arguments that can only be numbers or booleans.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &EXPANSION_LEAK, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let plan = subject.plan;
    let places = places(subject);
    let secrets = secrets(&places, plan);
    if secrets.is_empty() {
        return;
    }
    for variable in variables(plan).into_iter().filter(|variable| variable.place != Place::Url) {
        let Some(name) = variable.longest().and_then(attribute).filter(|name| may_be_any_text(name, plan)) else { continue };
        let is_reached = |(secret, _): &&(&AttributeName, Span)| secret.attribute().len() <= name.attribute().len();
        let Some((secret, span)) = secrets.iter().find(is_reached) else { continue };
        let (own, theirs) = (name.attribute(), secret.attribute());
        let message = format!("a user's text in `${own}` may hold `${theirs}`, which is substituted after it");
        let diagnostic = Diagnostic::new(&EXPANSION_LEAK, variable.choice.span, message).related(*span, "the secret");
        found.push(diagnostic.help(format!("give the argument a shorter name than `{theirs}`")));
    }
}

fn secrets<'a>(places: &Places<'a>, plan: &Plan) -> Vec<(&'a AttributeName, Span)> {
    of_context(places, CLIENT_DATA).into_iter().filter(|(name, _)| is_secret(name, plan)).collect()
}

fn may_be_any_text(name: &AttributeName, plan: &Plan) -> bool {
    let scalar = plan.declared(name).map(|declared| declared.scalar);
    name.context() == ARGUMENTS && !matches!(scalar, Some(Scalar::Int | Scalar::Float | Scalar::Boolean))
}
