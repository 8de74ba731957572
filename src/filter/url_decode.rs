//! `url_decode`.

use percent_encoding::percent_decode;

use crate::value::{Data, Value};

use super::support::{single_text, text_or_bytes, wrong_input};
use super::{Context, Filter, FilterFault, Input, Output, any_argument};

pub static URL_DECODE: Filter = Filter {
    name: "url_decode",
    parameters: &[],
    input: Input::Single,
    output: |_| Output::TextOrBytes,
    one_way: false,
    summary: "the text behind a URL-encoded one",
    page: PAGE,
    check: any_argument,
    apply,
};

const PAGE: &str = r"
Decodes a URL-encoded text, as PHP's `urldecode`: `%` and two hexadecimal digits become a byte, and `+` becomes a space. A `%`
without two such digits stays.

No arguments.

- `{q | url_decode}` over `hello%20world` gives `hello world`
- `{q | url_decode}` over `caf%C3%A9+100%` gives `café 100%`

Bytes that are not UTF-8 stay raw bytes. A list or an object is left as it is, and the platform logs a warning.

Source: OpenDialog documentation, attribute filters.
";

fn apply(value: &Value, _: &[Value], _: &Context<'_>) -> Result<Value, FilterFault> {
    if value.is_null() {
        return Ok(value.clone());
    }
    let mut bytes = match &value.data {
        Data::Bytes(bytes) => bytes.clone(),
        _ => single_text(value).ok_or_else(|| wrong_input("url_decode", "text", value))?.into_bytes(),
    };
    bytes.iter_mut().filter(|byte| **byte == b'+').for_each(|byte| *byte = b' ');
    Ok(text_or_bytes(percent_decode(&bytes).collect()))
}

#[cfg(test)]
mod tests {
    use super::super::support::testing::{apply, message, text};
    use crate::value::Value;
    use serde_json::json;

    #[test]
    fn what_is_not_encoded_stays() {
        assert_eq!(text("url_decode", "%2B+%zz%4", &[]), "+ %zz%4");
        assert_eq!(apply("url_decode", "%ff", &[]), Ok(Value::bytes(vec![0xff])));
        assert_eq!(message("url_decode", json!(["a"]), &[]), "`url_decode` works on text, not on a list");
    }
}
