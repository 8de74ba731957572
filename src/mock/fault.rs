//! A server that misbehaves on the socket, which no HTTP library would do.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use socket2::{Domain, SockRef, Socket, Type};

use super::received::{Inbox, ReceivedRequest};
use crate::run::LONGEST_EXCHANGE;

/// How the server misbehaves once it has read what the client sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Misbehaviour {
    /// Resets the connection.
    Reset,
    /// Closes the connection.
    Empty,
    /// Answers what is not HTTP.
    Malformed,
    /// Takes a TLS greeting in place of a request, and breaks the handshake off.
    TlsAlert,
    /// Promises a longer body than it sends.
    #[cfg(test)]
    Truncated,
}

/// A fatal alert (record of type 21, TLS 1.2, two bytes): handshake failure.
const HANDSHAKE_FAILURE: [u8; 7] = [21, 3, 3, 0, 2, 2, 40];

/// The longest head and body that are read: more than the client sends.
const MAX_HEAD_BYTES: u64 = 1 << 20;
const MAX_BODY_BYTES: u64 = 1 << 30;

/// A listener on a thread of its own, which ends when this is dropped.
pub(super) struct FaultServer {
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    misbehaviour: Mutex<Misbehaviour>,
    inbox: Inbox,
    stopped: AtomicBool,
}

impl FaultServer {
    pub(super) fn start(inbox: Inbox) -> io::Result<FaultServer> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let misbehaviour = Mutex::new(Misbehaviour::Empty);
        let shared = Arc::new(Shared { misbehaviour, inbox, stopped: AtomicBool::new(false) });
        let served = Arc::clone(&shared);
        thread::Builder::new().name("faults".to_string()).spawn(move || serve(&listener, &served))?;
        Ok(FaultServer { address, shared })
    }

    /// Where the next client meets the misbehaviour.
    pub(super) fn prepare(&self, misbehaviour: Misbehaviour) -> SocketAddr {
        *self.shared.misbehaviour.lock().unwrap_or_else(PoisonError::into_inner) = misbehaviour;
        self.address
    }
}

impl Drop for FaultServer {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::Release);
        // Wakes the thread; when it cannot be reached, it has ended already.
        let _ = TcpStream::connect_timeout(&self.address, Duration::from_millis(100));
    }
}

/// An address that is taken and refuses connections: bound, never listening, so that nobody else comes to listen there.
pub(super) struct RefusingAddress {
    address: SocketAddr,
    _socket: Socket,
}

impl RefusingAddress {
    pub(super) fn new() -> io::Result<RefusingAddress> {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
        socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())?;
        let address = socket.local_addr()?.as_socket().ok_or(io::ErrorKind::AddrNotAvailable)?;
        Ok(RefusingAddress { address, _socket: socket })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }
}

fn serve(listener: &TcpListener, shared: &Shared) {
    while let Ok((stream, _)) = listener.accept() {
        if shared.stopped.load(Ordering::Acquire) {
            return;
        }
        let misbehaviour = *shared.misbehaviour.lock().unwrap_or_else(PoisonError::into_inner);
        // A client that goes away is no reason to stop serving.
        let _ = misbehave(stream, misbehaviour, &shared.inbox);
    }
}

fn misbehave(mut stream: TcpStream, misbehaviour: Misbehaviour, inbox: &Inbox) -> io::Result<()> {
    stream.set_read_timeout(Some(LONGEST_EXCHANGE))?;
    if misbehaviour == Misbehaviour::TlsAlert {
        read_tls_record(&mut stream)?;
        return stream.write_all(&HANDSHAKE_FAILURE);
    }
    inbox.put(read_request(&stream)?);
    match misbehaviour {
        Misbehaviour::Reset => SockRef::from(&stream).set_linger(Some(Duration::ZERO)),
        Misbehaviour::Malformed => stream.write_all(b"\x00\xffthis is not HTTP\r\n\r\n"),
        #[cfg(test)]
        Misbehaviour::Truncated => stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart"),
        Misbehaviour::Empty | Misbehaviour::TlsAlert => Ok(()),
    }
}

fn read_tls_record(stream: &mut TcpStream) -> io::Result<()> {
    let mut head = [0; 5];
    stream.read_exact(&mut head)?;
    let length = usize::from(u16::from_be_bytes([head[3], head[4]]));
    stream.read_exact(&mut vec![0; length])
}

/// Reads one request of our own client: HTTP/1.1 with a Content-Length where there is a body.
fn read_request(stream: &TcpStream) -> io::Result<ReceivedRequest> {
    let mut reader = BufReader::new(stream);
    let mut head = Read::take(&mut reader, MAX_HEAD_BYTES);
    let first = read_line(&mut head)?;
    let mut parts = first.split(' ');
    let (method, target) = (parts.next().unwrap_or_default().to_string(), parts.next().unwrap_or_default().to_string());
    let mut headers = Vec::new();
    loop {
        let line = read_line(&mut head)?;
        let Some((name, value)) = line.split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim_matches([' ', '\t']).to_string()));
    }
    let mut received = ReceivedRequest { method, target, headers, body: Vec::new() };
    let length = received.values("content-length").next().and_then(|length| length.parse().ok()).unwrap_or(0);
    reader.take(length.min(MAX_BODY_BYTES)).read_to_end(&mut received.body)?;
    Ok(received)
}

fn read_line(reader: &mut impl BufRead) -> io::Result<String> {
    let mut line = Vec::new();
    if reader.read_until(b'\n', &mut line)? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(String::from_utf8_lossy(&line).trim_end_matches(['\r', '\n']).to_string())
}
