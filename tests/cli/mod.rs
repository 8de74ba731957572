//! The built program from end to end, in projects of its own in temporary folders.

mod bad_input;
mod batch;
mod certificate;
mod commands;
mod exit_codes;
mod expectations;
mod encrypted;
mod environments;
mod exports;
mod files;
mod fix_corpus;
mod fixes;
mod flow_secrets;
mod flows;
mod formats;
mod given;
mod junit;
mod levels;
mod live;
mod live_refusals;
mod live_secret_attributes;
mod live_secrets;
mod migrate;
pub mod mock;
mod mutual_tls;
mod native;
#[cfg(target_os = "linux")]
mod proxies;
mod questions;
mod real_secrets;
mod replies;
mod review;
mod runner;
mod safety;
mod saving;
mod secrets_stay;
mod send;
mod server;
mod shapes;
mod snapshots;
pub mod support;
mod templated_replies;
#[cfg(target_os = "linux")]
mod terminal;
mod verify;
mod watch;
mod wires;
