//! `[client_data]` and the parameters of `[trigger]`: what the names of a spec are.

use super::{CLIENT_DATA, IMAGES, SYSTEM, TYPE_SYNONYMS, names, shape};
use crate::case::GivenAttribute;
use crate::dialect::Declared;
use crate::plan::{AttributeName, Declaration};
use crate::source::{Mapped, Name, Span};
use crate::spec::settings::attribute_type;
use crate::spec::{Contexts, Node, Reading, Table};
use crate::value::{AttributeType, Json};

pub fn declare(spec: &Table, _: &Contexts, reading: &mut Reading<'_>) -> Declared {
    let mut declared = Declared::default();
    for parameter in parameters(spec) {
        if let Some(declared_type) = parameter.written_type.and_then(|written| parameter_type(&written.text)) {
            let name = names::argument(&parameter.name.value);
            declared.types.put(Declaration { name, declared: declared_type, span: parameter.name.span });
        }
    }
    if let Some(data) = reading.table(spec, CLIENT_DATA) {
        data.entries.iter().for_each(|entry| client_datum(&entry.key, &entry.value, &mut declared, reading));
    }
    // An empty place: no case has written it.
    let nowhere = Span { end: spec.span.start, ..spec.span };
    let given = |name, value: Json| GivenAttribute { name, value: value.into(), span: nowhere };
    for (context, attribute, value) in SYSTEM {
        declared.given.put(given(AttributeName::new(context, attribute), value.into()));
    }
    declared.given.put(given(AttributeName::new("", IMAGES), Json::Array(Vec::new())));
    declared
}

fn client_datum(key: &Name, value: &Node, declared: &mut Declared, reading: &mut Reading<'_>) {
    let name = AttributeName::new(CLIENT_DATA, &key.value);
    let written = match value.as_table() {
        Some(table) => {
            reading.check_keys(table, &shape::CLIENT_DATUM);
            if reading.boolean(table, "secret").is_some_and(|secret| secret.value) {
                declared.secrets.push(name.clone());
            }
            if table.entry("type").is_none() {
                reading.missing(table.span, "type", shape::CLIENT_DATUM.title);
            }
            reading.word(table, "type")
        }
        None => {
            if value.as_text().is_none() {
                reading.wrong_type(value, "a type, or `{ type = \"string\", secret = true }`");
            }
            value.as_text()
        }
    };
    let Some(written) = written else { return };
    match attribute_type(&written.text, &[TYPE_SYNONYMS]) {
        Some(declared_type) => declared.types.put(Declaration { name, declared: declared_type, span: key.span }),
        None => unknown_type(written, reading),
    }
}

fn unknown_type(written: &Mapped, reading: &mut Reading<'_>) {
    let known: Vec<&str> = AttributeType::names().chain(TYPE_SYNONYMS.iter().map(|(name, _)| *name)).collect();
    reading.wrong_word(written, &format!("one of {}", known.join(", ")), &known);
}

/// A parameter of the trigger: an argument of the action.
pub struct Parameter<'t> {
    pub name: &'t Name,
    pub written_type: Option<&'t Mapped>,
    /// Whether something is written in the place of its type, such as a list of types.
    pub has_type: bool,
    /// Where its type is written, or the parameter without one.
    pub type_span: Span,
    pub is_required: bool,
    pub has_default: bool,
}

/// The parameters of the trigger: the properties of its JSON Schema.
pub fn parameters(spec: &Table) -> Vec<Parameter<'_>> {
    let Some(schema) = spec.table("trigger").and_then(|trigger| trigger.table("parameters")) else { return Vec::new() };
    let required: std::collections::HashSet<&str> = schema
        .get("required")
        .and_then(Node::as_array)
        .into_iter()
        .flatten()
        .filter_map(|name| name.as_text().map(|text| &*text.text))
        .collect();
    let properties = schema.table("properties").map(|properties| properties.entries.as_slice()).unwrap_or_default();
    let parameter = |entry: &'_ crate::spec::Entry| -> (bool, bool) {
        let has_default = entry.value.as_table().is_some_and(|table| table.get("default").is_some());
        (required.contains(entry.key.value.as_str()), has_default)
    };
    let all = properties.iter().map(|entry| {
        let written = entry.value.as_table().and_then(|table| table.get("type"));
        let (is_required, has_default) = parameter(entry);
        Parameter {
            name: &entry.key,
            written_type: written.and_then(Node::as_text),
            has_type: written.is_some(),
            type_span: written.map_or(entry.key.span, |node| node.as_text().map_or(node.span, Mapped::inside)),
            is_required,
            has_default,
        }
    });
    all.collect()
}

/// A type of JSON Schema as one of ours. That the platform may not have it is another matter.
fn parameter_type(written: &str) -> Option<AttributeType> {
    match written {
        "string" | "number" | "boolean" | "array" | "integer" | "object" => attribute_type(written, &[TYPE_SYNONYMS]),
        _ => None,
    }
}
