//! JMESPath as a [`Selector`].

use std::sync::Arc;

use serde_json::Value as Json;

use super::jmespath::{Expression, FunctionProblemKind, SyntaxError, function_names};
use super::{Selector, SelectorPath, SelectorProblem, SelectorProblemKind};

/// Compiles a JMESPath expression.
pub fn compile(text: &str) -> Result<Arc<dyn Selector>, SyntaxError> {
    Ok(Arc::new(Expression::compile(text)?))
}

impl Selector for Expression {
    fn text(&self) -> &str {
        self.text()
    }

    fn problems(&self) -> Vec<SelectorProblem> {
        let problems = self.unknown_functions().into_iter();
        let problem = |problem: super::jmespath::FunctionProblem| SelectorProblem {
            range: problem.start..problem.end,
            kind: match problem.kind {
                FunctionProblemKind::Unknown => SelectorProblemKind::UnknownFunction(problem.name),
                FunctionProblemKind::WrongArity { expected, given } => {
                    SelectorProblemKind::WrongArity { function: problem.name, expected, given }
                }
            },
        };
        problems.map(problem).collect()
    }

    fn functions(&self) -> &'static [&'static str] {
        function_names()
    }

    fn paths(&self) -> Vec<SelectorPath> {
        self.paths()
    }

    fn certain_kind(&self) -> Option<&'static str> {
        self.certain_kind()
    }

    fn select(&self, document: &Json) -> Result<Json, String> {
        self.evaluate(document).map_err(|error| error.to_string())
    }
}
