//! Scheme, host and port, and nothing else: where requests go in the place of what a spec says.

use std::ops::Range;

/// Why a text is not scheme, host and port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAnOrigin {
    /// What it is or has, with the article: "a path".
    pub what: What,
    /// The bytes of the text that are wrong.
    pub range: Range<usize>,
}

/// What a text has that goes beyond scheme, host and port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A user name or a password: never to be shown.
    Credentials,
    /// Neither `http` nor `https`.
    OtherScheme,
    /// No host that a URL can have.
    NoHost,
    Path,
    QueryOrFragment,
}

impl What {
    /// With the article: "a path".
    pub fn words(self) -> &'static str {
        match self {
            What::Credentials => "a user name or a password",
            What::OtherScheme => "a scheme other than `http` and `https`",
            What::NoHost => "no host",
            What::Path => "a path",
            What::QueryOrFragment => "a query or a fragment",
        }
    }
}

/// Checks that a text is a host, perhaps with a scheme before it and a port behind it (RFC 3986 section 3.2). A `/` at the end
/// says nothing.
///
/// # Errors
/// The first thing that is more, or missing.
pub fn check_origin(written: &str) -> Result<(), NotAnOrigin> {
    let wrong = |what, range| Err(NotAnOrigin { what, range });
    let scheme_end = written.find("://");
    let start = scheme_end.map_or(0, |end| end + 3);
    if let Some(at) = written.rfind('@') {
        return wrong(What::Credentials, start.min(at)..at);
    }
    if let Some(end) = scheme_end
        && !["http", "https"].iter().any(|scheme| scheme.eq_ignore_ascii_case(&written[..end]))
    {
        return wrong(What::OtherScheme, 0..end);
    }
    let end = written[start..].find(['/', '\\', '?', '#']).map_or(written.len(), |at| start + at);
    if !is_host(&written[start..end]) {
        return wrong(What::NoHost, if start == end { 0..written.len() } else { start..end });
    }
    let path_end = written[end..].find(['?', '#']).map_or(written.len(), |at| end + at);
    if !matches!(&written[end..path_end], "" | "/") {
        return wrong(What::Path, end..path_end);
    }
    if path_end < written.len() {
        return wrong(What::QueryOrFragment, path_end..written.len());
    }
    Ok(())
}

/// A URL parser would leave spaces out, and a request would hold them.
fn is_host(written: &str) -> bool {
    let has_spaces = written.contains(|character: char| character.is_whitespace() || character.is_control());
    !has_spaces && url::Url::parse(&format!("http://{written}")).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scheme_host_and_port_are_all() {
        for written in [
            "http://127.0.0.1:8080",
            "HTTPS://Staging.example.com/",
            "staging.example.com",
            "localhost:8080",
            "[::1]:80",
            "https://bücher.example",
        ] {
            assert_eq!(check_origin(written), Ok(()), "{written}");
        }
    }

    #[test]
    fn what_is_more_or_missing_is_told_at_its_place() {
        for (written, what, part) in [
            ("https://a.example/v1", What::Path, "/v1"),
            ("a.example/v1/?x", What::Path, "/v1/"),
            ("https://a.example\\v1", What::Path, "\\v1"),
            ("https://a.example?x=1", What::QueryOrFragment, "?x=1"),
            ("https://a.example/#x", What::QueryOrFragment, "#x"),
            ("https://me:k-12345@a.example", What::Credentials, "me:k-12345"),
            ("https://me:k-1/23?45@a.example/v1", What::Credentials, "me:k-1/23?45"),
            ("me@a.example", What::Credentials, "me"),
            ("@://", What::Credentials, ""),
            ("ftp://a.example", What::OtherScheme, "ftp"),
            ("http://", What::NoHost, "http://"),
            ("", What::NoHost, ""),
            ("https:///v1", What::NoHost, "https:///v1"),
            ("https://a b", What::NoHost, "a b"),
            (" a.example", What::NoHost, " a.example"),
            ("a.example:99999", What::NoHost, "a.example:99999"),
        ] {
            let Err(NotAnOrigin { what: found, range }) = check_origin(written) else { panic!("{written}") };
            assert_eq!((found, &written[range]), (what, part), "{written}");
        }
    }
}
