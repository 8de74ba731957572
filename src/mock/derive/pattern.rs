//! A text of a plan as a pattern: what was written, and holes where values come.

use percent_encoding::percent_decode_str;

use crate::plan::{AttributeName, Choice, Expression, RequestPart, Text, TextPiece, ValueSource};

/// Literal text and holes, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pattern {
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq)]
enum Piece {
    Literal(String),
    Hole(Hole),
}

/// A piece of a pattern.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PatternPart<'p> {
    Literal(&'p str),
    Hole(&'p Hole),
}

/// A place where a value comes.
#[derive(Clone, Debug, PartialEq)]
pub struct Hole {
    pub reads: Reads,
    /// All that the value is made of.
    pub needs: Vec<ValueSource>,
    /// What stands there when there is no value, where the platform leaves what was typed.
    pub typed: Option<String>,
}

/// What a value is read from, if it can be told from the value alone: only a reference without filters can.
#[derive(Clone, Debug, PartialEq)]
pub enum Reads {
    Attribute(AttributeName),
    /// A variable of the authentication.
    Variable(String),
    Secret(String),
    Uuid,
    TimestampSeconds,
    Request(RequestPart),
    /// A filtered value, an entry of one, or one of which it is not known what it is.
    Computed,
}

impl Hole {
    pub(super) fn of_expression(expression: &Expression) -> Hole {
        let is_bare = expression.path.is_empty() && expression.filters.is_empty();
        let reads = match &expression.source {
            _ if !is_bare => Reads::Computed,
            ValueSource::Attribute(name) => Reads::Attribute(name.clone()),
            ValueSource::Variable(name) => Reads::Variable(name.clone()),
            ValueSource::Secret(name) => Reads::Secret(name.clone()),
            ValueSource::Uuid => Reads::Uuid,
            ValueSource::TimestampSeconds => Reads::TimestampSeconds,
            ValueSource::Request(part) => Reads::Request(*part),
            _ => Reads::Computed,
        };
        let needs = expression.with_arguments().iter().map(|expression| expression.source.clone()).collect();
        Hole { reads, needs, typed: None }
    }

    /// Which name counts is known in a run; when the first is all that stands there, it is taken for that.
    fn of_choice(choice: &Choice) -> Hole {
        let first = choice.readings.first().filter(|reading| reading.rest.is_empty());
        let reads = first.map_or(Reads::Computed, |reading| Hole::of_expression(&reading.value).reads);
        let needs = choice.readings.iter().map(|reading| reading.value.source.clone()).collect();
        Hole { reads, needs, typed: Some(choice.typed.clone()) }
    }
}

impl Pattern {
    pub fn of_text(text: &Text) -> Pattern {
        Pattern::of_pieces(&text.pieces)
    }

    pub fn of_pieces(pieces: &[TextPiece]) -> Pattern {
        let mut pattern = Pattern::default();
        for piece in pieces {
            match piece {
                TextPiece::Literal(literal) => pattern.push_literal(literal),
                TextPiece::Value(expression) => pattern.push_hole(Hole::of_expression(expression)),
                TextPiece::Choice(choice) => pattern.push_hole(Hole::of_choice(choice)),
            }
        }
        pattern
    }

    pub fn literal(text: &str) -> Pattern {
        let mut pattern = Pattern::default();
        pattern.push_literal(text);
        pattern
    }

    pub fn push_literal(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        match self.pieces.last_mut() {
            Some(Piece::Literal(last)) => last.push_str(text),
            _ => self.pieces.push(Piece::Literal(text.to_string())),
        }
    }

    pub fn push_hole(&mut self, hole: Hole) {
        self.pieces.push(Piece::Hole(hole));
    }

    /// The same with what was written changed.
    fn map_literals(mut self, change: impl Fn(&str) -> String) -> Pattern {
        for piece in &mut self.pieces {
            if let Piece::Literal(literal) = piece {
                *literal = change(literal);
            }
        }
        self
    }

    /// The same with percent-encoded bytes as characters.
    pub fn decoded(self) -> Pattern {
        self.map_literals(decoded)
    }

    /// The same, read as a name or a value of a form (WHATWG URL, section 5.1).
    pub fn form_decoded(self) -> Pattern {
        self.map_literals(|literal| decoded(&literal.replace('+', " ")))
    }

    /// The same without white space at its ends, as in a header.
    pub fn trimmed(mut self) -> Pattern {
        if let Some(Piece::Literal(first)) = self.pieces.first_mut() {
            *first = first.trim_start().to_string();
        }
        if let Some(Piece::Literal(last)) = self.pieces.last_mut() {
            *last = last.trim_end().to_string();
        }
        self
    }

    /// The parts between separators, which only literal text can hold.
    pub fn split(&self, separator: char) -> Vec<Pattern> {
        let mut parts = vec![Pattern::default()];
        for piece in &self.pieces {
            match piece {
                Piece::Hole(hole) => last(&mut parts).push_hole(hole.clone()),
                Piece::Literal(literal) => {
                    for (index, part) in literal.split(separator).enumerate() {
                        if index > 0 {
                            parts.push(Pattern::default());
                        }
                        last(&mut parts).push_literal(part);
                    }
                }
            }
        }
        parts
    }

    /// The parts before and behind the first separator.
    pub fn split_once(&self, separator: char) -> Option<(Pattern, Pattern)> {
        let (mut before, mut behind, mut is_behind) = (Pattern::default(), Pattern::default(), false);
        for piece in &self.pieces {
            match piece {
                Piece::Literal(literal) if !is_behind && literal.contains(separator) => {
                    let (first, second) = literal.split_once(separator).unwrap_or((literal, ""));
                    before.push_literal(first);
                    behind.push_literal(second);
                    is_behind = true;
                }
                Piece::Literal(literal) if is_behind => behind.push_literal(literal),
                Piece::Literal(literal) => before.push_literal(literal),
                Piece::Hole(hole) if is_behind => behind.push_hole(hole.clone()),
                Piece::Hole(hole) => before.push_hole(hole.clone()),
            }
        }
        is_behind.then_some((before, behind))
    }

    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// The text, if no value comes.
    pub fn as_literal(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [] => Some(""),
            [Piece::Literal(literal)] => Some(literal),
            _ => None,
        }
    }

    /// The hole, if there is nothing else.
    pub fn lone(&self) -> Option<&Hole> {
        match self.pieces.as_slice() {
            [Piece::Hole(hole)] => Some(hole),
            _ => None,
        }
    }

    /// Whether a text can be what becomes of the pattern.
    pub fn matches(&self, text: &str) -> bool {
        self.captures(text).is_some()
    }

    /// What stands in each hole; `None` for those whose ends cannot be told because another follows at once. The whole is
    /// `None` when the text is another.
    pub fn captures<'p, 't>(&'p self, text: &'t str) -> Option<Vec<(&'p Hole, Option<&'t str>)>> {
        let mut captures: Vec<(&Hole, Option<&str>)> = Vec::new();
        let mut at = 0;
        // The holes since the last literal.
        let mut open = 0;
        for (index, piece) in self.pieces.iter().enumerate() {
            match piece {
                Piece::Hole(hole) => {
                    captures.push((hole, None));
                    open += 1;
                }
                Piece::Literal(literal) => {
                    let rest = &text[at..];
                    let is_last = index + 1 == self.pieces.len();
                    let start = match open {
                        0 => rest.starts_with(literal.as_str()).then_some(0)?,
                        // The last one ends the text, wherever else it stands.
                        _ if is_last => rest.ends_with(literal.as_str()).then(|| rest.len() - literal.len())?,
                        _ => rest.find(literal.as_str())?,
                    };
                    close(&mut captures, open, &rest[..start]);
                    at += start + literal.len();
                    open = 0;
                }
            }
        }
        match open {
            0 => (at == text.len()).then_some(captures),
            _ => {
                close(&mut captures, open, &text[at..]);
                Some(captures)
            }
        }
    }

    /// The pattern for people: `/users/{user.id}`.
    pub fn shown(&self) -> String {
        let piece = |piece: &Piece| match piece {
            Piece::Literal(literal) => literal.clone(),
            Piece::Hole(hole) => hole.shown(),
        };
        self.pieces.iter().map(piece).collect()
    }

    /// Literal text and holes, in order.
    pub fn parts(&self) -> impl Iterator<Item = PatternPart<'_>> {
        self.pieces.iter().map(|piece| match piece {
            Piece::Literal(literal) => PatternPart::Literal(literal),
            Piece::Hole(hole) => PatternPart::Hole(hole),
        })
    }

    pub fn holes(&self) -> impl Iterator<Item = &Hole> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Hole(hole) => Some(hole),
            Piece::Literal(_) => None,
        })
    }
}

