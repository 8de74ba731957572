//! A path into a field that is JSON text.

use super::json_text;
use super::selectors::{part, selectors_of};
use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};

/// The longest expression that is repeated in a message, in bytes.
const MAX_REPEATED: usize = 120;

/// A path into a field that is JSON text.
pub static JSON_STRING_NOT_DECODED: Lint = Lint {
    name: "json-string-not-decoded",
    severity: Severity::Warning,
    summary: "a path goes into a field of the reply that is JSON text",
    page: r#"## What it does
Follows the paths of the response mapping through the replies that the cases record. Finds those that go into a field which
is text, and whose text is a JSON object or list.

## Why this is bad
Some services put JSON into a string: `"payload": "{\"id\": 7}"`. To JMESPath that is text, and text has no fields. The
path finds nothing, the platform gives no error, and the attribute becomes empty. The platform has the function
`json_decode` for this (OpenDialog documentation, Using JMESPath expressions).

## Example
```toml
[action.response.2xx.outputs]
order_id = "data.payload.id"

[[case]]
name = "created"
reply.json = { data = { payload = '{"id": 7}' } }
```

## Instead
```toml
[action.response.2xx.outputs]
order_id = "json_decode(data.payload).id"
```

## Fix
None: the help shows the expression with `json_decode` in it.

## When it stays silent
When the field is mapped as a whole, since its text may be what is wanted. When no case records a JSON reply of the group,
or when the path finds a value in another one, where the field is not text. When the text is no JSON object or list.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &JSON_STRING_NOT_DECODED, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for group in subject.plan.outcome.groups() {
        let selectors = selectors_of(group);
        if selectors.is_empty() {
            continue;
        }
        let samples = subject.samples(group.class);
        if samples.is_empty() {
            continue;
        }
        for (selector, source) in selectors {
            let paths = selector.paths();
            let Some(into) = json_text::find(&paths, samples) else { continue };
            let range = into.path.written(0..into.steps);
            let (message, span) = match range.is_empty() {
                true => ("the reply is JSON in a text, in which the path finds nothing".to_string(), source.inside()),
                false => {
                    let field = into.path.spelt(&source.text, into.steps);
                    (format!("`{field}` is text that holds JSON, in which the path finds nothing"), part(source, &range))
                }
            };
            let case = &samples[into.sample].case.name;
            let diagnostic = Diagnostic::new(&JSON_STRING_NOT_DECODED, span, message)
                .related(case.span, format!("on the reply of `{}`", case.value));
            let help = match selector.functions().contains(&"json_decode") {
                true => help(&into.decoded(&source.text)),
                false => "no path looks into a text: have the service answer with the value itself".to_string(),
            };
            found.push(diagnostic.help(help));
        }
    }
}

fn help(decoded: &str) -> String {
    match decoded.len() <= MAX_REPEATED && !decoded.contains('\n') {
        true => format!("write `{decoded}`"),
        false => "put `json_decode(…)` around it".to_string(),
    }
}
