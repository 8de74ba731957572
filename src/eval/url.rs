//! The URL: each value encoded for the place it stands in, so that it cannot leave it.

use std::ops::Range;

use percent_encoding::{AsciiSet, utf8_percent_encode};

use crate::assumption::id;
use crate::plan::{COMPONENT, Text, UrlPlan, UrlPosition};
use crate::value::{Data, TaintedText, Value};

use super::expression::Evaluator;
use super::settled::Settled;
use super::{ErrorKind, Failure, Hosts};

/// A URL longer than this is refused.
const MAX_URL_BYTES: usize = 1024 * 1024;

/// What may stand in a URL unencoded (RFC 3986 section 2), `%` included: for the parts written in the spec.
const LITERAL: &AsciiSet = &COMPONENT
    .remove(b':')
    .remove(b'/')
    .remove(b'?')
    .remove(b'#')
    .remove(b'[')
    .remove(b']')
    .remove(b'@')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b'%');

/// URL clients encode an apostrophe in a query; so it is planned.
const LITERAL_QUERY: &AsciiSet = &LITERAL.add(b'\'');

impl Evaluator<'_> {
    /// The resolved URL.
    pub fn url(&self, plan: &UrlPlan) -> Result<TaintedText, Failure> {
        let url = self.written_url(plan)?;
        match self.inputs.hosts {
            Hosts::AsWritten => Ok(url),
            Hosts::Environment(hosts) => at_environment(url, hosts),
            Hosts::Base(base) => at_base(url, base),
        }
    }

    /// The token endpoint's resolved URL.
    pub fn token_url(&self, url: TaintedText) -> Result<TaintedText, Failure> {
        check(url.reveal())?;
        match self.inputs.hosts {
            Hosts::AsWritten => Ok(url),
            Hosts::Environment(hosts) => at_environment(url, hosts),
            Hosts::Base(base) => at_base(url, base),
        }
    }

    /// The URL as the spec has it, wherever the request goes.
    pub fn written_url(&self, plan: &UrlPlan) -> Result<TaintedText, Failure> {
        let url = self.joined(plan).map_err(|failure| failure.in_place_of_body(ErrorKind::InvalidUrl))?;
        check(url.reveal())?;
        Ok(url)
    }

    fn joined(&self, plan: &UrlPlan) -> Result<TaintedText, Failure> {
        self.check_host(plan)?;
        let mut url = TaintedText::default();
        let mut path = PathGuard::default();
        for (index, (position, text)) in plan.parts.iter().enumerate() {
            let part = match (position, index) {
                (UrlPosition::Prefix, 0) => self.prefix(text)?,
                _ => self.encoded_part(*position, text, &mut path)?,
            };
            url.push(&part);
        }
        path.check()?;
        Ok(url)
    }

    /// Whether a value may say where the request goes.
    fn check_host(&self, plan: &UrlPlan) -> Result<(), Failure> {
        let is_before_path = |position: UrlPosition| matches!(position, UrlPosition::Prefix | UrlPosition::Host);
        let mut texts = plan.parts.iter().filter(|(position, _)| is_before_path(*position)).map(|(_, text)| text);
        let holds_value = |text: &Text| text.pieces.iter().any(|piece| piece.literal().is_none());
        if !texts.any(holds_value) || self.assume(id::VARIABLE_IN_HOST) != "refuse" {
            return Ok(());
        }
        let message = "a variable stands in the scheme or the host of the URL, where encoding its value would break it";
        Err(Failure::new(ErrorKind::InvalidUrl, message))
    }

    /// A reference that the URL begins with may hold scheme and host.
    fn prefix(&self, text: &Text) -> Result<TaintedText, Failure> {
        let mut prefix = TaintedText::default();
        for (index, piece) in self.settled(text).into_iter().enumerate() {
            match piece {
                Settled::Literal(literal) => prefix.push_plain(&self.literal(literal, LITERAL)?),
                Settled::Value(expression) => {
                    let value = self.text_form(self.value(&expression)?);
                    let as_is = index == 0 && self.assume(id::URL_PREFIX_REFERENCE) != "encode";
                    let set = if as_is { LITERAL } else { COMPONENT };
                    prefix.push(&value.map(|piece| utf8_percent_encode(piece, set).to_string()));
                }
            }
        }
        Ok(prefix)
    }

    fn encoded_part(&self, position: UrlPosition, text: &Text, path: &mut PathGuard) -> Result<TaintedText, Failure> {
        let set = if position == UrlPosition::Query { LITERAL_QUERY } else { LITERAL };
        let mut part = TaintedText::default();
        let mut pieces: Vec<(usize, bool)> = Vec::new();
        for piece in self.settled(text) {
            let (encoded, is_value) = match piece {
                Settled::Literal(literal) => (TaintedText::plain(self.literal(literal, set)?), false),
                Settled::Value(expression) => (self.component(position, self.value(&expression)?), true),
            };
            part.push(&encoded);
            pieces.push((part.reveal().len(), is_value));
        }
        let length = part.reveal().len();
        let settled =
            self.settle_passes(text, part, |evaluator, value| Ok(evaluator.component(position, evaluator.value(value)?)))?;
        if settled.reveal().len() != length {
            // Which of it came from values is not known any more.
            pieces = vec![(settled.reveal().len(), true)];
        }
        if position == UrlPosition::Path {
            path.push_pieces(settled.reveal(), &pieces);
        }
        Ok(settled)
    }

    /// Text of the spec, with what a URL cannot hold encoded or left to the client.
    fn literal(&self, literal: &str, set: &'static AsciiSet) -> Result<String, Failure> {
        check_control(literal)?;
        let encoded = encode_literal(literal, set);
        let keeps = encoded != literal && self.assume(id::URL_LITERALS) == "as-typed";
        Ok(if keeps { literal.to_string() } else { encoded })
    }

    /// A text that is a part of a URL.
    pub fn url_part(&self, position: UrlPosition, text: &Text) -> Result<TaintedText, Failure> {
        self.encoded_part(position, text, &mut PathGuard::default())
    }

    /// A value, encoded for its place.
    pub fn component(&self, position: UrlPosition, value: Value) -> TaintedText {
        if let Data::Bytes(bytes) = &value.data {
            let encoded = percent_encoding::percent_encode(bytes, COMPONENT).to_string();
            return if value.is_secret() { TaintedText::secret(encoded) } else { TaintedText::plain(encoded) };
        }
        let text = self.text_form(value);
        let has_space = text.reveal().contains(' ');
        let in_query = has_space && position == UrlPosition::Query;
        let plus = has_space && self.assume(id::URL_SPACE) == "+" || in_query && self.assume(id::QUERY_SPACE) == "+";
        let keep_slash =
            position == UrlPosition::Path && text.reveal().contains('/') && self.assume(id::URL_SLASH) == "keep";
        text.map(|piece| {
            let mut encoded = utf8_percent_encode(piece, COMPONENT).to_string();
            if plus {
                encoded = encoded.replace("%20", "+");
            }
            if keep_slash {
                encoded = encoded.replace("%2F", "/");
            }
            encoded
        })
    }
}

