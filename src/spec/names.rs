//! Attribute names as users write them, nested or dotted, turned into one form.

use super::lints::unknown_key;
use super::merge::put;
use super::node::{Entry, Kind, Node, Table};
use super::{reading::Reading, toml_text};
use crate::diagnostic::{Diagnostic, Fix};
use crate::plan::{AttributeName, Naming};
use crate::source::{Name, Span, Spanned};

/// The contexts that exist and the one a bare name belongs to.
#[derive(Clone, Debug)]
pub struct Contexts {
    pub known: Vec<String>,
    /// The context of a bare name; empty where such a name stands in none.
    pub default: &'static str,
    pub naming: Naming,
}

impl Contexts {
    pub fn knows(&self, name: &str) -> bool {
        self.known.iter().any(|known| known == name) || name.is_empty() && self.naming != Naming::default()
    }

    /// The full name of `user.x` or `x`. The first segment is a context only if it exists.
    pub fn full_name(&self, written: &str) -> AttributeName {
        match written.split_once('.') {
            Some((context, attribute)) if self.knows(context) => self.naming.full(context, attribute),
            _ if self.naming.bare.contains(&written) => AttributeName::new("", written),
            _ => self.naming.full(self.default, written),
        }
    }

    /// Names and values of a table in which `user = { x = 1 }`, `user.x = 1` and `"user.x" = 1` mean the same.
    pub fn flatten<'n>(&self, table: &'n Table) -> Vec<(AttributeName, Name, &'n Node)> {
        let mut names = Vec::new();
        for Entry { key, value } in &table.entries {
            match value.as_table() {
                Some(context) if self.knows(&key.value) => {
                    let inner = context.entries.iter();
                    names.extend(
                        inner.map(|entry| (self.naming.full(&key.value, &entry.key.value), entry.key.clone(), &entry.value)),
                    );
                }
                _ => names.push((self.full_name(&key.value), key.clone(), value)),
            }
        }
        names
    }

    /// The same table with every name nested in its context, so that tables can be merged key by key.
    pub fn nest(&self, table: &Table, reading: &mut Reading<'_>) -> Table {
        self.nest_by(table, reading, |name| vec![name.attribute().to_string()])
    }

    /// The same for given values, where a name goes on inside the value: `"user.order.id"` is `id` of the attribute `order`.
    pub fn nest_values(&self, table: &Table, reading: &mut Reading<'_>) -> Table {
        self.nest_by(table, reading, steps)
    }

    /// A name among those of [`flatten`](Contexts::flatten) whose first word is no context, though a `.` follows it.
    pub fn unknown_head(&self, table: &Table, name: &AttributeName, key: &Name) -> Option<Diagnostic> {
        let (head, _) = key.value.split_once('.').filter(|(head, _)| !self.knows(head))?;
        // A dotted name inside of a context's table names no context.
        if table.table(name.context()).is_some_and(|inner| inner.entry(&key.value).is_some()) {
            return None;
        }
        let known: Vec<&str> = self.known.iter().map(String::as_str).collect();
        let place = key.beginning(head.len());
        let found = unknown_context(&Spanned::new(head.to_string(), place.unwrap_or(key.span)), &known);
        let rest = &key.value[head.len()..];
        let is_free = |fix: &Fix| fix.edits.iter().all(|edit| table.entry(&format!("{}{rest}", edit.text)).is_none());
        let fix = found.fix.filter(|fix| place.is_some() && is_free(fix));
        Some(Diagnostic { fix, ..found })
    }

    fn nest_by(&self, table: &Table, reading: &mut Reading<'_>, steps: fn(&AttributeName) -> Vec<String>) -> Table {
        let mut nested = Table::empty(table.span);
        for (name, key, value) in self.flatten(table) {
            reading.findings.extend(self.unknown_head(table, &name, &key));
            let mut inner = inner_table(&mut nested, name.context(), key.span);
            let mut steps = steps(&name);
            let last = steps.pop().unwrap_or_default();
            for step in &steps {
                inner = inner_table(inner, step, key.span);
            }
            put(inner, Entry { key: Spanned::new(last, key.span), value: value.clone() });
        }
        nested
    }
}

