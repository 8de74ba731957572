//! What may reach a terminal: no character that moves the cursor, hides text or turns its direction round.

use std::borrow::Cow;

/// Stands where a character was that no terminal should see.
const REPLACEMENT: char = '\u{fffd}';

/// Marks, in text on its way through the renderer, where a place is filled in; never part of a user's text.
pub(super) const MARK: char = '\u{f8ff}';

/// Whether a character may be shown as it is. Newlines and tabs are for the caller to decide.
pub fn is_printable(character: char) -> bool {
    !character.is_control() && !hides(character) && character != MARK
}

/// Characters that turn the direction of text, end a line, or have no width and join nothing.
fn hides(character: char) -> bool {
    let turns =
        matches!(character, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    turns || matches!(character, '\u{ad}' | '\u{200b}' | '\u{2028}' | '\u{2029}' | '\u{2060}' | '\u{feff}')
}

/// The one character that stands for another on a terminal: its picture where there is one.
pub(super) fn picture(character: char) -> char {
    match character {
        '\t' => '\t',
        '\0'..='\x1f' => char::from_u32(0x2400 + character as u32).unwrap_or(REPLACEMENT),
        '\x7f' => '\u{2421}',
        other if is_printable(other) => other,
        _ => REPLACEMENT,
    }
}

/// A text for a terminal: newlines and tabs stay, whatever else is not printable is replaced.
pub fn printable(text: &str) -> Cow<'_, str> {
    let plain = |character| is_printable(character) || matches!(character, '\n' | '\t');
    if text.chars().all(plain) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|character| if character == '\n' { '\n' } else { picture(character) }).collect())
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn escape_sequences_and_direction_marks_do_not_get_through() {
        assert_eq!(printable("a\u{1b}[31mb\u{9b}c\u{202e}d\r\n\te"), "a␛[31mb\u{fffd}c\u{fffd}d␍\n\te");
        assert!(matches!(printable("plain\ttext\n"), std::borrow::Cow::Borrowed(_)));
    }
}
