//! TOML text to [`Node`]s: parsed by the `toml` crate with recovery, so that one run shows several mistakes.

use toml::Spanned as TomlSpanned;
use toml::de::{DeTable, DeValue};

use super::lints::{toml_syntax, wrong_type};
use super::node::{Entry, Kind, Node, Table};
use super::toml_slips::Told;
use super::{toml_notation, toml_version};
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Mapped, Piece, Span, Spanned, floor_boundary};

/// Tables and arrays nested deeper than this are refused.
pub const MAX_NESTING: usize = 64;

/// Keys of one table beyond this many are refused: names are compared with one another.
pub const MAX_KEYS: usize = 10_000;

/// A broken array gives a mistake for each of its lines: show the first few only.
const MAX_SYNTAX_FINDINGS: usize = 10;

/// The document, without what could not be read; findings say what that was.
pub fn parse(text: &str, file: FileId, findings: &mut Vec<Diagnostic>) -> Table {
    let (document, mut errors) = DeTable::parse_recoverable(text);
    errors.sort_by_key(|error| error.span().map_or(0, |span| span.start));
    let (mut counted, mut line) = (0, 0);
    let mut last_line = None;
    let mut shown = 0;
    let mut told = Told::default();
    for error in &errors {
        if shown == MAX_SYNTAX_FINDINGS {
            break;
        }
        let range = error.span().unwrap_or(0..0);
        let range = floor_boundary(text, range.start)..floor_boundary(text, range.end.max(range.start));
        // Counted on from the error before: there may be one in each of a hundred thousand lines.
        line += text[counted..range.start].bytes().filter(|byte| *byte == b'\n').count();
        counted = range.start;
        if last_line == Some(line) {
            continue;
        }
        last_line = Some(line);
        let span = |range: std::ops::Range<usize>| Span::new(file, range.start, range.end);
        let Some(slip) = told.slip(text, range, line, error.message()) else { continue };
        shown += 1;
        let found = toml_syntax::found(span(slip.range), slip.message, slip.help);
        findings.push(match slip.first {
            Some(first) => found.related(span(first), "it stands here first"),
            None => found,
        });
    }
    // What is recovered from mistakes need not be what is written.
    let shows_version = errors.is_empty();
    let mut reader = Reader { text, file, shows_version, findings };
    reader.table(document.get_ref(), document.span(), 0)
}

struct Reader<'a> {
    text: &'a str,
    file: FileId,
    shows_version: bool,
    findings: &'a mut Vec<Diagnostic>,
}

