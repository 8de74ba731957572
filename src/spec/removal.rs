//! What has to go with an entry that goes, so that the rest is still TOML or JSON, and every other byte stays.

use std::ops::Range;

use super::node::Entry;
use crate::source::{Mapped, Span};

const BLANK: [char; 4] = [' ', '\t', '\n', '\r'];

/// The text of a TOML entry: its lines, a comment behind it included, or in an inline table its place in the list.
/// `None` where that cannot be told for certain.
pub fn of_entry(text: &str, entry: &Entry) -> Option<Span> {
    let (key, value) = (entry.key.span, entry.value.span);
    // The place of a key is inside its quotes.
    let is_quoted = text[..key.start].ends_with(['"', '\'']);
    let written = statement_start(text, key.start - usize::from(is_quoted))?..value.end;
    // Only in an inline table can a comma or a brace follow.
    let range = match text[past_blanks_and_comments(text, value.end)..].chars().next() {
        Some(',' | '}') if follows_a_comment(text, written.start) => None,
        Some(',' | '}') => member(text, written),
        _ => lines(text, written),
    }?;
    Some(Span::new(key.file, range.start, range.end))
}

/// The text of a member of a JSON object; `written` is its range in the document, from the key to the end of the value.
pub fn of_member(document: &Mapped, written: Range<usize>) -> Option<Span> {
    // A text that could not be traced stands as a whole for each of its parts.
    let is_traced = document.span(0..0).start > document.whole().start;
    let range = member(&document.text, written).filter(|_| is_traced)?;
    Some(document.span(range))
}

/// Where `auth.variables.nonce = …` starts, when `key` is where `nonce` does.
fn statement_start(text: &str, key: usize) -> Option<usize> {
    let mut start = key;
    loop {
        let before = text[..start].trim_end_matches([' ', '\t']);
        let Some(before) = before.strip_suffix('.') else { return Some(start) };
        let before = before.trim_end_matches([' ', '\t']);
        let part = match before.chars().last()? {
            quote @ ('"' | '\'') => {
                let inside = &before[..before.len() - 1];
                // An escape in a key is rare, and hard to read backwards.
                let part = &before[inside.rfind(quote)?..];
                Some(part).filter(|part| !part.contains(['\\', '\n']))?
            }
            _ => before.rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-').next()?,
        };
        if part.is_empty() {
            return None;
        }
        start = before.len() - part.len();
    }
}

fn past_blanks_and_comments(text: &str, mut at: usize) -> usize {
    loop {
        at = text.len() - text[at..].trim_start_matches(BLANK).len();
        if !text[at..].starts_with('#') {
            return at;
        }
        at = end_of_line(text, at);
    }
}

/// Whether the text before is on another line, which may end in a comment: TOML 1.1 allows that in an inline table.
fn follows_a_comment(text: &str, start: usize) -> bool {
    let before = text[..start].trim_end_matches(BLANK);
    let is_another_line = text[before.len()..start].contains('\n');
    is_another_line && before[start_of_line(before, before.len())..].contains('#')
}

/// A member of a list in braces, with one of the commas around it.
fn member(text: &str, written: Range<usize>) -> Option<Range<usize>> {
    let before = text[..written.start].trim_end_matches(BLANK).len();
    let opening = text[..before].chars().last().filter(|opening| matches!(opening, ',' | '{'))?;
    let closing = past_blanks_and_comments(text, written.end);
    match (text[closing..].chars().next()?, opening) {
        (',', _) => Some(with_comma_behind(text, written.start, closing + 1)),
        ('}', ',') => Some(before - 1..written.end),
        ('}', _) => Some(before..written.end),
        _ => None,
    }
}

/// All of the line where the member has one to itself, else up to what comes next.
fn with_comma_behind(text: &str, start: usize, end: usize) -> Range<usize> {
    let line = start_of_line(text, start);
    let next_line = end_of_line(text, end);
    let is_alone = text[line..start].trim().is_empty() && text[end..next_line].trim().is_empty();
    match is_alone && text[..next_line].ends_with('\n') {
        true => line..next_line,
        false => start..text.len() - text[end..].trim_start_matches([' ', '\t']).len(),
    }
}

