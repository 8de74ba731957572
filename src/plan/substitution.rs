//! Names that are told from the text around them only once it is known which have values.

use std::collections::HashMap;

use super::AttributeName;

/// How a platform finds the names of values in a text: a mark, and behind it the longest name that has a value.
#[derive(Debug, PartialEq, Eq)]
pub struct Substitution {
    pub mark: char,
    /// Names with their context, which no name of the other contexts can take.
    pub reserved: &'static [(&'static str, &'static str)],
    /// The contexts whose names stand alone. Of one name in several, that of the first counts.
    pub contexts: &'static [&'static str],
    /// Lists, in no context: a whole one by its name, one entry with its number in brackets.
    pub lists: &'static [&'static str],
}

impl Substitution {
    /// Whether a character may belong to a name, so that one that ends before it may be only the beginning of a name.
    pub fn is_word(character: char) -> bool {
        character.is_alphanumeric() || character == '_'
    }

    /// The number in brackets that a text begins with, and the length of both.
    pub fn index(text: &str) -> Option<(usize, usize)> {
        let inside = text.strip_prefix('[')?;
        let digits = inside.len() - inside.trim_start_matches(|character: char| character.is_ascii_digit()).len();
        inside[digits..].starts_with(']').then_some(())?;
        // A number that is too large is that of no entry.
        (digits > 0).then(|| (inside[..digits].parse().unwrap_or(usize::MAX), digits + 2))
    }

    /// The word behind the dot that a text begins with, and the length of both.
    pub fn step(text: &str) -> Option<&str> {
        let inside = text.strip_prefix('.')?;
        let end = inside.find(|character: char| !Substitution::is_word(character)).unwrap_or(inside.len());
        (end > 0).then_some(&inside[..end])
    }
}

/// Names, as they are written behind the mark: a tree of their bytes, so that a text is read once however many names there
/// are.
#[derive(Debug)]
pub struct NameTable {
    nodes: Vec<Node>,
}

#[derive(Debug, Default)]
struct Node {
    next: HashMap<u8, usize>,
    named: Option<Named>,
}

impl Default for NameTable {
    fn default() -> NameTable {
        NameTable { nodes: vec![Node::default()] }
    }
}

/// What a name stands for.
#[derive(Debug, Default)]
pub struct Named {
    /// The attributes of this name, that of the first context first.
    pub attributes: Vec<AttributeName>,
    pub is_list: bool,
}

impl Named {
    fn add(&mut self, name: &AttributeName) {
        if !self.attributes.contains(name) {
            self.attributes.push(name.clone());
        }
    }
}

impl NameTable {
    /// The names among attributes that the rules find in a text.
    pub fn new<'n>(rules: &Substitution, attributes: impl IntoIterator<Item = &'n AttributeName>) -> NameTable {
        let attributes: Vec<&AttributeName> = attributes.into_iter().collect();
        let mut table = NameTable::default();
        let is_reserved = |name: &AttributeName| rules.reserved.contains(&(name.context(), name.attribute()));
        for name in attributes.iter().filter(|name| is_reserved(name)) {
            table.entry(name.full()).add(name);
        }
        let is_list = |name: &AttributeName| name.context().is_empty() && rules.lists.contains(&name.attribute());
        for name in attributes.iter().filter(|name| is_list(name)) {
            let named = table.entry(name.full());
            named.is_list = true;
            named.add(name);
        }
        for context in rules.contexts {
            for name in attributes.iter().filter(|name| name.context() == *context && !name.attribute().is_empty()) {
                let is_taken = |named: &Named| named.attributes.iter().any(|name| !rules.contexts.contains(&name.context()));
                if !table.get(name.attribute()).is_some_and(is_taken) {
                    table.entry(name.attribute()).add(name);
                }
            }
        }
        table
    }

    fn entry(&mut self, written: &str) -> &mut Named {
        let mut at = 0;
        for byte in written.bytes() {
            at = match self.nodes[at].next.get(&byte) {
                Some(next) => *next,
                None => {
                    let next = self.nodes.len();
                    self.nodes.push(Node::default());
                    self.nodes[at].next.insert(byte, next);
                    next
                }
            };
        }
        self.nodes[at].named.get_or_insert_default()
    }

    /// What a name stands for.
    pub fn get(&self, written: &str) -> Option<&Named> {
        let found = written.bytes().try_fold(0, |at, byte| self.nodes[at].next.get(&byte).copied());
        found.and_then(|at| self.nodes[at].named.as_ref())
    }

    /// The names that a text begins with, the longest first.
    pub fn at<'t>(&'t self, text: &'t str) -> impl Iterator<Item = (&'t str, &'t Named)> {
        let mut found = Vec::new();
        let mut at = 0;
        for (index, byte) in text.bytes().enumerate() {
            let Some(next) = self.nodes[at].next.get(&byte) else { break };
            at = *next;
            found.extend(self.nodes[at].named.as_ref().map(|named| (&text[..=index], named)));
        }
        found.into_iter().rev()
    }

    /// Whether an attribute is a list that stands in no context.
    pub fn is_list(&self, name: &AttributeName) -> bool {
        name.context().is_empty() && self.get(name.attribute()).is_some_and(|named| named.is_list)
    }

    /// Whether a name stands behind a mark somewhere.
    pub fn stand_in(&self, text: &str, mark: char) -> bool {
        text.match_indices(mark).any(|(at, mark)| self.at(&text[at + mark.len()..]).next().is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::{AttributeName, NameTable, Substitution};

    const RULES: Substitution = Substitution {
        mark: '$',
        reserved: &[("session", "id")],
        contexts: &["arguments", "client_data"],
        lists: &["images"],
    };

    #[test]
    fn longer_names_come_first_and_reserved_ones_are_not_taken() {
        let name = AttributeName::new;
        let known = [
            name("client_data", "plan"),
            name("arguments", "plan"),
            name("client_data", "planet"),
            name("client_data", "session.id"),
            name("session", "id"),
            name("client_data", "images"),
            name("", "images"),
            name("other", "x"),
        ];
        let table = NameTable::new(&RULES, &known);
        let found: Vec<&str> = table.at("planets").map(|(name, _)| name).collect();
        assert_eq!(found, ["planet", "plan"]);
        let attributes = |written: &str| -> Vec<String> {
            table.get(written).iter().flat_map(|named| named.attributes.iter().map(ToString::to_string)).collect()
        };
        assert_eq!(attributes("plan"), ["arguments.plan", "client_data.plan"]);
        assert_eq!(attributes("session.id"), ["session.id"]);
        assert_eq!(attributes("images"), ["images"]);
        assert!(attributes("x").is_empty() && table.is_list(&known[6]) && !table.is_list(&known[0]));
        assert!(table.stand_in("$ $$plan", '$') && !table.stand_in("$ plan$", '$'));
    }

    #[test]
    fn what_follows_a_name() {
        assert_eq!(Substitution::index("[0].x"), Some((0, 3)));
        assert_eq!(Substitution::index("[99999999999999999999999]"), Some((usize::MAX, 25)));
        for text in ["", "[", "[]", "[x]", "[0", "0]", "[-1]"] {
            assert_eq!(Substitution::index(text), None, "{text}");
        }
        assert_eq!(Substitution::step(".city/x"), Some("city"));
        assert_eq!((Substitution::step(". x"), Substitution::step("city"), Substitution::step(".")), (None, None, None));
    }
}
