//! The request for a token with client credentials (RFC 6749, section 4.4.2).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::super::arrived::Arrived;
use super::super::report::{Part, Row, RowVerdict};
use super::{same, scheme_alone};
use crate::eval::oauth2::TokenKey;
use crate::value::MASK;

const FORM: &str = "application/x-www-form-urlencoded";
const GRANT: &str = "client_credentials";

/// Why a token is refused (RFC 6749, section 5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenRefusal {
    /// Section 3.2: only POST is taken.
    NotPost,
    InvalidRequest,
    InvalidClient,
    InvalidScope,
    UnsupportedGrantType,
}

impl TokenRefusal {
    pub fn name(self) -> &'static str {
        match self {
            TokenRefusal::NotPost | TokenRefusal::InvalidRequest => "invalid_request",
            TokenRefusal::InvalidClient => "invalid_client",
            TokenRefusal::InvalidScope => "invalid_scope",
            TokenRefusal::UnsupportedGrantType => "unsupported_grant_type",
        }
    }

    pub fn status(self) -> u16 {
        match self {
            TokenRefusal::NotPost => 405,
            TokenRefusal::InvalidClient => 401,
            _ => 400,
        }
    }
}

/// How these rows refuse a token request, and the row that does.
pub fn token_refusal(rows: &[Row]) -> Option<(TokenRefusal, &Row)> {
    let row = rows.iter().find(|row| row.verdict == RowVerdict::Differs)?;
    let refusal = match (row.part, row.place.as_str()) {
        (Part::Method, _) => TokenRefusal::NotPost,
        (Part::Authentication, _) => TokenRefusal::InvalidClient,
        (Part::Token, "grant_type") if row.got.is_some() => TokenRefusal::UnsupportedGrantType,
        (Part::Token, "scope") => TokenRefusal::InvalidScope,
        _ => TokenRefusal::InvalidRequest,
    };
    Some((refusal, row))
}

/// A token request against the one that the action makes. `secrets` takes what was shown as one, right or wrong.
pub fn verify_token_request(key: &TokenKey, posts: bool, arrived: &Arrived<'_>, secrets: &mut Vec<String>) -> Vec<Row> {
    let form = arrived.form();
    let mut rows = vec![method(arrived), content_type(arrived)];
    rows.extend(repeated(&form));
    rows.extend(if posts { posted(key, &form, arrived) } else { basic(key, &form, arrived) });
    rows.push(grant(&form));
    rows.extend(scope(key, &form));
    let posted = form.into_iter().filter(|(name, _)| name == "client_secret").map(|(_, value)| value);
    secrets.extend(posted.chain(basic_credentials(arrived).map(|(_, secret)| secret)));
    let header = arrived.header("authorization").and_then(|value| value.trim().split_once(' '));
    secrets.extend(header.map(|(_, credentials)| credentials.trim().to_string()));
    rows
}

fn verdict(holds: bool) -> RowVerdict {
    if holds { RowVerdict::Holds } else { RowVerdict::Differs }
}

fn method(arrived: &Arrived<'_>) -> Row {
    let got = &arrived.request.method;
    Row::new(Part::Method, "", verdict(got == "POST")).expected("POST").got(got)
}

fn content_type(arrived: &Arrived<'_>) -> Row {
    let row = Row::new(Part::ContentType, "", RowVerdict::Differs).expected(FORM);
    let Some(got) = arrived.header("content-type") else { return row.note("it is missing") };
    let is_form = got.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(FORM);
    Row { verdict: verdict(is_form), ..row.got(got) }
}

/// Section 3.2: no parameter stands there twice.
fn repeated(form: &[(String, String)]) -> Option<Row> {
    const KNOWN: [&str; 4] = ["grant_type", "scope", "client_id", "client_secret"];
    let name = KNOWN.into_iter().find(|name| form.iter().filter(|(known, _)| known == name).count() > 1)?;
    Some(Row::new(Part::Token, name, RowVerdict::Differs).expected("once").note("it is given more than once"))
}

fn value<'f>(form: &'f [(String, String)], name: &str) -> Option<&'f str> {
    form.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

fn grant(form: &[(String, String)]) -> Row {
    let row = Row::new(Part::Token, "grant_type", RowVerdict::Differs).expected(GRANT);
    match value(form, "grant_type") {
        Some(got) => Row { verdict: verdict(got == GRANT), ..row.got(got) },
        None => row.note("it is missing"),
    }
}

