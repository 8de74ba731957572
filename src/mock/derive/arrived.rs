//! A request that arrived, taken apart as far as every comparison needs it.

use std::cell::OnceCell;

use serde_json::Value as Json;
use url::form_urlencoded;

use super::shape::wire_segments;
use crate::mock::ReceivedRequest;

/// The query parameter that names the case that is to answer; it is no part of what is compared.
pub const CASE_PARAMETER: &str = "__case";

/// The header that does the same.
pub const CASE_HEADER: &str = "x-hookwright-case";

/// A request that arrived.
#[derive(Debug)]
pub struct Arrived<'r> {
    pub request: &'r ReceivedRequest,
    /// Percent-decoded. Where the mock serves an action below a prefix, that is left out.
    pub segments: Vec<String>,
    /// Decoded, without the parameter that names a case.
    pub query: Vec<(String, String)>,
    json: OnceCell<Option<Json>>,
}

impl<'r> Arrived<'r> {
    pub fn new(request: &'r ReceivedRequest) -> Arrived<'r> {
        let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
        let pairs = form_urlencoded::parse(query.as_bytes()).into_owned();
        let query = pairs.filter(|(name, _)| name != CASE_PARAMETER).collect();
        Arrived { request, segments: wire_segments(path), query, json: OnceCell::new() }
    }

    /// The same without the first segments of its path.
    pub fn below(mut self, segments: usize) -> Arrived<'r> {
        self.segments.drain(..segments.min(self.segments.len()));
        if self.segments == [""] {
            // `/crm/user/` is the path `/` below the prefix.
            self.segments.clear();
        }
        self
    }

    /// The body, if it is JSON.
    pub fn json(&self) -> Option<&Json> {
        self.json.get_or_init(|| serde_json::from_slice(&self.request.body).ok()).as_ref()
    }

    /// The body as text, if it is some.
    pub fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.request.body).ok()
    }

    /// The body as a form.
    pub fn form(&self) -> Vec<(String, String)> {
        form_urlencoded::parse(&self.request.body).into_owned().collect()
    }

    /// The first value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.request.values(name).next()
    }
}

/// The case that a request asks for by name.
pub fn forced_case(request: &ReceivedRequest) -> Option<String> {
    if let Some(name) = request.values(CASE_HEADER).next() {
        // Names that are not ASCII come percent-encoded.
        return Some(super::pattern::decoded(name));
    }
    let query = request.target.split_once('?')?.1;
    if !query.contains(CASE_PARAMETER) {
        return None;
    }
    form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == CASE_PARAMETER).map(|(_, value)| value.into_owned())
}
