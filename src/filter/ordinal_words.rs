//! `ordinal_words`.

use crate::value::Value;

use super::numeric::Number;
use super::spell_out;
use super::support::wrong_input;
use super::{Context, Filter, FilterFault, Input, Output, any_argument};

pub static ORDINAL_WORDS: Filter = Filter {
    name: "ordinal_words",
    parameters: &[],
    input: Input::Number,
    output: |_| Output::Text,
    one_way: false,
    summary: "a whole number as an English ordinal, in words",
    page: PAGE,
    check: any_argument,
    apply,
};

const PAGE: &str = r"
Writes a whole number as an English ordinal, in words. A text that is a number as a whole counts as one.

No arguments.

- `{place | ordinal_words}` over `1` gives `first`
- `{place | ordinal_words}` over `42` gives `forty-second`
- `{place | ordinal_words | uppercase_first}` over `1000` gives `One thousandth`

The words are those of PHP's `NumberFormatter` with `SPELLOUT`, the rule set `%spellout-ordinal` and the locale `en`.

A value that is no whole number is left as it is, and the platform logs a warning.

Source: OpenDialog documentation, attribute filters, which shows the result for 1; ICU's spelling for the rest.
";

fn apply(value: &Value, _: &[Value], _: &Context<'_>) -> Result<Value, FilterFault> {
    if value.is_null() {
        return Ok(value.clone());
    }
    let number = Number::of(value).and_then(Number::whole);
    let number = number.ok_or_else(|| wrong_input("ordinal_words", "a whole number", value))?;
    Ok(Value::from(spell_out::ordinal(number)))
}

#[cfg(test)]
mod tests {
    use super::super::support::testing::{message, text};
    use serde_json::json;

    #[test]
    fn only_whole_numbers() {
        assert_eq!(text("ordinal_words", "-5", &[]), "minus fifth");
        assert_eq!(text("ordinal_words", json!(0), &[]), "zeroth");
        assert_eq!(
            message("ordinal_words", json!(1.5), &[]),
            "`ordinal_words` works on a whole number, not on a decimal number"
        );
    }
}
