//! Cases, flows and project settings as plain data.

mod expect;
mod flow;
mod sample;
mod spec;
#[cfg(test)]
pub(crate) mod test_support;

pub use expect::{ERROR_NAMES, Expect, ExpectedRequest, Matcher};
pub use flow::{Call, Clock, Doing, Flow, FlowAction, FlowRule, FlowStep, FlowSummary, MOST_STEPS, written};
pub use sample::{Sample, Samples};
pub use spec::{Level, LintSet, Neighbours, ProjectRule, Rule, Spec, Subject, Summary};

use std::fmt;

use crate::plan::{AttributeName, BodyPlan, ByName, HasName};
use crate::source::{Span, Spanned};
use crate::value::{TaintedText, Value};

/// One example of an action at work: what is given, what the backend answers, what is expected.
#[derive(Clone, Debug)]
pub struct Case {
    pub name: Spanned<String>,
    /// The name as a file name: see [`slug`].
    pub slug: String,
    /// Unix time in seconds.
    pub now: i64,
    /// Microseconds past `now`.
    pub microseconds: u32,
    /// The end user's time zone.
    pub timezone: String,
    pub uuid: String,
    pub given: Given,
    pub answer: Answer,
    /// The body of the reply where it uses values of the request; the answer holds it as it was written.
    pub reply_template: Option<Box<BodyPlan>>,
    /// What the token endpoint answers; `None`: a bearer token for an hour.
    pub token_answer: Option<Answer>,
    pub expect: Expect,
}

/// Values by name.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// In the order written; coerced to declared types.
    pub attributes: ByName<GivenAttribute>,
    pub secrets: Vec<GivenSecret>,
}

#[derive(Clone, Debug)]
pub struct GivenAttribute {
    pub name: AttributeName,
    pub value: Value,
    pub span: Span,
}

impl HasName for GivenAttribute {
    fn name(&self) -> &AttributeName {
        &self.name
    }
}

#[derive(Clone, Debug)]
pub struct GivenSecret {
    pub name: String,
    pub value: TaintedText,
    pub span: Span,
}

impl Given {
    /// The value of an attribute, null included; `None` when none is given.
    pub fn attribute(&self, name: &AttributeName) -> Option<&Value> {
        self.attributes.get(name).map(|given| &given.value)
    }

    pub fn secret(&self, name: &str) -> Option<&TaintedText> {
        self.secrets.iter().rev().find(|secret| secret.name == name).map(|secret| &secret.value)
    }
}

/// What stands in the backend's place.
#[derive(Clone, Debug)]
pub enum Answer {
    /// No reply is given: the request alone is looked at.
    Unspecified,
    Reply(Reply),
    Fault(Fault),
}

#[derive(Clone, PartialEq, Eq)]
pub struct Reply {
    pub status: u16,
    /// Content-Type included, where there is a body.
    pub headers: Vec<(String, String)>,
    pub delay_milliseconds: u64,
    pub body: Vec<u8>,
}

impl Reply {
    /// The `charset` of its Content-Type (RFC 9110, section 8.3.2).
    pub fn charset(&self) -> Option<&str> {
        let content_type = self.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        content_type.and_then(|(_, value)| charset(value))
    }
}

fn charset(content_type: &str) -> Option<&str> {
    let mut parameters = content_type.split(';').skip(1);
    parameters.find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches('"'))
    })
}

/// What a server says has no taint, and may hold a secret that it was sent or an access token: only its measures are shown.
impl fmt::Debug for Reply {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        let mut shown = formatter.debug_struct("Reply");
        shown.field("status", &self.status).field("headers", &headers);
        shown.field("delay_milliseconds", &self.delay_milliseconds).field("body_bytes", &self.body.len()).finish()
    }
}

/// What goes wrong in the backend's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    Timeout,
    ConnectionRefused,
    ConnectionReset,
    /// The connection is closed without a reply.
    Empty,
    /// Bytes that are not HTTP.
    Malformed,
    Tls,
}

impl Fault {
    pub const NAMES: [(&'static str, Fault); 6] = [
        ("timeout", Fault::Timeout),
        ("connection-refused", Fault::ConnectionRefused),
        ("connection-reset", Fault::ConnectionReset),
        ("empty", Fault::Empty),
        ("malformed", Fault::Malformed),
        ("tls", Fault::Tls),
    ];

    pub fn parse(name: &str) -> Option<Fault> {
        Fault::NAMES.iter().find(|(known, _)| *known == name).map(|(_, fault)| *fault)
    }

    pub fn name(self) -> &'static str {
        Fault::NAMES.iter().find(|(_, fault)| *fault == self).map_or("", |(name, _)| name)
    }
}

/// A case's name in lower case, with every run of other than letters and digits turned into `-`.
pub fn slug(name: &str) -> String {
    let mut slug = String::new();
    for character in name.chars().flat_map(char::to_lowercase) {
        if character.is_alphanumeric() {
            slug.push(character);
        } else if !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug
}

#[cfg(test)]
mod tests {
    use super::{charset, slug};

    #[test]
    fn slugs() {
        assert_eq!(slug("Opens a ticket!"), "opens-a-ticket-");
        assert_eq!(slug("!?"), "-");
        assert_eq!(slug("refused / 401"), "refused-401");
        assert_eq!(slug("Übergröße 2"), "übergröße-2");
    }

    #[test]
    fn charsets() {
        assert_eq!(charset("application/xml; Charset=\"ISO-8859-1\""), Some("ISO-8859-1"));
        assert_eq!(charset("application/xml"), None);
    }
}
