//! Values as they flow from a case through filters into a request, and from a reply into attributes.
//!
//! A value knows whether it carries a secret, from the moment it is read: [`Taint`] says which of its bytes must never be
//! shown. Debug output shows [`MASK`] in their place, and what held a secret is overwritten with zeros when it goes.

mod attribute_type;
mod number;
mod tainted_text;
mod unread;

pub use attribute_type::{AttributeType, Scalar};
pub use number::{float_text, integral, leading_float, leading_integer, number_of_text, plain_numbers};
pub use tainted_text::{MASK, TaintedText};
pub use unread::{is_number_too_large, why_unread};

use std::fmt;

use zeroize::Zeroize;

pub use serde_json::{Map, Value as Json};

/// What a value is made of.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    /// Text, numbers, booleans, null, lists and objects.
    Json(Json),
    /// Raw bytes, as a hash gives them.
    Bytes(Vec<u8>),
    /// Seconds since 1970: an integer in JSON, ISO 8601 in text.
    Timestamp(i64),
}

/// Which part of a value is secret.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum Taint {
    #[default]
    None,
    Whole,
    /// Byte ranges of a text.
    Parts(Vec<std::ops::Range<usize>>),
}

/// A value and its taint.
#[derive(Clone, PartialEq)]
pub struct Value {
    pub data: Data,
    pub taint: Taint,
}

impl fmt::Debug for Value {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.taint {
            Taint::None => self.data.fmt(formatter),
            _ => formatter.write_str(&self.to_text().masked()),
        }
    }
}

impl Drop for Value {
    fn drop(&mut self) {
        if self.is_secret() {
            match &mut self.data {
                Data::Json(json) => wipe(json),
                Data::Bytes(bytes) => bytes.zeroize(),
                Data::Timestamp(seconds) => seconds.zeroize(),
            }
        }
    }
}

/// Overwrites every text in it with zeros.
fn wipe(json: &mut Json) {
    match json {
        Json::String(text) => text.zeroize(),
        Json::Array(items) => items.iter_mut().for_each(wipe),
        Json::Object(entries) => {
            for (mut key, mut value) in std::mem::take(entries) {
                key.zeroize();
                wipe(&mut value);
            }
        }
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
    }
}

impl From<Json> for Value {
    fn from(json: Json) -> Value {
        Value { data: Data::Json(json), taint: Taint::None }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Json::from(text).into()
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Json::from(text).into()
    }
}

impl From<TaintedText> for Value {
    fn from(text: TaintedText) -> Value {
        let (plain, secret) = text.into_parts();
        let taint = if secret.is_empty() { Taint::None } else { Taint::Parts(secret) };
        Value { data: Data::Json(plain.into()), taint }
    }
}

impl Value {
    pub const NULL: Value = Value { data: Data::Json(Json::Null), taint: Taint::None };

    /// A text that is secret from end to end.
    pub fn secret(text: impl Into<String>) -> Value {
        Value { data: Data::Json(Json::String(text.into())), taint: Taint::Whole }
    }

    pub fn bytes(bytes: Vec<u8>) -> Value {
        Value { data: Data::Bytes(bytes), taint: Taint::None }
    }

    pub fn timestamp(seconds: i64) -> Value {
        Value { data: Data::Timestamp(seconds), taint: Taint::None }
    }

    /// The same value, secret as a whole if `carries_secret`.
    pub fn tainted_if(mut self, carries_secret: bool) -> Value {
        if carries_secret {
            self.taint = Taint::Whole;
        }
        self
    }

    pub fn is_secret(&self) -> bool {
        self.taint != Taint::None
    }

    pub fn is_null(&self) -> bool {
        matches!(self.data, Data::Json(Json::Null))
    }

    /// Null or empty text: what the platform removes from a text.
    pub fn is_empty(&self) -> bool {
        match &self.data {
            Data::Json(Json::Null) => true,
            Data::Json(Json::String(text)) => text.is_empty(),
            _ => false,
        }
    }

    pub fn as_str(&self) -> Option<&str> {
        match &self.data {
            Data::Json(Json::String(text)) => Some(text),
            _ => None,
        }
    }

    /// The bytes a hash or an encoder works on: raw bytes as they are, anything else as its text in UTF-8.
    pub fn to_bytes(&self) -> Vec<u8> {
        match &self.data {
            Data::Bytes(bytes) => bytes.clone(),
            _ => self.to_text().into_plain().into_bytes(),
        }
    }

    /// The text form: what a reference becomes inside a text. Booleans are `true` and `false`, a timestamp is ISO 8601 with
    /// offset, the items of a list are joined by `:`, an object is JSON, null is empty; raw bytes become one character each
    /// (Latin-1).
    pub fn to_text(&self) -> TaintedText {
        let plain = match &self.data {
            Data::Json(json) => json_text(json),
            Data::Bytes(bytes) => bytes.iter().map(|byte| char::from(*byte)).collect(),
            Data::Timestamp(seconds) => iso_8601(*seconds),
        };
        match &self.taint {
            Taint::None => TaintedText::plain(plain),
            Taint::Whole => TaintedText::secret(plain),
            Taint::Parts(parts) => TaintedText::with_secret_parts(plain, parts.clone()),
        }
    }

