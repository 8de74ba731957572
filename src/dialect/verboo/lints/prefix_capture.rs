//! A longer word of which a known name is only the beginning.

use super::choices::{Variable, attribute, nested, variables};
use super::known::given;
use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity, nearest};
use crate::dialect::verboo::SYSTEM;
use crate::plan::{AttributeName, Substitution};
use crate::value::{Data, Json, Scalar};

/// A longer word of which a known name is only the beginning.
pub static PREFIX_CAPTURE: Lint = Lint {
    name: "prefix-capture",
    severity: Severity::Warning,
    summary: "a longer word that begins with a known name: `$planet` where only `plan` exists",
    page: r#"## What it does
Finds a variable whose longest known name is followed by another letter, a digit or `_`; or by a dot and a word, where that
looks like a step into an object or like a system variable.

## Why this is bad
A name does not end where the word ends: `$planet` becomes the value of `plan` and `et`. Of the names that fit, the longest
is substituted (Verboo documentation, Webhook, Variable Substitution Behavior), so the word depends on which names exist
in the session. Objects of the client data cannot be stepped into: `$session.company` becomes the value of `session` and
`.company`, and stays as it is where there is no `session`.

## Example
```toml
dialect = "verboo"
[action]
url = "https://crm.example.com/search?q=$planet"
method = "GET"
[client_data]
plan = "string"
```

## Instead
```toml
dialect = "verboo"
[action]
url = "https://crm.example.com/search?q=$planet"
method = "GET"
[client_data]
plan = "string"
planet = "string"
```

## Fix
None: a name may be missing, misspelt, or followed by text on purpose.

## When it stays silent
Where the whole word is a known name, and where the assumptions `word_boundary` and `nested_client_data` make one of it;
where something else than a letter, a digit or `_` follows: `$plan-7`, `$plan.json`.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &PREFIX_CAPTURE, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for variable in variables(subject.plan) {
        let Some(longest) = variable.longest() else {
            found.extend(of_system_name(&variable));
            continue;
        };
        if nested(longest, subject).is_some() {
            continue;
        }
        let Some(name) = attribute(longest) else { continue };
        let goes_on = longest.rest.starts_with(Substitution::is_word);
        if !goes_on && !looks_like_step(&longest.rest, name, subject) {
            continue;
        }
        let (typed, written) = (variable.typed(), name_as_written(variable.typed(), &longest.rest));
        let message = format!("`${typed}` is read as `${written}` with `{}` behind it", longest.rest);
        let help = match goes_on {
            true => {
                format!("declare `{typed}` if it is a name of its own; put another character behind `${written}` if not")
            }
            false => format!("no step leads into `${written}`: put the entry into the client data under a name of its own"),
        };
        found.push(Diagnostic::new(&PREFIX_CAPTURE, variable.choice.span, message).help(help));
    }
}

/// A step that the platform's own variable does not have.
fn of_system_name(variable: &Variable<'_>) -> Option<Diagnostic> {
    let (context, _) = system_step(variable.typed())?;
    let name = variable.typed();
    let message = format!("`{name}` is no system variable: `{context}` with a dot behind it is no name of its own");
    let help = format!(
        "the platform has `${context}.id`; a `{context}` in the client data would be put in with the rest behind it"
    );
    Some(Diagnostic::new(&PREFIX_CAPTURE, variable.choice.span, message).help(help))
}

/// The context of the system variables that a name begins with, and another word behind its dot. What is near to a system
/// variable is a slip, and another lint's.
pub(super) fn system_step(typed: &str) -> Option<(&str, &str)> {
    let (context, step) = typed.split_once('.')?;
    let is_slip = |name: &str| nearest(step, [name]).is_some();
    SYSTEM.iter().any(|(known, name, _)| *known == context && !is_slip(name)).then_some((context, step))
}

fn name_as_written<'t>(typed: &'t str, rest: &str) -> &'t str {
    typed.strip_suffix(rest).unwrap_or(typed)
}

/// A dot and a word behind an object, or behind what is the beginning of a system variable's name.
fn looks_like_step(rest: &str, name: &AttributeName, subject: &Subject<'_>) -> bool {
    if Substitution::step(rest).is_none() {
        return false;
    }
    let is_object = |value: &&crate::value::Value| matches!(&value.data, Data::Json(Json::Object(_)));
    let is_declared = subject.plan.declared(name).is_some_and(|declared| declared.scalar == Scalar::Json);
    let is_system = SYSTEM.iter().any(|(context, _, _)| *context == name.attribute());
    is_system || is_declared || given(subject, name).iter().any(is_object)
}
