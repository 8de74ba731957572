//! Programs that nobody here wrote: OpenSSL makes the certificates that are read, nginx and OpenSSL ask for them; oidc-provider
//! and Authlib give tokens; Chromium shows the inspector; WireMock serves what is exported, validators read it; curl and Newman
//! are clients of the mock.
//!
//! They are not needed for `cargo test`. Those that come with the system are ignored tests; the others run where
//! `HOOKWRIGHT_PEERS` names the folder that they are installed in. `.ci/run` runs all of them.

mod authlib;
mod certificates;
mod control_api;
mod clients;
mod handshakes;
mod inspector;
mod oidc_provider;
mod openapi;
pub mod servers;
mod token_server;
mod wiremock;
pub mod workshop;
