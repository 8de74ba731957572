//! One client of one thread: sends a request, waits for what comes back.

use std::cell::RefCell;
use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use reqwest::redirect::Policy;
use rustls::ClientConfig;
use tokio::runtime::{Builder, Runtime};

use super::failure::{from_library, no_reply_within, stuck};
use super::outgoing::{Wire, outgoing};
use super::tls::{Trust, client_config};
use super::{reply, tls};
use crate::case::{Answer, Fault, Reply};
use crate::certificate::{Certificate, Identity};
use crate::eval::{ErrorKind, Failure, Request};

/// The longest reply body that is read.
pub const MAX_REPLY_BYTES: u64 = 16 << 20;

/// The longest real time that one exchange with a stand-in may take, whatever its virtual time-out.
pub const LONGEST_EXCHANGE: Duration = Duration::from_secs(10);

/// Where a request goes in place of the planned host.
#[derive(Clone, Copy, Debug)]
pub struct Destination<'a> {
    pub address: SocketAddr,
    /// What stands there: its delay is compared with the time-out and not waited for.
    pub answer: &'a Answer,
    /// `None`: it does not speak TLS.
    pub secured: Option<Secured<'a>>,
}

/// Mutual TLS with a stand-in.
#[derive(Clone, Copy, Debug)]
pub struct Secured<'a> {
    pub identity: &'a Identity,
    /// The only server that is trusted.
    pub trusted: &'a Certificate,
}

/// What an exchange may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Virtual time.
    pub timeout_milliseconds: u64,
    /// The longest body that is read: at most [`MAX_REPLY_BYTES`].
    pub reply_bytes: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { timeout_milliseconds: 30_000, reply_bytes: MAX_REPLY_BYTES }
    }
}

/// What became of a request.
#[derive(Clone, Debug)]
pub struct Sent {
    /// Whether a connection was made, so that the request left.
    pub reached: bool,
    /// `None` when there was a failure, and when the case says nothing about a reply.
    pub reply: Option<Reply>,
    pub failure: Option<Failure>,
    /// Real time.
    pub elapsed: Duration,
}

impl Sent {
    /// Nothing left.
    pub fn not_sent(failure: Failure) -> Sent {
        Sent { reached: false, reply: None, failure: Some(failure), elapsed: Duration::ZERO }
    }
}

/// Sends requests, one after the other, over connections that are kept open. Belongs to one thread.
pub struct Client {
    runtime: Runtime,
    library: reqwest::Client,
    /// For mutual TLS: the certificates of both sides, and a client for them. The latest only.
    secured: RefCell<Option<([Certificate; 2], reqwest::Client)>>,
    guard: Duration,
}

impl Client {
    /// # Errors
    /// When the system gives no event queue.
    pub fn new() -> io::Result<Client> {
        let runtime = Builder::new_current_thread().enable_io().enable_time().build()?;
        let library = library_client(tls::without_roots().map_err(io::Error::other)?, usize::MAX)?;
        Ok(Client { runtime, library, secured: RefCell::default(), guard: LONGEST_EXCHANGE })
    }

    /// Sends the request to the destination and waits for what comes back; blocks, at most for [`LONGEST_EXCHANGE`].
    ///
    /// The scheme and authority of the planned URL are replaced; Host carries the planned authority. Nothing of our own is
    /// added but Host, Content-Length, Accept and User-Agent. Redirects are not followed.
    pub fn send(&self, request: &Request, destination: &Destination, limits: &Limits) -> Sent {
        let started = Instant::now();
        let (reached, result) = self.exchange(request, destination, limits);
        let (reply, failure) = match result {
            Ok(reply) => (reply, None),
            Err(failure) => (None, Some(failure)),
        };
        Sent { reached, reply, failure, elapsed: started.elapsed() }
    }