/// The whole lines of an entry, if nothing else stands on them.
fn lines(text: &str, written: Range<usize>) -> Option<Range<usize>> {
    let (start, end) = (start_of_line(text, written.start), end_of_line(text, written.end));
    let behind = text[written.end..end].trim();
    let is_alone = text[start..written.start].trim().is_empty() && (behind.is_empty() || behind.starts_with('#'));
    is_alone.then_some(start..end)
}

fn start_of_line(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |newline| newline + 1)
}

/// Behind the line break, or the end of the text.
fn end_of_line(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |newline| at + newline + 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::source::Sources;
    use crate::spec::json_text::{self, Document, JsonNode};
    use crate::spec::node::Table;
    use crate::spec::toml_text;
    use crate::value::{Json, Map};

    fn parse(text: &str) -> Table {
        let sources = Sources::in_memory();
        let mut findings = Vec::new();
        let table = toml_text::parse(text, sources.add("a.toml", text), &mut findings);
        findings.retain(|found| found.lint.name != "toml-1-1");
        assert!(findings.is_empty(), "{findings:?} in\n{text}");
        table
    }

    fn without(text: &str, cut: Span) -> String {
        [&text[..cut.start], &text[cut.end..]].concat()
    }

    /// The text after the entry at a dotted path was taken out.
    fn removed(text: &str, path: &str) -> Option<String> {
        let document = parse(text);
        let mut table = &document;
        let (tables, key) = path.rsplit_once('.').unwrap_or(("", path));
        for name in tables.split('.').filter(|name| !name.is_empty()) {
            table = table.table(name).expect("a table");
        }
        let cut = of_entry(text, table.entry(key).expect("an entry"))?;
        let rest = without(text, cut);
        let mut wanted = document.to_json();
        take_out(&mut wanted, path);
        let mut left = parse(&rest).to_json();
        take_out(&mut left, path);
        assert_eq!(left, wanted, "{text}\nbecame\n{rest}");
        assert!(!rest.contains("GONE"), "{rest}");
        Some(rest)
    }

    /// Takes out an entry, and the tables that were there for its sake alone.
    fn take_out(json: &mut Map<String, Json>, path: &str) {
        let Some((first, rest)) = path.split_once('.') else {
            json.remove(path);
            return;
        };
        let Some(Json::Object(inner)) = json.get_mut(first) else { return };
        take_out(inner, rest);
        if inner.is_empty() {
            json.remove(first);
        }
    }

    #[test]
    fn lines_go_with_the_comment_behind_them() {
        let cut = |text| removed(text, "v.b").expect("a cut");
        assert_eq!(cut("[v]\n# stays\n  b = 'GONE' # GONE\nc = 1\n"), "[v]\n# stays\nc = 1\n");
        assert_eq!(cut("[v]\r\nb = '''GONE\r\nGONE'''\r\n\r\n[w]\r\n"), "[v]\r\n\r\n[w]\r\n");
        assert_eq!(cut("[v]\na = 1\nb = 'GONE'"), "[v]\na = 1\n");
        assert_eq!(cut("x = 1\nv . \"b\" = 'GONE'\n"), "x = 1\n");
    }

    #[test]
    fn a_comma_goes_with_its_entry() {
        let cut = |text| removed(text, "v.b").expect("a cut");
        assert_eq!(cut("v = { a = 1, b = 'GONE', c = 2 }"), "v = { a = 1, c = 2 }");
        assert_eq!(cut("v = { b = 'GONE', c = 2 } # x"), "v = { c = 2 } # x");
        assert_eq!(cut("v = { a = 1, b = 'GONE' }"), "v = { a = 1 }");
        assert_eq!(cut("v = { b = 'GONE' }"), "v = { }");
        assert_eq!(removed("w = { v.b = 'GONE', 'v' . c = 2 }", "w.v.b").as_deref(), Some("w = { 'v' . c = 2 }"));
        assert_eq!(removed("w = { v.c = 2, \"v\".b = 'GONE' }", "w.v.b").as_deref(), Some("w = { v.c = 2 }"));
    }

    #[test]
    fn lines_of_an_inline_table() {
        let cut = |text| removed(text, "v.b");
        assert_eq!(cut("v = {\n  a = 1,\n  b = 'GONE',\n  c = 2,\n}").as_deref(), Some("v = {\n  a = 1,\n  c = 2,\n}"));
        assert_eq!(cut("v = {\n  a = 1,\n  b = 'GONE'\n}").as_deref(), Some("v = {\n  a = 1\n}"));
        assert_eq!(cut("v = {\n  a = 1, # x,\n  b = 'GONE'\n}"), None, "the comma may be the comment's");
    }

    fn json_without(file: &str, name: &str) -> Option<String> {
        let table = parse(file);
        let config = table.get("c").and_then(|node| node.as_text()).expect("a text");
        let Ok(Document { root: JsonNode::Object(entries), .. }) = json_text::parse(config, |_| None) else {
            panic!("an object in\n{file}")
        };
        let (key, value) = entries.into_iter().find(|(key, _)| &*key.text.text == name).expect("a member");
        let JsonNode::Text(value) = value else { panic!("a text") };
        let cut = of_member(config, key.written.start..value.written.end)?;
        let rest = without(file, cut);
        let object = |file: &str| {
            let text = parse(file).get("c").and_then(|node| node.as_text()).expect("a text").text.to_string();
            serde_json::from_str::<Map<String, Json>>(&text).expect("JSON")
        };
        let mut wanted = object(file);
        wanted.remove(name);
        assert_eq!(object(&rest), wanted, "{rest}");
        Some(rest)
    }

    #[test]
    fn members_of_pasted_json() {
        let cut = |file| json_without(file, "b").expect("a cut");
        assert_eq!(cut("c = '''{\n  \"a\": \"1\",\n  \"b\": \"2\"\n}'''"), "c = '''{\n  \"a\": \"1\"\n}'''");
        assert_eq!(
            cut("c = '''\r\n{\r\n  \"b\": \"2\",\r\n  \"a\": \"1\"\r\n}'''"),
            "c = '''\r\n{\r\n  \"a\": \"1\"\r\n}'''"
        );
        assert_eq!(cut(r#"c = "{\"b\": \"2\\n\", \"a\": \"é\"}""#), r#"c = "{\"a\": \"é\"}""#);
        assert_eq!(cut(r#"c = '{"b": "2"}'"#), "c = '{}'");
    }

    const VALUES: [&str; 6] =
        ["'GONE'", "\"GO\\u004eE\"", "'''\nGO,NE }\n'''", "\"\"\"GONE \\\n  x\"\"\"", "\"é, }\"", "\"# \\\" =\""];

    proptest! {
        #[test]
        fn what_is_left_is_the_same_without_the_entry(
            values in proptest::collection::vec(0..VALUES.len(), 1..5),
            which in 0usize..5,
            style in 0usize..6,
            newline in 0usize..2,
        ) {
            let which = which % values.len();
            let entry = |(index, value): (usize, &usize)| format!("k{index} = {}", VALUES[*value].replace("GONE", "stays"));
            let entries: Vec<String> = values.iter().enumerate().map(entry).collect();
            let text = match style {
                0 => format!("[v]\n{}\n", entries.join("\n")),
                1 => format!("[v] # x\n  {}", entries.join(" # b\n\n# c\n  ")),
                2 => format!("v = {{ {} }}\n", entries.join(", ")),
                3 => format!("v = {{{}}}", entries.join(",")),
                4 => format!("v.{}\n[w]\n", entries.join("\nv.")),
                _ => format!("v = {{\n{},\n}}", entries.join(",\n\t")),
            };
            let text = if newline == 1 { text.replace('\n', "\r\n") } else { text };
            // Only where a `#` stands on the line before may the place be in doubt.
            let is_certain = style < 5 || !text.contains('#');
            prop_assert!(removed(&text, &format!("v.k{which}")).is_some() || !is_certain, "{}", text);
        }
    }
}
