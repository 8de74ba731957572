//! The mock that runs for long: what it keeps of every exchange.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "requests are answered here, by a server with threads and files of its own"
)]

pub mod journal;
pub mod ring;
