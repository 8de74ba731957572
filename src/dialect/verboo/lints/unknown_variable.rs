//! A variable that nothing gives a value.

use super::choices::{Variable, variables, variables_in_replies};
use super::known::places;
use super::prefix_capture::system_step;
use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Edit, Fix, Lint, Severity, nearest};
use crate::dialect::verboo::{IMAGES, SYSTEM};

/// A variable that nothing gives a value.
pub static UNKNOWN_VARIABLE: Lint = Lint {
    name: "unknown-variable",
    severity: Severity::Error,
    summary: "a variable that is no system variable, no argument and no client data: `$order_nubmer`",
    page: r#"## What it does
Finds names behind a `$`, also in replies with `template = true`, that begin like no known one: no system variable, no
parameter of the trigger, nothing that `[client_data]` declares, a case gives or a recorded reply merges. Names are made of
letters, digits, `_`, `-` and `.`.

## Why this is bad
Nothing replaces such a name: it is sent as it is typed, `$order_nubmer` and all. Unreplaced variables are the first thing
that the platform's troubleshooting looks for (Verboo documentation, Webhook, Available Variables; Variables).

## Example
```toml
dialect = "verboo"
[action]
url = "https://erp.example.com/api/orders/$order_nubmer"
method = "GET"
[trigger]
name = "check_order"
parameters = { type = "object", properties = { order_number = { type = "string" } } }
```

## Instead
```toml
dialect = "verboo"
[action]
url = "https://erp.example.com/api/orders/$order_number"
method = "GET"
[trigger]
name = "check_order"
parameters = { type = "object", properties = { order_number = { type = "string" } } }
```

## Fix
`--fix --unsafe` writes the nearest known name, if there is one that is near.

## When it stays silent
For a `$` that no letter or `_` follows: `US$ 5`. For a name that begins with a known one, which `prefix-capture` is about.
What an earlier webhook of the session merges is known once `[client_data]` declares it. In the
platform's JSON, linted alone, where nothing can be declared: only what is near to a system variable or `$images` is found.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &UNKNOWN_VARIABLE, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let is_unknown = |variable: &Variable<'_>| variable.longest().is_none() && system_step(variable.typed()).is_none();
    let all = variables(subject.plan).into_iter().chain(variables_in_replies(subject));
    let unknown: Vec<Variable<'_>> = all.filter(is_unknown).collect();
    if unknown.is_empty() {
        return;
    }
    let places = places(subject);
    let system: Vec<String> = SYSTEM.iter().map(|(context, name, _)| format!("{context}.{name}")).collect();
    let mut known: Vec<&str> = system.iter().map(String::as_str).chain([IMAGES]).collect();
    // The names that a platform's own file reads are declared elsewhere.
    if !subject.plan.has_other_names {
        known.extend(places.keys().map(|name| name.attribute()));
    }
    known.sort_unstable();
    for variable in unknown {
        let near = nearest(variable.typed(), known.iter().copied());
        if near.is_some() || !subject.plan.has_other_names {
            found.push(diagnostic(&variable, near));
        }
    }
}

fn diagnostic(variable: &Variable<'_>, near: Option<&str>) -> Diagnostic {
    let (typed, span) = (variable.typed(), variable.choice.span);
    let message = format!("nothing gives `${typed}` a value: it is sent as it is typed");
    let diagnostic = Diagnostic::new(&UNKNOWN_VARIABLE, span, message);
    let Some(near) = near else {
        return diagnostic.help("declare it under `[client_data]`, or as a parameter of the trigger");
    };
    let edits = vec![Edit { span, text: format!("${near}") }];
    let fix = Fix { title: format!("replace with `${near}`"), safe: false, edits };
    Diagnostic { fix: Some(fix), ..diagnostic.help(format!("did you mean `${near}`?")) }
}
