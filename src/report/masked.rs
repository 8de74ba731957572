//! An exchange as it may be shown: every secret masked, and a list of where.
//!
//! Values know their secrets; what has no such knowledge (a reply, a log line, an error) goes through the net of known
//! values. Transcript and JSON are both made from this, so they cannot disagree.

use std::borrow::Cow;

use encoding_rs::Encoding;

use crate::case::Reply;
use crate::eval::{Exchange, Outcome, Renewal, Request, SecretValues};
use crate::suite::shown_name;
use crate::value::{Json, MASK, TaintedText, Value};

/// Whether secrets are shown. Only `render --show-secrets` shows them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secrecy {
    Masked,
    Revealed,
}

/// A request as it may be shown.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownRequest {
    pub method: String,
    pub url: String,
    pub headers: Vec<(String, String)>,
    pub body: Option<String>,
}

/// A reply as it may be shown.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownReply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub delay_milliseconds: u64,
    /// By the charset that the reply names, else UTF-8, in which what is wrong is replaced.
    pub body: String,
    /// The charset of a body that is not UTF-8.
    pub charset: Option<&'static str>,
    /// The body as it is, when it is not UTF-8 and nothing in it was masked.
    pub bytes: Option<Vec<u8>>,
}

/// A token request and its reply, as they may be shown.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownToken {
    pub request: Option<ShownRequest>,
    pub sent: bool,
    pub reply: Option<ShownReply>,
    pub cached: bool,
    pub renewal: Option<Renewal>,
}

/// An outcome as it may be shown.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownOutcome {
    pub exit: String,
    pub success: Option<bool>,
    /// Name, value and the value's type; each name once, with the last value written.
    pub attributes: Vec<(String, Json, &'static str)>,
    pub unset: Vec<String>,
    pub directive: Option<String>,
    pub log: Vec<String>,
}

/// An exchange as it may be shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    pub token: Option<ShownToken>,
    pub request: Option<ShownRequest>,
    /// The certificate that the client had for the server.
    pub client_certificate: Option<String>,
    pub reply: Option<ShownReply>,
    /// Kind and message.
    pub error: Option<(&'static str, String)>,
    pub outcome: Option<ShownOutcome>,
    pub variables: Vec<(String, Json)>,
    /// Where something was masked: `request.headers.Authorization`.
    pub masked: Vec<String>,
}

impl Shown {
    /// An exchange as it may be shown.
    pub fn new(exchange: &Exchange, secrecy: Secrecy) -> Shown {
        let mut masker = Masker { net: exchange.net(), secrecy, masked: Vec::new() };
        let token = exchange.token.as_ref().map(|token| ShownToken {
            request: token.request.as_ref().map(|request| masker.request("token.request", request)),
            reply: token.reply.as_ref().map(|reply| masker.reply("token.reply", reply)),
            sent: token.sent,
            cached: token.cached,
            renewal: token.renewal,
        });
        let request = exchange.request.as_ref().map(|request| masker.request("request", request));
        let client_certificate = exchange.client_certificate.as_ref();
        let client_certificate = client_certificate.map(|known| masker.text("client_certificate", &known.to_string()));
        let reply = exchange.reply.as_ref().map(|reply| masker.reply("reply", reply));
        let error = exchange.error.as_ref();
        let error = error.map(|error| (error.kind.name(), masker.told("error.message", &error.message)));
        let outcome = exchange.outcome.as_ref().map(|outcome| masker.outcome(outcome));
        let variables = exchange.variables.iter();
        let variables =
            variables.map(|(name, value)| (name.clone(), masker.value(&format!("variables.{name}"), value))).collect();
        Shown { token, request, client_certificate, reply, error, outcome, variables, masked: masker.masked }
    }
}

struct Masker {
    net: SecretValues,
    secrecy: Secrecy,
    masked: Vec<String>,
}

impl Masker {
    fn note(&mut self, place: &str) {
        if !self.masked.iter().any(|known| known == place) {
            self.masked.push(place.to_string());
        }
    }

    /// A text that does not know its secrets.
    fn text(&mut self, place: &str, text: &str) -> String {
        if self.secrecy == Secrecy::Revealed || !self.net.stand_in(text) {
            return text.to_string();
        }
        self.note(place);
        self.net.mask(text)
    }

