//! A client for real services: `send` and `test --live`.

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::{Duration, Instant};

use reqwest::redirect::Policy;
use tokio::runtime::{Builder, Handle};
use tokio::sync::{Semaphore, oneshot};

use super::client::{MAX_REPLY_BYTES, Sent};
use super::failure::{from_library, no_reply_within};
use super::outgoing::{Wire, outgoing};
use super::{reply, tls};
use crate::case::Reply;
use crate::eval::{ErrorKind, Failure, Request};

/// How a service is reached.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Connection {
    /// From the first packet to the last byte of the reply, in real time.
    pub timeout_milliseconds: u64,
}

/// Exchanges that are under way at once; others wait for their turn, which does not count as their time. Each takes a
/// connection, and systems allow a process few more files than a thousand.
const MOST_AT_ONCE: usize = 128;

/// Sends requests to real services over connections that are kept open. To be cloned for every thread that sends: they share
/// the connections and one thread that does the network's work.
///
/// As the platform, it follows no redirect, keeps no cookie and asks for no compression. It speaks HTTP/2 where the server
/// offers that in the handshake, else HTTP/1.1, and goes through the proxies that the environment names (`HTTPS_PROXY`,
/// `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`).
#[derive(Clone)]
pub struct LiveClient {
    shared: Arc<Shared>,
}

struct Shared {
    runtime: Handle,
    libraries: Mutex<HashMap<Connection, reqwest::Client>>,
    turns: Arc<Semaphore>,
    /// The network's thread ends when this is dropped.
    _alive: oneshot::Sender<()>,
}

/// What came back, with whether a connection was made.
type Exchanged = (bool, Result<Reply, Failure>);

impl LiveClient {
    /// # Errors
    /// When the system gives no event queue or no thread.
    pub fn new() -> io::Result<LiveClient> {
        let runtime = Builder::new_current_thread().enable_io().enable_time().build()?;
        let handle = runtime.handle().clone();
        let (alive, ended) = oneshot::channel::<()>();
        let work = move || drop(runtime.block_on(ended));
        std::thread::Builder::new().name("network".into()).spawn(work)?;
        let turns = Arc::new(Semaphore::new(MOST_AT_ONCE));
        let shared = Shared { runtime: handle, libraries: Mutex::default(), turns, _alive: alive };
        Ok(LiveClient { shared: Arc::new(shared) })
    }

    /// Sends the request to its own URL and waits for what comes back; blocks, at most for the connection's time-out once it
    /// has its turn.
    pub fn send(&self, request: &Request, connection: &Connection) -> Sent {
        let ((reached, result), elapsed) = self.exchange(request, connection);
        let (reply, failure) = match result {
            Ok(reply) => (Some(reply), None),
            Err(failure) => (None, Some(failure)),
        };
        Sent { reached, reply, failure, elapsed }
    }

    fn exchange(&self, request: &Request, connection: &Connection) -> (Exchanged, Duration) {
        let prepared = outgoing(request, Wire::Real).and_then(|outgoing| Ok((outgoing, self.library(connection)?)));
        let (outgoing, library) = match prepared {
            Ok(prepared) => prepared,
            Err(failure) => return ((false, Err(failure)), Duration::ZERO),
        };
        let (timeout_milliseconds, turns) = (connection.timeout_milliseconds, self.shared.turns.clone());
        let (tell, told) = mpsc::sync_channel(1);
        self.shared.runtime.spawn(async move {
            let _turn = turns.acquire().await;
            let started = Instant::now();
            let exchanged = converse(&library, outgoing, timeout_milliseconds).await;
            // Nobody listens any more when the caller's thread is gone.
            let _ = tell.send((exchanged, started.elapsed()));
        });
        told.recv().unwrap_or_else(|_| ((true, Err(lost())), Duration::ZERO))
    }

    /// The library's client for a connection; cheap to clone.
    fn library(&self, connection: &Connection) -> Result<reqwest::Client, Failure> {
        let mut libraries = self.shared.libraries.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(library) = libraries.get(connection) {
            return Ok(library.clone());
        }
        let library = library(connection)?;
        libraries.insert(connection.clone(), library.clone());
        Ok(library)
    }
}

/// The exchange panicked; the others go on.
fn lost() -> Failure {
    Failure::new(ErrorKind::ConnectionReset, "the exchange was lost by a fault in this program")
}

/// Sends and reads, with whether a connection was made.
async fn converse(library: &reqwest::Client, outgoing: reqwest::Request, timeout_milliseconds: u64) -> Exchanged {
    // The library's own limit on connecting comes first, so that it is known whether a connection was made.
    const GRACE: Duration = Duration::from_millis(20);
    let mut reached = false;
    let talk = async {
        let response = match library.execute(outgoing).await {
            Ok(response) => response,
            Err(error) => {
                reached = !error.is_connect();
                return Err(match error.is_timeout() {
                    true => no_reply_within(timeout_milliseconds),
                    false => from_library(&error),
                });
            }
        };
        reached = true;
        receive(response).await
    };
    match tokio::time::timeout(Duration::from_millis(timeout_milliseconds) + GRACE, talk).await {
        Ok(result) => (reached, result),
        // Connecting has a limit of its own.
        Err(_) => (true, Err(no_reply_within(timeout_milliseconds))),
    }
}

async fn receive(response: reqwest::Response) -> Result<Reply, Failure> {
    let status = response.status().as_u16();
    let headers = reply::as_received(response.headers());
    let body = reply::read_body(response, MAX_REPLY_BYTES).await?;
    Ok(Reply { status, headers, delay_milliseconds: 0, body })
}

fn library(connection: &Connection) -> Result<reqwest::Client, Failure> {
    let cannot = |why: String| Failure::new(ErrorKind::Tls, format!("TLS cannot be set up: {why}"));
    let (mut tls, _) = tls::client_config(tls::Trust::Platform, None)?;
    tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .user_agent(concat!("hookwright/", env!("CARGO_PKG_VERSION")))
        .redirect(Policy::none())
        .connect_timeout(Duration::from_millis(connection.timeout_milliseconds))
        .http1_title_case_headers()
        .build()
        .map_err(|error| cannot(error.to_string()))
}