    fn exchange(&self, request: &Request, destination: &Destination, limits: &Limits) -> (bool, Exchanged) {
        let is_encrypted = destination.secured.is_some() || matches!(destination.answer, Answer::Fault(Fault::Tls));
        let scheme = if is_encrypted { "https" } else { "http" };
        let outgoing = match outgoing(request, Wire::StandIn(&format!("{scheme}://{}", destination.address))) {
            Ok(outgoing) => outgoing,
            Err(failure) => return (false, Err(failure)),
        };
        let library = match destination.secured.map(|secured| self.secured_library(secured)).transpose() {
            Ok(library) => library.unwrap_or_else(|| self.library.clone()),
            Err(failure) => return (false, Err(failure)),
        };
        self.runtime.block_on(async {
            match tokio::time::timeout(self.guard, converse(&library, outgoing, destination.answer, limits)).await {
                Ok(exchanged) => exchanged,
                Err(_) => (true, Err(stuck(self.guard))),
            }
        })
    }
}

impl Client {
    fn secured_library(&self, secured: Secured<'_>) -> Result<reqwest::Client, Failure> {
        let sides = [secured.identity.certificate().clone(), secured.trusted.clone()];
        let mut latest = self.secured.borrow_mut();
        if let Some((known, library)) = &*latest
            && *known == sides
        {
            return Ok(library.clone());
        }
        let (tls, _) = client_config(Trust::Only(std::slice::from_ref(secured.trusted)), Some(secured.identity))?;
        // Each exchange has a handshake of its own, in which the certificate is shown.
        let library = library_client(tls, 0).map_err(|error| Failure::new(ErrorKind::Tls, error.to_string()))?;
        *latest = Some((sides, library.clone()));
        Ok(library)
    }
}

/// A reply if the case gives one, or why none came.
type Exchanged = Result<Option<Reply>, Failure>;

/// Sends and reads, with whether a connection was made.
async fn converse(
    client: &reqwest::Client,
    outgoing: reqwest::Request,
    answer: &Answer,
    limits: &Limits,
) -> (bool, Exchanged) {
    match client.execute(outgoing).await {
        Ok(response) => (true, receive(response, answer, limits).await),
        Err(error) => (!error.is_connect(), Err(from_library(&error))),
    }
}

async fn receive(response: reqwest::Response, answer: &Answer, limits: &Limits) -> Exchanged {
    let configured = match answer {
        Answer::Unspecified => return Ok(None),
        Answer::Fault(Fault::Timeout) => return Err(no_reply_within(limits.timeout_milliseconds)),
        Answer::Fault(_) => None,
        Answer::Reply(reply) if reply.delay_milliseconds > limits.timeout_milliseconds => {
            return Err(no_reply_within(limits.timeout_milliseconds));
        }
        Answer::Reply(reply) => Some(reply),
    };
    let configured_headers = configured.map_or(&[][..], |reply| &reply.headers);
    let status = response.status().as_u16();
    let headers = reply::as_configured(configured_headers, response.headers());
    let body = reply::read_body(response, limits.reply_bytes.min(MAX_REPLY_BYTES)).await?;
    let delay_milliseconds = configured.map_or(0, |reply| reply.delay_milliseconds);
    Ok(Some(Reply { status, headers, delay_milliseconds, body }))
}

