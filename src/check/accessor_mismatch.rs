//! A step into a value that has nothing of that name, or nothing inside at all.

use super::types::{Kind, Types, with_origin, written_with_steps};
use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::plan::{Expression, FilterArgument, Step, ValueSource};
use crate::template::{AccessorKey, AccessorStyle};

/// A step into a value that has nothing of that name, or nothing inside at all.
pub static ACCESSOR_MISMATCH: Lint = Lint {
    name: "accessor-mismatch",
    severity: Severity::Warning,
    summary: "a key on a collection, a step into a single value, double quotes behind `@`",
    page: r#"## What it does
Follows the steps into a value, `['key']`, `[0]` or `.key`. Finds a key on a collection, which has only positions; a
key or an index on a single value such as text or a number, which has nothing inside; and double quotes in the
brackets of an `@` argument. The kind of a value is known from its declared type, from the platform for its own
attributes, or else from the cases, if all that give the value agree.

## Why this is bad
A step that finds nothing gives an empty value, without a word: the request goes out with a hole in it. An `@`
argument takes single quotes only (OpenDialog documentation, Attribute filters; OpenDialog core, pull request 665).
The documentation's own `['theme']['dark']` steps into the text `dark` when `theme` holds it.

## Example
```toml
[action.headers]
X-Dark = "{preferences['theme']['dark']}"

[[case]]
name = "found"
given.user.preferences = { theme = "dark" }
```

## Instead
```toml
[action.headers]
X-Theme = "{preferences['theme']}"

[[case]]
name = "found"
given.user.preferences = { theme = "dark" }
```

## Fix
None: only you know what was meant.

## When it stays silent
When the kind is not known: an attribute without a declared type that no case gives, or that the cases give in several
kinds. A key that an object lacks may be there another time. A number in quotes or behind a dot is a position.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &ACCESSOR_MISMATCH, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let types = Types::with_samples(subject.plan, subject.cases);
    for (_, expression) in &subject.expressions {
        found.extend(mismatch(expression, types, subject));
        for argument in expression.filters.iter().flat_map(|filter| filter.arguments()) {
            if let FilterArgument::Value(inner) = argument {
                found.extend(inner.path.iter().filter_map(double_quoted));
            }
        }
    }
}

/// The first step that cannot find anything.
fn mismatch(expression: &Expression, types: Types<'_>, subject: &Subject<'_>) -> Option<Diagnostic> {
    if expression.path.is_empty() {
        return None;
    }
    let mut value = types.source(&expression.source);
    for (taken, step) in expression.path.iter().enumerate() {
        match value.kind() {
            Some(Kind::List) => {
                if let AccessorKey::Key(key) = &step.key
                    && key.parse::<usize>().is_err()
                {
                    let reached = written_with_steps(expression, taken, subject.plan);
                    let message = format!("`{reached}` is a collection, which has no key `{key}`, so the value is empty");
                    let diagnostic =
                        Diagnostic::new(&ACCESSOR_MISMATCH, step.span, message).help("name the item first, as in `[0]`");
                    return Some(with_origin(diagnostic, &expression.source, subject));
                }
            }
            Some(kind) if kind.is_single() => {
                let message = format!(
                    "`{}` is {}, with nothing inside, so the value is empty",
                    written_with_steps(expression, taken, subject.plan),
                    kind.described()
                );
                let diagnostic =
                    Diagnostic::new(&ACCESSOR_MISMATCH, step.span, message).help(single_help(&expression.source, taken));
                return Some(with_origin(diagnostic, &expression.source, subject));
            }
            _ => {}
        }
        value = value.step(step);
    }
    None
}

fn single_help(source: &ValueSource, taken: usize) -> &'static str {
    match source {
        ValueSource::Attribute(_) if taken == 0 => {
            "leave the step out, or declare the attribute as `json` if it holds an object"
        }
        _ => "leave the step out: what stands before it is the whole value",
    }
}

fn double_quoted(step: &Step) -> Option<Diagnostic> {
    let AccessorKey::Key(key) = &step.key else { return None };
    if step.style != AccessorStyle::DoubleQuoted {
        return None;
    }
    let message = "behind `@` a key takes single quotes only, so the platform may not find the value";
    Some(Diagnostic::new(&ACCESSOR_MISMATCH, step.span, message).help(format!("write `['{key}']`")))
}
