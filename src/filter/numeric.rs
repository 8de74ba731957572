//! Numbers as PHP reads them out of values: `is_numeric` and what follows from it.

use crate::value::{Data, Json, Value};

/// A number, as PHP tells integers and floats apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Number {
    Whole(i64),
    Decimal(f64),
}

/// Beyond this a decimal number has no digits of its own any more, and is not spelled out.
const WHOLE_LIMIT: f64 = 1e36;

impl Number {
    /// The number that a value is, or that its text is as a whole.
    pub fn of(value: &Value) -> Option<Number> {
        match &value.data {
            Data::Timestamp(seconds) => Some(Number::Whole(*seconds)),
            Data::Json(Json::Number(number)) => {
                number.as_i64().map(Number::Whole).or_else(|| number.as_f64().map(Number::Decimal))
            }
            Data::Json(Json::String(text)) => Number::parse(text),
            _ => None,
        }
    }

    /// A numeric string, in the words of the PHP manual ("Numeric strings"): white space, sign, digits with or without a
    /// point, exponent, white space.
    pub fn parse(text: &str) -> Option<Number> {
        let text = text.trim_matches([' ', '\t', '\n', '\r', '\x0b', '\x0c']);
        let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['-', '+']).unwrap_or(exponent))),
            None => (unsigned, None),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all_digits = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
        let is_mantissa = !(whole.is_empty() && fraction.is_empty()) && all_digits(whole) && all_digits(fraction);
        if !is_mantissa || exponent.is_some_and(|digits| digits.is_empty() || !all_digits(digits)) {
            return None;
        }
        let is_whole = exponent.is_none() && !mantissa.contains('.');
        match text.parse() {
            Ok(number) if is_whole => Some(Number::Whole(number)),
            _ => text.parse().ok().map(Number::Decimal),
        }
    }

    /// The number without a fraction, if it has none.
    pub fn whole(self) -> Option<i128> {
        match self {
            Number::Whole(number) => Some(i128::from(number)),
            Number::Decimal(number) if number.fract() == 0.0 && number.abs() < WHOLE_LIMIT => Some(number as i128),
            Number::Decimal(_) => None,
        }
    }

    pub fn float(self) -> f64 {
        match self {
            Number::Whole(number) => number as f64,
            Number::Decimal(number) => number,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numeric_strings() {
        assert_eq!(Number::parse(" -3 "), Some(Number::Whole(-3)));
        assert_eq!(Number::parse("1e3"), Some(Number::Decimal(1000.0)));
        assert_eq!(Number::parse("5."), Some(Number::Decimal(5.0)));
        assert_eq!(Number::parse(".5"), Some(Number::Decimal(0.5)));
        assert_eq!(Number::parse("99999999999999999999"), Some(Number::Decimal(1e20)));
        for text in ["", " ", "-", ".", "1e", "1a", "0x1A", "1 2", "NaN", "inf", "--1", "1e5.5", "١"] {
            assert_eq!(Number::parse(text), None, "{text:?}");
        }
    }
}
