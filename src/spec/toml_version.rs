//! What in a TOML file needs version 1.1.
//!
//! Source: the change log of TOML 1.1.0. The parser reads both versions and does not say which it met, so the reader shows
//! each key and value, as written, to one of these functions. Only the rare table that could be meant is cut into tokens.

use toml_parser::Source;
use toml_parser::lexer::TokenKind;

use super::lints::toml_1_1;
use crate::diagnostic::Diagnostic;
use crate::source::Span;

/// `\e` and `\xHH` in a text or a key, if it stands between double quotes.
pub fn check_text(raw: &str, span: Span, findings: &mut Vec<Diagnostic>) {
    if !raw.starts_with('"') {
        return;
    }
    let mut at = 0;
    while let Some(backslash) = raw.get(at..).and_then(|rest| Some(at + rest.find('\\')?)) {
        let letter = backslash + 1;
        let (length, replacement) = match raw.as_bytes().get(letter) {
            Some(b'e') => (2, "u001b"),
            Some(b'x') => (4, "u00"),
            next => {
                // What stands behind the backslash is no backslash of an escape; it may be a long character.
                at = letter + usize::from(next.is_some_and(u8::is_ascii));
                continue;
            }
        };
        let escape = part(span, backslash, backslash + length);
        findings.push(toml_1_1::escape(escape, part(span, letter, letter + 1), replacement));
        at = backslash + length;
    }
}

/// A date or a time. The first colon stands behind the hour, also where an offset follows.
pub fn check_time(raw: &str, span: Span, findings: &mut Vec<Diagnostic>) {
    const MINUTES: usize = 3;
    let Some(colon) = raw.find(':') else { return };
    let end = colon + MINUTES;
    if colon >= 2 && raw.as_bytes().get(end) != Some(&b':') {
        findings.push(toml_1_1::time_without_seconds(part(span, colon - 2, end)));
    }
}

/// A table. One finding, however many lines it has; tables inside of it are looked at by themselves.
pub fn check_table(raw: &str, span: Span, findings: &mut Vec<Diagnostic>) {
    let Some(inside) = raw.strip_prefix('{').and_then(|raw| raw.strip_suffix('}')) else { return };
    if !inside.contains('\n') && !inside.trim_end().ends_with(',') {
        return;
    }
    let (mut depth, mut comma) = (0_usize, None);
    for token in Source::new(raw).lex() {
        let place = part(span, token.span().start(), token.span().end());
        match token.kind() {
            TokenKind::LeftCurlyBracket | TokenKind::LeftSquareBracket => depth += 1,
            TokenKind::RightCurlyBracket | TokenKind::RightSquareBracket if depth > 1 => depth -= 1,
            TokenKind::Newline | TokenKind::Comment if depth == 1 => {
                return findings.push(toml_1_1::table_over_lines(place));
            }
            TokenKind::RightCurlyBracket => return findings.extend(comma.map(toml_1_1::comma_before_brace)),
            TokenKind::Newline | TokenKind::Comment | TokenKind::Whitespace => continue,
            _ => {}
        }
        comma = (token.kind() == TokenKind::Comma).then_some(place);
    }
}

fn part(span: Span, start: usize, end: usize) -> Span {
    Span::new(span.file, span.start + start, span.start + end)
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Diagnostic;
    use crate::source::Sources;
    use crate::spec::toml_text;

    /// What is marked, and the text with its fixes.
    fn found(text: &str) -> (Vec<&str>, String) {
        assert!(toml::de::DeTable::parse(text).is_ok(), "{text}");
        let mut findings: Vec<Diagnostic> = Vec::new();
        toml_text::parse(text, Sources::in_memory().add("a.toml", text), &mut findings);
        findings.sort_by_key(|found| found.span);
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
        assert_eq!(found("a = { # why\n b = {\n}}").0, ["# why", "\n"]);
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
        fn no_text_panics(inside in "[\\[\\]{}\"'\\\\exé:0-9,=#\n ]{0,60}") {
            let span = crate::source::Span::new(Sources::in_memory().add("a.toml", ""), 0, 0);
            for raw in [inside.clone(), format!("\"{inside}\""), format!("{{{inside}}}")] {
                super::check_text(&raw, span, &mut Vec::new());
                super::check_time(&raw, span, &mut Vec::new());
                super::check_table(&raw, span, &mut Vec::new());
            }
        }
    }
}
