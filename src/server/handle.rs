//! One request on its way through the mock.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, Request, Response, StatusCode, Version};
use http_body_util::{Either, Full};
use hyper::body::{Body as _, Incoming};

use super::body::sent;
use super::chaos::Disturbance;
use super::decide::{Circumstances, Decision, decide, refuse};
use super::entry::Entry;
use super::event::Event;
use super::logged::{Logged, Verdict, cut};
use super::open::State;
use super::receive::receive;
use super::served::{ReadyReply, Served};
use super::shared::Shared;
use crate::case::Fault;
use crate::certificate::Certificate;
use crate::mock::ReceivedRequest;
use crate::mock::derive::{Facts, Part};

/// A reply of the mock, or of what is below `/__hookwright/`.
pub type Reply = Response<Either<Full<Bytes>, Body>>;

/// What is known of a connection.
#[derive(Clone, Debug, Default)]
pub struct Connection {
    pub is_encrypted: bool,
    /// What the client has shown, and has the key of.
    pub client_certificate: Option<Arc<Certificate>>,
}

/// Marks a reply to a request that was not read to its end.
#[derive(Clone, Copy, Debug)]
pub struct Unread;

/// Why a request is not taken.
#[derive(Clone, Debug)]
pub struct Refused {
    pub status: StatusCode,
    pub part: Part,
    pub why: String,
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
pub async fn handle(
    request: Request<Incoming>,
    connection: Connection,
    shared: Arc<Shared>,
    state: &State,
) -> Result<Reply, NoReply> {
    if super::control::is_below(request.uri().path()) {
        if request.body().is_end_stream() {
            state.promise();
        }
        let reply: Result<Response<Body>, Infallible> = super::control::answer(request, shared).await;
        let Ok(reply) = reply;
        return Ok(reply.map(Either::Right));
    }
    let started = Instant::now();
    let version = request.version();
    let (received, refused) = receive(request, &shared).await;
    let is_unread = refused.is_some();
    state.promise();
    let arrival = Arrival { request: received.request, version, connection, refused, started, at: SystemTime::now() };
    let outcome = conclude(arrival, &shared);
    drop(received.reserved);
    let is_written = match (outcome.line, shared.journal.get()) {
        (Some(line), Some(journal)) => journal.write(line, &shared).await,
        _ => true,
    };
    if !outcome.wait.is_zero() {
        tokio::time::sleep(outcome.wait).await;
    }
    match outcome.answer {
        Ok(reply) => {
            let mut response = response(&reply);
            response.headers_mut().extend(outcome.headers);
            if !is_written {
                response.headers_mut().insert(JOURNAL, HeaderValue::from_static("not-written"));
            }
            if is_unread {
                response.extensions_mut().insert(Unread);
            }
            Ok(response)
        }
        Err(Fault::Timeout) => {
            state.settle();
            // Until the client goes, or we do; the sender is not gone before.
            let _ = shared.stop.subscribe().wait_for(|stop| *stop).await;
            Err(NoReply(Fault::Timeout))
        }
        Err(fault) => Err(NoReply(fault)),
    }
}

type Headers = [(HeaderName, HeaderValue); 3];

const EXCHANGE: HeaderName = HeaderName::from_static("x-hookwright-exchange");
const CASE: HeaderName = HeaderName::from_static("x-hookwright-case");
const VERDICT: HeaderName = HeaderName::from_static("x-hookwright-verdict");
/// Only where the exchange should be in the journal and is not.
const JOURNAL: HeaderName = HeaderName::from_static("x-hookwright-journal");

/// A request that has arrived, and how.
struct Arrival {
    request: ReceivedRequest,
    version: Version,
    connection: Connection,
    refused: Option<Refused>,
    started: Instant,
    at: SystemTime,
}

/// What is answered, and when.
struct Outcome {
    /// What goes into the journal before.
    line: Option<String>,
    answer: Result<Arc<ReadyReply>, Fault>,
    headers: Headers,
    wait: Duration,
}

/// Decides on a request, with all that may come between.
fn decided(arrival: &Arrival, shared: &Shared, served: &Served) -> (Decision, Option<Disturbance>) {
    if let Some(refused) = &arrival.refused {
        return (refuse(served, &arrival.request, refused), None);
    }
    let disturbance = shared.disturbance();
    let answer = disturbance.and_then(Disturbance::answer);
    let facts = Facts {
        now: seconds(arrival.at),
        is_encrypted: arrival.connection.is_encrypted,
        client_certificate: arrival.connection.client_certificate.as_deref(),
        ..Facts::default()
    };
    let mut decision =
        decide(shared, served, &arrival.request, Circumstances { facts: &facts, is_answered: answer.is_none() });
    if let Some(answer) = answer {
        decision.answer = answer.map(Arc::new);
    }
    (decision, disturbance)
}

/// Decides on the request, logs it and says what to answer.
fn conclude(arrival: Arrival, shared: &Shared) -> Outcome {
    let served = shared.served();
    let (mut decision, disturbance) = decided(&arrival, shared, &served);
    decision.answer = decision.answer.map(|reply| sent(reply, &arrival.request.method));
    let Arrival { mut request, version, connection, started, at, .. } = arrival;
    let request_bytes = request.body.len();
    cut(&mut request.body, &served.secrets);
    let of_case = decision.answer.as_ref().map_or(0, |reply| reply.delay_milliseconds);
    let of_chaos = disturbance.map_or(Duration::ZERO, Disturbance::delay);
    let wait = shared.options.latency + Duration::from_millis(of_case) + of_chaos;
    let id = shared.log.reserve();
    let name = decision.action.zip(decision.case).map(|(action, case)| served.answers[action][case].name.clone());
    let headers = [
        (EXCHANGE, HeaderValue::from(id)),
        (CASE, name.unwrap_or(HeaderValue::from_static(""))),
        (VERDICT, HeaderValue::from_static(decision.verdict.name())),
    ];
    let logged = Logged {
        id,
        at,
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
        client_certificate: connection.client_certificate,
        disturbance,
        recovered: decision.recovered,
        rows: decision.rows,
        answer: decision.answer.clone(),
        secrets: decision.secrets,
        duration_milliseconds: ((started.elapsed() + wait).as_secs_f64() * 1e6).round() / 1e3,
    };
    shared.count(logged.verdict);
    tell(&logged, shared);
    let line = shared.journal.get().map(|journal| journal.line(&logged));
    shared.log.push_reserved(id, Entry::Live(logged));
    Outcome { line, answer: decision.answer, headers, wait }
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

fn response(reply: &ReadyReply) -> Reply {
    let mut response = Response::new(Either::Left(Full::new(reply.body.clone())));
    *response.status_mut() = reply.status;
    *response.headers_mut() = reply.headers.clone();
    response
}
