//! What reading a document may cost.
//!
//! The parser compares every attribute of a tag with every other, and copies the namespaces in scope for each element that
//! declares one. So tags are counted before it starts. On a text that is well-formed this scan sees the tags that the parser
//! sees; on another one the parser stops at the first mistake, which the scan has not passed.

use super::{XmlProblem, strict};

/// Elements nested deeper are refused, as JSON is.
pub const MAX_DEPTH: usize = 128;

/// A tag with more attributes is refused.
pub const MAX_ATTRIBUTES: usize = 256;

/// More namespaces declared around one element are refused.
pub const MAX_NAMESPACES: usize = 256;

/// The namespaces in scope, summed up over all elements that declare one: more are refused.
pub const MAX_NAMESPACE_WORK: usize = 1 << 20;

#[derive(Default)]
struct Scan {
    /// For each open element the namespaces in scope.
    open: Vec<usize>,
    namespace_work: usize,
}

/// Refuses what would cost too much, a document type declaration, and what the parser does not look at.
pub(super) fn check(text: &str) -> Result<(), XmlProblem> {
    let mut scan = Scan::default();
    let mut at = 0;
    while let Some(found) = text[at..].find('<') {
        strict::references(text, at..at + found)?;
        at += found;
        let rest = &text[at..];
        let length = if rest.starts_with("<!--") {
            behind(rest, 4, "-->")
        } else if rest.starts_with("<![CDATA[") {
            behind(rest, 9, "]]>")
        } else if rest.starts_with("<?") {
            let length = behind(rest, 2, "?>");
            strict::instruction(text, at, length.unwrap_or(rest.len()))?;
            length
        } else if rest.starts_with("<!DOCTYPE") {
            let message = "a document type declaration is refused: it could name other files and expand without end";
            return Err(XmlProblem::at(text, at, message));
        } else if rest.starts_with("</") {
            scan.open.pop();
            behind(rest, 2, ">")
        } else {
            let length = scan.tag(rest).map_err(|message| XmlProblem::at(text, at, message))?;
            strict::references(text, at..at + length.unwrap_or_default())?;
            length
        };
        let Some(length) = length else { return Ok(()) };
        at += length;
    }
    Ok(())
}

/// The length up to and with an ending; `None`: it never comes.
fn behind(rest: &str, from: usize, ending: &str) -> Option<usize> {
    Some(from + rest.get(from..)?.find(ending)? + ending.len())
}

impl Scan {
    /// A tag that opens an element. Its length; `None`: it never ends.
    fn tag(&mut self, rest: &str) -> Result<Option<usize>, String> {
        let (mut attributes, mut namespaces, mut quote) = (0, 0, None);
        for (at, byte) in rest.bytes().enumerate() {
            match (byte, quote) {
                (byte, Some(closing)) if byte == closing => quote = None,
                (_, Some(_)) => {}
                (b'"' | b'\'', None) => quote = Some(byte),
                (b'=', None) => {
                    attributes += 1;
                    if attributes > MAX_ATTRIBUTES {
                        return Err(format!("more than {MAX_ATTRIBUTES} attributes in one tag"));
                    }
                    namespaces += usize::from(declares_namespace(&rest[..at]));
                }
                (b'>', None) => {
                    self.count(namespaces, rest[..at].ends_with('/'))?;
                    return Ok(Some(at + 1));
                }
                _ => {}
            }
        }
        Ok(None)
    }

    fn count(&mut self, namespaces: usize, is_empty: bool) -> Result<(), String> {
        let in_scope = self.open.last().copied().unwrap_or_default() + namespaces;
        if namespaces > 0 {
            self.namespace_work += in_scope;
        }
        if in_scope > MAX_NAMESPACES || self.namespace_work > MAX_NAMESPACE_WORK {
            return Err(format!(
                "more than {MAX_NAMESPACES} namespaces around one element, or too many elements with their own"
            ));
        }
        if !is_empty {
            self.open.push(in_scope);
        }
        if self.open.len() > MAX_DEPTH {
            return Err(format!("elements are nested deeper than {MAX_DEPTH}"));
        }
        Ok(())
    }
}

/// Whether the attribute whose `=` follows is `xmlns` or `xmlns:…`.
fn declares_namespace(before: &str) -> bool {
    let before = before.trim_end_matches([' ', '\t', '\r', '\n']);
    let start = before.rfind([' ', '\t', '\r', '\n', '"', '\'', '=']).map_or(0, |at| at + 1);
    before[start..].starts_with("xmlns")
}
