//! Whether a request proves what its action's authentication makes requests prove.

mod bearer;
mod certificate;
mod header;
mod signed;
mod told;
mod token_request;

pub use bearer::{TokenStanding, bearer};
pub use certificate::OwnCertificate;
pub use token_request::{TokenRefusal, token_refusal, verify_token_request};

use subtle::ConstantTimeEq;

use super::arrived::Arrived;
use super::recover::Recovered;
use super::report::{Part, Row, RowVerdict};
use super::{Mocked, Prepared};
use crate::certificate::Certificate;
use crate::plan::{Authentication, TextPiece};
use crate::value::{MASK, TaintedText};

/// What is known of a request besides itself. Whoever asks has the clock, the connection and the tokens.
#[derive(Clone, Copy, Debug, Default)]
pub struct Facts<'f> {
    /// Unix seconds.
    pub now: i64,
    pub is_encrypted: bool,
    /// What the client showed in the handshake.
    pub client_certificate: Option<&'f Certificate>,
    /// What is known of the bearer token; `None` where no tokens are issued.
    pub token: Option<TokenStanding>,
}

pub(super) fn authenticate(
    action: &Mocked,
    prepared: &Prepared,
    recovered: &Recovered,
    arrived: &Arrived<'_>,
    facts: &Facts<'_>,
) -> Vec<Row> {
    match &action.plan.authentication {
        Authentication::None => Vec::new(),
        Authentication::Header(header) => header::rows(action, &prepared.case, recovered, arrived, header),
        Authentication::MutualTls(tls) => vec![certificate::row(action, prepared, tls, facts)],
        Authentication::OAuth2(_) if !action.takes_header("authorization") => Vec::new(),
        Authentication::OAuth2(_) => vec![bearer::row(action, arrived, facts)],
        Authentication::SignedToken(_) if is_replaced(action) => Vec::new(),
        Authentication::SignedToken(token) => signed::rows(action, &prepared.case, token, arrived, facts),
    }
}

/// Whether a configured header stands in the place of the token of a signed request.
fn is_replaced(action: &Mocked) -> bool {
    let mut headers = action.plan.request.headers.iter();
    !action.takes_header("authorization") && headers.any(|header| header.name.value.eq_ignore_ascii_case("authorization"))
}

/// Whether two texts are one, in a time that does not tell where they differ.
pub(super) fn same(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

fn missing(place: &str, expected: impl Into<String>) -> Row {
    Row::new(Part::Authentication, place, RowVerdict::Differs).expected(expected).note("it is missing")
}

/// A credential that nobody expects: its scheme alone.
fn scheme_alone(value: &str) -> String {
    match value.trim().split_once(' ') {
        Some((scheme, _)) => format!("{scheme} {MASK}"),
        None => MASK.to_string(),
    }
}

fn masked_or(expected: Option<&TaintedText>, otherwise: String) -> String {
    expected.map_or(otherwise, |expected| expected.masked().into_owned())
}

/// What a 401 names as the way to authenticate (RFC 9110, section 11.6.1; RFC 6750, section 3).
pub fn challenge(action: &Mocked, arrived: &Arrived<'_>) -> String {
    match &action.plan.authentication {
        Authentication::OAuth2(_) | Authentication::SignedToken(_) => match arrived.header("authorization") {
            Some(_) => "Bearer error=\"invalid_token\"".to_string(),
            None => "Bearer".to_string(),
        },
        Authentication::Header(header) => {
            let is_authorization = |name: &str| name.eq_ignore_ascii_case("authorization");
            let scheme = header.headers.iter().find(|header| is_authorization(&header.name.value)).and_then(|header| {
                let written = header.value.pieces.first().and_then(TextPiece::literal)?;
                written.split_once(' ').map(|(scheme, _)| scheme).filter(|scheme| is_token(scheme))
            });
            match (scheme, header.headers.first()) {
                (Some(scheme), _) => format!("{scheme} realm=\"{}\"", quoted(&action.id)),
                (None, Some(header)) => format!("Header name=\"{}\"", quoted(&header.name.value)),
                (None, None) => "Header".to_string(),
            }
        }
        Authentication::None | Authentication::MutualTls(_) => "Bearer".to_string(),
    }
}

/// RFC 9110, section 5.6.2.
fn is_token(text: &str) -> bool {
    crate::value::is_header_name(text)
}

/// RFC 9110, section 5.6.4; other characters than visible ASCII are left out.
fn quoted(text: &str) -> String {
    text.chars().filter(|character| matches!(character, ' '..='~') && !matches!(character, '"' | '\\')).collect()
}
