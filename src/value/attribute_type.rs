//! Attribute types, and the two ways a value meets one: coerced when it is given, checked when a reply is mapped.

use std::fmt;

use super::{Data, Json, Value, integral, json_text, leading_float, leading_integer};

/// The type of a single value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scalar {
    String,
    Boolean,
    Int,
    Float,
    Timestamp,
    Json,
}

/// A declared type: `int`, or `int[]` for a collection of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AttributeType {
    pub scalar: Scalar,
    pub collection: bool,
}

const NAMES: [(&str, Scalar); 6] = [
    ("string", Scalar::String),
    ("boolean", Scalar::Boolean),
    ("int", Scalar::Int),
    ("float", Scalar::Float),
    ("timestamp", Scalar::Timestamp),
    ("json", Scalar::Json),
];

impl fmt::Display for AttributeType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = NAMES.iter().find(|(_, scalar)| *scalar == self.scalar).map_or("", |(name, _)| name);
        write!(formatter, "{name}{}", if self.collection { "[]" } else { "" })
    }
}

impl AttributeType {
    pub const fn one(scalar: Scalar) -> AttributeType {
        AttributeType { scalar, collection: false }
    }

    pub const fn many(scalar: Scalar) -> AttributeType {
        AttributeType { scalar, collection: true }
    }

    /// The names without `[]`.
    pub fn names() -> impl Iterator<Item = &'static str> {
        NAMES.iter().map(|(name, _)| *name)
    }

    pub fn parse(name: &str) -> Option<AttributeType> {
        let (base, collection) = match name.strip_suffix("[]") {
            Some(base) => (base, true),
            None => (name, false),
        };
        let (_, scalar) = NAMES.iter().find(|(known, _)| *known == base)?;
        Some(AttributeType { scalar: *scalar, collection })
    }

    /// A given value as the platform stores it under this type. Null stays null; nothing fails: text that is no number
    /// is 0, text that is no boolean is false, as in PHP. A timestamp that is no whole number is null.
    pub fn coerce(self, value: &Value) -> Value {
        if value.is_null() {
            return Value::NULL;
        }
        let data = match (&value.data, self.collection) {
            (Data::Json(Json::Array(items)), true) => {
                Data::Json(items.iter().map(|item| coerce_json(self.scalar, item)).collect())
            }
            (_, true) => Data::Json(Json::Array(vec![coerce_json(self.scalar, &value.to_json())])),
            (Data::Timestamp(seconds), false) if self.scalar == Scalar::Timestamp => Data::Timestamp(*seconds),
            (_, false) => coerce_data(self.scalar, &value.to_json()),
        };
        Value { data, taint: value.taint.clone() }
    }

    /// The value a reply's JSON becomes in an attribute of this type, or `None` when it is of another type: the platform
    /// then leaves the attribute empty.
    pub fn accept(self, json: &Json) -> Option<Value> {
        if !self.collection {
            return accept_scalar(self.scalar, json);
        }
        let items = json.as_array()?;
        let accepted: Option<Vec<Json>> =
            items.iter().map(|item| accept_scalar(self.scalar, item).map(|value| value.to_json())).collect();
        Some(Value::from(Json::Array(accepted?)))
    }
}

fn coerce_data(scalar: Scalar, json: &Json) -> Data {
    match (scalar, coerce_json(scalar, json)) {
        (Scalar::Timestamp, Json::Number(number)) => match number.as_i64() {
            Some(seconds) => Data::Timestamp(seconds),
            None => Data::Json(Json::Null),
        },
        (_, json) => Data::Json(json),
    }
}

