//! PHP's `==` over JSON values, as Laravel's `where` compares.
//!
//! Source: PHP manual, "Comparison operators" and "Numeric strings" (PHP 8 rules).

use crate::value::{Json, float_text};

use super::numeric::Number;

/// Whether PHP 8 finds the two equal with `==`.
pub(super) fn loosely_equal(left: &Json, right: &Json) -> bool {
    match (left, right) {
        (Json::Null, Json::String(text)) | (Json::String(text), Json::Null) => text.is_empty(),
        (Json::Null | Json::Bool(_), _) | (_, Json::Null | Json::Bool(_)) => truthy(left) == truthy(right),
        (Json::String(left), Json::String(right)) => texts_equal(left, right),
        (Json::Number(number), Json::String(text)) | (Json::String(text), Json::Number(number)) => {
            number_equals_text(number, text)
        }
        (Json::Number(left), Json::Number(right)) => numbers_equal(number(left), number(right)),
        _ => arrays_equal(left, right),
    }
}

/// PHP's conversion to boolean; JSON lists and objects are PHP arrays.
fn truthy(json: &Json) -> bool {
    match json {
        Json::Null => false,
        Json::Bool(flag) => *flag,
        Json::Number(number) => number.as_f64().is_some_and(|number| number != 0.0),
        Json::String(text) => !text.is_empty() && text != "0",
        Json::Array(items) => !items.is_empty(),
        Json::Object(entries) => !entries.is_empty(),
    }
}

fn number(number: &serde_json::Number) -> Number {
    number.as_i64().map_or_else(|| Number::Decimal(number.as_f64().unwrap_or(0.0)), Number::Whole)
}

fn numbers_equal(left: Number, right: Number) -> bool {
    match (left, right) {
        (Number::Whole(left), Number::Whole(right)) => left == right,
        _ => left.float() == right.float(),
    }
}

/// Two numeric strings are compared as numbers, any others byte by byte. Whole numbers too large for PHP's integers are
/// compared byte by byte too, lest digits be lost.
fn texts_equal(left: &str, right: &str) -> bool {
    match (Number::parse(left), Number::parse(right)) {
        (Some(Number::Decimal(_)), Some(Number::Decimal(_))) if plain_digits(left) && plain_digits(right) => left == right,
        (Some(left), Some(right)) => numbers_equal(left, right),
        _ => left == right,
    }
}

fn plain_digits(text: &str) -> bool {
    text.trim_start_matches(['-', '+']).bytes().all(|byte| byte.is_ascii_digit())
}

/// Since PHP 8 a number equals a text that is no number only if it is written the same.
fn number_equals_text(left: &serde_json::Number, text: &str) -> bool {
    match Number::parse(text) {
        Some(right) => numbers_equal(number(left), right),
        None => match number(left) {
            Number::Whole(left) => left.to_string() == text,
            Number::Decimal(left) => float_text(left) == text,
        },
    }
}

/// Arrays are equal when they have the same keys with loosely equal values; an array equals nothing else.
fn arrays_equal(left: &Json, right: &Json) -> bool {
    let (Some(left), Some(right)) = (entries(left), entries(right)) else { return false };
    left.len() == right.len()
        && left
            .iter()
            .all(|(key, value)| right.iter().any(|(other_key, other)| key == other_key && loosely_equal(value, other)))
}

fn entries(json: &Json) -> Option<Vec<(String, &Json)>> {
    match json {
        Json::Array(items) => Some(items.iter().enumerate().map(|(index, item)| (index.to_string(), item)).collect()),
        Json::Object(entries) => Some(entries.iter().map(|(key, value)| (key.clone(), value)).collect()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn as_in_php_8() {
        for (left, right) in [
            (json!(null), json!("")),
            (json!(true), json!("app")),
            (json!(false), json!("0")),
            (json!("1e3"), json!("1000")),
            (json!(" 1"), json!("1")),
            (json!(0.5), json!(".5")),
            (json!([1, "2"]), json!(["1", 2])),
            (json!({"0": "a"}), json!(["a"])),
            (json!([]), json!(null)),
        ] {
            assert!(loosely_equal(&left, &right) && loosely_equal(&right, &left), "{left} {right}");
        }
        for (left, right) in [
            (json!(0), json!("")),
            (json!(0), json!("abc")),
            (json!("user "), json!("user")),
            (json!([]), json!("")),
            (json!("0.0"), json!(false)),
            (json!("99999999999999999999"), json!("99999999999999999998")),
        ] {
            assert!(!loosely_equal(&left, &right) && !loosely_equal(&right, &left), "{left} {right}");
        }
    }
}
