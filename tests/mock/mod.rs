//! The mock server and what it is made of.

mod derived;

pub use derived::own_specs;
