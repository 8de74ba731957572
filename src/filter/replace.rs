//! `replace`.

use crate::value::{Data, Value};

use super::support::{argument_text, single_text, within_limit, wrong_input};
use super::{Context, Filter, FilterFault, Input, Output, Parameter, any_argument};

pub static REPLACE: Filter = Filter {
    name: "replace",
    parameters: &[Parameter::required("search"), Parameter::required("replacement")],
    input: Input::Single,
    output: |_| Output::Text,
    one_way: false,
    summary: "every occurrence of one text replaced by another",
    page: PAGE,
    check: any_argument,
    apply,
};

const PAGE: &str = r#"
Replaces every occurrence of a text, from left to right, as PHP's `str_replace`. Upper and lower case differ; no pattern has a
special meaning; what was put in is not searched again.

- `search`: the text to look for; an empty one changes nothing.
- `replacement`: what stands in its place; may be empty. Both may be a reference (`@user.name`).

Examples:

- `{issue | replace "tv" "TV"}` over `my tv, your tv` gives `my TV, your TV`
- `{name | replace " " "_"}` over `a b c` gives `a_b_c`
- `{phone | replace "-" ""}` over `555-01-00` gives `5550100`

A number, a boolean or a timestamp is replaced in as its text. A list or an object is left as it is, and the platform logs a
warning; so is a text whose result would be larger than 16 MiB.

Source: OpenDialog documentation, attribute filters.
"#;

fn apply(value: &Value, arguments: &[Value], _: &Context<'_>) -> Result<Value, FilterFault> {
    if let Data::Bytes(bytes) = &value.data {
        return replace_in_bytes(bytes, arguments);
    }
    if value.is_null() {
        return Ok(value.clone());
    }
    let text = single_text(value).ok_or_else(|| wrong_input("replace", "text", value))?;
    Ok(Value::from(replace(&text, &argument_text(arguments, 0), &argument_text(arguments, 1))?))
}

/// PHP's `str_replace`, refused beforehand where it would grow beyond the limit.
fn replace(text: &str, search: &str, replacement: &str) -> Result<String, FilterFault> {
    if search.is_empty() {
        return Ok(text.to_string());
    }
    let occurrences = text.matches(search).count();
    let growth = replacement.len().saturating_sub(search.len());
    within_limit("replace", text.len().saturating_add(growth.saturating_mul(occurrences)))?;
    Ok(text.replace(search, replacement))
}

/// PHP replaces bytes; a text of one character per byte makes the two the same.
fn replace_in_bytes(bytes: &[u8], arguments: &[Value]) -> Result<Value, FilterFault> {
    let as_text = |bytes: &[u8]| bytes.iter().map(|byte| char::from(*byte)).collect::<String>();
    let argument = |index| arguments.get(index).map(|argument: &Value| as_text(&argument.to_bytes())).unwrap_or_default();
    let replaced = replace(&as_text(bytes), &argument(0), &argument(1))?;
    let bytes = replaced.chars().map(|character| u32::from(character) as u8).collect();
    Ok(Value::bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::super::support::testing::{apply, message, text};
    use crate::value::Value;
    use serde_json::json;

    #[test]
    fn as_str_replace() {
        assert_eq!(text("replace", "aaa", &["aa", "b"]), "ba");
        assert_eq!(text("replace", "abc", &["", "x"]), "abc");
        assert_eq!(text("replace", json!(30), &["0", "1"]), "31");
        assert_eq!(apply("replace", Value::bytes(vec![0xff, 1]), &["\u{1}", "é"]), Ok(Value::bytes(vec![0xff, 0xc3, 0xa9])));
        assert_eq!(message("replace", json!(["a"]), &["a", "b"]), "`replace` works on text, not on a list");
    }

    #[test]
    fn the_result_is_bounded() {
        let long = "x".repeat(1 << 20);
        assert_eq!(message("replace", long.as_str(), &["x", &long]), "`replace`: the result would be larger than 16 MiB");
    }
}
