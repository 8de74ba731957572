//! The built program from end to end, in projects of its own in temporary folders.

mod bad_input;
mod batch;
mod certificate;
mod commands;
mod exit_codes;
mod expectations;
mod files;
mod fix_corpus;
mod fixes;
mod formats;
mod given;
mod junit;
mod levels;
mod replies;
mod review;
mod runner;
mod safety;
mod shapes;
mod snapshots;
mod support;
#[cfg(target_os = "linux")]
mod terminal;
mod watch;
