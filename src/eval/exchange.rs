//! An exchange as data: what was sent, what came back, and what it did to the conversation's state.

use std::fmt;

use super::SecretValues;
use crate::case::{Fault, Reply};
use crate::certificate::Invalid;
use crate::plan::AttributeName;
use crate::value::{TaintedText, Value};

/// A request, ready to be sent. Secrets in it know that they are.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    pub method: String,
    pub url: TaintedText,
    /// The configured headers, those that the platform adds, and those of the authentication, in that order; without Host,
    /// Content-Length, Accept and User-Agent.
    pub headers: Vec<(String, TaintedText)>,
    pub body: Option<TaintedText>,
}

/// Kinds of failure, as contract and page names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ErrorKind {
    AuthCycle,
    AuthUndefined,
    InvalidUrl,
    InvalidHeader,
    InvalidBody,
    UnsupportedMethod,
    InputMissing,
    SecretMissing,
    TokenRequestFailed,
    CertificateInvalid,
    MtlsRefused,
    Timeout,
    ConnectionRefused,
    ConnectionReset,
    Tls,
    ReplyTooLarge,
    MalformedReply,
    NetworkBlocked,
}

impl ErrorKind {
    /// Every kind with its name and one line on what it means.
    pub const ALL: [(ErrorKind, &'static str, &'static str); 18] = [
        (ErrorKind::AuthCycle, "auth-cycle", "authentication variables refer to each other in a circle; nothing is sent"),
        (
            ErrorKind::AuthUndefined,
            "auth-undefined",
            "the authentication reads a variable that is not defined; nothing is sent",
        ),
        (ErrorKind::InvalidUrl, "invalid-url", "the resolved URL cannot be requested; nothing is sent"),
        (
            ErrorKind::InvalidHeader,
            "invalid-header",
            "a header name or value cannot be sent: CR, LF, NUL, or no token; nothing is sent",
        ),
        (ErrorKind::InvalidBody, "invalid-body", "the body is not what the platform can send; nothing is sent"),
        (ErrorKind::UnsupportedMethod, "unsupported-method", "the platform does not have the method; nothing is sent"),
        (ErrorKind::InputMissing, "input-missing", "a required input has no value; nothing is sent"),
        (ErrorKind::SecretMissing, "secret-missing", "a secret has no value; nothing is sent"),
        (
            ErrorKind::TokenRequestFailed,
            "token-request-failed",
            "the token endpoint gave no usable token; the webhook is not called with one",
        ),
        (ErrorKind::CertificateInvalid, "certificate-invalid", "the client certificate cannot be used; nothing is sent"),
        (ErrorKind::MtlsRefused, "mtls-refused", "the server refused the client certificate"),
        (ErrorKind::Timeout, "timeout", "no reply came in time"),
        (ErrorKind::ConnectionRefused, "connection-refused", "nothing listens at the address"),
        (ErrorKind::ConnectionReset, "connection-reset", "the connection was closed before the reply was complete"),
        (ErrorKind::Tls, "tls", "the TLS handshake failed"),
        (ErrorKind::ReplyTooLarge, "reply-too-large", "the reply is larger than the limit"),
        (ErrorKind::MalformedReply, "malformed-reply", "what came back is not HTTP"),
        (ErrorKind::NetworkBlocked, "network-blocked", "the host is neither in the spec nor allowed on the command line"),
    ];

    pub fn name(self) -> &'static str {
        ErrorKind::ALL.iter().find(|(kind, _, _)| *kind == self).map_or("", |(_, name, _)| name)
    }

    /// The names, for did-you-mean.
    pub fn names() -> impl Iterator<Item = &'static str> {
        ErrorKind::ALL.iter().map(|(_, name, _)| *name)
    }
}

/// A failure of an exchange, told in a user's words without secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub kind: ErrorKind,
    pub message: String,
}

impl Failure {
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Failure {
        Failure { kind, message: message.into() }
    }

    /// The same failure of another part of the request: a value does not know where it stands.
    pub fn in_place_of_body(self, kind: ErrorKind) -> Failure {
        match self.kind {
            ErrorKind::InvalidBody => Failure { kind, ..self },
            _ => self,
        }
    }
}

