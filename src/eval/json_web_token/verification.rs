//! Whether a token is what it says: each check by itself, since a receiver may make some of them only.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::Mac;
use serde_json::{Map, Value as Json};

use super::payload::{compact, of_query, without_white_space};
use super::{mac, payload_hash};

/// A longer token is refused; servers take headers of some kilobytes.
pub const MAX_TOKEN_BYTES: usize = 64 * 1024;

/// How old a token may be where nobody says otherwise; the platform names no figure, and receivers take five minutes.
pub const DEFAULT_MAX_AGE_SECONDS: i64 = 300;

/// How far the clock of a sender may be ahead (RFC 7519, section 4.1.5, allows "some small leeway").
pub const CLOCK_SKEW_SECONDS: i64 = 30;

/// What came with a token, that its `payload_hash` is held against.
#[derive(Clone, Copy, Debug)]
pub enum Received<'a> {
    /// The body, byte for byte.
    Body(&'a [u8]),
    /// The parameters of the query, decoded, of a request without a body.
    Query(&'a [(String, String)]),
    /// Nothing is known of the request.
    Unknown,
}

/// What is held against a token.
#[derive(Clone, Copy, Debug)]
pub struct Check<'a> {
    /// The value of the header `Authorization`, or the token alone.
    pub authorization: &'a str,
    pub secret: &'a [u8],
    pub received: Received<'a>,
    /// Unix seconds.
    pub now: i64,
    pub max_age_seconds: i64,
}

/// What a token was found to be.
#[derive(Clone, Debug, PartialEq)]
pub struct Verification {
    /// Why it cannot be read; then nothing else is known, or what could be read before.
    pub malformed: Option<String>,
    /// `alg` of the header.
    pub algorithm: Option<String>,
    pub signature: SignatureCheck,
    pub age: Age,
    pub payload: PayloadCheck,
    /// What it claims, in its order.
    pub claims: Map<String, Json>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureCheck {
    Holds,
    /// Made with another secret, or over something else.
    Fails,
    /// The algorithm is not `HS256`, whose signature alone is looked at.
    NotChecked,
}

/// In seconds; `Unknown` where the token does not say when it was signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Age {
    Unknown,
    Holds {
        seconds: i64,
    },
    /// Signed too long ago.
    Stale {
        seconds: i64,
    },
    /// Beyond its `exp`.
    Expired {
        since: i64,
    },
    /// Before its `nbf`, or signed in the future.
    NotYetValid {
        until: i64,
    },
}

/// The way in which a `payload_hash` was made that fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayloadMode {
    /// Of the bytes of the body.
    Raw,
    /// Of the body as compact JSON, which is not how it was sent.
    Compact,
    /// Of the query's parameters as compact JSON.
    Query,
    /// Of the empty text, where there is neither body nor parameter.
    Empty,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayloadCheck {
    Matches(PayloadMode),
    Mismatch,
    /// The token has no `payload_hash`: nothing binds it to the request.
    Missing,
    NotChecked,
}

/// All in one word: the first thing that does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Ok,
    Malformed,
    BadAlgorithm,
    BadSignature,
    NotYetValid,
    Expired,
    Stale,
    AgeUnknown,
    PayloadHashMissing,
    PayloadHashMismatch,
}

impl Verdict {
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Ok => "ok",
            Verdict::Malformed => "malformed",
            Verdict::BadAlgorithm => "bad_algorithm",
            Verdict::BadSignature => "bad_signature",
            Verdict::NotYetValid => "not_yet_valid",
            Verdict::Expired => "expired",
            Verdict::Stale => "stale",
            Verdict::AgeUnknown => "age_unknown",
            Verdict::PayloadHashMissing => "payload_hash_missing",
            Verdict::PayloadHashMismatch => "payload_hash_mismatch",
        }
    }
}

impl Verification {
    /// Nothing that a token says counts before its signature does.
    pub fn verdict(&self) -> Verdict {
        match (self.signature, self.age, self.payload) {
            (SignatureCheck::NotChecked, _, _) if self.algorithm.is_some() => Verdict::BadAlgorithm,
            (SignatureCheck::Fails, _, _) => Verdict::BadSignature,
            _ if self.malformed.is_some() => Verdict::Malformed,
            (_, Age::NotYetValid { .. }, _) => Verdict::NotYetValid,
            (_, Age::Expired { .. }, _) => Verdict::Expired,
            (_, Age::Stale { .. }, _) => Verdict::Stale,
            (_, Age::Unknown, _) => Verdict::AgeUnknown,
            (_, _, PayloadCheck::Missing) => Verdict::PayloadHashMissing,
            (_, _, PayloadCheck::Mismatch) => Verdict::PayloadHashMismatch,
            _ => Verdict::Ok,
        }
    }

    fn unread() -> Verification {
        Verification {
            malformed: None,
            algorithm: None,
            signature: SignatureCheck::NotChecked,
            age: Age::Unknown,
            payload: PayloadCheck::NotChecked,
            claims: Map::new(),
        }
    }
}

/// Holds a token against a secret, a time and what came with it.
pub fn verify(check: &Check<'_>) -> Verification {
    let mut found = Verification::unread();
    found.malformed = read(check, &mut found).err();
    found
}

