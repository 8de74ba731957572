//! An authentication, made of a request that arrived: what a receiver computes to see whether the sender knows the secret.

use super::expression::{AuthScope, Evaluator, KnownParts};
use super::request::{Header, header_value, offer};
use super::{Failure, Inputs, Record};
use crate::plan::{Authentication, Plan, RequestPart, SignedToken};
use crate::value::Value;

/// The parts of a request that arrived, as an authentication reads them.
#[derive(Clone, Copy, Debug)]
pub struct ArrivedParts<'a> {
    pub method: &'a str,
    pub url: &'a str,
    /// The configured ones, by the names and in the order of the plan.
    pub headers: &'a [(String, String)],
    pub content_type: &'a str,
    /// Decoded.
    pub query: &'a [(String, String)],
    /// Byte for byte.
    pub body: &'a [u8],
}

/// Each header of a header authentication, as the action would send it with these parts. `known` are variables with the values
/// that the request tells; they are not resolved.
pub fn authentication_headers_of(
    plan: &Plan,
    inputs: &Inputs<'_>,
    arrived: &ArrivedParts<'_>,
    known: &[(String, String)],
) -> Vec<Result<Header, Failure>> {
    let Authentication::Header(header) = &plan.authentication else { return Vec::new() };
    let record = Record::of(inputs.given);
    let parts = arrived.known_parts(plan);
    let scope = AuthScope::of(header);
    for (name, value) in known {
        if let Some(variable) = header.variable(name) {
            scope.resolved.borrow_mut().insert(variable.name.value.as_str(), value.as_str().into());
        }
    }
    let mut evaluator = Evaluator::new(plan, inputs, &record, &parts);
    evaluator.authentication = Some(&scope);
    header.headers.iter().map(|header| Ok((header.name.value.clone(), header_value(&evaluator, header)?))).collect()
}

/// The secret that a signed request is signed with.
///
/// # Errors
/// When it has no value.
pub fn signing_secret(token: &SignedToken, plan: &Plan, inputs: &Inputs<'_>) -> Result<Vec<u8>, Failure> {
    let (record, parts, scope) = (Record::of(inputs.given), KnownParts::default(), AuthScope::default());
    let mut evaluator = Evaluator::new(plan, inputs, &record, &parts);
    evaluator.authentication = Some(&scope);
    Ok(evaluator.value_of_text(&token.secret)?.to_bytes())
}

impl ArrivedParts<'_> {
    fn known_parts(&self, plan: &Plan) -> KnownParts {
        let body = match std::str::from_utf8(self.body) {
            Ok(text) => Value::from(text),
            Err(_) => Value::bytes(self.body.to_vec()),
        };
        let mut parts = KnownParts::default();
        parts.parts.push((RequestPart::Method, self.method.into()));
        parts.parts.push((RequestPart::Url, self.url.into()));
        parts.parts.push((RequestPart::Body, body));
        offer(plan, &mut parts, self.headers.to_vec(), self.content_type, self.query.to_vec());
        parts
    }
}
