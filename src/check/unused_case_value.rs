//! A value that nothing reads.

use std::collections::HashSet;

use super::reads;
use crate::case::{Case, Expect, Given, Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity, nearest};
use crate::plan::{AttributeName, ValueSource};
use crate::source::Span;

/// The context of secrets.
const SECRETS: &str = "secret";

/// The most names that a misspelt one is compared with.
const MAX_SUGGESTIONS: usize = 100;

/// A value that nothing reads.
pub static UNUSED_CASE_VALUE: Lint = Lint {
    name: "unused-case-value",
    severity: Severity::Info,
    summary: "a case gives a value that nothing reads",
    page: r#"## What it does
Compares the values that the cases and their defaults give with the names that the action reads, and finds values that
nothing reads.

## Why this is bad
A value that nothing reads is often a misspelt name, or what was left when the action changed. The case seems to test
something that it does not: the request is the same without the value. On the platform the reference with the right name
then stays empty, because a missing attribute is removed without an error (OpenDialog documentation, Using attributes in
messages).

## Example
```toml
[action]
url = "https://shop.example.com/orders/{order_id}"

[[case]]
name = "finds an order"
given.user = { order_id = "A-17", postcode = "BS1 4DJ" }
```

## Instead
```toml
[[case]]
name = "finds an order"
given.user = { order_id = "A-17" }
```

## Fix
None: whether the value or its reference is too much is for you to say.

## When it stays silent
For attributes that the action writes, its default outputs included: the old value is there to be overwritten. For
attributes that a case expects something of, such as `not_written`. For values from the manifest, which other specs may
need. When the action cannot be read as a whole. A value in `[defaults]` is found once, not for each case.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &UNUSED_CASE_VALUE, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let has_values = |case: &Case| !case.given.attributes.is_empty() || !case.given.secrets.is_empty();
    if !reads::are_known(subject) || !subject.cases.iter().any(has_values) {
        return;
    }
    let used = Used::of(subject);
    let mut places: HashSet<Span> = HashSet::new();
    for case in subject.cases {
        let mut is_new = |span: Span| span.file == case.name.span.file && places.insert(span);
        let attributes = case.given.attributes.iter().filter(|given| !used.attributes.contains(&given.name));
        let attributes: Vec<_> = attributes.filter(|given| is_new(given.span)).collect();
        let secrets = case.given.secrets.iter().filter(|secret| !used.secrets.contains(secret.name.as_str()));
        let secrets: Vec<_> = secrets.filter(|secret| is_new(secret.span)).collect();
        if attributes.is_empty() && secrets.is_empty() {
            continue;
        }
        let missing = used.missing_from(&case.given);
        found.extend(attributes.into_iter().map(|given| unused(&given.name, given.span, &missing)));
        found.extend(secrets.into_iter().map(|secret| {
            let name = AttributeName::new(SECRETS, &secret.name);
            unused(&name, secret.span, &missing)
        }));
    }
}

/// `missing`: what is read and not given.
fn unused(name: &AttributeName, span: Span, missing: &[AttributeName]) -> Diagnostic {
    let of_context = missing.iter().filter(|read| read.context() == name.context());
    let near = nearest(name.attribute(), of_context.map(AttributeName::attribute));
    let help = near.map(|near| format!("did you mean `{}.{near}`, which the action reads?", name.context()));
    finding(span, format!("nothing reads `{name}`"), help)
}

fn finding(span: Span, message: String, help: Option<String>) -> Diagnostic {
    let otherwise = "the request is the same without it: remove it, or use it in the action";
    Diagnostic::new(&UNUSED_CASE_VALUE, span, message).help(otherwise).help_if(help)
}

/// What a spec has a use for.
struct Used<'a> {
    /// What the request reads.
    reads: Vec<&'a AttributeName>,
    /// That, what the action writes, and what cases expect something of.
    attributes: HashSet<AttributeName>,
    secrets: HashSet<&'a str>,
}

impl<'a> Used<'a> {
    /// What is read and not given, for suggestions: a few will do.
    fn missing_from(&self, given: &Given) -> Vec<AttributeName> {
        let names: HashSet<&AttributeName> = given.attributes.iter().map(|given| &given.name).collect();
        let attributes = self.reads.iter().filter(|read| !names.contains(*read)).map(|read| (*read).clone());
        let secrets = self.secrets.iter().filter(|secret| given.secret(secret).is_none());
        let secrets = secrets.map(|secret| AttributeName::new(SECRETS, secret));
        attributes.take(MAX_SUGGESTIONS).chain(secrets.take(MAX_SUGGESTIONS)).collect()
    }

    fn of(subject: &Subject<'a>) -> Used<'a> {
        let plan = subject.plan;
        let reads: Vec<&AttributeName> = reads::attributes(subject).into_iter().map(|(name, _)| name).collect();
        let defaults = plan.outcome.success_names.iter().chain(&plan.outcome.status_names);
        let mut attributes: HashSet<AttributeName> = reads.iter().copied().chain(defaults).cloned().collect();
        attributes.extend(plan.targets().map(|target| target.name.clone()));
        attributes.extend(subject.cases.iter().flat_map(|case| expected(&case.expect)).cloned());
        let mut secrets = HashSet::new();
        for (_, expression) in &subject.expressions {
            match &expression.source {
                ValueSource::Secret(name) => _ = secrets.insert(name.as_str()),
                // The platform may read it in the default context.
                ValueSource::UnknownContext { attribute, .. } => {
                    attributes.insert(AttributeName::new(plan.default_context, attribute));
                }
                _ => {}
            }
        }
        Used { reads, attributes, secrets }
    }
}

fn expected(expect: &Expect) -> impl Iterator<Item = &AttributeName> {
    let lists = [&expect.null, &expect.unset, &expect.not_written].into_iter().flatten();
    expect.attributes.iter().map(|(name, _, _)| name).chain(lists.map(|(name, _)| name))
}
