//! Names in quotes, with the escapes of RFC 9535, section 2.3.1.1.

use crate::selector::SyntaxError;

/// The name that a quoted text stands for. `base` is the place of the opening quote in the expression.
pub(super) fn decoded(written: &str, base: usize) -> Result<String, SyntaxError> {
    let inside = written.get(1..written.len().saturating_sub(1)).unwrap_or_default();
    let quote = written.chars().next().unwrap_or('"');
    let mut name = String::with_capacity(inside.len());
    let mut at = 0;
    while let Some(character) = inside[at..].chars().next() {
        let place = base + 1 + at;
        if character < ' ' {
            let message = format!("a name cannot hold the character `{}` as it is", character.escape_default());
            return Err(SyntaxError::new(place, place + 1, message));
        }
        let (decoded, length) = match character {
            '\\' => escape(&inside[at..], quote).ok_or_else(|| no_escape(&inside[at..], place))?,
            other => (other, other.len_utf8()),
        };
        name.push(decoded);
        at += length;
    }
    Ok(name)
}

fn no_escape(text: &str, place: usize) -> SyntaxError {
    let character = text[1..].chars().next();
    let message = match character {
        Some('u') => "`\\u` is followed by four hexadecimal digits, and half of a pair by the other half".to_string(),
        Some(character) => format!("`\\{}` is no escape", character.escape_debug()),
        None => "a backslash at the end of a name".to_string(),
    };
    SyntaxError::new(place, place + 1 + character.map_or(0, char::len_utf8), message)
}

/// The character of the escape that a text begins with, and the length of the escape.
fn escape(text: &str, quote: char) -> Option<(char, usize)> {
    let character = match text[1..].chars().next()? {
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        same @ ('/' | '\\') => same,
        same if same == quote => same,
        'u' => return unicode(text),
        _ => return None,
    };
    Some((character, 2))
}

/// `\u263A`, or a pair of surrogates.
fn unicode(text: &str) -> Option<(char, usize)> {
    let first = unit(text)?;
    if let Some(character) = char::from_u32(first) {
        return Some((character, 6));
    }
    let second = unit(text.get(6..)?)?;
    let is_pair = (0xD800..0xDC00).contains(&first) && (0xDC00..0xE000).contains(&second);
    let code = 0x10000 + ((first & 0x3FF) << 10) + (second & 0x3FF);
    is_pair.then(|| char::from_u32(code)).flatten().map(|character| (character, 12))
}

fn unit(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok()).flatten()
}
