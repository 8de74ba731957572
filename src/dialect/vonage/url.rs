//! The URL endpoint and the query rows. Page "Webhook", Query Parameters.

use percent_encoding::{AsciiSet, utf8_percent_encode};

use super::lints::duplicate_query_key;
use super::templates::Templates;
use crate::assumption::id;
use crate::diagnostic::Diagnostic;
use crate::dialect::Lowering;
use crate::plan::{COMPONENT, Text, TextPiece, UrlPlan, UrlPosition, cut_url};
use crate::source::Spanned;
use crate::spec::lints::invalid_url;
use crate::spec::{Node, Table};

pub fn url(action: &Table, templates: &mut Templates<'_>, lowering: &mut Lowering<'_, '_>) -> UrlPlan {
    let mut plan = match lowering.url(action) {
        Some(source) => {
            let text = templates.text(source, &mut lowering.reading.findings);
            check(&text, &mut lowering.reading.findings);
            cut_url(text)
        }
        None => UrlPlan { parts: Vec::new(), span: action.span },
    };
    let Some(node) = action.get("query") else { return plan };
    let rows = rows(node, templates, lowering);
    duplicate_query_key::check(&plan, rows.iter().map(|row| &row.name), &mut lowering.reading.findings);
    if rows.iter().any(Row::has_space) {
        templates.met.insert(id::URL_SPACE);
    }
    append(&mut plan, rows, lowering.assumptions.get(id::URL_SPACE));
    plan
}

/// A row of the query.
struct Row {
    name: Spanned<String>,
    value: Text,
}

impl Row {
    /// Whether a space is written out in it.
    fn has_space(&self) -> bool {
        let literals = self.value.pieces.iter().filter_map(TextPiece::literal);
        literals.chain([self.name.value.as_str()]).any(|literal| literal.contains(' '))
    }
}

fn rows(node: &Node, templates: &mut Templates<'_>, lowering: &mut Lowering<'_, '_>) -> Vec<Row> {
    let mut rows = Vec::new();
    for (name, node) in lowering.reading.pairs(node) {
        match node.as_text() {
            Some(source) => rows.push(Row { name, value: templates.text(source, &mut lowering.reading.findings) }),
            None => lowering.reading.not_text(node),
        }
    }
    rows
}

/// The rows come behind the query that the URL has, and before its fragment.
fn append(plan: &mut UrlPlan, rows: Vec<Row>, space: &str) {
    let is_fragment = |(position, _): &(UrlPosition, Text)| *position == UrlPosition::Fragment;
    let place = plan.parts.iter().position(is_fragment).unwrap_or(plan.parts.len());
    let mut separator = separator(&plan.parts[..place]);
    let mut parts = Vec::with_capacity(rows.len());
    for Row { name, value } in rows {
        let begun = format!("{separator}{}=", encoded(&name.value, space));
        let pieces = value.pieces.into_iter().map(|piece| as_component(piece, space));
        let text = Text { pieces: joined(begun, pieces), span: value.span, source: None };
        parts.push((UrlPosition::Query, text));
        separator = "&";
    }
    plan.parts.splice(place..place, parts);
}

/// Name and value as one text where both are written out, as in a URL that was written whole.
fn joined(begun: String, pieces: impl Iterator<Item = TextPiece>) -> Vec<TextPiece> {
    let mut joined = vec![TextPiece::Literal(begun)];
    for piece in pieces {
        match (joined.last_mut(), piece) {
            (Some(TextPiece::Literal(last)), TextPiece::Literal(literal)) => last.push_str(&literal),
            (_, piece) => joined.push(piece),
        }
    }
    joined
}

/// What stands before the first row.
fn separator(before: &[(UrlPosition, Text)]) -> &'static str {
    let Some((UrlPosition::Query, text)) = before.last() else { return "?" };
    match text.pieces.last().and_then(TextPiece::literal) {
        Some(literal) if literal.ends_with(['?', '&']) => "",
        _ => "&",
    }
}

/// What is written in a row is a value or a part of one, whatever characters it holds.
fn as_component(piece: TextPiece, space: &str) -> TextPiece {
    match piece {
        TextPiece::Literal(literal) => TextPiece::Literal(encoded(&literal, space)),
        TextPiece::Choice(choice) => {
            let typed = encoded(&choice.typed, space);
            TextPiece::Choice(crate::plan::Choice { typed, ..choice })
        }
        value => value,
    }
}

/// Percent-encoded, but for the `$` of a name that is left as typed.
fn encoded(literal: &str, space: &str) -> String {
    utf8_percent_encode(literal, IN_A_ROW).to_string().replace("%20", space)
}

const IN_A_ROW: &AsciiSet = &COMPONENT.remove(b'$');

/// Reports what no value can make right: a missing scheme or host, another scheme, white space.
fn check(text: &Text, findings: &mut Vec<Diagnostic>) {
    let Some(source) = &text.source else { return };
    if source.text.trim().is_empty() {
        let advice = "write the address of your API, such as `https://api.example.com/orders`";
        findings.push(invalid_url::found(source.whole(), "the URL is empty", advice));
        return;
    }
    if let Some((at, space)) = source.text.char_indices().find(|(_, character)| character.is_whitespace()) {
        let span = source.span(at..at + space.len_utf8());
        let advice = "take it out, or write `%20` for a space that belongs there";
        findings.push(invalid_url::white_space(span, "white space in the URL", advice, &source.text[..at]));
        return;
    }
    let Some(beginning) = text.pieces.first().and_then(TextPiece::literal) else { return };
    if let Some((length, message, advice)) = wrong_beginning(beginning, text.pieces.len() > 1) {
        let span = if length == 0 { source.inside() } else { source.span(0..length) };
        findings.push(invalid_url::found(span, message, advice));
    }
}

/// What is wrong with the literal text that a URL begins with: so many of its bytes, why, and what to do.
fn wrong_beginning(beginning: &str, goes_on: bool) -> Option<(usize, String, &'static str)> {
    let Some((scheme, rest)) = beginning.split_once("://").filter(|(scheme, _)| !scheme.contains(['/', '?', '#'])) else {
        return Some((0, "the URL has no scheme, such as `https://`".into(), "write `https://` in front"));
    };
    if !["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
        let message = format!("the scheme `{scheme}` is neither `http` nor `https`");
        return Some((scheme.len(), message, "a webhook is an API under `https://`"));
    }
    let host = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
    let is_whole = !goes_on || host.len() < rest.len();
    if !is_whole {
        return None;
    }
    let length = scheme.len() + "://".len() + host.len();
    if host.is_empty() {
        return Some((length, "the URL has no host".into(), "write the host behind `://`"));
    }
    let error = url::Url::parse(&beginning[..length]).err()?;
    Some((length, format!("`{host}` is no host: {error}"), "write the host as your API has it"))
}

#[cfg(test)]
mod tests {
    use super::wrong_beginning;

    #[test]
    fn only_what_no_value_can_mend_is_wrong() {
        for url in ["https://a.example.com", "HTTP://a.example.com/x", "https://[::1]:80/"] {
            assert_eq!(wrong_beginning(url, false), None, "{url}");
        }
        assert_eq!(wrong_beginning("https://", true), None);
        assert_eq!(wrong_beginning("https://api.", true), None);
        for (url, goes_on) in [
            ("https://", false),
            ("https:///x", true),
            ("ftp://a.example", false),
            ("a.example/x", false),
            ("https://a b", false),
        ] {
            assert!(wrong_beginning(url, goes_on).is_some(), "{url}");
        }
    }
}
