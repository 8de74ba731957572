//! The header of a signed request: a JSON Web Token over what is sent.

use crate::assumption::id;
use crate::plan::{Plan, RequestPart, SignedToken};
use crate::value::TaintedText;

use super::expression::{AuthScope, Evaluator, KnownParts};
use super::json_web_token::{Claims, of_body, of_query, sign};
use super::request::Header;
use super::{Failure, Inputs, Record};

const NAME: &str = "Authorization";

/// The header; `None` when a configured one stands in its place.
pub fn header(
    token: &SignedToken,
    plan: &Plan,
    inputs: &Inputs<'_>,
    record: &Record,
    (parts, configured): (&KnownParts, &[Header]),
) -> Result<Option<Header>, Failure> {
    let is_configured = configured.iter().any(|(name, _)| name.eq_ignore_ascii_case(NAME));
    if is_configured && record.assume(&plan.assumptions, id::DUPLICATE_HEADER) == "headers-win" {
        return Ok(None);
    }
    let scope = AuthScope::default();
    let mut evaluator = Evaluator::new(plan, inputs, record, parts);
    evaluator.authentication = Some(&scope);
    let secret = evaluator.value_of_text(&token.secret)?.to_bytes();
    let claim = |text: &Option<crate::plan::Text>| text.as_ref().map(|text| evaluator.text(text)).transpose();
    let (api_key, application_id) = (claim(&token.api_key)?, claim(&token.application_id)?);
    let payload = payload(&evaluator, parts);
    let claims = Claims {
        issued_at: inputs.now,
        token_id: inputs.uuid,
        issuer: token.issuer,
        payload: &payload,
        api_key: api_key.as_ref().map(TaintedText::reveal),
        application_id: application_id.as_ref().map(TaintedText::reveal),
    };
    // A MAC is shown: the secret cannot be told from it.
    Ok(Some((NAME.to_string(), TaintedText::plain(format!("Bearer {}", sign(&claims, &secret))))))
}

/// What the hash is made of: the body, or the query where there is none.
fn payload(evaluator: &Evaluator<'_>, parts: &KnownParts) -> Vec<u8> {
    let body = parts.get(RequestPart::Body).to_bytes();
    if !body.is_empty() {
        let compact = of_body(&body);
        let is_raw = compact != body && evaluator.assume(id::PAYLOAD_HASH) == "raw";
        return if is_raw { body } else { compact };
    }
    let url = parts.get(RequestPart::Url).to_text();
    let url = url::Url::parse(url.reveal()).ok();
    let query: Vec<(String, String)> = url.iter().flat_map(|url| url.query_pairs().into_owned()).collect();
    if query.is_empty() && evaluator.assume(id::EMPTY_PAYLOAD) == "empty-text" {
        return Vec::new();
    }
    of_query(&query).into_bytes()
}
