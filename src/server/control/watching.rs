//! The events for who looks on (server-sent events, HTML standard, section 9.2).

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::Body;
use axum::http::{Response, StatusCode, header};
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use serde_json::json;
use tokio_stream::Stream;
use tokio_stream::wrappers::BroadcastStream;
use tokio_stream::wrappers::errors::BroadcastStreamRecvError;

use super::super::shared::Shared;
use super::desk::MAX_WATCHERS;
use super::{Call, Refused};

/// A stream of events, with a comment now and then while nothing happens, so that a connection that is gone is noticed.
pub fn events(call: Call, is_head: bool) -> Result<Response<Body>, Refused> {
    if is_head {
        return Ok([(header::CONTENT_TYPE, "text/event-stream")].into_response());
    }
    if !call.shared.desk.take_place() {
        let message = format!("{MAX_WATCHERS} look on already");
        return Err(Refused::new(StatusCode::SERVICE_UNAVAILABLE, message));
    }
    let ended = Box::pin(call.shared.desk.ended());
    let stream = BroadcastStream::new(call.shared.watchers.subscribe());
    let place = Place(call.shared);
    Ok(Sse::new(Events { stream, ended, _place: place }).keep_alive(KeepAlive::default()).into_response())
}

/// A place among those who look on, given back when they go.
struct Place(Arc<Shared>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.desk.give_place_back();
    }
}

/// What is sent. Who reads too slowly misses events and is told so; nobody waits for them.
struct Events {
    stream: BroadcastStream<(&'static str, Arc<str>)>,
    ended: Pin<Box<dyn Future<Output = ()> + Send>>,
    _place: Place,
}

impl Stream for Events {
    type Item = Result<Event, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.ended.as_mut().poll(context).is_ready() {
            return Poll::Ready(None);
        }
        Pin::new(&mut self.stream).poll_next(context).map(|event| {
            event.map(|event| {
                Ok(match event {
                    Ok((name, data)) => Event::default().event(name).data(data),
                    Err(BroadcastStreamRecvError::Lagged(missed)) => {
                        Event::default().event("gap").data(json!({"missed": missed}).to_string())
                    }
                })
            })
        })
    }
}
