//! Published signatures, made by templates: HMACs of the RFCs, of AWS, and of those who send webhooks.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hookwright::eval::single::Use;
use hookwright::value::{Json, Value};

use super::{data, list, text};
use crate::support::{Action, Tally, alone, contexts_with, given, header, toml_string};

/// A signature to be made: all in bytes, but the key as it is written.
struct Row {
    name: String,
    algorithm: String,
    key: String,
    key_encoding: String,
    message: Vec<u8>,
    expected: Vec<u8>,
}

fn bytes(written: &str, encoding: &str) -> Vec<u8> {
    match encoding {
        "hex" | "HEX" => hex::decode(written).expect("hexadecimal"),
        "base64" => STANDARD.decode(written).expect("base64"),
        "base64url" => URL_SAFE_NO_PAD.decode(written).expect("base64url"),
        other => panic!("no encoding `{other}`"),
    }
}

fn of_rfc(row: &Json) -> Row {
    Row {
        name: text(row, "name").into(),
        algorithm: text(row, "alg").into(),
        key: text(row, "key_hex").into(),
        key_encoding: "hex".into(),
        message: bytes(text(row, "message_hex"), "hex"),
        expected: bytes(text(row, "expected_hex"), "hex"),
    }
}

fn published(row: &Json) -> Row {
    Row {
        name: text(row, "name").into(),
        algorithm: text(row, "alg").into(),
        key: text(row, "key").into(),
        key_encoding: text(row, "key_encoding").into(),
        message: text(row, "message").into(),
        expected: bytes(text(row, "expected"), text(row, "expected_encoding")),
    }
}

impl Row {
    /// The message as a template reads it: as it is, or out of base64 where it is no text.
    fn message(&self) -> (Value, &'static str) {
        match std::str::from_utf8(&self.message) {
            Ok(text) => (text.into(), ""),
            Err(_) => (STANDARD.encode(&self.message).into(), " | base64 -d"),
        }
    }

    fn filter(&self) -> String {
        match self.algorithm.strip_prefix("hash:") {
            Some(hash) => hash.to_string(),
            None => format!("hmac {} @secret.key {}", self.algorithm, self.key_encoding),
        }
    }

    /// By the filter, over an attribute.
    fn by_filter(&self) -> Option<String> {
        let (message, decode) = self.message();
        let variable = format!("{{user.message{decode} | {}}}", self.filter());
        let action = signing(&variable, "{_auth.signature | base64}", "");
        self.compare(&action, &[("user.message", message)], &STANDARD.encode(&self.expected))
    }

    /// By the filter, over the body that is sent.
    fn over_the_body(&self) -> Option<String> {
        let body = std::str::from_utf8(&self.message).expect("JSON is text");
        let variable = format!("{{_webhook.body | {}}}", self.filter());
        let more = format!("body = {}\n[assume]\nbody_format = \"as-written\"", toml_string(body));
        let action = signing(&variable, "{_auth.signature | base64}", &more);
        self.compare(&action, &[], &STANDARD.encode(&self.expected))
    }

    /// By the function, which prints hexadecimal digits.
    fn by_function(&self) -> Option<String> {
        let action = signing("hmac-sha256({user.message}, {secret.key})", "{_auth.signature}", "");
        self.compare(&action, &[("user.message", self.message().0)], &hex::encode(&self.expected))
    }

    fn compare(&self, action: &Action, values: &[(&str, Value)], expected: &str) -> Option<String> {
        let mut values = values.to_vec();
        values.push(("secret.key", Value::from(self.key.as_str())));
        let request = match action.request(&values) {
            Ok(request) => request,
            Err(failure) => return Some(failure.message),
        };
        let got = header(&request, "X-Signature");
        (got != Some(expected)).then(|| format!("expected {expected}, got {got:?}"))
    }

    /// The platform lacks the algorithm: that is a fault, and the value stays as it is.
    fn is_refused(&self) -> Option<String> {
        let template = format!("{{user.message | {}}}", self.filter());
        let values = given(&[("user.message", "m".into()), ("secret.key", self.key.as_str().into())]);
        let alone = alone(&template, Use::Text, &values, &contexts_with([]));
        let is_refused = alone.faults == ["filter-argument"] && alone.json() == Some(&"m".into());
        (!is_refused).then(|| format!("faults {:?}, got {:?}", alone.faults, alone.result))
    }
}

/// An action whose authentication signs; `more` begins with keys of `[action]`.
fn signing(variable: &str, value: &str, more: &str) -> Action {
    let (variable, value) = (toml_string(variable), toml_string(value));
    Action::sound(&format!(
        "action.auth.type = \"header\"\naction.auth.variables.signature = {variable}\naction.auth.headers.X-Signature = {value}\naction.name = \"a\"\naction.method = \"POST\"\naction.url = \"https://example.com\"\naction.{}",
        if more.is_empty() { "description = \"\"" } else { more }
    ))
}

fn check(rows: Vec<Row>, title: &str) {
    let (mut filter, mut function, mut body) = (Tally::default(), Tally::default(), Tally::default());
    for row in &rows {
        if !["sha256", "sha512", "sha1", "md5", "hash:md5"].contains(&row.algorithm.as_str()) {
            filter.check(&row.name, row.is_refused());
            continue;
        }
        filter.check(&row.name, row.by_filter());
        let is_text = row.key_encoding == "text" && std::str::from_utf8(&row.message).is_ok();
        if is_text && row.algorithm == "sha256" {
            function.check(&row.name, row.by_function());
        }
        if row.message.starts_with(b"{") && serde_json::from_slice::<Json>(&row.message).is_ok() {
            body.check(&row.name, row.over_the_body());
        }
    }
    filter.report(&format!("{title}, by filter"));
    for (tally, how) in [(function, "by function"), (body, "over the body")] {
        if tally.rows() > 0 {
            tally.report(&format!("{title}, {how}"));
        }
    }
}

#[test]
fn vectors_of_the_rfcs() {
    let Some(data) = data("hmac/rfc_hmac.json") else { return };
    check(list(&data["cases"]).iter().map(of_rfc).collect(), "rfc_hmac.json");
}

#[test]
fn signatures_of_aws() {
    let Some(data) = data("signatures/aws_sigv4_hmac_hexkey.json") else { return };
    check(list(&data).iter().map(published).collect(), "aws_sigv4_hmac_hexkey.json");
}

#[test]
fn signatures_of_webhooks() {
    let Some(data) = data("signatures/webhook_signatures.json") else { return };
    check(list(&data).iter().map(published).collect(), "webhook_signatures.json");
}
