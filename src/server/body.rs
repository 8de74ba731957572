//! The body of a reply, which holds its connection until it is handed over.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body as AnyBody, Bytes};
use axum::http::{HeaderValue, Method, StatusCode, header};
use http_body_util::{Either, Full};
use hyper::body::{Body, Frame, SizeHint};

use super::open::UnderWay;
use super::served::ReadyReply;
use super::shared::Shared;

/// A reply as it goes out: without its body where none may follow (RFC 9110, sections 6.4.1 and 9.3.2). To HEAD it says how
/// long the body would be (section 8.6).
pub fn sent(reply: Arc<ReadyReply>, method: &str) -> Arc<ReadyReply> {
    let is_head = method == Method::HEAD.as_str();
    let has_none = is_bodiless(reply.status);
    if !is_head && !has_none || reply.body.is_empty() {
        return reply;
    }
    let mut headers = reply.headers.clone();
    if !has_none {
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(reply.body.len()));
    }
    let (status, delay_milliseconds) = (reply.status, reply.delay_milliseconds);
    Arc::new(ReadyReply { status, headers, body: Bytes::new(), delay_milliseconds })
}

fn is_bodiless(status: StatusCode) -> bool {
    status.is_informational() || matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED)
}

/// The body of a reply. While it is there, its request is under way.
pub struct Held {
    body: Either<Full<Bytes>, AnyBody>,
    /// Comes when the mock stops: a body without an end, as that of events, ends then.
    stopped: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    _under_way: UnderWay,
}

impl Held {
    pub fn new(body: Either<Full<Bytes>, AnyBody>, under_way: UnderWay, shared: &Shared) -> Held {
        let mut stop = shared.stop.subscribe();
        let stopped: Option<Pin<Box<dyn Future<Output = ()> + Send>>> = match &body {
            Either::Right(body) if body.size_hint().exact().is_none() => Some(Box::pin(async move {
                // It cannot be gone before those who are served.
                let _ = stop.wait_for(|stop| *stop).await;
            })),
            _ => None,
        };
        Held { body, stopped, _under_way: under_way }
    }
}

impl Body for Held {
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let this = self.get_mut();
        if let Some(stopped) = &mut this.stopped
            && stopped.as_mut().poll(context).is_ready()
        {
            this.stopped = Some(Box::pin(std::future::ready(())));
            return Poll::Ready(None);
        }
        Pin::new(&mut this.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
