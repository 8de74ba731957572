//! What is below `/__hookwright/`: the inspector's files, and the API that it and other programs use.
//!
//! [`table`] lists what there is. Requests are routed by it and `openapi.json` is made from it, so they cannot disagree.

mod answers;
mod case;
mod copies;
mod desk;
mod guard;
mod openapi;
mod query;
mod replay;
mod schemas;
mod table;
mod watching;

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode, header};
use axum::response::IntoResponse;
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use serde_json::json;

use super::inspector;
use super::shared::Shared;
use query::Query;
use table::{Answers, Endpoint};

pub use desk::Desk;
pub use openapi::document;

/// Where this program's own pages are; no action's path begins so, since no spec's id does.
pub const PREFIX: &str = "/__hookwright";

/// The longest body of a request to the API.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// How long such a body may take.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// Whether a path is one of ours.
pub fn is_below(path: &str) -> bool {
    path.strip_prefix(PREFIX).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Why a request is not answered as it wants.
#[derive(Debug, PartialEq, Eq)]
pub struct Refused {
    pub status: StatusCode,
    pub message: String,
}

impl Refused {
    pub fn new(status: StatusCode, message: impl Into<String>) -> Refused {
        Refused { status, message: message.into() }
    }

    pub fn bad_request(message: impl Into<String>) -> Refused {
        Refused::new(StatusCode::BAD_REQUEST, message)
    }

    /// What is asked for cannot be made of what is there.
    pub fn conflict(message: impl Into<String>) -> Refused {
        Refused::new(StatusCode::CONFLICT, message)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response<Body> {
        (self.status, Json(json!({"error": self.message}))).into_response()
    }
}

/// One request to an endpoint.
pub struct Call {
    pub shared: Arc<Shared>,
    /// The exchange that the path names.
    pub id: u64,
    pub query: Query,
    pub body: Bytes,
}

pub async fn answer(request: Request<Incoming>, shared: Arc<Shared>) -> Result<Response<Body>, Infallible> {
    let is_head = request.method() == Method::HEAD;
    let mut response = match guard::may(request.headers(), request.uri(), request.method()) {
        Ok(()) => route(request, shared).await.unwrap_or_else(Refused::into_response),
        Err(refused) => refused.into_response(),
    };
    // What the page's own files say of this stays.
    for (name, value) in HEADERS {
        response.headers_mut().entry(name).or_insert(value);
    }
    if is_head {
        *response.body_mut() = Body::empty();
    }
    Ok(response)
}

/// Nothing of the API is a page, and none of it is to be kept.
const HEADERS: [(HeaderName, HeaderValue); 5] = [
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'")),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
];

async fn route(request: Request<Incoming>, shared: Arc<Shared>) -> Result<Response<Body>, Refused> {
    let path = request.uri().path().strip_prefix(PREFIX).unwrap_or_default();
    let Some(path) = path.strip_prefix('/') else {
        return Ok((StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, format!("{PREFIX}/"))]).into_response());
    };
    if let Some(asset) = inspector::asset(path) {
        return asset_of(asset, request.method());
    }
    let (endpoints, id) = table::at(path);
    if endpoints.is_empty() {
        return Err(Refused::new(StatusCode::NOT_FOUND, "there is nothing here"));
    }
    let wanted = if request.method() == Method::HEAD { Method::GET } else { request.method().clone() };
    if wanted == Method::OPTIONS {
        return Ok((StatusCode::NO_CONTENT, [(header::ALLOW, allowed(&endpoints))]).into_response());
    }
    let Some(endpoint) = endpoints.iter().find(|endpoint| wanted == endpoint.method) else {
        return Ok(not_allowed(&allowed(&endpoints)));
    };
    let query = Query::read(request.uri().query().unwrap_or_default(), endpoint.parameters)?;
    let id = match id.map(str::parse) {
        None => 0,
        Some(Ok(id)) => id,
        Some(Err(_)) => return Err(Refused::bad_request("an exchange has a number")),
    };
    let is_head = request.method() == Method::HEAD;
    let body = if endpoint.body.is_some() { read(request).await? } else { Bytes::new() };
    perform(endpoint, Call { shared, id, query, body }, is_head).await
}

fn asset_of(asset: &inspector::Asset, method: &Method) -> Result<Response<Body>, Refused> {
    const ALLOWED: &str = "GET, HEAD, OPTIONS";
    match *method {
        Method::GET | Method::HEAD => {
            let mut response = ([(header::CONTENT_TYPE, asset.content_type)], asset.text).into_response();
            for (name, value) in inspector::HEADERS {
                response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
            }
            Ok(response)
        }
        Method::OPTIONS => Ok((StatusCode::NO_CONTENT, [(header::ALLOW, ALLOWED)]).into_response()),
        _ => Ok(not_allowed(ALLOWED)),
    }
}

fn not_allowed(allowed: &str) -> Response<Body> {
    let message = format!("this is answered to {allowed} only");
    let refused = Refused::new(StatusCode::METHOD_NOT_ALLOWED, message);
    ([(header::ALLOW, allowed.to_string())], refused).into_response()
}

/// The methods of a path: who can GET can HEAD.
fn allowed(endpoints: &[&Endpoint]) -> String {
    let mut methods: Vec<&str> = endpoints.iter().map(|endpoint| endpoint.method).collect();
    if methods.contains(&"GET") {
        methods.push("HEAD");
    }
    methods.push("OPTIONS");
    methods.join(", ")
}

async fn read(request: Request<Incoming>) -> Result<Bytes, Refused> {
    let body = Limited::new(request.into_body(), MAX_BODY_BYTES).collect();
    match tokio::time::timeout(BODY_TIMEOUT, body).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<http_body_util::LengthLimitError>() => {
            let message = format!("the body is larger than {MAX_BODY_BYTES} bytes");
            Err(Refused::new(StatusCode::PAYLOAD_TOO_LARGE, message))
        }
        Ok(Err(error)) => Err(Refused::bad_request(format!("the body cannot be read: {error}"))),
        Err(_) => Err(Refused::new(StatusCode::REQUEST_TIMEOUT, "the body took too long")),
    }
}

async fn perform(endpoint: &Endpoint, call: Call, is_head: bool) -> Result<Response<Body>, Refused> {
    match endpoint.answers {
        Answers::List => answers::list(call).await,
        Answers::Clear => answers::clear(&call),
        Answers::Exchange => answers::exchange(call).await,
        Answers::Case => copies::case(call).await,
        Answers::Curl => copies::curl(call).await,
        Answers::Replay => replay::replay(call).await,
        Answers::Reset => answers::reset(&call),
        Answers::Events => watching::events(call, is_head),
        Answers::Routes => Ok(answers::routes(&call)),
        Answers::Verify => answers::verify(&call),
        Answers::Status => Ok(answers::status(&call)),
        Answers::Document => Ok(Json(document()).into_response()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use table::ENDPOINTS;

    #[test]
    fn no_endpoint_hides_a_file_of_the_page() {
        for asset in inspector::assets().filter(|asset| !asset.name.is_empty()) {
            assert!(table::at(asset.name).0.is_empty(), "{}", asset.name);
        }
        assert!(ENDPOINTS.len() > 10);
    }
}
