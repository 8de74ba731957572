//! A filter that the platform does not have.

use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::filter::FILTERS;
use crate::plan::FilterUse;

/// A filter that the platform does not have.
pub static UNKNOWN_FILTER: Lint = Lint {
    name: "unknown-filter",
    severity: Severity::Error,
    summary: "a filter that the platform does not have",
    page: r#"## What it does
Finds filters that the platform does not know, and names the nearest one that it does. Names of filters are written in
lower case.

## Why this is bad
The platform does not stop at an unknown filter. It writes a warning into its own log, which you do not see, and goes on
with the value as it was: the request is sent without the change that you wanted (OpenDialog core, pull request 611; the
filters are listed in the OpenDialog documentation, Attribute filters).

## Example
```toml
[action.headers]
X-Channel = "{session.channel | upper}"
```

## Instead
```toml
[action.headers]
X-Channel = "{session.channel | uppercase}"
```

## Fix
`--fix --unsafe` replaces the name with the nearest one.

## When it stays silent
For every filter of the platform, whatever its arguments; `filter-arity` and `filter-argument` look at those.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &UNKNOWN_FILTER, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for (_, expression) in subject.all_expressions() {
        for filter in &expression.filters {
            let FilterUse::Unknown { name } = filter else { continue };
            let known = FILTERS.iter().map(|filter| filter.name);
            let message = format!("no filter named `{}`", name.value);
            let diagnostic = Diagnostic::new(&UNKNOWN_FILTER, name.span, message)
                .help("the platform only logs this, and uses the value as it is");
            found.push(match algorithm(&name.value) {
                Some(algorithm) => {
                    diagnostic.help(format!("the algorithm is an argument: `hmac {algorithm} @secret.key text`"))
                }
                None => diagnostic.suggest(&name.value, known, name.span),
            });
        }
    }
}

/// The algorithm of `hmac` that was written as a part of its name, as the function for authentication variables has it.
fn algorithm(name: &str) -> Option<&'static str> {
    const ALGORITHMS: [&str; 4] = ["sha256", "sha512", "sha1", "md5"];
    let rest = name.strip_prefix("hmac")?.trim_start_matches(['-', '_']);
    ALGORITHMS.into_iter().find(|algorithm| *algorithm == rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::test_support::{attribute, findings, name, plan, plan_with};

    #[test]
    fn an_unknown_filter_is_found_in_an_argument_too() {
        assert!(findings(&plan(), &RULE).is_empty());
        let mut inner = attribute("a");
        inner.filters.push(FilterUse::Unknown { name: name("shout") });
        let mut outer = attribute("b");
        outer.filters.push(crate::case::test_support::known_filter(vec![crate::plan::FilterArgument::Value(inner)]));
        let found = findings(&plan_with(outer), &RULE);
        assert_eq!(found[0].message, "no filter named `shout`");
    }
}