    /// A message that may quote a server: secrets in what it quotes were masked when it was made.
    fn told(&mut self, place: &str, message: &str) -> String {
        if message.contains(MASK) {
            self.note(place);
        }
        self.text(place, message)
    }

    fn tainted(&mut self, place: &str, text: &TaintedText) -> String {
        if self.secrecy == Secrecy::Revealed {
            return text.reveal().to_string();
        }
        if text.carries_secret() {
            self.note(place);
        }
        self.text(place, &text.masked())
    }

    fn value(&mut self, place: &str, value: &Value) -> Json {
        if self.secrecy == Secrecy::Revealed {
            return value.to_json();
        }
        if value.is_secret() {
            self.note(place);
        }
        self.json(place, value.to_masked_json())
    }

    fn json(&mut self, place: &str, json: Json) -> Json {
        match json {
            Json::String(text) => self.text(place, &text).into(),
            Json::Number(number) if self.net.stand_in(&number.to_string()) => {
                self.note(place);
                MASK.into()
            }
            Json::Array(items) => items.into_iter().map(|item| self.json(place, item)).collect(),
            Json::Object(entries) => {
                entries.into_iter().map(|(key, value)| (self.text(place, &key), self.json(place, value))).collect()
            }
            other => other,
        }
    }

    fn request(&mut self, place: &str, request: &Request) -> ShownRequest {
        let url = self.tainted(&format!("{place}.url"), &request.url);
        let headers = request.headers.iter().map(|(name, value)| {
            let name = self.net.mask(name);
            let value = self.tainted(&format!("{place}.headers.{name}"), value);
            (name, value)
        });
        let headers = headers.collect();
        let body = request.body.as_ref().map(|body| self.tainted(&format!("{place}.body"), body));
        ShownRequest { method: request.method.clone(), url, headers, body }
    }

    fn reply(&mut self, place: &str, reply: &Reply) -> ShownReply {
        let headers = reply.headers.iter().map(|(name, value)| {
            let name = self.net.mask(name);
            let value = self.text(&format!("{place}.headers.{name}"), value);
            (name, value)
        });
        let headers = headers.collect();
        let (text, charset) = decoded(reply, &self.net);
        let body = self.text(&format!("{place}.body"), &text);
        let exact = body.as_bytes() == reply.body || body != *text;
        let bytes = (!exact).then(|| reply.body.clone());
        ShownReply { status: reply.status, headers, delay_milliseconds: reply.delay_milliseconds, body, charset, bytes }
    }

    fn outcome(&mut self, outcome: &Outcome) -> ShownOutcome {
        let mut attributes: Vec<(String, Json, &'static str)> = Vec::new();
        for (name, value) in &outcome.attributes {
            let name = shown_name(name);
            let json = self.value(&format!("outcome.attributes.{name}"), value);
            match attributes.iter_mut().find(|(known, _, _)| known == name) {
                Some(entry) => (entry.1, entry.2) = (json, type_word(value)),
                None => attributes.push((name.to_string(), json, type_word(value))),
            }
        }
        ShownOutcome {
            exit: outcome.exit.clone(),
            success: outcome.success,
            attributes,
            unset: outcome.unset.iter().map(|name| shown_name(name).to_string()).collect(),
            directive: outcome.directive.as_ref().map(|directive| self.text("outcome.directive", directive)),
            log: outcome.log.iter().map(|message| self.told("outcome.log", message)).collect(),
        }
    }
}

/// The body as text, with the charset that it is in where that is not UTF-8: the one that its header names, unless another
/// shows more secrets, or as many in readable text. A server may echo one in a charset that it does not name, or misname.
pub fn decoded<'a>(reply: &'a Reply, net: &SecretValues) -> (Cow<'a, str>, Option<&'static str>) {
    let declared = declared(reply);
    // In UTF-8 and the like plain text is the same text.
    if reply.body.is_ascii() && !reply.body.contains(&0) {
        return declared;
    }
    let telling = |text: &str| match net.count_in(text) {
        0 => (0, true),
        count => (count, !text.contains(['\0', char::REPLACEMENT_CHARACTER])),
    };
    let others = [encoding_rs::UTF_16LE, encoding_rs::UTF_16BE, encoding_rs::WINDOWS_1252];
    let decoded = others.into_iter().map(|encoding| (in_encoding(reply, encoding), Some(encoding.name())));
    let first = (telling(&declared.0), declared);
    let most = decoded.map(|(text, charset)| (telling(&text), (text, charset)));
    most.fold(first, |most, other| if other.0 > most.0 { other } else { most }).1
}

