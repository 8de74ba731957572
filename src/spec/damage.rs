//! Files that are not TOML: what of them nobody may rely on, and what no frame may show.
//!
//! What the parser recovers from a mistake need not be what was meant, so a secret may stand where no tree has one. Here the
//! text itself is looked at, line by line, and rather too much is hidden than too little.

use std::ops::Range;

use super::node::{Kind, Node, Table};
use crate::diagnostic::Diagnostic;
use crate::plan::looks_like_credential;
use crate::source::{SourceFile, Span};

/// The lines that break the rules of TOML, and every value that reaches into one of them. Empty for a file that is TOML.
pub fn places(table: &Table, file: &SourceFile, findings: &[Diagnostic]) -> Vec<Span> {
    let syntax = findings.iter().filter(|found| found.lint.name == "toml-syntax");
    let mut places: Vec<Span> = syntax.map(|found| whole_lines(file, found.span)).collect();
    if places.is_empty() {
        return places;
    }
    let lines = places.clone();
    table.entries.iter().for_each(|entry| reaching(&entry.value, &lines, &mut places));
    places
}

fn whole_lines(file: &SourceFile, span: Span) -> Span {
    let line = |offset| file.line(file.position(offset).line);
    Span::new(span.file, line(span.start).start, line(span.end).end)
}

fn reaching(node: &Node, lines: &[Span], places: &mut Vec<Span>) {
    match &node.kind {
        Kind::Table(table) => table.entries.iter().for_each(|entry| reaching(&entry.value, lines, places)),
        Kind::Array(items) => items.iter().for_each(|item| reaching(item, lines, places)),
        // What lies in one of the lines is covered by it.
        _ if lines.iter().any(|line| line.contains(node.span)) => {}
        _ if lines.iter().any(|line| line.touches(node.span)) => places.push(node.span),
        _ => {}
    }
}

/// Registers all that may be a secret or another credential.
pub fn hide(file: &SourceFile) {
    let mut scan = Scan { file, is_secret: false, open: None };
    let mut start = 0;
    for line in file.text.split_inclusive('\n') {
        scan.line(start..start + line.trim_end_matches(['\n', '\r']).len());
        start += line.len();
    }
}

/// More words of a line are hidden together only.
const MOST_WORDS: usize = 64;

/// In a longer line nothing is looked for: it is hidden as a whole if it names secrets at all.
const LONGEST_LINE: usize = 4096;

struct Scan<'a> {
    file: &'a SourceFile,
    /// Under a header that names secrets.
    is_secret: bool,
    /// What ends a secret value that goes on over the lines: three quotes, or a header.
    open: Option<&'static str>,
}

impl Scan<'_> {
    fn line(&mut self, line: Range<usize>) {
        let text = &self.file.text[line.clone()];
        if let Some(end) = self.open {
            if end.is_empty() && is_header(text) {
                self.open = None;
            } else {
                self.open = self.open.filter(|end| end.is_empty() || !text.contains(end));
                return self.hide(line);
            }
        }
        if is_header(text) {
            self.is_secret = names_secrets(text);
            return;
        }
        let value = if self.is_secret { Some(value_start(text)) } else { secret_value(text) };
        match value {
            Some(at) => {
                self.hide(line.start + at..line.end);
                self.open = unclosed(&text[at..]);
            }
            None => self.credential(line),
        }
    }

    /// A credential that was written down where a secret should stand.
    fn credential(&self, line: Range<usize>) {
        let text = &self.file.text[line.clone()];
        let is_separator = |character: char| matches!(character, '=' | ':' | ',' | '{' | '[' | '?' | '&');
        let mut start = 0;
        let mut name = "";
        for part in text.split_inclusive(is_separator) {
            let value = part.trim_end_matches(is_separator);
            let quoted = value.trim_matches(|character: char| character.is_whitespace() || "\"'\\}])".contains(character));
            if looks_like_credential(name, quoted) {
                return self.hide(line.start + start..line.end);
            }
            name = if part.ends_with(['=', ':']) { quoted } else { "" };
            start += part.len();
        }
    }

    /// The whole, so that frames show nothing of it, and each word, so that no message quotes one.
    fn hide(&self, range: Range<usize>) {
        let text = &self.file.text[range.clone()];
        let range = range.end - text.trim_start().len()..range.end;
        let text = text.trim_start();
        let is_edge = |character: char| character.is_whitespace() || "\"',={}[]".contains(character);
        let mut start = range.start;
        for word in text.split_inclusive(is_edge).take(MOST_WORDS) {
            let length = word.trim_end_matches(is_edge).len();
            if length > 0 {
                self.file.hide(start..start + length);
            }
            start += word.len();
        }
        if !range.is_empty() {
            self.file.hide(range);
        }
    }
}

/// `[a.b]`, `[[a]]`, and the same without the brackets at its end; not a row such as `["a", "1"],`.
fn is_header(line: &str) -> bool {
    let Some(inside) = line.trim_start().strip_prefix('[') else { return false };
    let inside = inside.trim_start_matches('[');
    let is_part = |character: char| character.is_alphanumeric() || "._-\"' \t".contains(character);
    let end = inside.find(|character| !is_part(character)).unwrap_or(inside.len());
    let rest = inside[end..].trim_start_matches(']').trim_start();
    !inside[..end].trim().is_empty() && (rest.is_empty() || rest.starts_with('#'))
}

