//! A JSON document as the tree that a TOML document becomes, so that one reader serves both.

use std::collections::HashSet;
use std::ops::Range;

use super::json_text::{Document, JsonNode, JsonString};
use super::node::{Entry, Kind, Node, Table};
use crate::source::{Mapped, Name, Spanned};

/// The document's object as a table; `None` when it is none. An entry that is null is left out, as TOML has no null; of a key
/// that is there twice the last counts, as in every reader of JSON. A reference outside of quotes is its text.
pub fn table(document: Document, source: &Mapped) -> Option<Table> {
    let mut tree = Tree { source, values: document.values.into_iter() };
    match tree.node(document.root)?.kind {
        Kind::Table(table) => Some(table),
        _ => None,
    }
}

struct Tree<'a> {
    source: &'a Mapped,
    values: std::vec::IntoIter<Range<usize>>,
}

impl Tree<'_> {
    /// A value and what stands in it; `None` for null.
    fn node(&mut self, json: JsonNode) -> Option<Node> {
        let written = self.values.next()?;
        let span = self.source.span(written.clone());
        let kind = match json {
            JsonNode::Null => return None,
            JsonNode::Boolean(flag) => Kind::Boolean(flag),
            JsonNode::Number(number) => kind_of_number(&number),
            JsonNode::Text(string) => Kind::Text(string.text),
            JsonNode::Hole => Kind::Text(self.source.slice(written)),
            JsonNode::Array(items) => Kind::Array(items.into_iter().filter_map(|item| self.node(item)).collect()),
            JsonNode::Object(entries) => {
                let entries: Vec<Option<Entry>> = entries.into_iter().map(|(key, value)| self.entry(&key, value)).collect();
                Kind::Table(Table { entries: last_of_each(entries), span })
            }
        };
        Some(Node { kind, span })
    }

    fn entry(&mut self, key: &JsonString, value: JsonNode) -> Option<Entry> {
        let name: Name = Spanned::new(key.text.text.to_string(), key.text.whole());
        self.node(value).map(|value| Entry { key: name, value })
    }
}

/// The last entry of each key, in order.
fn last_of_each(entries: Vec<Option<Entry>>) -> Vec<Entry> {
    let mut seen = HashSet::new();
    let newest_first = entries.into_iter().flatten().rev();
    let mut kept: Vec<Entry> = newest_first.filter(|entry| seen.insert(entry.key.value.clone())).collect();
    kept.reverse();
    kept
}

fn kind_of_number(written: &str) -> Kind {
    match written.parse() {
        Ok(number) => Kind::Integer(number),
        // The parser has seen that it is a number.
        Err(_) => Kind::Float(written.parse().unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use super::table;
    use crate::source::{Mapped, Sources};
    use crate::spec::json_text;
    use crate::value::Json;

    #[test]
    fn everything_knows_where_it_was_written() {
        let text = r#"{ "a": [1, null, "\u0078"], "b": {"c": 1.5, "d": $x}, "a": true, "n": null }"#;
        let sources = Sources::in_memory();
        let source = Mapped::verbatim(text, sources.add("a.json", text), 0);
        let hole = |text: &str| text.starts_with("$x").then_some(2);
        let document = json_text::parse(&source, hole).unwrap_or_else(|problem| panic!("{problem:?}"));
        let table = table(document, &source).expect("an object");
        assert_eq!(Json::Object(table.to_json()).to_string(), r#"{"b":{"c":1.5,"d":"$x"},"a":true}"#);
        let written = |key: &str| {
            let span = table.get(key).expect(key).span;
            &text[span.start..span.end]
        };
        assert_eq!((written("b"), written("a")), (r#"{"c": 1.5, "d": $x}"#, "true"));
        assert_eq!(&text[table.span.start..table.span.end], text);
    }

    #[test]
    fn what_is_no_object_is_no_table() {
        for text in ["1", "[]", "null", "\"x\""] {
            let source = Mapped::verbatim(text, Sources::in_memory().add("a.json", text), 0);
            let document = json_text::parse(&source, |_| None).unwrap_or_else(|problem| panic!("{problem:?}"));
            assert!(table(document, &source).is_none(), "{text}");
        }
    }
}
