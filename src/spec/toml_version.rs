//! What in a TOML file needs version 1.1, told from the tokens alone.
//!
//! Source: the change log of TOML 1.1.0. The parser reads both versions and does not say which it met.

use std::ops::Range;

use toml_parser::Source;
use toml_parser::lexer::TokenKind;

use super::lints::toml_1_1;
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Span};

/// Reports it. `text` is known to be TOML.
pub fn check(text: &str, file: FileId, findings: &mut Vec<Diagnostic>) {
    let mut checker = Checker { text, file, open: Vec::new(), findings };
    for token in Source::new(text).lex() {
        checker.token(token.kind(), token.span().start()..token.span().end());
    }
}

/// A bracket that is not closed yet.
enum Open {
    /// A list, or a table's header.
    Square,
    Table {
        /// The first line break or comment between the braces.
        line: Option<Range<usize>>,
        /// A comma that nothing has followed yet.
        comma: Option<Range<usize>>,
    },
}

struct Checker<'a> {
    text: &'a str,
    file: FileId,
    open: Vec<Open>,
    findings: &'a mut Vec<Diagnostic>,
}

impl Checker<'_> {
    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.file, range.start, range.end)
    }

    fn token(&mut self, kind: TokenKind, range: Range<usize>) {
        match (kind, self.open.last_mut()) {
            (TokenKind::RightCurlyBracket | TokenKind::RightSquareBracket, _) => return self.close(),
            (TokenKind::Newline | TokenKind::Comment, Some(Open::Table { line, .. })) => {
                line.get_or_insert(range);
                return;
            }
            (TokenKind::Newline | TokenKind::Comment | TokenKind::Whitespace, _) => return,
            (TokenKind::Comma, Some(Open::Table { comma, .. })) => {
                *comma = Some(range);
                return;
            }
            (_, Some(Open::Table { comma, .. })) => *comma = None,
            _ => {}
        }
        match kind {
            TokenKind::LeftCurlyBracket => self.open.push(Open::Table { line: None, comma: None }),
            TokenKind::LeftSquareBracket => self.open.push(Open::Square),
            TokenKind::BasicString | TokenKind::MlBasicString => self.escapes(range),
            TokenKind::Atom => self.time(range),
            _ => {}
        }
    }

    /// One finding for a table, however many lines it has.
    fn close(&mut self) {
        let finding = match self.open.pop() {
            Some(Open::Table { line: Some(line), .. }) => toml_1_1::table_over_lines(self.span(line)),
            Some(Open::Table { comma: Some(comma), .. }) => toml_1_1::comma_before_brace(self.span(comma)),
            _ => return,
        };
        self.findings.push(finding);
    }

    /// `\e` and `\xHH` in a text between double quotes.
    fn escapes(&mut self, range: Range<usize>) {
        let (text, mut at) = (&self.text[..range.end], range.start);
        while let Some(backslash) = text.get(at..).and_then(|rest| Some(at + rest.find('\\')?)) {
            let letter = backslash + 1..backslash + 2;
            let (end, replacement) = match text.as_bytes().get(letter.start) {
                Some(b'e') => (letter.end, "u001b"),
                Some(b'x') => (letter.end + 2, "u00"),
                next => {
                    // What stands behind the backslash is no backslash of an escape; it may be a long character.
                    at = letter.start + usize::from(next.is_some_and(u8::is_ascii));
                    continue;
                }
            };
            let finding = toml_1_1::escape(self.span(backslash..end), self.span(letter), replacement);
            self.findings.push(finding);
            at = end;
        }
    }

    /// No bare key and no other value has a colon. The first one stands behind the hour, also where an offset follows.
    fn time(&mut self, range: Range<usize>) {
        const MINUTES: usize = 3;
        let atom = &self.text[range.clone()];
        let Some(colon) = atom.find(':') else { return };
        let end = colon + MINUTES;
        if colon >= 2 && end <= atom.len() && atom.as_bytes().get(end) != Some(&b':') {
            let time = self.span(range.start + colon - 2..range.start + end);
            self.findings.push(toml_1_1::time_without_seconds(time));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::source::Sources;

    /// What is marked, and the text with its fixes.
    fn found(text: &str) -> (Vec<&str>, String) {
        assert!(toml::de::DeTable::parse(text).is_ok(), "{text}");
        let mut findings = Vec::new();
        check(text, Sources::in_memory().add("a.toml", text), &mut findings);
        let mut edits: Vec<_> = findings.iter().filter_map(|found| found.fix.as_ref()).flat_map(|fix| &fix.edits).collect();
        edits.sort_by_key(|edit| std::cmp::Reverse(edit.span.start));
        let mut mended = text.to_string();
        for edit in edits {
            mended.replace_range(edit.span.start..edit.span.end, &edit.text);
        }
        (findings.iter().map(|found| &text[found.span.start..found.span.end]).collect(), mended)
    }

    #[test]
    fn each_construct_is_found_at_its_place_and_mended() {
        for (text, marked, mended) in [
            ("a = { b = 1, }", vec![","], "a = { b = 1 }"),
            ("a = [{ b = 1 ,}]", vec![","], "a = [{ b = 1 }]"),
            ("é = \"é\\e\\\\e\\x41\"", vec!["\\e", "\\x41"], "é = \"é\\u001b\\\\e\\u0041\""),
            ("\"\\x41\" = \"\"\"\n\\e\\\n\"\"\"", vec!["\\x41", "\\e"], "\"\\u0041\" = \"\"\"\n\\u001b\\\n\"\"\""),
            ("a = 07:32", vec!["07:32"], "a = 07:32:00"),
            ("a = [1979-05-27 07:32Z]", vec!["07:32"], "a = [1979-05-27 07:32:00Z]"),
            ("a = 1979-05-27T07:32-07:00", vec!["07:32"], "a = 1979-05-27T07:32:00-07:00"),
        ] {
            let text = text.replace("é =", "'é' =");
            let expected = mended.replace("é =", "'é' =");
            assert_eq!(found(&text), (marked, expected.clone()));
            assert!(found(&expected).0.is_empty(), "{expected}");
        }
    }

    #[test]
    fn a_table_over_lines_is_found_once() {
        assert_eq!(found("a = {\r\n  b = 1, # x\r\n  c = 2,\r\n}").0, ["\r\n"]);
        assert_eq!(found("a = { # why\n b = {\n}}").0, ["\n", "# why"]);
    }

    #[test]
    fn what_toml_1_0_reads_is_left_alone() {
        for text in [
            "a = { b = [\n1, # x\n], c = { d = 1 } }",
            "[[a]]\n[a.\"b{\"]\nc = [\n  { d = 1 },\n]",
            "a = '\\e\\x41'\nb = '''\\e'''\nc = \"\\u001b\\\\x41\\n\"",
            "a = 07:32:00\nb = 1979-05-27T07:32:00-07:00\nc = 1979-05-27 07:32:00.5\nd = 1979-05-27\ne = \"7:32\"",
            "a = { b = \"\"\"\n\"\"\" }",
            "a = {}",
        ] {
            assert_eq!(found(text), (Vec::new(), text.to_string()));
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "[\\[\\]{}\"'\\\\exé:0-9,=#\n ]{0,60}") {
            check(&text, Sources::in_memory().add("a.toml", ""), &mut Vec::new());
        }
    }
}
