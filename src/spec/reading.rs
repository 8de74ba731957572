//! Typed access to [`Node`]s: each gives the value or a finding at the exact place.

use super::keys::{COMMON, ENVIRONMENT, MANIFEST, PROJECT, SECRETS, SET_STEP, SPEC_TITLE, STEP, Section};
use super::lints::{missing_key, unknown_key, wrong_type};
use super::names::unknown_context;
use super::node::{Entry, Kind, Node, Table};
use crate::diagnostic::{Diagnostic, Fix, nearest};
use crate::source::{Mapped, Name, Span, Spanned};

/// What is found wrong while a file is read, and what is needed to say it well.
pub struct Reading<'a> {
    pub findings: Vec<Diagnostic>,
    /// Where else a key may belong: other tables, and other dialects by name.
    pub elsewhere: &'a [(&'static str, &'a [&'static Section])],
}

static OF_THE_MANIFEST: [&Section; 4] = [&MANIFEST, &PROJECT, &SECRETS, &ENVIRONMENT];

/// Whether a table keeps its meaning when another gets its name: headers of one table may stand apart.
fn can_join(known: &Node, other: &Node) -> bool {
    let (Some(known), Some(other)) = (known.as_table(), other.as_table()) else { return false };
    let are_tables = |table: &Table| table.entries.iter().all(|entry| entry.value.as_table().is_some());
    are_tables(known) && are_tables(other) && other.entries.iter().all(|entry| known.entry(&entry.key.value).is_none())
}

/// The one key whose last word this is: `success` for `action_success`.
fn ends_like<'k>(key: &str, known: &[&'k str]) -> Option<&'k str> {
    let mut like = known.iter().filter(|name| name.strip_suffix(key).is_some_and(|before| before.ends_with('_')));
    like.next().copied().filter(|_| like.next().is_none())
}

