//! `ordinal`.

use crate::assumption::id;
use crate::value::Value;

use super::numeric::Number;
use super::support::wrong_input;
use super::{Context, Filter, FilterFault, Input, Output, any_argument};

/// From here on digits can be grouped.
const GROUPED_FROM: u128 = 1000;

pub static ORDINAL: Filter = Filter {
    name: "ordinal",
    parameters: &[],
    input: Input::Number,
    output: |_| Output::Text,
    one_way: false,
    summary: "a whole number with `st`, `nd`, `rd` or `th`",
    page: PAGE,
    check: any_argument,
    apply,
};

const PAGE: &str = r"
Writes a whole number as an English ordinal, in digits. A text that is a number as a whole counts as one.

No arguments.

- `{place | ordinal}` over `1` gives `1st`
- `{place | ordinal}` over `112` gives `112th`
- `{place | ordinal}` over `1001` gives `1001st`

Whether digits are grouped is not documented: under the assumption `ordinal_grouping=grouped` the last one is `1,001st`, as
PHP's `NumberFormatter` with `ORDINAL` prints.

A value that is no whole number is left as it is, and the platform logs a warning.

Source: OpenDialog documentation, attribute filters, which shows the result for 1.
";

fn apply(value: &Value, _: &[Value], context: &Context<'_>) -> Result<Value, FilterFault> {
    if value.is_null() {
        return Ok(value.clone());
    }
    let number = Number::of(value).and_then(Number::whole);
    let number = number.ok_or_else(|| wrong_input("ordinal", "a whole number", value))?;
    let magnitude = number.unsigned_abs();
    let mut digits = magnitude.to_string();
    if magnitude >= GROUPED_FROM && context.assume(id::ORDINAL_GROUPING) == "grouped" {
        digits = grouped(&digits);
    }
    let sign = if number < 0 { "-" } else { "" };
    Ok(Value::from(format!("{sign}{digits}{}", suffix(magnitude))))
}

fn suffix(magnitude: u128) -> &'static str {
    match (magnitude % 100, magnitude % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    }
}

/// Commas between groups of three digits.
fn grouped(digits: &str) -> String {
    let mut grouped = String::with_capacity(digits.len() * 4 / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::super::support::testing::{apply_assuming, message, text};
    use serde_json::json;

    #[test]
    fn the_assumption_is_recorded_from_a_thousand_on() {
        let run = |choice, number: i64| {
            let (result, occurred) = apply_assuming(("ordinal_grouping", choice), "ordinal", &json!(number).into(), &[]);
            (result.expect("text").to_text().into_plain(), occurred.len())
        };
        assert_eq!(run("grouped", 999), ("999th".to_string(), 0));
        assert_eq!(run("plain", 1001), ("1001st".to_string(), 1));
        assert_eq!(run("grouped", -1_000_011), ("-1,000,011th".to_string(), 1));
    }

    #[test]
    fn only_whole_numbers() {
        assert_eq!(text("ordinal", "3", &[]), "3rd");
        assert_eq!(text("ordinal", json!(2.0), &[]), "2nd");
        assert_eq!(message("ordinal", json!(1.5), &[]), "`ordinal` works on a whole number, not on a decimal number");
        assert_eq!(message("ordinal", "first", &[]), "`ordinal` works on a whole number, not on text");
    }
}
