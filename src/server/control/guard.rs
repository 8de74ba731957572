//! Who may ask. A page of another origin must neither change anything nor, by a name of its own for this address, read
//! anything (DNS rebinding); the browser says whose page it is.

use axum::http::{HeaderMap, HeaderName, Method, StatusCode, Uri, header};

use super::Refused;

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");

pub fn may(headers: &HeaderMap, uri: &Uri, method: &Method) -> Result<(), Refused> {
    let of = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    let host = of(header::HOST).or_else(|| uri.authority().map(|authority| authority.as_str())).unwrap_or_default();
    if !is_own_name(host) {
        return Err(forbidden("only an IP address or `localhost` is a name of this server"));
    }
    if of(header::ORIGIN).is_some_and(|origin| !is_origin(origin, host)) {
        return Err(forbidden("the page is of another origin"));
    }
    // Fetch Metadata (W3C): a browser says so even where it sends no Origin. To follow a link to the page is no harm.
    let is_foreign = matches!(of(FETCH_SITE), Some("cross-site" | "same-site"));
    if is_foreign && (of(FETCH_MODE) != Some("navigate") || *method != Method::GET) {
        return Err(forbidden("the page is of another site"));
    }
    let changes = !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
    if changes && has_body(headers) && !of(header::CONTENT_TYPE).is_some_and(is_json) {
        let message = "what changes something has a body of the type `application/json`, or none";
        return Err(Refused::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message));
    }
    Ok(())
}

fn forbidden(message: &str) -> Refused {
    Refused::new(StatusCode::FORBIDDEN, message)
}

/// `http://127.0.0.1:8080` is the origin of a page of `127.0.0.1:8080`.
fn is_origin(origin: &str, host: &str) -> bool {
    matches!(origin.split_once("://"), Some(("http" | "https", of)) if of.eq_ignore_ascii_case(host))
}

/// An address, or a name that nobody else can point here (RFC 6761, section 6.3).
fn is_own_name(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let name = name.to_ascii_lowercase();
    let is_address = name.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok();
    is_address || name == "localhost" || name.ends_with(".localhost")
}

fn has_body(headers: &HeaderMap) -> bool {
    let length = headers.get(header::CONTENT_LENGTH);
    headers.contains_key(header::TRANSFER_ENCODING)
        || headers.contains_key(header::CONTENT_TYPE)
        || length.is_some_and(|length| length.as_bytes() != b"0")
}

fn is_json(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(method: Method, headers: &[(&'static str, &str)]) -> Result<(), StatusCode> {
        let headers = headers.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()));
        may(&headers.collect(), &Uri::from_static("/__hookwright/requests"), &method).map_err(|refused| refused.status)
    }

    #[test]
    fn only_names_that_nobody_else_can_point_here_are_answered() {
        for host in ["127.0.0.1:8080", "10.0.0.7", "[::1]:8080", "[::1]", "localhost:1", "LOCALHOST", "a.localhost:80"] {
            assert_eq!(asked(Method::GET, &[("host", host)]), Ok(()), "{host}");
        }
        for host in ["", "evil.example", "evil.example:8080", "localhost.evil.example", "127.0.0.1.evil.example", "evil:x"] {
            assert_eq!(asked(Method::GET, &[("host", host)]), Err(StatusCode::FORBIDDEN), "{host}");
        }
        assert_eq!(asked(Method::GET, &[]), Err(StatusCode::FORBIDDEN));
    }

    #[test]
    fn a_page_of_another_origin_is_refused() {
        let own = ("host", "localhost:8080");
        for method in [Method::GET, Method::DELETE] {
            assert_eq!(asked(method.clone(), &[own, ("origin", "http://localhost:8080")]), Ok(()));
            for origin in
                ["http://localhost:3000", "https://evil.example", "null", "", "localhost:8080", "x://localhost:8080"]
            {
                let refused = Err(StatusCode::FORBIDDEN);
                assert_eq!(asked(method.clone(), &[own, ("origin", origin)]), refused, "{origin}");
            }
        }
    }

    #[test]
    fn a_browser_that_says_another_site_asks_is_believed() {
        let own = ("host", "localhost:8080");
        for (site, mode, method, may) in [
            ("same-origin", "cors", Method::POST, true),
            ("none", "navigate", Method::GET, true),
            ("cross-site", "navigate", Method::GET, true),
            ("cross-site", "navigate", Method::POST, false),
            ("cross-site", "no-cors", Method::GET, false),
            ("same-site", "no-cors", Method::GET, false),
        ] {
            let asked = asked(method, &[own, ("sec-fetch-site", site), ("sec-fetch-mode", mode)]);
            assert_eq!(asked.is_ok(), may, "{site} {mode}");
        }
    }

    #[test]
    fn what_changes_something_has_json_or_no_body() {
        let own = ("host", "localhost");
        for (headers, may) in [
            (vec![own], true),
            (vec![own, ("content-length", "0")], true),
            (vec![own, ("content-type", "application/json"), ("content-length", "2")], true),
            (vec![own, ("content-type", "application/json; charset=utf-8"), ("content-length", "2")], true),
            (vec![own, ("content-length", "2")], false),
            (vec![own, ("transfer-encoding", "chunked")], false),
            (vec![own, ("content-type", "text/plain"), ("content-length", "2")], false),
            (vec![own, ("content-type", "application/x-www-form-urlencoded"), ("content-length", "0")], false),
        ] {
            for method in [Method::POST, Method::DELETE] {
                let expected = if may { Ok(()) } else { Err(StatusCode::UNSUPPORTED_MEDIA_TYPE) };
                assert_eq!(asked(method, &headers), expected, "{headers:?}");
            }
        }
    }
}
