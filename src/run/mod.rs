//! Effects: requests leave the program here, and nowhere else.
//!
//! A [`Client`] belongs to one thread and blocks. It takes a planned request, sends it to the address that stands in the
//! planned host's place, and tells what came back in the program's own words: no type of the HTTP libraries leaves this
//! module.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "requests leave here, and how long they take is measured here"
)]

mod client;
mod failure;
mod live;
mod outgoing;
mod proxies;
mod refusal;
mod reply;
mod tls;
mod token_cache;

pub use client::{Client, Destination, LONGEST_EXCHANGE, Limits, MAX_REPLY_BYTES, Secured, Sent};
pub use live::{Connection, LiveClient};
pub use outgoing::{MAX_HEAD_BYTES, MAX_HEADERS, wire_target};
pub use refusal::Handshake;
pub use tls::{CertificateRequests, Trust, client_config};
pub use token_cache::{Freshness, Origin, Slot, TokenCache, Turn};

pub(crate) use tls::provider as tls_provider;

/// Header names, in lower case, that say where a message ends or what becomes of its connection. They belong to the one who
/// writes the message: a configured value for them is not sent, in requests and in replies alike.
pub const FRAMING: [&str; 6] =
    ["content-length", "transfer-encoding", "connection", "keep-alive", "proxy-connection", "upgrade"];

/// Whether the header belongs to the one who writes the message: see [`FRAMING`].
pub fn is_framing(name: &str) -> bool {
    FRAMING.iter().any(|framing| framing.eq_ignore_ascii_case(name))
}