fn coerce_json(scalar: Scalar, json: &Json) -> Json {
    if json.is_null() {
        return Json::Null;
    }
    match scalar {
        Scalar::String => Json::String(json_text(json)),
        Scalar::Boolean => Json::Bool(truthy_word(&json_text(json))),
        Scalar::Int => Json::from(to_integer(json)),
        Scalar::Float => integral(serde_json::Number::from_f64(to_float(json)).map_or(Json::Null, Json::Number)),
        Scalar::Timestamp => strict_integer(&json_text(json)).map_or(Json::Null, Json::from),
        Scalar::Json => match json {
            Json::String(text) => serde_json::from_str(text).unwrap_or_else(|_| json.clone()),
            _ => json.clone(),
        },
    }
}

/// PHP's `filter_var(…, FILTER_VALIDATE_BOOLEAN)`: true, yes, on and 1, in any case; anything else is false.
fn truthy_word(text: &str) -> bool {
    matches!(text.trim().to_ascii_lowercase().as_str(), "true" | "yes" | "on" | "1")
}

fn to_integer(json: &Json) -> i64 {
    match json {
        Json::Bool(flag) => i64::from(*flag),
        Json::Number(number) => number.as_i64().or(number.as_f64().map(|float| float as i64)).unwrap_or(0),
        Json::Array(items) => i64::from(!items.is_empty()),
        other => leading_integer(&json_text(other)),
    }
}

fn to_float(json: &Json) -> f64 {
    match json {
        Json::Bool(flag) => f64::from(u8::from(*flag)),
        Json::Number(number) => number.as_f64().unwrap_or(0.0),
        Json::Array(items) => f64::from(u8::from(!items.is_empty())),
        other => leading_float(&json_text(other)),
    }
}

/// PHP's `filter_var(…, FILTER_VALIDATE_INT)`: white space around, one sign, no leading zero.
fn strict_integer(text: &str) -> Option<i64> {
    let text = text.trim_matches([' ', '\t', '\n', '\r', '\x0b', '\0']);
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let plain = digits == "0" || !digits.starts_with('0');
    let all_digits = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if plain && all_digits { text.parse().ok() } else { None }
}

fn accept_scalar(scalar: Scalar, json: &Json) -> Option<Value> {
    match (scalar, json) {
        (_, Json::Null) => None,
        (Scalar::String, Json::String(_)) | (Scalar::Boolean, Json::Bool(_)) | (Scalar::Json, _) => {
            Some(json.clone().into())
        }
        (Scalar::Int, Json::Number(_)) => {
            let whole = integral(json.clone());
            (whole.is_i64() || whole.is_u64()).then(|| whole.into())
        }
        (Scalar::Float, Json::Number(_)) => Some(json.clone().into()),
        (Scalar::Timestamp, Json::Number(number)) => number.as_i64().map(Value::timestamp),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn coerce(name: &str, json: Json) -> Json {
        AttributeType::parse(name).expect("a type").coerce(&json.into()).to_json()
    }

    #[test]
    fn given_values_are_coerced_as_in_php() {
        assert_eq!(coerce("boolean", json!(" Yes ")), json!(true));
        assert_eq!(coerce("boolean", json!("2")), json!(false));
        assert_eq!(coerce("int", json!("15.34")), json!(15));
        assert_eq!(coerce("float", json!("1e3")), json!(1000));
        assert_eq!(coerce("timestamp", json!("0123")), json!(null));
        assert_eq!(coerce("timestamp", json!(" 12 ")), json!(12));
        assert_eq!(coerce("string[]", json!([1, true])), json!(["1", "true"]));
        assert_eq!(coerce("int", json!(null)), json!(null));
    }

    #[test]
    fn replies_are_checked_not_coerced() {
        let int = AttributeType::one(Scalar::Int);
        assert_eq!(int.accept(&json!(7)).map(|value| value.to_json()), Some(json!(7)));
        assert!(int.accept(&json!("7")).is_none());
        assert!(int.accept(&json!(7.5)).is_none());
        assert!(AttributeType::many(Scalar::String).accept(&json!(["a", 1])).is_none());
        assert!(AttributeType::one(Scalar::Json).accept(&json!({"a": 1})).is_some());
    }
}
