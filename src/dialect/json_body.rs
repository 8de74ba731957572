//! JSON with templates in its strings, from text and from TOML: the same on every platform but for how a string is read.

use super::literal_text;
use crate::diagnostic::Diagnostic;
use crate::plan::{JsonKey, JsonTemplate, Text};
use crate::source::{Mapped, Name, Piece};
use crate::spec::json_text::{JsonNode, JsonString};
use crate::spec::{Kind, Node, Reading, Table};

/// How the strings of one document are read.
pub struct JsonBody<'l, 'r> {
    pub text: &'l mut dyn FnMut(&Mapped, &mut Vec<Diagnostic>) -> Text,
    /// What a reference begins with.
    pub mark: char,
    pub reading: &'l mut Reading<'r>,
}

impl JsonBody<'_, '_> {
    /// A document that was written as text.
    pub fn json(&mut self, node: JsonNode) -> JsonTemplate {
        match node {
            JsonNode::Null | JsonNode::Hole => JsonTemplate::Null,
            JsonNode::Boolean(flag) => JsonTemplate::Boolean(flag),
            JsonNode::Number(written) => JsonTemplate::Number(written),
            JsonNode::Text(string) => JsonTemplate::Text { text: self.string(&string.text), written: string.written },
            JsonNode::Array(items) => JsonTemplate::Array(items.into_iter().map(|item| self.json(item)).collect()),
            JsonNode::Object(entries) => {
                JsonTemplate::Object(entries.into_iter().map(|(key, value)| (self.key(&key), self.json(value))).collect())
            }
        }
    }

    /// A value of TOML.
    pub fn node(&mut self, node: &Node) -> JsonTemplate {
        match &node.kind {
            Kind::Text(source) => JsonTemplate::Text { text: self.string(source), written: 0..0 },
            Kind::Integer(number) => JsonTemplate::Number(number.to_string()),
            Kind::Float(number) if number.is_finite() => JsonTemplate::Number(number.to_string()),
            Kind::Float(_) => {
                self.reading.wrong_type(node, "a number that JSON has");
                JsonTemplate::Null
            }
            Kind::Boolean(flag) => JsonTemplate::Boolean(*flag),
            Kind::DateTime(text) => JsonTemplate::Text { text: literal_text(text, node.span), written: 0..0 },
            Kind::Array(items) => JsonTemplate::Array(items.iter().map(|item| self.node(item)).collect()),
            Kind::Table(table) => self.table(table),
        }
    }

    /// A table of TOML.
    pub fn table(&mut self, table: &Table) -> JsonTemplate {
        let mut entries = Vec::with_capacity(table.entries.len());
        for entry in &table.entries {
            let key = JsonKey { text: self.table_key(&entry.key), literal: entry.key.value.clone(), written: 0..0 };
            entries.push((key, self.node(&entry.value)));
        }
        JsonTemplate::Object(entries)
    }

    fn string(&mut self, source: &Mapped) -> Text {
        (self.text)(source, &mut self.reading.findings)
    }

    fn key(&mut self, key: &JsonString) -> JsonKey {
        JsonKey { text: self.string(&key.text), literal: key.text.text.to_string(), written: key.written.clone() }
    }

    /// A key of a table may hold references as one in JSON text may.
    fn table_key(&mut self, key: &Name) -> Text {
        if !key.value.contains(self.mark) {
            return literal_text(&key.value, key.span);
        }
        let inside = key.part(0..key.value.len());
        let length = inside.end - inside.start;
        if length == key.value.len() {
            return self.string(&Mapped::verbatim(&key.value, inside.file, inside.start));
        }
        let whole = Piece { decoded: 0, decoded_length: key.value.len(), source: inside.start, source_length: length };
        self.string(&Mapped::decoded(key.value.clone(), vec![whole], inside))
    }
}
