//! Cuts an expression into the tokens the crate's lexer would see.
//!
//! The guard counts these before the crate parses, so both must agree on where strings
//! end. What is refused here never reaches the crate.

use serde_json::Value;

use super::errors::SyntaxError;

/// Longest piece of the user's text that a message repeats, in characters.
const QUOTED_LENGTH: usize = 40;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    Name,
    QuotedName,
    RawString,
    JsonLiteral,
    Number,
    Dot,
    Star,
    Flatten,
    Filter,
    And,
    Or,
    Pipe,
    Comparator,
    Not,
    Reference,
    Current,
    Comma,
    Colon,
    OpenBracket,
    CloseBracket,
    OpenBrace,
    CloseBrace,
    OpenParenthesis,
    CloseParenthesis,
}

/// A token and its place in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Token {
    /// The text of the token.
    pub(super) fn text(self, expression: &str) -> &str {
        expression.get(self.start..self.end).unwrap_or_default()
    }

    /// The text between the delimiters of a string or literal.
    fn inside(self, expression: &str) -> &str {
        expression.get(self.start + 1..self.end.saturating_sub(1)).unwrap_or_default()
    }
}

/// The user's text in backticks, shortened when long.
pub(super) fn quoted(text: &str) -> String {
    match text.char_indices().nth(QUOTED_LENGTH) {
        Some((end, _)) => format!("`{}…`", text.get(..end).unwrap_or_default()),
        None => format!("`{text}`"),
    }
}

/// All tokens of an expression.
pub(super) fn tokens(expression: &str) -> Result<Vec<Token>, SyntaxError> {
    let mut found = Vec::new();
    let mut position = 0;
    while let Some(&byte) = expression.as_bytes().get(position) {
        if matches!(byte, b' ' | b'\n' | b'\t' | b'\r') {
            position += 1;
            continue;
        }
        let token = next_token(expression, position, byte)?;
        position = token.end;
        found.push(token);
    }
    Ok(found)
}

/// The token that starts with `first` at `start`.
fn next_token(expression: &str, start: usize, first: u8) -> Result<Token, SyntaxError> {
    match first {
        b'a'..=b'z' | b'A'..=b'Z' | b'_' => Ok(name(expression, start)),
        b'0'..=b'9' | b'-' => number(expression, start),
        b'"' => quoted_name(expression, start),
        b'\'' => delimited(expression, start, TokenKind::RawString),
        b'`' => json_literal(expression, start),
        _ => symbol(expression, start, first),
    }
}

/// A name without quotes.
fn name(expression: &str, start: usize) -> Token {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let bytes = expression.as_bytes().iter().skip(start);
    Token { kind: TokenKind::Name, start, end: start + bytes.take_while(|byte| is_part(byte)).count() }
}

/// An index, or a part of a slice.
fn number(expression: &str, start: usize) -> Result<Token, SyntaxError> {
    let bytes = expression.as_bytes();
    let negative = bytes.get(start) == Some(&b'-');
    let first_digit = start + usize::from(negative);
    let digits = bytes.iter().skip(first_digit);
    let end = first_digit + digits.take_while(|byte| byte.is_ascii_digit()).count();
    if negative && !matches!(bytes.get(first_digit), Some(b'1'..=b'9')) {
        let message = "`-` must be followed by a number other than zero";
        return Err(SyntaxError::new(start, start + 1, message));
    }
    let text = expression.get(first_digit..end).unwrap_or_default();
    if text.parse::<i32>().is_err() {
        let message = format!("the number {} is too large", quoted(text));
        return Err(SyntaxError::new(start, end, message));
    }
    Ok(Token { kind: TokenKind::Number, start, end })
}

/// A token that ends where its first character stands again, unless after a `\`.
fn delimited(expression: &str, start: usize, kind: TokenKind) -> Result<Token, SyntaxError> {
    let rest = expression.get(start..).unwrap_or_default();
    let mut characters = rest.char_indices();
    let delimiter = characters.next().map_or('"', |(_, character)| character);
    while let Some((offset, character)) = characters.next() {
        if character == delimiter {
            let end = start + offset + delimiter.len_utf8();
            return Ok(Token { kind, start, end });
        }
        if character == '\\' {
            characters.next();
        }
    }
    let what = match kind {
        TokenKind::QuotedName => "the quoted name that starts here is never closed",
        TokenKind::RawString => "the string that starts here is never closed",
        _ => "the literal that starts here is never closed",
    };
    Err(SyntaxError::new(start, expression.len(), what))
}