/// Text of the spec: what a URL cannot hold is encoded, an encoding that is there stays; a lone `%` is encoded.
fn encode_literal(literal: &str, set: &'static AsciiSet) -> String {
    let encoded = utf8_percent_encode(literal, set).to_string();
    if !encoded.contains('%') {
        return encoded;
    }
    let bytes = encoded.as_bytes();
    let is_encoding = |at: usize| bytes.get(at + 1..at + 3).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit));
    let mut mended = String::with_capacity(encoded.len());
    for (at, character) in encoded.char_indices() {
        mended.push(character);
        if character == '%' && !is_encoding(at) {
            mended.push_str("25");
        }
    }
    mended
}

/// Watches that no value becomes a `.` or `..` segment: URL clients and servers would climb out of the path with it.
#[derive(Default)]
struct PathGuard {
    segments: Vec<(String, bool)>,
}

impl PathGuard {
    /// A text in pieces, each with its end and whether it is a value.
    fn push_pieces(&mut self, text: &str, pieces: &[(usize, bool)]) {
        let mut at = 0;
        for (end, is_value) in pieces {
            self.push(&text[at..*end], *is_value);
            at = *end;
        }
    }

    fn push(&mut self, text: &str, is_value: bool) {
        for (index, part) in text.split('/').enumerate() {
            if index > 0 || self.segments.is_empty() {
                self.segments.push((String::new(), false));
            }
            if let Some((segment, has_value)) = self.segments.last_mut() {
                segment.push_str(part);
                // An empty value counts too: `.{x}` climbs when `x` has none.
                *has_value |= is_value;
            }
        }
    }