/// As far as the token can be read. `Err` says what cannot.
fn read(check: &Check<'_>, found: &mut Verification) -> Result<(), String> {
    let token = token(check.authorization)?;
    let (signed, signature) = token.rsplit_once('.').ok_or("a token has three parts with dots between them")?;
    let (header, payload) = signed.split_once('.').ok_or("a token has three parts with dots between them")?;
    let header = object(header, "header")?;
    let algorithm = header.get("alg").and_then(Json::as_str).ok_or("the header names no algorithm `alg`")?;
    // RFC 8725, section 3.1: the algorithm is ours to choose, not the token's.
    found.algorithm = Some(algorithm.to_string());
    if algorithm == "HS256" {
        found.signature = signature_check(signed, signature, check.secret);
    }
    if header.contains_key("crit") {
        return Err("the header has `crit`: extensions that must be understood, and are not".into());
    }
    found.claims = object(payload, "payload")?;
    found.payload = payload_check(&found.claims, check.received)?;
    found.age = age(&found.claims, check)?;
    Ok(())
}

/// The token of `Bearer …`, whose name is not case-sensitive (RFC 9110, section 11.1).
fn token(authorization: &str) -> Result<&str, String> {
    let written = authorization.trim_matches([' ', '\t', '\r', '\n']);
    let token = match written.split_once([' ', '\t']) {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim_start(),
        Some(_) => return Err("the header is not `Bearer` and a token".into()),
        None => written,
    };
    match token.len() {
        0 => Err("there is no token".into()),
        length if length > MAX_TOKEN_BYTES => {
            Err(format!("a token of {length} bytes is longer than the limit of {MAX_TOKEN_BYTES}"))
        }
        _ if token.matches('.').count() != 2 => Err("a token has three parts with dots between them".into()),
        _ => Ok(token),
    }
}

fn object(part: &str, name: &str) -> Result<Map<String, Json>, String> {
    let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|_| format!("the {name} is not Base64 for URLs without padding"))?;
    serde_json::from_slice(&bytes).map_err(|_| format!("the {name} is not a JSON object"))
}

/// Compared in constant time.
fn signature_check(signed: &str, signature: &str, secret: &[u8]) -> SignatureCheck {
    let holds = URL_SAFE_NO_PAD
        .decode(signature)
        .is_ok_and(|signature| mac(secret, signed).is_some_and(|mac| mac.verify_slice(&signature).is_ok()));
    if holds { SignatureCheck::Holds } else { SignatureCheck::Fails }
}

/// The raw body goes first, as with most receivers.
fn payload_check(claims: &Map<String, Json>, received: Received<'_>) -> Result<PayloadCheck, String> {
    let Some(claimed) = claims.get("payload_hash") else {
        return Ok(match received {
            Received::Unknown => PayloadCheck::NotChecked,
            _ => PayloadCheck::Missing,
        });
    };
    let claimed = claimed.as_str().ok_or("`payload_hash` is not text")?;
    let is_hash_of = |payload: &[u8]| payload_hash(payload).eq_ignore_ascii_case(claimed);
    let mode = match received {
        Received::Unknown => return Ok(PayloadCheck::NotChecked),
        Received::Query(parameters) if is_hash_of(of_query(parameters).as_bytes()) => Some(PayloadMode::Query),
        Received::Query(parameters) => (parameters.is_empty() && is_hash_of(b"")).then_some(PayloadMode::Empty),
        Received::Body(body) if is_hash_of(body) => Some(PayloadMode::Raw),
        Received::Body(body) => {
            let spellings = match body.is_empty() {
                // What frameworks parse an absent body to.
                true => [Some("{}".to_string()), None],
                false => [without_white_space(body), compact(body)],
            };
            spellings.iter().flatten().any(|text| is_hash_of(text.as_bytes())).then_some(PayloadMode::Compact)
        }
    };
    Ok(mode.map_or(PayloadCheck::Mismatch, PayloadCheck::Matches))
}

/// `nbf`, `exp` and `iat` (RFC 7519, sections 4.1.4 to 4.1.6). That a clock may be ahead counts for a token that seems to come
/// from the future; one that has expired has expired.
fn age(claims: &Map<String, Json>, check: &Check<'_>) -> Result<Age, String> {
    let (issued, expires, begins) = (date(claims, "iat")?, date(claims, "exp")?, date(claims, "nbf")?);
    let begin = begins.into_iter().chain(issued).max();
    if let Some(begin) = begin.filter(|begin| *begin > check.now.saturating_add(CLOCK_SKEW_SECONDS)) {
        return Ok(Age::NotYetValid { until: begin.saturating_sub(check.now) });
    }
    if let Some(expires) = expires.filter(|expires| *expires <= check.now) {
        return Ok(Age::Expired { since: check.now.saturating_sub(expires) });
    }
    let Some(issued) = issued else { return Ok(Age::Unknown) };
    let seconds = check.now.saturating_sub(issued);
    Ok(if seconds > check.max_age_seconds { Age::Stale { seconds } } else { Age::Holds { seconds } })
}

/// Seconds, of which a fraction is dropped.
fn date(claims: &Map<String, Json>, name: &str) -> Result<Option<i64>, String> {
    let Some(value) = claims.get(name) else { return Ok(None) };
    let seconds = value.as_i64().or_else(|| value.as_f64().map(|seconds| seconds as i64));
    seconds.map(Some).ok_or_else(|| format!("`{name}` is not a number of seconds"))
}
