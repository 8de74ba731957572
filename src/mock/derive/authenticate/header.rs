//! Header authentication: every header is made again of what arrived, with the secret.

use super::super::arrived::{Arrived, without_case};
use super::super::pattern::Pattern;
use super::super::recover::Recovered;
use super::super::report::{Part, Row, RowVerdict};
use super::super::verify::{masked_like, rendered};
use super::told::Told;
use super::{Mocked, masked_or, missing, same, scheme_alone};
use crate::case::Case;
use crate::eval::{ArrivedParts, Failure, Request, authentication_headers_of};
use crate::plan::{HeaderAuthentication, HeaderPlan, RequestPart, is_credential_name};
use crate::value::TaintedText;

/// Each header as the request's own parts give it; the failure where it cannot be made.
type Made = Result<(String, TaintedText), Failure>;

pub(super) fn rows(
    action: &Mocked,
    case: &Case,
    recovered: &Recovered,
    arrived: &Arrived<'_>,
    header: &HeaderAuthentication,
) -> Vec<Row> {
    let request = rendered(action, case, recovered);
    let parts = Parts::of(action, arrived, request.as_ref(), header);
    let told = Told::of(action, case, recovered, arrived, &parts, header);
    // Of several URLs each gives headers of its own.
    let made: Vec<Vec<Made>> = parts.urls.iter().map(|url| told.headers(&parts, url)).collect();
    let plans = header.headers.iter().enumerate().filter(|(_, plan)| action.takes_header(&plan.name.value));
    plans.map(|(index, plan)| row(plan, made.iter().filter_map(|made| made.get(index)), arrived, &told)).collect()
}

fn row<'m>(plan: &HeaderPlan, made: impl Iterator<Item = &'m Made> + Clone, arrived: &Arrived<'_>, told: &Told<'_>) -> Row {
    let name = plan.name.value.as_str();
    let pattern = Pattern::of_text(&plan.value).trimmed();
    let expected = made.clone().find_map(|made| made.as_ref().ok()).map(|(_, value)| value);
    let shown = masked_or(expected, pattern.shown());
    let Some(first) = arrived.header(name) else { return missing(name, shown) };
    let values = made.clone().filter_map(|made| made.as_ref().ok()).map(|(_, value)| value);
    let is_one = |value: &TaintedText| arrived.request.values(name).any(|got| same(got.trim(), value.reveal().trim()));
    let holding = values.clone().find(|value| is_one(value));
    let got = shown_value(name, first, holding.or(expected), &pattern);
    let row = Row::new(Part::Authentication, name, RowVerdict::Holds).got(got);
    if let Some(value) = holding.filter(|_| !told.takes_from(plan)) {
        return row.expected(value.masked());
    }
    let row = row.expected(shown);
    let unknown = told.unknown_of(&plan.value);
    if !pattern.matches(first.trim()) {
        return Row { verdict: RowVerdict::Differs, ..row };
    }
    if let Some(failure) = made.clone().find_map(|made| made.as_ref().err()) {
        return Row { verdict: RowVerdict::Unchecked, ..row }.note(failure.message.clone());
    }
    match unknown.is_empty() {
        true => Row { verdict: RowVerdict::Differs, ..row.note_if(told.made_of(&plan.value)) },
        false => Row { verdict: RowVerdict::Unchecked, ..row.note(not_told(&unknown)) },
    }
}

/// A credential is not shown, nor is what was meant to be one and stands where something else is expected.
fn shown_value(name: &str, got: &str, expected: Option<&TaintedText>, pattern: &Pattern) -> String {
    match expected.is_some_and(TaintedText::carries_secret) {
        true => masked_like(expected, got),
        false if is_credential_name(name) && !pattern.matches(got.trim()) => scheme_alone(got),
        false => got.to_string(),
    }
}

fn not_told(unknown: &[String]) -> String {
    format!("it is made of {}, which the request does not tell", unknown.join(", "))
}

