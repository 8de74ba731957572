//! One request on its way through the mock.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, Request, Response, StatusCode, Version, header};
use http_body_util::{BodyExt, Either, Full, LengthLimitError, Limited};
use hyper::body::{Body as _, Incoming};
use serde_json::json;

use super::decide::decide;
use super::entry::Entry;
use super::event::Event;
use super::logged::{Logged, Verdict, cut};
use super::options::READ_TIMEOUT;
use super::served::{ReadyReply, Served};
use super::shared::Shared;
use crate::case::Fault;
use crate::mock::ReceivedRequest;
use crate::mock::derive::Facts;

/// A reply of the mock, or of what is below `/__hookwright/`.
pub type Reply = Response<Either<Full<Bytes>, Body>>;

/// What is known of a connection.
#[derive(Clone, Copy, Debug)]
pub struct Connection {
    pub is_encrypted: bool,
}

/// Why no reply goes out: the fault that stands in its place.
#[derive(Debug)]
pub struct NoReply(pub Fault);

impl std::fmt::Display for NoReply {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.0.name())
    }
}

impl std::error::Error for NoReply {}

/// Answers a request.
pub async fn handle(request: Request<Incoming>, connection: Connection, shared: Arc<Shared>) -> Result<Reply, NoReply> {
    if super::control::is_below(request.uri().path()) {
        let reply: Result<Response<Body>, Infallible> = super::control::answer(request, shared).await;
        let Ok(reply) = reply;
        return Ok(reply.map(Either::Right));
    }
    let started = Instant::now();
    let (version, served) = (request.version(), shared.served());
    let received = match received(request, &shared).await {
        Ok(received) => received,
        Err((status, why)) => return Ok(response(&ReadyReply::json(status, &json!({"error": why})))),
    };
    let (answer, reply_headers, line) = log(received, version, connection, &shared, served, started);
    let is_written = match (line, shared.journal.get()) {
        (Some(line), Some(journal)) => journal.write(line, &shared).await,
        _ => true,
    };
    let delay = answer.as_ref().map_or(0, |reply| reply.delay_milliseconds);
    let wait = shared.options.latency + Duration::from_millis(delay);
    if !wait.is_zero() {
        tokio::time::sleep(wait).await;
    }
    match answer {
        Ok(reply) => {
            let mut response = response(&reply);
            response.headers_mut().extend(reply_headers);
            if !is_written {
                response.headers_mut().insert(JOURNAL, HeaderValue::from_static("not-written"));
            }
            Ok(response)
        }
        Err(Fault::Timeout) => std::future::pending().await,
        Err(fault) => Err(NoReply(fault)),
    }
}

type Headers = [(HeaderName, HeaderValue); 3];

const EXCHANGE: HeaderName = HeaderName::from_static("x-hookwright-exchange");
const CASE: HeaderName = HeaderName::from_static("x-hookwright-case");
const VERDICT: HeaderName = HeaderName::from_static("x-hookwright-verdict");
/// Only where the exchange should be in the journal and is not.
const JOURNAL: HeaderName = HeaderName::from_static("x-hookwright-journal");

/// Decides on the request, logs it and says what to answer, and what goes into the journal before.
fn log(
    mut request: ReceivedRequest,
    version: Version,
    connection: Connection,
    shared: &Shared,
    served: Arc<Served>,
    started: Instant,
) -> (Result<Arc<ReadyReply>, Fault>, Headers, Option<String>) {
    let now = SystemTime::now();
    let facts = Facts { now: seconds(now), is_encrypted: connection.is_encrypted, ..Facts::default() };
    let decision = decide(shared, &served, &request, &facts);
    let request_bytes = request.body.len();
    cut(&mut request.body);
    let id = shared.log.reserve();
    let name = decision.action.zip(decision.case).map(|(action, case)| served.answers[action][case].name.clone());
    let headers = [
        (EXCHANGE, HeaderValue::from(id)),
        (CASE, name.unwrap_or(HeaderValue::from_static(""))),
        (VERDICT, HeaderValue::from_static(decision.verdict.name())),
    ];
    let logged = Logged {
        id,
        at: now,
        served,
        action: decision.action,
        case: decision.case,
        chosen: decision.chosen,
        purpose: decision.purpose,
        verdict: decision.verdict,
        request,
        request_bytes,
        version,
        is_encrypted: connection.is_encrypted,
        recovered: decision.recovered,
        rows: decision.rows,
        answer: decision.answer.clone(),
        secrets: decision.secrets,
        duration_milliseconds: (started.elapsed().as_secs_f64() * 1e6).round() / 1e3,
    };
    shared.count(logged.verdict);
    tell(&logged, shared);
    let line = shared.journal.get().map(|journal| journal.line(&logged));
    shared.log.push_reserved(id, Entry::Live(logged));
    (decision.answer, headers, line)
}

/// Unix seconds.
pub fn seconds(time: SystemTime) -> i64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs().cast_signed())
}

fn tell(logged: &Logged, shared: &Shared) {
    let is_watched = shared.watchers.receiver_count() > 0;
    let is_told = shared.options.tells_exchanges || logged.verdict != Verdict::Matches;
    if !is_watched && !is_told {
        return;
    }
    let item = logged.item();
    shared.show("exchange", &item);
    if is_told {
        shared.tell(Event::Exchange(item));
    }
}

/// The request with its body, which is neither too long nor too slow.
async fn received(request: Request<Incoming>, shared: &Shared) -> Result<ReceivedRequest, (StatusCode, String)> {
    let limit = shared.options.max_body_bytes;
    let too_large = || (StatusCode::PAYLOAD_TOO_LARGE, format!("the body is larger than the limit of {limit} bytes"));
    let (head, body) = request.into_parts();
    if body.size_hint().lower() > limit as u64 {
        return Err(too_large());
    }
    let target = head.uri.path_and_query().map_or("/", |target| target.as_str()).to_string();
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let mut headers: Vec<(String, String)> =
        head.headers.iter().map(|(name, value)| (name.as_str().to_string(), text(value))).collect();
    // HTTP/2 names the host beside the headers (RFC 9113, section 8.3.1).
    if let (Some(authority), false) = (head.uri.authority(), head.headers.contains_key(header::HOST)) {
        headers.insert(0, ("host".to_string(), authority.to_string()));
    }
    let mut received = ReceivedRequest { method: head.method.as_str().to_string(), target, headers, body: Vec::new() };
    if body.is_end_stream() {
        return Ok(received);
    }
    match tokio::time::timeout(READ_TIMEOUT, Limited::new(body, limit).collect()).await {
        Ok(Ok(body)) => received.body = body.to_bytes().to_vec(),
        Ok(Err(error)) if error.is::<LengthLimitError>() => return Err(too_large()),
        Ok(Err(error)) => return Err((StatusCode::BAD_REQUEST, format!("the body cannot be read: {error}"))),
        Err(_) => return Err((StatusCode::REQUEST_TIMEOUT, "the body took too long".to_string())),
    }
    Ok(received)
}

fn response(reply: &ReadyReply) -> Reply {
    let mut response = Response::new(Either::Left(Full::new(reply.body.clone())));
    *response.status_mut() = reply.status;
    *response.headers_mut() = reply.headers.clone();
    response
}
