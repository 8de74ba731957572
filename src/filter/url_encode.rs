//! `url_encode`.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

use crate::value::Value;

use super::support::{check_switch, given, switch, within_limit};
use super::{Context, Filter, FilterFault, Input, Output, Parameter};

/// All that PHP's `urlencode` encodes; its `rawurlencode` leaves `~` too, which the platform's page says is encoded.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');

pub static URL_ENCODE: Filter = Filter {
    name: "url_encode",
    parameters: &[Parameter::optional("strict")],
    input: Input::Any,
    output: |_| Output::Text,
    one_way: false,
    summary: "a text made safe for a URL",
    page: PAGE,
    check: check_switch,
    apply,
};

const PAGE: &str = r"
Encodes a text for a URL, as PHP's `urlencode`: letters, digits, `-`, `_` and `.` stay, a space becomes `+`, and any other byte
becomes `%` and two hexadecimal digits.

- `strict` (optional): `true` writes a space as `%20`. The platform's page says that `!'()*~` are all encoded; so `~` becomes
  `%7E`, although PHP's `rawurlencode` and RFC 3986 leave it.

Examples:

- `{q | url_encode}` over `hello world` gives `hello+world`
- `{q | url_encode true}` over `hello world` gives `hello%20world`
- `{q | url_encode true}` over `~é&=` gives `%7E%C3%A9%26%3D`

A reference in a URL is encoded by the platform anyway; with this filter it is encoded twice. Any value works by its text;
raw bytes are encoded as they are.

Source: OpenDialog documentation, attribute filters.
";

fn apply(value: &Value, arguments: &[Value], _: &Context<'_>) -> Result<Value, FilterFault> {
    let strict = switch(0, given(arguments, 0))?;
    if value.is_null() {
        return Ok(value.clone());
    }
    let bytes = value.to_bytes();
    let plain = bytes.iter().filter(|byte| byte.is_ascii_alphanumeric()).count();
    within_limit("url_encode", plain + (bytes.len() - plain).saturating_mul(3))?;
    let encoded = percent_encode(&bytes, ENCODED).to_string();
    Ok(Value::from(if strict { encoded } else { encoded.replace("%20", "+") }))
}

#[cfg(test)]
mod tests {
    use super::super::support::testing::{check, message, text};
    use crate::value::Value;
    use serde_json::json;

    #[test]
    fn strict_and_not() {
        assert_eq!(text("url_encode", "a b!'()*~-_.+/é&=%", &[]), "a+b%21%27%28%29%2A%7E-_.%2B%2F%C3%A9%26%3D%25");
        assert_eq!(text("url_encode", "a b~%20", &["true"]), "a%20b%7E%2520");
        assert_eq!(text("url_encode", Value::bytes(vec![0xff, b'a']), &[]), "%FFa");
        assert_eq!(text("url_encode", json!(1.5), &[]), "1.5");
    }

    #[test]
    fn the_switch_is_true_or_false() {
        assert_eq!(check("url_encode", &["strict"]).as_deref(), Some("0: `strict` is neither `true` nor `false`"));
        assert_eq!(message("url_encode", "a", &["yes"]), "`yes` is neither `true` nor `false`");
    }
}
