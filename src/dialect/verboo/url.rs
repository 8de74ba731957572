//! What is wrong with a URL whatever its values are.

use std::ops::Range;

use crate::diagnostic::Diagnostic;
use crate::plan::{Located, UrlPlan, UrlPosition};
use crate::source::{Mapped, Span};
use crate::spec::lints::invalid_url;

/// Reports a URL with which nothing is ever sent: a missing scheme or host, another scheme, white space, a variable where
/// the platform's encoding would break the URL.
pub fn check(source: &Mapped, url: &UrlPlan, refuses_host: bool, findings: &mut Vec<Diagnostic>) {
    let text = &*source.text;
    if text.trim().is_empty() {
        let advice = "write the address of your API, such as `https://api.example.com/orders`";
        findings.push(invalid_url::found(source.whole(), "the URL is empty", advice));
        return;
    }
    if let Some(span) = variable_in_host(url).filter(|_| refuses_host) {
        let advice = "write scheme and host down; a template's own parameters are filled in before";
        let message = "a variable says where the request goes, and its value would be encoded";
        findings.push(invalid_url::found(span, message, advice));
        return;
    }
    if let Some((at, character)) = text.char_indices().find(|(_, character)| character.is_whitespace()) {
        let span = source.span(at..at + character.len_utf8());
        let advice = "write `%20` for a space that belongs there";
        findings.push(invalid_url::white_space(span, "white space in the URL", advice, &text[..at]));
        return;
    }
    if let Some((range, message, advice)) = problem(text) {
        findings.push(invalid_url::found(source.span(range), message, advice));
    }
}

fn variable_in_host(url: &UrlPlan) -> Option<Span> {
    let is_before_path = |position: UrlPosition| matches!(position, UrlPosition::Prefix | UrlPosition::Host);
    let located = url.located().into_iter();
    let mut values = located.filter(|(position, piece)| is_before_path(*position) && piece.literal().is_none());
    values.next().map(|(_, piece): (_, Located<'_>)| piece.span)
}

fn problem(text: &str) -> Option<(Range<usize>, String, &'static str)> {
    if text.starts_with('$') {
        return None;
    }
    let Some((scheme, rest)) = text.split_once("://").filter(|(scheme, _)| !scheme.contains(['/', '?', '#'])) else {
        return Some((0..text.len(), "the URL has no scheme, such as `https://`".into(), "write `https://` in front"));
    };
    if !scheme.contains('$') && !matches!(scheme.to_ascii_lowercase().as_str(), "http" | "https") {
        let message = format!("the scheme `{scheme}` is neither `http` nor `https`");
        return Some((0..scheme.len(), message, "a webhook is an API under `https://`"));
    }
    let start = scheme.len() + 3;
    let length = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let host = &rest[..length];
    if host.is_empty() {
        return Some((0..start, "the URL has no host".into(), "write the host behind `://`"));
    }
    match url::Url::parse(&format!("https://{host}")) {
        Err(error) if !host.contains('$') => {
            let advice = "write the host as your API has it";
            Some((start..start + length, format!("`{host}` is no host: {error}"), advice))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::problem;

    #[test]
    fn what_no_value_can_make_right() {
        for (url, at, message) in [
            ("a.example.com/x", "a.example.com/x", "the URL has no scheme"),
            ("/x?y=https://z", "/x?y=https://z", "the URL has no scheme"),
            ("ftp://a.example.com", "ftp", "the scheme `ftp`"),
            ("https:///x", "https://", "the URL has no host"),
            ("https://a:b:c/", "a:b:c", "`a:b:c` is no host"),
        ] {
            let (range, said, _) = problem(url).expect(url);
            assert!(&url[range] == at && said.starts_with(message), "{url}: {said}");
        }
        for url in ["https://a.example.com", "$base/x", "https://$host/x", "$scheme://x", "https://[::1]:80/$a"] {
            assert!(problem(url).is_none(), "{url}");
        }
    }
}
