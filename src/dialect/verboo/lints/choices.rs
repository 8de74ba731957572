//! Every variable of a plan with the place that it stands in.

use crate::plan::{AttributeName, BodyPlan, BodyPosition, Choice, Place, Plan, Reading, TextPiece, ValueSource};

/// A variable and where it stands.
#[derive(Clone, Copy)]
pub struct Variable<'a> {
    pub place: Place,
    /// Outside of double quotes in the body.
    pub is_bare: bool,
    pub choice: &'a Choice,
}

impl<'a> Variable<'a> {
    /// The longest name that fits, and what follows it.
    pub fn longest(&self) -> Option<&'a Reading> {
        self.choice.readings.first()
    }

    /// What is typed behind the mark.
    pub fn typed(&self) -> &'a str {
        let mark = self.choice.typed.chars().next().map_or(0, char::len_utf8);
        &self.choice.typed[mark..]
    }
}

/// Every variable, in the order of the request.
pub fn variables(plan: &Plan) -> Vec<Variable<'_>> {
    let texts = plan.texts().into_iter();
    let mut variables: Vec<Variable<'_>> =
        texts.flat_map(|(place, text)| text.pieces.iter().filter_map(move |piece| variable(piece, place))).collect();
    if let BodyPlan::Text(body) = &plan.request.body {
        let bare = body.parts.iter().filter(|(position, _)| *position == BodyPosition::JsonValue);
        let bare: Vec<&Choice> = bare.flat_map(|(_, text)| text.pieces.iter()).filter_map(choice).collect();
        for variable in &mut variables {
            variable.is_bare = bare.iter().any(|bare| std::ptr::eq(*bare, variable.choice));
        }
    }
    variables
}

fn variable(piece: &TextPiece, place: Place) -> Option<Variable<'_>> {
    choice(piece).map(|choice| Variable { place, is_bare: false, choice })
}

fn choice(piece: &TextPiece) -> Option<&Choice> {
    match piece {
        TextPiece::Choice(choice) => Some(choice),
        TextPiece::Literal(_) | TextPiece::Value(_) => None,
    }
}

/// The attribute that a reading reads.
pub fn attribute(reading: &Reading) -> Option<&AttributeName> {
    match &reading.value.source {
        ValueSource::Attribute(name) => Some(name),
        _ => None,
    }
}

/// A variable of a body's text, and where its name begins in that text, mark included.
pub fn offset_in_body(plan: &Plan, choice: &Choice) -> Option<usize> {
    let BodyPlan::Text(body) = &plan.request.body else { return None };
    let mut at = 0;
    for piece in body.parts.iter().flat_map(|(_, text)| &text.pieces) {
        at += match piece {
            TextPiece::Choice(known) if std::ptr::eq(known, choice) => return Some(at),
            TextPiece::Choice(known) => known.typed.len(),
            TextPiece::Literal(literal) => literal.len(),
            TextPiece::Value(_) => return None,
        };
    }
    None
}
