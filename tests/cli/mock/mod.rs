//! `hookwright mock`, started and asked over real connections.

mod bad_input;
mod encrypted;
mod faults;
mod half_closed;
mod lifetime;
mod raw;
pub mod support;

pub mod api;
mod copies;
mod document;
mod journal;
mod looking_on;
mod masked;
mod replays;
mod authentication;
mod served;
mod without_body;