/// The body by the charset that its header names, else as UTF-8.
fn declared(reply: &Reply) -> (Cow<'_, str>, Option<&'static str>) {
    let header = reply.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    let parameters = header.iter().flat_map(|(_, value)| value.split(';').skip(1));
    let charset = parameters.filter_map(|parameter| parameter.split_once('='));
    let charset = charset.filter(|(name, _)| name.trim().eq_ignore_ascii_case("charset")).map(|(_, value)| value.trim());
    let encoding = charset.map(|label| label.trim_matches('"')).find_map(|label| Encoding::for_label(label.as_bytes()));
    match (encoding.filter(|encoding| *encoding != encoding_rs::UTF_8), std::str::from_utf8(&reply.body)) {
        // What is UTF-8 is taken for it, but in UTF-16 the letters of ASCII are UTF-8, too, with a zero byte to each.
        (Some(encoding), Ok(_)) if !encoding.is_ascii_compatible() => (in_encoding(reply, encoding), Some(encoding.name())),
        (_, Ok(text)) => (text.into(), None),
        (Some(encoding), Err(_)) => (in_encoding(reply, encoding), Some(encoding.name())),
        (None, Err(_)) => (String::from_utf8_lossy(&reply.body), None),
    }
}

fn in_encoding<'a>(reply: &'a Reply, encoding: &'static Encoding) -> Cow<'a, str> {
    encoding.decode_without_bom_handling(&reply.body).0
}

/// The type that a value has, as attribute types are called.
pub(super) fn type_word(value: &Value) -> &'static str {
    match &value.data {
        crate::value::Data::Bytes(_) => "bytes",
        crate::value::Data::Timestamp(_) => "timestamp",
        crate::value::Data::Json(Json::Array(items)) => {
            let words: std::collections::BTreeSet<&str> = items.iter().map(scalar_word).collect();
            match words.into_iter().collect::<Vec<_>>().as_slice() {
                ["string"] => "string[]",
                ["boolean"] => "boolean[]",
                ["int"] => "int[]",
                ["float"] | ["float", "int"] => "float[]",
                _ => "json",
            }
        }
        crate::value::Data::Json(json) => scalar_word(json),
    }
}

