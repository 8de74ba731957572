//! `base64`, and the decoder that keys of `hmac` use too.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::value::Value;

use super::support::{bad_argument, given, literal, quoted, text_or_bytes, within_limit};
use super::{BadArgument, Context, Filter, FilterFault, Input, Output, Parameter};

pub static BASE64: Filter = Filter {
    name: "base64",
    parameters: &[Parameter::optional("direction")],
    input: Input::Any,
    output: |arguments| match arguments {
        [] | [Some("-e")] => Output::Text,
        _ => Output::TextOrBytes,
    },
    one_way: false,
    summary: "a value encoded in base64, or decoded with `-d`",
    page: PAGE,
    check: |arguments| literal(arguments, 0).and_then(|argument| decodes(Some(&argument)).err()),
    apply,
};

const PAGE: &str = r"
Encodes in base64 (standard alphabet, padded), or decodes. Empty in, empty out.

- `direction` (optional): `-e` encodes (default), `-d` decodes as PHP's `base64_decode`, which passes over any character that is
  not of the alphabet, padding too. Decoded bytes that are UTF-8 are text; others stay raw bytes.

Examples:

- `{text | base64}` over `hello` gives `aGVsbG8=`
- `{text | base64 -d}` over `aGVsbG8=` gives `hello`
- `{body | md5 | base64}` over `hello` gives `XUFAKrxLKna5cZ2REBfFkg==`

Any value works by its text; raw bytes, as `md5` and `hmac` give them, are encoded as they are.

Source: OpenDialog documentation, attribute filters.
";

fn decodes(direction: Option<&Value>) -> Result<bool, BadArgument> {
    let Some(direction) = direction else { return Ok(false) };
    match direction.to_text().reveal() {
        "-e" => Ok(false),
        "-d" => Ok(true),
        _ => Err(bad_argument(
            0,
            format!("unknown option {}", quoted(direction)),
            Some("`-e` encodes (the default), `-d` decodes"),
        )),
    }
}

fn apply(value: &Value, arguments: &[Value], _: &Context<'_>) -> Result<Value, FilterFault> {
    let decode_it = decodes(given(arguments, 0))?;
    let bytes = value.to_bytes();
    if decode_it {
        return Ok(text_or_bytes(decode(&bytes)));
    }
    within_limit("base64", bytes.len().div_ceil(3).saturating_mul(4))?;
    Ok(Value::from(STANDARD.encode(bytes)))
}

/// PHP's `base64_decode`, not strict: characters beyond the alphabet are passed over, and so are bits that fill no byte.
fn decode(text: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0);
    for sextet in text.iter().filter_map(|byte| sextet(*byte)) {
        bits = (bits << 6 | u32::from(sextet)) & 0xffff;
        count += 6;
        if count >= 8 {
            count -= 8;
            decoded.push((bits >> count) as u8);
        }
    }
    decoded
}

/// PHP's `base64_decode`, strict: white space may stand anywhere; padding may be left out, but nothing follows it.
pub(super) fn decode_strictly(text: &[u8]) -> Option<Vec<u8>> {
    let text: Vec<u8> = text.iter().copied().filter(|byte| !b" \t\r\n".contains(byte)).collect();
    let length = text.iter().position(|byte| *byte == b'=').unwrap_or(text.len());
    let (digits, padding) = text.split_at(length);
    let padded = padding.len() <= 2 && padding.iter().all(|byte| *byte == b'=') && text.len().is_multiple_of(4);
    let sound = digits.iter().all(|byte| sextet(*byte).is_some()) && digits.len() % 4 != 1;
    (sound && (padding.is_empty() || padded)).then(|| decode(digits))
}

fn sextet(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::support::testing::{apply, check, text};
    use super::*;

    #[test]
    fn decoding_passes_over_what_is_not_base64() {
        assert_eq!(text("base64", "a G=V*sbG8", &["-d"]), "hello");
        assert_eq!(text("base64", "aGVsbG8A", &["-d"]), "hello\0");
        assert_eq!(text("base64", "a", &["-d"]), "");
        assert_eq!(apply("base64", "/w==", &["-d"]), Ok(Value::bytes(vec![0xff])));
    }

    #[test]
    fn empty_stays_empty() {
        assert_eq!(text("base64", Value::NULL, &[]), "");
        assert_eq!(text("base64", "", &["-e"]), "");
    }

    #[test]
    fn strict_decoding() {
        assert_eq!(decode_strictly(b"aGV sbG8=\n").as_deref(), Some(&b"hello"[..]));
        assert_eq!(decode_strictly(b"aGVsbG8").as_deref(), Some(&b"hello"[..]));
        for wrong in ["aGVsbG8==", "a", "aGVs=bG8", "aGV-", "====", "aGVsb==="] {
            assert_eq!(decode_strictly(wrong.as_bytes()), None, "{wrong}");
        }
    }

    #[test]
    fn other_options_are_refused() {
        assert_eq!(check("base64", &["-x"]).as_deref(), Some("0: unknown option `-x`"));
    }
}
