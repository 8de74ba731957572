//! A TOML document as a tree in which everything knows where it was written.

use std::fmt;

use serde_json::{Map, Value as Json};

use crate::source::{Mapped, Name, Span};

/// A value and all that it was written as.
#[derive(Clone)]
pub struct Node {
    pub kind: Kind,
    pub span: Span,
}

/// Without the value: it may be that of a secret.
impl fmt::Debug for Node {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Table(table) => table.fmt(formatter),
            Kind::Array(items) => items.fmt(formatter),
            _ => write!(formatter, "{} at {}..{}", self.describe(), self.span.start, self.span.end),
        }
    }
}

#[derive(Clone)]
pub enum Kind {
    Text(Mapped),
    Integer(i64),
    Float(f64),
    Boolean(bool),
    /// A TOML date, time or both, as written.
    DateTime(String),
    Array(Vec<Node>),
    Table(Table),
}

/// Entries in the order written.
#[derive(Clone, Debug)]
pub struct Table {
    pub entries: Vec<Entry>,
    /// The header, or the braces and all between them.
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct Entry {
    pub key: Name,
    pub value: Node,
}

impl Table {
    pub fn empty(span: Span) -> Table {
        Table { entries: Vec::new(), span }
    }

    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key.value == key)
    }

    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    pub fn table(&self, key: &str) -> Option<&Table> {
        self.get(key).and_then(Node::as_table)
    }
}

impl Node {
    pub fn as_table(&self) -> Option<&Table> {
        match &self.kind {
            Kind::Table(table) => Some(table),
            _ => None,
        }
    }

    pub fn as_text(&self) -> Option<&Mapped> {
        match &self.kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn as_array(&self) -> Option<&[Node]> {
        match &self.kind {
            Kind::Array(items) => Some(items),
            _ => None,
        }
    }

    /// What it is, in a user's words.
    pub fn describe(&self) -> &'static str {
        match &self.kind {
            Kind::Text(_) => "text",
            Kind::Integer(_) => "a whole number",
            Kind::Float(_) => "a decimal number",
            Kind::Boolean(_) => "a boolean",
            Kind::DateTime(_) => "a date",
            Kind::Array(_) => "a list",
            Kind::Table(_) => "a table",
        }
    }

    /// The value as JSON. Dates become text.
    pub fn to_json(&self) -> Json {
        match &self.kind {
            Kind::Text(text) => Json::from(&*text.text),
            Kind::Integer(number) => Json::from(*number),
            Kind::Float(number) => Json::from(*number),
            Kind::Boolean(flag) => Json::Bool(*flag),
            Kind::DateTime(text) => Json::from(text.as_str()),
            Kind::Array(items) => items.iter().map(Node::to_json).collect(),
            Kind::Table(table) => Json::Object(table.to_json()),
        }
    }
}

impl Table {
    pub fn to_json(&self) -> Map<String, Json> {
        self.entries.iter().map(|entry| (entry.key.value.clone(), entry.value.to_json())).collect()
    }
}
