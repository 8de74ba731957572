//! How new text is written inside a TOML string that is already there.

use crate::source::{Neighbours, Notation};

/// By the quotes with which the string begins.
pub fn of(raw: &str) -> Notation {
    match raw {
        _ if raw.starts_with("'''") => multi_line_literal,
        _ if raw.starts_with("\"\"\"") => multi_line_basic,
        _ if raw.starts_with('\'') => literal,
        _ => basic,
    }
}

fn basic(text: &str, _: Neighbours) -> Option<String> {
    Some(text.chars().map(escaped).collect())
}

/// Quotes and line breaks may stand as they are, if the ends of the string stay where they are.
fn multi_line_basic(text: &str, neighbours: Neighbours) -> Option<String> {
    if breaks_apart('"', text, neighbours) {
        return None;
    }
    let quotes = if is_clear_of('"', text, neighbours) { "\"" } else { "" };
    let breaks = if has_lone_return(text) { "" } else { "\r\n" };
    let write = |character: char| match character {
        '\t' => character.to_string(),
        _ if quotes.contains(character) || breaks.contains(character) => character.to_string(),
        _ => escaped(character),
    };
    let mut characters = text.chars();
    let first = match neighbours.before {
        Some(_) => String::new(),
        // Space at the beginning, or after a backslash at the end of a line, may not count.
        None if text.is_empty() && neighbours.after.is_some_and(is_space) => return None,
        None => match characters.next() {
            Some(' ') => "\\u0020".to_string(),
            Some(space) if is_space(space) => escaped(space),
            other => other.map(write).unwrap_or_default(),
        },
    };
    Some(first + &characters.map(write).collect::<String>())
}

fn literal(text: &str, _: Neighbours) -> Option<String> {
    let fits = text.chars().all(|character| character != '\'' && (character == '\t' || !is_control(character)));
    fits.then(|| text.to_string())
}

fn multi_line_literal(text: &str, neighbours: Neighbours) -> Option<String> {
    let fits = text.chars().all(|character| "\t\r\n".contains(character) || !is_control(character));
    let fits = fits && !has_lone_return(text) && !begins_with_lost_break(text, neighbours);
    let fits = fits && is_clear_of('\'', text, neighbours) && !breaks_apart('\'', text, neighbours);
    fits.then(|| text.to_string())
}

/// Whether the place is inside of a line break, or removing what stands there joins quotes.
fn breaks_apart(quote: char, text: &str, neighbours: Neighbours) -> bool {
    let is_quote = |neighbour: Option<char>| neighbour.is_none_or(|character| character == quote);
    neighbours.before == Some('\r') || (text.is_empty() && is_quote(neighbours.before) && is_quote(neighbours.after))
}

/// Whether no quotes of the text can meet others: three of them end a string, and what stands at its ends is not known.
fn is_clear_of(quote: char, text: &str, neighbours: Neighbours) -> bool {
    if !text.contains(quote) {
        return true;
    }
    let doubled = [quote, quote].iter().collect::<String>();
    let is_other = |neighbour: Option<char>| neighbour.is_some_and(|character| character != quote);
    !text.contains(&doubled) && is_other(neighbours.before) && is_other(neighbours.after)
}

/// A line break right after the opening quotes is not part of the string.
fn begins_with_lost_break(text: &str, neighbours: Neighbours) -> bool {
    let first = text.chars().next().or(neighbours.after);
    neighbours.before.is_none() && first.is_some_and(|first| "\r\n".contains(first))
}

fn is_space(character: char) -> bool {
    " \t\r\n".contains(character)
}

fn has_lone_return(text: &str) -> bool {
    text.replace("\r\n", "").contains('\r')
}

fn is_control(character: char) -> bool {
    character < ' ' || character == '\u{7f}'
}

fn escaped(character: char) -> String {
    match character {
        '"' => "\\\"".into(),
        '\\' => "\\\\".into(),
        '\n' => "\\n".into(),
        '\r' => "\\r".into(),
        '\t' => "\\t".into(),
        _ if is_control(character) => format!("\\u{:04X}", u32::from(character)),
        _ => character.into(),
    }
}

#[cfg(test)]
mod tests {
    use crate::source::{Mapped, Sources};
    use crate::spec::{Node, json_text, toml_text};
    use json_text::JsonNode;

    /// The text of `a`.
    fn read(file: &str) -> Option<Mapped> {
        let mut findings = Vec::new();
        let table = toml_text::parse(file, Sources::in_memory().add("a.toml", file), &mut findings);
        let text = table.get("a").and_then(Node::as_text).cloned();
        text.filter(|_| findings.is_empty())
    }

