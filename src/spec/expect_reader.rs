//! `[case.expect]` to [`Expect`].

use super::keys::{EXPECT, EXPECT_REQUEST};
use super::lints::{missing_key, wrong_type};
use super::matcher_reader::{body_matcher, matcher, text_matcher};
use super::names::Contexts;
use super::node::{Entry, Kind, Node, Table};
use super::reading::Reading;
use crate::case::{ERROR_NAMES, Expect, ExpectedRequest};
use crate::diagnostic::{Diagnostic, nearest};
use crate::plan::{AttributeName, ExitPattern};
use crate::source::{Span, Spanned};

/// The ways out that a platform has.
#[derive(Clone, Copy, Debug)]
pub struct KnownExits<'a> {
    pub names: &'a [&'a str],
    /// Whether an action may have more, named by status (`404`) or class (`4xx`).
    pub are_by_status: bool,
}

impl KnownExits<'_> {
    pub fn knows(&self, exit: &str) -> bool {
        self.names.contains(&exit) || self.are_by_status && ExitPattern::parse(exit).is_some()
    }
}

/// The expectations of a merged case.
pub fn expect(case: &Table, contexts: &Contexts, exits: &KnownExits<'_>, reading: &mut Reading<'_>) -> Expect {
    let mut expect = Expect::default();
    let Some(table) = reading.table(case, "expect") else { return expect };
    reading.check_keys(table, &EXPECT);
    expect.success = reading.boolean(table, "success").map(|flag| (flag.value, flag.span));
    expect.sent = reading.boolean(table, "sent").map(|flag| (flag.value, flag.span));
    expect.exit = exit(table, exits, reading);
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

/// An outcome is expected of a case without a reply. Where nothing is sent, the outcome follows from that.
pub fn without_reply(expect: &Expect) -> Option<Diagnostic> {
    let is_unsent = expect.error.is_some() || matches!(expect.sent, Some((false, _)));
    expect.outcome_span.filter(|_| !is_unsent).map(missing_key::reply)
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
fn exit(table: &Table, exits: &KnownExits<'_>, reading: &mut Reading<'_>) -> Option<(String, Span)> {
    let known = table.get("exit").and_then(Node::as_text).filter(|text| exits.knows(&text.text));
    if let Some(text) = known {
        return Some((text.text.to_string(), text.inside()));
    }
    word(table, "exit", exits.names, reading)
}

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
        method: table.get("method").map(|node| (text_matcher(node, reading), node.span)),
        url: table.get("url").map(|node| (text_matcher(node, reading), node.span)),
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

#[cfg(test)]
mod tests {
    use crate::dialect;
    use crate::source::Sources;
    use crate::spec::Manifest;

    /// What is said of a case, with the text at its place.
    fn found(case: &str) -> Vec<(String, String)> {
        let text = format!(
            "[action]\nname = \"a\"\nmethod = \"GET\"\nurl = \"https://a.example.com\"\n[[case]]\nname = \"c\"\n{case}\n"
        );
        let sources = Sources::in_memory();
        sources.add("specs/a.toml", text.as_str());
        let spec = dialect::compile("specs/a.toml", &Manifest::default(), &sources).expect("a text can be loaded");
        let place = |span: crate::source::Span| text[span.start..span.end].to_string();
        spec.diagnostics.into_iter().map(|found| (place(found.span), found.message)).collect()
    }

    #[test]
    fn an_outcome_needs_a_reply() {
        for (case, key) in [
            ("expect.success = true", "success"),
            ("expect.exit = '2xx'", "exit"),
            ("expect.attributes.x = 1", "attributes"),
        ] {
            let wanted = (key.to_string(), "an outcome is expected, but the case has no `reply`".to_string());
            assert_eq!(found(case), [wanted], "{case}");
            assert!(found(&format!("{case}\nreply.status = 200")).is_empty());
            assert!(found(&format!("{case}\nreply.fault = 'timeout'")).is_empty());
            assert!(found(&format!("{case}\n[defaults.reply]\nstatus = 200")).is_empty());
        }
        for case in ["expect.sent = true", "expect.request.method = 'GET'", "expect = { sent = false, success = false }"] {
            assert!(found(case).is_empty(), "{case}");
        }
    }

    #[test]
    fn a_url_and_a_method_are_texts() {
        for key in ["url", "method"] {
            for written in ["5", "true", "['x']"] {
                assert_eq!(found(&format!("expect.request.{key} = {written}")).len(), 1, "{key} = {written}");
            }
            for written in ["'x'", "{ contains = 'x' }"] {
                assert!(found(&format!("expect.request.{key} = {written}")).is_empty(), "{key} = {written}");
            }
        }
    }

    #[test]
    fn near_and_by_are_numbers() {
        let of = |rule: &str| found(&format!("reply.status = 200\nexpect.attributes.x = {rule}"));
        assert_eq!(
            of("{ near = 'x', by = 1 }"),
            [("near".into(), "expected a value or a matcher, found `near` with text".into())]
        );
        assert_eq!(of("{ near = 1, by = true }").len(), 1);
        assert!(of("{ near = 1, by = 0.5 }").is_empty());
        assert!(of("{ near = 'x', by = 1, at = 2 }").is_empty(), "a value like any other");
    }
}
