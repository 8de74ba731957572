//! `uppercase`.

use super::case::{Change, upper};
use super::{Filter, Input, Output, any_argument};

const CHANGE: Change = Change { filter: "uppercase", unicode: upper, ascii: str::to_ascii_uppercase };

pub static UPPERCASE: Filter = Filter {
    name: "uppercase",
    parameters: &[],
    input: Input::Text,
    output: |_| Output::Text,
    one_way: false,
    summary: "all letters in upper case",
    page: PAGE,
    check: any_argument,
    apply: |value, _, context| CHANGE.apply(value, context),
};

const PAGE: &str = r"
Puts every letter of a text in upper case.

No arguments.

- `{name | uppercase}` over `Ada Lovelace` gives `ADA LOVELACE`
- `{name | uppercase}` over `straße` gives `STRASSE`

What happens to letters beyond ASCII is not documented: the assumption `case_beyond_ascii` chooses between Unicode (as PHP's
`mb_strtoupper`) and ASCII alone (as PHP's `strtoupper`).

A value that is not text is left as it is, and the platform logs a warning.

Source: OpenDialog documentation, attribute filters; opendialog pull request 455 for other values.
";

#[cfg(test)]
mod tests {
    use super::super::support::testing::{apply_assuming, message, text};
    use crate::value::Value;
    use serde_json::json;

    #[test]
    fn beyond_ascii_the_assumption_decides_and_is_recorded_only_there() {
        let run = |choice, input: &str| {
            let (result, occurred) = apply_assuming(("case_beyond_ascii", choice), "uppercase", &input.into(), &[]);
            (result.expect("text").to_text().into_plain(), occurred.len())
        };
        assert_eq!(run("unicode", "straße"), ("STRASSE".to_string(), 1));
        assert_eq!(run("ascii", "straße"), ("STRAßE".to_string(), 1));
        assert_eq!(run("ascii", "ada 语"), ("ADA 语".to_string(), 0));
    }

    #[test]
    fn only_text_is_changed() {
        assert_eq!(message("uppercase", json!(true), &[]), "`uppercase` works on text, not on a boolean");
        assert_eq!(text("uppercase", Value::NULL, &[]), "");
    }
}
