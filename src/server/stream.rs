//! A connection's bytes, plain or encrypted, and what goes wrong with them on purpose.

use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};
use tokio_rustls::server::TlsStream;

use super::open::State;
use crate::case::Fault;

/// How long a client that is still sending may go on after it was refused. A connection that is closed before all was read
/// is reset, and the client would never see why (RFC 9112, section 9.6).
const LINGER: Duration = Duration::from_secs(2);

/// What comes in place of a reply.
const MALFORMED: &[u8] = b"\x00\xffthis is not HTTP\r\n\r\n";

/// A fatal alert (record of type 21, TLS 1.2, two bytes): handshake failure. It is not encrypted, as it would have to be by
/// now; so the client sees a connection that is broken below HTTP.
const HANDSHAKE_FAILURE: [u8; 7] = [21, 3, 3, 0, 2, 2, 40];

/// How a connection goes wrong in place of the next reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misbehaviour {
    /// It is reset.
    Reset = 1,
    /// It is closed.
    Silence,
    /// What comes is not HTTP.
    Malformed,
    /// What comes is not TLS; without TLS, it is reset.
    Alert,
}

impl Misbehaviour {
    const ALL: [Misbehaviour; 4] =
        [Misbehaviour::Reset, Misbehaviour::Silence, Misbehaviour::Malformed, Misbehaviour::Alert];

    /// How a fault is shown on a connection that was accepted: nothing but a reset comes close to one that was refused.
    pub fn showing(fault: Fault) -> Misbehaviour {
        match fault {
            Fault::ConnectionRefused | Fault::ConnectionReset => Misbehaviour::Reset,
            Fault::Timeout | Fault::Empty => Misbehaviour::Silence,
            Fault::Malformed => Misbehaviour::Malformed,
            Fault::Tls => Misbehaviour::Alert,
        }
    }

    pub fn of(number: u8) -> Option<Misbehaviour> {
        Misbehaviour::ALL.into_iter().find(|one| *one as u8 == number)
    }
}

/// A connection's bytes.
pub enum Transport {
    Plain(TcpStream),
    Encrypted(Box<TlsStream<TcpStream>>),
}

impl Transport {
    fn socket(&self) -> &TcpStream {
        match self {
            Transport::Plain(stream) => stream,
            Transport::Encrypted(stream) => stream.get_ref().0,
        }
    }

    fn read(&mut self, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self {
            Transport::Plain(stream) => Pin::new(stream).poll_read(context, into),
            Transport::Encrypted(stream) => Pin::new(stream).poll_read(context, into),
        }
    }

    fn write(&mut self, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self {
            Transport::Plain(stream) => Pin::new(stream).poll_write(context, bytes),
            Transport::Encrypted(stream) => Pin::new(stream).poll_write(context, bytes),
        }
    }

    fn flush(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self {
            Transport::Plain(stream) => Pin::new(stream).poll_flush(context),
            Transport::Encrypted(stream) => Pin::new(stream).poll_flush(context),
        }
    }

    fn shutdown(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self {
            Transport::Plain(stream) => Pin::new(stream).poll_shutdown(context),
            Transport::Encrypted(stream) => Pin::new(stream).poll_shutdown(context),
        }
    }
}

/// A connection's bytes, which go wrong where its state says so.
pub struct FaultyStream {
    transport: Transport,
    state: Arc<State>,
    /// How much of what is not HTTP was written.
    written: usize,
    is_shut_down: bool,
    /// How the client's side ended.
    ended: Option<io::Result<()>>,
    /// Whether a part of a reply waits until the client takes what came before.
    is_stalled: bool,
    linger: Option<Pin<Box<Sleep>>>,
}

impl FaultyStream {
    pub fn new(transport: Transport, state: Arc<State>) -> FaultyStream {
        FaultyStream { transport, state, written: 0, is_shut_down: false, ended: None, is_stalled: false, linger: None }
    }

    /// The connection is reset when the socket is closed, which the error brings about.
    fn reset(&self) -> io::Error {
        let _ = SockRef::from(self.transport.socket()).set_linger(Some(Duration::ZERO));
        ErrorKind::ConnectionReset.into()
    }

    fn alert(&self) -> io::Error {
        match &self.transport {
            Transport::Plain(_) => self.reset(),
            Transport::Encrypted(stream) => {
                // The buffer of a socket on which nothing else waits has room for it.
                let _ = stream.get_ref().0.try_write(&HANDSHAKE_FAILURE);
                ErrorKind::ConnectionAborted.into()
            }
        }
    }

    fn write_malformed(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.written < MALFORMED.len() {
            let count = ready!(self.transport.write(context, &MALFORMED[self.written..]))?;
            if count == 0 {
                return Poll::Ready(Err(ErrorKind::WriteZero.into()));
            }
            self.written += count;
        }
        Poll::Ready(Ok(()))
    }

    /// Tells that the client's side has ended, once no reply is due to it any more. One that only half-closed gets its reply.
    fn end(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let is_clean = !matches!(self.ended, Some(Err(_)));
        let is_stalled = self.is_stalled && !self.state.is_http2();
        if is_clean && (is_stalled || self.state.is_due_to_half_closed(context.waker())) {
            return Poll::Pending;
        }
        Poll::Ready(self.ended.replace(Ok(())).unwrap_or(Ok(())))
    }

    /// Reads on until the client has seen that nobody listens.
    fn linger(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let timer = self.linger.get_or_insert_with(|| Box::pin(sleep(LINGER)));
        if timer.as_mut().poll(context).is_ready() {
            return Poll::Ready(());
        }
        let mut bytes = [0; 16 * 1024];
        // As many at a time as leave others their turn.
        for _ in 0..16 {
            let mut into = ReadBuf::new(&mut bytes);
            let read = ready!(self.transport.read(context, &mut into));
            if read.is_err() || into.filled().is_empty() {
                return Poll::Ready(());
            }
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

impl AsyncRead for FaultyStream {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.ended.is_some() {
            return this.end(context);
        }
        let before = into.filled().len();
        let read = ready!(this.transport.read(context, into));
        if read.is_ok() && into.filled().len() > before {
            this.state.was_read();
            return Poll::Ready(Ok(()));
        }
        this.ended = Some(read);
        if this.state.is_idle() || this.state.is_http2() {
            return this.end(context);
        }
        // What came before is taken first: an end is no matter to a request that is whole.
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

impl AsyncWrite for FaultyStream {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        match this.state.misbehaviour() {
            None => {
                let written = this.transport.write(context, bytes);
                this.is_stalled = written.is_pending();
                let count = ready!(written)?;
                this.state.was_written();
                Poll::Ready(Ok(count))
            }
            Some(Misbehaviour::Silence) => Poll::Ready(Ok(bytes.len())),
            Some(Misbehaviour::Malformed) => {
                ready!(this.write_malformed(context))?;
                Poll::Ready(Ok(bytes.len()))
            }
            Some(Misbehaviour::Reset) => Poll::Ready(Err(this.reset())),
            Some(Misbehaviour::Alert) => Poll::Ready(Err(this.alert())),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.get_mut().transport.flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if !this.is_shut_down {
            ready!(this.transport.shutdown(context))?;
            this.is_shut_down = true;
        }
        if this.state.is_unread() && !this.state.is_http2() {
            ready!(this.linger(context));
        }
        Poll::Ready(Ok(()))
    }
}
