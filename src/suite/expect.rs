//! What a case expects, held against what happened.
//!
//! Real values are compared; messages print masks.

use super::matcher::{Mismatch, Seen, describe, holds_for_text, mismatches, shorten};
use crate::case::{Expect, ExpectedRequest, Matcher};
use crate::eval::{Exchange, Outcome, Request, SecretValues};
use crate::plan::AttributeName;
use crate::source::Span;
use crate::value::{Json, TaintedText, Value};

/// An expectation that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// What was expected and what happened, without secrets.
    pub message: String,
    /// Where it was expected.
    pub span: Span,
}

/// A body that differs in more places than this is told by the first ones.
const MOST_DIFFERENCES: usize = 5;

/// The expectations that do not hold.
pub fn failures(expect: &Expect, exchange: &Exchange) -> Vec<Failed> {
    let mut check = Check { exchange, net: exchange.net(), failed: Vec::new() };
    check.sending(expect);
    if let Some(expected) = &expect.request {
        check.request(expected);
    }
    if let Some(expected) = &expect.token_request {
        check.token_request(expected);
    }
    match (&exchange.outcome, expect.outcome_span) {
        (Some(outcome), _) => check.outcome(expect, outcome),
        (None, Some(span)) => check.no_outcome(span),
        (None, None) => {}
    }
    check.failed
}

struct Check<'a> {
    exchange: &'a Exchange,
    net: SecretValues,
    failed: Vec<Failed>,
}

