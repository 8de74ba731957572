//! The calls of an expression that can only fail.

use super::errors::{RuntimeError, RuntimeErrorKind};
use super::functions::{self, Function};

/// A call that can only fail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionProblem {
    /// The name that is called.
    pub name: String,
    /// The first byte of the name in the expression.
    pub start: usize,
    /// The byte after the name.
    pub end: usize,
    /// What is wrong with the call.
    pub kind: FunctionProblemKind,
}

/// Why a call can only fail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FunctionProblemKind {
    /// No function has the name.
    Unknown,
    /// The function takes another number of arguments.
    WrongArity {
        /// How many it takes, such as `1 argument` or `at least 1 argument`.
        expected: String,
        /// How many are given.
        given: usize,
    },
}

/// The function of a call with `given` arguments, or why it can only fail.
pub(super) fn resolve(name: &str, given: usize) -> Result<&'static Function, FunctionProblemKind> {
    let function = functions::find(name).ok_or(FunctionProblemKind::Unknown)?;
    if function.accepts(given) {
        return Ok(function);
    }
    let expected = function.expected_arguments();
    Err(FunctionProblemKind::WrongArity { expected, given })
}

/// What evaluating such a call says.
pub(super) fn runtime_error(name: &str, kind: &FunctionProblemKind) -> RuntimeError {
    match kind {
        FunctionProblemKind::Unknown => {
            RuntimeError::new(RuntimeErrorKind::UnknownFunction, format!("there is no function `{name}`"))
        }
        FunctionProblemKind::WrongArity { expected, given } => {
            RuntimeError::new(RuntimeErrorKind::InvalidArity, format!("`{name}` takes {expected}, {given} given"))
        }
    }
}
