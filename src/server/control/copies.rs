//! An exchange as something to take away: a case, a command line.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Response, header};
use axum::response::IntoResponse;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value as Json;

use super::super::entry::Entry;
use super::answers::entry;
use super::{Call, Refused};
use crate::case::slug;
use crate::mock::ReceivedRequest;
use crate::report::{self, ShownRequest};
use crate::run::is_framing;

pub async fn case(call: Call) -> Result<Response<Body>, Refused> {
    let entry = entry(&call)?;
    let shared = Arc::clone(&call.shared);
    let written = call.shared.desk.work(move || {
        // An exchange of this process is told by what was served then.
        let served = match &*entry {
            Entry::Live(logged) => Arc::clone(&logged.served),
            Entry::Opened(_) => shared.served(),
        };
        super::case::of(&entry.whole(), &served.site)
    });
    let case = written.await?.map_err(Refused::conflict)?;
    let file = format!("attachment; filename=\"{}.toml\"", file_name(&case.name));
    let headers = [(header::CONTENT_TYPE, "text/plain; charset=utf-8".to_string()), (header::CONTENT_DISPOSITION, file)];
    Ok((headers, case.written()).into_response())
}

/// In ASCII, as the header wants it (RFC 6266, appendix D).
fn file_name(name: &str) -> String {
    const LONGEST: usize = 80;
    let kept = |character: char| character.is_ascii_alphanumeric() || character == '-';
    let name: String =
        slug(name).chars().map(|character| if kept(character) { character } else { '-' }).take(LONGEST).collect();
    if name.is_empty() { "case".to_string() } else { name }
}

pub async fn curl(call: Call) -> Result<Response<Body>, Refused> {
    let entry = entry(&call)?;
    let url = call.shared.url.clone();
    let text = call.shared.desk.work(move || command(&entry.whole(), &url)).await?.map_err(Refused::conflict)?;
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response())
}

/// The command that sends the request to the mock again. A Host that is not the mock's own goes with it.
fn command(whole: &Json, url: &str) -> Result<String, String> {
    let request = received(whole)?;
    let own = url.split_once("://").map_or(url, |(_, authority)| authority);
    let is_said_anew = |name: &str, value: &str| is_framing(name) || (name == "host" && value == own);
    let headers = request.headers.iter().filter(|(name, value)| !is_said_anew(name, value)).cloned().collect();
    let shown = ShownRequest { method: request.method, url: format!("{url}{}", request.target), headers, body: None };
    Ok(match (whole["request"]["body_base64"].as_str(), whole["request"]["body"].as_str()) {
        (Some(base64), _) => report::curl_with_bytes(&shown, base64),
        (None, body) => {
            let body = body.filter(|body| !body.is_empty()).map(str::to_string);
            report::curl(&ShownRequest { body, ..shown })
        }
    })
}

/// The request of a whole exchange, secrets masked. `Err` says why it is not there whole.
pub fn received(whole: &Json) -> Result<ReceivedRequest, String> {
    let request = &whole["request"];
    if request["cut"] == true {
        return Err("the request's body was longer than the log keeps".to_string());
    }
    let body = match (request["body_base64"].as_str(), request["body"].as_str()) {
        (Some(base64), _) => STANDARD.decode(base64).map_err(|_| "the request's body cannot be read".to_string())?,
        (None, text) => text.unwrap_or_default().as_bytes().to_vec(),
    };
    let text = |json: &Json| json.as_str().unwrap_or_default().to_string();
    Ok(ReceivedRequest {
        method: text(&whole["method"]),
        target: text(&whole["target"]),
        headers: pairs(&request["headers"]),
        body,
    })
}

/// `[["host", "…"]]`.
pub fn pairs(json: &Json) -> Vec<(String, String)> {
    let pair = |pair: &Json| Some((pair.get(0)?.as_str()?.to_string(), pair.get(1)?.as_str()?.to_string()));
    json.as_array().into_iter().flatten().filter_map(pair).collect()
}
