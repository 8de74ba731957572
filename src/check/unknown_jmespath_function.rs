//! A JMESPath function that the platform does not have.

use super::selectors::{part, selectors};
use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::selector::SelectorProblemKind;

/// A JMESPath function that the platform does not have.
pub static UNKNOWN_JMESPATH_FUNCTION: Lint = Lint {
    name: "unknown-jmespath-function",
    severity: Severity::Error,
    summary: "a JMESPath function that the platform does not have",
    page: r#"## What it does
Finds functions in the response mapping that are neither in the JMESPath specification nor the platform's own
`json_decode`.

## Why this is bad
The platform gives no error for an expression that it cannot evaluate. The attribute becomes empty, and a success rule
never succeeds (OpenDialog documentation, Using JMESPath expressions).

## Example
```toml
[action.response.2xx.outputs]
items = "count(data.items)"
```

## Instead
```toml
[action.response.2xx.outputs]
items = "length(data.items)"
```

## Fix
`--fix --unsafe` replaces the name with the nearest one, if there is one that is near.

## When it stays silent
When the function exists but gets the wrong number of arguments: that is `selector-syntax`.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &UNKNOWN_JMESPATH_FUNCTION, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for (selector, source) in selectors(subject.plan) {
        for problem in selector.problems() {
            let SelectorProblemKind::UnknownFunction(name) = &problem.kind else { continue };
            let span = part(source, &problem.range);
            let diagnostic = Diagnostic::new(&UNKNOWN_JMESPATH_FUNCTION, span, format!("no function named `{name}`"))
                .help("without it nothing is found: an output becomes empty, and a success rule never succeeds");
            found.push(diagnostic.suggest(name, selector.functions().iter().copied(), span));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::test_support::{FakeSelector, findings, plan_with_success};

    #[test]
    fn the_name_alone_is_marked() {
        let problem = SelectorProblemKind::UnknownFunction("lenght".into());
        let plan = plan_with_success(FakeSelector::with_problem("lenght(a)", 0..6, problem));
        let found = findings(&plan, &RULE);
        assert_eq!(found[0].message, "no function named `lenght`");
        assert_eq!(found[0].help.as_deref(), Some("did you mean `length`?"));
        assert_eq!(found[0].span.end - found[0].span.start, 6);
        let fix = found[0].fix.as_ref().expect("a near name is there");
        assert_eq!((fix.safe, fix.edits[0].span, fix.edits[0].text.as_str()), (false, found[0].span, "length"));
    }
}
