//! What is below `/__hookwright/`: the log, the routes, the verification, and the events for who looks on.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, Request, Response, StatusCode, header};
use axum::response::sse::{Event as SentEvent, KeepAlive, Sse};
use axum::response::{IntoResponse, Response as AxumResponse};
use axum::routing::{get, post};
use axum::{Json, Router};
use hyper::body::Incoming;
use serde::Deserialize;
use serde_json::json;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::BroadcastStream;
use tower::ServiceExt;

use super::logged::{Logged, holds};
use super::shared::Shared;

/// Where this program's own pages are; no action's path begins so, since no spec's id does.
pub const PREFIX: &str = "/__hookwright";

/// Whether a path is one of ours.
pub fn is_below(path: &str) -> bool {
    path.strip_prefix(PREFIX).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

pub async fn answer(request: Request<Incoming>, shared: Arc<Shared>) -> Result<Response<Body>, Infallible> {
    if let Err(refused) = may(&request) {
        return Ok(refused);
    }
    router(shared).oneshot(request).await
}

fn router(shared: Arc<Shared>) -> Router {
    let below = Router::new()
        .route("/requests", get(requests).delete(clear))
        .route("/requests/{id}", get(request))
        .route("/reset", post(reset))
        .route("/events", get(events))
        .route("/routes", get(routes))
        .route("/verify", get(verify))
        .route("/status", get(status));
    Router::new().nest(PREFIX, below).fallback(nothing).with_state(shared)
}

async fn nothing() -> AxumResponse {
    (StatusCode::NOT_FOUND, Json(json!({"error": "there is nothing here"}))).into_response()
}

/// A page of another origin must neither change anything nor, by a name of its own for this address, read anything.
fn may(request: &Request<Incoming>) -> Result<(), Response<Body>> {
    let refused = |why: &str| Err((StatusCode::FORBIDDEN, Json(json!({"error": why}))).into_response());
    let of = |name| request.headers().get(name).and_then(|value: &axum::http::HeaderValue| value.to_str().ok());
    let host =
        of(header::HOST).or_else(|| request.uri().authority().map(|authority| authority.as_str())).unwrap_or_default();
    if !is_own_name(host) {
        return refused("only an IP address or `localhost` is a name of this server");
    }
    match of(header::ORIGIN) {
        Some(origin) if origin.split_once("://").map(|(_, of)| of) != Some(host) => refused("the page is of another origin"),
        _ => Ok(()),
    }
}

/// An address, or a name that nobody else can point here.
fn is_own_name(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let is_address = name.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok();
    is_address || name.eq_ignore_ascii_case("localhost") || name.to_ascii_lowercase().ends_with(".localhost")
}

#[derive(Deserialize)]
struct Wanted {
    limit: Option<usize>,
    after: Option<u64>,
    search: Option<String>,
    spec: Option<String>,
    verdict: Option<String>,
}

async fn requests(State(shared): State<Arc<Shared>>, Query(wanted): Query<Wanted>) -> AxumResponse {
    let fits = |logged: &Logged| {
        wanted.spec.as_deref().is_none_or(|spec| logged.spec() == Some(spec))
            && wanted.verdict.as_deref().is_none_or(|verdict| logged.verdict.name() == verdict)
            && wanted.search.as_deref().filter(|text| !text.is_empty()).is_none_or(|text| holds(logged, text))
    };
    let limit = wanted.limit.unwrap_or(shared.options.log_entries);
    let found = shared.log.newest_first(wanted.after, limit, fits);
    let filling = shared.log.filling();
    let items: Vec<_> = found.iter().map(|(_, logged)| logged.item()).collect();
    Json(json!({"requests": items, "total": filling.entries, "dropped": filling.dropped})).into_response()
}

async fn request(State(shared): State<Arc<Shared>>, Path(id): Path<u64>) -> AxumResponse {
    match shared.log.get(id) {
        Some(logged) => Json(logged.whole()).into_response(),
        None => (StatusCode::NOT_FOUND, Json(json!({"error": "no such exchange is in the log"}))).into_response(),
    }
}

async fn clear(State(shared): State<Arc<Shared>>) -> AxumResponse {
    shared.log.clear();
    shared.show("cleared", &json!({}));
    StatusCode::NO_CONTENT.into_response()
}

async fn reset(State(shared): State<Arc<Shared>>) -> AxumResponse {
    shared.reset();
    StatusCode::NO_CONTENT.into_response()
}

async fn routes(State(shared): State<Arc<Shared>>) -> AxumResponse {
    Json(json!({"actions": shared.served().actions(&shared.url)})).into_response()
}

async fn verify(State(shared): State<Arc<Shared>>) -> AxumResponse {
    let verification = shared.verification();
    let status = if verification["ok"] == true { StatusCode::OK } else { StatusCode::CONFLICT };
    (status, Json(verification)).into_response()
}

async fn status(State(shared): State<Arc<Shared>>) -> AxumResponse {
    let filling = shared.log.filling();
    Json(json!({
        "requests": shared.requests(),
        "log": {"entries": filling.entries, "bytes": filling.bytes, "dropped": filling.dropped},
        "refused": shared.refused(),
        "strict": shared.options.strict,
        "actions": shared.served().site.actions.len(),
    }))
    .into_response()
}

/// A page that is too far behind is told to ask anew, as after `cleared`.
async fn events(State(shared): State<Arc<Shared>>, _: HeaderMap) -> AxumResponse {
    let stream = BroadcastStream::new(shared.watchers.subscribe()).map(|event| {
        let event = match &event {
            Ok((name, data)) => SentEvent::default().event(*name).data(data),
            Err(_) => SentEvent::default().event("gap").data("{}"),
        };
        Ok::<_, Infallible>(event)
    });
    Sse::new(stream).keep_alive(KeepAlive::default()).into_response()
}