/// What of a request its authentication may read.
pub(super) struct Parts<'a> {
    pub method: &'a str,
    /// As which the request's URL may have been signed, the likeliest first.
    pub urls: Vec<String>,
    pub headers: Vec<(String, String)>,
    pub content_type: &'a str,
    pub query: &'a [(String, String)],
    pub body: &'a [u8],
    /// Whether the configured headers arrived under their names, so that they are known.
    pub has_headers: bool,
}

impl<'a> Parts<'a> {
    fn of(action: &Mocked, arrived: &'a Arrived<'_>, request: Option<&Request>, header: &HeaderAuthentication) -> Parts<'a> {
        let configured = &action.plan.request.headers;
        let is_taken =
            |plan: &HeaderPlan| header.headers.iter().any(|other| other.name.value.eq_ignore_ascii_case(&plan.name.value));
        let reads_url = action.plan.all_expressions().into_iter().any(|(place, expression)| {
            place.is_authentication() && expression.source == crate::plan::ValueSource::Request(RequestPart::Url)
        });
        let mut urls = urls(arrived, request);
        if !reads_url {
            urls.truncate(1);
        }
        Parts {
            method: &arrived.request.method,
            urls,
            headers: configured_headers(configured, arrived, request),
            content_type: arrived.header("content-type").unwrap_or_default(),
            query: &arrived.query,
            body: &arrived.request.body,
            has_headers: !configured.iter().any(is_taken),
        }
    }

    pub fn with_url<'u>(&'u self, url: &'u str) -> ArrivedParts<'u> {
        ArrivedParts {
            method: self.method,
            url,
            headers: &self.headers,
            content_type: self.content_type,
            query: self.query,
            body: self.body,
        }
    }
}

/// The URL of the spec; its scheme and host with what arrived behind them; the mock's own, under which the request came.
fn urls(arrived: &Arrived<'_>, request: Option<&Request>) -> Vec<String> {
    let mut urls: Vec<String> = Vec::new();
    let targets = |target: &str| [Some(target.to_string()), without_case(target)].into_iter().flatten();
    if let Some(request) = request {
        let url = request.url.reveal();
        urls.push(url.to_string());
        if let Ok(parsed) = url::Url::parse(url) {
            let origin = parsed.origin().ascii_serialization();
            urls.extend(targets(arrived.target()).map(|target| format!("{origin}{target}")));
        }
    }
    let host = arrived.header("host").unwrap_or_default();
    for scheme in ["http", "https"] {
        urls.extend(targets(&arrived.request.target).map(|target| format!("{scheme}://{host}{target}")));
    }
    let mut known = std::collections::HashSet::new();
    urls.retain(|url| known.insert(url.clone()));
    urls
}

/// The configured headers as they arrived; one that differs in white space alone as it was rendered.
fn configured_headers(configured: &[HeaderPlan], arrived: &Arrived<'_>, request: Option<&Request>) -> Vec<(String, String)> {
    let mut headers = Vec::with_capacity(configured.len());
    for (index, plan) in configured.iter().enumerate() {
        let name = plan.name.value.as_str();
        let is_same = |known: &str| known.eq_ignore_ascii_case(name);
        let nth = configured[..index].iter().filter(|other| is_same(&other.name.value)).count();
        let Some(got) = arrived.request.values(name).nth(nth) else { continue };
        let planned = request.into_iter().flat_map(|request| &request.headers).filter(|(known, _)| is_same(known)).nth(nth);
        let planned = planned.map(|(_, value)| value.reveal()).filter(|value| value.trim() == got.trim());
        headers.push((name.to_string(), planned.unwrap_or(got).to_string()));
    }
    headers
}

impl Told<'_> {
    /// The headers that these parts give.
    pub fn headers(&self, parts: &Parts<'_>, url: &str) -> Vec<Made> {
        authentication_headers_of(&self.action.plan, &self.inputs(), &parts.with_url(url), &self.variables)
    }
}
