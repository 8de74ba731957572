//! Tokens of RFC 7520, of PyJWT, and of signed webhooks.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hookwright::eval::json_web_token::{
    Check, DEFAULT_MAX_AGE_SECONDS, PayloadCheck, Received, SignatureCheck, Verification, serialised, verify,
};
use hookwright::value::Json;

use super::{data, data_lines, list, text};
use crate::support::Tally;

#[test]
fn rfc_7520_signature() {
    let Some(example) = data("jose/jws_4_4.hmac-sha2_integrity_protection.json") else { return };
    let secret = URL_SAFE_NO_PAD.decode(text(&example["input"]["key"], "k")).expect("a key");
    let header = URL_SAFE_NO_PAD.decode(text(&example["signing"], "protected_b64u")).expect("a header");
    let header = String::from_utf8(header).expect("text");
    let token = serialised(&header, text(&example["input"], "payload").as_bytes(), &secret);
    assert_eq!(token, text(&example["output"], "compact"));
    let found = verify(&Check {
        authorization: &token,
        secret: &secret,
        received: Received::Unknown,
        now: 0,
        max_age_seconds: DEFAULT_MAX_AGE_SECONDS,
    });
    assert_eq!(found.signature, SignatureCheck::Holds);
}

fn pyjwt(row: &Json) -> Option<String> {
    let found = verify(&Check {
        authorization: text(row, "authorization"),
        secret: text(row, "secret").as_bytes(),
        received: Received::Body(row["body"].as_str().unwrap_or_default().as_bytes()),
        now: row["now"].as_i64().expect("a time"),
        max_age_seconds: DEFAULT_MAX_AGE_SECONDS,
    });
    let is_valid = found.malformed.is_none() && found.signature == SignatureCheck::Holds && is_young(&found);
    let is_as_told = row["signature_valid"].as_bool().is_none_or(|expected| expected == is_valid);
    // PyJWT says nothing of a body whose token it refuses.
    let matches = match (is_valid, found.payload) {
        (false, _) => return (!is_as_told).then(|| format!("{found:?}")),
        (true, PayloadCheck::Matches(_)) => Some(true),
        (true, PayloadCheck::Mismatch) => Some(false),
        (true, PayloadCheck::Missing | PayloadCheck::NotChecked) => None,
    };
    let is_right = is_as_told && matches == row["payload_hash_matches"].as_bool();
    (!is_right).then(|| format!("{found:?}"))
}

/// PyJWT looks at `exp`, `nbf` and an `iat` in the future, and knows no age.
fn is_young(found: &Verification) -> bool {
    use hookwright::eval::json_web_token::Age;
    !matches!(found.age, Age::Expired { .. } | Age::NotYetValid { .. })
}

#[test]
fn verdicts_of_pyjwt() {
    let Some(rows) = data_lines("jose/vonage_jwt_pyjwt.jsonl") else { return };
    let mut tally = Tally::default();
    for row in &rows {
        tally.check(text(row, "id"), pyjwt(row));
    }
    assert!(tally.rows() >= 14, "the data is complete");
    tally.report("PyJWT");
}

fn signed_webhook(case: &Json) -> Option<String> {
    let request = &case["request"];
    let header = list(&request["headers"]).iter().find(|row| row[0] == "Authorization").expect("a header");
    let parameters: Vec<(String, String)> =
        url::Url::parse(text(request, "url")).expect("a URL").query_pairs().into_owned().collect();
    let received = match request["body"].as_str() {
        Some(body) => Received::Body(body.as_bytes()),
        None => Received::Query(&parameters),
    };
    let found = verify(&Check {
        authorization: header[1].as_str().expect("text"),
        secret: text(case, "secret").as_bytes(),
        received,
        now: case["now"].as_i64().expect("a time"),
        max_age_seconds: case["max_age_s"].as_i64().expect("seconds"),
    });
    (found.verdict().name() != text(case, "expect")).then(|| format!("{} of {found:?}", found.verdict().name()))
}

#[test]
fn signed_webhooks() {
    let Some(cases) = data("vonage_cases.json") else { return };
    let mut tally = Tally::default();
    for case in list(&cases["signature_cases"]) {
        tally.check(&format!("{}: {}", text(case, "id"), text(case, "title")), signed_webhook(case));
    }
    assert!(tally.rows() >= 8, "the data is complete");
    tally.report("signed webhooks");
}
