//! The keys that specs and manifest share: attribute types, severities, assumptions.

use super::keys::{LEVEL, LEVELS};
use super::lints::unknown_key;
use super::names::Contexts;
use super::node::{Node, Table};
use super::reading::Reading;
use crate::assumption::{Assumption, Assumptions};
use crate::case::Level;
use crate::diagnostic::{Severity, nearest};
use crate::plan::{ByName, Declaration};
use crate::source::Mapped;
use crate::value::AttributeType;

/// The platform's own words for attribute types, by dialect.
pub type TypeSynonyms = &'static [(&'static str, AttributeType)];

/// `[attributes]`: name = type.
pub fn attribute_types(
    table: &Table,
    contexts: &Contexts,
    synonyms: &[TypeSynonyms],
    reading: &mut Reading<'_>,
) -> ByName<Declaration> {
    let mut types = ByName::default();
    for (name, key, node) in contexts.flatten(table) {
        reading.findings.extend(contexts.unknown_head(table, &name, &key));
        let Some(written) = node.as_text() else {
            reading.no_value((&key, node), table, "an attribute type, such as \"string\"", &contexts.known);
            continue;
        };
        match attribute_type(&written.text, synonyms) {
            Some(declared) => types.put(Declaration { name, declared, span: key.span }),
            None => unknown_type(written, synonyms, reading),
        }
    }
    types
}

fn unknown_type(written: &Mapped, synonyms: &[TypeSynonyms], reading: &mut Reading<'_>) {
    let own: Vec<&str> = AttributeType::names().collect();
    let expected = format!("one of {}, or a collection of it, such as \"string[]\"", own.join(", "));
    let collection = written.text.strip_suffix("[]").and_then(|one| nearest(one, own.iter().copied()));
    match collection {
        Some(near) => reading.other_word(written, &expected, &format!("{near}[]")),
        None => {
            let theirs = synonyms.iter().flat_map(|table| table.iter().map(|(name, _)| *name));
            let known: Vec<&str> = own.into_iter().chain(theirs).collect();
            reading.wrong_word(written, &expected, &known);
        }
    }
}

/// A type by our name, or by one of the platforms'.
pub fn attribute_type(name: &str, synonyms: &[TypeSynonyms]) -> Option<AttributeType> {
    let of_platform = || {
        let mut all = synonyms.iter().flat_map(|table| table.iter());
        all.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, found)| *found)
    };
    AttributeType::parse(name).or_else(of_platform)
}

const EXPECTED_LEVEL: &str = "\"allow\", \"info\", \"warn\" or \"error\"";

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
                Some(word) => match level_of_others(&word.text) {
                    Some(meant) => reading.other_word(word, EXPECTED_LEVEL, meant),
                    None => reading.wrong_word(word, EXPECTED_LEVEL, &LEVELS),
                },
                None => reading.wrong_type(node, EXPECTED_LEVEL),
            },
        }
    }
    levels
}

/// What other linters call a level.
fn level_of_others(word: &str) -> Option<&'static str> {
    Some(match word.to_ascii_lowercase().as_str() {
        "off" | "ignore" | "none" | "never" => "allow",
        "hint" | "note" => "info",
        "warning" | "warnings" => "warn",
        "deny" | "forbid" => "error",
        _ => return None,
    })
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

/// The assumptions of every dialect, by its name.
pub type AssumptionsOfDialects<'a> = &'a [(&'static str, &'static [Assumption])];

/// `[assume]`: name = value. `all` says of which dialect a name is that this one does not have.
pub fn assume(table: &Table, assumptions: &mut Assumptions, all: AssumptionsOfDialects<'_>, reading: &mut Reading<'_>) {
    for entry in &table.entries {
        let key = &entry.key;
        let Some(assumption) = assumptions.table().iter().find(|assumption| assumption.name == key.value) else {
            let known: Vec<&str> = assumptions.table().iter().map(|assumption| assumption.name).collect();
            let free: Vec<&str> = known.iter().copied().filter(|name| table.entry(name).is_none()).collect();
            let has = |table: &[Assumption]| table.iter().any(|assumption| assumption.name == key.value);
            let home = all.iter().find(|(_, table)| has(table)).map(|(dialect, _)| format!("the `{dialect}` dialect"));
            reading.findings.push(unknown_key::found_among(key, &known, &free, home.as_deref()));
            continue;
        };
        let Some(value) = entry.value.as_text() else {
            reading.wrong_type(&entry.value, "text");
            continue;
        };
        if assumption.allows(&value.text) {
            assumptions.choose(&key.value, &value.text);
            continue;
        }
        let known: Vec<&str> = std::iter::once(assumption.default).chain(assumption.others.iter().copied()).collect();
        match assumption.others {
            [] => reading.wrong_value(value.inside(), "a duration, such as \"30s\"", &format!("`{}`", value.text)),
            others => {
                let expected = format!("\"{}\" (the default) or \"{}\"", assumption.default, others.join("\" or \""));
                reading.wrong_word(value, &expected, &known);
            }
        }
    }
}
