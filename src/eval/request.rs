//! From a plan and its inputs to the request.

use crate::assumption::id;
use crate::plan::{AttributeName, Authentication, BodyPlan, HeaderPlan, OutcomeRule, Plan, RequestPart};
use crate::value::{Json, Map, TaintedText, Value};

use super::expression::{AuthScope, Evaluator, KnownParts};
use super::header::check_header_value;
use super::oauth2::Token;
use super::{ErrorKind, Failure, Inputs, Record, Request, mutual_tls, signed_token};

/// A header: name and value.
pub type Header = (String, TaintedText);

/// The request of an action. `token` is what the OAuth2 token endpoint gave, for an action that needs one.
pub fn request(plan: &Plan, inputs: &Inputs<'_>, token: Option<&Token>, record: &Record) -> Result<Request, Failure> {
    let method = plan.request.method.value.clone();
    if !plan.request.methods.contains(&method.as_str()) {
        let message = format!("the platform has no method `{method}`; it has {}", plan.request.methods.join(", "));
        return Err(Failure::new(ErrorKind::UnsupportedMethod, message));
    }
    note_state(plan, inputs, record);
    check_required(plan, inputs)?;
    let mut parts = KnownParts::default();
    parts.parts.push((RequestPart::Method, method.as_str().into()));
    let url = Evaluator::new(plan, inputs, record, &parts).url(&plan.request.url)?;
    parts.parts.push((RequestPart::Url, url.clone().into()));
    let body = Evaluator::new(plan, inputs, record, &parts).body(sent_body(plan, record))?;
    parts.parts.push((RequestPart::Body, body.clone().unwrap_or_default().into()));
    let configured = headers(&Evaluator::new(plan, inputs, record, &parts), &plan.request.headers)?;
    let content_type = content_type(plan, body.is_some(), &configured, record);
    offer_headers(plan, &mut parts, &configured, content_type, &url);
    let authentication = authentication_headers(plan, inputs, record, (&parts, &configured), token)?;
    let added = content_type.map(|value| ("Content-Type".to_string(), TaintedText::plain(value)));
    let headers = joined(plan, configured, added, authentication, record);
    Ok(Request { method, url, headers, body })
}

/// The state that a reply may change, and the secrets in it, which a reply may repeat whether the request holds them or not.
fn note_state(plan: &Plan, inputs: &Inputs<'_>, record: &Record) {
    for name in &plan.secret_attributes {
        if let Some(value) = inputs.given.attribute(name) {
            record.secrets.borrow_mut().insert_value(value);
        }
    }
    if let OutcomeRule::Merged(merged) = &plan.outcome.rule {
        let given = inputs.given.attributes.iter().filter(|given| given.name.context() == merged.context);
        *record.before.borrow_mut() = given.map(|given| (given.name.clone(), given.value.clone())).collect();
    }
}

/// The body, unless the method has none on the platform, which is an assumption where the platform is silent.
fn sent_body<'a>(plan: &'a Plan, record: &Record) -> &'a BodyPlan {
    let is_odd = plan.request.method.value == "GET" && !matches!(plan.request.body, BodyPlan::None);
    match is_odd && record.assume(&plan.assumptions, id::BODY_ON_GET) == "drop" {
        true => &BodyPlan::None,
        false => &plan.request.body,
    }
}

/// An action whose inputs are not all there does not run.
fn check_required(plan: &Plan, inputs: &Inputs<'_>) -> Result<(), Failure> {
    let is_missing = |name: &AttributeName| inputs.given.attribute(name).is_none_or(Value::is_null);
    match plan.request.required.iter().find(|name| is_missing(&name.value)) {
        Some(name) => {
            let message = format!("the required input `{}` has no value", name.value);
            Err(Failure::new(ErrorKind::InputMissing, message))
        }
        None => Ok(()),
    }
}

/// The Content-Type that the platform adds: only with a body (an assumption), and not over a configured one.
fn content_type(plan: &Plan, has_body: bool, configured: &[Header], record: &Record) -> Option<&'static str> {
    if configured.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
        return None;
    }
    let adds = match has_body {
        true => record.assume(&plan.assumptions, id::CONTENT_TYPE_WITH_BODY) != "omit",
        false => record.assume(&plan.assumptions, id::CONTENT_TYPE_WITHOUT_BODY) == "add",
    };
    adds.then_some(plan.request.content_type)
}

fn offer_headers(plan: &Plan, parts: &mut KnownParts, configured: &[Header], added_type: Option<&str>, url: &TaintedText) {
    let own_type = configured.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    let content_type = own_type.map(|(_, value)| value.reveal()).or(added_type).unwrap_or_default();
    let headers = configured.iter().map(|(name, value)| (name.clone(), value.reveal().to_string())).collect();
    let query = url::Url::parse(url.reveal()).ok();
    let query = query.iter().flat_map(|url| url.query_pairs().into_owned()).collect();
    offer(plan, parts, headers, content_type, query);
}

