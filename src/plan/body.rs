//! A body that is text first, cut where another encoding begins.

use super::xml_position::XmlScanner;
use super::{Expression, Text, TextPiece};
use crate::source::Mapped;

/// A body in which values are put before it is read as anything.
#[derive(Clone, Debug)]
pub struct BodyText {
    pub parts: Vec<(BodyPosition, Text)>,
    pub syntax: BodySyntax,
    /// All that was written, where it was written in one place.
    pub source: Option<Mapped>,
}

impl BodyText {
    /// Every expression that may stand in a position.
    pub fn expressions_at(&self, position: BodyPosition) -> impl Iterator<Item = &Expression> {
        let parts = self.parts.iter().filter(move |(known, _)| *known == position);
        parts.flat_map(|(_, text)| text.expressions())
    }
}

/// What a body's text is read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodySyntax {
    Json,
    Xml,
    Html,
    /// `application/x-www-form-urlencoded`.
    Form,
    Plain,
}

/// Where in a body a text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyPosition {
    /// Inside the quotes of a JSON string.
    JsonString,
    /// Inside the quotes of an object's key.
    JsonKey,
    /// Outside of quotes, where a whole JSON value belongs.
    JsonValue,
    /// Between the tags of XML.
    XmlText,
    /// Inside the quotes of an attribute.
    XmlAttribute,
    XmlCdata,
    XmlComment,
    /// `<? … ?>`.
    XmlInstruction,
    /// Inside of a tag and outside of quotes, where names stand.
    XmlName,
    Html,
    /// A name or a value of a form.
    Form,
    Plain,
}

/// Cuts a text at the places where another encoding begins. Only literal text can begin or end a JSON string, a tag or
/// a comment: a value never leaves its place.
pub fn cut_body(text: Text, syntax: BodySyntax) -> BodyText {
    let source = text.source.clone();
    let position = match syntax {
        BodySyntax::Json => return BodyText { parts: cut(text, JsonScanner::default()), syntax, source },
        BodySyntax::Xml => return BodyText { parts: cut(text, XmlScanner::default()), syntax, source },
        BodySyntax::Html => BodyPosition::Html,
        BodySyntax::Form => BodyPosition::Form,
        BodySyntax::Plain => BodyPosition::Plain,
    };
    let parts = if text.pieces.is_empty() { Vec::new() } else { vec![(position, text)] };
    BodyText { parts, syntax, source }
}

/// Knows of a beginning of a text where it ends.
pub(super) trait Scanner: Clone {
    fn position(&self) -> BodyPosition;
    /// Whether what ends this place belongs to the part outside of it, as quotes do.
    fn is_enclosed(&self) -> bool;
    /// A value stands here.
    fn value(&mut self);
    fn step(&mut self, character: char);
}

fn cut(text: Text, scanner: impl Scanner) -> Vec<(BodyPosition, Text)> {
    let mut cutter = Cutter { parts: Vec::new(), scanner };
    let (span, source) = (text.span, text.source);
    let part = |piece: TextPiece| Text { pieces: vec![piece], span, source: source.clone() };
    for piece in text.pieces {
        match piece {
            TextPiece::Literal(literal) => cutter.literal(&literal, part),
            value => cutter.push(value, part),
        }
    }
    cutter.parts
}

struct Cutter<S> {
    parts: Vec<(BodyPosition, Text)>,
    scanner: S,
}

impl<S: Scanner> Cutter<S> {
    fn push(&mut self, piece: TextPiece, part: impl Fn(TextPiece) -> Text) {
        let position = self.scanner.position();
        if !matches!(piece, TextPiece::Literal(_)) {
            self.scanner.value();
        }
        match self.parts.last_mut() {
            Some((last, text)) if *last == position => text.pieces.push(piece),
            _ => self.parts.push((position, part(piece))),
        }
    }

    /// Quotes belong to the part outside of them.
    fn literal(&mut self, literal: &str, part: impl Fn(TextPiece) -> Text + Copy) {
        let mut start = 0;
        for (at, character) in literal.char_indices() {
            let before = self.scanner.clone();
            self.scanner.step(character);
            if before.position() == self.scanner.position() {
                continue;
            }
            let end = if before.is_enclosed() { at } else { at + character.len_utf8() };
            let after = std::mem::replace(&mut self.scanner, before);
            if end > start {
                self.push(TextPiece::Literal(literal[start..end].to_string()), part);
            }
            self.scanner = after;
            start = end;
        }
        if start < literal.len() {
            self.push(TextPiece::Literal(literal[start..].to_string()), part);
        }
    }
}

/// Knows of a beginning of JSON text where it ends: inside of a string, of a key, or outside.
#[derive(Clone, Default)]
struct JsonScanner {
    /// The open brackets; `true` for an object.
    open: Vec<bool>,
    in_string: bool,
    is_escaped: bool,
    /// Whether a key comes next.
    expects_key: bool,
}

/// Deeper nesting is not told apart: no parser reads it.
const MAX_OPEN: usize = 1024;

