//! `uppercase_words`.

use super::case::{Change, ascii_upper_first, each_word, upper_first};
use super::{Filter, Input, Output, any_argument};

const CHANGE: Change = Change {
    filter: "uppercase_words",
    unicode: |text| each_word(text, upper_first),
    ascii: |text| each_word(text, ascii_upper_first),
};

pub static UPPERCASE_WORDS: Filter = Filter {
    name: "uppercase_words",
    parameters: &[],
    input: Input::Text,
    output: |_| Output::Text,
    one_way: false,
    summary: "the first letter of every word in upper case",
    page: PAGE,
    check: any_argument,
    apply: |value, _, context| CHANGE.apply(value, context),
};

const PAGE: &str = r"
Puts the first character of every word in upper case and leaves the rest as it is. Words are parted by space, tab, line feed,
carriage return, form feed and vertical tab, as in PHP's `ucwords`; a hyphen parts nothing.

No arguments.

- `{name | uppercase_words}` over `ada king-noel` gives `Ada King-noel`
- `{name | lowercase | uppercase_words}` over `ADA LOVELACE` gives `Ada Lovelace`

What happens to letters beyond ASCII is not documented: the assumption `case_beyond_ascii` chooses between Unicode and ASCII
alone.

A value that is not text is left as it is, and the platform logs a warning.

Source: OpenDialog documentation, attribute filters; opendialog pull request 455 for other values.
";

#[cfg(test)]
mod tests {
    use super::super::support::testing::text;

    #[test]
    fn words_end_where_php_ends_them() {
        assert_eq!(text("uppercase_words", "a\tb\x0bc  d-e élan", &[]), "A\tB\x0bC  D-e Élan");
        assert_eq!(text("uppercase_words", "em\u{2003}space", &[]), "Em\u{2003}space");
    }
}
