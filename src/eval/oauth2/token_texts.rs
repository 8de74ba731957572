//! Tokens in the body of a token endpoint's reply, whatever the body is: none of them may be shown.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;

use serde::Deserializer;
use serde::de::{DeserializeSeed, MapAccess, SeqAccess, Visitor};

use crate::value::Json;

/// The members that hold a token (RFC 6749 section 5.1, OpenID Connect Core section 3.1.3.3), without `_`.
const NAMES: [&str; 3] = ["accesstoken", "refreshtoken", "idtoken"];

/// More tokens in one reply are not looked for: each costs a search through everything that is shown.
const MOST_TOKENS: usize = 16;

/// The tokens in a body: by their names in JSON, else by their names in the text (a form, XML, JSON that was cut off).
pub(super) fn token_texts(body: &[u8]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut json = serde_json::Deserializer::from_slice(body);
    let tokens = Tokens { is_token: false, found: &mut found };
    if tokens.deserialize(&mut json).and_then(|()| json.end()).is_err() {
        in_text(&String::from_utf8_lossy(body), &mut found);
    }
    found
}

/// Looks for tokens in JSON while it is read: a member that stands there twice would be lost in what is read of it.
struct Tokens<'a> {
    /// Whether this is the value of a member with a token's name.
    is_token: bool,
    found: &'a mut BTreeSet<String>,
}

impl Tokens<'_> {
    fn keep(self, text: String) {
        if self.is_token && self.found.len() < MOST_TOKENS {
            self.found.insert(text);
        }
    }
}

impl<'de> DeserializeSeed<'de> for Tokens<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Tokens<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, number: i64) -> Result<(), E> {
        self.keep(number.to_string());
        Ok(())
    }

    fn visit_u64<E>(self, number: u64) -> Result<(), E> {
        self.keep(number.to_string());
        Ok(())
    }

    fn visit_f64<E>(self, number: f64) -> Result<(), E> {
        self.keep(Json::from(number).to_string());
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.keep(text.to_string());
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element_seed(Tokens { is_token: self.is_token, found: self.found })?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(name) = members.next_key::<String>()? {
            let is_token = self.is_token || is_name(&name);
            members.next_value_seed(Tokens { is_token, found: self.found })?;
        }
        Ok(())
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
    fn a_member_that_stands_there_twice_is_two_tokens() {
        let body = r#"{"access_token":"tok-1","access_token":"tok-2","x":{"access_token":null,"access_token":["tok-3"]}}"#;
        assert_eq!(texts(body), ["tok-1", "tok-2", "tok-3"]);
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
