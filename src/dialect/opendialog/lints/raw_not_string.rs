//! The raw reply in an attribute that cannot keep it.

use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::plan::{Group, Plan, Target};
use crate::value::{AttributeType, Scalar};

/// The raw reply in an attribute that cannot keep it.
pub static RAW_NOT_STRING: Lint = Lint {
    name: "raw-not-string",
    severity: Severity::Warning,
    summary: "`raw` into an attribute that is no string, or that a mapping writes too",
    page: r#"## What it does
Looks at the attribute under `raw`, into which the whole reply is stored. Finds one that is declared as anything but a
string, and one that an output of the same group writes too.

## Why this is bad
The raw reply is text, and the platform stores it into a string attribute (OpenDialog documentation, Webhook action,
Response configuration). An attribute of another type becomes empty, and one of type `json` holds one text without any
field. Where an output writes the same attribute, one of the two is lost; which one is not documented.

## Example
```toml
[action.response.2xx]
raw = "order"

[attributes]
order = "json"
```

## Instead
```toml
[action.response.2xx]
raw = "order_raw"
outputs = { order = "@" }

[attributes]
order = "json"
order_raw = "string"
```

## Fix
None: name an attribute of its own.

## When it stays silent
For attributes without a declared type, since the platform takes those for strings; and for an attribute that an
output of another group writes, since a reply goes through one group only.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &RAW_NOT_STRING, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for group in subject.plan.outcome.groups() {
        let Some(raw) = &group.raw else { continue };
        found.extend(not_string(raw, subject.plan).or_else(|| written_twice(raw, group)));
    }
}

fn not_string(raw: &Target, plan: &Plan) -> Option<Diagnostic> {
    let declared = raw.declared.filter(|declared| *declared != AttributeType::one(Scalar::String))?;
    let name = &raw.name;
    let message = match declared == AttributeType::one(Scalar::Json) {
        true => format!("`{name}` is `json`, but the raw reply is one text: no step into it finds anything"),
        false => format!("`{name}` is `{declared}`, but the raw reply is text, so it becomes empty"),
    };
    let diagnostic = Diagnostic::new(&RAW_NOT_STRING, raw.span, message)
        .help("store the raw reply into a string attribute of its own; outputs can fill the others");
    Some(match plan.declaration(name) {
        Some(known) => diagnostic.related(known.span, format!("declared `{declared}` here")),
        None => diagnostic,
    })
}

fn written_twice(raw: &Target, group: &Group) -> Option<Diagnostic> {
    let output = group.outputs.iter().find(|output| output.target.name == raw.name)?;
    let message = format!("`{}` gets the raw reply and the value of an output, so one of them is lost", raw.name);
    let diagnostic = Diagnostic::new(&RAW_NOT_STRING, raw.span, message)
        .related(output.target.span, "the output")
        .help("store the raw reply into a string attribute of its own");
    Some(diagnostic)
}
