//! `md5`.

use md5::{Digest, Md5};

use crate::value::Value;

use super::support::{check_switch, given, switch};
use super::{Context, Filter, FilterFault, Input, Output, Parameter};

pub static MD5: Filter = Filter {
    name: "md5",
    parameters: &[Parameter::optional("keep_empty")],
    input: Input::Any,
    output: |_| Output::Bytes,
    one_way: true,
    summary: "the MD5 hash of a value, as raw bytes",
    page: PAGE,
    check: check_switch,
    apply,
};

const PAGE: &str = r"
Gives the MD5 hash of a value: 16 raw bytes, not hexadecimal digits. Put `base64` after it wherever text is expected.

- `keep_empty` (optional): `true` leaves an empty value empty. Without it, empty has a hash as any text has; over a body that a
  GET does not have, that hash is rarely what the service computes.

Examples:

- `{_webhook.body | md5 | base64}` over `hello` gives `XUFAKrxLKna5cZ2REBfFkg==`
- `{_webhook.body | md5 | base64}` over `` gives `1B2M2Y8AsgTpgAmY7PhCfg==`
- `{_webhook.body | md5 true | base64}` over `` gives ``

Any value works by its text; raw bytes are hashed as they are. As PHP's `md5($text, true)`.

Source: OpenDialog documentation, attribute filters.
";

fn apply(value: &Value, arguments: &[Value], _: &Context<'_>) -> Result<Value, FilterFault> {
    let keep_empty = switch(0, given(arguments, 0))?;
    let bytes = value.to_bytes();
    if keep_empty && bytes.is_empty() {
        return Ok(Value::from(""));
    }
    Ok(Value::bytes(Md5::digest(bytes).to_vec()))
}

#[cfg(test)]
mod tests {
    use super::super::support::testing::apply;
    use crate::value::Value;

    #[test]
    fn raw_bytes_and_the_empty_value() {
        let hash = |value: Value, arguments: &[&str]| apply("md5", value, arguments).expect("no fault").to_bytes();
        assert_eq!(hex::encode(hash("".into(), &[])), "d41d8cd98f00b204e9800998ecf8427e");
        assert_eq!(hash(Value::NULL, &[]), hash("".into(), &[]));
        assert_eq!(hash(Value::NULL, &["true"]), b"");
        assert_eq!(hash(Value::bytes(b"a".to_vec()), &["true"]), hash("a".into(), &[]));
    }
}
