//! Exact comparison and arithmetic of JSON numbers.
//!
//! Integers are kept in 128 bits while they are computed with, so that no sum of the
//! 64-bit integers of a document that fits in memory overflows.

use std::cmp::Ordering;

use serde_json::Number;

/// Compares by value: `1` equals `1.0`, and neighbours beyond 2^53 differ.
pub(super) fn compare(left: &Number, right: &Number) -> Ordering {
    match (integer(left), integer(right)) {
        (Some(left), Some(right)) => left.cmp(&right),
        (Some(left), None) => compare_mixed(left, float(right)),
        (None, Some(right)) => compare_mixed(right, float(left)).reverse(),
        (None, None) => compare_floats(float(left), float(right)),
    }
}

/// Compares without rounding the integer: by the whole part, then by the fraction.
fn compare_mixed(left: i128, right: f64) -> Ordering {
    // The cast saturates far beyond all 64-bit integers.
    let whole = right.trunc() as i128;
    left.cmp(&whole).then_with(|| compare_floats(0.0, right.fract()))
}

/// JSON has no NaN, so two floats always compare.
fn compare_floats(left: f64, right: f64) -> Ordering {
    left.partial_cmp(&right).unwrap_or(Ordering::Equal)
}

/// The number when it is written as an integer.
fn integer(number: &Number) -> Option<i128> {
    let signed = number.as_i64().map(i128::from);
    signed.or_else(|| number.as_u64().map(i128::from))
}

fn float(number: &Number) -> f64 {
    number.as_f64().unwrap_or_default()
}

/// The JSON number of an integer, rounded when beyond 64 bits.
fn from_integer(integer: i128) -> Option<Number> {
    let signed = i64::try_from(integer).map(Number::from).ok();
    let unsigned = || u64::try_from(integer).map(Number::from).ok();
    signed.or_else(unsigned).or_else(|| Number::from_f64(integer as f64))
}

/// The JSON number of a float, as an integer when it is one; none when it is infinite.
fn from_float(float: f64) -> Option<Number> {
    // Two powers of two, hence exact: the bounds of i64 and u64.
    const LOWEST: f64 = i64::MIN as f64;
    const BEYOND_HIGHEST: f64 = u64::MAX as f64;
    if float.fract() == 0.0 && (LOWEST..BEYOND_HIGHEST).contains(&float) {
        return from_integer(float as i128);
    }
    Number::from_f64(float)
}

/// The number without a `.0`.
pub(super) fn simplified(number: &Number) -> Option<Number> {
    match integer(number) {
        Some(_) => Some(number.clone()),
        None => from_float(float(number)),
    }
}

/// The distance to zero.
pub(super) fn absolute(number: &Number) -> Option<Number> {
    match integer(number) {
        Some(integer) => from_integer(integer.abs()),
        None => from_float(float(number).abs()),
    }
}

/// The nearest integer that is not lower.
pub(super) fn ceiling(number: &Number) -> Option<Number> {
    match integer(number) {
        Some(_) => Some(number.clone()),
        None => from_float(float(number).ceil()),
    }
}

/// The nearest integer that is not higher.
pub(super) fn floor(number: &Number) -> Option<Number> {
    match integer(number) {
        Some(_) => Some(number.clone()),
        None => from_float(float(number).floor()),
    }
}

/// A sum that is exact as long as all its terms are integers.
enum Total {
    Exact(i128),
    Rounded(f64),
}

fn total(numbers: &[&Number]) -> Total {
    let exact: Option<i128> = numbers.iter().map(|number| integer(number)).sum();
    exact.map_or_else(|| Total::Rounded(numbers.iter().map(|number| float(number)).sum()), Total::Exact)
}

/// The sum; none when it is out of range.
pub(super) fn sum(numbers: &[&Number]) -> Option<Number> {
    match total(numbers) {
        Total::Exact(total) => from_integer(total),
        // An empty sum of floats would be -0.
        Total::Rounded(total) => from_float(total + 0.0),
    }
}

/// The mean of at least one number; none when it is out of range.
pub(super) fn average(numbers: &[&Number]) -> Option<Number> {
    let count = i128::try_from(numbers.len()).ok()?;
    match total(numbers) {
        Total::Exact(total) if total.checked_rem(count)? == 0 => from_integer(total / count),
        Total::Exact(total) => from_float(total as f64 / count as f64),
        Total::Rounded(total) => from_float(total / count as f64),
    }
}

/// The number that a text is in JSON.
pub(super) fn parse(text: &str) -> Option<Number> {
    // The parser would let white space around the number pass.
    let starts = text.starts_with(|first: char| first == '-' || first.is_ascii_digit());
    let ends = text.ends_with(|last: char| last.is_ascii_digit());
    if !(starts && ends) {
        return None;
    }
    serde_json::from_str(text).ok()
}
