//! Numbers read and written as PHP does, and numbers of text.

use super::Json;

/// The shortest decimal text of a float, without a fraction where it has none.
pub fn float_text(float: f64) -> String {
    const EXACT: f64 = 1e15;
    if !float.is_finite() {
        return String::new();
    }
    if float == float.trunc() && float.abs() < EXACT {
        return format!("{}", float as i64);
    }
    if float.abs() >= EXACT || float.abs() < 1e-4 {
        return scientific(float);
    }
    format!("{float}")
}

/// PHP's form of very large and very small numbers: `1.0E+25`, `1.0E-5`.
fn scientific(float: f64) -> String {
    let text = format!("{float:E}");
    let Some((digits, exponent)) = text.split_once('E') else { return text };
    let digits = if digits.contains('.') { digits.to_string() } else { format!("{digits}.0") };
    let sign = if exponent.starts_with('-') { "" } else { "+" };
    format!("{digits}E{sign}{exponent}")
}

/// An integral float as the integer it is, anything else unchanged.
pub fn integral(json: Json) -> Json {
    match &json {
        Json::Number(number) if number.is_f64() => match number.as_f64() {
            Some(float) if float == float.trunc() && float.abs() < 9e15 => Json::from(float as i64),
            _ => json,
        },
        _ => json,
    }
}

/// [`integral`], at every depth.
pub fn plain_numbers(json: Json) -> Json {
    match json {
        Json::Array(items) => Json::Array(items.into_iter().map(plain_numbers).collect()),
        Json::Object(entries) => Json::Object(entries.into_iter().map(|(key, value)| (key, plain_numbers(value))).collect()),
        other => integral(other),
    }
}

/// The whole number a text begins with, as PHP's `intval`: `15.34` is 15, `1e3` is 1000, `abc` is 0.
pub fn leading_integer(text: &str) -> i64 {
    let text = text.trim_start_matches([' ', '\t', '\n', '\r', '\x0b', '\x0c']);
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let length = digits.bytes().take_while(u8::is_ascii_digit).count();
    let number = &text[..text.len() - digits.len() + length];
    let rest = &digits[length..];
    if rest.starts_with(['.', 'e', 'E']) {
        return leading_float(text) as i64;
    }
    number.parse().unwrap_or(match (length, text.starts_with('-')) {
        (0, _) => 0,
        (_, true) => i64::MIN,
        (_, false) => i64::MAX,
    })
}

/// The decimal number a text begins with, as PHP's `floatval`.
pub fn leading_float(text: &str) -> f64 {
    let text = text.trim_start_matches([' ', '\t', '\n', '\r', '\x0b', '\x0c']);
    let bytes = text.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut end = usize::from(bytes.first().is_some_and(|byte| matches!(byte, b'+' | b'-')));
    let whole = digits(end);
    end += whole;
    let mut fraction = 0;
    if bytes.get(end) == Some(&b'.') {
        fraction = digits(end + 1);
        end += if whole + fraction > 0 { 1 + fraction } else { 0 };
    }
    if whole + fraction == 0 {
        return 0.0;
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exponent = digits((end + 1 + sign).min(bytes.len()));
        end += if exponent > 0 { 1 + sign + exponent } else { 0 };
    }
    text[..end].parse().unwrap_or(0.0)
}

/// The number that a text is: digits with a sign, a fraction and an exponent, and white space around.
pub fn number_of_text(text: &str) -> Option<Json> {
    let text = text.trim();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let whole = digits.len() - digits.trim_start_matches(|digit: char| digit.is_ascii_digit()).len();
    let leading = digits[..whole].trim_start_matches('0');
    let (leading, rest) = (if leading.is_empty() { "0" } else { leading }, &digits[whole..]);
    if whole == 0 && !rest.starts_with('.') {
        return None;
    }
    // JSON wants digits on both sides of the point.
    let rest = if rest == "." && whole > 0 { "" } else { rest };
    let number: Json = serde_json::from_str(&format!("{sign}{leading}{rest}")).ok()?;
    Some(plain_numbers(number)).filter(Json::is_number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_are_cut_from_the_front() {
        assert_eq!(leading_integer("15.34"), 15);
        assert_eq!(leading_integer("-7.9"), -7);
        assert_eq!(leading_integer("abc"), 0);
        assert_eq!(leading_integer(" 1e3"), 1000);
        assert_eq!(leading_integer("99999999999999999999"), i64::MAX);
        assert_eq!(leading_float("1.5abc"), 1.5);
        assert_eq!(leading_float("1e3"), 1000.0);
        assert_eq!(leading_float("1e"), 1.0);
        assert_eq!(leading_float(".5"), 0.5);
        assert_eq!(leading_float("-"), 0.0);
    }

    #[test]
    fn floats_are_short() {
        assert_eq!(float_text(1.45), "1.45");
        assert_eq!(float_text(1e25), "1.0E+25");
        assert_eq!(float_text(0.00001), "1.0E-5");
        assert_eq!(float_text(-2.0), "-2");
    }

    #[test]
    fn numeric_text() {
        for (text, wanted) in [
            ("76.31", json!(76.31)),
            ("1234", json!(1234)),
            ("0042", json!(42)),
            (" 42 ", json!(42)),
            ("-007.50", json!(-7.5)),
            ("+44", json!(44)),
            ("1e3", json!(1000)),
            ("000", json!(0)),
            (".5", json!(0.5)),
            ("5.", json!(5)),
        ] {
            assert_eq!(number_of_text(text), Some(wanted), "{text}");
        }
        for text in
            ["", " ", "-", "+", ".", "1,234", "12a", "0x1F", "NaN", "Infinity", "1 2", "--1", "+-1", "e3", "1e", "\u{664}"]
        {
            assert_eq!(number_of_text(text), None, "{text}");
        }
    }
}
