//! `hookwright mock`, started and asked over real connections.

pub mod support;

pub mod api;
mod copies;
mod document;
mod journal;
mod looking_on;
mod masked;
mod replays;
mod served;