impl Hole {
    /// The hole for people: `{user.id}`.
    pub fn shown(&self) -> String {
        match &self.reads {
            Reads::Attribute(name) => format!("{{{name}}}"),
            Reads::Variable(name) => format!("{{_auth.{name}}}"),
            Reads::Secret(name) => format!("{{secret.{name}}}"),
            Reads::Uuid => "{uuid}".to_string(),
            Reads::TimestampSeconds => "{timestamp}".to_string(),
            Reads::Request(part) => format!("{{request {}}}", part.name()),
            Reads::Computed => "{…}".to_string(),
        }
    }
}

fn last(parts: &mut [Pattern]) -> &mut Pattern {
    let index = parts.len() - 1;
    &mut parts[index]
}

/// Ends the open holes at a text: of several in a row none is known.
fn close<'t>(captures: &mut [(&Hole, Option<&'t str>)], open: usize, text: &'t str) {
    if let (1, Some(last)) = (open, captures.last_mut()) {
        last.1 = Some(text);
    }
}

/// Percent-encoded bytes as characters.
pub fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hole(name: &str) -> Hole {
        Hole { reads: Reads::Attribute(AttributeName::new("user", name)), needs: Vec::new(), typed: None }
    }

    /// `a{x}b`: literals and holes of one letter.
    fn pattern(written: &str) -> Pattern {
        let mut pattern = Pattern::default();
        for part in written.split_inclusive('}') {
            let (literal, name) = part.split_once('{').unwrap_or((part, ""));
            pattern.push_literal(literal);
            if let Some(name) = name.strip_suffix('}') {
                pattern.push_hole(hole(name));
            }
        }
        pattern
    }

    fn captured(written: &str, text: &str) -> Option<Vec<Option<String>>> {
        let pattern = pattern(written);
        let captures = pattern.captures(text)?;
        Some(captures.into_iter().map(|(_, text)| text.map(str::to_string)).collect())
    }

    #[test]
    fn values_stand_between_literals() {
        let some = |texts: &[&str]| Some(texts.iter().map(|text| Some(text.to_string())).collect::<Vec<_>>());
        assert_eq!(captured("/users/{id}", "/users/42"), some(&["42"]));
        assert_eq!(captured("{a} {b}", "Ada Lovelace Byron"), some(&["Ada", "Lovelace Byron"]));
        assert_eq!(captured("{a}.png", "x.png.png"), some(&["x.png"]));
        assert_eq!(captured("{a}{b}!", "xy!"), Some(vec![None, None]));
        assert_eq!(captured("a", "a"), Some(vec![]));
        for (written, text) in [("a", "ab"), ("/users/{id}", "/user/42"), ("{a}!", "x"), ("", "x")] {
            assert_eq!(captured(written, text), None, "{written} {text}");
        }
    }

    #[test]
    fn only_literal_text_separates() {
        let shown = |parts: Vec<Pattern>| parts.iter().map(Pattern::shown).collect::<Vec<_>>();
        assert_eq!(shown(pattern("a/{x}b/").split('/')), ["a", "{user.x}b", ""]);
        let (name, value) = pattern("q={x}=1").split_once('=').expect("a separator");
        assert_eq!((name.shown(), value.shown()), ("q".to_string(), "{user.x}=1".to_string()));
        assert!(pattern("q{x}").split_once('=').is_none());
    }
}
