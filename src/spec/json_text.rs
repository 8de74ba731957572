//! JSON text with references in it: a body as it is pasted from a platform.
//!
//! An ordinary JSON parser would do but for two things: every string must know where it was written, and a reference
//! outside quotes must be named as such rather than as "unexpected character".

use std::ops::Range;

use crate::source::{Mapped, Neighbours, Piece};
use crate::value::is_number_too_large;

/// Lists and objects nested deeper than this are refused.
pub const MAX_NESTING: usize = 128;

/// A JSON value in which strings know their place.
#[derive(Clone, Debug)]
pub enum JsonNode {
    Null,
    Boolean(bool),
    /// As written.
    Number(String),
    Text(JsonString),
    Array(Vec<JsonNode>),
    Object(Vec<(JsonString, JsonNode)>),
    /// A reference outside quotes.
    Hole,
}

/// A string: decoded, and its byte range in the document, quotes included.
#[derive(Clone, Debug)]
pub struct JsonString {
    pub text: Mapped,
    pub written: Range<usize>,
}

/// What a document that is not JSON has at `range` of its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonProblem {
    pub range: Range<usize>,
    pub message: String,
}

/// A reference outside quotes with other text at its side, or in a key's place.
const BARE_REFERENCE: &str = "a reference outside double quotes, where none can stand";

/// How a bare reference looks: gives its length when one starts at the beginning of the text.
pub type HoleLength = fn(&str) -> Option<usize>;

/// The document and the ranges of bare references in it.
pub struct Document {
    pub root: JsonNode,
    pub holes: Vec<Range<usize>>,
    /// Where each value stands, in the order in which they begin.
    pub values: Vec<Range<usize>>,
}

/// How a text is written inside a JSON string.
fn in_string(text: &str, _: Neighbours) -> Option<String> {
    let quoted = serde_json::to_string(text).ok()?;
    Some(quoted[1..quoted.len() - 1].to_string())
}

pub fn parse(source: &Mapped, hole_length: HoleLength) -> Result<Document, JsonProblem> {
    let mut parser = Parser { source, text: &source.text, at: 0, holes: Vec::new(), values: Vec::new(), hole_length };
    parser.space();
    let root = parser.value(0)?;
    parser.space();
    if parser.at < parser.text.len() {
        return Err(parser.bare_reference().unwrap_or(parser.problem("there is more after the end of the document")));
    }
    Ok(Document { root, holes: parser.holes, values: parser.values })
}

struct Parser<'a> {
    source: &'a Mapped,
    text: &'a str,
    at: usize,
    holes: Vec<Range<usize>>,
    values: Vec<Range<usize>>,
    hole_length: HoleLength,
}

