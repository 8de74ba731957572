//! The one binary of integration tests.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::disallowed_macros,
    reason = "tests read files, run the program and print what they skipped"
)]

mod auth_fixes;
mod bad_input;
mod cascades;
mod cli;
mod conformance;
mod corpus;
mod flows;
mod generated;
mod hints;
mod identities;
mod legacy;
mod lint_details;
mod lints;
mod mock;
mod oauth2;
mod peers;
mod places;
mod requests;
mod schema;
mod secrecy;
mod support;
mod tidy;
mod vonage;
mod verboo;
mod wiping;
