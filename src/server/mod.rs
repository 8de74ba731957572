//! The mock that runs for long: it answers as the cases say, checks what it receives, and keeps the newest exchanges.
//!
//! A request goes through [`handle`], which asks [`crate::mock::derive`] what it is, logs it and answers. What people and
//! programs look at goes through [`control`], below `/__hookwright/`. Nothing is printed here: [`Event`]s say what happened.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "requests are answered here, by a server with threads and files of its own"
)]

mod body;
mod chaos;
mod connection;
mod control;
mod decide;
mod entry;
mod encryption;
mod event;
mod handle;
mod inspector;
pub mod journal;
mod journalling;
mod listen;
mod logged;
mod open;
mod options;
mod rate;
mod receive;
pub mod ring;
mod served;
mod shared;
mod token_endpoint;
mod tokens;

pub use control::document as control_api;
mod stream;

pub use chaos::Chaos;
pub use encryption::Encryption;
pub use event::{Event, Ready, Stopped};
pub use listen::{Handle, Server};
pub use options::{MAX_CONNECTIONS, Options};
pub use rate::Rate;
pub use served::Served;
