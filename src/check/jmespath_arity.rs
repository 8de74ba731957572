//! A JMESPath function with the wrong number of arguments: an invalid expression, and so `selector-syntax`.

use super::selectors::{part, selectors};
use crate::case::{Rule, Subject};
use crate::diagnostic::Diagnostic;
use crate::selector::SelectorProblemKind;
use crate::spec::lints::selector_syntax::{self, SELECTOR_SYNTAX};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &SELECTOR_SYNTAX, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for (selector, source) in selectors(subject.plan) {
        for problem in selector.problems() {
            let SelectorProblemKind::WrongArity { function, expected, given } = &problem.kind else { continue };
            let message =
                format!("`{function}` takes {expected}, and {given} {} given", if *given == 1 { "is" } else { "are" });
            found.push(selector_syntax::found(part(source, &problem.range), message, None));
        }
    }
}
