//! Programs that nobody here wrote. They are not needed for `cargo test`: these tests run where `HOOKWRIGHT_PEERS` names the
//! folder that the peers are installed in, as in `.ci/run`.

mod authlib;
mod oidc_provider;
mod token_server;
