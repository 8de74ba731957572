//! The characters of a document, from its bytes (XML 1.0, section 4.3.3 and appendix F).

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::XmlProblem;

/// The longest XML declaration that is looked for an encoding.
const MAX_DECLARATION_BYTES: usize = 1024;

/// The text without its byte order mark.
pub(super) fn decoded<'b>(bytes: &'b [u8], charset: Option<&str>) -> Result<Cow<'b, str>, XmlProblem> {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return decode(encoding, &bytes[length..]);
    }
    let without_mark = match bytes {
        [b'<', 0, ..] => Some(UTF_16LE),
        [0, b'<', ..] => Some(UTF_16BE),
        _ => None,
    };
    if let Some(encoding) = without_mark {
        return decode(encoding, bytes);
    }
    let named = charset.map(str::to_string).or_else(|| declared(bytes));
    let Some(name) = named else { return decode(UTF_8, bytes) };
    match Encoding::for_label_no_replacement(name.as_bytes()) {
        Some(encoding) if encoding == UTF_16LE || encoding == UTF_16BE => {
            Err(XmlProblem::whole(format!("the encoding is said to be `{name}`, and the bytes are not")))
        }
        Some(encoding) => decode(encoding, bytes),
        None => Err(XmlProblem::whole(format!("the encoding `{name}` is not known"))),
    }
}

fn decode<'b>(encoding: &'static Encoding, bytes: &'b [u8]) -> Result<Cow<'b, str>, XmlProblem> {
    let refused = || XmlProblem::whole(format!("the bytes are not {}", encoding.name()));
    encoding.decode_without_bom_handling_and_without_replacement(bytes).ok_or_else(refused)
}

/// What `<?xml version="1.0" encoding="…"?>` says.
fn declared(bytes: &[u8]) -> Option<String> {
    let rest = bytes.strip_prefix(b"<?xml")?;
    let rest = &rest[..rest.len().min(MAX_DECLARATION_BYTES)];
    let end = rest.windows(2).position(|pair| pair == b"?>")?;
    let text = std::str::from_utf8(&rest[..end]).ok()?;
    let (_, value) = text.split_once("encoding")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let (name, _) = value[1..].split_once(quote)?;
    Some(name.to_string())
}