fn library_client(tls: ClientConfig, kept_connections: usize) -> io::Result<reqwest::Client> {
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .user_agent(concat!("hookwright/", env!("CARGO_PKG_VERSION")))
        .redirect(Policy::none())
        .no_proxy()
        .http1_only()
        .http1_title_case_headers()
        .pool_idle_timeout(None)
        .pool_max_idle_per_host(kept_connections)
        .build()
        .map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::TaintedText;
    use std::io::{Read, Write};
    use std::net::{TcpListener, TcpStream};

    /// Serves one connection: `serve` is called once something was read.
    fn server(serve: impl FnOnce(TcpStream) + Send + 'static) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let _ = stream.read(&mut [0; 4096]);
            serve(stream);
        });
        address
    }

    fn get(client: &Client, address: SocketAddr, limits: &Limits) -> Sent {
        let url = TaintedText::plain("http://example.com/");
        let request = Request { method: "GET".to_string(), url, headers: Vec::new(), body: None };
        let reply = Reply { status: 200, headers: Vec::new(), delay_milliseconds: 0, body: Vec::new() };
        client.send(&request, &Destination { address, answer: &Answer::Reply(reply), secured: None }, limits)
    }

    fn failure(sent: Sent) -> (bool, ErrorKind) {
        assert_eq!(sent.reply, None);
        (sent.reached, sent.failure.unwrap().kind)
    }

    /// One chunk after the other, until the client goes.
    fn endless(mut stream: TcpStream) {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        while stream.write_all(b"5\r\nabcde\r\n").is_ok() {}
    }

    #[test]
    fn an_endless_reply_ends_at_the_limit() {
        let client = Client::new().unwrap();
        let limits = Limits { reply_bytes: 100_000, ..Limits::default() };
        assert_eq!(failure(get(&client, server(endless), &limits)), (true, ErrorKind::ReplyTooLarge));
    }

    #[test]
    fn a_caller_cannot_lift_the_limit() {
        let client = Client::new().unwrap();
        let limits = Limits { reply_bytes: u64::MAX, ..Limits::default() };
        let large = |mut stream: TcpStream| {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 16777217\r\n\r\n");
        };
        assert_eq!(failure(get(&client, server(large), &limits)), (true, ErrorKind::ReplyTooLarge));
    }

    #[test]
    fn a_silent_or_dribbling_server_does_not_hold_the_client() {
        let mut client = Client::new().unwrap();
        client.guard = Duration::from_millis(100);
        let silent = |stream: TcpStream| {
            std::thread::sleep(Duration::from_secs(2));
            drop(stream);
        };
        let dribbling = |mut stream: TcpStream| {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            while stream.write_all(b"1\r\na\r\n").is_ok() {
                std::thread::sleep(Duration::from_millis(10));
            }
        };
        for address in [server(silent), server(dribbling)] {
            let sent = get(&client, address, &Limits::default());
            let message = "the exchange was not over after 100 ms of real time";
            assert_eq!(sent.failure, Some(Failure::new(ErrorKind::Timeout, message)));
            assert!(sent.elapsed < Duration::from_secs(1));
        }
    }

    #[test]
    fn broken_replies() {
        let client = Client::new().unwrap();
        let head = "HTTP/1.1 200 OK\r\n";
        let many_headers = format!("{head}{}\r\n", "X-A: 1\r\n".repeat(200));
        for (reply, kind) in [
            (format!("{head}Content-Length: many\r\n\r\n"), ErrorKind::MalformedReply),
            (format!("{head}Transfer-Encoding: chunked\r\n\r\nxyz\r\n"), ErrorKind::MalformedReply),
            (format!("{head}no colon\r\n\r\n"), ErrorKind::MalformedReply),
            ("220 mail.example.com ESMTP\r\n".to_string(), ErrorKind::MalformedReply),
            (many_headers, ErrorKind::ReplyTooLarge),
            (format!("{head}X-A: 1"), ErrorKind::ConnectionReset),
            (format!("{head}Transfer-Encoding: chunked\r\n\r\n5\r\nabc"), ErrorKind::ConnectionReset),
        ] {
            let text = reply.clone();
            let address = server(move |mut stream| drop(stream.write_all(text.as_bytes())));
            assert_eq!(failure(get(&client, address, &Limits::default())), (true, kind), "{reply}");
        }
    }

    #[test]
    fn a_server_that_does_not_speak_tls() {
        let client = Client::new().unwrap();
        let address = server(|mut stream| drop(stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")));
        let url = TaintedText::plain("https://example.com/");
        let request = Request { method: "GET".to_string(), url, headers: Vec::new(), body: None };
        let destination = Destination { address, answer: &Answer::Fault(Fault::Tls), secured: None };
        assert_eq!(failure(client.send(&request, &destination, &Limits::default())), (false, ErrorKind::Tls));
    }
}
