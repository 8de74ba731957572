//! From a planned request to one that the HTTP library can send.
//!
//! # What the wire changes
//!
//! The HTTP library takes a parsed URL, so the target on the wire is the planned one as the WHATWG URL standard writes it:
//! the fragment is left off; `.` and `..` segments (`%2e` too) are resolved; an empty path is `/`; `\` in a path is `/`; tabs
//! and line breaks are dropped; a space, `"`, `<`, `>`, non-ASCII characters, in a path also `` ` ``, `{` and `}`, and in a
//! query also `'` are percent-encoded. [`wire_target`] tells the outcome. Credentials in a URL (`user:password@`) go with its
//! authority: they are not sent.
//!
//! Of the headers, names differ in case only (HTTP gives that no meaning), and values of one name stand together, where the
//! name first stood.

use reqwest::header::{CONTENT_LENGTH, HOST, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Url};
use url::Position;

use super::is_framing;
use crate::eval::{ErrorKind, Failure, Request};

/// The most headers that a request may have; servers commonly refuse more than a hundred.
pub const MAX_HEADERS: usize = 90;

/// The most bytes that a request's target and headers may have together.
pub const MAX_HEAD_BYTES: usize = 256 * 1024;

/// The longest target that the HTTP library takes, with room for an authority.
const MAX_TARGET_BYTES: usize = 65_000;

/// What a planned URL asks for on the wire: path and query. See this module's head for what differs from the URL's text.
///
/// # Errors
/// `invalid-url` when the URL cannot be requested.
pub fn wire_target(url: &str) -> Result<String, Failure> {
    target(&parse_url(url)?).map(str::to_string)
}

/// Where a request goes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Wire<'a> {
    /// To its own URL.
    Real,
    /// To a stand-in, whose scheme and authority (`http://127.0.0.1:80`) replace those of the URL; Host keeps the planned
    /// ones.
    StandIn(&'a str),
}

/// The request as the library takes it.
pub(super) fn outgoing(request: &Request, wire: Wire<'_>) -> Result<reqwest::Request, Failure> {
    let planned = parse_url(request.url.reveal())?;
    let target = target(&planned)?;
    let method = method(&request.method)?;
    let (url, mut headers) = match wire {
        Wire::Real => {
            (parse_url(&format!("{}://{}{target}", planned.scheme(), authority(&planned)))?, headers(request, None)?)
        }
        Wire::StandIn(base) => (parse_url(&format!("{base}{target}"))?, headers(request, Some(authority(&planned)))?),
    };
    let head_bytes: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    if headers.len() > MAX_HEADERS || head_bytes + target.len() > MAX_HEAD_BYTES {
        return Err(invalid_header(format!(
            "the request has more than {MAX_HEADERS} headers, or more than {} KiB of them",
            MAX_HEAD_BYTES / 1024
        )));
    }
    let body = request.body.as_ref().map(|body| body.reveal()).filter(|body| !body.is_empty());
    if body.is_none() && (request.body.is_some() || expects_body(&method)) {
        headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
    let mut outgoing = reqwest::Request::new(method, url);
    *outgoing.headers_mut() = headers;
    *outgoing.body_mut() = body.map(|body| body.to_string().into());
    Ok(outgoing)
}

fn parse_url(url: &str) -> Result<Url, Failure> {
    let url = Url::parse(url).map_err(|error| invalid_url(error.to_string()))?;
    match url.scheme() {
        "http" | "https" => Ok(url),
        _ => Err(invalid_url("only http and https can be requested")),
    }
}

fn target(url: &Url) -> Result<&str, Failure> {
    let target = &url[Position::BeforePath..Position::AfterQuery];
    if target.len() > MAX_TARGET_BYTES {
        return Err(invalid_url(format!("path and query are longer than {MAX_TARGET_BYTES} bytes")));
    }
    Ok(target)
}

fn method(name: &str) -> Result<Method, Failure> {
    let unsupported = || Failure::new(ErrorKind::UnsupportedMethod, format!("`{}` cannot be sent", name.escape_debug()));
    match Method::from_bytes(name.as_bytes()) {
        // CONNECT asks for a tunnel, not for a resource.
        Ok(Method::CONNECT) | Err(_) => Err(unsupported()),
        Ok(method) => Ok(method),
    }
}

/// Methods whose missing body is said to be missing, as curl and Guzzle do.
fn expects_body(method: &Method) -> bool {
    matches!(*method, Method::POST | Method::PUT | Method::PATCH)
}

/// Host and port, without credentials.
fn authority(url: &Url) -> &str {
    &url[Position::BeforeHost..Position::AfterPort]
}

/// Host first, unless it is left to the library, then the planned headers in their order.
fn headers(request: &Request, host: Option<&str>) -> Result<HeaderMap, Failure> {
    let mut headers = HeaderMap::with_capacity(request.headers.len() + 4);
    let is_planned = request.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host"));
    if let Some(host) = host.filter(|_| !is_planned) {
        headers.insert(HOST, HeaderValue::from_str(host).map_err(|_| invalid_url("the host cannot be sent"))?);
    }
    for (name, value) in request.headers.iter().filter(|(name, _)| !is_framing(name)) {
        let wire_name = HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| invalid_header(format!("`{}` is not a header name", name.escape_debug())))?;
        let mut wire_value = HeaderValue::from_bytes(value.reveal().as_bytes())
            .map_err(|_| invalid_header(format!("the value of `{name}` has a line break or another control character")))?;
        // HTTP/2 then keeps it out of its table of headers, and the libraries out of their debug output.
        wire_value.set_sensitive(value.carries_secret());
        headers.try_append(wire_name, wire_value).map_err(|_| invalid_header("there are too many headers"))?;
    }
    Ok(headers)
}

