//! From what was written to what it means: names become attributes, secrets, variables and parts of the request.

use crate::diagnostic::Diagnostic;
use crate::filter;
use crate::plan::{
    AttributeName, Expression, FilterArgument, FilterUse, Function, FunctionUse, RequestPart, Text, TextPiece, ValueSource,
};
use crate::source::{Mapped, Name};
use crate::spec::Contexts;
use crate::template::{Argument, FilterCall, FunctionCall, Reference, Segment, Template};

use super::grammar;

/// The attributes of `_webhook`, page "Contexts".
pub const WEBHOOK_ATTRIBUTES: &[(&str, RequestPart)] = &[
    ("url", RequestPart::Url),
    ("body", RequestPart::Body),
    ("method", RequestPart::Method),
    ("headers", RequestPart::Headers),
    ("content_type", RequestPart::ContentType),
    ("query_params", RequestPart::QueryParams),
];

/// Reads a text and gives its names their meaning.
pub fn text(source: &Mapped, contexts: &Contexts, findings: &mut Vec<Diagnostic>) -> Text {
    of_template(&grammar::template(source, findings), contexts)
}

pub fn of_template(template: &Template, contexts: &Contexts) -> Text {
    let mut pieces: Vec<TextPiece> = Vec::with_capacity(template.segments.len());
    for segment in &template.segments {
        match segment {
            Segment::Expression(written) => pieces.push(TextPiece::Value(expression(written, contexts))),
            Segment::Literal { text, .. } => push_literal(&mut pieces, text),
            Segment::Broken { text, .. } => push_literal(&mut pieces, what_is_left_of(text)),
        }
    }
    Text { pieces, span: template.span(), source: Some(template.source.clone()) }
}

/// A brace that is never closed is plain text; what stands in braces and is no reference is removed, like a missing value.
fn what_is_left_of(broken: &str) -> &str {
    if broken.ends_with('}') { "" } else { broken }
}

fn push_literal(pieces: &mut Vec<TextPiece>, text: &str) {
    match pieces.last_mut() {
        Some(TextPiece::Literal(literal)) => literal.push_str(text),
        _ if text.is_empty() => {}
        _ => pieces.push(TextPiece::Literal(text.to_string())),
    }
}

fn expression(written: &crate::template::Expression, contexts: &Contexts) -> Expression {
    Expression {
        filters: written.filters.iter().map(|call| filter_use(call, contexts)).collect(),
        ..of_reference(&written.reference, contexts, written.span)
    }
}

fn of_reference(reference: &Reference, contexts: &Contexts, span: crate::source::Span) -> Expression {
    Expression {
        source: source(reference.context.as_ref(), &reference.attribute, contexts),
        path: reference.accessors.clone(),
        filters: Vec::new(),
        context_span: reference.context.as_ref().map(|context| context.span),
        name_span: reference.attribute.span,
        span,
    }
}

fn source(context: Option<&Name>, attribute: &Name, contexts: &Contexts) -> ValueSource {
    let Some(context) = context else {
        return ValueSource::Attribute(AttributeName::new(contexts.default, &attribute.value));
    };
    match context.value.as_str() {
        "secret" => ValueSource::Secret(attribute.value.clone()),
        "_auth" => match attribute.value.as_str() {
            "uuid" => ValueSource::Uuid,
            "timestamp" => ValueSource::TimestampSeconds,
            "timestamp_micro" => ValueSource::TimestampMicroseconds,
            name => ValueSource::Variable(name.to_string()),
        },
        "_webhook" => match WEBHOOK_ATTRIBUTES.iter().find(|(name, _)| *name == attribute.value) {
            Some((_, part)) => ValueSource::Request(*part),
            None => ValueSource::UnknownRequestPart(attribute.value.clone()),
        },
        known if contexts.knows(known) => ValueSource::Attribute(AttributeName::new(known, &attribute.value)),
        unknown => ValueSource::UnknownContext { context: unknown.to_string(), attribute: attribute.value.clone() },
    }
}

fn filter_use(call: &FilterCall, contexts: &Contexts) -> FilterUse {
    let Some(filter) = filter::find(&call.name.value) else {
        return FilterUse::Unknown { name: call.name.clone() };
    };
    FilterUse::Known {
        filter,
        arguments: call.arguments.iter().map(|argument| filter_argument(argument, contexts)).collect(),
        name_span: call.name.span,
        arguments_span: call.arguments_span,
        span: call.span,
    }
}

fn filter_argument(argument: &Argument, contexts: &Contexts) -> FilterArgument {
    match argument {
        Argument::Text { text, span, .. } => FilterArgument::Text { text: text.clone(), span: *span },
        Argument::Reference { reference, span } => FilterArgument::Value(of_reference(reference, contexts, *span)),
    }
}

pub fn function_use(call: FunctionCall, contexts: &Contexts) -> FunctionUse {
    FunctionUse {
        function: (call.name.value == "hmac-sha256").then_some(Function::HmacSha256),
        arguments: call.arguments.iter().map(|template| of_template(template, contexts)).collect(),
        call,
    }
}
