//! What is wrong with a URL whatever its values are.

use std::ops::Range;

use crate::diagnostic::Diagnostic;
use crate::spec::lints::invalid_url;
use crate::template::{Segment, Template};

/// What is wrong with a range of the URL, and what to do.
struct Problem {
    range: Range<usize>,
    message: String,
    advice: &'static str,
}

impl Problem {
    fn new(range: Range<usize>, message: impl Into<String>, advice: &'static str) -> Problem {
        Problem { range, message: message.into(), advice }
    }
}

/// Reports what no value can make right: a missing scheme or host, another scheme, white space, a host that is none.
pub fn check(template: &Template, findings: &mut Vec<Diagnostic>) {
    let source = &template.source;
    if source.text.trim().is_empty() {
        let advice = "write the address of your API, such as `https://api.example.com/orders`";
        findings.push(invalid_url::found(source.whole(), "the URL is empty", advice));
        return;
    }
    if let Some(problem) = white_space(template) {
        let (span, before) = (source.span(problem.range.clone()), &source.text[..problem.range.start]);
        findings.push(invalid_url::white_space(span, problem.message, problem.advice, before));
        return;
    }
    if let Some(problem) = scheme_and_host(&source.text) {
        let span = if problem.range.is_empty() { source.inside() } else { source.span(problem.range) };
        findings.push(invalid_url::found(span, problem.message, problem.advice));
    }
}

fn scheme_and_host(text: &str) -> Option<Problem> {
    if text.starts_with('{') {
        return None;
    }
    let Some(scheme_end) = text.find("://").filter(|end| *end > 0 && !text[..*end].contains(['/', '?', '#'])) else {
        return Some(no_scheme(text));
    };
    let scheme = &text[..scheme_end];
    if !scheme.contains('{') && !is_web(scheme) {
        return Some(other_scheme(scheme));
    }
    let host_start = scheme_end + 3;
    let rest = &text[host_start..];
    let host_end = host_start + rest.find(['/', '?', '#']).unwrap_or(rest.len());
    if host_start == host_end {
        return Some(Problem::new(0..host_start, "the URL has no host", "write the host behind `://`"));
    }
    if text[..host_end].contains('{') {
        return None;
    }
    let host = &text[host_start..host_end];
    let why = match url::Url::parse(&text[..host_end]) {
        Err(error) => error.to_string(),
        Ok(_) if has_empty_label(host) => "nothing stands before one of its dots".to_string(),
        Ok(_) => return None,
    };
    Some(Problem::new(host_start..host_end, format!("`{host}` is no host: {why}"), "write the host as your API has it"))
}

fn is_web(scheme: &str) -> bool {
    scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")
}

fn other_scheme(scheme: &str) -> Problem {
    let message = format!("the scheme `{scheme}` is neither `http` nor `https`");
    Problem::new(0..scheme.len(), message, "a webhook is an API under `https://`")
}

/// A URL without `://`: `mailto:` is a scheme, and what stands before a port is none.
fn no_scheme(text: &str) -> Problem {
    let is_scheme = |scheme: &str| {
        scheme.starts_with(|character: char| character.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-".contains(&byte))
    };
    match text.split_once(':').filter(|(scheme, _)| is_scheme(scheme)) {
        Some((scheme, rest)) if is_web(scheme) => {
            let slashes = rest.len() - rest.trim_start_matches(['/', '\\']).len();
            let range = 0..scheme.len() + 1 + slashes;
            let message = format!("the scheme `{scheme}` must be followed by `://`");
            Problem::new(range, message, "write `://` between scheme and host")
        }
        Some((scheme, rest)) if !rest.starts_with(|character: char| character.is_ascii_digit() || character == '{') => {
            other_scheme(scheme)
        }
        _ => Problem::new(0..0, "the URL has no scheme, such as `https://`", "write `https://` in front"),
    }
}

/// A name of a host has something before each of its dots.
fn has_empty_label(host: &str) -> bool {
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    !host.starts_with('[') && (host.starts_with('.') || host.contains(".."))
}

fn white_space(template: &Template) -> Option<Problem> {
    let mut at = 0;
    for segment in &template.segments {
        let (text, length) = match segment {
            Segment::Literal { text, .. } => (text.as_str(), text.len()),
            Segment::Broken { text, .. } => ("", text.len()),
            Segment::Expression(_) => ("", template.source.text[at..].find('}').map_or(0, |end| end + 1)),
        };
        if let Some((offset, character)) = text.char_indices().find(|(_, character)| character.is_whitespace()) {
            let range = at + offset..at + offset + character.len_utf8();
            return Some(white_space_at(&template.source.text, range, character));
        }
        at += length;
    }
    None
}

fn white_space_at(text: &str, range: Range<usize>, character: char) -> Problem {
    let (before, behind) = (&text[..range.start], &text[range.end..]);
    let what = if matches!(character, '\n' | '\r') { "a line break" } else { "white space" };
    let in_path = before.split_once("://").map_or(before, |(_, rest)| rest).contains(['/', '?', '#']);
    let (place, advice) = match () {
        () if before.trim().is_empty() => ("before the URL", "take it out"),
        () if behind.trim().is_empty() => ("behind the URL", "take it out"),
        () if in_path && character == ' ' => ("in the URL", "write `%20` for a space that belongs there"),
        () if in_path => ("in the URL", "take it out"),
        () => ("in the host", "take it out"),
    };
    Problem::new(range, format!("{what} {place}"), advice)
}
