//! Names that are told from the text around them only once it is known which have values.

/// How a platform finds the names of values in a text: a mark, and behind it the longest name that has a value.
#[derive(Debug, PartialEq, Eq)]
pub struct Substitution {
    pub mark: char,
    /// Names with their context, which no name of the other contexts can take.
    pub reserved: &'static [(&'static str, &'static str)],
    /// The contexts whose names stand alone. Of one name in several, that of the first counts.
    pub contexts: &'static [&'static str],
    /// Lists, in no context: a whole one by its name, one entry with its number in brackets.
    pub lists: &'static [&'static str],
}

impl Substitution {
    /// Whether a character may belong to a name, so that one that ends before it may be only the beginning of a name.
    pub fn is_word(character: char) -> bool {
        character.is_alphanumeric() || character == '_'
    }

    /// The number in brackets that a text begins with, and the length of both.
    pub fn index(text: &str) -> Option<(usize, usize)> {
        let inside = text.strip_prefix('[')?;
        let digits = inside.len() - inside.trim_start_matches(|character: char| character.is_ascii_digit()).len();
        inside[digits..].starts_with(']').then_some(())?;
        // A number that is too large is that of no entry.
        (digits > 0).then(|| (inside[..digits].parse().unwrap_or(usize::MAX), digits + 2))
    }

    /// The word behind the dot that a text begins with, and the length of both.
    pub fn step(text: &str) -> Option<&str> {
        let inside = text.strip_prefix('.')?;
        let end = inside.find(|character: char| !Substitution::is_word(character)).unwrap_or(inside.len());
        (end > 0).then_some(&inside[..end])
    }
}

#[cfg(test)]
mod tests {
    use super::Substitution;

    #[test]
    fn what_follows_a_name() {
        assert_eq!(Substitution::index("[0].x"), Some((0, 3)));
        assert_eq!(Substitution::index("[99999999999999999999999]"), Some((usize::MAX, 25)));
        for text in ["", "[", "[]", "[x]", "[0", "0]", "[-1]"] {
            assert_eq!(Substitution::index(text), None, "{text}");
        }
        assert_eq!(Substitution::step(".city/x"), Some("city"));
        assert_eq!((Substitution::step(". x"), Substitution::step("city"), Substitution::step(".")), (None, None, None));
    }
}
