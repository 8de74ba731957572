//! A value that nothing reads.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};

use super::reads::{self, Names};
use crate::case::{Case, Expect, Given, Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity, nearest};
use crate::plan::{AttributeName, OutcomeRule, ValueSource};
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
    if !reads::are_known(subject) {
        return;
    }
    let reads = Reads::of(subject);
    if subject.cases.iter().all(|case| unread(case, &reads).next().is_none()) {
        return;
    }
    let (uses, merged) = (uses(subject), merged(subject));
    let mut places: HashSet<Span> = HashSet::new();
    for case in subject.cases {
        let is_used = |name: &AttributeName| uses.contains(name) || reads.may_read(name) || merged.contains(name);
        let unused: Vec<_> = unread(case, &reads).filter(|(name, span)| !is_used(name) && places.insert(*span)).collect();
        if !unused.is_empty() {
            let missing = reads.missing_from(&case.given);
            found.extend(unused.iter().map(|(name, span)| {
                let context = context_meant(name, case, subject);
                finding(name, *span, &missing).help_if(context)
            }));
        }
    }
}

/// What a case, or the defaults of its file, gives and nothing reads.
fn unread<'a>(case: &'a Case, reads: &Reads<'a>) -> impl Iterator<Item = (Cow<'a, AttributeName>, Span)> {
    // An empty place is nobody's: what every case is given.
    let is_own = |span: Span| span.file == case.name.span.file && span.start < span.end;
    let attributes = case.given.attributes.iter().filter(move |given| is_own(given.span));
    let attributes = attributes.filter(|given| !reads.names.contains(&given.name));
    let secrets = case.given.secrets.iter().filter(move |secret| is_own(secret.span));
    let secrets = secrets.filter(|secret| !reads.secrets.contains(secret.name.as_str()));
    let attributes = attributes.map(|given| (Cow::Borrowed(&given.name), given.span));
    attributes.chain(secrets.map(|secret| (Cow::Owned(AttributeName::new(SECRETS, &secret.name)), secret.span)))
}

/// What the action writes, and what cases expect something of.
fn uses<'a>(subject: &Subject<'a>) -> HashSet<&'a AttributeName> {
    let plan = subject.plan;
    let defaults = plan.outcome.success_names.iter().chain(&plan.outcome.status_names);
    let written = defaults.chain(plan.targets().map(|target| &target.name));
    written.chain(subject.cases.iter().flat_map(|case| expected(&case.expect))).collect()
}

/// What recorded replies merge into the state: the old values are there to be replaced.
fn merged(subject: &Subject<'_>) -> HashSet<AttributeName> {
    let OutcomeRule::Merged(merged) = &subject.plan.outcome.rule else { return HashSet::new() };
    subject.cases.iter().flat_map(|case| case.merged(merged)).map(|(name, _)| name).collect()
}

fn expected(expect: &Expect) -> impl Iterator<Item = &AttributeName> {
    let lists = [&expect.null, &expect.unset, &expect.not_written].into_iter().flatten();
    expect.attributes.iter().map(|(name, _, _)| name).chain(lists.map(|(name, _)| name))
}

/// A table among the values that has nearly the name of a context.
fn context_meant(name: &AttributeName, case: &Case, subject: &Subject<'_>) -> Option<String> {
    let given = case.given.attributes.iter().find(|given| given.name == *name)?;
    let is_table = given.value.to_masked_json().is_object();
    let contexts = subject.plan.contexts.iter().map(String::as_str);
    let near = nearest(name.attribute(), contexts).filter(|_| is_table && name.context() == subject.plan.default_context)?;
    Some(format!("did you mean the context `{near}`? As it is, these are values inside of `{name}`"))
}

/// `missing`: what is read and not given.
fn finding(name: &AttributeName, span: Span, missing: &[AttributeName]) -> Diagnostic {
    let of_context = missing.iter().filter(|read| read.context() == name.context());
    let near = nearest(name.attribute(), of_context.map(AttributeName::attribute));
    let help = near.map(|near| format!("did you mean `{}.{near}`, which the action reads?", name.context()));
    Diagnostic::new(&UNUSED_CASE_VALUE, span, format!("nothing reads `{name}`"))
        .help("the request is the same without it: remove it, or use it in the action")
        .help_if(help)
}

/// What the action reads.
struct Reads<'a> {
    names: Names<'a>,
    in_order: Vec<&'a AttributeName>,
    secrets: BTreeSet<&'a str>,
    /// Names behind a context that does not exist, which the platform may read in its default one.
    perhaps: HashSet<&'a str>,
    default_context: &'static str,
}

impl<'a> Reads<'a> {
    fn of(subject: &Subject<'a>) -> Reads<'a> {
        let mut reads = Reads {
            names: Names::default(),
            in_order: Vec::new(),
            secrets: BTreeSet::new(),
            perhaps: HashSet::new(),
            default_context: subject.plan.default_context,
        };
        for (_, expression) in &subject.expressions {
            match &expression.source {
                ValueSource::Attribute(name) if reads.names.insert(name) => reads.in_order.push(name),
                ValueSource::Secret(name) => _ = reads.secrets.insert(name),
                ValueSource::UnknownContext { attribute, .. } => _ = reads.perhaps.insert(attribute),
                _ => {}
            }
        }
        reads
    }

    fn may_read(&self, name: &AttributeName) -> bool {
        name.context() == self.default_context && self.perhaps.contains(name.attribute())
    }

    /// What is read and not given, for suggestions: a few will do.
    fn missing_from(&self, given: &Given) -> Vec<AttributeName> {
        let names = Names::of_given(given);
        let attributes = self.in_order.iter().filter(|read| !names.contains(read)).map(|read| (*read).clone());
        let secrets = self.secrets.iter().filter(|secret| given.secret(secret).is_none());
        let secrets = secrets.map(|secret| AttributeName::new(SECRETS, secret));
        attributes.take(MAX_SUGGESTIONS).chain(secrets.take(MAX_SUGGESTIONS)).collect()
    }
}
