//! A reference alone in the body that a case leaves without a value.

use std::collections::HashSet;

use super::types::{given, inside, written_with_steps};
use crate::assumption::id;
use crate::case::{Case, Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::filter::Input;
use crate::plan::{AttributeName, BodyPlan, Expression, FilterUse, Place, Plan, Step, ValueSource};
use crate::template::AccessorKey;
use crate::value::{Data, Json};

/// A reference alone in the body that a case leaves without a value.
pub static OPTIONAL_LONE_REFERENCE: Lint = Lint {
    name: "optional-lone-reference",
    severity: Severity::Info,
    summary: "a reference alone in the body that may have no value",
    page: r#"## What it does
Looks at references that stand alone in a string of the JSON body. Finds those for which a case gives no value, or
null, or an object without the key that is asked for.

## Why this is bad
What the platform sends for a missing value that stands alone is not documented: null, an empty text, or no key at all
(OpenDialog documentation, Webhook action, Request body, says only that types are preserved). Hookwright sends null,
see `missing_body_value`; the service may refuse what the platform really sends.

## Example
```toml
[action]
body = '{ "middle_name": "{middle_name}" }'

[[case]]
name = "without a middle name"
null = ["user.middle_name"]
```

## Instead
```toml
[action]
body = '{ "middle_name": "{middle_name}" }'

[[case]]
name = "with a middle name"
given.user.middle_name = "Augusta"
```

Ask for the value before the action runs, or look on the platform at what is sent without it.

## Fix
None.

## When it stays silent
About references among other text, of which the documentation says that they are removed; behind a filter that makes
something of nothing, such as `md5`; about inputs without which the action does not run at all; and when every case gives a
value, or there is no case.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &OPTIONAL_LONE_REFERENCE, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let plan = subject.plan;
    // Where a body is text first, what stands in a missing value's place is text, whatever stands around it.
    if matches!(plan.request.body, BodyPlan::Text(_))
        || subject.cases.is_empty()
        || !subject.expressions.iter().any(|(place, _)| *place == Place::Body)
    {
        return;
    }
    let required: HashSet<&AttributeName> = plan.request.required.iter().map(|name| &name.value).collect();
    for (place, text) in plan.texts() {
        let Some(expression) = text.lone().filter(|_| place == Place::Body) else { continue };
        let ValueSource::Attribute(name) = &expression.source else { continue };
        if required.contains(name) || !expression.filters.iter().all(keeps_null) {
            continue;
        }
        if let Some(case) = subject.cases.iter().find(|case| is_missing(case, name, &expression.path)) {
            found.push(missing(expression, case, plan));
        }
    }
}

fn keeps_null(used: &FilterUse) -> bool {
    match used {
        FilterUse::Known { filter, .. } => filter.input != Input::Any,
        FilterUse::Unknown { .. } => true,
    }
}

/// Whether nothing is given, or null, or an object or a list without what the steps ask for. A step into anything else is
/// the matter of [`accessor_mismatch`](super::accessor_mismatch).
fn is_missing(case: &Case, name: &AttributeName, path: &[Step]) -> bool {
    let Some(given) = given(case, name) else { return true };
    let Data::Json(json) = &given.value.data else { return false };
    let mut json = json;
    for step in path {
        match (json, inside(json, &step.key)) {
            (_, Some(found)) => json = found,
            (Json::Null | Json::Object(_), None) => return true,
            (Json::Array(_), None) => return matches!(step.key, AccessorKey::Index(_)),
            _ => return false,
        }
    }
    json.is_null()
}

fn sent(choice: &str) -> &'static str {
    match choice {
        "empty" => "an empty text is sent",
        "omit" => "its key is left out",
        _ => "null is sent",
    }
}

fn missing(expression: &Expression, case: &Case, plan: &Plan) -> Diagnostic {
    let sent = sent(plan.assumptions.get(id::MISSING_BODY_VALUE));
    let message =
        format!("`{}` may have no value, and then {sent}", written_with_steps(expression, expression.path.len(), plan));
    Diagnostic::new(&OPTIONAL_LONE_REFERENCE, expression.span, message)
        .related(case.name.span, format!("it has none in `{}`", case.name.value))
        .help("the platform's documentation does not say what it sends then; see `missing_body_value`")
}
