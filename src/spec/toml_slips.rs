//! Common slips of the pen in TOML: what the parser's error means to a user, where the mistake is, and what to do.
//!
//! Nothing here quotes the file: what stands there may be a secret.

use std::ops::Range;

/// A parser's error in a user's words.
#[derive(Debug, PartialEq, Eq)]
pub struct Slip {
    pub range: Range<usize>,
    pub message: String,
    pub help: &'static str,
    /// Where the same thing stands for the first time.
    pub first: Option<Range<usize>>,
}

/// What keeps errors from being told that follow from one told before. They come in the order of the text.
#[derive(Default)]
pub struct Told {
    is_conflict: bool,
    /// The line of a text that is never closed: those behind it may be meant to be in it.
    open_text: Option<usize>,
}

impl Told {
    /// The error in a user's words, unless it follows from another. `number` is that of the line in which it begins, from 0.
    pub fn slip(&mut self, text: &str, range: Range<usize>, number: usize, message: &str) -> Option<Slip> {
        let line = line_around(text, range.start);
        let written = &text[line.clone()];
        if is_conflict_marker(written) {
            let help = "keep one of the two versions, and take the lines with the markers away";
            let slip = Slip { range: line, message: "a merge conflict that is not resolved".into(), help, first: None };
            return (!std::mem::replace(&mut self.is_conflict, true)).then_some(slip);
        }
        if self.open_text.is_some_and(|open| number == open || number == open + 1 && !begins_anew(written)) {
            self.open_text = Some(number);
            return None;
        }
        if let Some(open) = unclosed_text(text, &line, message) {
            self.open_text = Some(number);
            let help =
                "close it with the quotes that it begins with; text over several lines stands between `'''` and `'''`";
            return Some(Slip { range: open, message: "a text that is never closed".into(), help, first: None });
        }
        let (said, help) = explained(written, &text[line.start..range.start], message, word(text, &range));
        let first = message.contains("duplicate").then(|| first_of(text, &range)).flatten();
        Some(Slip { range, message: said.unwrap_or(message).to_string(), help, first })
    }
}

fn line_around(text: &str, at: usize) -> Range<usize> {
    let start = text[..at].rfind('\n').map_or(0, |before| before + 1);
    let end = text[at..].find('\n').map_or(text.len(), |length| at + length);
    start..start + text[start..end].trim_end_matches('\r').len()
}

fn is_conflict_marker(line: &str) -> bool {
    line == "=======" || ["<<<<<<< ", ">>>>>>> ", "||||||| "].iter().any(|marker| line.starts_with(marker))
}

/// Whether a line looks like the beginning of something: a header, or a key with its value.
fn begins_anew(line: &str) -> bool {
    let line = line.trim_start();
    let is_key = |key: &str| {
        let key = key.trim();
        !key.is_empty() && key.chars().all(|character| character.is_alphanumeric() || "_-.\"'".contains(character))
    };
    line.starts_with('[') || line.split_once('=').is_some_and(|(key, _)| is_key(key))
}

/// The quote that opens a text without an end.
fn unclosed_text(text: &str, line: &Range<usize>, message: &str) -> Option<Range<usize>> {
    if message.starts_with("invalid multi-line") {
        let quotes = if message.contains("literal") { "'''" } else { "\"\"\"" };
        return text.rfind(quotes).map(|at| at..at + 3);
    }
    if !(message.starts_with("invalid basic string") || message.starts_with("invalid literal string")) {
        return None;
    }
    let mut open: Option<(usize, char)> = None;
    let mut is_escaped = false;
    for (at, character) in text[line.clone()].char_indices() {
        match open {
            Some((_, '"')) if is_escaped => is_escaped = false,
            Some((_, '"')) if character == '\\' => is_escaped = true,
            Some((_, quote)) if character == quote => open = None,
            None if matches!(character, '"' | '\'') => open = Some((at, character)),
            _ => {}
        }
    }
    open.map(|(at, _)| line.start + at..line.start + at + 1)
}

/// The word that stands at a place, for a look at what it is.
fn word<'t>(text: &'t str, range: &Range<usize>) -> &'t str {
    let is_part = |character: char| character.is_alphanumeric() || "_-+.".contains(character);
    let rest = &text[range.start..];
    &rest[..rest.find(|character| !is_part(character)).unwrap_or(rest.len())]
}