/// A name in quotes, whose escapes must be those of JSON.
fn quoted_name(expression: &str, start: usize) -> Result<Token, SyntaxError> {
    let token = delimited(expression, start, TokenKind::QuotedName)?;
    match serde_json::from_str::<String>(token.text(expression)) {
        Ok(_) => Ok(token),
        Err(_) => {
            let text = quoted(token.text(expression));
            let message = format!("{text} is not a name with the escapes of JSON");
            Err(SyntaxError::new(token.start, token.end, message))
        }
    }
}

/// A JSON value in backticks.
fn json_literal(expression: &str, start: usize) -> Result<Token, SyntaxError> {
    let token = delimited(expression, start, TokenKind::JsonLiteral)?;
    match literal_value(expression, token) {
        Some(_) => Ok(token),
        None => {
            let text = quoted(token.inside(expression));
            let message = format!("the literal {text} is not JSON; a string is written `'text'`");
            Err(SyntaxError::new(token.start, token.end, message))
        }
    }
}

/// The value a string or literal stands for; read from the text, because the crate's
/// syntax tree sorts the keys of objects.
pub(super) fn literal_value(expression: &str, token: Token) -> Option<Value> {
    let inside = token.inside(expression);
    match token.kind {
        TokenKind::RawString => Some(Value::String(inside.replace("\\'", "'"))),
        TokenKind::JsonLiteral => serde_json::from_str(&inside.replace("\\`", "`")).ok(),
        _ => None,
    }
}

/// An operator or a bracket.
fn symbol(expression: &str, start: usize, first: u8) -> Result<Token, SyntaxError> {
    let second = expression.as_bytes().get(start + 1).copied();
    let (kind, length) = match (first, second) {
        (b'[', Some(b']')) => (TokenKind::Flatten, 2),
        (b'[', Some(b'?')) => (TokenKind::Filter, 2),
        (b'|', Some(b'|')) => (TokenKind::Or, 2),
        (b'&', Some(b'&')) => (TokenKind::And, 2),
        (b'=' | b'!' | b'<' | b'>', Some(b'=')) => (TokenKind::Comparator, 2),
        (b'<' | b'>', _) => (TokenKind::Comparator, 1),
        (b'!', _) => (TokenKind::Not, 1),
        (b'&', _) => (TokenKind::Reference, 1),
        (b'|', _) => (TokenKind::Pipe, 1),
        _ => (single(first).ok_or_else(|| unknown_character(expression, start))?, 1),
    };
    let end = start + length;
    Ok(Token { kind, start, end })
}

/// The kind of a character that is a token of its own.
fn single(character: u8) -> Option<TokenKind> {
    Some(match character {
        b'.' => TokenKind::Dot,
        b'*' => TokenKind::Star,
        b'@' => TokenKind::Current,
        b',' => TokenKind::Comma,
        b':' => TokenKind::Colon,
        b'[' => TokenKind::OpenBracket,
        b']' => TokenKind::CloseBracket,
        b'{' => TokenKind::OpenBrace,
        b'}' => TokenKind::CloseBrace,
        b'(' => TokenKind::OpenParenthesis,
        b')' => TokenKind::CloseParenthesis,
        _ => return None,
    })
}

/// The error for a character that starts no token.
fn unknown_character(expression: &str, start: usize) -> SyntaxError {
    let rest = expression.get(start..).unwrap_or_default();
    let character = rest.chars().next().unwrap_or_default();
    let end = start + character.len_utf8();
    let message = match character {
        '=' => "`=` is not an operator, did you mean `==`?".to_owned(),
        _ if character.is_control() => {
            format!("unexpected character U+{:04X}", u32::from(character))
        }
        _ => format!("unexpected character `{character}`; other names need double quotes"),
    };
    SyntaxError::new(start, end, message)
}
