//! `number_to_words`.

use crate::value::Value;

use super::numeric::Number;
use super::spell_out;
use super::support::wrong_input;
use super::{Context, Filter, FilterFault, Input, Output, any_argument};

pub static NUMBER_TO_WORDS: Filter = Filter {
    name: "number_to_words",
    parameters: &[],
    input: Input::Number,
    output: |_| Output::Text,
    one_way: false,
    summary: "a number in English words",
    page: PAGE,
    check: any_argument,
    apply,
};

const PAGE: &str = r"
Spells a number out in English. A text that is a number as a whole counts as one.

No arguments.

- `{age | number_to_words}` over `30` gives `thirty`
- `{total | number_to_words}` over `1234` gives `one thousand two hundred thirty-four`
- `{change | number_to_words}` over `-1.25` gives `minus one point two five`

The words are those of PHP's `NumberFormatter` with `SPELLOUT` and the locale `en`: hyphens below one hundred, no `and`.

A value that is no number, or one of more than 36 digits, is left as it is, and the platform logs a warning.

Source: OpenDialog documentation, attribute filters, which shows the result for 30; ICU's spelling for the rest.
";

fn apply(value: &Value, _: &[Value], _: &Context<'_>) -> Result<Value, FilterFault> {
    if value.is_null() {
        return Ok(value.clone());
    }
    let number = Number::of(value).ok_or_else(|| wrong_input("number_to_words", "a number", value))?;
    let words = match number.whole() {
        Some(whole) => Some(spell_out::cardinal(whole)),
        None => spell_out::decimal(number.float()),
    };
    words.map(Value::from).ok_or_else(|| FilterFault::WrongInput("`number_to_words`: the number is too large".to_string()))
}

#[cfg(test)]
mod tests {
    use super::super::support::testing::{message, text};
    use serde_json::json;

    #[test]
    fn numbers_and_numeric_text() {
        assert_eq!(text("number_to_words", "3", &[]), "three");
        assert_eq!(text("number_to_words", json!(100.10), &[]), "one hundred point one");
        assert_eq!(text("number_to_words", "1e3", &[]), "one thousand");
        assert_eq!(text("number_to_words", json!(-0.0), &[]), "zero");
        assert_eq!(message("number_to_words", "three", &[]), "`number_to_words` works on a number, not on text");
        assert_eq!(message("number_to_words", json!(1e300), &[]), "`number_to_words`: the number is too large");
    }
}
