//! JMESPath over `serde_json` documents.
//!
//! The `jmespath` crate parses; everything after the parser is ours, because the
//! crate's interpreter loses the order of keys, counts in floating point and copies
//! the whole document at each call. The way of an expression:
//!
//! 1. `scan` cuts the text into tokens, and checks literals;
//! 2. `guard` refuses what could overflow the stack of the recursive parser;
//! 3. the crate parses, `messages` rewrites its complaints;
//! 4. `lower` turns the syntax tree into the `plan` that `interpret` runs.

mod budget;
mod calculations;
mod check;
mod errors;
mod functions;
mod guard;
mod interpret;
mod kinds;
mod lists;
mod lower;
mod messages;
mod numbers;
mod ordering;
mod paths;
mod plan;
mod scan;
mod strings;

#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

pub use self::budget::MAX_EVALUATION_STEPS;
pub use self::check::{FunctionProblem, FunctionProblemKind};
pub use self::errors::{RuntimeError, RuntimeErrorKind, SyntaxError, SyntaxErrorKind};
pub use self::functions::function_names;
pub use self::guard::{MAX_CHAIN, MAX_DEPTH, MAX_EXPRESSION_LENGTH};

/// A compiled JMESPath expression, cheap to clone and to share between threads.
#[derive(Clone)]
pub struct Expression {
    text: Arc<str>,
    root: Arc<plan::Pipeline>,
    problems: Arc<[FunctionProblem]>,
}

impl Expression {
    /// Compiles an expression.
    ///
    /// Calls of unknown functions compile, see [`Expression::unknown_functions`].
    ///
    /// # Errors
    /// The first fault of the syntax, a slice whose step is zero, or an expression
    /// beyond [`MAX_EXPRESSION_LENGTH`], [`MAX_DEPTH`] or [`MAX_CHAIN`].
    pub fn compile(text: &str) -> Result<Expression, SyntaxError> {
        guard::check_length(text)?;
        let tokens = scan::tokens(text)?;
        guard::check(text, &tokens)?;
        let tree = ::jmespath::parse(text).map_err(|error| messages::explain(text, &tokens, error.offset, &error.reason))?;
        let lowered = lower::lower(text, &tokens, tree)?;
        Ok(Expression { text: Arc::from(text), root: Arc::new(lowered.root), problems: Arc::from(lowered.problems) })
    }

    /// The calls that can only fail: unknown functions and wrong numbers of arguments,
    /// in the order of the text.
    #[must_use]
    pub fn unknown_functions(&self) -> Vec<FunctionProblem> {
        self.problems.to_vec()
    }

    /// What the expression gives on any document, in a user's words, where that can be told and is no boolean.
    #[must_use]
    pub fn certain_kind(&self) -> Option<&'static str> {
        kinds::of(&self.root)
    }

    /// The paths that the expression reads from the document's root.
    #[must_use]
    pub fn paths(&self) -> Vec<super::SelectorPath> {
        scan::tokens(&self.text).map(|tokens| paths::paths(&self.text, &tokens)).unwrap_or_default()
    }

    /// Evaluates the expression on a document.
    ///
    /// # Errors
    /// A call that reaches an unknown function, a wrong number or type of arguments, a
    /// number out of range, or more than [`MAX_EVALUATION_STEPS`] of work.
    pub fn evaluate(&self, document: &Value) -> Result<Value, RuntimeError> {
        let interpreter = interpret::Interpreter::new();
        let result = interpreter.pipeline(&self.root, document)?;
        interpreter.budget.own(result)
    }

    /// The text the expression was compiled from.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// The plan would print as a wall of nodes: the text says the same.
impl fmt::Debug for Expression {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Expression").field(&self.text).finish()
    }
}
