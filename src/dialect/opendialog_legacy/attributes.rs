//! The attributes that an action lists as its inputs and outputs: `context.attribute`, or a name in `user`.

use std::collections::HashMap;

use super::lints::duplicate_attribute;
use crate::assumption::id;
use crate::dialect::Lowering;
use crate::plan::{AttributeName, Expression, Text, TextPiece, ValueSource};
use crate::source::{Span, Spanned};
use crate::spec::{Contexts, Table};

/// An attribute of a list.
pub struct Attribute {
    /// Its name without a context: its key in the request and in the reply.
    pub name: String,
    source: ValueSource,
    context_span: Option<Span>,
    name_span: Span,
    pub span: Span,
}

/// The attributes of a list. Of several that have one name in a request or a reply the last counts, as in a PHP array with
/// that key; what is listed first stands first.
pub fn listed(action: &Table, key: &str, lowering: &mut Lowering<'_, '_>) -> Vec<Attribute> {
    let mut attributes: Vec<Attribute> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for written in lowering.reading.texts(action, key) {
        let Some(attribute) = Attribute::read(&written, lowering.contexts) else {
            lowering.reading.wrong_value(written.span, "the name of an attribute", &format!("`{}`", written.value));
            continue;
        };
        match places.get(&attribute.name) {
            Some(&place) => {
                let found = duplicate_attribute::found(key, &attribute.name, attribute.span, attributes[place].span);
                lowering.reading.findings.push(found);
                attributes[place] = attribute;
            }
            None => {
                places.insert(attribute.name.clone(), attributes.len());
                attributes.push(attribute);
            }
        }
    }
    attributes
}

impl Attribute {
    /// `None` when there is no name.
    fn read(written: &Spanned<String>, contexts: &Contexts) -> Option<Attribute> {
        let text = written.value.as_str();
        let (context, name) = match text.split_once('.') {
            Some((context, name)) => (Some(context), name),
            None => (None, text),
        };
        if name.trim().is_empty() || context.is_some_and(|context| context.trim().is_empty()) {
            return None;
        }
        let source = match context {
            Some("secret") => ValueSource::Secret(name.to_string()),
            Some("_auth") => ValueSource::Variable(name.to_string()),
            Some(context) if !contexts.knows(context) => {
                ValueSource::UnknownContext { context: context.to_string(), attribute: name.to_string() }
            }
            context => ValueSource::Attribute(AttributeName::new(context.unwrap_or(contexts.default), name)),
        };
        let context_span = context.map(|context| written.beginning(context.len()).unwrap_or(written.span));
        let name_span = match context_span {
            Some(span) if span != written.span => Span { start: span.end + 1, ..written.span },
            _ => written.span,
        };
        Some(Attribute { name: name.to_string(), source, context_span, name_span, span: written.span })
    }

    /// The attribute's value alone: it keeps its type.
    pub fn reference(&self) -> Text {
        let expression = Expression {
            source: self.source.clone(),
            path: Vec::new(),
            filters: Vec::new(),
            context_span: self.context_span,
            name_span: self.name_span,
            span: self.span,
        };
        Text { pieces: vec![TextPiece::Value(expression)], span: self.span, source: None }
    }

    /// The attribute without which the action does not run. A secret is no attribute: bullets are sent for it. No authentication
    /// has variables, so that none of them is ever there.
    pub fn required(&self, lowering: &Lowering<'_, '_>) -> Option<Spanned<AttributeName>> {
        let name = match &self.source {
            ValueSource::Attribute(name) => name.clone(),
            ValueSource::UnknownContext { context, attribute } => match lowering.assumptions.get(id::UNKNOWN_CONTEXT) {
                "empty" => AttributeName::new(context, attribute),
                _ => AttributeName::new(lowering.contexts.default, attribute),
            },
            ValueSource::Variable(name) => AttributeName::new("_auth", name),
            _ => return None,
        };
        Some(Spanned::new(name, self.span))
    }

    /// The attribute that a reply is written into; an unknown context is dropped, as the platform's engine of 2021 does.
    pub fn target(&self, contexts: &Contexts) -> AttributeName {
        match &self.source {
            ValueSource::Attribute(name) => name.clone(),
            ValueSource::Secret(name) => AttributeName::new("secret", name),
            ValueSource::Variable(name) => AttributeName::new("_auth", name),
            _ => AttributeName::new(contexts.default, &self.name),
        }
    }

    /// The context that does not exist, with its place.
    pub fn unknown_context(&self) -> Option<(&str, Span)> {
        match &self.source {
            ValueSource::UnknownContext { context, .. } => Some((context, self.context_span.unwrap_or(self.span))),
            _ => None,
        }
    }
}