    /// The file with `text` put at a range of `source`.
    fn edited(file: &str, source: &Mapped, range: std::ops::Range<usize>, text: &str) -> Option<String> {
        let (span, written) = (source.span(range.clone()), source.written(range, text)?);
        Some(format!("{}{written}{}", &file[..span.start], &file[span.end..]))
    }

    #[test]
    fn each_kind_of_string_has_its_own_escapes() {
        let put = |file: &str, text: &str| edited(file, &read(file).expect("a text"), 1..2, text);
        assert_eq!(put("a = \"x.y\"", "\"\\\n").as_deref(), Some("a = \"x\\\"\\\\\\ny\""));
        assert_eq!(put("a = 'x.y'", "\"\\").as_deref(), Some("a = 'x\"\\y'"));
        assert_eq!(put("a = 'x.y'", "it's"), None);
        assert_eq!(put("a = '''x.y'''", "it's").as_deref(), Some("a = '''xit'sy'''"));
        assert_eq!(put("a = '''x.y'''", "''"), None);
        assert_eq!(put("a = '''x.y'''", "\u{7}"), None);
        assert_eq!(put("a = \"\"\"x.y\"\"\"", "\"\\\n").as_deref(), Some("a = \"\"\"x\"\\\\\ny\"\"\""));
        assert_eq!(put("a = \"\"\"x.y\"\"\"", "\"\"").as_deref(), Some("a = \"\"\"x\\\"\\\"y\"\"\""));
    }

    #[test]
    fn quotes_do_not_join_those_at_the_ends() {
        let file = "a = \"\"\"x\"\"\"";
        let source = read(file).expect("a text");
        assert_eq!(edited(file, &source, 1..1, "\"").as_deref(), Some("a = \"\"\"x\\\"\"\"\""));
        assert_eq!(edited(file, &source, 0..0, "\n").as_deref(), Some("a = \"\"\"\\nx\"\"\""));
        let file = "a = \"\"\"x\\\n  yz\"\"\"";
        let source = read(file).expect("a text");
        assert_eq!(edited(file, &source, 1..2, " ").as_deref(), Some("a = \"\"\"x\\\n  \\u0020z\"\"\""));
    }

    #[test]
    fn what_was_recovered_from_a_broken_string_is_not_written_to() {
        let file = "a = \"x\\q\"";
        let table = toml_text::parse(file, Sources::in_memory().add("a.toml", file), &mut Vec::new());
        if let Some(source) = table.get("a").and_then(Node::as_text) {
            assert_eq!(source.written(0..0, "y"), None);
        }
    }

    #[test]
    fn json_inside_toml_needs_both_escapes() {
        let file = r#"a = "{ \"b\": \"x.y\" }""#;
        let source = read(file).expect("a text");
        let Ok(JsonNode::Object(entries)) = json_text::parse(&source, |_| None).map(|document| document.root) else {
            panic!("no object");
        };
        let JsonNode::Text(string) = &entries[0].1 else { panic!("no text") };
        assert_eq!(edited(file, &string.text, 1..2, "\"").as_deref(), Some(r#"a = "{ \"b\": \"x\\\"y\" }""#));
    }

    proptest::proptest! {
        #[test]
        fn what_is_written_is_read_back(
            inside in "[a-d\"'\\\\\n é]{0,12}", text in "[a-z\"'\\\\\t\r\n\u{7f}é]{0,6}", at in 0usize..12, length in 0usize..4,
        ) {
            for quoted in [format!("\"{inside}\""), format!("\"\"\"{inside}\"\"\""), format!("'{inside}'"), format!("'''{inside}'''")] {
                let file = format!("a = {quoted}\nb = 1\n");
                let Some(source) = read(&file) else { continue };
                let (from, to) = (at.min(source.text.len()), (at + length).min(source.text.len()));
                let Some(file) = edited_at(&file, &source, from, to, &text) else { continue };
                let expected = format!("{}{text}{}", &source.text[..from], &source.text[to..]);
                let got = read(&file).map(|source| source.text.to_string());
                proptest::prop_assert_eq!(got, Some(expected), "{}", file);
            }
        }
    }

    fn edited_at(file: &str, source: &Mapped, from: usize, to: usize, text: &str) -> Option<String> {
        let fits = source.text.is_char_boundary(from) && source.text.is_char_boundary(to);
        fits.then(|| edited(file, source, from..to, text)).flatten()
    }
}
