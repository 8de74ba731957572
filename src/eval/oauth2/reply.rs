//! What the token endpoint's reply means (RFC 6749 sections 5.1 and 5.2).

use serde_json::Map;

use super::token_texts::token_texts;
use super::{ErrorKind, Failure, Record, Token};
use crate::assumption::{Assumptions, id};
use crate::case::Reply;
use crate::diagnostic::is_printable;
use crate::value::{Json, TaintedText, why_unread};

/// What is shown of a server's words; they stand on one line.
const MOST_CHARACTERS: usize = 300;

/// The token in the endpoint's reply. Every token in it is told to the record, also when the reply cannot be used.
///
/// # Errors
/// `token-request-failed` with the server's words: secrets masked, and characters that cannot be seen written out.
pub fn token(reply: &Reply, assumptions: &Assumptions, record: &Record) -> Result<Token, Failure> {
    for text in token_texts(&reply.body) {
        record.secrets.borrow_mut().insert(&text);
    }
    let reading = Reading { assumptions, record, status: reply.status };
    reading.token(&reply.body).map_err(|message| Failure::new(ErrorKind::TokenRequestFailed, message))
}

struct Reading<'a> {
    assumptions: &'a Assumptions,
    record: &'a Record,
    status: u16,
}

impl Reading<'_> {
    fn token(&self, body: &[u8]) -> Result<Token, String> {
        let members = self.members(body)?;
        if let Some(error) = present(&members, "error") {
            return Err(self.refusal(error, &members));
        }
        if !(200..300).contains(&self.status) {
            return Err(self.answered("without an `error`"));
        }
        self.check_type(present(&members, "token_type"))?;
        let value = access_token(present(&members, "access_token"))?;
        let expires_in_seconds = match present(&members, "expires_in") {
            None => None,
            Some(lifetime) => Some(self.seconds(lifetime)?),
        };
        Ok(Token { value, expires_in_seconds })
    }

    fn members(&self, body: &[u8]) -> Result<Map<String, Json>, String> {
        if (300..400).contains(&self.status) {
            return Err(self.answered("which is no reply to a token request; redirects are not followed"));
        }
        match serde_json::from_slice(body) {
            Ok(Json::Object(members)) => Ok(members),
            Ok(_) => Err(self.answered("with JSON that is no object")),
            Err(_) if body.trim_ascii().is_empty() => Err(self.answered("with an empty body")),
            Err(error) => Err(self.answered(&format!("with a body that {}", why_unread(&error)))),
        }
    }

    /// Section 5.2. An error counts whatever the status is: some servers send one with 200.
    fn refusal(&self, error: &Json, members: &Map<String, Json>) -> String {
        let Json::String(error) = error else { return self.answered("with an `error` that is no text") };
        let mut message = self.answered(&format!("with the error `{}`", self.words(error)));
        if let Some(Json::String(description)) = members.get("error_description") {
            message.push_str(&format!(": {}", self.words(description)));
        }
        if let Some(Json::String(page)) = members.get("error_uri") {
            message.push_str(&format!(" (see {})", self.words(page)));
        }
        message
    }

    /// Section 5.1 requires a type, and section 7.1 forbids to use a token of an unknown one; many clients look at neither.
    fn check_type(&self, kind: Option<&Json>) -> Result<(), String> {
        let kind = match kind {
            Some(Json::String(kind)) if kind.eq_ignore_ascii_case("bearer") => return Ok(()),
            Some(Json::String(kind)) => Some(kind),
            Some(_) => return Err("the token's `token_type` is no text".to_string()),
            None => None,
        };
        if self.record.assume(self.assumptions, id::OAUTH_TOKEN_TYPE) != "bearer" {
            return Ok(());
        }
        Err(match kind {
            Some(kind) => format!("the token is of type `{}`, not a bearer token", self.words(kind)),
            None => "the token has no `token_type`".to_string(),
        })
    }

    /// A.14 has digits only. A number in quotes tells the same and is common; a fraction of a second is dropped.
    fn seconds(&self, lifetime: &Json) -> Result<u64, String> {
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        match lifetime {
            Json::Number(number) if number.is_u64() => return Ok(number.as_u64().unwrap_or(u64::MAX)),
            // Larger than any integer ends at the largest.
            Json::Number(number) => {
                if let Some(seconds) = number.as_f64().filter(|seconds| *seconds >= 0.0) {
                    return Ok(seconds as u64);
                }
            }
            Json::String(text) if digits(text) => return Ok(text.parse().unwrap_or(u64::MAX)),
            _ => {}
        }
        Err(format!("the token's `expires_in` is no number of seconds: {}", self.words(&lifetime.to_string())))
    }

    fn answered(&self, how: &str) -> String {
        let comma = if how.starts_with("which") { "," } else { "" };
        format!("the token endpoint answered {}{comma} {how}", self.status)
    }

    /// A server's words: section 5.2 allows them visible ASCII, and few servers keep to that.
    fn words(&self, text: &str) -> String {
        let masked = self.record.secrets.borrow().mask(text);
        let mut words = String::new();
        for (count, character) in masked.trim().chars().enumerate() {
            match character {
                _ if count == MOST_CHARACTERS => {
                    words.push('…');
                    break;
                }
                character if is_printable(character) => words.push(character),
                character => words.extend(character.escape_default()),
            }
        }
        words
    }
}

/// A member that is there and not null.
fn present<'m>(members: &'m Map<String, Json>, name: &str) -> Option<&'m Json> {
    members.get(name).filter(|value| !value.is_null())
}

/// A.12: visible ASCII and spaces, at least one. Anything else could not stand in a header, or would end it.
fn access_token(value: Option<&Json>) -> Result<TaintedText, String> {
    let text = match value {
        None => return Err("the token endpoint's reply has no `access_token`".to_string()),
        Some(Json::String(text)) => text,
        Some(_) => return Err("the `access_token` is no text".to_string()),
    };
    if text.trim().is_empty() {
        return Err("the `access_token` is empty".to_string());
    }
    match text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        true => Ok(TaintedText::secret(text.as_str())),
        false => Err("the `access_token` has characters other than visible ASCII, which no token may have".to_string()),
    }
}