/// A table of a dialect, in a user's words.
fn of_dialect((dialect, section): (&'static str, &Section)) -> String {
    match section.title {
        SPEC_TITLE => format!("the top level of a spec of the `{dialect}` dialect"),
        title => format!("{title} of the `{dialect}` dialect"),
    }
}

/// The table of every dialect's specs that has a key. The manifest's keys are far away: one that is near comes first.
fn common_home(key: &str, has_near: bool, sections: &[&Section]) -> Option<String> {
    let is = |other: &Section, one: &Section| std::ptr::eq(other, one);
    if sections.iter().any(|section| is(section, &SET_STEP)) && STEP.has(key) {
        return Some("a step with `action`".to_string());
    }
    let is_manifest = |other: &Section| OF_THE_MANIFEST.iter().any(|section| is(section, other));
    let mut common = COMMON.iter().filter(|other| !(has_near && is_manifest(other)));
    common.find(|other| other.has(key)).map(|home| home.title.to_string())
}

impl Reading<'_> {
    pub fn wrong_type(&mut self, node: &Node, expected: &str) {
        self.findings.push(wrong_type::found(node.span, expected, node.describe()));
    }

    /// The same with a way to mend it, if there is one.
    pub fn mendable(&mut self, node: &Node, expected: &str, fix: Option<Fix>) {
        self.findings.push(Diagnostic { fix, ..wrong_type::found(node.span, expected, node.describe()) });
    }

    /// Any text would do here.
    pub fn not_text(&mut self, node: &Node) {
        self.mendable(node, "text", wrong_type::as_text(node));
    }

    /// A value among named ones that is none. A table there is taken for a context's, and none of `known` has its name.
    pub fn no_value(&mut self, entry: (&Name, &Node), siblings: &Table, expected: &str, known: &[String]) {
        let (key, node) = entry;
        if node.as_table().is_none() || known.contains(&key.value) {
            return self.wrong_type(node, expected);
        }
        let free: Vec<&str> = known.iter().map(String::as_str).filter(|name| siblings.entry(name).is_none()).collect();
        self.findings.push(unknown_context(key, &free));
    }

    pub fn wrong_value(&mut self, span: Span, expected: &str, got: &str) {
        self.findings.push(wrong_type::found(span, expected, got));
    }

    /// A word that is none of the `known` ones; the nearest is its help.
    pub fn wrong_word(&mut self, word: &Mapped, expected: &str, known: &[&str]) {
        let found = wrong_type::found(word.inside(), expected, &format!("`{}`", word.text));
        self.findings.push(found.suggest(&word.text, known.iter().copied(), word.inside()));
    }

    /// A word for which another one, of those that count, can be told.
    pub fn other_word(&mut self, word: &Mapped, expected: &str, meant: &str) {
        let found = wrong_type::found(word.inside(), expected, &format!("`{}`", word.text));
        self.findings.push(found.guess(meant, word.inside()));
    }

    pub fn missing(&mut self, span: Span, key: &str, table: &str) {
        self.findings.push(missing_key::found(span, key, table));
    }

    /// Reports every key that the section does not have. No two keys are mended to one name.
    pub fn check_keys(&mut self, table: &Table, section: &Section) {
        self.check_keys_of(table, &[section]);
    }

    /// The same for a table that has the keys of several sections.
    pub fn check_keys_of(&mut self, table: &Table, sections: &[&Section]) {
        let names: Vec<&str> = sections.iter().flat_map(|section| section.names()).collect();
        let mut taken: Vec<&str> = Vec::new();
        for Entry { key, value } in table.entries.iter().filter(|entry| !names.contains(&entry.key.value.as_str())) {
            let is_free = |name: &str| table.get(name).is_none_or(|known| can_join(known, value)) && !taken.contains(&name);
            let free: Vec<&str> = names.iter().copied().filter(|name| is_free(name)).collect();
            let has_near = nearest(&key.value, names.iter().copied()).is_some();
            let elsewhere = match ends_like(&key.value, &free) {
                Some(near) => {
                    taken.push(near);
                    self.findings.push(unknown_key::meant(key, near));
                    continue;
                }
                None => self.home_of(&key.value, has_near, sections),
            };
            if elsewhere.is_none() {
                taken.extend(nearest(&key.value, free.iter().copied()));
            }
            self.findings.push(unknown_key::found_among(key, &names, &free, elsewhere.as_deref()));
        }
    }

    /// Where a key belongs that its own sections do not have: to the same table of another dialect, to another table of the
    /// same dialect, to a table that all specs have, to any other.
    fn home_of(&self, key: &str, has_near: bool, sections: &[&Section]) -> Option<String> {
        let is_one = |other: &Section| sections.iter().any(|section| std::ptr::eq(*section, other));
        let own = self.elsewhere.iter().find(|(_, all)| all.iter().any(|other| is_one(other))).map(|(dialect, _)| *dialect);
        let homes = || {
            let all = self.elsewhere.iter().flat_map(|(dialect, all)| all.iter().map(move |other| (*dialect, *other)));
            all.filter(|(_, other)| other.has(key))
        };
        let is_same_table = |other: &Section| sections.iter().any(|section| section.title == other.title);
        let is_own = |dialect: &str| own == Some(dialect);
        let same_table = homes().find(|(dialect, other)| !is_own(dialect) && is_same_table(other));
        let own_table = || homes().find(|(dialect, _)| is_own(dialect)).map(|(_, other)| other.title.to_string());
        same_table
            .filter(|_| own.is_some())
            .map(of_dialect)
            .or_else(own_table)
            .or_else(|| common_home(key, has_near, sections))
            .or_else(|| homes().next().map(of_dialect))
    }

    pub fn text<'n>(&mut self, table: &'n Table, key: &str) -> Option<&'n Mapped> {
        let node = table.get(key)?;
        let text = node.as_text();
        if text.is_none() {
            self.not_text(node);
        }
        text
    }

    /// A text of which few are allowed, or whose words mean something: quotes alone would not make it one.
    pub fn word<'n>(&mut self, table: &'n Table, key: &str) -> Option<&'n Mapped> {
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

    /// Tables that begin with a header of two brackets each.
    pub fn tables<'n>(&mut self, table: &'n Table, key: &str, header: &str) -> Option<&'n [Node]> {
        let node = table.get(key)?;
        if node.as_table().is_some() {
            let found = wrong_type::found(node.span, "a list", "a table");
            self.findings.push(found.help(format!("begin each with `{header}`, in two brackets")));
            return None;
        }
        self.array(table, key)
    }

    pub fn boolean(&mut self, table: &Table, key: &str) -> Option<Spanned<bool>> {
        let node = table.get(key)?;
        match node.kind {
            Kind::Boolean(flag) => Some(Spanned::new(flag, node.span)),
            _ => {
                self.mendable(node, "a boolean", wrong_type::as_boolean(node));
                None
            }
        }
    }

    /// A list of texts.
    pub fn texts(&mut self, table: &Table, key: &str) -> Vec<Spanned<String>> {
        let mut texts = Vec::new();
        let Some(node) = table.get(key) else { return texts };
        let Some(items) = node.as_array() else {
            self.mendable(node, "a list of texts", wrong_type::as_list(node));
            return texts;
        };
        for node in items {
            match node.as_text() {
                Some(text) => texts.push(Spanned::new(text.text.to_string(), text.inside())),
                None => self.not_text(node),
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
