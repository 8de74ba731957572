//! What a mock is started with.

use std::net::SocketAddr;
use std::time::Duration;

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
}

/// A larger request body is refused unless told otherwise.
pub const MAX_BODY_BYTES: usize = 16 * 1024 * 1024;

/// So much of each body is kept in the log.
pub const MAX_LOGGED_BODY_BYTES: usize = 64 * 1024;

/// How long a client may take for a request's head, and for its body.
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
        }
    }
}
