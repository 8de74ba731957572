//! Programs that nobody here wrote: OpenSSL makes the certificates that are read, nginx and OpenSSL ask for them.
//!
//! They are not needed for `cargo test`: `cargo test peers -- --ignored` runs these tests, as `.ci/run` does.

mod certificates;
mod handshakes;
pub mod servers;
pub mod workshop;
