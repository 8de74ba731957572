//! Points in time as users write them.

use super::node::{Kind, Table};
use super::reading::Reading;
use crate::value::{AttributeType, Json, Scalar, Value};

/// 2026-01-01T00:00:00Z.
pub const DEFAULT_NOW: i64 = 1_767_225_600;

/// A case's clock: Unix seconds, and microseconds past them.
pub fn now(table: &Table, reading: &mut Reading<'_>) -> (i64, u32) {
    const EXPECTED: &str = "a date and time, such as 2026-01-15T10:00:00Z, or Unix seconds";
    let Some(node) = table.get("now") else { return (DEFAULT_NOW, 0) };
    let time = match &node.kind {
        Kind::Integer(seconds) => Some((*seconds, 0)),
        Kind::DateTime(text) => parse_time(text),
        Kind::Text(text) => parse_time(&text.text),
        _ => None,
    };
    time.filter(|(seconds, _)| jiff::Timestamp::from_second(*seconds).is_ok()).unwrap_or_else(|| {
        reading.wrong_type(node, EXPECTED);
        (DEFAULT_NOW, 0)
    })
}

/// RFC 3339 as Unix seconds and microseconds past them; without an offset it is UTC, without a time midnight.
pub fn parse_time(text: &str) -> Option<(i64, u32)> {
    const MICROSECONDS: i64 = 1_000_000;
    let timestamp = match text.parse::<jiff::Timestamp>() {
        Ok(timestamp) => timestamp,
        Err(_) => text.parse::<jiff::civil::DateTime>().ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp(),
    };
    let all = timestamp.as_microsecond();
    let microseconds = u32::try_from(all.rem_euclid(MICROSECONDS)).ok()?;
    Some((all.div_euclid(MICROSECONDS), microseconds))
}

/// A given value under its declared type. A timestamp may be written as a date.
pub fn given_value(declared: Option<AttributeType>, json: Json) -> Value {
    match declared {
        None => json.into(),
        Some(declared) if declared.scalar == Scalar::Timestamp => declared.coerce(&seconds_of(json).into()),
        Some(declared) => declared.coerce(&json.into()),
    }
}

/// Dates as Unix seconds, also those of a list. Text that is a number stays text.
fn seconds_of(json: Json) -> Json {
    match json {
        Json::Array(items) => items.into_iter().map(seconds_of).collect(),
        Json::String(text) => match parse_time(&text) {
            Some((seconds, _)) if text.contains('-') => seconds.into(),
            _ => text.into(),
        },
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::{given_value, parse_time};
    use crate::value::{AttributeType, Json};
    use serde_json::json;

    #[test]
    fn fractions_are_kept() {
        assert_eq!(parse_time("2026-01-01T00:00:00.1234567Z"), Some((1_767_225_600, 123_456)));
        assert_eq!(parse_time("1969-12-31T23:59:59.75Z"), Some((-1, 750_000)));
        assert_eq!(parse_time("2026-01-01"), Some((1_767_225_600, 0)));
        assert_eq!(parse_time("soon"), None);
    }

    #[test]
    fn a_timestamp_may_be_a_date() {
        let given = |name, json: Json| given_value(AttributeType::parse(name), json).to_json();
        assert_eq!(given("timestamp", json!("2026-01-01T01:00:00+01:00")), json!(1_767_225_600));
        assert_eq!(given("timestamp", json!("20260101")), json!(20_260_101));
        assert_eq!(given("timestamp", json!("soon")), json!(null));
        assert_eq!(given("timestamp[]", json!(["2026-01-01", 5])), json!([1_767_225_600, 5]));
        assert_eq!(given("string", json!("2026-01-01")), json!("2026-01-01"));
    }
}
