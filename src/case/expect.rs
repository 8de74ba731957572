//! What a case expects.

use serde_json::Value as Json;

use crate::plan::AttributeName;
use crate::source::Span;
use crate::value::AttributeType;

/// The names of what can go wrong in an exchange; `eval` gives each its meaning.
pub const ERROR_NAMES: [&str; 18] = [
    "auth-cycle",
    "auth-undefined",
    "invalid-url",
    "invalid-header",
    "invalid-body",
    "unsupported-method",
    "input-missing",
    "secret-missing",
    "token-request-failed",
    "certificate-invalid",
    "mtls-refused",
    "timeout",
    "connection-refused",
    "connection-reset",
    "tls",
    "reply-too-large",
    "malformed-reply",
    "network-blocked",
];

/// What is expected of an exchange, each with the place it was written at. Empty: nothing but the snapshot.
#[derive(Clone, Debug, Default)]
pub struct Expect {
    pub success: Option<(bool, Span)>,
    pub exit: Option<(String, Span)>,
    pub sent: Option<(bool, Span)>,
    pub error: Option<(String, Span)>,
    pub attributes: Vec<(AttributeName, Matcher, Span)>,
    pub null: Vec<(AttributeName, Span)>,
    pub unset: Vec<(AttributeName, Span)>,
    pub not_written: Vec<(AttributeName, Span)>,
    /// `not_written = "all"`.
    pub nothing_written: Option<Span>,
    pub directive: Option<(String, Span)>,
    pub log: Vec<(String, Span)>,
    pub request: Option<ExpectedRequest>,
    pub token_request: Option<ExpectedRequest>,
    /// The first expectation about an outcome, which cannot hold without a reply.
    pub outcome_span: Option<Span>,
}

/// What is expected of a request: a subset of it.
#[derive(Clone, Debug, Default)]
pub struct ExpectedRequest {
    pub method: Option<(Matcher, Span)>,
    pub url: Option<(Matcher, Span)>,
    pub headers: Vec<(String, Matcher, Span)>,
    pub no_headers: Vec<(String, Span)>,
    pub body: Option<(Matcher, Span)>,
    /// `sent = false`: for a token that must come from the cache.
    pub sent: Option<(bool, Span)>,
}

/// A value, or a rule for one.
#[derive(Clone, Debug)]
pub enum Matcher {
    Equal(Json),
    /// A table: every entry must match; what else there is does not matter.
    Subset(Vec<(String, Matcher)>),
    /// A list in which rules stand: as long, and item by item.
    List(Vec<Matcher>),
    Matches(regex::Regex),
    Contains(String),
    Type(AttributeType),
    Near {
        near: f64,
        by: f64,
    },
    Any,
}