impl Reader<'_> {
    /// Shows what is written to a check of its TOML version.
    fn show(&mut self, check: fn(&str, Span, &mut Vec<Diagnostic>), span: Span) {
        if self.shows_version {
            check(&self.text[span.start..span.end], span, self.findings);
        }
    }

    fn span(&self, range: std::ops::Range<usize>) -> Span {
        Span::new(self.file, floor_boundary(self.text, range.start), floor_boundary(self.text, range.end))
    }

    fn table(&mut self, table: &DeTable<'_>, range: std::ops::Range<usize>, depth: usize) -> Table {
        let span = self.span(range);
        let mut entries = Vec::with_capacity(table.len().min(MAX_KEYS));
        if table.len() > MAX_KEYS {
            let expected = format!("at most {MAX_KEYS} keys in a table");
            self.findings.push(wrong_type::found(span, &expected, &format!("{} keys", table.len())));
        }
        for (key, value) in table.iter().take(MAX_KEYS) {
            let written = key.span();
            let key = Spanned::new(key.get_ref().to_string(), self.inside_quotes(written.clone()));
            self.show(toml_version::check_text, self.span(written));
            if let Some(value) = self.node(value, depth + 1) {
                entries.push(Entry { key, value });
            }
        }
        Table { entries, span }
    }

    /// A key's place is what stands between its quotes, so that another name can take it.
    fn inside_quotes(&self, range: std::ops::Range<usize>) -> Span {
        let span = self.span(range);
        let raw = &self.text[span.start..span.end];
        let is_quoted = |quote: char| raw.len() > 2 && raw.starts_with(quote) && raw.ends_with(quote);
        match is_quoted('"') || is_quoted('\'') {
            true => Span::new(self.file, span.start + 1, span.end - 1),
            false => span,
        }
    }

    fn node(&mut self, value: &TomlSpanned<DeValue<'_>>, depth: usize) -> Option<Node> {
        let span = self.span(value.span());
        if depth > MAX_NESTING {
            let expected = format!("at most {MAX_NESTING} levels of tables and lists");
            self.findings.push(wrong_type::found(span, &expected, "more"));
            return None;
        }
        match value.get_ref() {
            DeValue::String(_) => self.show(toml_version::check_text, span),
            DeValue::Datetime(_) => self.show(toml_version::check_time, span),
            DeValue::Table(_) => self.show(toml_version::check_table, span),
            _ => {}
        }
        let kind = match value.get_ref() {
            DeValue::String(decoded) => Kind::Text(self.string(decoded, span)),
            DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
                Ok(number) => Kind::Integer(number),
                Err(_) => {
                    self.findings.push(wrong_type::found(span, "a whole number of 64 bits", "a larger one"));
                    return None;
                }
            },
            DeValue::Float(number) => Kind::Float(number.as_str().parse().ok()?),
            DeValue::Boolean(flag) => Kind::Boolean(*flag),
            DeValue::Datetime(date) => Kind::DateTime(date.to_string()),
            DeValue::Array(items) => Kind::Array(items.iter().filter_map(|item| self.node(item, depth + 1)).collect()),
            DeValue::Table(table) => Kind::Table(self.table(table, value.span(), depth)),
        };
        Some(Node { kind, span })
    }

    fn string(&self, decoded: &str, span: Span) -> Mapped {
        let raw = &self.text[span.start..span.end];
        let mapped = match decode(raw, span.start) {
            Some((text, pieces)) if text == decoded => match pieces.as_slice() {
                [piece] if piece.decoded_length == piece.source_length => {
                    Mapped::verbatim(decoded, self.file, piece.source).with_whole(span)
                }
                _ => Mapped::decoded(text, pieces, span),
            },
            // What was recovered from a broken string has no faithful map: all of it stands for all of it.
            _ => {
                return Mapped::decoded(
                    decoded.to_string(),
                    vec![Piece {
                        decoded: 0,
                        decoded_length: decoded.len(),
                        source: span.start,
                        source_length: span.end - span.start,
                    }],
                    span,
                )
                .with_notation(|_, _| None);
            }
        };
        mapped.with_notation(toml_notation::of(raw))
    }
}

/// Decodes a TOML string that `toml` has accepted, and remembers where each byte came from. `base` is where `raw` starts.
fn decode(raw: &str, base: usize) -> Option<(String, Vec<Piece>)> {
    let (quotes, literal) = match raw {
        _ if raw.starts_with("'''") => (3, true),
        _ if raw.starts_with("\"\"\"") => (3, false),
        _ => (1, raw.starts_with('\'')),
    };
    let end = raw.len().checked_sub(quotes)?;
    let mut at = quotes;
    if quotes == 3 {
        let inside = raw.get(at..end)?;
        at += if inside.starts_with("\r\n") { 2 } else { usize::from(inside.starts_with('\n')) };
    }
    let mut decoder = Decoder { raw, base, text: String::new(), pieces: Vec::new() };
    while at < end {
        let rest = raw.get(at..end)?;
        at = match rest.find('\\').filter(|_| !literal) {
            Some(0) => decoder.escape(at)?,
            Some(length) => decoder.verbatim(at, at + length),
            None => decoder.verbatim(at, end),
        };
    }
    if decoder.pieces.is_empty() {
        decoder.pieces.push(Piece { decoded: 0, decoded_length: 0, source: base + at, source_length: 0 });
    }
    Some((decoder.text, decoder.pieces))
}

struct Decoder<'a> {
    raw: &'a str,
    base: usize,
    text: String,
    pieces: Vec<Piece>,
}