fn invalid_url(message: impl std::fmt::Display) -> Failure {
    Failure::new(ErrorKind::InvalidUrl, format!("the URL cannot be requested: {message}"))
}

fn invalid_header(message: impl Into<String>) -> Failure {
    Failure::new(ErrorKind::InvalidHeader, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::TaintedText;

    fn request(method: &str, url: &str, headers: &[(&str, &str)], body: Option<&str>) -> Request {
        Request {
            method: method.to_string(),
            url: TaintedText::plain(url),
            headers: headers.iter().map(|(name, value)| (name.to_string(), TaintedText::plain(*value))).collect(),
            body: body.map(TaintedText::plain),
        }
    }

    fn refused(request: &Request) -> Failure {
        outgoing(request, Wire::StandIn("http://127.0.0.1:1")).expect_err("it should be refused")
    }

    #[test]
    fn targets_are_written_as_the_url_standard_writes_them() {
        for (url, target) in [
            ("https://example.com", "/"),
            ("https://example.com?a=b#c", "/?a=b"),
            ("https://example.com/a/./b/../c?x=1#y", "/a/c?x=1"),
            ("https://example.com/a/%2e%2e/c", "/c"),
            ("https://example.com/it's?q=it's", "/it's?q=it%27s"),
            ("https://example.com/a b?c d", "/a%20b?c%20d"),
            ("https://example.com/{a}|^?{b}|^", "/%7Ba%7D|^?{b}|^"),
            ("https://example.com/ü?ü", "/%C3%BC?%C3%BC"),
            ("https://example.com//a//b/", "//a//b/"),
            ("https://example.com/a%2Fb%zz?a%20b+c", "/a%2Fb%zz?a%20b+c"),
            ("https://user:word@example.com:8443/a", "/a"),
        ] {
            assert_eq!(wire_target(url).as_deref(), Ok(target), "{url}");
        }
    }

    #[test]
    fn urls_that_cannot_be_requested_are_refused_without_being_shown() {
        for url in ["", "k-123/tickets", "ftp://k-123/", "https://", "https://exa mple.com/k-123", "mailto:k-123"] {
            let failure = refused(&request("GET", url, &[], None));
            assert_eq!(failure.kind, ErrorKind::InvalidUrl, "{url}");
            assert!(!failure.message.contains("k-123"), "{}", failure.message);
        }
        let long = format!("https://example.com/{}", "a".repeat(MAX_TARGET_BYTES));
        assert_eq!(refused(&request("GET", &long, &[], None)).kind, ErrorKind::InvalidUrl);
    }

    #[test]
    fn headers_that_would_inject_are_refused() {
        for (name, value) in [
            ("X-A", "a\r\nX-B: b"),
            ("X-A", "a\nb"),
            ("X-A", "a\0"),
            ("X-A\r\nX-B", "a"),
            ("X A", "a"),
            ("", "a"),
            ("X-Ä", "a"),
        ] {
            let failure = refused(&request("GET", "https://example.com/", &[(name, value)], None));
            assert_eq!(failure.kind, ErrorKind::InvalidHeader, "{name:?}: {value:?}");
            assert!(!failure.message.contains(['\r', '\n', '\0']), "{:?}", failure.message);
        }
    }

    #[test]
    fn heads_have_a_limit() {
        let many: Vec<(&str, &str)> = vec![("X-A", "a"); MAX_HEADERS];
        assert_eq!(refused(&request("GET", "https://example.com/", &many, None)).kind, ErrorKind::InvalidHeader);
        let long = "a".repeat(MAX_HEAD_BYTES);
        let long = request("GET", "https://example.com/", &[("X-A", &long)], None);
        assert_eq!(refused(&long).kind, ErrorKind::InvalidHeader);
    }

    #[test]
    fn methods_that_cannot_be_sent_are_refused() {
        for method in ["CONNECT", "", "G T"] {
            let failure = refused(&request(method, "https://example.com/", &[], None));
            assert_eq!(failure.kind, ErrorKind::UnsupportedMethod, "{method}");
        }
    }

    #[test]
    fn the_host_is_the_planned_one_and_framing_is_ours() {
        let planned = request(
            "POST",
            "https://Example.com:8443/a",
            &[("Content-Length", "7"), ("transfer-encoding", "chunked"), ("X-A", "ä")],
            Some("hi"),
        );
        let outgoing = outgoing(&planned, Wire::StandIn("http://127.0.0.1:1")).expect("it can be sent");
        let names: Vec<&str> = outgoing.headers().keys().map(HeaderName::as_str).collect();
        assert_eq!(names, ["host", "x-a"]);
        assert_eq!(outgoing.headers()[HOST], "example.com:8443");
        assert_eq!(outgoing.headers()["x-a"].as_bytes(), "ä".as_bytes());
        assert_eq!(outgoing.url().as_str(), "http://127.0.0.1:1/a");
    }
}
