//! Why an expression over a reply cannot be read.

use std::error::Error;
use std::fmt;

/// The class of a [`SyntaxError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyntaxErrorKind {
    /// The text is not an expression.
    Syntax,
    /// The text is an expression, and a value in it never works: a slice of JMESPath whose step is zero.
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
