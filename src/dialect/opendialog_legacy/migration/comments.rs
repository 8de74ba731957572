//! The comments of a spec: those at an entry that goes move to what takes its place.

use std::collections::HashMap;

use toml_edit::{Decor, DocumentMut, InlineTable, Item, Key, RawString, Table, Value};

/// The comments at an entry and inside it.
pub fn of_entry(key: &Key, item: &Item) -> Vec<String> {
    let mut comments = of_key(key);
    comments.extend(of_item(item));
    comments
}

/// The comments inside a value, without those before and behind it.
pub fn inside(value: &Value) -> Vec<String> {
    match value {
        Value::Array(array) => {
            let mut comments: Vec<String> = array.iter().flat_map(of_value).collect();
            comments.extend(of_space(Some(array.trailing())));
            comments
        }
        Value::InlineTable(table) => of_inline(table, of_value),
        _ => Vec::new(),
    }
}

/// The comments between the entries of an inline table, without those inside its values.
pub fn between(table: &InlineTable) -> Vec<String> {
    of_inline(table, |value| of_decor(value.decor()))
}

/// The comments in the place before a key, each on a line of its own.
pub fn above(key: &mut Key, comments: &[String]) {
    let before = key.leaf_decor().prefix().and_then(RawString::as_str).unwrap_or_default().to_string();
    let indent = &before[before.rfind('\n').map_or(0, |end| end + 1)..];
    let lines: String = comments.iter().map(|comment| format!("{comment}\n{indent}")).collect();
    key.leaf_decor_mut().set_prefix(before.clone() + &lines);
}

/// How many comments of the old text are not in the new one.
pub fn lost(old: &DocumentMut, new: &DocumentMut) -> usize {
    let mut kept: HashMap<String, usize> = HashMap::new();
    of_document(new).into_iter().for_each(|comment| *kept.entry(comment).or_default() += 1);
    let mut is_lost = |comment: &String| match kept.get_mut(comment) {
        Some(left @ 1..) => {
            *left -= 1;
            false
        }
        _ => true,
    };
    of_document(old).iter().filter(|comment| is_lost(comment)).count()
}

fn of_document(document: &DocumentMut) -> Vec<String> {
    let mut comments = of_table(document.as_table());
    comments.extend(of_space(Some(document.trailing())));
    comments
}

fn of_table(table: &Table) -> Vec<String> {
    let mut comments = of_decor(table.decor());
    for (name, item) in table {
        comments.extend(table.key(name).map(of_key).unwrap_or_default());
        comments.extend(of_item(item));
    }
    comments
}

fn of_item(item: &Item) -> Vec<String> {
    match item {
        Item::Value(value) => of_value(value),
        Item::Table(table) => of_table(table),
        Item::ArrayOfTables(tables) => tables.iter().flat_map(of_table).collect(),
        Item::None => Vec::new(),
    }
}

fn of_inline(table: &InlineTable, of_value: fn(&Value) -> Vec<String>) -> Vec<String> {
    let mut comments = Vec::new();
    for (name, value) in table {
        comments.extend(table.key(name).map(of_key).unwrap_or_default());
        comments.extend(of_value(value));
    }
    comments.extend(of_space(Some(table.trailing())));
    comments
}

fn of_key(key: &Key) -> Vec<String> {
    let mut comments = of_decor(key.leaf_decor());
    comments.extend(of_decor(key.dotted_decor()));
    comments
}

fn of_value(value: &Value) -> Vec<String> {
    let before = of_space(value.decor().prefix());
    before.chain(inside(value)).chain(of_space(value.decor().suffix())).collect()
}

fn of_decor(decor: &Decor) -> Vec<String> {
    of_space(decor.prefix()).chain(of_space(decor.suffix())).collect()
}

fn of_space(space: Option<&RawString>) -> impl Iterator<Item = String> {
    let lines = space.and_then(RawString::as_str).unwrap_or_default().lines().map(str::trim);
    lines.filter(|line| line.starts_with('#')).map(str::to_string)
}