type Parsed<T> = Result<T, JsonProblem>;

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// A problem at the character that stands here.
    fn problem(&self, message: impl Into<String>) -> JsonProblem {
        let length = self.text[self.at..].chars().next().map_or(0, char::len_utf8);
        JsonProblem { range: self.at..self.at + length, message: message.into() }
    }

    /// A reference where none can stand, or what stands directly behind one.
    fn bare_reference(&self) -> Option<JsonProblem> {
        let here = (self.hole_length)(&self.text[self.at..]).map(|length| self.at..self.at + length);
        let range = here.or_else(|| self.holes.last().filter(|hole| hole.end == self.at).cloned())?;
        Some(JsonProblem { range, message: BARE_REFERENCE.into() })
    }

    fn unexpected(&self, expected: &str) -> JsonProblem {
        if let Some(problem) = self.bare_reference() {
            return problem;
        }
        match self.text[self.at..].chars().next() {
            Some(character) if character.is_control() => {
                self.problem(format!("expected {expected}, found `{}`", character.escape_default()))
            }
            Some(character) => self.problem(format!("expected {expected}, found `{character}`")),
            None => self.problem(format!("expected {expected}, found the end of the body")),
        }
    }

    fn value(&mut self, depth: usize) -> Parsed<JsonNode> {
        if depth > MAX_NESTING {
            return Err(self.problem(format!("nested deeper than {MAX_NESTING} levels")));
        }
        let (index, start) = (self.values.len(), self.at);
        self.values.push(start..start);
        let node = match self.hole() {
            Some(hole) => hole,
            None => self.written_value(depth)?,
        };
        self.values[index].end = self.at;
        Ok(node)
    }

    fn written_value(&mut self, depth: usize) -> Parsed<JsonNode> {
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => Ok(JsonNode::Text(self.string()?)),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b'a'..=b'z' | b'A'..=b'Z') => self.word(),
            _ => Err(self.unexpected("a value")),
        }
    }

    fn hole(&mut self) -> Option<JsonNode> {
        let length = (self.hole_length)(&self.text[self.at..])?;
        self.holes.push(self.at..self.at + length);
        self.at += length;
        Some(JsonNode::Hole)
    }

    fn word(&mut self) -> Parsed<JsonNode> {
        let rest = &self.text[self.at..];
        let length = rest.find(|character: char| !character.is_alphanumeric() && character != '_').unwrap_or(rest.len());
        let node = match &rest[..length] {
            "null" => JsonNode::Null,
            "true" => JsonNode::Boolean(true),
            "false" => JsonNode::Boolean(false),
            word => {
                let range = self.at..self.at + length;
                return Err(JsonProblem {
                    range,
                    message: format!("`{word}` is not a JSON value; text needs double quotes"),
                });
            }
        };
        self.at += length;
        Ok(node)
    }

    fn number(&mut self) -> Parsed<JsonNode> {
        let rest = &self.text[self.at..];
        let length =
            rest.find(|character: char| !matches!(character, '0'..='9' | '-' | '+' | '.' | 'e' | 'E')).unwrap_or(rest.len());
        let written = &rest[..length];
        if let Err(error) = serde_json::from_str::<serde_json::Number>(written) {
            let is_too_large = is_number_too_large(&error);
            let why = if is_too_large { "is a number that is too large to be held" } else { "is not a JSON number" };
            return Err(JsonProblem { range: self.at..self.at + length, message: format!("`{written}` {why}") });
        }
        self.at += length;
        Ok(JsonNode::Number(written.to_string()))
    }

    fn array(&mut self, depth: usize) -> Parsed<JsonNode> {
        self.at += 1;
        let mut items = Vec::new();
        self.space();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(JsonNode::Array(items));
        }
        loop {
            self.space();
            items.push(self.value(depth + 1)?);
            if self.separator(b']', "a comma or `]`")? {
                return Ok(JsonNode::Array(items));
            }
        }
    }

    fn object(&mut self, depth: usize) -> Parsed<JsonNode> {
        self.at += 1;
        let mut entries = Vec::new();
        self.space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(JsonNode::Object(entries));
        }
        loop {
            self.space();
            if self.peek() != Some(b'"') {
                return Err(self.unexpected("a key in double quotes"));
            }
            let key = self.string()?;
            self.space();
            if self.peek() != Some(b':') {
                return Err(self.unexpected("`:` after the key"));
            }
            self.at += 1;
            self.space();
            entries.push((key, self.value(depth + 1)?));
            if self.separator(b'}', "a comma or `}`")? {
                return Ok(JsonNode::Object(entries));
            }
        }
    }

    /// Past a comma (false) or the closing bracket (true).
    fn separator(&mut self, closing: u8, expected: &str) -> Parsed<bool> {
        self.space();
        match self.peek() {
            Some(byte) if byte == closing => {
                self.at += 1;
                Ok(true)
            }
            Some(b',') => {
                let comma = self.at;
                self.at += 1;
                self.space();
                if self.peek() == Some(closing) {
                    return Err(JsonProblem {
                        range: comma..comma + 1,
                        message: "a comma before the closing bracket".into(),
                    });
                }
                Ok(false)
            }
            _ => Err(self.unexpected(expected)),
        }
    }

    fn string(&mut self) -> Parsed<JsonString> {
        let start = self.at;
        self.at += 1;
        let (mut text, mut pieces) = (String::new(), Vec::new());
        loop {
            let rest = &self.text[self.at..];
            let run = rest.find(|character: char| matches!(character, '"' | '\\') || character < ' ').unwrap_or(rest.len());
            if run > 0 {
                pieces.push(Piece { decoded: text.len(), decoded_length: run, source: self.at, source_length: run });
                text.push_str(&rest[..run]);
                self.at += run;
            }
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => self.escape(&mut text, &mut pieces)?,
                Some(_) => return Err(self.problem("a control character must be written as an escape, such as `\\n`")),
                None => {
                    return Err(JsonProblem { range: start..start + 1, message: "a string that is never closed".into() });
                }
            }
        }
        self.at += 1;
        let written = start..self.at;
        let text = self.source.decode_again(text, pieces, written.clone()).with_notation(in_string);
        Ok(JsonString { text, written })
    }

    fn escape(&mut self, text: &mut String, pieces: &mut Vec<Piece>) -> Parsed<()> {
        let start = self.at;
        let (character, length) = match self.text.as_bytes().get(start + 1) {
            Some(b'"') => ('"', 2),
            Some(b'\\') => ('\\', 2),
            Some(b'/') => ('/', 2),
            Some(b'b') => ('\x08', 2),
            Some(b'f') => ('\x0c', 2),
            Some(b'n') => ('\n', 2),
            Some(b'r') => ('\r', 2),
            Some(b't') => ('\t', 2),
            Some(b'u') => self.unicode_escape(start)?,
            _ => {
                let end =
                    self.text[start + 1..].chars().next().map_or(start + 1, |character| start + 1 + character.len_utf8());
                return Err(JsonProblem {
                    range: start..end,
                    message: "not a JSON escape; a backslash is written `\\\\`".into(),
                });
            }
        };
        pieces.push(Piece {
            decoded: text.len(),
            decoded_length: character.len_utf8(),
            source: start,
            source_length: length,
        });
        text.push(character);
        self.at = start + length;
        Ok(())
    }

    /// `\uXXXX`, or two of them for a character beyond the first plane.
    fn unicode_escape(&self, start: usize) -> Parsed<(char, usize)> {
        let unit = |at: usize| {
            let digits = self.text.get(at..at + 6)?.strip_prefix("\\u")?;
            digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u16::from_str_radix(digits, 16).ok()).flatten()
        };
        let units: Vec<u16> = unit(start).into_iter().chain(unit(start + 6)).collect();
        let first = char::decode_utf16(units).next();
        match first {
            Some(Ok(character)) if character.len_utf16() == 2 => Ok((character, 12)),
            Some(Ok(character)) => Ok((character, 6)),
            _ => {
                let message = "not a Unicode escape: `\\u` and four hexadecimal digits, in pairs beyond U+FFFF".to_string();
                Err(JsonProblem { range: start..start + 2, message })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    fn read(text: &str) -> Result<Document, JsonProblem> {
        let sources = Sources::in_memory();
        let file = sources.add("body", text);
        parse(&Mapped::verbatim(text, file, 0), |rest| {
            let end = rest.find('}')?;
            let inside = rest[..end].strip_prefix('{')?.trim();
            (inside.starts_with(|character: char| character.is_alphabetic())).then_some(end + 1)
        })
    }

    #[test]
    fn a_bare_reference_is_a_hole() {
        let document = read(r#"{"a": {user.x}, "b": [{y}]}"#).expect("readable");
        assert_eq!(document.holes.len(), 2);
        assert_eq!(document.holes[0], 6..14);
    }

    #[test]
    fn problems_stand_at_the_character() {
        let range = |text: &str| read(text).err().map(|problem| problem.range);
        assert_eq!(range(r#"{"a": 1,}"#), Some(7..8));
        assert_eq!(range(r#"{"a" 1}"#), Some(5..6));
        assert_eq!(range(r#"{"a": tru}"#), Some(6..9));
        assert_eq!(range(r#"{"a": "x"#), Some(6..7));
        assert_eq!(range(r#"{"a": "\q"}"#), Some(7..9));
        assert_eq!(range(""), Some(0..0));
        assert_eq!(range("{} {}"), Some(3..4));
    }

    proptest::proptest! {
        #[test]
        fn agrees_with_serde_json(text in "[\\[\\]{}:,\"\\\\a-fnu0-9.eE+ -]{0,30}") {
            let ours = parse(&Mapped::verbatim(&text, Sources::in_memory().add("x", ""), 0), |_| None);
            let theirs = serde_json::from_str::<serde_json::Value>(&text);
            proptest::prop_assert_eq!(ours.is_ok(), theirs.is_ok(), "{}", text);
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,200}") {
            let _ = read(&text);
        }
    }
}
