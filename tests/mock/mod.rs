//! The mock server and what it is made of.

mod derived;
