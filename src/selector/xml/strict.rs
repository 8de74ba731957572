//! What the parser lets pass, and XML 1.0 does not.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::XmlProblem;

/// XML 1.0, section 2.8 [23]. The pattern is fixed, so that it compiles is known.
static DECLARATION: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let version = r#"[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:"1\.[0-9]+"|'1\.[0-9]+')"#;
    let encoding = r#"(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(?:"[A-Za-z][A-Za-z0-9._-]*"|'[A-Za-z][A-Za-z0-9._-]*'))?"#;
    let standalone = r#"(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*(?:"(?:yes|no)"|'(?:yes|no)'))?"#;
    Regex::new(&format!(r"^<\?xml{version}{encoding}{standalone}[ \t\r\n]*\?>$")).ok()
});

/// A processing instruction, of which the one at the beginning may be the XML declaration.
pub(super) fn instruction(text: &str, at: usize, length: usize) -> Result<(), XmlProblem> {
    let written = &text[at..at + length];
    let target = written[2..].split(['?', ' ', '\t', '\r', '\n']).next().unwrap_or_default();
    if !target.eq_ignore_ascii_case("xml") {
        return Ok(());
    }
    if at > 0 || target != "xml" {
        return Err(XmlProblem::at(text, at, "`<?xml` stands at the beginning, in lower case, or nowhere"));
    }
    match DECLARATION.as_ref().is_none_or(|declaration| declaration.is_match(written)) {
        true => Ok(()),
        false => Err(XmlProblem::at(text, at, "the XML declaration is none: it says version, encoding and standalone")),
    }
}

/// References to halves of characters (section 4.1), which the parser replaces.
pub(super) fn references(text: &str, range: Range<usize>) -> Result<(), XmlProblem> {
    for (at, mark) in text[range.clone()].match_indices("&#") {
        let digits = &text[range.start + at + mark.len()..range.end];
        let (digits, radix) = digits.strip_prefix('x').map_or((digits, 10), |digits| (digits, 16));
        let digits = &digits[..digits.find(|digit: char| !digit.is_digit(radix)).unwrap_or(digits.len())];
        let is_character = u32::from_str_radix(digits, radix).is_ok_and(|code| char::from_u32(code).is_some());
        if !is_character {
            return Err(XmlProblem::at(text, range.start + at, "a reference to a character that no document may hold"));
        }
    }
    Ok(())
}
