//! An exchange as the log keeps it, and as it is shown: without secrets.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::SystemTime;

use axum::http::{HeaderMap, Version};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value as Json, json};

use super::chaos::Disturbance;
use super::handle::seconds;
use super::options::MAX_LOGGED_BODY_BYTES;
use super::ring::HeldBytes;
use super::served::{ReadyReply, Served};
use crate::case::Fault;
use crate::certificate::Certificate;
use crate::eval::SecretValues;
use crate::mock::ReceivedRequest;
use crate::mock::derive::{ChosenBy, Facts, Part, Purpose, Recovered, Row, RowVerdict};
use crate::plan::is_credential_name;
use crate::value::MASK;

/// Whether a request is what an action sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Matches,
    Differs,
    /// No action is served there.
    Unmatched,
}

impl Verdict {
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Matches => "matches",
            Verdict::Differs => "differs",
            Verdict::Unmatched => "unmatched",
        }
    }
}

/// An exchange as the log keeps it.
pub struct Logged {
    pub id: u64,
    pub at: SystemTime,
    /// What was served then.
    pub served: Arc<Served>,
    pub action: Option<usize>,
    pub case: Option<usize>,
    pub chosen: Option<ChosenBy>,
    pub purpose: Purpose,
    pub verdict: Verdict,
    /// With no more of its body than is kept.
    pub request: ReceivedRequest,
    pub request_bytes: usize,
    pub version: Version,
    pub is_encrypted: bool,
    pub client_certificate: Option<Arc<Certificate>>,
    /// What was done to the reply on purpose.
    pub disturbance: Option<Disturbance>,
    pub recovered: Recovered,
    pub rows: Vec<Row>,
    pub answer: Result<Arc<ReadyReply>, Fault>,
    /// Secrets of this exchange alone, such as its token.
    pub secrets: Option<Arc<SecretValues>>,
    pub duration_milliseconds: f64,
}

impl HeldBytes for Logged {
    fn held_bytes(&self) -> usize {
        const FIXED: usize = 512;
        let headers: usize = self.request.headers.iter().map(|(name, value)| name.len() + value.len() + 48).sum();
        let rows: usize = self.rows.iter().map(row_bytes).sum();
        let recovered: usize = self.recovered.attributes.iter().map(|known| known.value.size() + 96).sum();
        let secrets: usize = self.secrets.iter().flat_map(|secrets| secrets.iter()).map(|text| 2 * text.len() + 48).sum();
        FIXED + secrets + self.request.target.len() + headers + self.request.body.len() + rows + recovered
    }
}

fn row_bytes(row: &Row) -> usize {
    let texts = row.expected.iter().chain(&row.got).chain(&row.note).map(String::len).sum::<usize>();
    size_of::<Row>() + row.place.len() + texts
}

/// Lets go of what the log does not keep of a body.
pub fn cut(body: &mut Vec<u8>, net: &SecretValues) {
    body.truncate(kept_length(body, net));
    body.shrink_to_fit();
}

/// How much of a body is kept: no part of a secret, by which it could be told, where the rest is cut off.
fn kept_length(body: &[u8], net: &SecretValues) -> usize {
    // A secret in its longest spelling is hardly longer.
    const AROUND: usize = 8 * 1024;
    if body.len() <= MAX_LOGGED_BODY_BYTES {
        return body.len();
    }
    let around = &body[MAX_LOGGED_BODY_BYTES - AROUND..body.len().min(MAX_LOGGED_BODY_BYTES + AROUND)];
    let is_secret = net.stand_in(&String::from_utf8_lossy(around));
    if is_secret { MAX_LOGGED_BODY_BYTES - AROUND } else { MAX_LOGGED_BODY_BYTES }
}

