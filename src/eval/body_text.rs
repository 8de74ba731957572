//! A body that is text first: each value is encoded for the place that it stands in.

use percent_encoding::utf8_percent_encode;
use serde::de::IgnoredAny;

use crate::assumption::id;
use crate::plan::{BodyPosition, BodySyntax, BodyText, COMPONENT, Expression, Text, ValueSource};
use crate::value::{Data, Json, TaintedText, Value, plain_numbers};

use super::body::escape;
use super::expression::Evaluator;
use super::settled::Settled;
use super::{ErrorKind, Failure, body_xml};

impl Evaluator<'_> {
    /// The body with its values in it.
    pub(super) fn body_text(&self, body: &BodyText) -> Result<TaintedText, Failure> {
        let mut text = TaintedText::default();
        for (position, part) in &body.parts {
            if let Some(typed) = self.unfilled_key(*position, part) {
                text.push_plain(&typed);
                continue;
            }
            let mut once = TaintedText::default();
            for piece in self.settled(part) {
                match piece {
                    Settled::Literal(written) => once.push_plain(written),
                    Settled::Value(expression) => once.push(&self.in_body(*position, &expression)?),
                }
            }
            text.push(&self.settle_passes(part, once, |evaluator, value| evaluator.in_body(*position, value))?);
        }
        match body.syntax {
            BodySyntax::Json => self.check_json(&text)?,
            BodySyntax::Xml | BodySyntax::Html | BodySyntax::Form | BodySyntax::Plain => {}
        }
        Ok(text)
    }

    /// A key as it was typed, where names in keys are left alone.
    fn unfilled_key(&self, position: BodyPosition, part: &Text) -> Option<String> {
        let holds_name = position == BodyPosition::JsonKey && part.literal().is_none();
        let typed = part.typed().filter(|_| holds_name)?;
        (self.assume(id::REFERENCES_IN_JSON_KEYS) == "literal").then_some(typed)
    }

    fn in_body(&self, position: BodyPosition, expression: &Expression) -> Result<TaintedText, Failure> {
        if position == BodyPosition::JsonValue {
            return self.unquoted(expression);
        }
        let text = self.text_of(self.value(expression)?)?;
        match position {
            BodyPosition::JsonString | BodyPosition::JsonKey => Ok(text.map(escape)),
            BodyPosition::XmlText => body_xml::in_text(&text),
            BodyPosition::XmlAttribute => body_xml::in_attribute(&text),
            BodyPosition::XmlCdata => body_xml::in_cdata(&text),
            BodyPosition::XmlComment => body_xml::in_comment(&text),
            BodyPosition::XmlInstruction => body_xml::in_instruction(&text),
            BodyPosition::XmlName => body_xml::as_name(&text),
            BodyPosition::Html if has_markup(&text) && self.assume(id::HTML_VALUES) == "escape" => body_xml::in_text(&text),
            BodyPosition::Form => Ok(self.in_form(&text)),
            BodyPosition::Html | BodyPosition::Plain | BodyPosition::JsonValue => Ok(text),
        }
    }

    fn in_form(&self, text: &TaintedText) -> TaintedText {
        let plus = text.reveal().contains(' ') && self.assume(id::FORM_SPACE) == "+";
        text.map(|piece| {
            let encoded = utf8_percent_encode(piece, COMPONENT).to_string();
            if plus { encoded.replace("%20", "+") } else { encoded }
        })
    }

    /// A value where a whole JSON value belongs.
    fn unquoted(&self, expression: &Expression) -> Result<TaintedText, Failure> {
        let value = self.value_with_type(expression)?;
        if let ValueSource::Attribute(name) = &expression.source
            && self.is_list(name)
            && expression.path.is_empty()
        {
            return Ok(as_json(&value));
        }
        if is_certain(&value) {
            return Ok(as_json(&value));
        }
        let choice = self.assume(id::UNQUOTED_VALUE);
        let refused = |why: &str| Err(Failure::new(ErrorKind::InvalidBody, format!("{why} in the body")));
        if matches!(choice, "json" | "quote-text") {
            if value.as_str().is_some() && choice == "json" {
                return refused("a text stands outside of quotes");
            }
            return Ok(as_json(&value));
        }
        let text = self.text_of(value)?;
        if is_json(text.reveal()) {
            return Ok(text);
        }
        if choice == "json-text" {
            return refused("a value that is no JSON stands outside of quotes");
        }
        // It must not become more than the one value that belongs there.
        let leaves = |character: char| character.is_ascii_control() || "{}[],:\"".contains(character);
        if text.reveal().contains(leaves) {
            return refused("a value outside of quotes would change what stands around it");
        }
        Ok(text)
    }

    fn check_json(&self, text: &TaintedText) -> Result<(), Failure> {
        if is_json(text.reveal()) {
            return Ok(());
        }
        let message = "the body is not JSON once its values stand in it";
        if self.assume(id::MALFORMED_BODY) == "send" {
            self.record.log(message);
            return Ok(());
        }
        Err(Failure::new(ErrorKind::InvalidBody, message))
    }
}

/// Numbers and booleans are JSON themselves, whatever is done with texts.
fn is_certain(value: &Value) -> bool {
    matches!(value.data, Data::Json(Json::Number(_) | Json::Bool(_)))
}

/// Whether a text holds a character that has a meaning in HTML.
fn has_markup(text: &TaintedText) -> bool {
    text.reveal().contains(['&', '<', '>', '"', '\''])
}

fn as_json(value: &Value) -> TaintedText {
    let text = plain_numbers(value.to_json()).to_string();
    if value.is_secret() { TaintedText::secret(text) } else { TaintedText::plain(text) }
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<IgnoredAny>(text).is_ok()
}
