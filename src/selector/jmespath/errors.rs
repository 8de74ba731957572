//! What compiling and evaluating can say went wrong.

use std::error::Error;
use std::fmt;

pub use crate::selector::syntax_error::{SyntaxError, SyntaxErrorKind};

/// The class of a [`RuntimeError`], after the error names of the specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuntimeErrorKind {
    /// A call of a function that does not exist.
    UnknownFunction,
    /// A call with too few or too many arguments.
    InvalidArity,
    /// An argument of a type the function does not take.
    InvalidType,
    /// A value out of the range of a JSON number.
    InvalidValue,
    /// More work than [`MAX_EVALUATION_STEPS`](super::MAX_EVALUATION_STEPS).
    TooMuchWork,
}

/// Why an evaluation stopped, in a user's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuntimeError {
    /// What went wrong.
    pub message: String,
    /// The class of the error.
    pub kind: RuntimeErrorKind,
}

impl RuntimeError {
    /// An error of a class.
    pub(super) fn new(kind: RuntimeErrorKind, message: impl Into<String>) -> RuntimeError {
        RuntimeError { message: message.into(), kind }
    }
}

impl fmt::Display for RuntimeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl Error for RuntimeError {}
