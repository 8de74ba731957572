//! `[[case]]` tables to [`Case`]s: defaults beneath, rows above.

use super::expect_reader::{self, KnownExits};
use super::json_text::HoleLength;
use super::keys::{CASE, DEFAULTS, ROW, SECRET, Section};
use super::lints::{duplicate_case_name, unknown_key};
use super::merge::merge_case;
use super::names::Contexts;
use super::node::{Entry, Kind, Node, Table};
use super::reading::Reading;
use super::reply_reader::{self, ReplySource, read_beside};
use super::times::{self, given_value};
use crate::case::{Answer, Case, Given, GivenAttribute, GivenSecret, slug};
use crate::plan::{AttributeName, ByName, Declaration};
use crate::source::{Name, Sources, Span, Spanned};
use crate::value::{TaintedText, Value};

pub const DEFAULT_UUID: &str = "00000000-0000-4000-8000-000000000001";

/// What reading a case needs besides the table itself.
pub struct CaseContext<'a> {
    pub contexts: &'a Contexts,
    pub types: &'a ByName<Declaration>,
    /// Values that every case has, such as the global context's.
    pub ambient: &'a ByName<GivenAttribute>,
    pub exits: KnownExits<'a>,
    pub sources: &'a Sources,
    /// The spec's folder relative to the project root, empty or ending in `/`.
    pub folder: &'a str,
    /// How long the reference is that a text begins with.
    pub reference_length: HoleLength,
}

/// A case, and what its reply's body is made of where that uses values of the request.
pub type ReadCase = (Case, Option<ReplySource>);

/// Every case of a spec. `base` lies beneath: see [`merged_layers`].
pub fn cases(spec: &Table, base: &Table, context: &CaseContext<'_>, reading: &mut Reading<'_>) -> Vec<ReadCase> {
    let mut cases: Vec<ReadCase> = Vec::new();
    each_merged(spec, base, context, reading, &mut |name, table, reading| {
        push(&mut cases, name, &table, context, reading);
    });
    cases
}

/// The names of all cases of a spec, and the tables of those that are `wanted`, with everything beneath merged in.
pub fn merged_cases(
    spec: &Table,
    base: &Table,
    context: &CaseContext<'_>,
    wanted: &dyn Fn(&str) -> bool,
) -> Vec<(String, Option<Table>)> {
    let mut silent = Reading { findings: Vec::new(), elsewhere: &[] };
    let mut cases = Vec::new();
    each_merged(spec, base, context, &mut silent, &mut |name, table, _| {
        let table = wanted(&name.value).then_some(table);
        cases.push((name.value, table));
    });
    cases
}