impl Check<'_> {
    fn fail(&mut self, span: Span, message: impl AsRef<str>) {
        self.failed.push(Failed { message: self.net.mask(message.as_ref()), span });
    }

    fn sending(&mut self, expect: &Expect) {
        if let Some((expected, span)) = &expect.sent
            && *expected != self.exchange.sent
        {
            let message = if *expected {
                "expected a request, but none was sent"
            } else {
                "expected that no request is sent, but one was"
            };
            self.fail(*span, format!("{message}{}", self.because()));
        }
        if let Some((expected, span)) = &expect.error
            && self.exchange.error.as_ref().map(|error| error.kind.name()) != Some(expected.as_str())
        {
            let got = match (&self.exchange.error, &self.exchange.reply) {
                (Some(error), _) => format!("`{}`: {}", error.kind.name(), error.message),
                (None, Some(reply)) => format!("a reply with status {}", reply.status),
                (None, None) => "no error".into(),
            };
            self.fail(*span, format!("expected the error `{expected}`, got {got}"));
        }
    }

    /// `: invalid-url: …`, where there is an error to explain what is missing.
    fn because(&self) -> String {
        let error = self.exchange.error.as_ref();
        error.map_or_else(String::new, |error| format!(": `{}`, {}", error.kind.name(), error.message))
    }

    fn no_outcome(&mut self, span: Span) {
        let message = match &self.exchange.error {
            Some(_) => format!("expected an outcome, but there is none{}", self.because()),
            None => "expected an outcome, but the case gives no reply".into(),
        };
        self.fail(span, message);
    }

    fn request(&mut self, expected: &ExpectedRequest) {
        self.sent(expected, self.exchange.sent, "request");
        match &self.exchange.request {
            Some(request) => self.parts("request", expected, request),
            None => {
                if let Some(span) = first_span(expected) {
                    self.fail(span, format!("expected a request, but it could not be built{}", self.because()));
                }
            }
        }
    }

    fn token_request(&mut self, expected: &ExpectedRequest) {
        let token = self.exchange.token.as_ref();
        let request = token.and_then(|token| token.request.as_ref());
        self.sent(expected, token.is_some_and(|token| token.sent), "token request");
        match request {
            Some(request) => self.parts("token request", expected, request),
            None => {
                if let Some(span) = first_span(expected) {
                    let cached = token.is_some_and(|token| token.cached);
                    let why = if cached { ": the cached token served".into() } else { self.because() };
                    self.fail(span, format!("expected a token request, but none was sent{why}"));
                }
            }
        }
    }

    fn sent(&mut self, expected: &ExpectedRequest, sent: bool, what: &str) {
        match expected.sent {
            Some((true, span)) if !sent => {
                self.fail(span, format!("expected a {what}, but none was sent{}", self.because()))
            }
            Some((false, span)) if sent => self.fail(span, format!("expected that no {what} is sent, but one was")),
            _ => {}
        }
    }

    fn parts(&mut self, what: &str, expected: &ExpectedRequest, request: &Request) {
        if let Some((rule, span)) = &expected.method {
            self.text(&format!("{what} method"), rule, &TaintedText::plain(request.method.as_str()), *span);
        }
        if let Some((rule, span)) = &expected.url {
            self.text(&format!("{what} url"), rule, &request.url, *span);
        }
        for (name, rule, span) in &expected.headers {
            self.header(what, (name, rule, *span), request);
        }
        for (name, span) in &expected.no_headers {
            if let Some(value) = headers(request, name).first() {
                self.fail(*span, format!("expected no header `{name}` in the {what}, got `{}`", shorten(&value.masked())));
            }
        }
        if let Some((rule, span)) = &expected.body {
            self.body(&format!("{what} body"), rule, request.body.as_ref(), *span);
        }
    }

    fn text(&mut self, what: &str, rule: &Matcher, got: &TaintedText, span: Span) {
        if !holds_for_text(rule, got.reveal()) {
            let got = shorten(&got.masked());
            self.fail(span, format!("{what}: expected {}, got `{got}`", describe_text(rule)));
        }
    }

    /// A header that repeats holds when one of its values does.
    fn header(&mut self, what: &str, (name, rule, span): (&str, &Matcher, Span), request: &Request) {
        let values = headers(request, name);
        if values.iter().any(|value| holds_for_text(rule, value.reveal())) {
            return;
        }
        let got: Vec<String> = values.iter().map(|value| format!("`{}`", shorten(&value.masked()))).collect();
        let got = if got.is_empty() { "no such header".into() } else { got.join(" and ") };
        self.fail(span, format!("{what} header `{name}`: expected {}, got {got}", describe_text(rule)));
    }

    fn body(&mut self, what: &str, rule: &Matcher, body: Option<&TaintedText>, span: Span) {
        let nothing = TaintedText::default();
        let Some(body) = body.or(matches!(rule, Matcher::Equal(Json::String(text)) if text.is_empty()).then_some(&nothing))
        else {
            return self.fail(span, format!("{what}: expected {}, got no body", describe_text(rule)));
        };
        let document: Option<Json> = serde_json::from_str(body.reveal()).ok();
        let structured = match rule {
            Matcher::Equal(Json::String(text)) => serde_json::from_str(text).ok().map(Matcher::Equal),
            Matcher::Matches(_) | Matcher::Contains(_) => None,
            _ => Some(rule.clone()),
        };
        match (structured, document) {
            (Some(rule), Some(document)) => {
                let masked: Option<Json> = serde_json::from_str(&body.masked()).ok();
                let found = mismatches(&rule, Seen { real: &document, masked: masked.as_ref() });
                self.differences(what, &found, span);
            }
            (Some(Matcher::Subset(_) | Matcher::List(_)), None) => {
                self.fail(span, format!("{what}: expected JSON, got `{}`", shorten(&body.masked())));
            }
            _ => self.text(what, rule, body, span),
        }
    }

    fn differences(&mut self, what: &str, found: &[Mismatch], span: Span) {
        for mismatch in found.iter().take(MOST_DIFFERENCES) {
            let place = if mismatch.path.is_empty() { String::new() } else { format!(" at `{}`", mismatch.path) };
            let got = mismatch.got.as_deref().unwrap_or("nothing");
            self.fail(span, format!("{what}{place}: expected {}, got {got}", mismatch.expected));
        }
        if found.len() > MOST_DIFFERENCES {
            self.fail(span, format!("{what}: {} more differences", found.len() - MOST_DIFFERENCES));
        }
    }

    fn outcome(&mut self, expect: &Expect, outcome: &Outcome) {
        if let Some((expected, span)) = &expect.success
            && outcome.success != Some(*expected)
        {
            let got =
                outcome.success.map_or("none: the platform does not say", |success| if success { "true" } else { "false" });
            self.fail(*span, format!("expected success {expected}, got {got}"));
        }
        if let Some((expected, span)) = &expect.exit
            && outcome.exit != *expected
        {
            self.fail(*span, format!("expected the exit `{expected}`, got `{}`{}", outcome.exit, self.because()));
        }
        if let Some((expected, span)) = &expect.directive
            && outcome.directive.as_ref() != Some(expected)
        {
            let got = outcome.directive.as_ref().map_or("none".into(), |got| format!("`{}`", shorten(got)));
            self.fail(*span, format!("expected the directive `{}`, got {got}", shorten(expected)));
        }
        self.log(expect, outcome);
        self.written(expect, outcome);
        self.not_written(expect, outcome);
    }

    fn log(&mut self, expect: &Expect, outcome: &Outcome) {
        for (expected, span) in &expect.log {
            if !outcome.log.iter().any(|message| message.contains(expected.as_str())) {
                let got = if outcome.log.is_empty() {
                    "nothing".into()
                } else {
                    format!("`{}`", shorten(&outcome.log.join("` and `")))
                };
                self.fail(*span, format!("expected the log to contain `{expected}`, got {got}"));
            }
        }
    }

    fn written(&mut self, expect: &Expect, outcome: &Outcome) {
        for (name, rule, span) in &expect.attributes {
            let name_shown = shown_name(name);
            match last_written(outcome, name) {
                None => self.fail(*span, format!("`{name_shown}`: expected {}, but it was not written", describe(rule))),
                Some(value) if value.is_null() && !matches!(rule, Matcher::Any | Matcher::Equal(Json::Null)) => {
                    self.fail(*span, format!("`{name_shown}`: expected {}, got null (empty)", describe(rule)));
                }
                Some(value) => {
                    let (real, masked) = (value.to_json(), value.to_masked_json());
                    let found = mismatches(rule, Seen { real: &real, masked: Some(&masked) });
                    self.differences(&format!("`{name_shown}`"), &found, *span);
                }
            }
        }
        for (name, span) in &expect.null {
            match last_written(outcome, name) {
                None => self.fail(*span, format!("`{}`: expected null (empty), but it was not written", shown_name(name))),
                Some(value) if !value.is_null() => {
                    let got = shorten(&value.to_masked_json().to_string());
                    self.fail(*span, format!("`{}`: expected null (empty), got {got}", shown_name(name)));
                }
                Some(_) => {}
            }
        }
    }

    fn not_written(&mut self, expect: &Expect, outcome: &Outcome) {
        for (name, span) in &expect.unset {
            if !outcome.unset.contains(name) {
                self.fail(*span, format!("expected `{}` to be removed, but it was not", shown_name(name)));
            }
        }
        for (name, span) in &expect.not_written {
            if let Some(value) = last_written(outcome, name) {
                let got = shorten(&value.to_masked_json().to_string());
                self.fail(*span, format!("expected `{}` not to be written, got {got}", shown_name(name)));
            }
        }
        if let Some(span) = expect.nothing_written
            && !outcome.attributes.is_empty()
        {
            let names: Vec<&str> = outcome.attributes.iter().map(|(name, _)| shown_name(name)).collect();
            self.fail(span, format!("expected no attribute to be written, got `{}`", names.join("`, `")));
        }
    }
}

