//! An XML reply as a tree on which object paths work as they do on JSON.
//!
//! The root element is part of the path. A single element is a text or an object, several of one name are a list where the
//! first of them stood. The text of an element is trimmed, CDATA is text, a namespace prefix stays in the name. An element
//! that has both text and elements is an object with the text under [`TEXT_KEY`]. Attributes are not mapped: the platforms
//! document no path to them.
//!
//! A document type declaration is refused whatever it holds, so no entity is ever declared, and none is expanded but the five
//! of XML itself (XML 1.0, section 4.6) and references to characters.

mod bounds;
mod encoding;
#[cfg(test)]
mod properties;
mod refusal;
mod strict;
#[cfg(test)]
mod tests;

use std::fmt;

use roxmltree::{Document, Node, ParsingOptions};
use serde_json::{Map, Value as Json};

pub use bounds::{MAX_ATTRIBUTES, MAX_DEPTH, MAX_NAMESPACE_WORK, MAX_NAMESPACES};

/// A longer document is refused.
pub const MAX_BYTES: usize = 16 << 20;

/// A document of more elements, texts and comments is refused.
pub const MAX_NODES: u32 = 250_000;

/// Where the text of an element stands that has elements as well.
pub const TEXT_KEY: &str = "#text";

/// What stands before the name of an attribute, where attributes are kept.
pub const ATTRIBUTE_MARK: char = '@';

/// Why bytes are no XML document that can be read, in a user's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct XmlProblem {
    pub message: String,
    /// Line and column, both from 1, of the decoded text; `None` where the problem is the whole.
    pub place: Option<(u32, u32)>,
}

impl XmlProblem {
    fn whole(message: impl Into<String>) -> XmlProblem {
        XmlProblem { message: message.into(), place: None }
    }

    /// At a byte of the text.
    fn at(text: &str, offset: usize, message: impl Into<String>) -> XmlProblem {
        let before = &text[..crate::source::floor_boundary(text, offset)];
        let line = before.matches('\n').count() + 1;
        let column = before[before.rfind('\n').map_or(0, |end| end + 1)..].chars().count() + 1;
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        XmlProblem { message: message.into(), place: Some((number(line), number(column))) }
    }
}

impl fmt::Display for XmlProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place {
            Some((line, column)) => write!(formatter, "line {line}, column {column}: {}", self.message),
            None => formatter.write_str(&self.message),
        }
    }
}

impl std::error::Error for XmlProblem {}

/// The tree of a document: an object with the root element as its only entry.
pub fn document(bytes: &[u8]) -> Result<Json, XmlProblem> {
    document_in(bytes, None)
}

/// The same where the `charset` of a Content-Type is known, which goes before what the document declares, but not before a
/// byte order mark (RFC 7303, section 3).
pub fn document_in(bytes: &[u8], charset: Option<&str>) -> Result<Json, XmlProblem> {
    styled_document(bytes, charset, Style::default())
}

/// How a tree is made where nobody documents it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// An attribute stands under its name with [`ATTRIBUTE_MARK`] before it, and the text beside it under [`TEXT_KEY`].
    pub keeps_attributes: bool,
    /// The prefix of a namespace is no part of a name.
    pub drops_prefixes: bool,
    /// An element that stands alone is in a list, too. The root element is not.
    pub always_lists: bool,
}

/// The same in a style.
pub fn styled_document(bytes: &[u8], charset: Option<&str>, style: Style) -> Result<Json, XmlProblem> {
    if bytes.len() > MAX_BYTES {
        return Err(too_long(bytes.len()));
    }
    tree(&encoding::decoded(bytes, charset)?, style)
}

/// The same for a document that was decoded already: the encoding that it declares was that of its bytes.
pub fn document_of_text(text: &str) -> Result<Json, XmlProblem> {
    if text.len() > MAX_BYTES {
        return Err(too_long(text.len()));
    }
    tree(text.trim_start_matches('\u{feff}'), Style::default())
}

