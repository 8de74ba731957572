//! The built program from end to end, in projects of its own in temporary folders.

mod bad_input;
mod batch;
mod commands;
mod exit_codes;
mod expectations;
mod encrypted;
mod files;
mod fix_corpus;
mod fixes;
mod formats;
mod given;
mod levels;
mod real_secrets;
mod replies;
mod safety;
mod saving;
mod send;
mod server;
mod shapes;
mod snapshots;
mod support;
mod terminal;
mod wires;
