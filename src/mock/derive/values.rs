//! A value that arrived where one of the action's stands: what it is held against, and when it is another.

use serde_json::Value as Json;

use super::pattern::{Hole, Pattern, Reads};
use super::report::{Part, Row, RowVerdict};
use super::shape::BodyShape;
use super::verify::{Comparison, same};
use crate::assumption::id;
use crate::plan::{AttributeName, Plan, ValueSource};
use crate::spec::{given_value, parse_time};
use crate::value::{AttributeType, Scalar, Value, json_text};

/// A hole and what stands in it, where its ends can be told.
type Capture<'a> = (&'a Hole, Option<&'a str>);

impl Comparison<'_> {
    /// A text against what is rendered, and against its pattern.
    pub(super) fn of_text(&self, pattern: &Pattern, expected: Option<&str>, got: &str) -> RowVerdict {
        if self.type_refused(pattern, got).is_some() {
            return RowVerdict::Differs;
        }
        if expected == Some(got) {
            return RowVerdict::Holds;
        }
        match pattern.captures(got) {
            None => RowVerdict::Differs,
            Some(captures) if captures.is_empty() => RowVerdict::Holds,
            Some(captures) => self.of_captures(&captures, expected.and_then(|expected| pattern.captures(expected))),
        }
    }

    /// Values that are others than rendered: a difference where all that they are made of is known.
    fn of_captures(&self, captures: &[Capture<'_>], expected: Option<Vec<Capture<'_>>>) -> RowVerdict {
        let is_rendered = |index: usize, text: Option<&str>| {
            text.is_some() && expected.as_ref().and_then(|expected| expected.get(index)).is_some_and(|known| known.1 == text)
        };
        let mut secrets = captures.iter().enumerate().filter(|(_, (hole, _))| self.is_secret(hole));
        if secrets.any(|(index, (_, text))| !is_rendered(index, *text)) {
            return RowVerdict::Differs;
        }
        let is_determined = captures.iter().all(|(hole, _)| self.is_determined(hole));
        let is_source = captures.iter().all(|(hole, text)| text.is_some_and(|text| self.is_source(hole, text)));
        match expected.is_some() && is_determined && !is_source {
            true => RowVerdict::Differs,
            false => RowVerdict::Varies,
        }
    }

    /// One value alone, other than rendered.
    pub(super) fn of_value(&self, hole: &Hole, is_known: bool) -> RowVerdict {
        match self.is_secret(hole) || (is_known && self.is_determined(hole)) {
            true => RowVerdict::Differs,
            false => RowVerdict::Varies,
        }
    }

    fn is_determined(&self, hole: &Hole) -> bool {
        self.recovered.determines(hole, &self.action.plan)
    }

    /// A value of which nothing but the right one may come.
    pub(super) fn is_secret(&self, hole: &Hole) -> bool {
        let is_attribute = matches!(hole.reads, Reads::Attribute(_));
        hole.needs.iter().any(|source| match source {
            ValueSource::Secret(_) => self.is_determined(hole),
            ValueSource::Attribute(name) => is_attribute && self.recovered.is_secret(name),
            _ => false,
        })
    }

    /// Whether the value was read here, or as well could be: what the platform makes of it on the way is no contradiction.
    fn is_source(&self, hole: &Hole, text: &str) -> bool {
        match &hole.reads {
            Reads::Attribute(name) => {
                let known = self.recovered.attributes.get(name);
                known.is_some_and(|known| [text, &super::recover::unescaped(text)].contains(&known.value.to_text().reveal()))
            }
            Reads::Variable(name) => self.recovered.variables.iter().any(|(known, value)| known == name && value == text),
            _ => false,
        }
    }

    /// Whether a value with its type is the one that was read, here or elsewhere. What was read of a text has a guessed type.
    pub(super) fn is_source_of(&self, name: &AttributeName, got: &Json) -> bool {
        let Some(known) = self.recovered.attributes.get(name) else { return true };
        let known = known.value.to_json();
        same(&known, got) || on_one_line(&json_text(&known)) == on_one_line(&json_text(got))
    }

    /// What a value that the URL begins with brings along: how many parameters are rendered of it. They, and all others that
    /// the action does not name, are taken out of what came.
    pub(super) fn of_prefix(&mut self, rendered: &[(String, String)], got: &mut Vec<(String, String)>) -> usize {
        let patterns = &self.action.shape.query;
        let own = rendered.len().saturating_sub(patterns.len());
        for (name, value) in &rendered[..own] {
            if let Some(index) = got.iter().position(|(known, got)| known == name && got == value) {
                got.remove(index);
                self.rows.push(Row::new(Part::Query, name, RowVerdict::Holds));
            }
        }
        let is_named = |known: &str| patterns.iter().any(|(name, _)| name.matches(known));
        for (name, _) in got.extract_if(.., |(known, _)| !is_named(known)) {
            let row = Row::new(Part::Query, name, RowVerdict::Varies);
            self.rows.push(row.note("it may be of the value that the URL begins with"));
        }
        own
    }

    /// The one that is configured, else the platform's, where nothing can be rendered.
    pub(super) fn planned_content_type(&self) -> Option<&str> {
        let (plan, shape) = (&self.action.plan, &self.action.shape);
        if let Some((_, pattern)) = shape.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
            return pattern.as_literal();
        }
        let is_dropped = plan.request.method.value == "GET" && plan.assumptions.get(id::BODY_ON_GET) == "drop";
        let adds = match matches!(shape.body, BodyShape::None) || is_dropped {
            true => plan.assumptions.get(id::CONTENT_TYPE_WITHOUT_BODY) == "add",
            false => plan.assumptions.get(id::CONTENT_TYPE_WITH_BODY) != "omit",
        };
        adds.then_some(plan.request.content_type)
    }

    /// The type that a text alone in its place cannot have.
    pub(super) fn type_refused(&self, pattern: &Pattern, got: &str) -> Option<AttributeType> {
        let Reads::Attribute(name) = &pattern.lone()?.reads else { return None };
        let is_typed = pattern.lone()?.typed.as_deref() == Some(got);
        let declared = self.action.plan.attribute_type(name)?;
        // Nothing where there is no value.
        (!is_typed && !got.is_empty() && !can_read(declared, got)).then_some(declared)
    }
}

