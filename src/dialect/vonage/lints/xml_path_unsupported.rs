//! An XML path beyond what is documented.

use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::plan::{OutcomeRule, Output, ReplyFormat};
use crate::selector::StepKind;

/// An XML path beyond what is documented.
pub static XML_PATH_UNSUPPORTED: Lint = Lint {
    name: "xml-path-unsupported",
    severity: Severity::Warning,
    summary: "an XML path to an attribute, or with a position",
    page: r#"## What it does
Finds paths of an XML mapping that lead to an attribute (`note.@id`) or name a position (`notes.note[0]`).

## Why this is bad
The documentation shows paths from the root element to an element, `note.to`, and nothing else for XML (Vonage AI Studio
documentation, Webhook, Response Mapping). Whether attributes have a path, and whether an element that stands alone is a
list, is not said; see `xml_attributes` and `xml_siblings`.

## Example
```toml
[action.response]
type = "xml"
mapping = { FIRST = "orders.order[0].id" }
```

## Instead
```toml
[action.response]
type = "xml"
mapping = { FIRST = "orders.latest.id" }
```

## Fix
None: try the path on the platform, and allow this lint in the spec if it works.

## When it stays silent
For JSON mappings.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &XML_PATH_UNSUPPORTED, check };

/// How converters name an element's attributes.
const ATTRIBUTES: [&str; 3] = ["$", "_attributes", "@attributes"];

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let OutcomeRule::Exits(exits) = &subject.plan.outcome.rule else { return };
    if exits.format == ReplyFormat::Xml {
        found.extend(exits.outputs.iter().filter_map(undocumented));
    }
}

fn undocumented(output: &Output) -> Option<Diagnostic> {
    let paths = output.selector.as_deref()?.paths();
    let mut steps = paths.iter().flat_map(|path| &path.steps);
    let (step, message) = steps.find_map(|step| match &step.kind {
        StepKind::Field(name) if name.starts_with('@') || ATTRIBUTES.contains(&name.as_str()) => {
            Some((step, "a path to an XML attribute is not documented"))
        }
        StepKind::Index(_) | StepKind::Member(_) => Some((step, "a position in an XML path is not documented")),
        _ => None,
    })?;
    let span = output.source.span(step.range.clone());
    Some(
        Diagnostic::new(&XML_PATH_UNSUPPORTED, span, message)
            .help("only paths of elements, such as `note.to`, are sure to work"),
    )
}
