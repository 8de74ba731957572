//! `hookwright mock`, started and asked over real connections.

pub mod support;

mod served;