type Visit<'v> = &'v mut dyn FnMut(Name, Table, &mut Reading<'_>);

fn each_merged(spec: &Table, base: &Table, context: &CaseContext<'_>, reading: &mut Reading<'_>, visit: Visit<'_>) {
    for node in reading.tables(spec, "case", "[[case]]").unwrap_or_default() {
        let Some(table) = reading.as_table(node) else { continue };
        let name = case_name(table, "`[[case]]`", reading);
        let merged = merge_case(base, &normalised(table, &CASE, context, reading));
        let Some(rows) = reading.tables(table, "row", "[[case.row]]") else {
            visit(name, merged, reading);
            continue;
        };
        for row in rows {
            let Some(row) = reading.as_table(row) else { continue };
            let row_name = case_name(row, "`[[case.row]]`", reading);
            let full = Spanned::new(format!("{} / {}", name.value, row_name.value), row_name.span);
            let merged = merge_case(&merged, &normalised(row, &ROW, context, reading));
            visit(full, merged, reading);
        }
    }
}

/// The case that the layers alone make. What is wrong in them has been found by [`merged_layers`].
pub fn bare_case(spec: &Table, base: &Table, context: &CaseContext<'_>) -> ReadCase {
    let mut silent = Reading { findings: Vec::new(), elsewhere: &[] };
    case(Spanned::new(String::new(), spec.span), base, context, &mut silent)
}

/// What lies beneath every case, `layers` from the lowest up.
pub fn merged_layers(span: Span, layers: &[&Table], context: &CaseContext<'_>, reading: &mut Reading<'_>) -> Table {
    let layers = layers.iter().map(|layer| normalised(layer, &DEFAULTS, context, reading));
    layers.fold(Table::empty(span), |base, layer| merge_case(&base, &layer))
}

pub(super) fn case_name(table: &Table, title: &str, reading: &mut Reading<'_>) -> Name {
    match reading.text(table, "name") {
        Some(name) => {
            if slug(&name.text).is_empty() {
                reading.wrong_value(name.whole(), "a name that is not empty", &format!("`{}`", name.text));
            }
            Spanned::new(name.text.to_string(), name.inside())
        }
        None => {
            if table.entry("name").is_none() {
                reading.missing(table.span, "name", title);
            }
            Spanned::new(String::new(), table.span)
        }
    }
}

/// The table with its keys checked, its names nested, and without what belongs to one layer alone.
pub(super) fn normalised(table: &Table, section: &Section, context: &CaseContext<'_>, reading: &mut Reading<'_>) -> Table {
    check_keys(table, section, context.contexts, reading);
    let mut normalised = Table::empty(table.span);
    for Entry { key, value } in &table.entries {
        let value = match (key.value.as_str(), &value.kind) {
            ("name" | "row", _) => continue,
            ("given", Kind::Table(given)) => {
                Node { kind: Kind::Table(context.contexts.nest_values(given, reading)), span: value.span }
            }
            ("expect", Kind::Table(expect)) => {
                Node { kind: Kind::Table(expect_reader::nested_names(expect, context.contexts, reading)), span: value.span }
            }
            _ => value.clone(),
        };
        normalised.entries.push(Entry { key: key.clone(), value });
    }
    full_null_names(&mut normalised, context.contexts);
    normalised
}

/// Keys that the section does not have; tables of contexts stand under `given`.
fn check_keys(table: &Table, section: &Section, contexts: &Contexts, reading: &mut Reading<'_>) {
    if !table.entries.iter().any(|entry| is_context(entry, section, contexts)) {
        return reading.check_keys(table, section);
    }
    let mut others = table.clone();
    others.entries.retain(|entry| !is_context(entry, section, contexts));
    reading.check_keys(&others, section);
    let misplaced = table.entries.iter().filter(|entry| is_context(entry, section, contexts));
    reading.findings.extend(misplaced.map(|entry| unknown_key::belongs_in_given(&entry.key)));
}

/// A table of a context beside `given`.
fn is_context(entry: &Entry, section: &Section, contexts: &Contexts) -> bool {
    entry.value.as_table().is_some() && !section.has(&entry.key.value) && contexts.knows(&entry.key.value)
}

/// `null = ["x"]` as `null = ["user.x"]`.
fn full_null_names(table: &mut Table, contexts: &Contexts) {
    let Some(Entry { value: Node { kind: Kind::Array(nulls), .. }, .. }) =
        table.entries.iter_mut().find(|entry| entry.key.value == "null")
    else {
        return;
    };
    for null in nulls {
        if let Kind::Text(text) = &mut null.kind {
            let full = contexts.full_name(&text.text);
            text.text = full.full().into();
        }
    }
}

fn push(cases: &mut Vec<ReadCase>, name: Name, table: &Table, context: &CaseContext<'_>, reading: &mut Reading<'_>) {
    let (case, reply) = case(name, table, context, reading);
    if let Some((first, _)) = cases.iter().find(|(known, _)| known.slug == case.slug && !case.slug.is_empty()) {
        reading.findings.push(duplicate_case_name::found(&case.name, &first.name, &case.slug));
    }
    cases.push((case, reply));
}

pub(super) fn case(name: Name, table: &Table, context: &CaseContext<'_>, reading: &mut Reading<'_>) -> ReadCase {
    let (now, microseconds) = times::now(table, reading);
    let expect = expect_reader::expect(table, context.contexts, &context.exits, reading);
    if table.entry("reply").is_none() {
        reading.findings.extend(expect_reader::without_reply(&expect));
    }
    let (answer, reply) = reply_reader::answer(table, context, reading);
    let case = Case {
        slug: slug(&name.value),
        now,
        microseconds,
        timezone: timezone(table, reading),
        uuid: uuid(table, reading),
        given: given(table, context, reading),
        answer: answer.unwrap_or(Answer::Unspecified),
        reply_template: None,
        token_answer: reply_reader::token_answer(table, context, reading),
        expect,
        name,
    };
    (case, reply)
}

pub(super) fn timezone(table: &Table, reading: &mut Reading<'_>) -> String {
    let Some(text) = reading.word(table, "timezone") else { return "UTC".into() };
    if crate::filter::knows_timezone(&text.text) {
        return text.text.to_string();
    }
    let got = format!("`{}`", text.text);
    reading.wrong_value(text.inside(), "a time zone, such as \"Europe/London\"", &got);
    "UTC".into()
}

pub(super) fn uuid(table: &Table, reading: &mut Reading<'_>) -> String {
    let Some(text) = reading.word(table, "uuid") else { return DEFAULT_UUID.into() };
    match uuid::Uuid::parse_str(&text.text) {
        Ok(uuid) => uuid.to_string(),
        Err(_) => {
            reading.wrong_value(text.inside(), "a UUID", &format!("`{}`", text.text));
            DEFAULT_UUID.into()
        }
    }
}

pub(super) fn given(table: &Table, context: &CaseContext<'_>, reading: &mut Reading<'_>) -> Given {
    let mut given = Given { attributes: context.ambient.clone(), secrets: Vec::new() };
    if let Some(contexts) = reading.table(table, "given") {
        for (name, key, node) in context.contexts.flatten(contexts) {
            if name.context() == "secret" {
                given.secrets.extend(secret(&name, key.span, node, context, reading));
            } else {
                given.attributes.put(attribute(name, key.span, node, context));
            }
        }
    }
    for null in reading.texts(table, "null") {
        let name = context.contexts.full_name(&null.value);
        given.attributes.put(GivenAttribute { name, value: Value::NULL, span: null.span });
    }
    given
}

fn attribute(name: AttributeName, span: Span, node: &Node, context: &CaseContext<'_>) -> GivenAttribute {
    let json = node.to_json();
    let declared = context.types.get(&name);
    let value = given_value(declared.map(|declaration| declaration.declared), json);
    GivenAttribute { name, value, span }
}

/// A secret's value: text, `{ file = "client.p12" }` or `{ base64 = "…" }`.
fn secret(
    name: &AttributeName,
    span: Span,
    node: &Node,
    context: &CaseContext<'_>,
    reading: &mut Reading<'_>,
) -> Option<GivenSecret> {
    let value = match &node.kind {
        Kind::Text(text) => text.text.to_string(),
        Kind::Integer(number) => number.to_string(),
        Kind::Table(table) => binary_secret(table, context, reading)?,
        _ => {
            reading.wrong_type(node, "text, `{ file = \"…\" }` or `{ base64 = \"…\" }`");
            return None;
        }
    };
    Some(GivenSecret { name: name.attribute().to_string(), value: TaintedText::secret(value), span })
}

/// The bytes of a secret as text; those that are no text travel as base64, as a certificate does on the platform.
fn binary_secret(table: &Table, context: &CaseContext<'_>, reading: &mut Reading<'_>) -> Option<String> {
    use base64::Engine;
    let engine = base64::engine::general_purpose::STANDARD;
    reading.check_keys(table, &SECRET);
    let bytes = if let Some(text) = reading.word(table, "base64") {
        let Ok(bytes) = engine.decode(text.text.as_bytes()) else {
            reading.wrong_value(text.inside(), "base64", "text that does not decode");
            return None;
        };
        bytes
    } else if let Some(file) = reading.word(table, "file") {
        // As `send` reads it: editors end a file with a line break, which is no part of a secret.
        without_line_break(read_beside(file, context, reading)?)
    } else {
        if SECRET.keys.iter().all(|key| table.entry(key.name).is_none()) {
            reading.missing(table.span, "file", SECRET.title);
        }
        return None;
    };
    Some(String::from_utf8(bytes).unwrap_or_else(|binary| engine.encode(binary.as_bytes())))
}

/// Text without the line break at its end; bytes that are no text as they are.
fn without_line_break(mut bytes: Vec<u8>) -> Vec<u8> {
    if std::str::from_utf8(&bytes).is_ok() && bytes.pop_if(|last| *last == b'\n').is_some() {
        bytes.pop_if(|last| *last == b'\r');
    }
    bytes
}
