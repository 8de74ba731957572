//! `hmac`.

use hmac::digest::block_api::EagerHash;
use hmac::{Hmac, KeyInit, Mac};

use crate::value::Value;

use super::base64::decode_strictly;
use super::support::{bad_argument, given, literal, quoted};
use super::{BadArgument, Context, Filter, FilterFault, Input, Output, Parameter};

pub static HMAC: Filter = Filter {
    name: "hmac",
    parameters: &[Parameter::required("algorithm"), Parameter::required("key"), Parameter::optional("key_encoding")],
    input: Input::Any,
    output: |_| Output::Bytes,
    one_way: true,
    summary: "a keyed hash of a value, as raw bytes",
    page: PAGE,
    check,
    apply,
};

const PAGE: &str = r#"
Gives the HMAC (RFC 2104) of a value under a key: raw bytes, not hexadecimal digits. Put `base64` after it wherever text is
expected.

- `algorithm`: `sha256`, `sha512`, `sha1` or `md5`.
- `key`: usually a reference, such as `@_auth.key`.
- `key_encoding` (optional): how the key is written: `text` (default), `base64` or `hex`. The platform's longer page always
  gives it and names no default; the short page says `text`.

Examples:

- `{body | hmac sha256 secret | base64}` over `hello` gives `iKqz7ejTrflNJquQ07r9SiCDBww7zOnAFO4EpEOEfAs=`
- `{body | hmac sha256 736563726574 hex | base64}` over `hello` gives `iKqz7ejTrflNJquQ07r9SiCDBww7zOnAFO4EpEOEfAs=`
- `{body | hmac md5 "secret" text | base64}` over `hello` gives `ut5jhjxh7QsxZYBuzWrO/A==`

Any value works by its text, an empty one too; raw bytes are taken as they are. A key that its encoding cannot decode is an
error. As PHP's `hash_hmac(…, true)`.

Source: OpenDialog documentation, attribute filters.
"#;

type Compute = fn(&[u8], &[u8]) -> Option<Vec<u8>>;

const ALGORITHMS: [(&str, Compute); 4] = [
    ("sha256", mac::<sha2::Sha256>),
    ("sha512", mac::<sha2::Sha512>),
    ("sha1", mac::<sha1::Sha1>),
    ("md5", mac::<md5::Md5>),
];

/// `None` never happens: HMAC takes a key of any length.
fn mac<Hash: EagerHash>(key: &[u8], message: &[u8]) -> Option<Vec<u8>>
where
    Hmac<Hash>: Mac + KeyInit,
{
    let mut mac = <Hmac<Hash> as KeyInit>::new_from_slice(key).ok()?;
    mac.update(message);
    Some(mac.finalize().into_bytes().to_vec())
}

fn algorithm(name: &Value) -> Result<Compute, BadArgument> {
    let text = name.to_text();
    let found = ALGORITHMS.iter().find(|(known, _)| *known == text.reveal());
    found.map(|(_, compute)| *compute).ok_or_else(|| {
        let help = "`sha256`, `sha512`, `sha1` and `md5` are known";
        bad_argument(0, format!("unknown algorithm {}", quoted(name)), Some(help))
    })
}

/// The bytes of the key. The messages never quote it.
fn key_bytes(key: &Value, encoding: Option<&Value>) -> Result<Vec<u8>, BadArgument> {
    let bytes = key.to_bytes();
    let Some(encoding) = encoding else { return Ok(bytes) };
    match encoding.to_text().reveal() {
        "text" => Ok(bytes),
        "base64" => decode_strictly(&bytes).ok_or_else(|| undecodable("base64")),
        "hex" => hex::decode(&bytes).map_err(|_| undecodable("hexadecimal")),
        _ => Err(bad_argument(
            2,
            format!("unknown key encoding {}", quoted(encoding)),
            Some("`text` (the default), `base64` and `hex` are known"),
        )),
    }
}

fn undecodable(encoding: &str) -> BadArgument {
    bad_argument(1, format!("the key is not {encoding}"), Some("the third argument says how the key is written"))
}

fn check(arguments: &[Option<&str>]) -> Option<BadArgument> {
    if let Some(bad) = literal(arguments, 0).and_then(|name| algorithm(&name).err()) {
        return Some(bad);
    }
    let encoding = literal(arguments, 2);
    let key = literal(arguments, 1);
    let bad = key_bytes(key.as_ref().unwrap_or(&Value::NULL), encoding.as_ref()).err()?;
    (bad.index == 2 || key.is_some()).then_some(bad)
}

fn apply(value: &Value, arguments: &[Value], _: &Context<'_>) -> Result<Value, FilterFault> {
    let compute = algorithm(given(arguments, 0).unwrap_or(&Value::NULL))?;
    let key = key_bytes(given(arguments, 1).unwrap_or(&Value::NULL), given(arguments, 2))?;
    compute(&key, &value.to_bytes()).map(Value::bytes).ok_or_else(|| undecodable("usable").into())
}

#[cfg(test)]
mod tests {
    use super::super::support::testing::{apply, apply_assuming, check};
    use crate::value::Value;

    #[test]
    fn rfc_2202_case_2() {
        let mac = apply("hmac", "what do ya want for nothing?", &["md5", "Jefe"]).expect("a MAC");
        assert_eq!(hex::encode(mac.to_bytes()), "750c783e6ab0b503eaa86e310a5db738");
    }

    #[test]
    fn literals_are_checked() {
        assert_eq!(check("hmac", &["sha3", "k"]).as_deref(), Some("0: unknown algorithm `sha3`"));
        assert_eq!(check("hmac", &["sha1", "abc", "hex"]).as_deref(), Some("1: the key is not hexadecimal"));
        assert_eq!(check("hmac", &["sha1", "a-b_", "base64"]).as_deref(), Some("1: the key is not base64"));
        assert_eq!(check("hmac", &["sha1", "abc", "utf8"]).as_deref(), Some("2: unknown key encoding `utf8`"));
        let reference = (super::HMAC.check)(&[Some("sha1"), None, Some("hex")]);
        assert_eq!(reference, None);
    }

    #[test]
    fn a_secret_key_is_never_quoted() {
        let arguments = [Value::from("sha1"), Value::secret("hunter2hunter2!"), Value::from("base64")];
        let (result, _) = apply_assuming(("", ""), "hmac", &"a".into(), &arguments);
        assert_eq!(result.expect_err("a fault").message(), "the key is not base64");
        let (result, _) = apply_assuming(("", ""), "hmac", &"a".into(), &[Value::secret("hunter2"), "k".into()]);
        assert!(!result.expect_err("a fault").message().contains("hunter2"));
    }
}
