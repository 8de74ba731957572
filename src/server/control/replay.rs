//! Sends the request of an exchange to another URL.
//!
//! What is masked is never sent in place of what it hides. The real secrets of a request go with it only to this machine, or
//! when the caller says so.

use std::net::IpAddr;
use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::http::{Response, StatusCode};
use axum::response::IntoResponse;
use serde::Deserialize;
use serde_json::{Value, json};
use url::{Host, Url};

use super::super::entry::Entry;
use super::super::logged::{Logged, shown_body};
use super::super::shared::Shared;
use super::answers::entry;
use super::case::without_case;
use super::copies::received;
use super::{Call, Refused};
use crate::case::Reply;
use crate::eval::{Request, SecretValues};
use crate::mock::derive::{CASE_HEADER, Site};
use crate::run::{Connection, LiveClient, is_framing};
use crate::value::{MASK, TaintedText};

/// How long a replay may take, in milliseconds.
const TIMEOUT: u64 = 30_000;

/// So much of the reply's body is given.
pub const MAX_SHOWN_BYTES: usize = 1024 * 1024;

/// Header fields of one connection (RFC 9110, section 7.6.1), and those that are said anew of each request.
const OF_ONE_HOP: [&str; 7] =
    ["host", "te", "trailer", "proxy-authorization", "proxy-authenticate", "expect", "http2-settings"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    url: String,
    #[serde(default)]
    allow_secrets: bool,
}

pub async fn replay(call: Call) -> Result<Response<Body>, Refused> {
    let wanted: Wanted = serde_json::from_slice(&call.body)
        .map_err(|error| Refused::bad_request(format!("the body is not {{\"url\": \"http://…\"}}: {error}")))?;
    let url = url(&wanted.url)?;
    let entry = entry(&call)?;
    let may_send_secrets = wanted.allow_secrets || is_this_machine(&url);
    let shared = Arc::clone(&call.shared);
    let replayed = call.shared.desk.replay(move || {
        let recorded = Recorded::of(&entry, &shared)?;
        let outgoing = recorded.outgoing(url, may_send_secrets)?;
        let client = shared.desk.client();
        let client = client.map_err(|error| Refused::new(StatusCode::SERVICE_UNAVAILABLE, error.to_string()))?;
        Ok(send(&client, outgoing, &recorded.net))
    });
    replayed.await?
}

/// An http or https URL.
fn url(text: &str) -> Result<Url, Refused> {
    let refused = |why: &str| Refused::bad_request(format!("the URL {why}"));
    let url = Url::parse(text).map_err(|error| refused(&format!("cannot be read: {error}")))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(refused("is neither http nor https"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refused("has a user's name or password, which would not be sent"));
    }
    Ok(url)
}

fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::V6(address).to_canonical().is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

/// A recorded request with what is secret in it.
struct Recorded {
    method: String,
    /// Behind the prefix that the mock serves the action below.
    target: String,
    target_is_secret: bool,
    headers: Vec<Header>,
    body: Vec<u8>,
    body_is_secret: bool,
    /// Whether the values are the real ones; a journal has none that are secret.
    is_real: bool,
    net: SecretValues,
}

struct Header {
    name: String,
    value: String,
    is_secret: bool,
}

impl Recorded {
    fn of(entry: &Entry, shared: &Shared) -> Result<Recorded, Refused> {
        let recorded = match entry {
            Entry::Live(logged) => Recorded::live(logged),
            Entry::Opened(_) => Recorded::opened(&entry.whole(), &shared.served().site),
        };
        recorded.map_err(|why| Refused::conflict(format!("the request cannot be sent again: {why}")))
    }

    fn live(logged: &Logged) -> Result<Recorded, String> {
        let request = &logged.request;
        if logged.request_bytes > request.body.len() {
            return Err("its body was longer than the log keeps".to_string());
        }
        let net = logged.net();
        let header = |(name, value): &(String, String)| Header {
            is_secret: logged.shown_header(name, value, &net) != *value,
            name: name.clone(),
            value: value.clone(),
        };
        let found = logged.served.site.find(request);
        let target = found.map_or(request.target.as_str(), |found| found.arrived.target());
        Ok(Recorded {
            method: request.method.clone(),
            target: without_case(target),
            target_is_secret: net.stand_in(target),
            headers: request.headers.iter().map(header).collect(),
            body_is_secret: net.stand_in(&String::from_utf8_lossy(&request.body)),
            body: request.body.clone(),
            is_real: true,
            net: net.into_owned(),
        })
    }

