//! `lowercase`.

use super::case::{Change, lower};
use super::{Filter, Input, Output, any_argument};

const CHANGE: Change = Change { filter: "lowercase", unicode: lower, ascii: str::to_ascii_lowercase };

pub static LOWERCASE: Filter = Filter {
    name: "lowercase",
    parameters: &[],
    input: Input::Text,
    output: |_| Output::Text,
    one_way: false,
    summary: "all letters in lower case",
    page: PAGE,
    check: any_argument,
    apply: |value, _, context| CHANGE.apply(value, context),
};

const PAGE: &str = r"
Puts every letter of a text in lower case.

No arguments.

- `{email | lowercase}` over `Ada@Example.COM` gives `ada@example.com`
- `{city | lowercase}` over `ZÜRICH` gives `zürich`

What happens to letters beyond ASCII is not documented: the assumption `case_beyond_ascii` chooses between Unicode (as PHP's
`mb_strtolower`) and ASCII alone (as PHP's `strtolower`).

A value that is not text is left as it is, and the platform logs a warning.

Source: OpenDialog documentation, attribute filters; opendialog pull request 455 for other values.
";

#[cfg(test)]
mod tests {
    use super::super::support::testing::{message, text};
    use serde_json::json;

    #[test]
    fn each_letter_by_itself() {
        assert_eq!(text("lowercase", "ΟΔΥΣΣΕΥΣ", &[]), "οδυσσευσ");
        assert_eq!(message("lowercase", json!(7), &[]), "`lowercase` works on text, not on a whole number");
    }
}
