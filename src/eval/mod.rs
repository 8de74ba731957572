//! Pure meaning: a plan and its inputs give a request; a reply gives an outcome. No clock, no files, no network.

mod arrived;
mod body;
mod body_text;
mod body_xml;
mod by_name;
mod exchange;
mod expression;
mod function;
mod header;
mod inputs;
pub mod json_web_token;
mod mutual_tls;
pub mod oauth2;
mod outcome;
mod planned;
mod reply;
mod request;
mod secret_values;
mod signed_token;
#[cfg(test)]
mod secret_values_tests;
mod settled;
pub mod single;
mod spelling;
mod url;
mod variables;

pub use arrived::{ArrivedParts, authentication_headers_of, signing_secret};
pub use exchange::{ClientCertificate, ErrorKind, Exchange, Failure, Outcome, Renewal, Request, TokenExchange};
pub use expression::{AuthScope, Evaluator, KnownParts};
pub use inputs::{Hosts, Inputs, MAX_EVALUATED_BYTES, Record, SecretPlaces, SecretPolicy, TemplateFault};
pub use mutual_tls::{CertificateFields, adds_to_trust, certificate_fields};
pub use outcome::{of_failure, of_inactive, of_reply};
pub use planned::{planned, planned_with};
pub use reply::answer;
pub use request::request;
pub use secret_values::SecretValues;
pub use url::is_host_of;
