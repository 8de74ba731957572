//! The request body: JSON text as pasted, a table, or a file.

use super::{grammar, meaning};
use crate::dialect::Lowering;
use crate::plan::{BodyPlan, JsonKey, JsonTemplate, Text, TextPiece};
use crate::source::{Mapped, Name, Piece, Span};
use crate::spec::json_text::{self, JsonNode, JsonString};
use crate::spec::lints::{body_not_json, unquoted_reference_in_json};
use crate::spec::{Kind, Node, Table, path_beside};

pub fn body(action: &Table, lowering: &mut Lowering<'_, '_>) -> BodyPlan {
    let Some(node) = action.get("body") else { return BodyPlan::None };
    match &node.kind {
        Kind::Text(source) => of_text(source, lowering),
        Kind::Table(table) => match file_name(table) {
            Some(file) => of_file(file, lowering),
            None => BodyPlan::Json { root: of_table(table, lowering), source: None },
        },
        Kind::Array(_) => BodyPlan::Json { root: of_node(node, lowering), source: None },
        _ => {
            lowering.reading.wrong_type(node, "JSON text, a table, or `{ file = \"…\" }`");
            unusable("the body is neither text nor a table")
        }
    }
}

fn unusable(message: impl Into<String>) -> BodyPlan {
    BodyPlan::Unusable { message: message.into(), root: None }
}

/// `{ file = "big.json" }` and nothing else.
fn file_name(table: &Table) -> Option<&Mapped> {
    match table.entries.as_slice() {
        [entry] if entry.key.value == "file" => entry.value.as_text(),
        _ => None,
    }
}

fn of_file(name: &Mapped, lowering: &mut Lowering<'_, '_>) -> BodyPlan {
    let Some(path) = path_beside(lowering.folder, &name.text) else {
        lowering.reading.wrong_value(name.inside(), "a file inside the project", &format!("`{}`", name.text));
        return unusable("the body's file lies outside the project");
    };
    match lowering.sources.load_named(&path) {
        Ok(file) => {
            let text = lowering.sources.file(file);
            of_text(&Mapped::verbatim(&text.text, file, 0), lowering)
        }
        Err(problem) => {
            let got = format!("`{}`, which {problem}", name.text);
            lowering.reading.wrong_value(name.inside(), "a file that can be read", &got);
            unusable(format!("the body's file {problem}"))
        }
    }
}

fn of_text(source: &Mapped, lowering: &mut Lowering<'_, '_>) -> BodyPlan {
    if source.text.trim().is_empty() {
        return BodyPlan::None;
    }
    match json_text::parse(source, grammar::reference_length) {
        Err(problem) => {
            lowering.reading.findings.push(body_not_json::found(source, &problem));
            unusable(format!("the body is not JSON: {}", problem.message))
        }
        Ok(document) if !document.holes.is_empty() => {
            for hole in document.holes {
                lowering.reading.findings.push(unquoted_reference_in_json::found(source, hole));
            }
            // The other strings of the body are checked nevertheless.
            let root = Some(of_json(document.root, lowering));
            BodyPlan::Unusable { message: "the body is not JSON: a reference stands outside double quotes".into(), root }
        }
        Ok(document) => BodyPlan::Json { root: of_json(document.root, lowering), source: Some(source.clone()) },
    }
}

fn of_json(node: JsonNode, lowering: &mut Lowering<'_, '_>) -> JsonTemplate {
    match node {
        JsonNode::Null | JsonNode::Hole => JsonTemplate::Null,
        JsonNode::Boolean(flag) => JsonTemplate::Boolean(flag),
        JsonNode::Number(written) => JsonTemplate::Number(written),
        JsonNode::Text(string) => JsonTemplate::Text { text: string_text(&string, lowering), written: string.written },
        JsonNode::Array(items) => JsonTemplate::Array(items.into_iter().map(|item| of_json(item, lowering)).collect()),
        JsonNode::Object(entries) => {
            let entry = |(key, value): (JsonString, JsonNode)| (of_key(&key, lowering), of_json(value, lowering));
            JsonTemplate::Object(entries.into_iter().map(entry).collect())
        }
    }
}

fn of_key(key: &JsonString, lowering: &mut Lowering<'_, '_>) -> JsonKey {
    JsonKey { text: string_text(key, lowering), literal: key.text.text.to_string(), written: key.written.clone() }
}

fn string_text(string: &JsonString, lowering: &mut Lowering<'_, '_>) -> Text {
    meaning::text(&string.text, lowering.contexts, &mut lowering.reading.findings)
}

fn of_table(table: &Table, lowering: &mut Lowering<'_, '_>) -> JsonTemplate {
    let mut entries = Vec::with_capacity(table.entries.len());
    for entry in &table.entries {
        let name = &entry.key.value;
        let key = JsonKey { text: table_key(&entry.key, lowering), literal: name.to_string(), written: 0..0 };
        entries.push((key, of_node(&entry.value, lowering)));
    }
    JsonTemplate::Object(entries)
}

/// A key of a table may hold references as one in JSON text may.
fn table_key(key: &Name, lowering: &mut Lowering<'_, '_>) -> Text {
    if !key.value.contains('{') {
        return literal(&key.value, key.span);
    }
    let inside = key.part(0..key.value.len());
    let source = match inside.end - inside.start == key.value.len() {
        true => Mapped::verbatim(&key.value, inside.file, inside.start),
        false => {
            let whole = Piece {
                decoded: 0,
                decoded_length: key.value.len(),
                source: inside.start,
                source_length: inside.end - inside.start,
            };
            Mapped::decoded(key.value.clone(), vec![whole], inside)
        }
    };
    meaning::text(&source, lowering.contexts, &mut lowering.reading.findings)
}

fn of_node(node: &Node, lowering: &mut Lowering<'_, '_>) -> JsonTemplate {
    match &node.kind {
        Kind::Text(source) => {
            let text = meaning::text(source, lowering.contexts, &mut lowering.reading.findings);
            JsonTemplate::Text { text, written: 0..0 }
        }
        Kind::Integer(number) => JsonTemplate::Number(number.to_string()),
        Kind::Float(number) if number.is_finite() => JsonTemplate::Number(number.to_string()),
        Kind::Float(_) => {
            lowering.reading.wrong_type(node, "a number that JSON has");
            JsonTemplate::Null
        }
        Kind::Boolean(flag) => JsonTemplate::Boolean(*flag),
        Kind::DateTime(text) => JsonTemplate::Text { text: literal(text, node.span), written: 0..0 },
        Kind::Array(items) => JsonTemplate::Array(items.iter().map(|item| of_node(item, lowering)).collect()),
        Kind::Table(table) => of_table(table, lowering),
    }
}

fn literal(text: &str, span: Span) -> Text {
    let pieces = if text.is_empty() { Vec::new() } else { vec![TextPiece::Literal(text.to_string())] };
    Text { pieces, span, source: None }
}
