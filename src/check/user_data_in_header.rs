//! An end user's text in a header.

use std::cell::RefCell;
use std::collections::HashMap;

use super::types::{Kind, Types};
use super::user_fed::{is_user_fed, name, user_fed};
use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::plan::{
    AttributeName, AuthValue, Authentication, Expression, FilterArgument, FilterUse, HeaderPlan, LONGEST_CHAIN, Plan,
    ValueSource,
};
use crate::source::Span;
use crate::value::Scalar;

/// An end user's text in a header.
pub static USER_DATA_IN_HEADER: Lint = Lint {
    name: "user-data-in-header",
    severity: Severity::Info,
    summary: "user-fed data in a header value, where a line break refuses the whole request",
    page: r#"## What it does
Finds references in header values, also through variables of the authentication, whose value can be an end user's
text: any context but `global`, unless the text is encoded or can only be a number.

## Why this is bad
A header stands on one line (RFC 9110, section 5.5). A line break in the value, as it comes from a text that was
pasted into a chat, would let a user add headers of their own; such a request is refused, and the action fails.
Letters beyond ASCII arrive at many services as other letters. The platform documents plain substitution for headers,
without any encoding (OpenDialog documentation, Webhook action, Headers).

## Example
```toml
[action.headers]
X-Customer-Name = "{user.first_name}"
```

## Instead
```toml
[action.headers]
X-Customer-Name = "{user.first_name | url_encode true}"
```

## Fix
None: the service has to decode what is encoded. In the body, text needs no care.

## When it stays silent
For values that pass `url_encode`, `base64`, `md5`, `hmac` or the function `hmac-sha256`; for attributes declared as
numbers, booleans or timestamps, and for what a filter such as `count` makes a number; for the `global` context, for
secrets, and for what the platform makes itself (`_auth`, `_webhook`).
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &USER_DATA_IN_HEADER, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let plan = subject.plan;
    let own: &[HeaderPlan] = match &plan.authentication {
        Authentication::Header(header) => &header.headers,
        _ => &[],
    };
    let scope = Scope { plan, known: RefCell::default() };
    for header in plan.request.headers.iter().chain(own) {
        for expression in header.value.expressions() {
            if let Some(fed) = scope.raw(expression, LONGEST_CHAIN) {
                found.push(may_break(expression, fed).help(remedy(plan, header)));
            }
        }
    }
}

struct Scope<'a> {
    plan: &'a Plan,
    /// What was found in each variable, each being looked at once: they may run in a circle.
    known: RefCell<HashMap<&'a str, Option<&'a Expression>>>,
}