fn names_secrets(header: &str) -> bool {
    let is_edge = |character: char| "[].\"' \t#".contains(character);
    header.split(is_edge).any(|segment| matches!(segment, "secret" | "secrets"))
}

/// Where the value begins in a line under secrets: behind `=` or `:`, or behind a bare key that a quote follows. A line
/// without either is all value.
fn value_start(line: &str) -> usize {
    let is_key = |character: char| character.is_alphanumeric() || "_-.\"' \t".contains(character);
    let end = line.find(|character| !is_key(character)).unwrap_or(line.len());
    let rest = &line[end..];
    // `AAAA==` is the end of a text in Base64.
    if rest.starts_with(['=', ':']) && !rest[1..].trim_start_matches('=').trim().is_empty() {
        return end + 1;
    }
    let key = line.trim_start();
    let bare = key.find(|character: char| !(character.is_alphanumeric() || "_-.".contains(character))).unwrap_or(0);
    let before = line.len() - key.len() + bare;
    let follows_quote = line[before..].trim_start().starts_with(['"', '\'']) && line[before..].starts_with([' ', '\t']);
    if bare > 0 && follows_quote { before } else { 0 }
}

/// Behind a key with a segment `secret`, anywhere in a line. References (`{secret.key}`, `@secret.key`) are no keys.
fn secret_value(line: &str) -> Option<usize> {
    if line.len() > LONGEST_LINE {
        return line.contains("secret").then_some(0);
    }
    line.match_indices("secret").find_map(|(at, word)| {
        let before = line[..at].chars().next_back();
        if before.is_some_and(|character| character.is_alphanumeric() || "_-@".contains(character)) {
            return None;
        }
        let rest = &line[at + word.len()..];
        let rest = rest.strip_prefix('s').unwrap_or(rest);
        let path = rest.trim_start_matches(|character: char| character.is_alphanumeric() || "._-".contains(character));
        let is_whole = path.len() == rest.len() || rest.starts_with('.');
        let behind = path.trim_start_matches(['"', '\'', ' ', '\t']);
        let had_quote = path[..path.len() - behind.len()].contains(['"', '\'']);
        let is_key = behind.starts_with(['=', ':', '{']) || (had_quote && !behind.is_empty() && before != Some('{'));
        (is_whole && is_key).then(|| line.len() - behind.strip_prefix(['=', ':']).unwrap_or(behind).len())
    })
}

/// What ends a value that its line does not end.
fn unclosed(value: &str) -> Option<&'static str> {
    let is_open = |quotes: &str| value.matches(quotes).count() % 2 == 1;
    match value {
        _ if is_open("'''") => Some("'''"),
        _ if is_open("\"\"\"") => Some("\"\"\""),
        _ if value.matches('{').count() > value.matches('}').count() => Some(""),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(text: &str) -> String {
        let file = SourceFile::new("a.toml", text);
        hide(&file);
        let mut shown: Vec<u8> = text.bytes().collect();
        for range in &file.hidden().places {
            shown[range.clone()].fill(b'*');
        }
        String::from_utf8_lossy(&shown).into_owned()
    }

    #[test]
    fn values_under_secrets_are_hidden_however_they_are_written() {
        const VALUE: &str = "topsecretvalue";
        for text in [
            "[defaults.given]\nsecret = { k = \"V\" j = \"x\" }",
            "[case.given.secret]\nk: \"V\"",
            "[case.given.secret]\nk \"V\"",
            "[case.given.secret]\nk V",
            "[case.given.secret]\nV",
            "[case.given.secret]\nV==",
            "[[case]\n[case.given.secret]\nk = \"V\" \"x\"",
            "[defaults.given.secret\nk = \"V\"",
            "[ defaults . given . \"secret\" ] # secrets\nk = \"V\"",
            "[defaults.given.secrets]\nk = V",
            "given.secret = { \"k\": \"V\" }",
            "given.secret = {\n  k = \"a\"\n  j = \"V\"\n",
            "\"given.secret.k\" = \"V\"",
            "given.secret.k: V",
            "given.secret.k \"V\"",
            "given = { secret { k = \"V\" } }",
            "[case.given.secret]\nk = '''\na\nV=1\n'''\n",
            "headers = { Authorization = \"Bearer V7f3d9a1c5e8b2d4f6a7c }",
            "api_key = \"V-7f3d9a1c5e8b2d4f6a7c",
        ] {
            let text = text.replace('V', VALUE);
            let shown = hidden(&text);
            assert!(!shown.contains(VALUE) && !shown.contains("7f3d9a1c"), "{text}\n{shown}");
        }
    }

    #[test]
    fn other_lines_are_shown() {
        for text in [
            "[action]\nname = \"Create ticket\nurl = \"https://example.com/{secrets}\"",
            "headers = { Authorization = \"Bearer {secret.api_key} }",
            "X-Signature = \"{_webhook.body | hmac sha256 @secret.key text}",
            "client_secret = \"{secret.s}\"",
            "[defaults.given.secret]\n[action]\nname = \"x",
            "secretary = \"Ada",
        ] {
            assert_eq!(hidden(text), text);
        }
    }

    #[test]
    fn words_are_hidden_one_by_one_too() {
        let file = SourceFile::new("a.toml", "given.secret = { k = \"topsecretvalue\" j = \"x\" }");
        hide(&file);
        assert_eq!(file.hidden().texts.find("of topsecretvalue!").first(), Some(&(3..17)));
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "[\\[\\]secrt.=:{}\"' é\n#k@]{0,80}") {
            hidden(&text);
        }
    }
}