fn scalar_word(json: &Json) -> &'static str {
    match json {
        Json::Null => "empty",
        Json::Bool(_) => "boolean",
        Json::Number(number) if number.is_f64() => "float",
        Json::Number(_) => "int",
        Json::String(_) => "string",
        Json::Array(_) | Json::Object(_) => "json",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::{ErrorKind, Failure};
    use crate::plan::AttributeName;
    use crate::report::fixture::exchange;
    use serde_json::json;

    #[test]
    fn what_was_masked_is_listed() {
        let shown = Shown::new(&exchange(), Secrecy::Masked);
        assert_eq!(
            shown.masked,
            [
                "request.headers.Authorization",
                "request.body",
                "reply.headers.X-Echo",
                "reply.body",
                "outcome.attributes.user.token",
                "outcome.log",
                "variables.secret.api_key"
            ]
        );
        assert!(!format!("{shown:?}").contains("k-1234"));
    }

    #[test]
    fn revealed_means_all_and_nothing_is_listed() {
        let shown = Shown::new(&exchange(), Secrecy::Revealed);
        assert_eq!(shown.masked, [""; 0]);
        assert_eq!(shown.request.map(|request| request.headers[1].1.clone()).as_deref(), Some("Bearer k-1234"));
    }

    #[test]
    fn bullets_that_were_really_sent_are_no_mask() {
        let url = TaintedText::plain(format!("https://a/?key={MASK}"));
        let request = Request { method: "GET".into(), url, headers: vec![], body: None };
        let exchange = Exchange { request: Some(request), ..Exchange::default() };
        assert_eq!(Shown::new(&exchange, Secrecy::Masked).masked, [""; 0]);
    }

    #[test]
    fn a_message_that_was_masked_when_it_was_made_is_listed() {
        let failure = Failure::new(ErrorKind::TokenRequestFailed, format!("the secret {MASK} is wrong"));
        let exchange = Exchange { error: Some(failure), ..Exchange::default() };
        assert_eq!(Shown::new(&exchange, Secrecy::Masked).masked, ["error.message"]);
    }

    #[test]
    fn numbers_keys_and_nested_values_do_not_give_a_secret_away() {
        let mut exchange = Exchange::default();
        exchange.secret_values.insert("12345");
        let value: Value = json!({"a": [12345, {"x12345": 1}], "b": 12}).into();
        let outcome = Outcome { attributes: vec![(AttributeName::new("user", "a"), value)], ..Outcome::default() };
        exchange.outcome = Some(outcome);
        let shown = Shown::new(&exchange, Secrecy::Masked);
        let attributes = shown.outcome.map(|outcome| outcome.attributes).unwrap_or_default();
        assert_eq!(attributes[0].1, json!({"a": [MASK, {format!("x{MASK}"): 1}], "b": 12}));
        assert_eq!(shown.masked, ["outcome.attributes.user.a"]);
    }

    #[test]
    fn a_secret_is_found_in_any_charset() {
        let latin = b"<k-\xe4\xdf-12345>".to_vec();
        let utf_16: Vec<u8> = "<k-äß-12345>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let plain: Vec<u8> = "<k-67890>".encode_utf16().flat_map(u16::to_be_bytes).collect();
        for body in [latin, utf_16, plain] {
            for charset in ["utf-8", "ISO-8859-1", "utf-16le", "utf-16be", "koi8-r", "none"] {
                let headers = vec![("Content-Type".to_string(), format!("text/plain; charset={charset}"))];
                let reply = Reply { status: 200, headers, delay_milliseconds: 0, body: body.clone() };
                let mut exchange = Exchange { reply: Some(reply), ..Exchange::default() };
                ["k-äß-12345", "k-67890"].iter().for_each(|secret| exchange.secret_values.insert(secret));
                let shown = Shown::new(&exchange, Secrecy::Masked).reply.map(|reply| (reply.body, reply.bytes));
                assert_eq!(shown, Some((format!("<{MASK}>"), None)), "{charset}");
            }
        }
    }

    #[test]
    fn one_body_may_echo_a_secret_in_several_charsets() {
        let utf_16: Vec<u8> = "k-äß-12345".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let body = [&b"<k-\xe4\xdf-12345>"[..], "<k-äß-12345>".as_bytes(), b"<", &utf_16, b">"].concat();
        for charset in ["utf-8", "ISO-8859-1", "utf-16le", "none"] {
            let headers = vec![("Content-Type".to_string(), format!("text/plain; charset={charset}"))];
            let reply = Reply { status: 200, headers, delay_milliseconds: 0, body: body.clone() };
            let mut exchange = Exchange { reply: Some(reply), ..Exchange::default() };
            exchange.secret_values.insert("k-äß-12345");
            let shown =
                Shown::new(&exchange, Secrecy::Masked).reply.map(|reply| (reply.body.replace('\0', ""), reply.bytes));
            assert_eq!(shown, Some((format!("<{MASK}><{MASK}><{MASK}>"), None)), "{charset}");
        }
    }

    #[test]
    fn an_encoded_secret_that_comes_back_is_masked() {
        let mut body = TaintedText::plain("{\"key\":\"");
        body.push(&TaintedText::secret("ay0xMjM0"));
        let request =
            Request { method: "POST".into(), url: TaintedText::plain("https://a/"), headers: vec![], body: Some(body) };
        let reply = Reply { status: 200, headers: vec![], delay_milliseconds: 0, body: b"you sent ay0xMjM0".to_vec() };
        let exchange = Exchange { request: Some(request), reply: Some(reply), ..Exchange::default() };
        let shown = Shown::new(&exchange, Secrecy::Masked);
        assert_eq!(shown.reply.map(|reply| reply.body), Some(format!("you sent {MASK}")));
    }
}