impl Logged {
    /// The secrets in play.
    pub fn net(&self) -> Cow<'_, SecretValues> {
        let mut recovered = self.recovered.attributes.iter();
        if self.secrets.is_none() && !recovered.any(|known| known.value.is_secret()) {
            return Cow::Borrowed(&self.served.secrets);
        }
        let mut net = SecretValues::clone(&self.served.secrets);
        self.secrets.iter().for_each(|secrets| net.extend(secrets));
        for known in self.recovered.attributes.iter().filter(|known| known.value.is_secret()) {
            net.insert_value(&known.value);
        }
        Cow::Owned(net)
    }

    pub fn spec(&self) -> Option<&str> {
        self.action.map(|index| self.served.site.actions[index].id.as_str())
    }

    pub fn case_name(&self) -> Option<&str> {
        let action = &self.served.site.actions[self.action?];
        Some(action.cases.get(self.case?)?.case.name.value.as_str())
    }

    pub fn status(&self) -> Option<u16> {
        self.answer.as_ref().ok().map(|reply| reply.status.as_u16())
    }

    fn differences(&self) -> usize {
        self.rows.iter().filter(|row| row.verdict == RowVerdict::Differs).count()
    }

    /// The exchange as an item of the log's list.
    pub fn item(&self) -> Json {
        self.item_through(&self.net())
    }

    fn item_through(&self, net: &SecretValues) -> Json {
        json!({
            "id": self.id,
            "at": jiff::Timestamp::try_from(self.at).map(|at| format!("{at:.3}")).unwrap_or_default(),
            "spec": self.spec(),
            "case": self.case_name(),
            "purpose": self.purpose.name(),
            "verdict": self.verdict.name(),
            "method": net.mask(&self.request.method),
            "target": net.mask(&self.request.target),
            "status": self.status(),
            "fault": self.answer.as_ref().err().map(|fault| fault.name()),
            "chaos": self.disturbance.map(Disturbance::name),
            "differences": self.differences(),
            "request_bytes": self.request_bytes,
            "reply_bytes": self.answer.as_ref().map_or(0, |reply| reply.body.len()),
            "duration_ms": self.duration_milliseconds,
        })
    }

    /// All of the exchange.
    pub fn whole(&self) -> Json {
        let net = self.net();
        let mut masked = Vec::new();
        let Json::Object(mut whole) = self.item_through(&net) else { return Json::Null };
        let action = self.action.map(|index| &self.served.site.actions[index]);
        let compared = self.compared();
        let (recovered, rows) =
            compared.as_ref().map_or((&self.recovered, &self.rows), |(recovered, rows)| (recovered, rows));
        let recovered = recovered.attributes.iter();
        let recovered: Map<String, Json> =
            recovered.map(|known| (known.name.full().to_string(), mask_json(known.value.to_masked_json(), &net))).collect();
        whole.insert("file".into(), action.map(|action| action.path.as_str()).into());
        whole.insert("chosen_by".into(), self.chosen.map(ChosenBy::name).into());
        let request = self.request_json(&net, &mut masked);
        whole.insert("request".into(), request);
        whole.insert("recovered".into(), recovered.into());
        let rows = rows.iter().map(|row| mask_json(row_json(row), &net));
        whole.insert("checks".into(), rows.collect());
        whole.insert("nearest".into(), self.nearest(&net));
        whole.insert("reply".into(), self.answer.as_ref().map_or(Json::Null, |reply| reply_json(reply, &net, &mut masked)));
        whole.insert("masked".into(), masked.into());
        whole.into()
    }

    /// A request that is exactly what a case sends was not compared when it came. For who looks at it, it is.
    fn compared(&self) -> Option<(Recovered, Vec<Row>)> {
        let is_exact = self.verdict == Verdict::Matches && self.rows.is_empty() && self.purpose == Purpose::Webhook;
        if !is_exact || self.request_bytes > self.request.body.len() {
            return None;
        }
        let action = &self.served.site.actions[self.action?];
        let found = self.served.site.find(&self.request)?;
        let recovered = action.recover(&found.arrived);
        let prepared = action.cases.get(self.case?)?;
        let mut rows = action.verify(&prepared.case, &recovered, &found.arrived);
        let facts = Facts {
            now: seconds(self.at),
            is_encrypted: self.is_encrypted,
            client_certificate: self.client_certificate.as_deref(),
            ..Facts::default()
        };
        rows.extend(action.authenticate(prepared, &recovered, &found.arrived, &facts));
        Some((recovered, rows))
    }

    fn nearest(&self, net: &SecretValues) -> Json {
        if self.verdict != Verdict::Unmatched {
            return json!([]);
        }
        let nearest = self.served.site.nearest(&self.request);
        nearest
            .iter()
            .map(|(action, rows)| {
                json!({
                    "spec": action.id,
                    "case": null,
                    "checks": rows.iter().map(|row| mask_json(row_json(row), net)).collect::<Vec<_>>(),
                })
            })
            .collect()
    }

    fn request_json(&self, net: &SecretValues, masked: &mut Vec<String>) -> Json {
        let headers: Vec<(&str, String)> = self
            .request
            .headers
            .iter()
            .map(|(name, value)| {
                let shown = self.shown_header(name, value, net);
                if shown != *value {
                    note(masked, format!("request.headers.{name}"));
                }
                (name.as_str(), shown)
            })
            .collect();
        let (body, base64) = shown_body(&self.request.body, net, "request.body", masked);
        json!({
            "version": format!("{:?}", self.version),
            "scheme": if self.is_encrypted { "https" } else { "http" },
            "client_certificate": self.client_certificate.as_ref().map(|certificate| &certificate.subject),
            "headers": headers,
            "body": body,
            "body_base64": base64,
            "cut": self.request_bytes > self.request.body.len(),
        })
    }

    /// What stands where a secret is expected is none of anybody's business, right or wrong; nor is a credential that nobody
    /// expects.
    pub fn shown_header(&self, name: &str, value: &str, net: &SecretValues) -> String {
        let is_of =
            |row: &&Row| matches!(row.part, Part::Header | Part::Authentication) && row.place.eq_ignore_ascii_case(name);
        match self.rows.iter().find(is_of).and_then(|row| Some((row.expected.as_deref()?, row.got.as_deref()?))) {
            Some((expected, got)) if expected.contains(MASK) || got.contains(MASK) => got.to_string(),
            Some(_) => net.mask(value),
            None if !self.is_planned(name) && is_credential_name(name) => match value.split_once(' ') {
                Some((scheme, _)) => format!("{scheme} {MASK}"),
                None => MASK.to_string(),
            },
            None => net.mask(value),
        }
    }

    /// Whether the header is one that the action sends, whose secrets the net knows.
    fn is_planned(&self, name: &str) -> bool {
        let Some(action) = self.action.map(|index| &self.served.site.actions[index]) else { return false };
        let requests = action.cases.iter().filter_map(|prepared| prepared.exchange.request.as_ref());
        let is_exact = self.rows.is_empty() && self.verdict == Verdict::Matches;
        is_exact && requests.flat_map(|request| &request.headers).any(|(known, _)| known.eq_ignore_ascii_case(name))
    }
}

