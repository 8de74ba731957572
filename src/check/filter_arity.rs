//! A filter with too few or too many arguments.

use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity, listed};
use crate::filter::Filter;
use crate::plan::{FilterArgument, FilterUse};
use crate::source::Span;

/// A filter with too few or too many arguments.
pub static FILTER_ARITY: Lint = Lint {
    name: "filter-arity",
    severity: Severity::Error,
    summary: "a filter with too few or too many arguments",
    page: r#"## What it does
Counts the arguments of every filter and compares them with what the filter takes. Names what is missing, or points at
what is too much.

## Why this is bad
A filter that cannot do its work leaves the value as it is, and the platform only writes a warning into its own log
(OpenDialog core, pull request 611; the arguments are described in the OpenDialog documentation, Attribute filters).

## Example
```toml
[action]
url = "https://shop.example.com/find?item={issue_title | replace \"tv\"}"
```

## Instead
```toml
[action]
url = "https://shop.example.com/find?item={issue_title | replace \"tv\" \"television\"}"
```

An argument with a space in it needs double quotes, or it counts as two.

## Fix
None: only you know the argument.

## When it stays silent
When an argument that may be left out is left out: the time zone of `format_date`, the `true` of `url_encode`.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &FILTER_ARITY, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for (_, expression) in subject.all_expressions() {
        for filter in &expression.filters {
            let FilterUse::Known { filter, arguments, arguments_span, .. } = filter else { continue };
            found.extend(too_few(filter, arguments.len(), arguments_span.after()));
            found.extend(too_many(filter, arguments));
        }
    }
}

/// `gap` is where the first of the missing arguments would stand.
fn too_few(filter: &Filter, given: usize, gap: Span) -> Option<Diagnostic> {
    let absent = filter.parameters.iter().skip(given);
    let missing: Vec<&str> = absent.filter(|parameter| parameter.required).map(|parameter| parameter.name).collect();
    if missing.is_empty() {
        return None;
    }
    let noun = if missing.len() == 1 { "argument" } else { "arguments" };
    let message = format!("`{}` lacks its {noun} {}", filter.name, listed(&missing));
    Some(Diagnostic::new(&FILTER_ARITY, gap, message).help(usage(filter)))
}

fn too_many(filter: &Filter, arguments: &[FilterArgument]) -> Option<Diagnostic> {
    let most = filter.parameters.len();
    let surplus = arguments.get(most..)?;
    let span = surplus.first()?.span().to(surplus.last()?.span());
    let takes = match most {
        0 => "no argument".to_string(),
        1 => "only one argument".to_string(),
        _ => format!("only {most} arguments"),
    };
    let message = format!("`{}` takes {takes}", filter.name);
    Some(Diagnostic::new(&FILTER_ARITY, span, message).help(usage(filter)))
}

/// How the filter is written, with what may be left out in brackets.
fn usage(filter: &Filter) -> String {
    let mut written = filter.name.to_string();
    for parameter in filter.parameters {
        written.push_str(&if parameter.required {
            format!(" {}", parameter.name)
        } else {
            format!(" [{}]", parameter.name)
        });
    }
    format!("it is written `{written}`")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::test_support::{PAIR, span, text_argument};

    #[test]
    fn what_is_missing_is_named() {
        let found = too_few(&PAIR, 0, span()).expect("a finding");
        assert_eq!(found.message, "`pair` lacks its arguments `search` and `replacement`");
        assert_eq!(found.help.as_deref(), Some("it is written `pair search replacement [mode]`"));
        assert_eq!(
            too_few(&PAIR, 1, span()).map(|found| found.message).as_deref(),
            Some("`pair` lacks its argument `replacement`")
        );
        assert!(too_few(&PAIR, 2, span()).is_none());
    }

    #[test]
    fn what_is_too_much_is_pointed_at() {
        let arguments: Vec<_> = (0..5).map(|at| text_argument("x", at * 2)).collect();
        assert!(too_many(&PAIR, &arguments[..3]).is_none());
        let found = too_many(&PAIR, &arguments).expect("a finding");
        assert_eq!(found.message, "`pair` takes only 3 arguments");
        assert_eq!((found.span.start, found.span.end), (6, 9));
    }
}
