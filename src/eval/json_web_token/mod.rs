//! Signed requests: a JSON Web Token (RFC 7519) in compact serialisation (RFC 7515, section 7.1), with HMAC and SHA-256
//! (`HS256`; RFC 7518, section 3.2), whose claim `payload_hash` binds it to the request.
//!
//! Sources of the claims and of what is hashed: Vonage API documentation, Webhooks and Signed webhooks; Vonage support article
//! 19033783342876.

mod payload;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
mod verification;
mod words;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Map, Value as Json};
use sha2::{Digest, Sha256};

pub use payload::{compact, of_body, of_query};
pub use verification::{
    Age, CLOCK_SKEW_SECONDS, Check, DEFAULT_MAX_AGE_SECONDS, MAX_TOKEN_BYTES, PayloadCheck, PayloadMode, Received,
    SignatureCheck, Verdict, Verification, verify,
};
pub use words::printable;

/// What a token says, in the order in which it says it.
#[derive(Clone, Copy, Debug)]
pub struct Claims<'a> {
    /// `iat`: the time of signing in Unix seconds.
    pub issued_at: i64,
    /// `jti`: another one for each token, a UUID.
    pub token_id: &'a str,
    /// `iss`.
    pub issuer: &'a str,
    /// What `payload_hash` is made of: see [`of_body`] and [`of_query`].
    pub payload: &'a [u8],
    pub api_key: Option<&'a str>,
    pub application_id: Option<&'a str>,
}

/// The header of every token that is made here.
const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;

/// The token without `Bearer`. It is shown as a MAC is: the secret cannot be told from it.
pub fn sign(claims: &Claims<'_>, secret: &[u8]) -> String {
    let mut said = Map::new();
    said.insert("iat".to_string(), claims.issued_at.into());
    said.insert("jti".to_string(), claims.token_id.into());
    said.insert("iss".to_string(), claims.issuer.into());
    said.insert("payload_hash".to_string(), payload_hash(claims.payload).into());
    let optional = [("api_key", claims.api_key), ("application_id", claims.application_id)];
    said.extend(optional.into_iter().filter_map(|(name, value)| Some((name.to_string(), value?.into()))));
    serialised(HEADER, Json::Object(said).to_string().as_bytes(), secret)
}

/// The compact serialisation of a header and a payload, signed with `HS256`.
pub fn serialised(header: &str, payload: &[u8], secret: &[u8]) -> String {
    let mut token = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
    let signature = mac(secret, &token).map(|mac| mac.finalize().into_bytes()).unwrap_or_default();
    token.push('.');
    token.push_str(&URL_SAFE_NO_PAD.encode(signature));
    token
}

/// SHA-256 in hexadecimal digits.
pub fn payload_hash(payload: &[u8]) -> String {
    hex::encode(Sha256::digest(payload))
}

/// `None` never happens: HMAC takes a key of any length.
fn mac(secret: &[u8], signed: &str) -> Option<Hmac<Sha256>> {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(secret).ok()?;
    mac.update(signed.as_bytes());
    Some(mac)
}