    fn check(&self) -> Result<(), Failure> {
        let climbs = |segment: &str| matches!(segment.to_ascii_lowercase().replace("%2e", ".").as_str(), "." | "..");
        match self.segments.iter().any(|(segment, has_value)| *has_value && climbs(segment)) {
            true => {
                Err(Failure::new(ErrorKind::InvalidUrl, "a value makes a `.` or `..` segment, which would change the path"))
            }
            false => Ok(()),
        }
    }
}

/// Whether the URL can be requested, and at the host that it names.
pub fn check(url: &str) -> Result<(), Failure> {
    let invalid = |message: String| Err(Failure::new(ErrorKind::InvalidUrl, message));
    if url.len() > MAX_URL_BYTES {
        return invalid(format!("the URL of {} bytes is longer than the limit of {MAX_URL_BYTES}", url.len()));
    }
    check_control(url)?;
    if let Err(message) = check_authority(url) {
        return invalid(message.into());
    }
    match url::Url::parse(url) {
        Err(error) => invalid(format!("the resolved URL cannot be requested: {error}")),
        Ok(parsed) if !matches!(parsed.scheme(), "http" | "https") => {
            invalid(format!("the scheme `{}` is neither `http` nor `https`", parsed.scheme()))
        }
        Ok(parsed) if parsed.host_str().is_none_or(str::is_empty) => invalid("the resolved URL has no host".into()),
        Ok(_) => Ok(()),
    }
}

/// Refuses control characters: URL clients drop a line break, which a request in another notation would not.
fn check_control(text: &str) -> Result<(), Failure> {
    match text.chars().find(char::is_ascii_control) {
        None => Ok(()),
        Some(character) => {
            let message = format!("the URL holds the control character U+{:04X}", u32::from(character));
            Err(Failure::new(ErrorKind::InvalidUrl, message))
        }
    }
}

/// The URL at the host that stands for its own, if one does; what else is secret in it stays so.
fn at_environment(url: TaintedText, hosts: &[(String, String)]) -> Result<TaintedText, Failure> {
    match hosts.iter().find(|(known, _)| is_host_of(known, url.reveal())) {
        Some((_, target)) => at_base(url, target),
        None => Ok(url),
    }
}

/// Whether a host that somebody wrote, perhaps with a port or as a URL, is that of a URL. Without a port it means the port
/// that the URL's scheme has anyway. Both are compared as a client reads them: `api.example.com.:443` is `API.example.com`.
pub fn is_host_of(written: &str, url: &str) -> bool {
    let Ok(url) = url::Url::parse(url) else { return false };
    let written = if written.contains("://") { written.to_string() } else { format!("{}://{written}", url.scheme()) };
    url::Url::parse(&written).is_ok_and(|written| have_same_host(&written, &url))
}

/// Whether two URLs have one host and port.
fn have_same_host(one: &url::Url, other: &url::Url) -> bool {
    // The dot of the root changes nothing about where a request goes (RFC 1034 section 3.1).
    let host = |url: &url::Url| url.host_str().map(|host| host.trim_end_matches('.').to_ascii_lowercase());
    host(one).is_some() && host(one) == host(other) && one.port_or_known_default() == other.port_or_known_default()
}

/// The URL with another scheme, host and port (`http://127.0.0.1:8080`), or only another host and port.
fn at_base(url: TaintedText, target: &str) -> Result<TaintedText, Failure> {
    let Some(range) = authority(url.reveal()) else { return Ok(url) };
    let target = target.trim_end_matches('/');
    let (scheme, host) = target.split_once("://").map_or((None, target), |(scheme, host)| (Some(scheme), host));
    let mut placed = match scheme {
        Some(scheme) => TaintedText::plain(format!("{scheme}://")),
        None => url.part(0..range.start),
    };
    // User name and password are no part of the host.
    let host_start = url.reveal()[range.clone()].rfind('@').map_or(range.start, |at| range.start + at + 1);
    placed.push(&url.part(range.start..host_start));
    placed.push_plain(host);
    placed.push(&url.part(range.end..url.reveal().len()));
    check(placed.reveal())?;
    Ok(placed)
}