impl Scanner for JsonScanner {
    fn is_enclosed(&self) -> bool {
        self.in_string
    }

    fn position(&self) -> BodyPosition {
        match (self.in_string, self.expects_key) {
            (true, true) => BodyPosition::JsonKey,
            (true, false) => BodyPosition::JsonString,
            (false, _) => BodyPosition::JsonValue,
        }
    }

    /// A value stands here: it ends an escape that was begun.
    fn value(&mut self) {
        self.is_escaped = false;
    }

    fn step(&mut self, character: char) {
        if self.in_string {
            match character {
                _ if self.is_escaped => self.is_escaped = false,
                '\\' => self.is_escaped = true,
                '"' => self.in_string = false,
                _ => {}
            }
            return;
        }
        match character {
            '"' => self.in_string = true,
            '{' | '[' => {
                if self.open.len() < MAX_OPEN {
                    self.open.push(character == '{');
                }
                self.expects_key = character == '{';
            }
            '}' | ']' => {
                self.open.pop();
                self.expects_key = false;
            }
            ',' => self.expects_key = self.open.last() == Some(&true),
            ':' => self.expects_key = false,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::test_support::{expression, span};
    use crate::plan::ValueSource;

    fn cut(body: &str) -> Vec<(BodyPosition, String)> {
        cut_as(BodySyntax::Json, body)
    }

    /// Cuts a text in which each `$` is a value.
    fn cut_as(syntax: BodySyntax, body: &str) -> Vec<(BodyPosition, String)> {
        let mut pieces = Vec::new();
        for (index, literal) in body.split('$').enumerate() {
            if index > 0 {
                pieces.push(TextPiece::Value(expression(ValueSource::Uuid)));
            }
            if !literal.is_empty() {
                pieces.push(TextPiece::Literal(literal.into()));
            }
        }
        let text = Text { pieces, span: span(), source: None };
        let shown = |text: Text| text.pieces.iter().map(|piece| piece.literal().unwrap_or("$")).collect();
        cut_body(text, syntax).parts.into_iter().map(|(position, text)| (position, shown(text))).collect()
    }

    #[test]
    fn quotes_tell_where_a_value_stands() {
        use BodyPosition::{JsonKey, JsonString, JsonValue};
        let parts = |parts: &[(BodyPosition, &str)]| -> Vec<(BodyPosition, String)> {
            parts.iter().map(|(position, text)| (*position, text.to_string())).collect()
        };
        assert_eq!(
            cut(r#"{"a$": "x $ y", "b": $, "c": ["$"]}"#),
            parts(&[
                (JsonValue, "{\""),
                (JsonKey, "a$"),
                (JsonValue, "\": \""),
                (JsonString, "x $ y"),
                (JsonValue, "\", \""),
                (JsonKey, "b"),
                (JsonValue, "\": $, \""),
                (JsonKey, "c"),
                (JsonValue, "\": [\""),
                (JsonString, "$"),
                (JsonValue, "\"]}"),
            ])
        );
        assert_eq!(cut(r#""a\"$""#), parts(&[(JsonValue, "\""), (JsonString, r#"a\"$"#), (JsonValue, "\"")]));
        assert_eq!(cut("$"), parts(&[(JsonValue, "$")]));
    }

    #[test]
    fn nothing_is_lost() {
        for body in ["", "{", "\"", "\"\\", "[[[", "}}]]", "{\"a\"", "{\"a\":\"b\",\"$\":$", "\u{e9}\"\u{e9}\u{e9}\"$"] {
            let whole: String = cut(body).into_iter().map(|(_, text)| text).collect();
            assert_eq!(whole, body);
        }
        cut(&"[".repeat(100_000));
    }

    #[test]
    fn places_in_xml() {
        let places = |body: &str| {
            let parts = cut_as(BodySyntax::Xml, body);
            let held = parts.into_iter().filter(|(_, text)| text.contains('$'));
            held.map(|(position, _)| position).collect::<Vec<_>>()
        };
        use BodyPosition::{XmlAttribute, XmlCdata, XmlComment, XmlInstruction, XmlName, XmlText};
        assert_eq!(places("<a>$</a>$"), [XmlText, XmlText]);
        assert_eq!(places("<$ a=\"$\" b='>$' $='\"'>$"), [XmlName, XmlAttribute, XmlAttribute, XmlName, XmlText]);
        assert_eq!(places("<![CDATA[<a b=\"$\"]>]]>$"), [XmlCdata, XmlText]);
        assert_eq!(places("<!--<a>$->--><a $>"), [XmlComment, XmlName]);
        assert_eq!(places("<?xml $ >?>$"), [XmlInstruction, XmlText]);
        // An empty value ends what the literal text around it ends.
        assert_eq!(places("<!---$->$"), [XmlComment, XmlText]);
        for body in ["<![CDATA[]]>", "<a b='", "<!-->-->", "<<![CDATA[", "<a>\u{e9}<!--$--\u{e9}-->"] {
            assert_eq!(cut_as(BodySyntax::Xml, body).into_iter().map(|(_, text)| text).collect::<String>(), body);
        }
    }
}
