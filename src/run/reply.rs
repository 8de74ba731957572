//! Reading a reply: its body up to a limit, its headers as they were configured.

use reqwest::Response;
use reqwest::header::HeaderMap;

use super::failure::{from_library, too_large};
use super::is_framing;
use crate::eval::Failure;

/// The body, or why it is not to be had.
pub(super) async fn read_body(mut response: Response, limit: u64) -> Result<Vec<u8>, Failure> {
    if response.content_length().is_some_and(|length| length > limit) {
        return Err(too_large(limit));
    }
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(|error| from_library(&error))? {
        if (body.len() + piece.len()) as u64 > limit {
            return Err(too_large(limit));
        }
        body.extend_from_slice(&piece);
    }
    Ok(body)
}

/// All headers that came, names in lower case as HTTP/2 has them.
pub(super) fn as_received(came: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &reqwest::header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    came.iter().map(|(name, value)| (name.as_str().to_string(), text(value))).collect()
}

/// The headers that came, in the order and with the names that were configured, without those that a server adds by itself.
/// Headers of the framing are not sent as configured, and stand as if they had been.
pub(super) fn as_configured(configured: &[(String, String)], came: &HeaderMap) -> Vec<(String, String)> {
    let mut headers = Vec::with_capacity(configured.len());
    for (index, (name, value)) in configured.iter().enumerate() {
        if is_framing(name) {
            headers.push((name.clone(), value.clone()));
            continue;
        }
        let before = configured[..index].iter().filter(|(earlier, _)| earlier.eq_ignore_ascii_case(name)).count();
        if let Some(value) = came.get_all(name.as_str()).iter().nth(before) {
            headers.push((name.clone(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
        }
    }
    headers
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::{HeaderName, HeaderValue};

    fn pairs(headers: &[(&str, &str)]) -> Vec<(String, String)> {
        headers.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect()
    }

    #[test]
    fn names_and_order_are_the_configured_ones_and_values_those_that_came() {
        let mut came = HeaderMap::new();
        for (name, value) in [("date", "today"), ("set-cookie", "a"), ("set-cookie", "b"), ("x-a", "1")] {
            came.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        let configured =
            pairs(&[("Set-Cookie", "a"), ("X-A", " 1 "), ("SET-cookie", "b"), ("Connection", "close"), ("X-Lost", "1")]);
        let expected = pairs(&[("Set-Cookie", "a"), ("X-A", "1"), ("SET-cookie", "b"), ("Connection", "close")]);
        assert_eq!(as_configured(&configured, &came), expected);
    }
}
