//! Whether braces that cannot be read were meant as a reference. What was not is text, which the platform removes.
//!
//! The page of `literal-braces` says the rule to users.

use pest::Parser;

use super::{Grammar, Rule};

/// What stands in braces and is no reference begins like one, or is one but for what stands around it.
pub(super) fn is_meant_as_reference(inside: &str) -> bool {
    let text = inside.trim();
    begins_like_reference(text) || is_reference_in_disguise(text)
}

pub(super) fn is_name_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '-') || !character.is_ascii()
}

/// An attribute and then an accessor or a filter, however they go on. A sentence has a space behind its full stop.
fn begins_like_reference(text: &str) -> bool {
    if !text.starts_with(|first: char| first.is_alphabetic() || first == '_') {
        return false;
    }
    let rest = text.trim_start_matches(is_name_character);
    match rest.chars().next() {
        Some('[') => true,
        Some('.') => !rest[1..].starts_with(char::is_whitespace),
        _ => rest.trim_start_matches(|next: char| is_name_character(next) || next.is_whitespace()).starts_with('|'),
    }
}

/// In quotes, or behind the `@` of an argument or the `$` of other platforms.
fn is_reference_in_disguise(text: &str) -> bool {
    let quoted = ['"', '\''].into_iter().find_map(|quote| text.strip_prefix(quote)?.strip_suffix(quote));
    let bare = quoted.or(text.strip_prefix(['@', '$'])).unwrap_or(text);
    is_reference(bare)
}

fn is_reference(text: &str) -> bool {
    text.starts_with(|first: char| first.is_alphabetic() || first == '_') && Grammar::parse(Rule::expression, text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::is_meant_as_reference;

    #[test]
    fn what_begins_like_a_reference_is_meant_as_one() {
        for text in [
            "a.",
            "user.first name",
            "tags[",
            "tags[0] [1",
            "name | ",
            "name |upper(",
            "first name | uppercase",
            "é | 'x",
            "\"user.name\"",
            " 'name | uppercase' ",
            "@user.name",
            "$name",
            "_auth..x",
            "user.a{",
        ] {
            assert!(is_meant_as_reference(text), "{text}");
        }
    }

    #[test]
    fn text_is_not() {
        for text in [
            "Hello there",
            "user name",
            "2, 3",
            "2.5 kg",
            "!",
            "\"a\": 1",
            "color: red",
            "name!",
            "Well. Then",
            "a + b",
            "@",
            "https://example.com",
            "\"first, second\"",
            "é è",
            "a, b | c",
            ".class",
            "-1 |",
            "a {",
            "\"\"",
        ] {
            assert!(!is_meant_as_reference(text), "{text}");
        }
    }
}