fn too_long(length: usize) -> XmlProblem {
    XmlProblem::whole(format!("a document of {length} bytes is longer than the limit of {MAX_BYTES}"))
}

fn tree(text: &str, style: Style) -> Result<Json, XmlProblem> {
    let parsed = parsed(text)?;
    let root = parsed.root_element();
    let mut tree = Map::new();
    let maker = TreeMaker { text, style };
    tree.insert(maker.name(root).to_string(), maker.value(root));
    Ok(Json::Object(tree))
}

/// What a document has that is made a tree in one style or another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extras {
    pub has_attributes: bool,
    pub has_prefixes: bool,
}

/// The extras of a document; none of what is no document.
pub fn extras(bytes: &[u8], charset: Option<&str>) -> Extras {
    let Ok(text) = encoding::decoded(bytes, charset) else { return Extras::default() };
    let Ok(parsed) = parsed(&text) else { return Extras::default() };
    let maker = TreeMaker { text: &text, style: Style::default() };
    let mut elements = parsed.descendants().filter(Node::is_element);
    Extras {
        has_attributes: elements.clone().any(|element| element.attributes().len() > 0),
        has_prefixes: elements.any(|element| maker.name(element).contains(':')),
    }
}

fn parsed(text: &str) -> Result<Document<'_>, XmlProblem> {
    bounds::check(text)?;
    let options = ParsingOptions { allow_dtd: false, nodes_limit: MAX_NODES, entity_resolver: None };
    Document::parse_with_options(text, options).map_err(|error| refusal::explain(text, &error))
}

struct TreeMaker<'t> {
    text: &'t str,
    style: Style,
}

impl<'t> TreeMaker<'t> {
    /// The recursion is as deep as the document, which [`MAX_DEPTH`] bounds.
    fn value(&self, element: Node<'_, '_>) -> Json {
        let mut own_text = String::new();
        let mut object = self.attributes(element);
        for child in element.children() {
            if let Some(part) = child.text().filter(|_| child.is_text()) {
                own_text.push_str(part);
            } else if child.is_element() {
                add(&mut object, self.name(child), self.value(child));
            }
        }
        if self.style.always_lists {
            object.iter_mut().filter(|(name, _)| !name.starts_with(ATTRIBUTE_MARK)).for_each(|(_, value)| enlist(value));
        }
        let own_text = own_text.trim_matches([' ', '\t', '\r', '\n']);
        if object.is_empty() {
            return Json::from(own_text);
        }
        if !own_text.is_empty() {
            object.insert(TEXT_KEY.to_string(), Json::from(own_text));
        }
        Json::Object(object)
    }

    fn attributes(&self, element: Node<'_, '_>) -> Map<String, Json> {
        let kept = element.attributes().filter(|_| self.style.keeps_attributes);
        kept.map(|attribute| (format!("{ATTRIBUTE_MARK}{}", attribute.name()), Json::from(attribute.value()))).collect()
    }

    /// The name as it is written, prefix and all.
    fn name(&self, element: Node<'_, '_>) -> &'t str {
        let tag = self.text.get(element.range()).and_then(|written| written.strip_prefix('<')).unwrap_or_default();
        let name = tag.split([' ', '\t', '\r', '\n', '/', '>']).next().unwrap_or_default();
        match name.split_once(':') {
            Some((_, local)) if self.style.drops_prefixes => local,
            _ => name,
        }
    }
}

fn enlist(value: &mut Json) {
    if !value.is_array() {
        *value = Json::Array(vec![value.take()]);
    }
}

/// An element's value is a text or an object, so a list there is one of siblings.
fn add(object: &mut Map<String, Json>, name: &str, value: Json) {
    match object.get_mut(name) {
        None => {
            object.insert(name.to_string(), value);
        }
        Some(Json::Array(siblings)) => siblings.push(value),
        Some(first) => {
            let earlier = first.take();
            *first = Json::Array(vec![earlier, value]);
        }
    }
}
