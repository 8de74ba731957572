//! Authentication variables that need each other.

use std::collections::HashMap;

use super::cycles::cycles;
use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::plan::{AuthValue, AuthVariable, Authentication, Expression, HeaderAuthentication, ValueSource};
use crate::source::Span;

/// More circles than this are not shown: the first ones have to be cut anyway.
const MOST_CYCLES: usize = 16;

/// Authentication variables that need each other.
pub static AUTH_VARIABLE_CYCLE: Lint = Lint {
    name: "auth-variable-cycle",
    severity: Severity::Error,
    summary: "authentication variables that need each other, so that none can be computed",
    page: r#"## What it does
Follows the references between the variables of the authentication and shows every circle, step by step.

## Why this is bad
A variable is computed when it is needed. In a circle each one waits for the next, so the authentication fails and the
platform sends nothing (OpenDialog documentation, Webhook action, Variable chaining).

## Example
```toml
[action.auth.variables]
signed = "{_auth.timestamp}.{_auth.signature}"
signature = "{_auth.signed | hmac sha256 @secret.key text | base64}"
```

## Instead
```toml
[action.auth.variables]
signed = "{_auth.timestamp}.{_webhook.body}"
signature = "{_auth.signed | hmac sha256 @secret.key text | base64}"
```

## Fix
None: one step of the circle has to read something else.

## When it stays silent
When variables read each other without a circle, in whatever order they are written. A circle is reported even if no header
reads it.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &AUTH_VARIABLE_CYCLE, check };

/// One variable reads another, at a place.
struct Reading {
    index: usize,
    span: Span,
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let Authentication::Header(header) = &subject.plan.authentication else { return };
    let variables = header.variables.as_slice();
    let readings = readings(variables);
    let edges: Vec<Vec<usize>> =
        readings.iter().map(|of_one| of_one.iter().map(|reading| reading.index).collect()).collect();
    let needed = needed(header, &edges);
    for cycle in cycles(edges, MOST_CYCLES) {
        found.push(told(&cycle, variables, &readings, needed[cycle[0]]));
    }
}

/// For each variable, whether a header reads it, itself or through others.
fn needed(header: &HeaderAuthentication, edges: &[Vec<usize>]) -> Vec<bool> {
    let indices = indices(&header.variables);
    let expressions = header.headers.iter().flat_map(|header| header.value.expressions());
    let read = expressions.flat_map(Expression::with_arguments).filter_map(|expression| index(expression, &indices));
    let mut open: Vec<usize> = read.collect();
    let mut needed = vec![false; edges.len()];
    while let Some(index) = open.pop() {
        if !std::mem::replace(&mut needed[index], true) {
            open.extend(&edges[index]);
        }
    }
    needed
}

fn indices(variables: &[AuthVariable]) -> HashMap<&str, usize> {
    variables.iter().enumerate().map(|(index, variable)| (variable.name.value.as_str(), index)).collect()
}

/// The variable that an expression reads.
fn index(expression: &Expression, indices: &HashMap<&str, usize>) -> Option<usize> {
    match &expression.source {
        ValueSource::Variable(name) => indices.get(name.as_str()).copied(),
        _ => None,
    }
}

/// For each variable, which others it reads.
fn readings(variables: &[AuthVariable]) -> Vec<Vec<Reading>> {
    let indices = indices(variables);
    let reading =
        |expression: &Expression| index(expression, &indices).map(|index| Reading { index, span: expression.span });
    let of_one = |value: &AuthValue| {
        let expressions = value.texts().into_iter().flat_map(|text| text.expressions());
        expressions.flat_map(|expression| expression.with_arguments()).filter_map(reading).collect()
    };
    variables.iter().map(|variable| of_one(&variable.value)).collect()
}

fn told(cycle: &[usize], variables: &[AuthVariable], readings: &[Vec<Reading>], is_needed: bool) -> Diagnostic {
    let name = |index: usize| variables[index].name.value.as_str();
    let first = cycle[0];
    let steps: Vec<&str> = cycle.iter().chain([&first]).map(|index| name(*index)).collect();
    let effect = match is_needed {
        true => "so nothing is sent",
        false => "so nothing could be sent once a header reads it",
    };
    let message = format!("`{}` is a circle, {effect}", steps.join(" → "));
    let mut diagnostic = Diagnostic::new(&AUTH_VARIABLE_CYCLE, variables[first].name.span, message)
        .help("let one of them read something else");
    for (position, index) in cycle.iter().enumerate() {
        let next = cycle.get(position + 1).copied().unwrap_or(first);
        let place = readings[*index].iter().find(|reading| reading.index == next);
        let span = place.map_or(variables[*index].name.span, |reading| reading.span);
        diagnostic = diagnostic.related(span, format!("`{}` needs `{}`", name(*index), name(next)));
    }
    diagnostic
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::test_support::{expression, findings, lone, name, plan};
    use crate::plan::HeaderPlan;

    /// The findings for variables and what each reads; a header reads `header`.
    fn found(variables: &[(&str, &str)], header: &str) -> Vec<Diagnostic> {
        let mut plan = plan();
        let variable = |(defined, read): &(&str, &str)| {
            let value = AuthValue::Text(lone(expression(ValueSource::Variable((*read).into()))));
            AuthVariable { name: name(defined), value, removal: None }
        };
        let variables = variables.iter().map(variable).collect();
        let value = lone(expression(ValueSource::Variable(header.into())));
        let headers = vec![HeaderPlan { name: name("X-Signature"), value }];
        plan.authentication = Authentication::Header(HeaderAuthentication::new(variables, headers));
        findings(&plan, &RULE)
    }

    #[test]
    fn the_whole_circle_is_told() {
        let found = found(&[("a", "b"), ("b", "a"), ("c", "a")], "c");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].message, "`a → b → a` is a circle, so nothing is sent");
        let steps: Vec<_> = found[0].related.iter().map(|related| related.message.as_str()).collect();
        assert_eq!(steps, ["`a` needs `b`", "`b` needs `a`"]);
    }

    #[test]
    fn a_variable_may_need_itself_and_need_not_exist() {
        assert_eq!(found(&[("a", "a")], "a")[0].message, "`a → a` is a circle, so nothing is sent");
        assert!(found(&[("a", "b"), ("b", "nonce")], "a").is_empty());
    }

    #[test]
    fn a_circle_that_no_header_reads_stops_nothing_yet() {
        let found = found(&[("a", "a"), ("b", "uuid")], "b");
        assert_eq!(found[0].message, "`a → a` is a circle, so nothing could be sent once a header reads it");
    }
}
