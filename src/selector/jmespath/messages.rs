//! Puts the complaints of the crate's parser in a user's words.

use ::jmespath::ErrorReason;

use super::errors::SyntaxError;
use super::scan::{Token, quoted};

/// How a message of the parser starts, and what a user reads instead. Those that are
/// not here become "unexpected", which is all the parser knows.
const EXPECTATIONS: &[(&str, &str)] = &[
    ("Expected ':' to follow key", "expected `:` after the key"),
    ("Expected Field to start key", "expected a key"),
    ("Expected '}' or ','", "expected `}` or `,`"),
    ("Expected ')' to close '('", "expected `)`"),
    ("Expected ']'", "expected `]`"),
    ("Expected identifier, '*'", "expected a name, `*`, `[` or `{` after `.`"),
    ("Expected number, ':', or '*'", "expected a number, `:` or `*` after `[`"),
    ("Expected number, ':', or ']'", "expected a number, `:` or `]`"),
    ("Expected ':', or ']'", "expected `:` or `]`"),
    ("Too many colons", "expected a number or `]`"),
    ("invalid token after ','", "expected an expression after `,`"),
    ("Quoted strings can't be a function name", "a name in quotes cannot be called"),
    ("Invalid function name", "only the name of a function may stand before `(`"),
];

/// The error of the parser at `offset`, which is in bytes (its line and column are not
/// to be trusted).
pub(super) fn explain(expression: &str, tokens: &[Token], offset: usize, reason: &ErrorReason) -> SyntaxError {
    let token = tokens.iter().find(|token| token.end > offset);
    let (start, end) = match token {
        Some(token) => (token.start, token.end),
        None => (expression.len(), expression.len()),
    };
    let message = match token {
        _ if tokens.is_empty() => "the expression is empty".to_owned(),
        Some(token) => complaint(reason, &quoted(token.text(expression))),
        None => complaint(reason, END),
    };
    SyntaxError::new(start, end, message)
}

const END: &str = "the end of the expression";

fn complaint(reason: &ErrorReason, found: &str) -> String {
    let unexpected = || match found {
        END => "the expression ends too early".to_owned(),
        _ => format!("unexpected {found}"),
    };
    let ErrorReason::Parse(original) = reason else { return unexpected() };
    EXPECTATIONS
        .iter()
        .find(|(beginning, _)| original.starts_with(beginning))
        .map_or_else(unexpected, |(_, expected)| format!("{expected}, found {found}"))
}
