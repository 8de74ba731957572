//! Tokens in the body of a token endpoint's reply, whatever the body is: none of them may be shown.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::value::Json;

/// The members that hold a token (RFC 6749 section 5.1, OpenID Connect Core section 3.1.3.3), without `_`.
const NAMES: [&str; 3] = ["accesstoken", "refreshtoken", "idtoken"];

/// More tokens in one reply are not looked for: each costs a search through everything that is shown.
const MOST_TOKENS: usize = 16;

/// The tokens in a body: by their names in JSON, else by their names in the text (a form, XML, JSON that was cut off).
pub(super) fn token_texts(body: &[u8]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    match serde_json::from_slice::<Json>(body) {
        Ok(json) => in_json(&json, false, &mut found),
        Err(_) => in_text(&String::from_utf8_lossy(body), &mut found),
    }
    found
}

fn in_json(json: &Json, is_token: bool, found: &mut BTreeSet<String>) {
    if found.len() >= MOST_TOKENS {
        return;
    }
    match json {
        Json::String(text) if is_token => drop(found.insert(text.clone())),
        Json::Number(number) if is_token => drop(found.insert(number.to_string())),
        Json::Array(items) => items.iter().for_each(|item| in_json(item, is_token, found)),
        Json::Object(members) => {
            members.iter().for_each(|(name, value)| in_json(value, is_token || is_name(name), found));
        }
        _ => {}
    }
}

fn is_name(name: &str) -> bool {
    NAMES.contains(&name.replace(['_', '-'], "").to_ascii_lowercase().as_str())
}

/// A name, then something that assigns, then the value up to what ends one.
fn in_text(text: &str, found: &mut BTreeSet<String>) {
    let words = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| !words(c)).filter(|_| found.len() < MOST_TOKENS) {
        rest = &rest[start..];
        let end = rest.find(words).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        rest = after;
        if let Some(value) = assigned(after).filter(|_| is_name(word)) {
            found.insert(after[value.clone()].to_string());
            rest = &after[value.end..];
        }
    }
}

/// Where in the text after a name its value stands.
fn assigned(text: &str) -> Option<Range<usize>> {
    let assigns = |c: char| matches!(c, ':' | '=' | '>');
    let opens = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '\\') || assigns(c);
    let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '\\' | '<' | '&' | ',' | ';' | '}');
    let start = text.len() - text.trim_start_matches(opens).len();
    let end = start + text[start..].find(ends).unwrap_or(text.len() - start);
    (text[..start].contains(assigns) && start < end).then_some(start..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(body: &str) -> Vec<String> {
        token_texts(body.as_bytes()).into_iter().collect()
    }

    #[test]
    fn tokens_are_found_in_whatever_came() {
        for body in [
            r#"{"access_token":"t0ken-1","token_type":5}"#,
            r#"[{"data":{"accessToken":["t0ken-1"]}}]"#,
            r#"{"access_token":"t0ken-1","#,
            r#"{\"access_token\": \"t0ken-1\"}"#,
            "access_token=t0ken-1&token_type=bearer",
            "<OAuth><access_token>t0ken-1</access_token></OAuth>",
            "{'Access-Token': 't0ken-1'}",
        ] {
            assert_eq!(texts(body), ["t0ken-1"], "{body}");
        }
        assert_eq!(texts(r#"{"refresh_token":"r","access_token":123456,"id_token":null}"#), ["123456", "r"]);
    }

    #[test]
    fn words_about_tokens_are_none() {
        for body in
            ["the access_token was not issued", "access_token", "access_token=", r#"{"token_type":"Bearer"}"#, "\u{e9}"]
        {
            assert_eq!(texts(body), [""; 0], "{body}");
        }
    }

    #[test]
    fn a_body_full_of_tokens_costs_no_more_than_a_few() {
        let nested = texts(&"access_token=(".repeat(100_000));
        assert_eq!(nested.iter().map(String::len).sum::<usize>(), 14 * 100_000 - "access_token=".len());
        let many: String = (0..100_000).map(|number| format!("access_token=t{number}&")).collect();
        assert!(texts(&many).len() <= MOST_TOKENS);
    }
}
