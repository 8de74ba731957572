//! What the parser says, in a user's words.

use roxmltree::{Error, TextPos};

use super::{MAX_NODES, XmlProblem};

/// The longest name that a message quotes.
const MAX_QUOTED: usize = 60;

pub(super) fn explain(text: &str, error: &Error) -> XmlProblem {
    let (message, at) = match error {
        Error::UnknownEntityReference(name, at) => (unknown_entity(name), *at),
        Error::MalformedEntityReference(at) if rest(text, *at).starts_with("&#") => {
            ("a reference to a character that no document may hold".to_string(), *at)
        }
        Error::MalformedEntityReference(at) => ("a bare `&`, which is written `&amp;`".to_string(), *at),
        Error::UnexpectedCloseTag(expected, actual, at) => (wrong_close(expected, actual), *at),
        Error::DuplicatedAttribute(name, at) => (format!("the attribute `{}` stands there twice", quoted(name)), *at),
        Error::DuplicatedNamespace(name, at) => (format!("the namespace `{}` is declared twice", quoted(name)), *at),
        Error::UnknownNamespace(name, at) => (format!("the namespace prefix `{}` is not declared", quoted(name)), *at),
        Error::InvalidAttributeValue(at) => ("a bare `<` in an attribute, which is written `&lt;`".to_string(), *at),
        Error::UnexpectedDeclaration(at) => ("an XML declaration that is not at the beginning".to_string(), *at),
        Error::NonXmlChar(_, at) => (format!("{}, which no document may hold", character(text, *at)), *at),
        Error::InvalidName(at) => (format!("{} cannot stand in this place of a name", character(text, *at)), *at),
        Error::InvalidChar(expected, _, at) => {
            (format!("expected `{}`, found {}", char::from(*expected), character(text, *at)), *at)
        }
        Error::InvalidChar2(expected, _, at) => (format!("expected {expected}, found {}", character(text, *at)), *at),
        Error::InvalidString(expected, at) => (format!("expected `{expected}`, found {}", character(text, *at)), *at),
        Error::UnknownToken(at) if rest(text, *at).starts_with('<') => {
            ("an element cannot begin here; there is one root element".to_string(), *at)
        }
        Error::InvalidComment(at) => ("`--` within a comment".to_string(), *at),
        Error::InvalidCharacterData(at) => ("`]]>` in text, which is written `]]&gt;`".to_string(), *at),
        Error::NoRootNode => return XmlProblem::whole("there is no element"),
        Error::UnclosedRootNode => return XmlProblem::whole("the text ends before the root element is closed"),
        Error::UnexpectedEndOfStream => return XmlProblem::whole("the text ends too early"),
        Error::NodesLimitReached => return XmlProblem::whole(format!("more than {MAX_NODES} elements and texts")),
        Error::AttributesLimitReached | Error::NamespacesLimitReached => {
            return XmlProblem::whole("more attributes or namespaces than can be read");
        }
        other => (format!("unexpected {}", character(text, other.pos())), other.pos()),
    };
    XmlProblem { message, place: Some((at.row, at.col)) }
}

fn unknown_entity(name: &str) -> String {
    format!("the entity `&{};` is not one of XML's own: `&amp;`, `&lt;`, `&gt;`, `&quot;`, `&apos;`", quoted(name))
}

fn wrong_close(expected: &str, actual: &str) -> String {
    match expected.is_empty() {
        true => format!("`</{}>` closes an element that was never opened", quoted(actual)),
        false => format!("expected `</{}>`, found `</{}>`", quoted(expected), quoted(actual)),
    }
}

/// The line from a place on.
fn rest(text: &str, at: TextPos) -> &str {
    let line = text.split('\n').nth(at.row.saturating_sub(1) as usize).unwrap_or_default();
    let start = line.char_indices().nth(at.col.saturating_sub(1) as usize).map_or(line.len(), |(start, _)| start);
    &line[start..]
}

/// The character at a place of the text.
fn character(text: &str, at: TextPos) -> String {
    match rest(text, at).chars().next() {
        Some(character) => format!("`{}`", character.escape_debug()),
        None if text.lines().count() > at.row as usize => "the end of the line".to_string(),
        None => "the end of the text".to_string(),
    }
}

fn quoted(name: &str) -> String {
    match name.char_indices().nth(MAX_QUOTED) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_string(),
    }
}