/// The WHATWG parser takes the next text for the host where none is written, so that a value in the path would become it.
fn check_authority(url: &str) -> Result<(), &'static str> {
    match authority(url) {
        None => Err("the resolved URL does not begin with `http://` or `https://`"),
        Some(range) if range.is_empty() => Err("the resolved URL has no host"),
        Some(_) => Ok(()),
    }
}

/// The bytes between `scheme://` and what ends the host and port.
fn authority(url: &str) -> Option<Range<usize>> {
    let start = url.find([':', '/', '\\', '?', '#'])? + 3;
    if url.get(start - 3..start) != Some("://") {
        return None;
    }
    let end = url[start..].find(['/', '\\', '?', '#']).unwrap_or(url.len() - start);
    Some(start..start + end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_becomes_the_host() {
        for url in
            ["https:///evil.com", "https:/evil.com", "https:evil.com/x", "https://\\evil.com", "https://?x", "evil.com"]
        {
            assert!(check(url).is_err(), "{url}");
        }
        assert!(check("https://a.example").is_ok());
        assert!(check("http://a.example:8080/x?y=://z").is_ok());
    }

    #[test]
    fn an_environment_stands_in_for_the_host_and_nothing_else() {
        let hosts =
            [("a.example".to_string(), "http://b.example:8080/".to_string()), ("c.example".into(), "d.example".into())];
        let placed = |url: &TaintedText| at_environment(url.clone(), &hosts).expect("a URL");
        let mut url = TaintedText::plain("https://A.example/x?key=");
        url.push(&TaintedText::secret("k-123"));
        assert_eq!(placed(&url).reveal(), "http://b.example:8080/x?key=k-123");
        assert_eq!(placed(&url).masked(), format!("http://b.example:8080/x?key={}", crate::value::MASK));
        assert_eq!(placed(&TaintedText::plain("https://c.example?x")).reveal(), "https://d.example?x");
        assert_eq!(placed(&TaintedText::plain("https://e.example/a.example")).reveal(), "https://e.example/a.example");
    }

    #[test]
    fn a_host_is_compared_as_a_client_reads_it() {
        for (written, url) in [
            ("a.example", "https://a.example:443/x"),
            ("a.example", "http://A.example:80"),
            ("a.example:443", "https://a.example"),
            ("A.example", "https://me:k-123@a.example./"),
            ("a.example.", "https://a%2eexample/"),
            ("a.example:8080", "https://a.example:8080"),
            ("https://a.example", "https://a.example:443"),
            ("b\u{fc}cher.example", "https://xn--bcher-kva.example"),
            ("[::1]", "https://[0::1]/"),
        ] {
            assert!(is_host_of(written, url), "{written} {url}");
        }
        for (written, url) in [
            ("a.example", "https://a.example:8443"),
            ("a.example:443", "http://a.example"),
            ("a.example:8080", "https://a.example"),
            ("a.example", "https://b.example/a.example"),
            ("a.example", "https://a.example@b.example/"),
            ("example", "https://a.example"),
            ("", "https://a.example"),
        ] {
            assert!(!is_host_of(written, url), "{written} {url}");
        }
        let hosts = [("a.example".to_string(), "http://b.example:8080".to_string())];
        let placed = at_environment(TaintedText::plain("https://me:k-123@a.example:443/x"), &hosts).expect("a URL");
        assert_eq!(placed.reveal(), "http://me:k-123@b.example:8080/x");
    }

    #[test]
    fn the_authority_ends_where_the_path_begins() {
        let of = |url: &'static str| authority(url).map(|range| &url[range]);
        assert_eq!(of("https://a.example:80/x"), Some("a.example:80"));
        assert_eq!(of("https://a.example?x=://b"), Some("a.example"));
        assert_eq!(of("a/b?x=://c"), None);
        assert_eq!(of("https:"), None);
    }
}
