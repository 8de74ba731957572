//! Where in an XML document a text ends (XML 1.0, section 2.4 to 2.7).

use super::body::{BodyPosition, Scanner};

/// Knows of a beginning of XML where it ends.
#[derive(Clone, Default)]
pub(super) struct XmlScanner {
    place: Place,
    /// The last characters of this place, the latest at the end.
    recent: [char; LONGEST_MARK],
}

/// The length of `<![CDATA[`.
const LONGEST_MARK: usize = 9;

#[derive(Clone, Copy, Default)]
enum Place {
    #[default]
    Text,
    Tag,
    Quoted(char),
    Cdata,
    Comment,
    Instruction,
}

impl XmlScanner {
    fn enter(&mut self, place: Place) {
        *self = XmlScanner { place, ..XmlScanner::default() };
    }

    fn push(&mut self, character: char) {
        self.recent.rotate_left(1);
        self.recent[LONGEST_MARK - 1] = character;
    }

    fn has_read(&self, mark: &str) -> bool {
        mark.chars().rev().zip(self.recent.iter().rev()).all(|(wanted, read)| wanted == *read)
    }

    fn step_in_tag(&mut self, character: char) {
        let marks = [("<!--", Place::Comment), ("<![CDATA[", Place::Cdata), ("<?", Place::Instruction)];
        if let Some((_, place)) = marks.into_iter().find(|(mark, _)| self.has_read(mark)) {
            return self.enter(place);
        }
        match character {
            '"' | '\'' => self.enter(Place::Quoted(character)),
            '>' => self.enter(Place::Text),
            _ => {}
        }
    }
}

impl Scanner for XmlScanner {
    fn position(&self) -> BodyPosition {
        match self.place {
            Place::Text => BodyPosition::XmlText,
            Place::Tag => BodyPosition::XmlName,
            Place::Quoted(_) => BodyPosition::XmlAttribute,
            Place::Cdata => BodyPosition::XmlCdata,
            Place::Comment => BodyPosition::XmlComment,
            Place::Instruction => BodyPosition::XmlInstruction,
        }
    }

    fn is_enclosed(&self) -> bool {
        !matches!(self.place, Place::Text | Place::Tag)
    }

    /// Elsewhere the value may be empty, and end nothing.
    fn value(&mut self) {
        if matches!(self.place, Place::Tag) {
            self.push('x');
        }
    }

    fn step(&mut self, character: char) {
        self.push(character);
        match self.place {
            Place::Text if character == '<' => {
                self.enter(Place::Tag);
                self.push(character);
            }
            Place::Tag => self.step_in_tag(character),
            Place::Quoted(quote) if character == quote => self.enter(Place::Tag),
            Place::Cdata if self.has_read("]]>") => self.enter(Place::Text),
            Place::Comment if self.has_read("-->") => self.enter(Place::Text),
            Place::Instruction if self.has_read("?>") => self.enter(Place::Text),
            _ => {}
        }
    }
}
