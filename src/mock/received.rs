//! What a stand-in received: the request as it really went over the wire.

use std::sync::{Arc, Mutex, PoisonError};

use crate::eval::Request;
use crate::run::{is_framing, wire_target};

/// A request as it came over the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedRequest {
    pub method: String,
    /// Path and query.
    pub target: String,
    /// All of them, Host and the like too. Names are in lower case, and values of one name stand together.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// The headers that the client adds to every request.
const ADDED: [&str; 3] = ["host", "accept", "user-agent"];

impl ReceivedRequest {
    /// The values of a header, its name in any case.
    pub fn values(&self, name: &str) -> impl Iterator<Item = &str> {
        self.headers.iter().filter(move |(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// In what the request is other than planned, in words without any value; empty when all of it arrived.
    ///
    /// It is what lets a transcript show the planned request as the one that went over the wire.
    pub fn differences(&self, planned: &Request) -> Vec<String> {
        let mut differences = Vec::new();
        if self.method != planned.method {
            differences.push("another method arrived".to_string());
        }
        if wire_target(planned.url.reveal()).as_ref() != Ok(&self.target) {
            differences.push("another path or query arrived".to_string());
        }
        let names = planned.headers.iter().map(|(name, _)| name).chain(self.headers.iter().map(|(name, _)| name));
        for name in distinct(names) {
            if !self.has_as_planned(name, planned) {
                differences.push(format!("the header `{name}` did not arrive as planned"));
            }
        }
        if self.body != planned.body.as_ref().map_or(&[][..], |body| body.reveal().as_bytes()) {
            differences.push("another body arrived".to_string());
        }
        differences
    }

    fn has_as_planned(&self, name: &str, planned: &Request) -> bool {
        let of_name = |known: &str| known.eq_ignore_ascii_case(name);
        let mut expected = planned.headers.iter().filter(|(known, _)| of_name(known)).peekable();
        if is_framing(name) || (expected.peek().is_none() && ADDED.iter().any(|added| of_name(added))) {
            return true;
        }
        // White space around a value is not part of it on the wire.
        expected.map(|(_, value)| value.reveal().trim_matches([' ', '\t'])).eq(self.values(name))
    }
}

/// The names in their order, each once whatever its case.
fn distinct<'a>(names: impl Iterator<Item = &'a String>) -> Vec<&'a str> {
    let mut distinct: Vec<&str> = Vec::new();
    for name in names {
        if !distinct.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            distinct.push(name);
        }
    }
    distinct
}

/// The place that the servers' threads put the latest request in, and the worker takes it from.
#[derive(Clone, Default)]
pub(super) struct Inbox(Arc<Mutex<Option<ReceivedRequest>>>);

impl Inbox {
    pub(super) fn put(&self, request: ReceivedRequest) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(request);
    }

    pub(super) fn take(&self) -> Option<ReceivedRequest> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::TaintedText;

    fn planned() -> Request {
        let header = |name: &str, value: &str| (name.to_string(), TaintedText::plain(value));
        Request {
            method: "POST".to_string(),
            url: TaintedText::plain("https://example.com/a?b='c'#d"),
            headers: vec![header("X-A", " 1 "), header("X-B", "2"), header("x-a", "3")],
            body: Some(TaintedText::plain("hi")),
        }
    }

    fn received(target: &str, headers: &[(&str, &str)], body: &str) -> ReceivedRequest {
        ReceivedRequest {
            method: "POST".to_string(),
            target: target.to_string(),
            headers: headers.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect(),
            body: body.as_bytes().to_vec(),
        }
    }

    #[test]
    fn nothing_differs_when_all_arrived() {
        let headers = [("host", "example.com"), ("x-a", "1"), ("x-a", "3"), ("x-b", "2"), ("content-length", "2")];
        let received = received("/a?b=%27c%27", &headers, "hi");
        assert_eq!(received.differences(&planned()), Vec::<String>::new());
    }

    #[test]
    fn every_part_is_compared() {
        let mut received = received("/a?b='c'", &[("x-a", "3"), ("x-a", "1"), ("x-more", "1"), ("x-b", "2")], "ho");
        received.method = "PUT".to_string();
        let differences = [
            "another method arrived",
            "another path or query arrived",
            "the header `X-A` did not arrive as planned",
            "the header `x-more` did not arrive as planned",
            "another body arrived",
        ];
        assert_eq!(received.differences(&planned()), differences);
    }
}
