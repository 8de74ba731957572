//! `[case.expect]` to [`Expect`].

use super::keys::{EXPECT, EXPECT_REQUEST};
use super::lints::wrong_type;
use super::matcher_reader::{body_matcher, matcher};
use super::names::Contexts;
use super::node::{Entry, Kind, Table};
use super::reading::Reading;
use crate::case::{ERROR_NAMES, Expect, ExpectedRequest};
use crate::diagnostic::nearest;
use crate::plan::AttributeName;
use crate::source::{Span, Spanned};

/// The expectations of a merged case.
pub fn expect(case: &Table, contexts: &Contexts, exits: &[&str], reading: &mut Reading<'_>) -> Expect {
    let mut expect = Expect::default();
    let Some(table) = reading.table(case, "expect") else { return expect };
    reading.check_keys(table, &EXPECT);
    expect.success = reading.boolean(table, "success").map(|flag| (flag.value, flag.span));
    expect.sent = reading.boolean(table, "sent").map(|flag| (flag.value, flag.span));
    expect.exit = word(table, "exit", exits, reading);
    expect.error = word(table, "error", &ERROR_NAMES, reading);
    expect.directive = text(table, "directive", reading);
    if let Some(attributes) = reading.table(table, "attributes") {
        for (name, key, node) in contexts.flatten(attributes) {
            expect.attributes.push((name, matcher(node, reading), key.span));
        }
    }
    expect.null = names(table, "null", contexts, reading);
    expect.unset = names(table, "unset", contexts, reading);
    not_written(table, contexts, &mut expect, reading);
    expect.log = reading.texts(table, "log").into_iter().map(|text| (text.value, text.span)).collect();
    expect.request = request(table, "request", reading);
    expect.token_request = request(table, "token_request", reading);
    expect.outcome_span = outcome_span(table);
    expect
}

/// The expectations with attribute names in full, so that tables can be merged key by key.
pub fn nested_names(expect: &Table, contexts: &Contexts, reading: &mut Reading<'_>) -> Table {
    let mut nested = expect.clone();
    for Entry { key, value } in &mut nested.entries {
        if let ("attributes", Kind::Table(attributes)) = (key.value.as_str(), &value.kind) {
            value.kind = Kind::Table(contexts.nest(attributes, reading));
        }
    }
    nested
}

/// The first expectation that needs an outcome.
fn outcome_span(table: &Table) -> Option<Span> {
    const OF_THE_REQUEST: [&str; 4] = ["request", "token_request", "sent", "error"];
    let mut entries = table.entries.iter();
    entries.find(|entry| !OF_THE_REQUEST.contains(&entry.key.value.as_str())).map(|entry| entry.key.span)
}

fn text(table: &Table, key: &str, reading: &mut Reading<'_>) -> Option<(String, Span)> {
    reading.text(table, key).map(|text| (text.text.to_string(), text.inside()))
}

/// One of a few words.
fn word(table: &Table, key: &str, known: &[&str], reading: &mut Reading<'_>) -> Option<(String, Span)> {
    let word = reading.word(table, key)?;
    if known.contains(&&*word.text) {
        return Some((word.text.to_string(), word.inside()));
    }
    reading.wrong_word(word, &format!("one of {}", known.join(", ")), known);
    None
}

fn names(table: &Table, key: &str, contexts: &Contexts, reading: &mut Reading<'_>) -> Vec<(AttributeName, Span)> {
    let texts = reading.texts(table, key);
    texts.into_iter().map(|Spanned { value, span }| (contexts.full_name(&value), span)).collect()
}

fn means_all(word: &str) -> bool {
    nearest(word, ["all"]).is_some() || ["everything", "anything", "any", "*"].contains(&word)
}

const NAMES_OR_ALL: &str = "a list of names, or \"all\"";

fn not_written(table: &Table, contexts: &Contexts, expect: &mut Expect, reading: &mut Reading<'_>) {
    match table.get("not_written") {
        None => {}
        Some(node) if node.as_text().is_some_and(|text| &*text.text == "all") => expect.nothing_written = Some(node.span),
        Some(node) if node.as_array().is_some() => expect.not_written = names(table, "not_written", contexts, reading),
        Some(node) => match node.as_text().filter(|text| means_all(&text.text)) {
            Some(word) => reading.other_word(word, NAMES_OR_ALL, "all"),
            None => reading.mendable(node, NAMES_OR_ALL, wrong_type::perhaps_as_list(node)),
        },
    }
}

fn request(table: &Table, key: &str, reading: &mut Reading<'_>) -> Option<ExpectedRequest> {
    let table = reading.table(table, key)?;
    reading.check_keys(table, &EXPECT_REQUEST);
    let mut request = ExpectedRequest {
        method: table.get("method").map(|node| (matcher(node, reading), node.span)),
        url: table.get("url").map(|node| (matcher(node, reading), node.span)),
        body: table.get("body").map(|node| (body_matcher(node, reading), node.span)),
        sent: reading.boolean(table, "sent").map(|flag| (flag.value, flag.span)),
        ..ExpectedRequest::default()
    };
    if let Some(node) = table.get("headers") {
        for (name, value) in reading.pairs(node) {
            request.headers.push((name.value, matcher(value, reading), name.span));
        }
    }
    let absent = reading.texts(table, "no_headers");
    request.no_headers = absent.into_iter().map(|name| (name.value, name.span)).collect();
    Some(request)
}
