//! References in the names of headers, where no dialect reads them as such.

use std::ops::Range;

use crate::value::is_header_name;

/// The references in a name that would be a header name without them; empty when there are none, or more is wrong with it.
/// `mark` is what a reference begins with, where it does not stand in braces.
pub fn references(name: &str, mark: Option<char>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut rest = String::new();
    let mut at = 0;
    while let Some(range) = mark.map_or_else(|| in_braces(name, at), |mark| behind_mark(name, at, mark)) {
        rest.push_str(&name[at..range.start]);
        at = range.end;
        found.push(range);
    }
    rest.push_str(&name[at..]);
    let is_name = rest.is_empty() || is_header_name(&rest);
    if is_name { found } else { Vec::new() }
}

fn in_braces(name: &str, from: usize) -> Option<Range<usize>> {
    let start = from + name[from..].find('{')?;
    let end = start + name[start..].find('}')? + 1;
    let inside = name[start + 1..end - 1].trim();
    let begins_as_name = inside.starts_with(|character: char| character.is_ascii_alphabetic() || character == '_');
    (begins_as_name && !inside.contains('{')).then_some(start..end)
}

/// `$NAME`; `$5` is none.
fn behind_mark(name: &str, from: usize, mark: char) -> Option<Range<usize>> {
    name[from..].match_indices(mark).map(|(at, found)| (from + at, &name[from + at + found.len()..])).find_map(
        |(start, rest)| {
            let is_word = |character: char| character.is_alphanumeric() || character == '_';
            let length = rest.find(|character| !is_word(character)).unwrap_or(rest.len());
            let begins_as_name = rest.starts_with(|character: char| character.is_alphabetic() || character == '_');
            begins_as_name.then(|| start..start + mark.len_utf8() + length)
        },
    )
}

#[cfg(test)]
mod tests {
    use super::references;

    #[test]
    fn a_reference_has_a_name_in_braces() {
        assert_eq!(references("X-{user.channel}-{id | uppercase}", None), [2..16, 17..33]);
        assert_eq!(references("{name}{id}", None), [0..6, 6..10]);
        for name in ["X-Channel", "X {id}", "{}", "X-{", "X-{{id}}", "X-{1}", ""] {
            assert!(references(name, None).is_empty(), "{name}");
        }
    }

    #[test]
    fn a_reference_behind_a_mark() {
        assert_eq!(references("X-$CUST-$b_1", Some('$')), [2..7, 8..12]);
        assert_eq!(references("$5-$a", Some('$')).first(), Some(&(3..5)));
        for name in ["X-Channel", "X-$", "X-$5", "X $a", "$$"] {
            assert!(references(name, Some('$')).is_empty(), "{name}");
        }
        assert!(references("X-$CUST", None).is_empty());
    }
}
