//! The stand-in of one test worker: servers on the loopback that answer what the worker prepares, one request at a time.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};

use tokio::runtime::{Builder, Runtime};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::fault::{FaultServer, Misbehaviour, RefusingAddress};
use super::received::{Inbox, ReceivedRequest};
use super::reply::{Responder, nothing, template};
use crate::case::{Answer, Fault};

/// After so many requests, or so many bytes of their bodies, wiremock is made to forget them: it keeps every request that it
/// answered for as long as the mock is mounted.
const REQUESTS_KEPT: usize = 64;
const BYTES_KEPT: usize = 4 << 20;

/// The servers of one worker, for one client that finishes what it sends: wiremock's thread panics on a client that goes away
/// in the middle of a request's body. They start when they are first needed, and end when this is dropped.
pub struct Backend {
    /// wiremock's own interface is asynchronous; it waits for nothing.
    runtime: Runtime,
    server: MockServer,
    responder: Responder,
    inbox: Inbox,
    requests_kept: usize,
    bytes_kept: usize,
    faults: Option<FaultServer>,
    refusing: Option<RefusingAddress>,
}

impl Backend {
    /// # Errors
    /// When no port can be bound.
    pub fn start() -> io::Result<Backend> {
        let runtime = Builder::new_current_thread().enable_time().build()?;
        // Bound here, since the library panics when it cannot.
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let server = MockServer::builder().listener(listener).disable_request_recording();
        let inbox = Inbox::default();
        let responder = Responder::new(inbox.clone());
        let server = runtime.block_on(async {
            let server = server.start().await;
            server.register(mock(&responder)).await;
            server
        });
        let (requests_kept, bytes_kept, faults, refusing) = (0, 0, None, None);
        Ok(Backend { runtime, server, responder, inbox, requests_kept, bytes_kept, faults, refusing })
    }

    /// Makes the next request meet the answer, at the address returned. A delay is not waited for: time is virtual.
    ///
    /// # Errors
    /// When the reply cannot be sent (a status outside 200 to 599, a header with a line break), or no port can be bound.
    pub fn prepare(&mut self, answer: &Answer) -> io::Result<SocketAddr> {
        self.received();
        match answer {
            Answer::Reply(reply) => Ok(self.answer_with(template(reply)?)),
            Answer::Unspecified | Answer::Fault(Fault::Timeout) => Ok(self.answer_with(nothing())),
            Answer::Fault(Fault::ConnectionRefused) => self.refuse(),
            Answer::Fault(Fault::ConnectionReset) => self.misbehave(Misbehaviour::Reset),
            Answer::Fault(Fault::Empty) => self.misbehave(Misbehaviour::Empty),
            Answer::Fault(Fault::Malformed) => self.misbehave(Misbehaviour::Malformed),
            Answer::Fault(Fault::Tls) => self.misbehave(Misbehaviour::TlsAlert),
        }
    }

    /// Takes the request that came since [`Backend::prepare`]; of several the last.
    pub fn received(&mut self) -> Option<ReceivedRequest> {
        let received = self.inbox.take();
        if let Some(request) = &received {
            self.requests_kept += 1;
            self.bytes_kept += request.body.len();
        }
        received
    }

    /// Makes the next request meet a reply whose body is shorter than announced.
    #[cfg(test)]
    pub(super) fn prepare_truncated(&mut self) -> io::Result<SocketAddr> {
        self.misbehave(Misbehaviour::Truncated)
    }

    fn answer_with(&mut self, template: ResponseTemplate) -> SocketAddr {
        if self.requests_kept >= REQUESTS_KEPT || self.bytes_kept >= BYTES_KEPT {
            self.forget();
        }
        self.responder.answer_with(template);
        *self.server.address()
    }

    fn forget(&mut self) {
        self.runtime.block_on(async {
            self.server.reset().await;
            self.server.register(mock(&self.responder)).await;
        });
        (self.requests_kept, self.bytes_kept) = (0, 0);
    }

    fn refuse(&mut self) -> io::Result<SocketAddr> {
        match &self.refusing {
            Some(refusing) => Ok(refusing.address()),
            None => Ok(self.refusing.insert(RefusingAddress::new()?).address()),
        }
    }

    fn misbehave(&mut self, misbehaviour: Misbehaviour) -> io::Result<SocketAddr> {
        match &self.faults {
            Some(faults) => Ok(faults.prepare(misbehaviour)),
            None => Ok(self.faults.insert(FaultServer::start(self.inbox.clone())?).prepare(misbehaviour)),
        }
    }
}

fn mock(responder: &Responder) -> Mock {
    Mock::given(any()).respond_with(responder.clone())
}