/// A header or a query may have a space in the place of each line break.
fn on_one_line(text: &str) -> String {
    text.replace("\r\n", " ").replace(['\r', '\n'], " ")
}

/// The type of an attribute; one in no context is a list of texts that the platform fills.
pub(super) fn attribute_type(plan: &Plan, name: &AttributeName) -> Option<AttributeType> {
    let is_list = name.context().is_empty() && plan.implied_context().is_some();
    plan.attribute_type(name).or(is_list.then(|| AttributeType::many(Scalar::String)))
}

/// Whether the platform may send this as a value of the type: it coerces what it is given.
pub(super) fn can_be(declared: AttributeType, got: &Json) -> bool {
    declared.accept(got).is_some() || same(&declared.coerce(&Value::from(got.clone())).to_json(), got)
}

/// Whether a value of the type can be this text. Lists have several texts, and numbers with a fraction may be written in
/// several ways.
fn can_read(declared: AttributeType, got: &str) -> bool {
    match declared.scalar {
        _ if declared.collection => true,
        Scalar::String | Scalar::Json => true,
        Scalar::Boolean => matches!(got, "true" | "false" | "1" | "0"),
        Scalar::Float => got.parse::<f64>().is_ok(),
        Scalar::Timestamp => got.parse::<i64>().is_ok() || parse_time(got).is_some(),
        Scalar::Int => given_value(Some(declared), got.into()).to_text().reveal() == got,
    }
}

impl Row {
    /// A row of a value that is of another type, if it is.
    pub(super) fn of_type(self, refused: Option<AttributeType>) -> Row {
        match refused {
            Some(declared) => self.expected(format!("a value of type `{declared}`")),
            None => self,
        }
    }
}
