//! Stand-ins for the backend of a webhook action.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "requests are answered here, by servers with threads of their own"
)]

mod any_certificate;
pub mod derive;
mod fault;
mod in_process;
mod mounted;
mod processor;
mod received;
mod reply;
#[cfg(test)]
mod tests;
mod tls;
#[cfg(test)]
mod tls_tests;

pub use any_certificate::{AnyCertificate, shown_certificate};
pub use in_process::Backend;
pub use mounted::{Mounted, mount};
pub use processor::share_one_processor;
pub use received::ReceivedRequest;
pub(crate) use tls::named as certificate_name;
pub use tls::{TlsBackend, throw_away_identity};
