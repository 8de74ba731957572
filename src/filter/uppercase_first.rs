//! `uppercase_first`.

use super::case::{Change, ascii_upper_first, upper_first};
use super::{Filter, Input, Output, any_argument};

const CHANGE: Change = Change { filter: "uppercase_first", unicode: upper_first, ascii: ascii_upper_first };

pub static UPPERCASE_FIRST: Filter = Filter {
    name: "uppercase_first",
    parameters: &[],
    input: Input::Text,
    output: |_| Output::Text,
    one_way: false,
    summary: "the first letter in upper case",
    page: PAGE,
    check: any_argument,
    apply: |value, _, context| CHANGE.apply(value, context),
};

const PAGE: &str = r"
Puts the first character of a text in upper case and leaves the rest as it is.

No arguments.

- `{title | uppercase_first}` over `hello world` gives `Hello world`
- `{age | number_to_words | uppercase_first}` over `30` gives `Thirty`
- `{title | uppercase_first}` over `école` gives `École`

What happens to letters beyond ASCII is not documented: the assumption `case_beyond_ascii` chooses between Unicode (as
Laravel's `Str::ucfirst`) and ASCII alone (as PHP's `ucfirst`).

A value that is not text is left as it is, and the platform logs a warning.

Source: OpenDialog documentation, attribute filters; opendialog pull request 455 for other values.
";

#[cfg(test)]
mod tests {
    use super::super::support::testing::text;

    #[test]
    fn the_rest_stays() {
        assert_eq!(text("uppercase_first", "hELLO", &[]), "HELLO");
        assert_eq!(text("uppercase_first", "", &[]), "");
        assert_eq!(text("uppercase_first", "ﬁn", &[]), "FIn");
        assert_eq!(text("uppercase_first", " a", &[]), " a");
    }
}