/// Section 3.3: words in any order; an empty scope is left out.
fn scope(key: &TokenKey, form: &[(String, String)]) -> Option<Row> {
    let words = |text: &str| text.split(' ').filter(|word| !word.is_empty()).map(str::to_string).collect::<Vec<_>>();
    let expected = key.scope().map(|scope| scope.reveal().to_string()).unwrap_or_default();
    let got = value(form, "scope").unwrap_or_default();
    let (mut one, mut other) = (words(&expected), words(got));
    one.sort();
    other.sort();
    let is_none = one.is_empty() && other.is_empty();
    let row = Row::new(Part::Token, "scope", verdict(one == other)).expected(expected).got(got);
    (!is_none).then_some(row)
}

/// Section 2.3.1: id and secret, each form-encoded, inside Basic.
fn basic(key: &TokenKey, form: &[(String, String)], arrived: &Arrived<'_>) -> Vec<Row> {
    let id = key.client_id().reveal();
    let row = Row::new(Part::Authentication, "Authorization", RowVerdict::Differs).expected(format!("Basic {MASK}"));
    let Some(header) = arrived.header("authorization") else {
        let is_posted = value(form, "client_secret").is_some();
        let how = "the client authenticates in the body, and the action does it with Basic (`oauth_client_auth`)";
        return vec![row.note(if is_posted { how } else { "it is missing" })];
    };
    let row = row.got(scheme_alone(header));
    let Some((got_id, got_secret)) = basic_credentials(arrived) else {
        return vec![row.note("it is not `Basic` with Base64 of an id, a colon and a secret")];
    };
    let holds = |id_: &str, secret: &str| same(id_, id) & same(secret, key.client_secret().reveal());
    let mut rows = match (decoded(&got_id), decoded(&got_secret)) {
        (Some(id), Some(secret)) if holds(&id, &secret) => vec![Row { verdict: RowVerdict::Holds, ..row }],
        _ if holds(&got_id, &got_secret) => {
            vec![row.note("id and secret are to be form-encoded inside Basic (RFC 6749, section 2.3.1)")]
        }
        (Some(known), _) if !same(&known, id) => vec![row.note("it is another client id")],
        _ => vec![row.note("it is another client secret")],
    };
    if value(form, "client_secret").is_some() {
        let row = Row::new(Part::Token, "client_secret", RowVerdict::Differs).got(MASK);
        rows.push(row.note("a client authenticates in one way only"));
    }
    rows
}

/// The other way of section 2.3.1: id and secret in the body.
fn posted(key: &TokenKey, form: &[(String, String)], arrived: &Arrived<'_>) -> Vec<Row> {
    let id = Row::new(Part::Authentication, "client_id", RowVerdict::Differs).expected(key.client_id().masked());
    let secret = Row::new(Part::Authentication, "client_secret", RowVerdict::Differs).expected(MASK);
    let missing = match arrived.header("authorization") {
        Some(_) => {
            "it is missing: the client authenticates in the header, and the action does it in the body (`oauth_client_auth`)"
        }
        None => "it is missing",
    };
    let id = match value(form, "client_id") {
        Some(got) => Row { verdict: verdict(same(got, key.client_id().reveal())), ..id.got(got) },
        None => id.note(missing),
    };
    let secret = match value(form, "client_secret") {
        Some(got) if same(got, key.client_secret().reveal()) => Row { verdict: RowVerdict::Holds, ..secret.got(MASK) },
        Some(_) => secret.got(MASK).note("it is another client secret"),
        None => secret.note(missing),
    };
    vec![id, secret]
}

/// What stands in Basic (RFC 7617, section 2), form-encoded as it is.
fn basic_credentials(arrived: &Arrived<'_>) -> Option<(String, String)> {
    let (scheme, credentials) = arrived.header("authorization")?.trim().split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let bytes = STANDARD.decode(credentials.trim()).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    text.split_once(':').map(|(id, secret)| (id.to_string(), secret.to_string()))
}

/// A form-encoded text (RFC 6749, appendix B).
fn decoded(text: &str) -> Option<String> {
    let spaced = text.replace('+', " ");
    percent_encoding::percent_decode_str(&spaced).decode_utf8().ok().map(String::from)
}
