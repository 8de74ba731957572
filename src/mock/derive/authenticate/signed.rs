//! Signed requests: the token that came is held against the secret, the clock and what came with it.

use super::super::arrived::Arrived;
use super::super::report::{Part, Row, RowVerdict};
use super::{Facts, Mocked, missing, scheme_alone};
use crate::case::Case;
use crate::eval::json_web_token::{
    Age, Check, DEFAULT_MAX_AGE_SECONDS, PayloadCheck, Received, SignatureCheck, Verification, verify,
};
use crate::eval::{Inputs, signing_secret};
use crate::plan::{SignedToken, Text};

const NAME: &str = "Authorization";
const EXPECTED: &str = "Bearer {JSON Web Token}";

/// One row each for signature, age, payload hash and the claims that the spec fixes.
pub(super) fn rows(action: &Mocked, case: &Case, token: &SignedToken, arrived: &Arrived<'_>, facts: &Facts<'_>) -> Vec<Row> {
    let Some(authorization) = arrived.header(NAME) else { return vec![missing(NAME, EXPECTED)] };
    let secret = match signing_secret(token, &action.plan, &Inputs::of_case(case, &action.declared_secrets)) {
        Ok(secret) => secret,
        Err(failure) => {
            let row = Row::new(Part::Authentication, NAME, RowVerdict::Unchecked).expected(EXPECTED);
            return vec![row.got(scheme_alone(authorization)).note(failure.message)];
        }
    };
    let check = |now: i64, query: &[(String, String)]| {
        let body = &arrived.request.body;
        let received = if body.is_empty() { Received::Query(query) } else { Received::Body(body) };
        let max_age_seconds = DEFAULT_MAX_AGE_SECONDS;
        verify(&Check { authorization, secret: &secret, received, now, max_age_seconds })
    };
    let mut found = check(facts.now, &arrived.query);
    // The parameter that names a case may have been signed, too.
    if found.payload == PayloadCheck::Mismatch {
        found = check(facts.now, &arrived.whole_query());
    }
    if found.malformed.is_some() && found.algorithm.is_none() {
        let row = Row::new(Part::Authentication, NAME, RowVerdict::Differs).expected(EXPECTED);
        return vec![row.got(scheme_alone(authorization)).note(found.malformed.unwrap_or_default())];
    }
    // A request made for a case has that one's time.
    let of_case = check(case.now, &arrived.query);
    vec![signature(&found, authorization), age(&found, &of_case), payload(&found), claims(&found, token)]
}

fn signature(found: &Verification, authorization: &str) -> Row {
    let has_scheme = names_bearer(authorization);
    let holds = has_scheme && found.signature == SignatureCheck::Holds && found.malformed.is_none();
    let row = Row::new(Part::Authentication, NAME, verdict(holds)).expected(EXPECTED).got(authorization);
    let algorithm = found.algorithm_words().filter(|_| found.signature == SignatureCheck::NotChecked);
    let without_scheme = (!has_scheme).then(|| "`Bearer` is missing before the token".to_string());
    let why = found.malformed.clone().or(algorithm.map(|algorithm| format!("algorithm {algorithm}"))).or(without_scheme);
    row.note(match why {
        Some(why) => format!("signature {}; {why}", found.signature_words()),
        None => format!("signature {}", found.signature_words()),
    })
}

/// The token alone is no credential of the scheme (RFC 6750, section 2.1).
fn names_bearer(authorization: &str) -> bool {
    authorization.trim().split_once([' ', '\t']).is_some_and(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
}

fn age(found: &Verification, of_case: &Verification) -> Row {
    let row = Row::new(Part::Authentication, "age", RowVerdict::Holds);
    let (is_now, is_then) = (matches!(found.age, Age::Holds { .. }), matches!(of_case.age, Age::Holds { .. }));
    match (is_now, is_then) {
        (false, true) => row.note(format!("{} (by the case's clock)", of_case.age_words(DEFAULT_MAX_AGE_SECONDS))),
        (holds, _) => Row { verdict: verdict(holds), ..row.note(found.age_words(DEFAULT_MAX_AGE_SECONDS)) },
    }
}

fn payload(found: &Verification) -> Row {
    let holds = matches!(found.payload, PayloadCheck::Matches(_));
    Row::new(Part::Authentication, "payload hash", verdict(holds)).note(found.payload_words())
}

/// `iss`, and what the spec gives for the others: anybody's token may be signed with a secret that several share.
fn claims(found: &Verification, token: &SignedToken) -> Row {
    let literal = |text: &Option<Text>| text.as_ref().and_then(Text::literal);
    let fixed = [
        ("iss", Some(token.issuer.to_string())),
        ("api_key", literal(&token.api_key)),
        ("application_id", literal(&token.application_id)),
    ];
    let fixed: Vec<(&str, String)> = fixed.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
    let wrong = fixed.iter().filter_map(|(name, value)| match found.claims.get(*name) {
        None => Some(format!("`{name}` is missing")),
        Some(claimed) => (claimed.as_str() != Some(value)).then(|| format!("`{name}` is another")),
    });
    let wrong: Vec<String> = wrong.collect();
    let row = Row::new(Part::Authentication, "claims", verdict(wrong.is_empty()));
    let names: Vec<String> = fixed.iter().map(|(name, _)| format!("`{name}`")).collect();
    let (is, own) = (if names.len() == 1 { "is" } else { "are" }, names.join(", "));
    row.note(if wrong.is_empty() { format!("{own} {is} the spec's") } else { wrong.join(", ") })
}

fn verdict(holds: bool) -> RowVerdict {
    if holds { RowVerdict::Holds } else { RowVerdict::Differs }
}
