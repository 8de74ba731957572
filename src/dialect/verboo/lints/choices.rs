//! Every variable of a plan with the place that it stands in.

use std::collections::HashMap;

use super::known::given;
use crate::assumption::id;
use crate::case::Subject;
use crate::plan::{
    AttributeName, BodyPlan, BodyPosition, Choice, Place, Plan, Reading, Substitution, TextPiece, ValueSource,
};
use crate::value::{Data, Json, Value};

/// A variable and where it stands.
#[derive(Clone, Copy)]
pub struct Variable<'a> {
    pub place: Place,
    /// Outside of double quotes in the body.
    pub is_bare: bool,
    /// Where it begins in a body's text, mark included.
    pub offset_in_body: Option<usize>,
    pub choice: &'a Choice,
    /// Whether a name must end where a word ends.
    ends_with_word: bool,
}

impl<'a> Variable<'a> {
    /// The longest name that fits, and what follows it.
    pub fn longest(&self) -> Option<&'a Reading> {
        let goes_on = |reading: &&Reading| reading.rest.starts_with(Substitution::is_word);
        self.choice.readings.iter().find(|reading| !(self.ends_with_word && goes_on(reading)))
    }

    /// What is typed behind the mark.
    pub fn typed(&self) -> &'a str {
        let mark = self.choice.typed.chars().next().map_or(0, char::len_utf8);
        &self.choice.typed[mark..]
    }
}

/// Every variable, in the order of the request.
pub fn variables<'a>(plan: &'a Plan) -> Vec<Variable<'a>> {
    let in_body = in_body(plan);
    let ends_with_word = plan.assumptions.get(id::WORD_BOUNDARY) == "word";
    let texts = plan.texts().into_iter();
    let choices = texts.flat_map(|(place, text)| text.pieces.iter().filter_map(choice).map(move |choice| (place, choice)));
    let variable = |(place, choice): (Place, &'a Choice)| {
        let (is_bare, offset) = in_body.get(&std::ptr::from_ref(choice)).copied().unzip();
        Variable { place, is_bare: is_bare.unwrap_or_default(), offset_in_body: offset, choice, ends_with_word }
    };
    choices.map(variable).collect()
}

/// Every variable of the replies that use values of the request.
pub fn variables_in_replies<'a>(subject: &Subject<'a>) -> Vec<Variable<'a>> {
    let ends_with_word = subject.plan.assumptions.get(id::WORD_BOUNDARY) == "word";
    let bodies = subject.cases.iter().filter_map(|case| case.reply_template.as_deref());
    let pieces = bodies.flat_map(BodyPlan::texts).flat_map(|(_, text)| &text.pieces);
    let variable = |choice| Variable { place: Place::Reply, is_bare: false, offset_in_body: None, choice, ends_with_word };
    pieces.filter_map(choice).map(variable).collect()
}

/// Of each variable of a body's text, by its address: whether it stands outside of quotes, and where it begins.
fn in_body(plan: &Plan) -> HashMap<*const Choice, (bool, usize)> {
    let mut found = HashMap::new();
    let BodyPlan::Text(body) = &plan.request.body else { return found };
    let mut at = 0;
    for (position, text) in &body.parts {
        for piece in &text.pieces {
            at += match piece {
                TextPiece::Choice(choice) => {
                    found.insert(std::ptr::from_ref(choice), (*position == BodyPosition::JsonValue, at));
                    choice.typed.len()
                }
                TextPiece::Literal(literal) => literal.len(),
                TextPiece::Value(_) => return found,
            };
        }
    }
    found
}

fn choice(piece: &TextPiece) -> Option<&Choice> {
    match piece {
        TextPiece::Choice(choice) => Some(choice),
        TextPiece::Literal(_) | TextPiece::Value(_) => None,
    }
}

/// The step into an object of the client data that stands behind a name, where the platform is assumed to take it and the
/// object of every case has it.
pub fn nested<'r, 'a>(reading: &'r Reading, subject: &Subject<'a>) -> Option<(&'r str, Vec<&'a Json>)> {
    let step = Substitution::step(&reading.rest)?;
    if subject.plan.assumptions.get(id::NESTED_CLIENT_DATA) != "path" {
        return None;
    }
    let entry = |value: &'a Value| match &value.data {
        Data::Json(Json::Object(entries)) => entries.get(step),
        _ => None,
    };
    let entries: Option<Vec<&Json>> = given(subject, attribute(reading)?).into_iter().map(entry).collect();
    entries.filter(|entries| !entries.is_empty()).map(|entries| (&reading.rest[step.len() + 1..], entries))
}

/// The attribute that a reading reads.
pub fn attribute(reading: &Reading) -> Option<&AttributeName> {
    match &reading.value.source {
        ValueSource::Attribute(name) => Some(name),
        _ => None,
    }
}
