//! What `payload_hash` is made of.

use serde_json::{Map, Value as Json};

/// The compact JSON of a JSON body, the bytes of any other.
pub fn of_body(body: &[u8]) -> Vec<u8> {
    compact(body).map_or_else(|| body.to_vec(), String::into_bytes)
}

/// The query's parameters as a compact JSON object in their order, `{}` when there are none. Of a repeated name the last value
/// counts, as in the objects of JavaScript and Python that the support article builds.
pub fn of_query(parameters: &[(String, String)]) -> String {
    let entries = parameters.iter().map(|(name, value)| (name.clone(), Json::from(value.as_str())));
    Json::Object(entries.collect::<Map<_, _>>()).to_string()
}

/// A JSON text as serialisers write it: no white space, texts with the fewest escapes, numbers in their shortest form. `None`:
/// it is no JSON.
pub fn compact(body: &[u8]) -> Option<String> {
    rewritten(body, Spelling::Shortest)
}

/// A JSON text without its white space, and otherwise as it is.
pub(super) fn without_white_space(body: &[u8]) -> Option<String> {
    rewritten(body, Spelling::AsWritten)
}

#[derive(Clone, Copy, PartialEq)]
enum Spelling {
    AsWritten,
    Shortest,
}

/// Token by token, so that order and repeated names stay.
fn rewritten(body: &[u8], spelling: Spelling) -> Option<String> {
    serde_json::from_slice::<serde::de::IgnoredAny>(body).ok()?;
    let text = std::str::from_utf8(body).ok()?;
    let mut written = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(byte) = text.as_bytes().get(at) {
        let token = &text[at..at + token_length(&text.as_bytes()[at..])];
        at += token.len();
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => {}
            b'"' if spelling == Spelling::Shortest => written.push_str(&shortest_text(token)),
            b'-' | b'0'..=b'9' if spelling == Spelling::Shortest => written.push_str(&shortest_number(token)),
            _ => written.push_str(token),
        }
    }
    Some(written)
}

/// The length of the text, number or other character that valid JSON begins with.
fn token_length(json: &[u8]) -> usize {
    let is_number = |byte: &u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
    match json[0] {
        b'"' => {
            let mut at = 1;
            while at < json.len() && json[at] != b'"' {
                at += if json[at] == b'\\' { 2 } else { 1 };
            }
            (at + 1).min(json.len())
        }
        b'-' | b'0'..=b'9' => json.iter().position(|byte| !is_number(byte)).unwrap_or(json.len()),
        _ => 1,
    }
}

fn shortest_text(token: &str) -> String {
    serde_json::from_str::<Json>(token).map_or_else(|_| token.to_string(), |text| text.to_string())
}

/// Whole numbers as they are, decimals as ECMAScript writes them (Number::toString): without an exponent in this range.
fn shortest_number(token: &str) -> String {
    const PLAIN: std::ops::Range<f64> = 1e-6..1e21;
    if !token.contains(['.', 'e', 'E']) {
        return token.to_string();
    }
    match token.parse::<f64>() {
        Ok(0.0) => "0".to_string(),
        Ok(number) if PLAIN.contains(&number.abs()) => number.to_string(),
        Ok(number) if number.is_finite() => Json::from(number).to_string(),
        _ => token.to_string(),
    }
}