    fn opened(whole: &Value, site: &Site) -> Result<Recorded, String> {
        let request = received(whole)?;
        let masked: Vec<&str> = whole["masked"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let is_masked = |name: &str, value: &str| {
            value.contains(MASK) || masked.iter().any(|place| place.strip_prefix("request.headers.") == Some(name))
        };
        let header = |(name, value): &(String, String)| Header {
            is_secret: is_masked(name, value),
            name: name.clone(),
            value: value.clone(),
        };
        let target = site.find(&request).map_or_else(|| request.target.clone(), |found| found.arrived.target().to_string());
        Ok(Recorded {
            target_is_secret: target.contains(MASK),
            target: without_case(&target),
            headers: request.headers.iter().map(header).collect(),
            body_is_secret: masked.contains(&"request.body"),
            body: request.body,
            method: request.method,
            is_real: false,
            net: SecretValues::default(),
        })
    }

    /// What is sent. A header that is a secret is left out where it must not go; what else holds one cannot be. One that was
    /// no UTF-8 is left out as well: its bytes are not kept.
    fn outgoing(&self, url: Url, may_send_secrets: bool) -> Result<Outgoing<'_>, Refused> {
        let may_send_secrets = may_send_secrets && self.is_real;
        let place = [(self.target_is_secret, "path or query"), (self.body_is_secret, "body")];
        if let Some((_, place)) = place.iter().find(|(is_secret, _)| *is_secret && !may_send_secrets) {
            let help =
                if self.is_real { "; `\"allow_secrets\": true` sends it" } else { ", which the journal does not hold" };
            return Err(Refused::conflict(format!("the request holds a secret in its {place}{help}")));
        }
        let mut outgoing = Outgoing { headers: Vec::new(), left_out: Vec::new(), url: self.url(url), replayed: self };
        for header in self.headers.iter().filter(|header| is_sent(&header.name)) {
            match (header.is_secret, may_send_secrets) {
                _ if header.value.contains(char::REPLACEMENT_CHARACTER) => {
                    outgoing.left_out.push(format!("request.headers.{}", header.name));
                }
                (true, false) => outgoing.left_out.push(format!("request.headers.{}", header.name)),
                (true, true) => outgoing.headers.push((header.name.clone(), TaintedText::secret(header.value.clone()))),
                (false, _) => outgoing.headers.push((header.name.clone(), TaintedText::plain(header.value.clone()))),
            }
        }
        Ok(outgoing)
    }

    /// A URL that names no path is a base for the recorded one; one that does is whole, but for a query that it does not have.
    fn url(&self, mut url: Url) -> String {
        let (path, query) =
            self.target.split_once('?').map_or((self.target.as_str(), None), |(path, query)| (path, Some(query)));
        url.set_fragment(None);
        if url.query().is_none() {
            if url.path() == "/" {
                url.set_path(path);
            }
            url.set_query(query);
        }
        url.to_string()
    }
}

fn is_sent(name: &str) -> bool {
    !is_framing(name) && name != CASE_HEADER && !OF_ONE_HOP.contains(&name)
}

struct Outgoing<'r> {
    url: String,
    headers: Vec<(String, TaintedText)>,
    /// Headers that are not sent, for their secrets or since they were not UTF-8.
    left_out: Vec<String>,
    replayed: &'r Recorded,
}

fn send(client: &LiveClient, outgoing: Outgoing<'_>, net: &SecretValues) -> Response<Body> {
    let Outgoing { url, headers, left_out, replayed } = outgoing;
    let request = Request { method: replayed.method.clone(), url: TaintedText::plain(url), headers, body: None };
    let sent = client.send_bytes(&request, replayed.body.clone(), &Connection::plain(TIMEOUT));
    let duration = (sent.elapsed.as_secs_f64() * 1e6).round() / 1e3;
    match (sent.reply, sent.failure) {
        (Some(reply), _) => Json(reply_json(&reply, net, &left_out, duration)).into_response(),
        (None, failure) => {
            let why = failure.map_or_else(|| "no reply came".to_string(), |failure| net.mask(&failure.message));
            let error = json!({"error": why, "left_out": left_out, "duration_ms": duration});
            (StatusCode::BAD_GATEWAY, Json(error)).into_response()
        }
    }
}

/// A server may repeat what it was sent.
fn reply_json(reply: &Reply, net: &SecretValues, left_out: &[String], duration: f64) -> Value {
    let headers: Vec<(&str, String)> = reply.headers.iter().map(|(name, value)| (name.as_str(), net.mask(value))).collect();
    let shown = &reply.body[..reply.body.len().min(MAX_SHOWN_BYTES)];
    let (body, base64) = shown_body(shown, net, "reply.body", &mut Vec::new());
    json!({
        "status": reply.status,
        "headers": headers,
        "body": body,
        "body_base64": base64,
        "cut": shown.len() < reply.body.len(),
        "left_out": left_out,
        "duration_ms": duration,
    })
}
