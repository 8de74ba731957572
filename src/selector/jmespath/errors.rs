//! What compiling and evaluating can say went wrong.

use std::error::Error;
use std::fmt;

/// The class of a [`SyntaxError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyntaxErrorKind {
    /// The text is not JMESPath.
    Syntax,
    /// The text is JMESPath, and a value in it never works: a slice whose step is zero.
    InvalidValue,
    /// The text is longer or deeper than the limits allow.
    Limit,
}

/// A place in the expression in bytes and a message in a user's words (lower case, no
/// final period, user's text in backticks).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// The first byte of the place, on a character boundary.
    pub start: usize,
    /// The byte after the place, on a character boundary.
    pub end: usize,
    /// What is wrong there.
    pub message: String,
    /// The class of the error.
    pub kind: SyntaxErrorKind,
}

impl SyntaxError {
    /// An error of the class `Syntax`.
    pub(super) fn new(start: usize, end: usize, message: impl Into<String>) -> SyntaxError {
        SyntaxError { start, end, message: message.into(), kind: SyntaxErrorKind::Syntax }
    }

    /// The same error in another class.
    pub(super) fn with_kind(mut self, kind: SyntaxErrorKind) -> SyntaxError {
        self.kind = kind;
        self
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl Error for SyntaxError {}

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
