//! The list of images as text.

use super::choices::{Variable, attribute, variables};
use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Edit, Fix, Lint, Severity};
use crate::dialect::verboo::IMAGES;
use crate::plan::{BodyPlan, Place, Plan};

/// The list of images as text.
pub static QUOTED_IMAGES: Lint = Lint {
    name: "quoted-images",
    severity: Severity::Warning,
    summary: "`\"$images\"` in double quotes: a list as escaped text",
    page: r#"## What it does
Finds `$images` without a number inside of a string of the body.

## Why this is bad
`$images` is a JSON list and stands without quotes (Verboo documentation, Webhook, Image Variables and the example "Analyze
image sent by user"). Inside of a string its text is escaped: your API gets `"[\"https://…\"]"`, a text that looks like a
list.

## Example
```toml
dialect = "verboo"
[action]
url = "https://vision.example.com/analyze"
method = "POST"
body = '{ "all": "$images" }'
```

## Instead
```toml
dialect = "verboo"
[action]
url = "https://vision.example.com/analyze"
method = "POST"
body = '{ "all": $images }'
```

## Fix
`--fix --unsafe` takes the quotes away where nothing else stands between them and the body is written as text. In a table,
or in JSON that must stay JSON, write the body as text first.

## When it stays silent
For one image, `$images[0]`, which is a text; outside of double quotes; in headers and the URL, where there are no lists.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &QUOTED_IMAGES, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let is_in_string = |variable: &Variable<'_>| matches!(variable.place, Place::Body | Place::BodyKey) && !variable.is_bare;
    for variable in variables(subject.plan).into_iter().filter(is_in_string) {
        let is_list = variable.longest().is_some_and(|reading| {
            let name = attribute(reading).filter(|name| name.context().is_empty() && name.attribute() == IMAGES);
            name.is_some() && reading.value.path.is_empty() && reading.rest.is_empty()
        });
        if is_list {
            let message = "the list of images becomes escaped text between double quotes";
            let diagnostic = Diagnostic::new(&QUOTED_IMAGES, variable.choice.span, message)
                .help("write `$images` without quotes, in a body that is text");
            found.push(Diagnostic { fix: fix(subject.plan, &variable), ..diagnostic });
        }
    }
}

fn fix(plan: &Plan, variable: &Variable<'_>) -> Option<Fix> {
    let BodyPlan::Text(body) = &plan.request.body else { return None };
    let source = body.source.as_ref()?;
    let start = variable.offset_in_body?.checked_sub(1)?;
    let typed = &variable.choice.typed;
    let range = start..start + typed.len() + 2;
    if source.text.get(range.clone())? != format!("\"{typed}\"") {
        return None;
    }
    let edits = vec![Edit::within(source, range, typed)?];
    Some(Fix { title: "take the quotes away".into(), safe: false, edits })
}
