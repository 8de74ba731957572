//! Typed access to [`Node`]s: each gives the value or a finding at the exact place.

use super::keys::{COMMON, Section};
use super::lints::{missing_key, unknown_key, wrong_type};
use super::node::{Kind, Node, Table};
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::source::{Mapped, Span, Spanned};

/// What is found wrong while a file is read, and what is needed to say it well.
pub struct Reading<'a> {
    pub findings: Vec<Diagnostic>,
    /// Where else a key may belong: other tables, and other dialects by name.
    pub elsewhere: &'a [(&'static str, &'a [&'static Section])],
}

impl Reading<'_> {
    pub fn wrong_type(&mut self, node: &Node, expected: &str) {
        self.findings.push(wrong_type::found(node.span, expected, node.describe()));
    }

    pub fn wrong_value(&mut self, span: Span, expected: &str, got: &str) {
        self.findings.push(wrong_type::found(span, expected, got));
    }

    /// A word that is none of the `known` ones; the nearest is its help.
    pub fn wrong_word(&mut self, word: &Mapped, expected: &str, known: &[&str]) {
        let found = wrong_type::found(word.inside(), expected, &format!("`{}`", word.text));
        self.findings.push(found.help_if(did_you_mean(&word.text, known.iter().copied())));
    }

    pub fn missing(&mut self, span: Span, key: &str, table: &str) {
        self.findings.push(missing_key::found(span, key, table));
    }

    /// Reports every key that the section does not have.
    pub fn check_keys(&mut self, table: &Table, section: &Section) {
        for entry in &table.entries {
            let key = &entry.key;
            if !section.has(&key.value) {
                let elsewhere = self.home_of(&key.value);
                self.findings.push(unknown_key::found(key, &section.names(), elsewhere.as_deref()));
            }
        }
    }

    /// Where a key belongs that its own section does not have.
    fn home_of(&self, key: &str) -> Option<String> {
        let common = COMMON.iter().find(|other| other.has(key));
        if let Some(home) = common {
            return Some(home.title.to_string());
        }
        let all = self.elsewhere.iter().flat_map(|(dialect, sections)| sections.iter().map(move |other| (dialect, other)));
        let mut homes = all.filter(|(_, other)| other.has(key));
        homes.next().map(|(dialect, other)| format!("{} of the `{dialect}` dialect", other.title))
    }

    pub fn text<'n>(&mut self, table: &'n Table, key: &str) -> Option<&'n Mapped> {
        let node = table.get(key)?;
        let text = node.as_text();
        if text.is_none() {
            self.wrong_type(node, "text");
        }
        text
    }

    pub fn table<'n>(&mut self, table: &'n Table, key: &str) -> Option<&'n Table> {
        let node = table.get(key)?;
        self.as_table(node)
    }

    pub fn as_table<'n>(&mut self, node: &'n Node) -> Option<&'n Table> {
        let table = node.as_table();
        if table.is_none() {
            self.wrong_type(node, "a table");
        }
        table
    }

    pub fn array<'n>(&mut self, table: &'n Table, key: &str) -> Option<&'n [Node]> {
        let node = table.get(key)?;
        let items = node.as_array();
        if items.is_none() {
            self.wrong_type(node, "a list");
        }
        items
    }

    pub fn boolean(&mut self, table: &Table, key: &str) -> Option<Spanned<bool>> {
        let node = table.get(key)?;
        match node.kind {
            Kind::Boolean(flag) => Some(Spanned::new(flag, node.span)),
            _ => {
                self.wrong_type(node, "a boolean");
                None
            }
        }
    }

    /// A list of texts.
    pub fn texts(&mut self, table: &Table, key: &str) -> Vec<Spanned<String>> {
        let mut texts = Vec::new();
        for node in self.array(table, key).unwrap_or_default() {
            match node.as_text() {
                Some(text) => texts.push(Spanned::new(text.text.to_string(), text.inside())),
                None => self.wrong_type(node, "text"),
            }
        }
        texts
    }

    /// Names with texts, in order: a table, or rows `[["a", "1"], ["a", "2"]]` where a name repeats.
    pub fn pairs<'n>(&mut self, node: &'n Node) -> Vec<(Spanned<String>, &'n Node)> {
        match &node.kind {
            Kind::Table(table) => table.entries.iter().map(|entry| (entry.key.clone(), &entry.value)).collect(),
            Kind::Array(rows) => rows.iter().filter_map(|row| self.pair(row)).collect(),
            _ => {
                self.wrong_type(node, "a table, or rows of a name and a value");
                Vec::new()
            }
        }
    }

    fn pair<'n>(&mut self, row: &'n Node) -> Option<(Spanned<String>, &'n Node)> {
        if let Some([name, value]) = row.as_array()
            && let Some(text) = name.as_text()
        {
            return Some((Spanned::new(text.text.to_string(), text.inside()), value));
        }
        self.wrong_type(row, "a row of a name and a value, such as `[\"X-Tag\", \"a\"]`");
        None
    }
}
