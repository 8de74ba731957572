//! Defaults beneath cases, cases beneath rows: tables merge key by key, arrays and scalars replace.

use super::node::{Entry, Kind, Node, Table};

/// The keys of a reply of which the last one given replaces the others.
const BODIES: [&str; 4] = ["json", "body", "file", "fault"];

/// The case `upper` over the case, or the defaults, `lower`. What is special about a reply and about given values holds
/// for the case's own keys alone: deeper down the same words are a user's.
pub fn merge_case(lower: &Table, upper: &Table) -> Table {
    let mut merged = lower.clone();
    merged.span = upper.span;
    if let Some(given) = upper.table("given") {
        forget_nulls_that_are_given(&mut merged, given);
    }
    for entry in &upper.entries {
        match (entry.key.value.as_str(), entry.value.as_table()) {
            ("reply" | "token_reply", Some(reply)) => merge_reply(&mut merged, entry, reply),
            _ => put(&mut merged, entry.clone()),
        }
    }
    merged
}

/// `upper` over `lower`, at every depth.
fn merge_tables(mut lower: Table, upper: Table) -> Table {
    lower.span = upper.span;
    upper.entries.into_iter().for_each(|entry| put(&mut lower, entry));
    lower
}

/// Sets an entry. One of the same key keeps its place, and two tables become one.
pub fn put(table: &mut Table, entry: Entry) {
    let Some(known) = table.entries.iter_mut().find(|known| known.key.value == entry.key.value) else {
        table.entries.push(entry);
        return;
    };
    let lower = std::mem::replace(known, entry);
    if let (Kind::Table(lower), Kind::Table(upper)) = (lower.value.kind, &mut known.value.kind) {
        let own = std::mem::replace(upper, Table::empty(upper.span));
        *upper = merge_tables(lower, own);
    }
}

/// Of `json`, `body`, `file` and `fault` the last one written counts, and replaces those beneath.
fn merge_reply(merged: &mut Table, entry: &Entry, reply: &Table) {
    let mut reply = reply.clone();
    if let Some(last) = last_body(&reply) {
        keep_body(&mut reply, &last);
        if let Some(Entry { value: Node { kind: Kind::Table(lower), .. }, .. }) =
            merged.entries.iter_mut().find(|known| known.key.value == entry.key.value)
        {
            keep_body(lower, &last);
        }
    }
    let value = Node { kind: Kind::Table(reply), span: entry.value.span };
    put(merged, Entry { key: entry.key.clone(), value });
}

fn last_body(reply: &Table) -> Option<String> {
    let mut keys = reply.entries.iter().rev().map(|entry| &entry.key.value);
    keys.find(|key| BODIES.contains(&key.as_str())).cloned()
}

fn keep_body(reply: &mut Table, kept: &str) {
    reply.entries.retain(|entry| entry.key.value == kept || !BODIES.contains(&entry.key.value.as_str()));
}

/// A value given above takes its name off the list of nulls beneath. Names stand there as `context.name`.
fn forget_nulls_that_are_given(merged: &mut Table, given: &Table) {
    let names: Vec<String> = given
        .entries
        .iter()
        .flat_map(|context| {
            let names = context.value.as_table().map(|table| table.entries.as_slice()).unwrap_or_default();
            names.iter().map(|name| format!("{}.{}", context.key.value, name.key.value))
        })
        .collect();
    if let Some(Entry { value: Node { kind: Kind::Array(nulls), .. }, .. }) =
        merged.entries.iter_mut().find(|entry| entry.key.value == "null")
    {
        nulls.retain(|null| null.as_text().is_none_or(|text| !names.iter().any(|name| **name == *text.text)));
    }
}

#[cfg(test)]
mod tests {
    use super::merge_case;
    use crate::source::Sources;
    use crate::spec::{Table, toml_text};
    use crate::value::Json;

    fn table(text: &str) -> Table {
        let file = Sources::in_memory().add("a.toml", text);
        toml_text::parse(text, file, &mut Vec::new())
    }

    fn merged(lower: &str, upper: &str) -> String {
        let lower = merge_case(&table(""), &table(lower));
        Json::Object(merge_case(&lower, &table(upper)).to_json()).to_string()
    }

    #[test]
    fn the_last_body_written_replaces_the_others() {
        assert_eq!(merged("reply = { json = 1, body = '2', status = 201 }", ""), r#"{"reply":{"body":"2","status":201}}"#);
        assert_eq!(merged("reply.fault = 'tls'", "reply.file = 'a'"), r#"{"reply":{"file":"a"}}"#);
        assert_eq!(merged("reply.json.a = 1", "reply = { body = '', json.b = 2 }"), r#"{"reply":{"json":{"a":1,"b":2}}}"#);
    }

    #[test]
    fn deeper_down_the_same_words_are_a_users() {
        let lower = "given.user.o = { reply = { json = 1 }, null = ['a.b'] }";
        let upper = "given.user.o = { reply = { body = 2 }, given = { a = { b = 1 } } }";
        let expected = r#"{"given":{"user":{"o":{"reply":{"json":1,"body":2},"null":["a.b"],"given":{"a":{"b":1}}}}}}"#;
        assert_eq!(merged(lower, upper), expected);
    }

    #[test]
    fn an_overridden_key_keeps_its_place() {
        assert_eq!(
            merged("reply.headers = { A = '1', B = '2' }", "reply.headers.A = '3'"),
            r#"{"reply":{"headers":{"A":"3","B":"2"}}}"#
        );
    }

    #[test]
    fn a_given_value_replaces_a_null_beneath_alone() {
        assert_eq!(
            merged("null = ['user.a', 'user.b']", "given.user.a = 1"),
            r#"{"null":["user.b"],"given":{"user":{"a":1}}}"#
        );
        assert_eq!(merged("", "null = ['user.a']\ngiven.user.a = 1"), r#"{"null":["user.a"],"given":{"user":{"a":1}}}"#);
    }
}
