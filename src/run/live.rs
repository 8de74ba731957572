//! A client for real services: `send` and `test --live`.

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::{Duration, Instant};

use reqwest::header::CONTENT_LENGTH;
use reqwest::redirect::Policy;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::runtime::{Builder, Handle};
use tokio::sync::{Semaphore, oneshot};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::client::{MAX_REPLY_BYTES, Sent};
use super::failure::{alert_behind, connecting, from_library, no_reply_within};
use super::outgoing::{Wire, outgoing};
use super::refusal::Handshake;
use super::tls::{CertificateRequests, Trust, client_config};
use super::{proxies, reply};
use crate::case::Reply;
use crate::certificate::{Certificate, Identity};
use crate::eval::{ErrorKind, Failure, Request};

/// How a service is reached.
#[derive(Clone, Copy, Debug)]
pub struct Connection<'a> {
    /// From the first packet to the last byte of the reply, in real time.
    pub timeout_milliseconds: u64,
    /// What is shown to a server that asks for a client certificate.
    pub identity: Option<&'a Identity>,
    pub trust: Trust<'a>,
}

impl Connection<'_> {
    /// Without a client certificate, trusting whom the machine trusts.
    pub fn plain(timeout_milliseconds: u64) -> Connection<'static> {
        Connection { timeout_milliseconds, identity: None, trust: Trust::Platform }
    }
}

/// Connections that may share what is set up for them. A server's wish for a certificate is its own, so that the origin is
/// part of it.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Kind {
    origin: String,
    timeout_milliseconds: u64,
    /// Fingerprints.
    shown: Vec<String>,
    trusted: Vec<String>,
    trusts_platform: bool,
}

impl Kind {
    fn of(url: &reqwest::Url, connection: &Connection<'_>) -> Kind {
        let fingerprints = |chain: &[Certificate]| chain.iter().map(|known| known.fingerprint.clone()).collect();
        let (trusted, trusts_platform): (&[Certificate], bool) = match connection.trust {
            Trust::Platform => (&[], true),
            Trust::Only(trusted) => (trusted, false),
            Trust::PlatformAnd(trusted) => (trusted, true),
        };
        Kind {
            origin: url.origin().ascii_serialization(),
            timeout_milliseconds: connection.timeout_milliseconds,
            shown: connection.identity.map(|identity| fingerprints(&identity.chain)).unwrap_or_default(),
            trusted: fingerprints(trusted),
            trusts_platform,
        }
    }
}

/// What is set up for one kind of connection; cheap to clone.
#[derive(Clone)]
struct Library {
    client: reqwest::Client,
    tls: ClientConfig,
    requests: CertificateRequests,
    /// No proxy stands between.
    is_direct: bool,
}

/// Exchanges that are under way at once; others wait for their turn, which does not count as their time. Each takes a
/// connection, and systems allow a process few more files than a thousand.
const MOST_AT_ONCE: usize = 128;

/// Sends requests to real services over connections that are kept open. To be cloned for every thread that sends: they share
/// the connections and one thread that does the network's work.
///
/// As the platform, it follows no redirect, keeps no cookie and asks for no compression. It speaks HTTP/2 where the server
/// offers that in the handshake, else HTTP/1.1, and goes through the proxies that the environment names (`HTTPS_PROXY`,
/// `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`), but for what is on this machine.
#[derive(Clone)]
pub struct LiveClient {
    shared: Arc<Shared>,
}

struct Shared {
    runtime: Handle,
    libraries: Mutex<HashMap<Kind, Library>>,
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
    pub fn send(&self, request: &Request, connection: &Connection<'_>) -> Sent {
        self.send_bytes(request, Vec::new(), connection)
    }

    /// The same with a body that need not be text, in the place of the request's own; none where it is empty.
    pub fn send_bytes(&self, request: &Request, body: Vec<u8>, connection: &Connection<'_>) -> Sent {
        let ((reached, result), elapsed) = self.exchange(request, body, connection);
        let (reply, failure) = match result {
            Ok(reply) => (Some(reply), None),
            Err(failure) => (None, Some(failure)),
        };
        Sent { reached, reply, failure, elapsed }
    }

    fn exchange(&self, request: &Request, body: Vec<u8>, connection: &Connection<'_>) -> (Exchanged, Duration) {
        let prepared = outgoing(request, Wire::Real).and_then(|mut outgoing| {
            if !body.is_empty() {
                outgoing.headers_mut().remove(CONTENT_LENGTH);
                *outgoing.body_mut() = Some(body.into());
            }
            let library = self.library(outgoing.url(), connection)?;
            Ok((outgoing, library))
        });
        let (outgoing, library) = match prepared {
            Ok(prepared) => prepared,
            Err(failure) => return ((false, Err(failure)), Duration::ZERO),
        };
        let talk = Talk { library, identity: connection.identity.cloned(), limit: connection.timeout_milliseconds };
        let turns = self.shared.turns.clone();
        let (tell, told) = mpsc::sync_channel(1);
        self.shared.runtime.spawn(async move {
            let _turn = turns.acquire().await;
            let started = Instant::now();
            let exchanged = talk.converse(outgoing).await;
            // Nobody listens any more when the caller's thread is gone.
            let _ = tell.send((exchanged, started.elapsed()));
        });
        told.recv().unwrap_or_else(|_| ((true, Err(lost())), Duration::ZERO))
    }

