//! References in the names of headers, where no dialect reads them as such.

use std::ops::Range;

use crate::value::is_header_name;

/// The references in a name that would be a header name without them; empty when there are none, or more is wrong with it.
pub fn references(name: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut rest = String::new();
    let mut at = 0;
    while let Some(range) = next_reference(name, at) {
        rest.push_str(&name[at..range.start]);
        at = range.end;
        found.push(range);
    }
    rest.push_str(&name[at..]);
    let is_name = rest.is_empty() || is_header_name(&rest);
    if is_name { found } else { Vec::new() }
}

fn next_reference(name: &str, from: usize) -> Option<Range<usize>> {
    let start = from + name[from..].find('{')?;
    let end = start + name[start..].find('}')? + 1;
    let inside = name[start + 1..end - 1].trim();
    let begins_as_name = inside.starts_with(|character: char| character.is_ascii_alphabetic() || character == '_');
    (begins_as_name && !inside.contains('{')).then_some(start..end)
}

#[cfg(test)]
mod tests {
    use super::references;

    #[test]
    fn a_reference_has_a_name_in_braces() {
        assert_eq!(references("X-{user.channel}-{id | uppercase}"), [2..16, 17..33]);
        assert_eq!(references("{name}{id}"), [0..6, 6..10]);
        for name in ["X-Channel", "X {id}", "{}", "X-{", "X-{{id}}", "X-{1}", ""] {
            assert!(references(name).is_empty(), "{name}");
        }
    }
}
