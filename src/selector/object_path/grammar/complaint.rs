//! What is wrong with an object path, in a user's words.

use std::ops::Range;

use crate::selector::SyntaxError;

/// What is wrong where the grammar stopped. `rest` is what it left.
pub(super) fn explain(text: &str, rest: Range<usize>) -> SyntaxError {
    let (before, left) = text.split_at(rest.start);
    let at = rest.start + left.len() - left.trim_start_matches([' ', '\t', '\r', '\n']).len();
    if text.is_empty() {
        return SyntaxError::new(0, 0, "the path is empty");
    }
    match text[at..].chars().next() {
        None if before.is_empty() => SyntaxError::new(0, text.len(), "the path is empty"),
        None => SyntaxError::new(rest.start, rest.end, "white space behind the path"),
        Some('[') => bracket(text, at),
        Some('.') => dot(text, at, before),
        Some(_) if before.is_empty() && at > 0 => SyntaxError::new(0, at, "white space before the path"),
        Some('$') if at == 0 => found(text, at + 1, "`.` or `[` after `$`, which stands for the whole reply"),
        Some('?' | '*') if !before.is_empty() => several(text, at..at + 1),
        Some(_) if before.is_empty() => found(text, at, "a name, `[` or `$`"),
        Some(_) => found(text, at, "`.`, `[` or the end of the path"),
    }
}

/// A number in brackets that is no position.
pub(super) fn no_position(written: &str, range: Range<usize>) -> SyntaxError {
    let digits = written.trim_start_matches('-');
    let message = match written {
        "-0" => "`-0` is no position; the first element is `[0]`".to_string(),
        _ if digits.len() > 1 && digits.starts_with('0') => format!("the position `{written}` begins with a zero"),
        _ => format!("the position `{written}` is beyond 2^53 - 1"),
    };
    SyntaxError::new(range.start, range.end, message)
}

fn dot(text: &str, at: usize, before: &str) -> SyntaxError {
    if before.is_empty() {
        return SyntaxError::new(at, at + 1, "a path begins with a name, `[` or `$`, not with a dot");
    }
    match text[at + 1..].chars().next() {
        None => SyntaxError::new(at, at + 1, "a dot at the end, with no name behind it"),
        Some('.') => SyntaxError::new(at, at + 2, "two dots: a path goes down one step at a time"),
        Some('*') => several(text, at + 1..at + 2),
        Some('[') => SyntaxError::new(at, at + 1, "no dot stands before `[`"),
        Some(quote @ ('\'' | '"')) => {
            SyntaxError::new(at + 1, at + 2, format!("a name in quotes stands in brackets: `[{quote}name{quote}]`"))
        }
        Some(_) => found(text, at + 1, "a name"),
    }
}

/// What stands in a bracket that could not be read, from the inside out.
fn bracket(text: &str, at: usize) -> SyntaxError {
    let inside = &text[at + 1..];
    let start = at + 1 + inside.len() - inside.trim_start().len();
    let inside = &text[start..];
    let end = inside.find(']').map(|length| start + length);
    match inside.chars().next() {
        None => SyntaxError::new(at, at + 1, "a bracket that is never closed"),
        Some(']') => SyntaxError::new(at, start + 1, "empty brackets"),
        Some('*' | '?') => several(text, start..start + 1),
        Some(quote @ ('\'' | '"')) => match closing_quote(inside, quote) {
            None => SyntaxError::new(start, start + 1, "a quote that is never closed"),
            Some(length) => after(text, start + length),
        },
        Some(_) => {
            let Some(end) = end else { return SyntaxError::new(at, at + 1, "a bracket that is never closed") };
            let written = text[start..end].trim_end();
            let is_slice = written.contains(':') && written.chars().all(|c| c.is_ascii_digit() || ":- ".contains(c));
            match is_slice || written.contains(',') {
                true => several(text, start..start + written.len()),
                false => SyntaxError::new(start, start + written.len(), format!("the name `{written}` needs quotes")),
            }
        }
    }
}

/// What follows a name in quotes that no bracket closes.
fn after(text: &str, from: usize) -> SyntaxError {
    let at = from + text[from..].len() - text[from..].trim_start().len();
    match text[at..].chars().next() {
        Some(',') => several(text, at..at + 1),
        _ => found(text, at, "`]`"),
    }
}

/// The length of a quoted text.
fn closing_quote(text: &str, quote: char) -> Option<usize> {
    let mut is_escaped = false;
    let ends = |(at, character): (usize, char)| {
        if !is_escaped && at > 0 && character == quote {
            return Some(at + 1);
        }
        is_escaped = character == '\\' && !is_escaped;
        None
    };
    text.char_indices().find_map(ends)
}

fn several(text: &str, range: Range<usize>) -> SyntaxError {
    let message = format!("`{}` may find several values; a path leads to one", &text[range.clone()]);
    SyntaxError::new(range.start, range.end, message)
}

fn found(text: &str, at: usize, expected: &str) -> SyntaxError {
    let character = text[at..].chars().next();
    let found = match character {
        None => "the end of the path".to_string(),
        Some(' ') => "a space".to_string(),
        Some(character) => format!("`{}`", character.escape_debug()),
    };
    SyntaxError::new(at, at + character.map_or(0, char::len_utf8), format!("expected {expected}, found {found}"))
}
