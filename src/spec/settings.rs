//! The keys that specs and manifest share: attribute types, severities, assumptions.

use super::keys::LEVEL;
use super::lints::unknown_key;
use super::names::Contexts;
use super::node::{Kind, Node, Table};
use super::reading::Reading;
use crate::assumption::Assumptions;
use crate::case::Level;
use crate::diagnostic::Severity;
use crate::plan::Declaration;
use crate::value::AttributeType;

/// The platform's own words for attribute types, by dialect.
pub type TypeSynonyms = &'static [(&'static str, AttributeType)];

/// `[attributes]`: name = type.
pub fn attribute_types(
    table: &Table,
    contexts: &Contexts,
    synonyms: &[TypeSynonyms],
    reading: &mut Reading<'_>,
) -> Vec<Declaration> {
    let mut types = Vec::new();
    for (name, key, node) in contexts.flatten(table) {
        let Some(written) = node.as_text() else {
            reading.wrong_type(node, "an attribute type, such as \"string\"");
            continue;
        };
        match attribute_type(&written.text, synonyms) {
            Some(declared) => types.push(Declaration { name, declared, span: key.span }),
            None => {
                let known: Vec<&str> = AttributeType::names().collect();
                let expected = format!("one of {}, or a collection of it, such as \"string[]\"", known.join(", "));
                reading.wrong_word(written, &expected, &known);
            }
        }
    }
    types
}

/// A type by our name, or by one of the platforms'.
pub fn attribute_type(name: &str, synonyms: &[TypeSynonyms]) -> Option<AttributeType> {
    let of_platform = || {
        let mut all = synonyms.iter().flat_map(|table| table.iter());
        all.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, found)| *found)
    };
    AttributeType::parse(name).or_else(of_platform)
}

const LEVELS: &str = "\"allow\", \"info\", \"warn\" or \"error\"";

/// `[lint]`: name = level, or `{ level = "…", reason = "…" }`.
pub fn levels(table: &Table, reading: &mut Reading<'_>) -> Vec<Level> {
    let mut levels = Vec::new();
    for entry in &table.entries {
        let node = match entry.value.as_table() {
            Some(inner) => {
                reading.check_keys(inner, &LEVEL);
                reading.text(inner, "reason");
                let Some(level) = inner.get("level") else {
                    reading.missing(inner.span, "level", LEVEL.title);
                    continue;
                };
                level
            }
            None => &entry.value,
        };
        match level(node) {
            Some(severity) => levels.push(Level { lint: entry.key.value.clone(), severity, span: entry.key.span }),
            None => match node.as_text() {
                Some(word) => reading.wrong_word(word, LEVELS, &["allow", "info", "warn", "error"]),
                None => reading.wrong_type(node, LEVELS),
            },
        }
    }
    levels
}

fn level(node: &Node) -> Option<Option<Severity>> {
    match &*node.as_text()?.text {
        "allow" => Some(None),
        "info" => Some(Some(Severity::Info)),
        "warn" => Some(Some(Severity::Warning)),
        "error" => Some(Some(Severity::Error)),
        _ => None,
    }
}

/// `[assume]`: name = value. `reported` is false where the same table is read again for another spec.
pub fn assume(table: &Table, assumptions: &mut Assumptions, reading: &mut Reading<'_>) {
    for entry in &table.entries {
        let key = &entry.key;
        let known: Vec<&str> = assumptions.table().iter().map(|assumption| assumption.name).collect();
        let Some(assumption) = assumptions.table().iter().find(|assumption| assumption.name == key.value) else {
            reading.findings.push(unknown_key::found(key, &known, None));
            continue;
        };
        let value = match &entry.value.kind {
            Kind::Text(text) => text.text.to_string(),
            _ => {
                reading.wrong_type(&entry.value, "text");
                continue;
            }
        };
        if assumption.allows(&value) {
            assumptions.choose(&key.value, &value);
            continue;
        }
        let expected = match assumption.others {
            [] => "a duration, such as \"30s\"".to_string(),
            others => format!("\"{}\" (the default) or \"{}\"", assumption.default, others.join("\" or \"")),
        };
        reading.wrong_value(entry.value.span, &expected, &format!("`{value}`"));
    }
}