impl From<Invalid> for Failure {
    fn from(invalid: Invalid) -> Failure {
        Failure::new(ErrorKind::CertificateInvalid, invalid.to_string())
    }
}

/// The token request of an OAuth2 action.
#[derive(Clone, Debug, Default)]
pub struct TokenExchange {
    /// `None` when the token came from the cache.
    pub request: Option<Request>,
    /// Whether the request left.
    pub sent: bool,
    pub reply: Option<Reply>,
    pub cached: bool,
    /// Why a token was asked for although one was kept.
    pub renewal: Option<Renewal>,
}

/// What was wrong with a kept token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renewal {
    AboutToExpire,
    Expired,
    /// The service answered 401.
    Refused,
}

/// The certificate that an action with mutual TLS has for the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientCertificate {
    /// Made up in the place of a secret without a value; another one in each run.
    ThrowAway,
    /// Subject and fingerprint.
    Own { subject: String, fingerprint: String },
}

impl fmt::Display for ClientCertificate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ClientCertificate::ThrowAway => formatter.write_str("throw-away identity"),
            ClientCertificate::Own { subject, fingerprint } if subject.is_empty() => {
                write!(formatter, "SHA-256 {fingerprint}")
            }
            ClientCertificate::Own { subject, fingerprint } => write!(formatter, "{subject}, SHA-256 {fingerprint}"),
        }
    }
}

/// What a reply, or its absence, did.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    pub exit: String,
    pub success: Option<bool>,
    /// All that the action wrote, in the order written; null is "empty".
    pub attributes: Vec<(AttributeName, Value)>,
    pub unset: Vec<AttributeName>,
    pub directive: Option<String>,
    /// What the platform would log.
    pub log: Vec<String>,
}

/// One run of one action.
#[derive(Clone, Default)]
pub struct Exchange {
    pub token: Option<TokenExchange>,
    /// `None` when it could not be built.
    pub request: Option<Request>,
    pub sent: bool,
    /// `None` without mutual TLS, where nothing was sent, and without TLS.
    pub client_certificate: Option<ClientCertificate>,
    pub reply: Option<Reply>,
    /// The fault that stood in the reply's place.
    pub fault: Option<Fault>,
    pub error: Option<Failure>,
    /// `None` when the case gives no reply, and in `render`.
    pub outcome: Option<Outcome>,
    /// What the request read, by full name.
    pub variables: Vec<(String, Value)>,
    pub duration_milliseconds: f64,
    /// `name=value` of each assumption that mattered.
    pub assumptions: Vec<String>,
    /// The real values of the secrets in play, for the net that looks for them in finished text.
    pub secret_values: SecretValues,
}

/// What came from outside knows no secrets, so all goes through the net.
impl fmt::Debug for Exchange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let came = (&self.token, &self.request, self.sent, &self.client_certificate, &self.reply, self.fault, &self.error);
        let meant = (&self.outcome, &self.variables, self.duration_milliseconds, &self.assumptions);
        formatter.write_str(&self.net().mask(&format!("Exchange {{ {came:?}, {meant:?}, {:?} }}", self.secret_values)))
    }
}

impl Exchange {
    /// The secrets in play and every secret part of the requests, as it was encoded there: a reply may echo any of them.
    pub fn net(&self) -> SecretValues {
        let mut net = self.secret_values.clone();
        let requests = self.request.iter().chain(self.token.iter().filter_map(|token| token.request.as_ref()));
        for request in requests {
            let texts =
                std::iter::once(&request.url).chain(request.headers.iter().map(|(_, value)| value)).chain(&request.body);
            for (piece, _) in texts.flat_map(TaintedText::pieces).filter(|(_, is_secret)| *is_secret) {
                net.insert(piece);
            }
        }
        net
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_name_of_its_own() {
        let names: std::collections::BTreeSet<_> = ErrorKind::names().collect();
        assert_eq!(names.len(), ErrorKind::ALL.len());
        assert!(ErrorKind::names().eq(crate::case::ERROR_NAMES), "the names that a spec may expect");
    }
}
