//! The configured reply on the wire: one mock of wiremock's that answers whatever the worker put down last.

use std::io;
use std::sync::{Arc, PoisonError, RwLock};

use wiremock::http::{HeaderMap, HeaderName, HeaderValue};
use wiremock::{Request, Respond, ResponseTemplate};

use super::received::{Inbox, ReceivedRequest};
use crate::case::Reply;
use crate::run::is_framing;

/// What the mock answers next, shared by the worker and the server's thread.
#[derive(Clone)]
pub(super) struct Responder {
    next: Arc<RwLock<ResponseTemplate>>,
    inbox: Inbox,
}

impl Responder {
    pub(super) fn new(inbox: Inbox) -> Responder {
        Responder { next: Arc::new(RwLock::new(nothing())), inbox }
    }

    pub(super) fn answer_with(&self, template: ResponseTemplate) {
        *self.next.write().unwrap_or_else(PoisonError::into_inner) = template;
    }
}

impl Respond for Responder {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        self.inbox.put(received(request));
        self.next.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The answer where none is given, or where none is waited for.
pub(super) fn nothing() -> ResponseTemplate {
    ResponseTemplate::new(204)
}

/// # Errors
/// When the reply cannot be sent: a status outside 200 to 599, a header with a line break. Checked here because the library
/// panics.
pub(super) fn template(reply: &Reply) -> io::Result<ResponseTemplate> {
    if !(200..=599).contains(&reply.status) {
        return Err(invalid(format!("the reply's status {} is not in 200 to 599", reply.status)));
    }
    let mut template = ResponseTemplate::new(reply.status);
    for (name, value) in reply.headers.iter().filter(|(name, _)| !is_framing(name)) {
        let broken = || invalid(format!("the reply's header `{}` cannot be sent", name.escape_debug()));
        let wire_name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| broken())?;
        let wire_value = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| broken())?;
        template = template.append_header(wire_name, wire_value);
    }
    // Despite its documentation this sets no Content-Type.
    Ok(template.set_body_bytes(reply.body.as_slice()))
}

fn invalid(message: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, message)
}

pub(super) fn received(request: &Request) -> ReceivedRequest {
    let target = match request.url.query() {
        Some(query) => format!("{}?{query}", request.url.path()),
        None => request.url.path().to_string(),
    };
    let method = request.method.as_str().to_string();
    ReceivedRequest { method, target, headers: headers(&request.headers), body: request.body.clone() }
}

fn headers(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers.iter().map(|(name, value)| (name.as_str().to_string(), text(value))).collect()
}
