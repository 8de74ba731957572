//! URLs with references: what is wrong with them, and where their values stand.

use crate::dialect::opendialog_shared::url::check;
use crate::dialect::opendialog_shared::{grammar, meaning};
use crate::plan::{UrlPosition, cut_url};
use crate::source::{Mapped, Sources};
use crate::spec::Contexts;

fn positions(url: &str) -> Vec<(UrlPosition, usize)> {
    let source = Mapped::verbatim(url, Sources::in_memory().add("url", url), 0);
    let contexts = Contexts { known: vec!["user".into()], default: "user", naming: Default::default() };
    let text = meaning::text(&source, &contexts, &mut Vec::new());
    cut_url(text).parts.into_iter().map(|(position, text)| (position, text.pieces.len())).collect()
}

fn problem(url: &str) -> Option<(String, String, String)> {
    let source = Mapped::verbatim(url, Sources::in_memory().add("url", url), 0);
    let mut findings = Vec::new();
    check(&grammar::template(&source, &mut Vec::new()), &mut findings);
    let found = findings.pop()?;
    Some((url[found.span.start..found.span.end].to_string(), found.message, found.help.unwrap_or_default()))
}

#[test]
fn what_is_wrong_is_said_at_its_place_with_what_to_do() {
    for (url, at, message, advice) in [
        (" https://a.example.com", " ", "white space before the URL", "take it out"),
        ("https://a.example.com/x\n", "\n", "a line break behind the URL", "take it out"),
        ("https://exa mple.com", " ", "white space in the host", "take it out"),
        ("https://a.example.com/a b", " ", "white space in the URL", "write `%20`"),
        ("https:/a.example.com", "https:/", "the scheme `https` must be followed by `://`", "write `://`"),
        ("https:a.example.com", "https:", "the scheme `https` must be followed by `://`", "write `://`"),
        ("mailto:a@example.com", "mailto", "the scheme `mailto` is neither `http` nor `https`", "a webhook"),
        ("ftp://a.example.com", "ftp", "the scheme `ftp` is neither `http` nor `https`", "a webhook"),
        ("localhost:8080/x", "localhost:8080/x", "the URL has no scheme, such as `https://`", "write `https://`"),
        ("a.example.com/?u=https://b", "a.example.com/?u=https://b", "the URL has no scheme", "write `https://`"),
        ("https:///x", "https://", "the URL has no host", "write the host"),
        ("https://a..example.com/", "a..example.com", "`a..example.com` is no host", "write the host"),
    ] {
        let (place, said, help) = problem(url).expect(url);
        assert!(place == at && said.starts_with(message) && help.starts_with(advice), "{url}: {place} {said} {help}");
    }
    for url in ["https://a.example.com.", "{base}/x", "https://{h}/a", "{scheme}://x", "https://[::1]:80/{a b}"] {
        assert_eq!(problem(url), None, "{url}");
    }
}

#[test]
fn values_stand_in_the_place_that_literal_text_gives_them() {
    use UrlPosition::{Fragment, Host, Path, Prefix, Query};
    let all = positions("https://{a}.example.com/x/{b}?q={c}#{d}");
    assert_eq!(all, [(Prefix, 1), (Host, 2), (Path, 3), (Query, 3), (Fragment, 2)]);
    assert_eq!(positions("{base}/x"), [(Prefix, 1), (Path, 2)]);
    assert_eq!(positions("{base}.example.com/x"), [(Prefix, 1), (Host, 1), (Path, 2)]);
    assert_eq!(positions("{scheme}://{h}/"), [(Prefix, 2), (Host, 1), (Path, 1)]);
    assert_eq!(positions("/relative/{a}"), [(Prefix, 1), (Host, 1)]);
}
