//! What a mock is started with.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use super::chaos::Chaos;
use super::encryption::Encryption;
use super::rate::Rate;
use super::ring::{MAX_BYTES, MAX_ENTRIES};

/// What a mock is started with.
#[derive(Clone, Debug)]
pub struct Options {
    pub listen: SocketAddr,
    /// Whether a request that differs is refused.
    pub strict: bool,
    /// Waited for before every reply, besides the case's own delay.
    pub latency: Duration,
    /// How many exchanges are kept, and how many bytes of them in all.
    pub log_entries: usize,
    pub log_bytes: usize,
    /// A larger request body is refused.
    pub max_body_bytes: usize,
    /// Whether an event is wanted for each exchange.
    pub tells_exchanges: bool,
    /// TLS is spoken with this, else none.
    pub encryption: Option<Encryption>,
    /// Where the CA certificate was written, which is told with all else.
    pub ca_file: Option<PathBuf>,
    pub chaos: Option<Chaos>,
    /// How many requests are answered in a time, whoever they are from.
    pub rate: Option<Rate>,
    /// How long a client may take for the handshake, for a request's head, for its body, and for its next request.
    pub read_timeout: Duration,
    /// How many connections may be open at once.
    pub max_connections: usize,
}

/// A larger request body is refused unless told otherwise.
pub const MAX_BODY_BYTES: usize = 16 * 1024 * 1024;

/// So much of each body is kept in the log.
pub const MAX_LOGGED_BODY_BYTES: usize = 64 * 1024;

/// The most bytes that the bodies of all requests under way may have together; more are told to come again later.
pub const MAX_BODIES_BYTES: usize = 256 * 1024 * 1024;

/// The most bytes of a request's head: twice as many as an action's request has at most. More are answered with 431.
pub const MAX_HEAD_BYTES: usize = 2 * crate::run::MAX_HEAD_BYTES;

/// The most headers of a request: the library's own number, which is more than an action's request has.
pub const MAX_HEADERS: usize = 100;

/// The most requests at once on one connection of HTTP/2.
pub const MAX_CONCURRENT_STREAMS: u32 = 128;

/// How many connections may be open at once unless told otherwise. Where the system allows fewer open files, fewer.
pub const MAX_CONNECTIONS: usize = 10_240;

/// Files that are kept free for all else but connections.
pub const OTHER_FILES: usize = 64;

/// How long a client may take for the handshake, for a request's head, for its body, and for its next request.
pub const READ_TIMEOUT: Duration = Duration::from_secs(30);

/// How long replies under way may take once the mock is told to stop.
pub const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(5);

impl Default for Options {
    fn default() -> Options {
        Options {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            strict: false,
            latency: Duration::ZERO,
            log_entries: MAX_ENTRIES,
            log_bytes: MAX_BYTES,
            max_body_bytes: MAX_BODY_BYTES,
            tells_exchanges: false,
            encryption: None,
            ca_file: None,
            chaos: None,
            rate: None,
            read_timeout: READ_TIMEOUT,
            max_connections: MAX_CONNECTIONS,
        }
    }
}
