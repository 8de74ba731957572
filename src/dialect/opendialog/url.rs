//! What is wrong with a URL whatever its values are.

use crate::diagnostic::Diagnostic;
use crate::spec::lints::invalid_url;
use crate::template::{Segment, Template};

/// Reports what no value can make right: a missing scheme or host, another scheme, white space, a host that is none.
pub fn check(template: &Template, findings: &mut Vec<Diagnostic>) {
    let source = &template.source;
    let text = &*source.text;
    if text.trim().is_empty() {
        findings.push(invalid_url::found(source.whole(), "the URL is empty"));
        return;
    }
    if let Some((span, message)) = white_space(template) {
        findings.push(invalid_url::found(span, message));
        return;
    }
    if text.starts_with('{') {
        return;
    }
    let Some(scheme_end) = text.find("://") else {
        findings.push(invalid_url::found(source.inside(), "the URL has no scheme, such as `https://`"));
        return;
    };
    let scheme = &text[..scheme_end];
    if !scheme.contains('{') && !["http", "https"].contains(&scheme.to_ascii_lowercase().as_str()) {
        let message = format!("the scheme `{scheme}` is neither `http` nor `https`");
        findings.push(invalid_url::found(source.span(0..scheme_end), message));
        return;
    }
    let host_start = scheme_end + 3;
    let rest = &text[host_start..];
    let host_end = host_start + rest.find(['/', '?', '#']).unwrap_or(rest.len());
    if host_start == host_end {
        findings.push(invalid_url::found(source.span(0..host_start), "the URL has no host"));
    } else if !text[..host_end].contains('{')
        && let Err(error) = url::Url::parse(&text[..host_end])
    {
        let message = format!("`{}` is no host: {error}", &text[host_start..host_end]);
        findings.push(invalid_url::found(source.span(host_start..host_end), message));
    }
}

fn white_space(template: &Template) -> Option<(crate::source::Span, &'static str)> {
    let mut at = 0;
    for segment in &template.segments {
        let (text, length) = match segment {
            Segment::Literal { text, .. } => (text.as_str(), text.len()),
            Segment::Broken { text, .. } => ("", text.len()),
            Segment::Expression(_) => ("", template.source.text[at..].find('}').map_or(0, |end| end + 1)),
        };
        if let Some((offset, character)) = text.char_indices().find(|(_, character)| character.is_whitespace()) {
            let range = at + offset..at + offset + character.len_utf8();
            return Some((template.source.span(range), "white space in a URL; write `%20` for a space"));
        }
        at += length;
    }
    None
}

#[cfg(test)]
mod tests {
    use crate::plan::{UrlPosition, cut_url};
    use crate::source::{Mapped, Sources};
    use crate::spec::Contexts;

    fn positions(url: &str) -> Vec<(UrlPosition, usize)> {
        let source = Mapped::verbatim(url, Sources::in_memory().add("url", url), 0);
        let contexts = Contexts { known: vec!["user".into()], default: "user" };
        let text = crate::dialect::opendialog::meaning::text(&source, &contexts, &mut Vec::new());
        cut_url(text).parts.into_iter().map(|(position, text)| (position, text.pieces.len())).collect()
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
}
