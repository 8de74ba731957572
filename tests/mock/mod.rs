//! The mock server and what it is made of.

mod authentication;
mod contradictions;
mod derived;
mod mounted;
mod signed;

pub use derived::own_specs;