/// Offers the parts that the authentication may read besides method, URL and body.
pub(super) fn offer(
    plan: &Plan,
    parts: &mut KnownParts,
    headers: Vec<(String, String)>,
    content_type: &str,
    query: Vec<(String, String)>,
) {
    parts.parts.push((RequestPart::ContentType, content_type.into()));
    let headers = object(headers.into_iter(), plan.assumptions.get(id::WEBHOOK_HEADERS));
    parts.parts.push((RequestPart::Headers, headers));
    let query = object(query.into_iter(), plan.assumptions.get(id::WEBHOOK_QUERY_PARAMS));
    parts.parts.push((RequestPart::QueryParams, query));
}

/// Names and values as JSON text.
fn object(pairs: impl Iterator<Item = (String, String)>, form: &str) -> Value {
    let mut object = Map::new();
    for (name, value) in pairs {
        let value = match (form, object.get_mut(&name)) {
            ("object-of-arrays", Some(Json::Array(values))) => {
                values.push(value.into());
                continue;
            }
            ("object-of-arrays", _) => vec![value].into(),
            _ => value.into(),
        };
        object.insert(name, value);
    }
    Json::Object(object).to_string().into()
}

fn headers(evaluator: &Evaluator<'_>, plans: &[HeaderPlan]) -> Result<Vec<Header>, Failure> {
    plans.iter().map(|plan| Ok((plan.name.value.clone(), header_value(evaluator, plan)?))).collect()
}

pub(super) fn header_value(evaluator: &Evaluator<'_>, plan: &HeaderPlan) -> Result<TaintedText, Failure> {
    let name = &plan.name.value;
    if !crate::value::is_header_name(name) {
        let message = format!("`{}` is no header name", name.escape_debug());
        return Err(Failure::new(ErrorKind::InvalidHeader, message));
    }
    let value = evaluator.text(&plan.value).map_err(|failure| failure.in_place_of_body(ErrorKind::InvalidHeader))?;
    let value = evaluator.on_one_line(value);
    check_header_value(name, &value)?;
    let trimmed = value.trim();
    if trimmed != value && evaluator.assume(id::HEADER_WHITESPACE) != "keep" {
        return Ok(trimmed);
    }
    Ok(value)
}

impl Evaluator<'_> {
    /// A header value in which line breaks are spaces, where the platform makes them so.
    pub(super) fn on_one_line(&self, value: TaintedText) -> TaintedText {
        let breaks = value.reveal().contains(['\r', '\n']);
        match breaks && self.assume(id::HEADER_LINE_BREAK) == "space" {
            true => value.map(|piece| piece.replace("\r\n", " ").replace(['\r', '\n'], " ")),
            false => value,
        }
    }
}

fn authentication_headers(
    plan: &Plan,
    inputs: &Inputs<'_>,
    record: &Record,
    (parts, configured): (&KnownParts, &[Header]),
    token: Option<&Token>,
) -> Result<Vec<Header>, Failure> {
    match &plan.authentication {
        Authentication::None => Ok(Vec::new()),
        Authentication::Header(header) => {
            let scope = AuthScope::of(header);
            let mut evaluator = Evaluator::new(plan, inputs, record, parts);
            evaluator.authentication = Some(&scope);
            headers(&evaluator, &header.headers)
        }
        Authentication::OAuth2(_) => Ok(token.map(Token::header).into_iter().collect()),
        Authentication::SignedToken(token) => {
            let header = signed_token::header(token, plan, inputs, record, (parts, configured))?;
            Ok(header.into_iter().collect())
        }
        // The certificate is presented in the handshake; what it is must still be known.
        Authentication::MutualTls(tls) => {
            mutual_tls::resolve(tls, plan, inputs, record, parts)?;
            Ok(Vec::new())
        }
    }
}

/// The configured headers, the added one, and those of the authentication, in that order.
fn joined(
    plan: &Plan,
    mut configured: Vec<Header>,
    added: Option<Header>,
    mut authentication: Vec<Header>,
    record: &Record,
) -> Vec<Header> {
    let same = |one: &Header, other: &Header| one.0.eq_ignore_ascii_case(&other.0);
    let clashes = configured.iter().chain(&added).any(|header| authentication.iter().any(|other| same(header, other)));
    let mut added = added;
    if clashes {
        match record.assume(&plan.assumptions, id::DUPLICATE_HEADER) {
            "headers-win" => {
                authentication.retain(|header| !configured.iter().chain(&added).any(|other| same(header, other)))
            }
            "both" => {}
            _ => {
                configured.retain(|header| !authentication.iter().any(|other| same(header, other)));
                added = added.filter(|header| !authentication.iter().any(|other| same(header, other)));
            }
        }
    }
    configured.into_iter().chain(added).chain(authentication).collect()
}
