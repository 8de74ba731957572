//! A directive that names a field which no reply has.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;

use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity, did_you_mean};
use crate::plan::OutcomeRule;
use crate::value::Json;

/// A directive that names a field which no reply has.
pub static DIRECTIVE_FIELD_UNKNOWN: Lint = Lint {
    name: "directive-field-unknown",
    severity: Severity::Info,
    summary: "the `responseDirective` names a field that no recorded reply has",
    page: r#"## What it does
Looks in the `responseDirective` for words in quotes beside `field`, `list`, `key`, `property`, `array`, `object` or
`attribute`, and for a key of that name at any depth of the replies that the cases record with a 2xx status.

## Why this is bad
The directive tells the model "how to interpret and use the webhook's response" (Verboo documentation, Webhook,
responseDirective). A model that is told of a field that is not there makes something up, and nothing fails.

## Example
```toml
dialect = "verboo"
[action]
url = "https://calendar.example.com/slots"
method = "GET"
responseDirective = "Offer the time slots from the 'slots' list."
[[case]]
name = "free"
reply.json = { times = ["10:00"] }
```

## Instead
```toml
dialect = "verboo"
[action]
url = "https://calendar.example.com/slots"
method = "GET"
responseDirective = "Offer the time slots from the 'times' list."
[[case]]
name = "free"
reply.json = { times = ["10:00"] }
```

## Fix
None: the reply may be recorded wrongly, or the field may be there at times only.

## When it stays silent
When no case records a JSON reply with a 2xx status. For quoted words that stand beside none of the words above: they may
be values, as in `if the status is 'success'`.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &DIRECTIVE_FIELD_UNKNOWN, check };

static FIELD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let word = "(?:fields?|lists?|keys?|property|properties|arrays?|objects?|attributes?)";
    let quoted = r#"['‘`"]([\p{Alphabetic}_][\p{Alphabetic}\p{Nd}_]*)['’`"]"#;
    Regex::new(&format!(r"(?i){quoted}\s+{word}\b|\b{word}\s+{quoted}")).ok()
});

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let OutcomeRule::Merged(merged) = &subject.plan.outcome.rule else { return };
    let (Some(directive), Some(pattern)) = (&merged.directive, &*FIELD) else { return };
    let samples = subject.samples(2);
    if samples.is_empty() {
        return;
    }
    let mut keys = HashSet::new();
    samples.iter().for_each(|sample| add_keys(&sample.document, &mut keys));
    for matched in pattern.captures_iter(&directive.value) {
        let Some(name) = matched.get(1).or(matched.get(2)).filter(|name| !keys.contains(name.as_str())) else { continue };
        let message = format!("no recorded reply has a field `{}`", name.as_str());
        let mut known: Vec<&str> = keys.iter().copied().collect();
        known.sort_unstable();
        let diagnostic = Diagnostic::new(&DIRECTIVE_FIELD_UNKNOWN, directive.part(name.range()), message);
        found.push(
            diagnostic
                .related(samples[0].case.name.span, "a reply is recorded here")
                .help("name a field that the reply has, or record a reply that has it")
                .help_if(did_you_mean(name.as_str(), known)),
        );
    }
}

/// Every key at any depth. Nested as deep as the parser lets through.
fn add_keys<'j>(json: &'j Json, keys: &mut HashSet<&'j str>) {
    match json {
        Json::Object(entries) => {
            for (key, value) in entries {
                keys.insert(key);
                add_keys(value, keys);
            }
        }
        Json::Array(items) => items.iter().for_each(|item| add_keys(item, keys)),
        _ => {}
    }
}
