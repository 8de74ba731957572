//! One connection, from its first byte to its end.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{HeaderValue, Request, Response, Version, header};
use http_body_util::{Either, Full};
use hyper::body::{Body as _, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

use super::body::Held;
use super::handle::{Connection, NoReply, Reply, Unread, handle};
use super::open::{Ending, Place, State, UnderWay};
use super::options::{MAX_CONCURRENT_STREAMS, MAX_HEAD_BYTES, MAX_HEADERS, SHUTDOWN_TIMEOUT};
use super::shared::Shared;
use super::stream::{FaultyStream, Misbehaviour, Transport};
use crate::case::Fault;
use crate::mock::shown_certificate;

/// How long an idle connection may take to say goodbye.
const GOODBYE: Duration = Duration::from_millis(250);

const DISPLACED: &str = "there are too many connections: the one that was idle for longest went";

/// Serves a connection until it ends.
pub async fn serve(
    stream: TcpStream,
    client: SocketAddr,
    encryption: Option<TlsAcceptor>,
    shared: Arc<Shared>,
    place: Place,
) {
    let transport = tokio::select! {
        transport = greet(stream, encryption, &shared) => transport,
        ending = place.state.ends() => match ending {
            Ending::Stopping => return,
            Ending::Idle => Err(slow_handshake(&shared)),
            Ending::Displaced => Err(DISPLACED.to_string()),
        },
    };
    match transport {
        Ok((transport, connection)) => {
            let told = converse(transport, connection, &shared, &place.state).await;
            told.into_iter().for_each(|why| shared.refuse(client, why));
        }
        Err(why) => shared.refuse(client, why),
    }
}

/// The TLS handshake, where there is one.
async fn greet(
    stream: TcpStream,
    encryption: Option<TlsAcceptor>,
    shared: &Shared,
) -> Result<(Transport, Connection), String> {
    // Replies are written whole; waiting for more would only delay them.
    let _ = stream.set_nodelay(true);
    let Some(acceptor) = encryption else { return Ok((Transport::Plain(stream), Connection::default())) };
    let limit = shared.options.read_timeout;
    match timeout(limit, acceptor.accept(stream)).await {
        Ok(Ok(stream)) => {
            let client_certificate = shown_certificate(stream.get_ref().1).map(Arc::new);
            Ok((Transport::Encrypted(Box::new(stream)), Connection { is_encrypted: true, client_certificate }))
        }
        Ok(Err(error)) => Err(format!("the TLS handshake failed: {error}")),
        Err(_) => Err(slow_handshake(shared)),
    }
}

/// Requests and replies. What comes back is why it ended, where somebody should know.
async fn converse(transport: Transport, connection: Connection, shared: &Arc<Shared>, state: &Arc<State>) -> Option<String> {
    let service = service_fn(|request: Request<Incoming>| {
        // From now on, not from when it is first looked at.
        let under_way = state.begin(request.version() == Version::HTTP_2);
        answer(request, connection.clone(), Arc::clone(shared), Arc::clone(state), under_way)
    });
    let stream = TokioIo::new(FaultyStream::new(transport, Arc::clone(state)));
    let builder = builder(shared);
    let mut served = pin!(builder.serve_connection(stream, service));
    let ended = tokio::select! {
        ended = served.as_mut() => ended,
        ending = state.ends() => {
            if ending == Ending::Displaced {
                return Some(DISPLACED.to_string());
            }
            served.as_mut().graceful_shutdown();
            let grace = if state.is_idle() { GOODBYE } else { SHUTDOWN_TIMEOUT };
            // Who takes longer is cut off.
            let _ = timeout(grace, served).await;
            let was_slow = ending == Ending::Idle && state.is_unread() && !state.is_http2();
            return was_slow.then(|| too_slow(shared));
        }
    };
    match ended {
        _ if state.misbehaviour().is_some() => None,
        Err(error) => failure(error.as_ref(), state, shared),
        Ok(()) => None,
    }
}

/// Everything that is bounded is bounded here, whatever a library's defaults are.
fn builder(shared: &Shared) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(shared.options.read_timeout)
        .max_headers(MAX_HEADERS)
        .max_buf_size(MAX_HEAD_BYTES);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(MAX_CONCURRENT_STREAMS)
        .max_header_list_size(u32::try_from(MAX_HEAD_BYTES).unwrap_or(u32::MAX))
        // Streams that a client opens and resets at once (CVE-2023-44487), and those that we have to reset.
        .max_pending_accept_reset_streams(20)
        .max_local_error_reset_streams(1024)
        .keep_alive_interval(shared.options.read_timeout)
        .keep_alive_timeout(shared.options.read_timeout);
    builder
}

/// What was wrong with what came, where it was the client's fault.
fn failure(error: &(dyn std::error::Error + 'static), state: &State, shared: &Shared) -> Option<String> {
    let error = error.downcast_ref::<hyper::Error>()?;
    if error.is_parse() || error.is_parse_too_large() {
        return Some(format!("what came is no request that can be read: {error}"));
    }
    if error.is_timeout() && state.is_unread() {
        return Some(too_slow(shared));
    }
    // Of HTTP/2 the library tells what a peer did wrong in the cause alone.
    let cause = std::error::Error::source(error).filter(|_| state.is_http2() && !state.is_idle())?;
    Some(format!("the HTTP/2 connection ended: {cause}"))
}

fn slow_handshake(shared: &Shared) -> String {
    format!("the TLS handshake took longer than {:?}", shared.options.read_timeout)
}

fn too_slow(shared: &Shared) -> String {
    format!("the head of a request took longer than {:?}", shared.options.read_timeout)
}

type Answer = Response<Held>;

async fn answer(
    request: Request<Incoming>,
    connection: Connection,
    shared: Arc<Shared>,
    state: Arc<State>,
    under_way: UnderWay,
) -> Result<Answer, NoReply> {
    let is_http2 = request.version() == Version::HTTP_2;
    let reply = match handle(request, connection, Arc::clone(&shared), &state).await {
        Ok(reply) => reply,
        Err(NoReply(fault)) if is_http2 && fault != Fault::Tls => return Err(NoReply(fault)),
        Err(NoReply(fault)) => {
            // Replies to requests that came before go out first.
            tokio::task::yield_now().await;
            state.misbehave(Misbehaviour::showing(fault));
            last()
        }
    };
    if reply.extensions().get::<Unread>().is_none() {
        state.claim();
    }
    // A reply without an end, as that of events, lasts no longer than its client.
    if reply.body().size_hint().exact().is_none() {
        state.settle();
    }
    Ok(reply.map(|body| Held::new(body, under_way, &shared)))
}

/// What is handed over so that the stream is asked to write something. It never arrives.
fn last() -> Reply {
    let mut reply = Response::new(Either::Left(Full::new(Bytes::new())));
    reply.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    reply
}