/// A row of the table that says what differs.
pub fn row_json(row: &Row) -> Json {
    json!({
        "part": row.part.name(),
        "place": row.place,
        "expected": row.expected,
        "got": row.got,
        "verdict": row.verdict.name(),
        "note": row.note,
    })
}

fn reply_json(reply: &ReadyReply, net: &SecretValues, masked: &mut Vec<String>) -> Json {
    let headers = header_texts(&reply.headers).map(|(name, value)| {
        let shown = net.mask(&value);
        if shown != value {
            note(masked, format!("reply.headers.{name}"));
        }
        (name, shown)
    });
    let headers: Vec<(String, String)> = headers.collect();
    let kept = &reply.body[..kept_length(&reply.body, net)];
    let (body, base64) = shown_body(kept, net, "reply.body", masked);
    json!({"headers": headers, "body": body, "body_base64": base64, "cut": kept.len() < reply.body.len()})
}

fn header_texts(headers: &HeaderMap) -> impl Iterator<Item = (String, String)> {
    headers.iter().map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
}

/// The body as text, or as Base64 where it is none.
pub fn shown_body(body: &[u8], net: &SecretValues, place: &str, masked: &mut Vec<String>) -> (Json, Json) {
    match text_of(body) {
        Some(text) => {
            let shown = net.mask(text);
            if shown != text {
                note(masked, place.to_string());
            }
            (shown.into(), Json::Null)
        }
        None => {
            let lossy = String::from_utf8_lossy(body);
            match net.stand_in(&lossy) {
                true => {
                    note(masked, place.to_string());
                    (net.mask(&lossy).into(), Json::Null)
                }
                false => (Json::Null, STANDARD.encode(body).into()),
            }
        }
    }
}

/// Text that may have been cut within a character.
fn text_of(body: &[u8]) -> Option<&str> {
    match std::str::from_utf8(body) {
        Ok(text) => Some(text),
        Err(error) if error.error_len().is_none() && body.len() >= MAX_LOGGED_BODY_BYTES => {
            std::str::from_utf8(&body[..error.valid_up_to()]).ok()
        }
        Err(_) => None,
    }
}

fn note(masked: &mut Vec<String>, place: String) {
    if !masked.contains(&place) {
        masked.push(place);
    }
}

/// Nested as deep as the parsers allow.
pub fn mask_json(json: Json, net: &SecretValues) -> Json {
    match json {
        Json::String(text) => net.mask(&text).into(),
        Json::Number(number) if net.stand_in(&number.to_string()) => MASK.into(),
        Json::Array(items) => items.into_iter().map(|item| mask_json(item, net)).collect(),
        Json::Object(entries) => entries.into_iter().map(|(key, value)| (net.mask(&key), mask_json(value, net))).collect(),
        other => other,
    }
}
