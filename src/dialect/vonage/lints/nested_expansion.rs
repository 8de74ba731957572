//! A value that might be filled in again.

use std::collections::HashSet;

use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::dialect::vonage::grammar::{Part, parts};
use crate::plan::{AttributeName, Expression, ValueSource};
use crate::template::MAX_TEMPLATE_BYTES;

/// A value that might be filled in again.
pub static NESTED_EXPANSION: Lint = Lint {
    name: "nested-expansion",
    severity: Severity::Warning,
    summary: "a value that holds `$` and the name of a parameter",
    page: r#"## What it does
Finds values of the cases, of parameters that the request reads, in which `$` and the name of a declared parameter stand.

## Why this is bad
The documentation does not say whether a value is looked at again once it stands in its place (Vonage AI Studio
documentation, Parameters). If it is, a caller who says or writes `$API_KEY` gets that parameter's value sent, to a
service that may echo it. We fill in each text once.

## Example
```toml
[[case]]
name = "a sly user"
given.parameters = { UTTERANCE = "say $API_KEY" }
```

## Instead
```toml
[[case]]
name = "a user"
given.parameters = { UTTERANCE = "say hello" }
```

## Fix
None: try the value on the platform, and allow this lint in the spec if it is sent as it is.

## When it stays silent
For values with other words behind a `$`, and for values that the request does not read.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &NESTED_EXPANSION, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let reads: HashSet<&AttributeName> = subject.expressions.iter().filter_map(|(_, read)| attribute(read)).collect();
    let declared: HashSet<&str> = subject.plan.parameters.iter().map(|parameter| parameter.value.attribute()).collect();
    let mut places = HashSet::new();
    let given = subject.cases.iter().flat_map(|case| case.given.attributes.iter());
    for given in given.filter(|given| reads.contains(&given.name)) {
        let Some(text) = given.value.as_str().filter(|text| text.contains('$') && text.len() <= MAX_TEMPLATE_BYTES) else {
            continue;
        };
        let named = parts(text).into_iter().find_map(|part| match part {
            Part::Word(range) => declared.get(&text[range]).copied(),
            Part::Literal(_) => None,
        });
        let Some(named) = named.filter(|_| places.insert(given.span)) else { continue };
        let message = format!("the value of `{}` holds `${named}`, which is a parameter too", given.name);
        let diagnostic = Diagnostic::new(&NESTED_EXPANSION, given.span, message);
        found.push(diagnostic.help("the studio does not say whether it is filled in; we send it as it is"));
    }
}

fn attribute(expression: &Expression) -> Option<&AttributeName> {
    match &expression.source {
        ValueSource::Attribute(name) => Some(name),
        _ => None,
    }
}
