//! The body: text as the platform stores it, which may be no JSON until its values are in, or a table.

use super::names;
use super::written::Written;
use crate::dialect::{Lowering, literal_text};
use crate::plan::{BodyPlan, BodySyntax, JsonKey, JsonTemplate, NameTable, Text, cut_body};
use crate::source::{Mapped, Name, Piece};
use crate::spec::json_text::{self, JsonNode, JsonString};
use crate::spec::lints::body_not_json;
use crate::spec::{Kind, Node, Table};

pub fn body(written: &Written, known: &NameTable, lowering: &mut Lowering<'_, '_>) -> BodyPlan {
    let Some(node) = written.table.get("body") else { return BodyPlan::None };
    let in_json = written.in_json(node.span);
    let mut reader = Reader { known, lowering };
    match (&node.kind, in_json) {
        (Kind::Text(source), _) => reader.of_text(source),
        (Kind::Table(_) | Kind::Array(_), Some(json)) => reader.of_json(&json),
        (Kind::Table(table), None) => BodyPlan::Json { root: reader.table(table), source: None },
        (Kind::Array(_), None) => BodyPlan::Json { root: reader.node(node), source: None },
        _ => {
            reader.lowering.reading.wrong_type(node, "text, a table or a list");
            BodyPlan::Unusable { message: "the body is neither text nor a table".into(), root: None }
        }
    }
}

struct Reader<'k, 'l, 'a, 'r> {
    known: &'k NameTable,
    lowering: &'l mut Lowering<'a, 'r>,
}

impl Reader<'_, '_, '_, '_> {
    fn of_text(&mut self, source: &Mapped) -> BodyPlan {
        if source.text.trim().is_empty() {
            return BodyPlan::None;
        }
        if let Err(problem) = json_text::parse(source, names::bare_length) {
            self.lowering.reading.findings.push(body_not_json::found(source, &problem));
        }
        BodyPlan::Text(cut_body(names::text(source, self.known), BodySyntax::Json))
    }

    /// An object of the platform's JSON. One with a variable outside of quotes is text: no reader of JSON takes it.
    fn of_json(&mut self, source: &Mapped) -> BodyPlan {
        match json_text::parse(source, names::bare_length) {
            Ok(document) if document.holes.is_empty() => {
                BodyPlan::Json { root: self.json(document.root), source: Some(source.clone()) }
            }
            _ => self.of_text(source),
        }
    }

    fn json(&self, node: JsonNode) -> JsonTemplate {
        match node {
            JsonNode::Null | JsonNode::Hole => JsonTemplate::Null,
            JsonNode::Boolean(flag) => JsonTemplate::Boolean(flag),
            JsonNode::Number(written) => JsonTemplate::Number(written),
            JsonNode::Text(string) => {
                JsonTemplate::Text { text: names::text(&string.text, self.known), written: string.written }
            }
            JsonNode::Array(items) => JsonTemplate::Array(items.into_iter().map(|item| self.json(item)).collect()),
            JsonNode::Object(entries) => {
                let entry = |(key, value): (JsonString, JsonNode)| (self.key(&key), self.json(value));
                JsonTemplate::Object(entries.into_iter().map(entry).collect())
            }
        }
    }

    fn key(&self, key: &JsonString) -> JsonKey {
        let text = names::text(&key.text, self.known);
        JsonKey { text, literal: key.text.text.to_string(), written: key.written.clone() }
    }

    fn table(&mut self, table: &Table) -> JsonTemplate {
        let mut entries = Vec::with_capacity(table.entries.len());
        for entry in &table.entries {
            let key = JsonKey { text: self.table_key(&entry.key), literal: entry.key.value.clone(), written: 0..0 };
            entries.push((key, self.node(&entry.value)));
        }
        JsonTemplate::Object(entries)
    }

    fn table_key(&self, key: &Name) -> Text {
        let inside = key.part(0..key.value.len());
        if inside.end - inside.start == key.value.len() {
            return names::text(&Mapped::verbatim(&key.value, inside.file, inside.start), self.known);
        }
        let length = inside.end - inside.start;
        let whole = Piece { decoded: 0, decoded_length: key.value.len(), source: inside.start, source_length: length };
        names::text(&Mapped::decoded(key.value.clone(), vec![whole], inside), self.known)
    }

    fn node(&mut self, node: &Node) -> JsonTemplate {
        match &node.kind {
            Kind::Text(source) => JsonTemplate::Text { text: names::text(source, self.known), written: 0..0 },
            Kind::Integer(number) => JsonTemplate::Number(number.to_string()),
            Kind::Float(number) if number.is_finite() => JsonTemplate::Number(number.to_string()),
            Kind::Float(_) => {
                self.lowering.reading.wrong_type(node, "a number that JSON has");
                JsonTemplate::Null
            }
            Kind::Boolean(flag) => JsonTemplate::Boolean(*flag),
            Kind::DateTime(text) => JsonTemplate::Text { text: literal_text(text, node.span), written: 0..0 },
            Kind::Array(items) => JsonTemplate::Array(items.iter().map(|item| self.node(item)).collect()),
            Kind::Table(table) => self.table(table),
        }
    }
}