    fn library(&self, url: &reqwest::Url, connection: &Connection<'_>) -> Result<Library, Failure> {
        let kind = Kind::of(url, connection);
        let mut libraries = self.shared.libraries.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(library) = libraries.get(&kind) {
            return Ok(library.clone());
        }
        let library = library(url, connection)?;
        libraries.insert(kind, library.clone());
        Ok(library)
    }
}

/// The exchange panicked; the others go on.
fn lost() -> Failure {
    Failure::new(ErrorKind::ConnectionReset, "the exchange was lost by a fault in this program")
}

/// One exchange.
struct Talk {
    library: Library,
    identity: Option<Identity>,
    /// In milliseconds.
    limit: u64,
}

impl Talk {
    /// Sends and reads, with whether a connection was made.
    async fn converse(&self, outgoing: reqwest::Request) -> Exchanged {
        // The library's own limit on connecting comes first, so that it is known whether a connection was made.
        const GRACE: Duration = Duration::from_millis(20);
        let url = outgoing.url().clone();
        let (reached, result) = match timeout(Duration::from_millis(self.limit) + GRACE, self.attempt(outgoing)).await {
            Ok(exchanged) => exchanged,
            // Connecting has a limit of its own.
            Err(_) => (true, Err(no_reply_within(self.limit))),
        };
        match result {
            Err(failure) if self.library.is_direct && self.handshake().may_be_refusal(&failure) => {
                match self.look_for_alert(&url).await {
                    Some(refused) => (reached, Err(refused)),
                    None => (reached, Err(failure)),
                }
            }
            result => (reached, result),
        }
    }

    async fn attempt(&self, outgoing: reqwest::Request) -> Exchanged {
        let response = match self.library.client.execute(outgoing).await {
            Ok(response) => response,
            Err(error) if error.is_timeout() => return (!error.is_connect(), Err(no_reply_within(self.limit))),
            Err(error) => return (!error.is_connect(), Err(self.failure(&error))),
        };
        let result = receive(response).await.and_then(|reply| {
            let refused = self.handshake().refused_by_reply(reply.status, &reply.body);
            refused.map_or(Ok(reply), Err)
        });
        (true, result)
    }

    fn handshake(&self) -> Handshake<'_> {
        Handshake::of(self.identity.as_ref(), &self.library.requests)
    }

    fn failure(&self, error: &reqwest::Error) -> Failure {
        let refused = alert_behind(error).and_then(|alert| self.handshake().refused_by_alert(alert));
        refused.unwrap_or_else(|| connecting(error, !self.library.is_direct).unwrap_or_else(|| from_library(error)))
    }

    /// Makes the handshake once more, without a request, and listens for the alert that a broken connection may have
    /// swallowed. The request itself is not repeated: it may have been acted upon.
    async fn look_for_alert(&self, url: &reqwest::Url) -> Option<Failure> {
        const PATIENCE: Duration = Duration::from_secs(2);
        let mut tls = self.library.tls.clone();
        tls.alpn_protocols = vec![b"http/1.1".to_vec()];
        let host = url.host_str()?.trim_matches(['[', ']']).to_string();
        let name = ServerName::try_from(host.clone()).ok()?;
        let listen = async {
            let stream = TcpStream::connect((host.as_str(), url.port_or_known_default()?)).await.ok()?;
            let error = match TlsConnector::from(Arc::new(tls)).connect(name, stream).await {
                Ok(mut stream) => stream.read(&mut [0]).await.err()?,
                Err(error) => error,
            };
            self.handshake().refused_by_alert(alert_behind(&error)?)
        };
        timeout(PATIENCE, listen).await.ok().flatten()
    }
}

/// Reads the reply. A status outside of 100 to 599 is invalid (RFC 9110 section 15).
async fn receive(response: reqwest::Response) -> Result<Reply, Failure> {
    let status = response.status().as_u16();
    if !(100..=599).contains(&status) {
        return Err(Failure::new(ErrorKind::MalformedReply, format!("the status {status} is none of HTTP's")));
    }
    let headers = reply::as_received(response.headers());
    let body = reply::read_body(response, MAX_REPLY_BYTES).await?;
    Ok(Reply { status, headers, delay_milliseconds: 0, body })
}

fn library(url: &reqwest::Url, connection: &Connection<'_>) -> Result<Library, Failure> {
    // Without TLS there is nobody to trust, and reading whom the machine trusts takes a while.
    let is_direct = proxies::is_direct(url);
    if !is_direct {
        proxies::refuse_unusable_proxy(url)?;
    }
    let needs_trust = url.scheme() == "https" || !is_direct;
    let trust = if needs_trust { connection.trust } else { Trust::Only(&[]) };
    let (mut tls, requests) = client_config(trust, connection.identity)?;
    tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let builder = reqwest::Client::builder();
    let builder = if is_direct { builder.no_proxy() } else { builder };
    let client = builder
        .tls_backend_preconfigured(tls.clone())
        .user_agent(concat!("hookwright/", env!("CARGO_PKG_VERSION")))
        .redirect(Policy::none())
        .connect_timeout(Duration::from_millis(connection.timeout_milliseconds))
        // A server that closes an idle connection at the moment of the next request would fail that one.
        .pool_idle_timeout(Duration::from_secs(1))
        .http1_title_case_headers()
        .build()
        .map_err(|error| Failure::new(ErrorKind::Tls, format!("TLS cannot be set up: {error}")))?;
    Ok(Library { client, tls, requests, is_direct })
}
