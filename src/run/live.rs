//! A client for real services: `send` and `test --live`.

use std::collections::HashMap;
use std::io;
use std::time::{Duration, Instant};

use reqwest::redirect::Policy;
use tokio::runtime::{Builder, Runtime};

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

/// Sends requests to real services, one after the other, over connections that are kept open. Belongs to one thread.
///
/// As the platform, it follows no redirect, keeps no cookie and asks for no compression. It speaks HTTP/2 where the server
/// offers that in the handshake, else HTTP/1.1, and goes through the proxies that the environment names (`HTTPS_PROXY`,
/// `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`).
pub struct LiveClient {
    runtime: Runtime,
    libraries: HashMap<Connection, reqwest::Client>,
}

impl LiveClient {
    /// # Errors
    /// When the system gives no event queue.
    pub fn new() -> io::Result<LiveClient> {
        let runtime = Builder::new_current_thread().enable_io().enable_time().build()?;
        Ok(LiveClient { runtime, libraries: HashMap::new() })
    }

    /// Sends the request to its own URL and waits for what comes back; blocks, at most for the connection's time-out.
    pub fn send(&mut self, request: &Request, connection: &Connection) -> Sent {
        // Reading the machine's certificates is no part of the time that a service takes.
        let _ = self.library(connection);
        let started = Instant::now();
        let (reached, result) = self.exchange(request, connection);
        let (reply, failure) = match result {
            Ok(reply) => (Some(reply), None),
            Err(failure) => (None, Some(failure)),
        };
        Sent { reached, reply, failure, elapsed: started.elapsed() }
    }

    fn exchange(&mut self, request: &Request, connection: &Connection) -> (bool, Result<Reply, Failure>) {
        let outgoing = match outgoing(request, Wire::Real) {
            Ok(outgoing) => outgoing,
            Err(failure) => return (false, Err(failure)),
        };
        let library = match self.library(connection) {
            Ok(library) => library,
            Err(failure) => return (false, Err(failure)),
        };
        self.runtime.block_on(converse(&library, outgoing, connection.timeout_milliseconds))
    }

    /// The library's client for a connection; cheap to clone.
    fn library(&mut self, connection: &Connection) -> Result<reqwest::Client, Failure> {
        if let Some(library) = self.libraries.get(connection) {
            return Ok(library.clone());
        }
        let library = library(connection)?;
        self.libraries.insert(connection.clone(), library.clone());
        Ok(library)
    }
}

/// Sends and reads, with whether a connection was made.
async fn converse(
    library: &reqwest::Client,
    outgoing: reqwest::Request,
    timeout_milliseconds: u64,
) -> (bool, Result<Reply, Failure>) {
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
    let mut tls = tls::trusting_the_system().map_err(|error| cannot(error.to_string()))?;
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