/// A key that stands for a context and is none.
pub fn unknown_context(key: &Name, free: &[&str]) -> Diagnostic {
    let found = unknown_key::found(key, free, None);
    match found.fix {
        Some(_) => found,
        None => {
            found.help("no context has this name; one of your own is listed under `contexts` in the manifest's `[project]`")
        }
    }
}

/// The attribute, and the way into its value. The name of a secret is a name alone, and so is one of more steps than tables
/// may be nested.
pub fn steps(name: &AttributeName) -> Vec<String> {
    let steps: Vec<String> = name.attribute().split('.').map(str::to_string).collect();
    let is_name_alone =
        name.context() == "secret" || steps.iter().any(String::is_empty) || steps.len() > toml_text::MAX_NESTING;
    if is_name_alone { vec![name.attribute().to_string()] } else { steps }
}

fn inner_table<'t>(table: &'t mut Table, name: &str, span: Span) -> &'t mut Table {
    let index = table.entries.iter().position(|entry| entry.key.value == name).unwrap_or_else(|| {
        let value = Node { kind: Kind::Table(Table::empty(span)), span };
        table.entries.push(Entry { key: Spanned::new(name.to_string(), span), value });
        table.entries.len() - 1
    });
    let value = &mut table.entries[index].value;
    if value.as_table().is_none() {
        value.kind = Kind::Table(Table::empty(span));
    }
    match &mut value.kind {
        Kind::Table(table) => table,
        _ => unreachable!("made a table above"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Contexts, Naming};
    use crate::source::Sources;
    use crate::spec::{Reading, toml_text};
    use crate::value::Json;

    fn nested(text: &str) -> (String, usize) {
        let file = Sources::in_memory().add("a.toml", text);
        let table = toml_text::parse(text, file, &mut Vec::new());
        let contexts = Contexts { known: vec!["user".into(), "secret".into()], default: "user", naming: Naming::default() };
        let mut reading = Reading { findings: Vec::new(), elsewhere: &[] };
        let nested = contexts.nest_values(&table, &mut reading);
        (Json::Object(nested.to_json()).to_string(), reading.findings.len())
    }

    #[test]
    fn dotted_and_nested_names_mean_the_same() {
        let wanted = (r#"{"user":{"o":{"a":1,"b":2}}}"#.to_string(), 0);
        for text in [
            "user = { o = { a = 1, b = 2 } }",
            "'user.o.a' = 1\n'user.o.b' = 2",
            "'user.o'.a = 1\nuser.o.b = 2",
            "user.'o.a' = 1\no.b = 2",
        ] {
            assert_eq!(nested(text), wanted, "{text}");
        }
    }

    #[test]
    fn secrets_and_unknown_contexts() {
        assert_eq!(nested("secret.'a.b' = 'x'").0, r#"{"secret":{"a.b":"x"}}"#);
        assert_eq!(nested("'usr.x' = 1"), (r#"{"user":{"usr":{"x":1}}}"#.to_string(), 1));
    }

    #[test]
    fn a_context_that_the_platform_does_not_have() {
        let naming = Naming { unnamed_context: Some("parameters"), bare: &["images"], mark: None };
        let contexts = Contexts { known: vec!["parameters".into(), "session".into()], default: "parameters", naming };
        let full = |written: &str| contexts.full_name(written).full().to_string();
        assert_eq!(["x", "parameters.x", "session.id", "images"].map(full), ["x", "x", "session.id", "images"]);
        let text = "parameters = { a = 1 }\nb = 2\nimages = []\nsession.id = 's'";
        let file = Sources::in_memory().add("a.toml", text);
        let table = toml_text::parse(text, file, &mut Vec::new());
        let mut reading = Reading { findings: Vec::new(), elsewhere: &[] };
        let nested = contexts.nest_values(&table, &mut reading);
        let names: Vec<String> = contexts.flatten(&nested).iter().map(|(name, _, _)| name.full().to_string()).collect();
        assert_eq!((names, reading.findings.len()), (["a", "b", "images", "session.id"].map(String::from).to_vec(), 0));
    }
}