/// Better words than the parser's, where there are some, and what to do.
fn explained(line: &str, before: &str, message: &str, word: &str) -> (Option<&'static str>, &'static str) {
    let is_value = before.trim_end().ends_with(['=', '[', ',']);
    let is_number = word.starts_with(|character: char| character.is_ascii_digit() || "+-".contains(character));
    match message {
        _ if line.trim_start().starts_with("//") => (Some("a comment begins with `#`"), "write `#` in the place of `//`"),
        _ if is_value && matches!(word, "null" | "None" | "nil" | "undefined") => (
            Some("TOML has no null"),
            "a reply with a null is a text, as `body = '{\"a\": null}'`; names that a case gives as null stand in `null = […]`",
        ),
        _ if is_value && matches!(word, "True" | "False" | "TRUE" | "FALSE") => {
            (Some("a boolean is `true` or `false`"), "write it in small letters, or put it between quotes if it is text")
        }
        _ if message.contains("leading zero") => {
            (Some("a number has no zeros in front"), "take the zero away, or put quotes around what is no number")
        }
        _ if message.contains("must be quoted") || message.starts_with("invalid float") => match is_number {
            true => (Some("a number of other characters than digits"), "put quotes around what is no number"),
            false => (Some("text needs quotes around it"), "put it between double quotes"),
        },
        _ if message.contains("unicode value") || message.contains("escaped value") => (
            Some("a backslash begins an escape here, and this is none"),
            "put the text between single quotes, where a backslash is itself, or write two",
        ),
        _ if line.get(before.len()..).unwrap_or_default().trim_start().starts_with(':')
            || before.trim_end().ends_with(':') =>
        {
            (Some("a key is followed by `=`, not by `:`"), "write `=` between key and value")
        }
        _ if message.starts_with("unexpected key or value") && before.contains(['"', '\'']) => {
            (Some("there is more behind the value"), "text that holds quotes stands between `'''` and `'''`")
        }
        _ if message.starts_with("key with no value") => (None, "write `=` and a value behind the key"),
        _ if message.contains("duplicate") => (None, "keep one of the two"),
        _ if message.starts_with("unclosed table") => (None, "end the header with `]`"),
        _ if message.starts_with("unclosed array table") => (None, "end the header with `]]`"),
        _ if message.starts_with("unclosed inline table") => (None, "end the table with `}`"),
        _ if message.starts_with("unclosed array") => (None, "end the list with `]`"),
        _ if message.starts_with("missing comma") => (None, "write a comma between the two"),
        _ => (None, "write it as TOML 1.0 has it"),
    }
}

/// The line above that gives the same key or header.
fn first_of(text: &str, range: &Range<usize>) -> Option<Range<usize>> {
    let line = line_around(text, range.start);
    let written = text[line.clone()].trim();
    let is_header = written.starts_with('[');
    let key = |line: &str| line.split('=').next().map(|key| key.trim().to_string());
    let mut end = line.start;
    while end > 0 {
        let above = line_around(text, end - 1);
        let other = text[above.clone()].trim();
        let is_same = if is_header { other == written } else { other.contains('=') && key(other) == key(written) };
        if is_same {
            return Some(above);
        }
        if !is_header && other.starts_with('[') {
            return None;
        }
        end = above.start;
    }
    None
}

#[cfg(test)]
mod tests {
    use toml::de::DeTable;

    use super::*;

    fn slips(text: &str) -> Vec<Slip> {
        let (_, mut errors) = DeTable::parse_recoverable(text);
        errors.sort_by_key(|error| error.span().map_or(0, |span| span.start));
        let mut told = Told::default();
        let all = errors.iter().filter_map(|error| {
            let range = error.span().unwrap_or(0..0);
            let number = text[..range.start].matches('\n').count();
            told.slip(text, range, number, error.message())
        });
        all.collect()
    }

    #[test]
    fn common_slips_are_told_in_plain_words_at_their_place() {
        for (text, at, message) in [
            ("reply.json = { a = null }", "null", "TOML has no null"),
            ("age = int", "int", "text needs quotes around it"),
            ("status = 20O", "20O", "a number of other characters than digits"),
            ("status = 0200", "0", "a number has no zeros in front"),
            ("flag = True", "True", "a boolean is `true` or `false`"),
            ("// comment\na = 1", "", "a comment begins with `#`"),
            ("a: \"b\"", "", "a key is followed by `=`, not by `:`"),
            ("a = { b: 1 }", "", "a key is followed by `=`, not by `:`"),
            ("a = \"x\"y\"", "", "there is more behind the value"),
            ("a = \"abc\nb = 1", "\"", "a text that is never closed"),
            ("b = 'é' # it's\na = 'abc\nb = 1", "'", "a text that is never closed"),
            ("a = '''\nabc\n''\nb = 1", "'''", "a text that is never closed"),
            (
                "<<<<<<< HEAD\na = 1\n=======\na = 2\n>>>>>>> other\n",
                "<<<<<<< HEAD",
                "a merge conflict that is not resolved",
            ),
        ] {
            let slip = slips(text).into_iter().next().unwrap_or_else(|| panic!("{text} is TOML"));
            assert!(text[slip.range.clone()].starts_with(at) && slip.message == message, "{text}: {slip:?}");
            assert!(!slip.help.is_empty());
        }
    }

    #[test]
    fn what_follows_from_a_slip_is_not_told() {
        for text in ["a = \"abc\ndef\nghi\"\nb = 1", "<<<<<<< HEAD\n=======\n>>>>>>> other\n"] {
            assert_eq!(slips(text).len(), 1, "{text}: {:?}", slips(text));
        }
    }

    #[test]
    fn a_second_key_or_header_leads_to_the_first() {
        for (text, wanted) in [("[t]\na = 1\nb = 2\na = 3", "a = 1"), ("[t]\na = 1\n[u]\n[t]\n", "[t]")] {
            let slips = slips(text);
            let first = slips[0].first.clone().map(|range| &text[range]);
            assert_eq!(first, Some(wanted), "{slips:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "[a\\[\\]{}=:,\"'\\\\#/é0N\n\r<> ]{0,60}") {
            slips(&text);
        }
    }
}
