//! Patterns as regular expressions that Java and ECMAScript read alike.

use std::fmt::Write;

use crate::mock::derive::{Hole, Pattern, PatternPart, Reads};
use crate::value::TaintedText;

/// Any text, line breaks included.
pub const ANYTHING: &str = r"[\s\S]*";
/// Any text that is there.
pub const SOMETHING: &str = r"[\s\S]+";

/// A text as it is.
pub fn quoted(text: &str) -> String {
    let mut expression = String::with_capacity(text.len());
    for character in text.chars() {
        if r"\^$.|?*+()[]{}".contains(character) {
            expression.push('\\');
        }
        match character {
            // Some readers take a line break in an expression for its end.
            '\n' => expression.push_str(r"\n"),
            '\r' => expression.push_str(r"\r"),
            _ => expression.push(character),
        }
    }
    expression
}

/// What a whole text looks like.
pub fn of_pattern(pattern: &Pattern) -> String {
    let part = |part: PatternPart<'_>| match part {
        PatternPart::Literal(literal) => quoted(literal),
        PatternPart::Hole(hole) => of_hole(hole).to_string(),
    };
    pattern.parts().map(part).collect()
}

/// A secret is never empty.
fn of_hole(hole: &Hole) -> &'static str {
    if matches!(hole.reads, Reads::Secret(_)) { SOMETHING } else { ANYTHING }
}

/// A text whose secret parts may be any.
pub fn of_tainted(text: &TaintedText) -> String {
    text.pieces().map(|(piece, is_secret)| if is_secret { SOMETHING.to_string() } else { quoted(piece) }).collect()
}

/// A segment of a path as it comes over the wire, where some characters are percent-encoded by some clients.
pub fn of_segment(pattern: &Pattern) -> String {
    let part = |part: PatternPart<'_>| match part {
        PatternPart::Literal(literal) => literal.chars().map(on_the_wire).collect(),
        PatternPart::Hole(_) => "[^/]*".to_string(),
    };
    pattern.parts().map(part).collect()
}

/// A text in a path, in full.
pub fn of_segment_text(text: &str) -> String {
    text.chars().map(on_the_wire).collect()
}

/// A character as it is or percent-encoded; what can stand in no path as it is (RFC 3986, section 3.3) encoded.
fn on_the_wire(character: char) -> String {
    if character.is_ascii_alphanumeric() || "-_~".contains(character) {
        return character.to_string();
    }
    if character == '.' {
        return r"\.".to_string();
    }
    let mut encoded = String::new();
    for byte in character.to_string().bytes() {
        encoded.push('%');
        for digit in format!("{byte:02X}").chars() {
            match digit.to_ascii_lowercase() {
                lower if lower == digit => encoded.push(digit),
                lower => {
                    let _ = write!(encoded, "[{digit}{lower}]");
                }
            }
        }
    }
    match character.is_ascii_graphic() && !"/?#%\"<>`{}".contains(character) {
        true => format!("(?:{}|{encoded})", quoted(&character.to_string())),
        false => encoded,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_comes_encoded_or_not() {
        let expression = regex::Regex::new(&format!("^{}$", of_segment_text("a b'c.ü/"))).expect("an expression");
        for (text, is_it) in [
            ("a%20b'c.%C3%BC%2F", true),
            ("a%20b%27c.%c3%bc%2f", true),
            ("a b'c.%C3%BC%2F", false),
            ("a%20b'cx%C3%BC%2F", false),
        ] {
            assert_eq!(expression.is_match(text), is_it, "{text}");
        }
    }

    #[test]
    fn text_is_quoted_and_secrets_may_be_any() {
        let mut text = TaintedText::plain("a.b$\n");
        text.push(&TaintedText::secret("k-1"));
        assert_eq!(of_tainted(&text), r"a\.b\$\n[\s\S]+");
    }
}
