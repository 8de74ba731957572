//! A filter argument that the platform does not accept.

use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::filter::Filter;
use crate::plan::{FilterArgument, FilterUse, Plan};
use crate::source::Span;

/// A filter argument that the platform does not accept.
pub static FILTER_ARGUMENT: Lint = Lint {
    name: "filter-argument",
    severity: Severity::Error,
    summary: "a filter argument that the platform does not accept",
    page: r#"## What it does
Looks at the arguments that are written out, and finds those that the filter cannot work with: an algorithm that `hmac`
does not have, an unknown option of `base64`, a time zone that does not exist, a key that is not the hex or base64 it is
said to be.

## Why this is bad
A filter that cannot do its work leaves the value as it is, and the platform only writes a warning into its own log
(OpenDialog core, pull request 611; the arguments are described in the OpenDialog documentation, Attribute filters).

## Example
```toml
[action.auth.variables]
signature = "{_webhook.body | hmac sha3 @secret.key text | base64}"
```

## Instead
```toml
[action.auth.variables]
signature = "{_webhook.body | hmac sha256 @secret.key text | base64}"
```

## Fix
None. The help line names what the filter accepts.

## When it stays silent
About arguments that are references (`@secret.key`): their values are known only when the action runs. About those that
only lack their `@` (`user.time_zone`): that is `unprefixed-reference-argument`.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &FILTER_ARGUMENT, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let plan = subject.plan;
    for (_, expression) in subject.all_expressions() {
        for filter in &expression.filters {
            let FilterUse::Known { filter, arguments, arguments_span, .. } = filter else { continue };
            let diagnostic = check_arguments(filter, arguments, *arguments_span);
            found.extend(diagnostic.filter(|bad| !arguments.iter().any(|argument| lacks_prefix(argument, bad.span, plan))));
        }
    }
}

fn check_arguments(filter: &Filter, arguments: &[FilterArgument], arguments_span: Span) -> Option<Diagnostic> {
    let required = filter.parameters.iter().filter(|parameter| parameter.required).count();
    if arguments.len() < required {
        return None; // That is `filter-arity`, and the positions of the others mean nothing yet.
    }
    let literals: Vec<Option<&str>> = arguments.iter().take(filter.parameters.len()).map(literal).collect();
    let bad = (filter.check)(&literals)?;
    let span = arguments.get(bad.index).map_or(arguments_span, FilterArgument::span);
    Some(Diagnostic::new(&FILTER_ARGUMENT, span, bad.message).help_if(bad.help))
}

/// Whether the argument at a place is a context and a name, and lacks only the `@` of a reference.
fn lacks_prefix(argument: &FilterArgument, place: Span, plan: &Plan) -> bool {
    let FilterArgument::Text { text, span } = argument else { return false };
    let is_quoted = span.end - span.start != text.len();
    let is_reference = text.split_once('.').is_some_and(|(context, name)| {
        plan.contexts.iter().any(|known| known == context) && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
    });
    *span == place && !is_quoted && is_reference
}

fn literal(argument: &FilterArgument) -> Option<&str> {
    match argument {
        FilterArgument::Text { text, .. } => Some(text),
        FilterArgument::Value(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::test_support::{PAIR, attribute, span, text_argument};

    #[test]
    fn only_literal_arguments_are_checked_and_only_when_all_are_there() {
        let good = [text_argument("a", 0), text_argument("b", 2)];
        assert!(check_arguments(&PAIR, &good, span()).is_none());
        let bad = [text_argument("a", 0), text_argument("bad", 2)];
        let found = check_arguments(&PAIR, &bad, span()).expect("a finding");
        assert_eq!((found.message.as_str(), found.span.start), ("`bad` is bad", 2));
        assert!(check_arguments(&PAIR, &bad[1..], span()).is_none());
        let reference = [text_argument("a", 0), FilterArgument::Value(attribute("bad"))];
        assert!(check_arguments(&PAIR, &reference, span()).is_none());
    }
}
