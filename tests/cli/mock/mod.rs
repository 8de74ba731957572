//! `hookwright mock`, started and asked over real connections.

mod bad_input;
mod encrypted;
mod faults;
mod lifetime;
mod raw;
pub mod support;

mod served;