impl<'a> Scope<'a> {
    /// The user's value that an expression gives as it is, if it does.
    fn raw(&self, expression: &'a Expression, depth: usize) -> Option<&'a Expression> {
        if self.is_made_a_number(expression) {
            return None;
        }
        let mut raw = match &expression.source {
            ValueSource::Variable(name) => self.raw_variable(name, depth.checked_sub(1)?),
            source => (is_user_fed(self.plan, source) && !self.is_number(source)).then_some(expression),
        };
        for filter in &expression.filters {
            let FilterUse::Known { filter, arguments, .. } = filter else { continue };
            raw = match filter.name {
                "base64" if decodes(arguments) => raw,
                "url_encode" | "base64" | "md5" | "hmac" => None,
                "url_decode" => raw.or_else(|| user_fed(self.plan, expression)),
                "replace" => raw.or_else(|| arguments.iter().find_map(|argument| self.raw_argument(argument))),
                _ => raw,
            };
        }
        raw
    }

    /// Whether filters make a number of an attribute.
    fn is_made_a_number(&self, expression: &Expression) -> bool {
        let is_filtered = matches!(expression.source, ValueSource::Attribute(_)) && !expression.filters.is_empty();
        is_filtered && Types::with_samples(self.plan, &[]).of(expression).kind().is_some_and(Kind::is_number)
    }

    fn raw_variable(&self, name: &'a str, depth: usize) -> Option<&'a Expression> {
        // A function gives a MAC.
        let AuthValue::Text(text) = &self.plan.variable(name)?.value else { return None };
        if let Some(known) = self.known.borrow().get(name) {
            return *known;
        }
        self.known.borrow_mut().insert(name, None);
        let raw = text.expressions().find_map(|expression| self.raw(expression, depth));
        self.known.borrow_mut().insert(name, raw);
        raw
    }

    fn raw_argument(&self, argument: &'a FilterArgument) -> Option<&'a Expression> {
        let FilterArgument::Value(inner) = argument else { return None };
        (is_user_fed(self.plan, &inner.source) && !self.is_number(&inner.source)).then_some(inner)
    }

    /// Whether the value can only be a number, a boolean or a timestamp.
    fn is_number(&self, source: &ValueSource) -> bool {
        let ValueSource::Attribute(name) = source else { return false };
        let of_platform = |names: &[AttributeName]| names.contains(name);
        let outcome = &self.plan.outcome;
        let declared = self.plan.declared(name).map(|declared| declared.scalar);
        of_platform(&outcome.success_names)
            || of_platform(&outcome.status_names)
            || matches!(declared, Some(Scalar::Int | Scalar::Float | Scalar::Boolean | Scalar::Timestamp))
    }
}

/// `base64 -d`.
fn decodes(arguments: &[FilterArgument]) -> bool {
    matches!(arguments.first(), Some(FilterArgument::Text { text, .. }) if text == "-d")
}

/// What to do about it.
fn remedy(plan: &Plan, header: &HeaderPlan) -> String {
    // Names that are found in running text have no filters.
    if header.value.names().is_some() {
        return "send it in the body, where a line break is escaped".into();
    }
    if !plan.has_filters {
        return "send it in the query or in the body, where it is encoded".into();
    }
    let name = &header.name.value;
    format!("encode it with `| url_encode true` if the service decodes `{name}`, or send it in the body")
}

fn may_break(expression: &Expression, fed: &Expression) -> Diagnostic {
    let message = format!("{} may be a user's text: with a line break in it, the request is refused", name(fed));
    let diagnostic = Diagnostic::new(&USER_DATA_IN_HEADER, expression.span, message);
    let is_elsewhere = fed.span != expression.span && !contains(expression.span, fed.span);
    if is_elsewhere { diagnostic.related(fed.span, "it comes in here") } else { diagnostic }
}

fn contains(outer: Span, inner: Span) -> bool {
    outer.file == inner.file && outer.start <= inner.start && inner.end <= outer.end
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::test_support::{attribute, expression, findings, literal, lone, name, plan};
    use crate::plan::{AuthVariable, HeaderAuthentication, Text, TextPiece};

    fn variable(reads: &[&str]) -> AuthValue {
        let value = |name: &&str| TextPiece::Value(expression(ValueSource::Variable(name.to_string())));
        AuthValue::Text(Text { pieces: reads.iter().map(value).collect(), ..literal("") })
    }

    /// A header that reads the first of many variables, each of which reads the next one many times.
    fn chain(last: AuthValue) -> Plan {
        let names: Vec<String> = (0..50).map(|index| format!("v{index}")).collect();
        let defined = |own: &str, value| AuthVariable { name: name(own), value, removal: None };
        let mut variables: Vec<_> =
            names.windows(2).map(|pair| defined(&pair[0], variable(&[pair[1].as_str(); 50]))).collect();
        variables.push(defined("v49", last));
        let first = expression(ValueSource::Variable("v0".into()));
        let headers = vec![HeaderPlan { name: name("X-All"), value: lone(first) }];
        let mut plan = plan();
        plan.authentication = Authentication::Header(HeaderAuthentication::new(variables, headers));
        plan
    }

    #[test]
    fn each_variable_is_looked_at_once() {
        assert!(findings(&chain(variable(&["v0", "v49"])), &RULE).is_empty(), "a circle without an end user");
        let found = findings(&chain(AuthValue::Text(lone(attribute("name")))), &RULE);
        assert!(found[0].message.starts_with("`user.name` may be a user's text"));
    }
}
