//! A filter over a value of a kind that it does not work on.

use super::types::{Kind, Type, Types, with_origin, working, written_with_steps};
use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::filter::{Filter, Input};
use crate::plan::{Expression, FilterUse, Plan};

/// A filter over a value of a kind that it does not work on.
pub static FILTER_TYPE: Lint = Lint {
    name: "filter-type",
    severity: Severity::Warning,
    summary: "a filter over a value of a kind that it does not work on",
    page: r#"## What it does
Follows each value through its filters and compares what comes in with what the filter works on: a change of case
needs text, `count`, `last`, `where`, `range` and `select` need a collection, `ordinal` and `number_to_words` a
number, `format_date` a date. The kind of a value is known from its declared type, from the platform for its own
attributes, from the filter before, or else from the cases, if all that give the value agree.

## Why this is bad
The platform does not stop at a value of the wrong kind. It hands the value on unchanged and only writes a warning
into its own log, so the request goes out without the change that you wanted (OpenDialog core, pull requests 455 and
611; what each filter works on: OpenDialog documentation, Attribute filters).

## Example
```toml
[action]
url = "https://shop.example.com/baskets?size={user.name | count}"
```

## Instead
```toml
[action]
url = "https://shop.example.com/baskets?size={user.basket_lines | count}"

[attributes]
basket_lines = "json"
```

## Fix
None: only you know which value was meant.

## When it stays silent
When the kind is not known: an attribute without a declared type that no case gives, or that the cases give in several
kinds; `json`, which may hold anything; an item of a collection. Text before a filter for numbers may be a number, so
it is reported only when every case gives a text that is none. Raw bytes are the matter of `bytes-not-encoded`.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &FILTER_TYPE, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let types = Types::with_samples(subject.plan, subject.cases);
    for (_, expression) in subject.all_expressions() {
        if expression.filters.is_empty() {
            continue;
        }
        let mut value = types.unfiltered(expression);
        for used in &expression.filters {
            found.extend(refused(&value, used, expression, subject));
            value = value.filtered(used);
        }
    }
}

fn refused(value: &Type<'_>, used: &FilterUse, expression: &Expression, subject: &Subject<'_>) -> Option<Diagnostic> {
    let FilterUse::Known { filter, name_span, .. } = used else { return None };
    working(used)?;
    let kind = value.is_refused_by(filter)?;
    let comes = what_comes(value, kind, expression, subject.plan);
    let message = format!("`{}` works on {}, and {comes}", filter.name, needed(filter));
    let diagnostic =
        Diagnostic::new(&FILTER_TYPE, *name_span, message).help("the platform only logs this, and uses the value as it is");
    Some(if value.made_by.is_some() { diagnostic } else { with_origin(diagnostic, &expression.source, subject) })
}

/// What a filter works on, in a user's words.
fn needed(filter: &Filter) -> &'static str {
    match filter.input {
        Input::Any => "anything",
        Input::Text | Input::Single => "text",
        Input::Number => "a number",
        Input::Date => "a date",
        Input::Collection => "a collection",
    }
}

fn what_comes(value: &Type<'_>, kind: Kind, expression: &Expression, plan: &Plan) -> String {
    match value.made_by {
        Some(filter) => format!("`{}` gives {}", filter.name, kind.described()),
        None => format!("`{}` is {}", written_with_steps(expression, expression.path.len(), plan), kind.described()),
    }
}