impl Decoder<'_> {
    /// A run without escapes. TOML newlines are kept as written, CRLF included.
    fn verbatim(&mut self, from: usize, to: usize) -> usize {
        self.pieces.push(Piece {
            decoded: self.text.len(),
            decoded_length: to - from,
            source: self.base + from,
            source_length: to - from,
        });
        self.text.push_str(&self.raw[from..to]);
        to
    }

    /// One escape from its backslash on; gives where it ends.
    fn escape(&mut self, from: usize) -> Option<usize> {
        let kind = *self.raw.as_bytes().get(from + 1)?;
        let digits = |count: usize| -> Option<(char, usize)> {
            let code = u32::from_str_radix(self.raw.get(from + 2..from + 2 + count)?, 16).ok()?;
            Some((char::from_u32(code)?, from + 2 + count))
        };
        let (character, end) = match kind {
            b'b' => ('\x08', from + 2),
            b't' => ('\t', from + 2),
            b'n' => ('\n', from + 2),
            b'f' => ('\x0c', from + 2),
            b'r' => ('\r', from + 2),
            b'e' => ('\x1b', from + 2),
            b'"' => ('"', from + 2),
            b'\\' => ('\\', from + 2),
            b'x' => digits(2)?,
            b'u' => digits(4)?,
            b'U' => digits(8)?,
            _ => {
                let rest = &self.raw[from + 1..];
                return Some(from + 1 + rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len());
            }
        };
        self.pieces.push(Piece {
            decoded: self.text.len(),
            decoded_length: character.len_utf8(),
            source: self.base + from,
            source_length: end - from,
        });
        self.text.push(character);
        Some(end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    fn read(text: &str) -> (Table, Vec<Diagnostic>) {
        let sources = Sources::in_memory();
        let mut findings = Vec::new();
        let table = parse(text, sources.add("a.toml", text), &mut findings);
        (table, findings)
    }

    #[test]
    fn every_kind_of_string_leads_back_to_its_bytes() {
        let text = "a = \"x\\ty\"\nb = '''\r\nx\\ty'''\nc = \"\"\"\nx\\\n   y\"\"\"\nd = \"\\u00e9z\"\n";
        let (table, findings) = read(text);
        assert!(findings.is_empty());
        let written = |key: &str, from: usize, to: usize| {
            let span = table.get(key).and_then(Node::as_text).expect("text").span(from..to);
            &text[span.start..span.end]
        };
        assert_eq!(written("a", 1, 2), "\\t");
        assert_eq!(written("b", 0, 4), "x\\ty");
        assert_eq!(written("c", 1, 2), "y");
        assert_eq!(written("d", 0, 2), "\\u00e9");
        assert_eq!(written("d", 2, 3), "z");
    }

    #[test]
    fn a_key_stands_between_its_quotes() {
        let text = "'a b' = 1\n\"c\".d = 2\n\"\" = 3\n[x.\"y\"]\n";
        let (table, _) = read(text);
        let written =
            |table: &Table, key: &str| table.entry(key).map(|entry| &text[entry.key.span.start..entry.key.span.end]);
        assert_eq!(written(&table, "a b"), Some("a b"));
        assert_eq!(written(&table, "c"), Some("c"));
        assert_eq!(written(&table, ""), Some("\"\""));
        assert_eq!(table.table("x").and_then(|inner| written(inner, "y")), Some("y"));
    }

    #[test]
    fn several_mistakes_are_found_in_one_run_and_the_rest_is_read() {
        let (table, findings) = read("a = \nb = 2\nc = [1,\nd = 'x\n");
        assert!(findings.len() >= 2, "{findings:?}");
        assert!(table.get("b").is_some());
    }

    #[test]
    fn deep_nesting_is_refused_at_any_depth() {
        for depth in [65, 500, 10_000] {
            let text = format!("a = {}{}", "[".repeat(depth), "]".repeat(depth));
            let (_, findings) = read(&text);
            assert!(!findings.is_empty(), "{depth}");
        }
    }

    #[test]
    fn a_mistake_in_each_of_many_lines_is_told_in_time() {
        let (_, findings) = read(&"<<<<<<< a\n".repeat(50_000));
        assert_eq!(findings.len(), 1);
    }

    #[test]
    fn a_table_of_too_many_keys_is_cut() {
        let text: String = (0..=MAX_KEYS).map(|number| format!("a{number} = 1\n")).collect();
        let (table, findings) = read(&text);
        assert_eq!((table.entries.len(), findings.len()), (MAX_KEYS, 1));
        assert_eq!(findings[0].message, "expected at most 10000 keys in a table, found 10001 keys");
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,200}") {
            read(&text);
        }

        #[test]
        fn decoding_agrees_with_the_toml_crate(inside in "[a-z\\\\\"'ntux0-9é\n\r ]{0,40}") {
            for quoted in [format!("\"{inside}\""), format!("\"\"\"{inside}\"\"\""), format!("'{inside}'"), format!("'''{inside}'''")] {
                let text = format!("a = {quoted}\n");
                let (document, errors) = DeTable::parse_recoverable(&text);
                if errors.is_empty() && let Some((_, value)) = document.get_ref().iter().next() && let DeValue::String(expected) = value.get_ref() {
                    let (decoded, _) = decode(&text[value.span()], 0).expect("accepted by toml");
                    proptest::prop_assert_eq!(decoded, expected.to_string());
                }
            }
        }
    }
}
