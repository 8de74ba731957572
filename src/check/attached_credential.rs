//! What of a request proves who sends it.

use super::address::Address;
use crate::case::Subject;
use crate::plan::{AuthValue, Authentication, HeaderAuthentication, Text, TextPiece, ValueSource, is_credential_name};
use crate::source::Span;

/// Something that the receiver of a request can use in the sender's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttachedCredential {
    /// In a user's words: ``the header `Authorization` ``.
    pub what: String,
    pub span: Span,
}

/// What goes to an address: the client secret to the token endpoint, else a credential of the request.
pub fn credential_sent_to(address: &Address<'_>, subject: &Subject<'_>) -> Option<AttachedCredential> {
    match address.client_secret {
        Some(span) => Some(AttachedCredential { what: "the client secret".into(), span }),
        None => of_request(subject),
    }
}

/// The first credential that goes out with the request, the authentication's before any other.
fn of_request(subject: &Subject<'_>) -> Option<AttachedCredential> {
    of_authentication(subject).or_else(|| of_secret(subject)).or_else(|| of_header(subject)).or_else(|| of_literal(subject))
}

fn of_authentication(subject: &Subject<'_>) -> Option<AttachedCredential> {
    match &subject.plan.authentication {
        Authentication::None => None,
        Authentication::Header(header) => {
            let named = header.headers.iter().find(|header| is_credential_name(&header.name.value));
            let header = named.or(header.headers.iter().find(|one| !is_of_platform(&one.value, header)))?;
            Some(AttachedCredential { what: format!("the header `{}`", header.name.value), span: header.name.span })
        }
        Authentication::MutualTls(tls) => {
            Some(AttachedCredential { what: "the client certificate".into(), span: tls.certificate.span })
        }
        Authentication::SignedToken(token) => {
            Some(AttachedCredential { what: "the signed token".into(), span: token.secret.span })
        }
        Authentication::OAuth2(oauth) => {
            Some(AttachedCredential { what: "the access token".into(), span: oauth.client_secret.span })
        }
    }
}

/// Whether a text is made of ids and times of the request alone, which prove nothing; also through a variable.
fn is_of_platform(text: &Text, authentication: &HeaderAuthentication) -> bool {
    let is_id = |source: &ValueSource| {
        matches!(source, ValueSource::Uuid | ValueSource::TimestampSeconds | ValueSource::TimestampMicroseconds)
    };
    let is_of_ids =
        |text: &Text| text.pieces.iter().all(|piece| matches!(piece, TextPiece::Value(value) if is_id(&value.source)));
    let is_variable_of_ids = |name: &str| {
        let variable = authentication.variable(name);
        matches!(variable.map(|variable| &variable.value), Some(AuthValue::Text(text)) if is_of_ids(text))
    };
    text.pieces.iter().all(|piece| match piece {
        TextPiece::Literal(_) | TextPiece::Choice(_) => false,
        TextPiece::Value(value) => match &value.source {
            ValueSource::Variable(name) => is_variable_of_ids(name),
            source => is_id(source),
        },
    })
}

fn of_secret(subject: &Subject<'_>) -> Option<AttachedCredential> {
    subject.expressions.iter().find_map(|(_, expression)| {
        let name = match &expression.source {
            ValueSource::Secret(name) => name.clone(),
            ValueSource::Attribute(name) if subject.plan.secret_attributes.contains(name) => name.to_string(),
            _ => return None,
        };
        Some(AttachedCredential { what: format!("the secret `{name}`"), span: expression.span })
    })
}

fn of_header(subject: &Subject<'_>) -> Option<AttachedCredential> {
    let header = subject.plan.request.headers.iter().find(|header| is_credential_name(&header.name.value))?;
    Some(AttachedCredential { what: format!("the header `{}`", header.name.value), span: header.name.span })
}

fn of_literal(subject: &Subject<'_>) -> Option<AttachedCredential> {
    let found = subject.plan.credentials().into_iter().next()?;
    Some(AttachedCredential { what: format!("{} in {}", found.what, found.place), span: found.span })
}
