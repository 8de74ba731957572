//! `[parameters]`: what the flow declares. Page "Parameters".

use std::collections::HashMap;

use super::shape::PARAMETER;
use crate::case::{Given, GivenAttribute};
use crate::dialect::Declared;
use crate::plan::AttributeName;
use crate::source::{Mapped, Name, Spanned};
use crate::spec::{Contexts, Node, Reading, Table};

/// The entity of what the platform fills by itself.
pub const SYSTEM: &str = "system";
pub const ANY: &str = "sys.any";
pub const NUMBER: &str = "sys.number";

/// A declared parameter.
#[derive(Clone, Debug)]
pub struct Parameter {
    pub name: Name,
    pub entity: Spanned<String>,
    pub is_secret: bool,
}

/// The parameters of a flow, found by name.
#[derive(Debug, Default)]
pub struct Parameters {
    pub all: Vec<Parameter>,
    /// Where each stands.
    places: HashMap<String, usize>,
    /// In bytes, of the longest name.
    longest: usize,
}

/// Longer names are not compared with the beginnings of others.
const LONGEST_COMPARED: usize = 256;

impl Parameters {
    /// Reads the table; what is wrong with it is found each time.
    pub fn read(spec: &Table, reading: &mut Reading<'_>) -> Parameters {
        let entries = spec.get("parameters").and_then(|_| reading.table(spec, "parameters"));
        let entries = entries.map(|table| table.entries.as_slice()).unwrap_or_default();
        Parameters::of(entries.iter().filter_map(|entry| parameter(&entry.key, &entry.value, reading)).collect())
    }

    /// As if what is given were declared.
    pub fn of_given(given: &Given) -> Parameters {
        let parameter = |given: &GivenAttribute| Parameter {
            name: Spanned::new(given.name.full().to_string(), given.span),
            entity: Spanned::new(ANY.to_string(), given.span),
            is_secret: false,
        };
        Parameters::of(given.attributes.iter().map(parameter).collect())
    }

    fn of(all: Vec<Parameter>) -> Parameters {
        let places = all.iter().enumerate().map(|(place, parameter)| (parameter.name.value.clone(), place)).collect();
        let longest = all.iter().map(|parameter| parameter.name.value.len()).max().unwrap_or_default();
        Parameters { all, places, longest: longest.min(LONGEST_COMPARED) }
    }

    pub fn find(&self, name: &str) -> Option<&Parameter> {
        self.places.get(name).map(|place| &self.all[*place])
    }

    pub fn declares(&self, name: &str) -> bool {
        self.places.contains_key(name)
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.all.iter().map(|parameter| parameter.name.value.as_str())
    }

    /// The longest declared name that a word begins with and goes on behind.
    pub fn beginning_of<'w>(&self, word: &'w str) -> Option<&'w str> {
        let ends = (1..word.len().min(self.longest + 1)).rev().filter(|end| word.is_char_boundary(*end));
        ends.map(|end| &word[..end]).find(|beginning| self.declares(beginning))
    }
}

fn parameter(name: &Name, node: &Node, reading: &mut Reading<'_>) -> Option<Parameter> {
    let (entity, is_secret) = match node.as_table() {
        None => (node.as_text(), false),
        Some(table) => {
            reading.check_keys(table, &PARAMETER);
            if table.entry("entity").is_none() {
                reading.missing(table.span, "entity", PARAMETER.title);
            }
            let is_secret = reading.boolean(table, "secret").is_some_and(|flag| flag.value);
            (reading.text(table, "entity"), is_secret)
        }
    };
    if node.as_table().is_none() && entity.is_none() {
        reading.wrong_type(node, "an entity, such as \"sys.any\", or a table with `entity`");
    }
    // What is declared with a mistake is declared.
    let entity = entity.map_or_else(|| Spanned::new(ANY.to_string(), node.span), |text| written(text, reading));
    Some(Parameter { name: name.clone(), entity, is_secret })
}

fn written(text: &Mapped, reading: &mut Reading<'_>) -> Spanned<String> {
    if text.text.is_empty() {
        reading.wrong_value(text.whole(), "an entity, such as \"sys.any\"", "an empty text");
    }
    Spanned::new(text.text.to_string(), text.inside())
}

/// What the rest of a spec needs to know before it is read. Entities are no types: a value stays what it is given as.
pub fn declare(spec: &Table, contexts: &Contexts, reading: &mut Reading<'_>) -> Declared {
    let parameters = Parameters::read(spec, reading);
    let secrets = parameters.all.iter().filter(|parameter| parameter.is_secret);
    let name = |parameter: &Parameter| attribute(&parameter.name.value, contexts);
    Declared { secrets: secrets.map(name).collect(), ..Declared::default() }
}

/// A parameter's full name, which is bare.
pub fn attribute(name: &str, contexts: &Contexts) -> AttributeName {
    contexts.naming.full(contexts.default, name)
}
