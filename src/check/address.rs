//! The addresses that an action talks to, as far as they were written down.

use std::borrow::Cow;
use std::net::{Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

use crate::plan::{Authentication, Located, Plan, TextPiece, UrlPlan, UrlPosition, cut_url};
use crate::source::Span;

/// A URL that the action calls.
pub struct Address<'a> {
    /// `the URL`, `the token URL`.
    pub called: &'static str,
    pub url: Cow<'a, UrlPlan>,
    /// Where the client secret was written that is sent there, and nothing else is.
    pub client_secret: Option<Span>,
}

/// The URL of the action, and that of the token endpoint.
pub fn addresses(plan: &Plan) -> Vec<Address<'_>> {
    let url = Cow::Borrowed(&plan.request.url);
    let mut addresses = vec![Address { called: "the URL", url, client_secret: None }];
    if let Authentication::OAuth2(oauth) = &plan.authentication {
        let url = Cow::Owned(cut_url(oauth.token_url.clone()));
        addresses.push(Address { called: "the token URL", url, client_secret: Some(oauth.client_secret.span) });
    }
    addresses
}

/// A host as written, without user and port.
pub struct WrittenHost {
    pub host: Host,
    pub span: Span,
    /// Whether a reference is a part of it; a word stands in its place.
    pub has_value: bool,
}

impl Address<'_> {
    /// Whether the URL was written with this scheme, and the place of the scheme.
    pub fn scheme(&self, scheme: &str) -> Option<Span> {
        let (UrlPosition::Prefix, text) = self.url.parts.first()? else { return None };
        let [TextPiece::Literal(written)] = text.pieces.as_slice() else { return None };
        if !written.strip_suffix("://")?.eq_ignore_ascii_case(scheme) {
            return None;
        }
        let located = self.url.located();
        located.first().map(|(_, located)| located.part(0..scheme.len()))
    }

    /// The host, where some of it was written as it is.
    pub fn host(&self) -> Option<WrittenHost> {
        let located = self.url.located();
        let pieces: Vec<&Located<'_>> =
            located.iter().filter(|(position, _)| *position == UrlPosition::Host).map(|(_, located)| located).collect();
        let (first, last) = (pieces.first()?, pieces.last()?);
        // A word that no host ends in stands for what a reference brings.
        let authority: String = pieces.iter().map(|piece| piece.literal().unwrap_or("value")).collect();
        let range = without_user_and_port(&authority);
        let url = Url::parse(&format!("https://{}", &authority[range.clone()])).ok()?;
        let span = match pieces.as_slice() {
            [only] if only.literal().is_some() => only.part(range),
            _ => first.span.to(last.span),
        };
        let has_value = pieces.iter().any(|piece| piece.literal().is_none());
        let is_written = pieces.iter().any(|piece| piece.literal().is_some());
        is_written.then_some(())?;
        Some(WrittenHost { host: url.host()?.to_owned(), span, has_value })
    }
}

fn without_user_and_port(authority: &str) -> std::ops::Range<usize> {
    let start = authority.rfind('@').map_or(0, |at| at + 1);
    let host = &authority[start..];
    let end = match host.rfind(':') {
        Some(colon) if !host[colon..].contains(']') => start + colon,
        _ => authority.len(),
    };
    start..end
}

/// Whether nothing sent there leaves the machine (RFC 1122 section 3.2.1.3, RFC 4291 section 2.5.3, RFC 6761 section 6.3).
pub fn is_loopback(host: &Host) -> bool {
    match host {
        Host::Domain(name) => is_below(name, "localhost"),
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback() || address.to_ipv4_mapped().is_some_and(|mapped| mapped.is_loopback()),
    }
}

/// Whether the address means something on one network only.
pub fn is_private(host: &Host) -> bool {
    match host {
        Host::Domain(name) => is_one_label(name) || PRIVATE_DOMAINS.iter().any(|domain| is_below(name, domain)),
        Host::Ipv4(address) => is_private_v4(*address),
        Host::Ipv6(address) => is_private_v6(*address),
    }
}

/// RFC 6761, RFC 6762, RFC 8375, and the name that ICANN keeps for private networks (2024).
const PRIVATE_DOMAINS: [&str; 4] = ["localhost", "local", "internal", "home.arpa"];

fn is_below(name: &str, domain: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    name.strip_suffix(domain).is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

/// A name without a dot is found by the search list of one network (RFC 1535).
fn is_one_label(name: &str) -> bool {
    !name.trim_end_matches('.').contains('.')
}

/// RFC 1918, RFC 3927, RFC 6598, and this machine.
fn is_private_v4(address: Ipv4Addr) -> bool {
    let [first, second, ..] = address.octets();
    let is_shared = first == 100 && (64..128).contains(&second);
    is_shared || address.is_loopback() || address.is_private() || address.is_link_local() || address.is_unspecified()
}

/// RFC 4193, RFC 4291, and this machine.
fn is_private_v6(address: Ipv6Addr) -> bool {
    let is_own =
        address.is_loopback() || address.is_unspecified() || address.is_unique_local() || address.is_unicast_link_local();
    is_own || address.to_ipv4_mapped().is_some_and(is_private_v4)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::test_support::plan;
    use crate::plan::Text;
    use crate::source::{Mapped, Sources};

    fn host_of(url: &str) -> Option<(String, Host)> {
        let file = Sources::in_memory().add("a", url);
        let source = Mapped::verbatim(url, file, 0);
        let text = Text { pieces: vec![TextPiece::Literal(url.into())], span: source.inside(), source: Some(source) };
        let mut plan = plan();
        plan.request.url = cut_url(text);
        let host = addresses(&plan).remove(0).host()?;
        Some((url[host.span.start..host.span.end].to_string(), host.host))
    }

    #[test]
    fn the_host_is_what_lies_between_user_and_port() {
        for (url, written) in [
            ("https://a.example:8080/x@y", "a.example"),
            ("https://bot:pw@a.example?x", "a.example"),
            ("http://[::1]:8080/", "[::1]"),
            ("http://127.1", "127.1"),
        ] {
            assert_eq!(host_of(url).map(|(written, _)| written).as_deref(), Some(written), "{url}");
        }
        for url in ["a.example/x", "https:///x", ""] {
            assert!(host_of(url).is_none(), "{url}");
        }
    }

    #[test]
    fn private_networks_and_this_machine() {
        let of = |host: &str| host_of(&format!("https://{host}/")).expect("a host").1;
        for host in ["localhost", "LOCALHOST", "app.localhost", "127.0.0.1", "127.9", "[::1]", "[::ffff:127.0.0.1]"] {
            assert!(is_loopback(&of(host)) && is_private(&of(host)), "{host}");
        }
        for host in [
            "10.1.2.3",
            "172.16.0.1",
            "192.168.0.9",
            "169.254.169.254",
            "[fd00::1]",
            "[fe80::1]",
            "nas.local",
            "host.docker.internal",
            "db.corp.internal.",
            "router.home.arpa",
            "0.0.0.0",
            "helpdesk",
            "100.64.0.1",
            "100.127.255.255",
        ] {
            assert!(is_private(&of(host)) && !is_loopback(&of(host)), "{host}");
        }
        for host in
            ["a.example", "172.32.0.1", "100.128.0.1", "11.0.0.1", "[2001:db8::1]", "local.example", "internal-api.example"]
        {
            assert!(!is_private(&of(host)), "{host}");
        }
    }
}
