//! The headers: rows of a key and a value.

use super::lints::headers_not_a_list;
use super::{names, shape};
use crate::dialect::Lowering;
use crate::plan::{HeaderPlan, NameTable};
use crate::source::Spanned;
use crate::spec::{Kind, Table};

pub fn headers(action: &Table, known: &NameTable, lowering: &mut Lowering<'_, '_>) -> Vec<HeaderPlan> {
    let Some(node) = action.get("headers") else { return Vec::new() };
    match &node.kind {
        Kind::Array(rows) => {
            let mut headers = Vec::with_capacity(rows.len());
            for row in rows {
                match row.as_table() {
                    Some(table) => headers.extend(header(table, known, lowering)),
                    None => lowering.reading.wrong_type(row, "a row such as `{ key = \"X-Tag\", value = \"a\" }`"),
                }
            }
            headers
        }
        Kind::Table(table) => {
            let text = &lowering.sources.file(node.span.file).text;
            lowering.reading.findings.push(headers_not_a_list::found(node, table, text));
            table
                .entries
                .iter()
                .filter_map(|entry| {
                    let value = names::text(entry.value.as_text()?, known);
                    Some(HeaderPlan { name: entry.key.clone(), value })
                })
                .collect()
        }
        _ => {
            lowering.reading.wrong_type(node, "a list of rows such as `{ key = \"X-Tag\", value = \"a\" }`");
            Vec::new()
        }
    }
}

fn header(row: &Table, known: &NameTable, lowering: &mut Lowering<'_, '_>) -> Option<HeaderPlan> {
    lowering.reading.check_keys(row, &shape::HEADER);
    for key in ["key", "value"] {
        if row.entry(key).is_none() {
            lowering.reading.missing(row.span, key, shape::HEADER.title);
        }
    }
    let name = lowering.reading.text(row, "key");
    let value = lowering.reading.text(row, "value");
    let (name, value) = (name?, value?);
    Some(HeaderPlan { name: Spanned::new(name.text.to_string(), name.whole()), value: names::text(value, known) })
}