/// The full name, or the bare one where a platform has no contexts.
pub fn shown_name(name: &AttributeName) -> &str {
    if name.context().is_empty() { name.attribute() } else { name.full() }
}

fn last_written<'a>(outcome: &'a Outcome, name: &AttributeName) -> Option<&'a Value> {
    outcome.attributes.iter().rev().find(|(written, _)| written == name).map(|(_, value)| value)
}

fn headers<'a>(request: &'a Request, name: &str) -> Vec<&'a TaintedText> {
    request.headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value).collect()
}

/// Texts outside JSON stand in backticks, as they were written.
fn describe_text(rule: &Matcher) -> String {
    match rule {
        Matcher::Equal(Json::String(text)) => format!("`{}`", shorten(text)),
        _ => describe(rule),
    }
}

/// The first place at which something about the request itself is expected.
fn first_span(expected: &ExpectedRequest) -> Option<Span> {
    let parts = [&expected.method, &expected.url, &expected.body];
    let spans = parts.into_iter().flatten().map(|(_, span)| *span);
    spans
        .chain(expected.headers.iter().map(|(_, _, span)| *span))
        .chain(expected.no_headers.iter().map(|(_, span)| *span))
        .min_by_key(|span| span.start)
}

#[cfg(test)]
#[path = "expect_tests.rs"]
mod tests;