    /// [`Value::to_text`] of a value that is not needed any more.
    pub fn into_text(mut self) -> TaintedText {
        match (&mut self.data, &self.taint) {
            (Data::Json(Json::String(text)), Taint::None) => TaintedText::plain(std::mem::take(text)),
            _ => self.to_text(),
        }
    }

    /// The JSON form: what a lone reference becomes. Raw bytes have none that is faithful; they become their text.
    pub fn to_json(&self) -> Json {
        match &self.data {
            Data::Json(json) => json.clone(),
            Data::Timestamp(seconds) => Json::from(*seconds),
            Data::Bytes(_) => Json::String(self.to_text().into_plain()),
        }
    }

    /// The JSON form with every secret masked.
    pub fn to_masked_json(&self) -> Json {
        match self.taint {
            Taint::None => self.to_json(),
            _ => Json::String(self.to_text().into_masked()),
        }
    }

    /// About how many bytes it takes.
    pub fn size(&self) -> usize {
        match &self.data {
            Data::Json(json) => json_size(json),
            Data::Bytes(bytes) => bytes.len(),
            Data::Timestamp(_) => size_of::<i64>(),
        }
    }

    /// What kind of value it is, in a user's words.
    pub fn kind(&self) -> &'static str {
        match &self.data {
            Data::Bytes(_) => "raw bytes",
            Data::Timestamp(_) => "a timestamp",
            Data::Json(json) => json_kind(json),
        }
    }
}

/// What kind of JSON value it is, in a user's words.
pub fn json_kind(json: &Json) -> &'static str {
    match json {
        Json::Null => "null",
        Json::Bool(_) => "a boolean",
        Json::Number(number) if number.is_f64() => "a decimal number",
        Json::Number(_) => "a whole number",
        Json::String(_) => "text",
        Json::Array(_) => "a list",
        Json::Object(_) => "an object",
    }
}

fn json_size(json: &Json) -> usize {
    let inside: usize = match json {
        Json::String(text) => text.len(),
        Json::Array(items) => items.iter().map(json_size).sum(),
        Json::Object(entries) => entries.iter().map(|(key, value)| key.len() + json_size(value)).sum(),
        Json::Null | Json::Bool(_) | Json::Number(_) => 0,
    };
    size_of::<Json>() + inside
}

/// The text form of a JSON value.
pub fn json_text(json: &Json) -> String {
    match json {
        Json::Null => String::new(),
        Json::Bool(flag) => flag.to_string(),
        Json::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() => float_text(float),
            _ => number.to_string(),
        },
        Json::String(text) => text.clone(),
        Json::Array(items) => items.iter().map(json_text).collect::<Vec<_>>().join(":"),
        Json::Object(_) => json.to_string(),
    }
}

/// ISO 8601 with offset, in UTC, as the platform prints a timestamp; out of range it is the number.
fn iso_8601(seconds: i64) -> String {
    match jiff::Timestamp::from_second(seconds) {
        Ok(timestamp) => timestamp.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string(),
        Err(_) => seconds.to_string(),
    }
}

/// The path to an entry: `items[0].name`, `a["b c"]`.
pub fn key_path(path: &str, key: &str) -> String {
    let plain =
        !key.is_empty() && key.chars().all(|character| character.is_alphanumeric() || matches!(character, '_' | '-' | '$'));
    match (plain, path.is_empty()) {
        (true, true) => key.to_string(),
        (true, false) => format!("{path}.{key}"),
        (false, _) => format!("{path}[{}]", Json::from(key)),
    }
}

/// RFC 9110 section 5.6.2: the name of a header is a token.
pub fn is_header_name(name: &str) -> bool {
    const SYMBOLS: &[u8] = b"!#$%&'*+-.^_`|~";
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || SYMBOLS.contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn text_forms() {
        assert_eq!(Value::from(json!(["a", 1, true])).to_text().into_plain(), "a:1:true");
        assert_eq!(Value::timestamp(1578312373).to_text().into_plain(), "2020-01-06T12:06:13+00:00");
        assert_eq!(Value::from(json!(1.0)).to_text().into_plain(), "1");
        assert_eq!(Value::bytes(vec![0xe9]).to_text().into_plain(), "é");
        assert_eq!(Value::NULL.to_text().into_plain(), "");
    }

    #[test]
    fn debug_output_never_shows_a_secret() {
        let value = Value::secret("hunter2hunter2");
        assert_eq!(format!("{value:?}"), MASK);
        assert_eq!(format!("{:?}", value.to_text()), format!("{MASK:?}"));
    }
}
