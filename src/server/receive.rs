//! From a request on the wire to one that is whole, or the reason why it is not taken.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::http::{HeaderMap, HeaderValue, Method, Request, StatusCode, Uri, Version, header};
use http_body_util::BodyExt;
use hyper::body::{Body as _, Incoming};

use super::handle::Refused;
use super::options::MAX_BODIES_BYTES;
use super::shared::Shared;
use crate::mock::ReceivedRequest;
use crate::mock::derive::Part;

/// A request, with the room that its body takes.
pub struct Received {
    pub request: ReceivedRequest,
    pub reserved: Reserved,
}

/// Room for bodies that is given back when this is dropped.
pub struct Reserved {
    shared: Arc<Shared>,
    bytes: usize,
}

impl Reserved {
    fn all(&self) -> &AtomicUsize {
        &self.shared.body_bytes
    }

    /// Whether there is room for so many bytes more.
    fn take(&mut self, bytes: usize) -> bool {
        self.bytes += bytes;
        self.all().fetch_add(bytes, Ordering::Relaxed) + bytes <= MAX_BODIES_BYTES
    }
}

impl Drop for Reserved {
    fn drop(&mut self) {
        if self.bytes > 0 {
            self.all().fetch_sub(self.bytes, Ordering::Relaxed);
        }
    }
}

/// Reads a request. One that is not taken comes without its body, or with the part of it that was read.
pub async fn receive(request: Request<Incoming>, shared: &Arc<Shared>) -> (Received, Option<Refused>) {
    let (head, body) = request.into_parts();
    let target = head.uri.path_and_query().map_or("/", |target| target.as_str()).to_string();
    let headers = headers(&head.headers, &head.uri);
    let request = ReceivedRequest { method: head.method.as_str().to_string(), target, headers, body: Vec::new() };
    let reserved = Reserved { shared: Arc::clone(shared), bytes: 0 };
    let mut received = Received { request, reserved };
    if let Some(refused) = refused_head(&head.method, head.version, &head.uri, &head.headers) {
        return (received, Some(refused));
    }
    if body.is_end_stream() {
        return (received, None);
    }
    let limit = shared.options.read_timeout;
    let refused = match tokio::time::timeout(limit, read(body, &mut received, shared.options.max_body_bytes)).await {
        Ok(read) => read.err(),
        Err(_) => Some(Refused::body(StatusCode::REQUEST_TIMEOUT, format!("the body took longer than {limit:?}"))),
    };
    (received, refused)
}

async fn read(mut body: Incoming, into: &mut Received, limit: usize) -> Result<(), Refused> {
    let too_large = || {
        let why = format!("the body is larger than the limit of {limit} bytes");
        Refused::body(StatusCode::PAYLOAD_TOO_LARGE, why)
    };
    if body.size_hint().lower() > limit as u64 {
        return Err(too_large());
    }
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| {
            Refused::body(StatusCode::BAD_REQUEST, format!("the body cannot be read: {}", causes(&error)))
        })?;
        let Some(bytes) = frame.data_ref() else { continue };
        if into.request.body.len() + bytes.len() > limit {
            return Err(too_large());
        }
        if !into.reserved.take(bytes.len()) {
            let why = "the bodies of all requests under way are too large together";
            return Err(Refused::body(StatusCode::SERVICE_UNAVAILABLE, why.to_string()));
        }
        into.request.body.extend_from_slice(bytes);
    }
    Ok(())
}

fn causes(error: &hyper::Error) -> String {
    match std::error::Error::source(error) {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}

/// The headers by lower-case names. A host that stands in the target has precedence (RFC 9112, section 3.2.2), and HTTP/2
/// names it there (RFC 9113, section 8.3.1).
fn headers(headers: &HeaderMap, uri: &Uri) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let authority = uri.authority().map(|authority| ("host".to_string(), authority.to_string()));
    let is_replaced = |name: &&header::HeaderName| authority.is_some() && *name == header::HOST;
    let others = headers.iter().filter(|(name, _)| !is_replaced(name));
    let others = others.map(|(name, value)| (name.as_str().to_string(), text(value)));
    authority.clone().into_iter().chain(others).collect()
}

/// What a server has to refuse whatever it serves.
fn refused_head(method: &Method, version: Version, uri: &Uri, headers: &HeaderMap) -> Option<Refused> {
    if method == Method::CONNECT {
        let why = "this is no proxy: nothing is connected to".to_string();
        return Some(Refused { status: StatusCode::NOT_IMPLEMENTED, part: Part::Method, why });
    }
    let hosts = headers.get_all(header::HOST).iter().count();
    // RFC 9112, section 3.2.
    if hosts > 1 || hosts == 0 && version == Version::HTTP_11 {
        let why = format!("a request has one `Host`, this one has {hosts}");
        return Some(Refused { status: StatusCode::BAD_REQUEST, part: Part::Header, why });
    }
    let has_none = version == Version::HTTP_2 && hosts == 0 && uri.authority().is_none();
    has_none.then(|| {
        let why = "the request names no host".to_string();
        Refused { status: StatusCode::BAD_REQUEST, part: Part::Header, why }
    })
}

impl Refused {
    fn body(status: StatusCode, why: String) -> Refused {
        Refused { status, part: Part::Body, why }
    }
}
