//! The mock server and what it is made of.

mod authentication;
mod derived;
mod signed;

pub use derived::own_specs;
