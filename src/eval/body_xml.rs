//! Values in the places of an XML document, none of which they leave.

use super::{ErrorKind, Failure};
use crate::value::TaintedText;

/// Ends a CDATA section and begins the next: what stands on both sides is one text.
const SPLIT: &str = "]]><![CDATA[";

/// Between tags (XML 1.0, section 2.4).
pub(super) fn in_text(text: &TaintedText) -> Result<TaintedText, Failure> {
    check_characters(text)?;
    Ok(text.map(escape))
}

/// Inside the quotes of an attribute, where a reader makes spaces of white space (XML 1.0, section 3.3.3).
pub(super) fn in_attribute(text: &TaintedText) -> Result<TaintedText, Failure> {
    check_characters(text)?;
    Ok(text.map(|piece| escape(piece).replace('\n', "&#10;").replace('\t', "&#9;")))
}

/// Inside of CDATA, where nothing is escaped and `]]>` alone has a meaning (XML 1.0, section 2.7).
pub(super) fn in_cdata(text: &TaintedText) -> Result<TaintedText, Failure> {
    check_characters(text)?;
    Ok(text.map(|piece| {
        // What stands beside the value may make up the rest of the mark.
        let before = if piece.starts_with([']', '>']) { SPLIT } else { "" };
        let after = if piece.ends_with(']') { SPLIT } else { "" };
        format!("{before}{}{after}", piece.replace("]]>", "]]]]><![CDATA[>"))
    }))
}

/// Inside of a comment, which holds no `--` (XML 1.0, section 2.5): spaces stand between.
pub(super) fn in_comment(text: &TaintedText) -> Result<TaintedText, Failure> {
    check_characters(text)?;
    Ok(text.map(|piece| {
        let before = if piece.starts_with('-') { " " } else { "" };
        let after = if piece.ends_with('-') { " " } else { "" };
        // Twice, since matches do not overlap.
        format!("{before}{}{after}", piece.replace("--", "- -").replace("--", "- -"))
    }))
}

/// Inside of a processing instruction, which ends at `?>` and knows no escapes (XML 1.0, section 2.6).
pub(super) fn in_instruction(text: &TaintedText) -> Result<TaintedText, Failure> {
    check_characters(text)?;
    match text.reveal().contains(['?', '>']) {
        true => Err(invalid("a value could end the processing instruction that it stands in")),
        false => Ok(text.clone()),
    }
}

/// In a tag, outside of quotes: only a name does not begin anything else there (XML 1.0, section 2.3).
pub(super) fn as_name(text: &TaintedText) -> Result<TaintedText, Failure> {
    let mut characters = text.reveal().chars();
    let is_name = characters.next().is_some_and(begins_name) && characters.all(continues_name);
    match is_name {
        true => Ok(text.clone()),
        false => Err(invalid("a value that is no XML name stands in a tag")),
    }
}

fn begins_name(character: char) -> bool {
    matches!(character, ':' | '_' | 'A'..='Z' | 'a'..='z'
        | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{2ff}' | '\u{370}'..='\u{37d}'
        | '\u{37f}'..='\u{1fff}' | '\u{200c}'..='\u{200d}' | '\u{2070}'..='\u{218f}' | '\u{2c00}'..='\u{2fef}'
        | '\u{3001}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fffd}' | '\u{10000}'..='\u{effff}')
}

fn continues_name(character: char) -> bool {
    begins_name(character)
        || matches!(character, '-' | '.' | '0'..='9' | '\u{b7}' | '\u{300}'..='\u{36f}' | '\u{203f}'..='\u{2040}')
}

fn invalid(message: &str) -> Failure {
    Failure::new(ErrorKind::InvalidBody, message)
}

/// Some characters cannot be written in any way (XML 1.0, section 2.2).
fn check_characters(text: &TaintedText) -> Result<(), Failure> {
    let has_no_form = |character: char| matches!(character, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    match text.reveal().contains(has_no_form) {
        true => Err(invalid("a value holds a character that XML cannot hold")),
        false => Ok(()),
    }
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            // A reader would make a line feed of it.
            '\r' => escaped.push_str("&#13;"),
            other => escaped.push(other),
        }
    }
    escaped
}
