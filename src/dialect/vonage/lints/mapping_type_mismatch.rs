//! A mapping of the wrong type.

use serde::de::IgnoredAny;

use crate::case::{Answer, Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::plan::{OutcomeRule, ReplyFormat};
use crate::selector::xml;

/// A mapping of the wrong type.
pub static MAPPING_TYPE_MISMATCH: Lint = Lint {
    name: "mapping-type-mismatch",
    severity: Severity::Warning,
    summary: "a JSON mapping on a recorded XML reply, or the reverse",
    page: r#"## What it does
Compares the type of the response mapping with the recorded replies of 2xx. Finds a mapping for JSON where a reply is XML,
and one for XML where a reply is JSON.

## Why this is bad
The mapping has one type, xml or json (Vonage AI Studio documentation, Webhook, Response Mapping). A reply of the other type
cannot be read, so every path misses and the node leaves by "Failed".

## Example
```toml
[action.response]
type = "json"
mapping = { RECIPIENT = "note.to" }

[[case]]
name = "a note"
reply.body = "<note><to>Mia</to></note>"
```

## Instead
```toml
[action.response]
type = "xml"
mapping = { RECIPIENT = "note.to" }
```

## Fix
None: either the type or the recorded reply is wrong.

## When it stays silent
When nothing is mapped. For replies that are neither, and for other statuses.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &MAPPING_TYPE_MISMATCH, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let OutcomeRule::Exits(exits) = &subject.plan.outcome.rule else { return };
    let Some(first) = exits.outputs.first() else { return };
    let (wanted, got) = match exits.format {
        ReplyFormat::Json => ("JSON", "XML"),
        ReplyFormat::Xml => ("XML", "JSON"),
    };
    let is_other = |body: &[u8]| match exits.format {
        ReplyFormat::Json => xml::document(body).is_ok(),
        ReplyFormat::Xml => serde_json::from_slice::<IgnoredAny>(body).is_ok(),
    };
    let other = subject.cases.iter().find(|case| match &case.answer {
        Answer::Reply(reply) => reply.status / 100 == 2 && is_other(&reply.body),
        Answer::Unspecified | Answer::Fault(_) => false,
    });
    let Some(case) = other else { return };
    let message = format!("the mapping is for {wanted}, and a recorded reply is {got}");
    found.push(
        Diagnostic::new(&MAPPING_TYPE_MISMATCH, first.source.inside(), message)
            .related(case.name.span, "the reply of this case")
            .help(format!("write `type = \"{}\"` under `[action.response]`", got.to_ascii_lowercase())),
    );
}
