//! The template grammar: text in, [`Template`] out. Nothing of pest leaves this file.

mod complaint;
mod intent;

use pest::Parser;
use pest::iterators::Pair;

use crate::diagnostic::Diagnostic;
use crate::source::{Mapped, Name, Span, Spanned};
use crate::spec::lints::template_syntax;
use crate::template::{
    Accessor, AccessorKey, AccessorStyle, Argument, Expression, FilterCall, FunctionCall, MAX_TEMPLATE_BYTES, Reference,
    Segment, Template,
};

#[derive(pest_derive::Parser)]
#[grammar = "grammar/opendialog.pest"]
struct Grammar;

/// The template in a text. What cannot be read becomes [`Segment::Broken`] with a finding.
pub fn template(source: &Mapped, findings: &mut Vec<Diagnostic>) -> Template {
    let text = &source.text;
    if !text.contains('{') {
        let literal = Segment::Literal { text: text.to_string(), span: source.inside() };
        let segments = if text.is_empty() { Vec::new() } else { vec![literal] };
        return Template { segments, source: source.clone() };
    }
    if text.len() > MAX_TEMPLATE_BYTES {
        let message = format!("a template of {} bytes is longer than the limit of {MAX_TEMPLATE_BYTES}", text.len());
        findings.push(template_syntax::found(source.inside(), message, None));
        return Template { segments: vec![broken(source, 0..text.len())], source: source.clone() };
    }
    let mut segments = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let length = match rest.find('{') {
            Some(0) => rest.find('}').map_or(rest.len(), |close| close + 1),
            open => open.unwrap_or(rest.len()),
        };
        segments.push(segment(source, at..at + length, findings));
        at += length;
    }
    Template { segments, source: source.clone() }
}

/// The length of the reference that a text begins with.
pub fn reference_length(text: &str) -> Option<usize> {
    let inside = text.strip_prefix('{')?;
    // An object, which is what nearly always stands here, is told from a reference by its first character.
    if inside.trim_start().starts_with(['"', '{', '}', '[']) {
        return None;
    }
    let end = inside.find('}')?;
    let is_reference = inside[..end].len() <= MAX_TEMPLATE_BYTES && Grammar::parse(Rule::expression, &inside[..end]).is_ok();
    is_reference.then_some(end + 2)
}

/// Plain text, or what begins with a brace.
fn segment(source: &Mapped, range: std::ops::Range<usize>, findings: &mut Vec<Diagnostic>) -> Segment {
    let text = &source.text[range.clone()];
    if !text.starts_with('{') {
        return Segment::Literal { text: text.to_string(), span: source.span(range) };
    }
    if text.ends_with('}') {
        return parse_reference_block(source, range, findings);
    }
    let brace = source.span(range.start..range.start + 1);
    let help = "close it with `}`; without one the platform sends the text as it is";
    findings.push(template_syntax::found(brace, "a reference that is never closed", Some(help)));
    broken(source, range)
}

fn broken(source: &Mapped, range: std::ops::Range<usize>) -> Segment {
    Segment::Broken { text: source.text[range.clone()].to_string(), span: source.span(range) }
}

/// `{ … }`, braces included.
fn parse_reference_block(source: &Mapped, range: std::ops::Range<usize>, findings: &mut Vec<Diagnostic>) -> Segment {
    let inside_start = range.start + 1;
    let inside = &source.text[inside_start..range.end - 1];
    match Grammar::parse(Rule::expression, inside) {
        Ok(mut pairs) => {
            let reader = Reader { source, base: inside_start };
            let parts = pairs.next().map(|pair| pair.into_inner().collect::<Vec<_>>()).unwrap_or_default();
            match reader.expression(parts, source.span(range.clone())) {
                Some(expression) => Segment::Expression(expression),
                None => broken(source, range),
            }
        }
        Err(error) => {
            findings.push(complaint::explain(source, range.clone(), inside, &error));
            broken(source, range)
        }
    }
}

struct Reader<'a> {
    source: &'a Mapped,
    /// Where the parsed text starts in the source.
    base: usize,
}

impl Reader<'_> {
    fn span(&self, pair: &Pair<'_, Rule>) -> Span {
        let range = range_of(pair);
        self.source.span(self.base + range.start..self.base + range.end)
    }

    fn name(&self, pair: &Pair<'_, Rule>) -> Name {
        Spanned::new(pair.as_str().to_string(), self.span(pair))
    }

    fn expression(&self, parts: Vec<Pair<'_, Rule>>, span: Span) -> Option<Expression> {
        let mut reference = None;
        let mut filters = Vec::new();
        for part in parts {
            match part.as_rule() {
                Rule::attribute => reference = self.attribute(part),
                Rule::filter => filters.extend(self.filter(part)),
                _ => {}
            }
        }
        Some(Expression { reference: reference?, filters, span })
    }

    /// The first name is the context when a dotted name follows it at once.
    fn attribute(&self, pair: Pair<'_, Rule>) -> Option<Reference> {
        let span = self.span(&pair);
        let mut parts = pair.into_inner().peekable();
        let first = self.name(&parts.next()?);
        let dotted = parts.next_if(|part| part.as_rule() == Rule::dotted);
        let (context, attribute) = match dotted.and_then(|dotted| dotted.into_inner().next()) {
            Some(second) => (Some(first), self.name(&second)),
            None => (None, first),
        };
        let accessors = parts.filter_map(|part| self.accessor(part)).collect();
        Some(Reference { context, attribute, accessors, span })
    }

    fn accessor(&self, pair: Pair<'_, Rule>) -> Option<Accessor> {
        let span = self.span(&pair);
        let is_dotted = pair.as_rule() == Rule::dotted;
        let inner = pair.into_inner().next()?;
        let (key, style) = match inner.as_rule() {
            Rule::single_quoted => (AccessorKey::Key(quoted_text(inner)), AccessorStyle::SingleQuoted),
            Rule::double_quoted => (AccessorKey::Key(quoted_text(inner)), AccessorStyle::DoubleQuoted),
            _ => {
                let style = if is_dotted { AccessorStyle::Dotted } else { AccessorStyle::Bare };
                (key_or_index(inner.as_str().trim()), style)
            }
        };
        Some(Accessor { key, style, span })
    }

    fn filter(&self, pair: Pair<'_, Rule>) -> Option<FilterCall> {
        let mut parts = pair.into_inner();
        let name = self.name(&parts.next()?);
        let parts: Vec<_> = parts.collect();
        let call_style = parts.first().is_some_and(|part| part.as_rule() == Rule::call_arguments);
        let span = parts.last().map_or(name.span, |last| name.span.to(self.span(last)));
        let arguments_span = match parts.last() {
            Some(last) if call_style => {
                let end = self.base + range_of(last).end - 1;
                Span::new(name.span.file, name.span.end, self.source.span(end..end).end)
            }
            Some(last) => Span::new(name.span.file, name.span.end, self.span(last).end),
            None => name.span.after(),
        };
        let written = if call_style { parts.into_iter().flat_map(Pair::into_inner).collect() } else { parts };
        let arguments = written.into_iter().filter_map(|part| self.argument(part)).collect();
        Some(FilterCall { name, arguments, arguments_span, span, call_style })
    }

    fn argument(&self, pair: Pair<'_, Rule>) -> Option<Argument> {
        let span = self.span(&pair);
        let inner = pair.into_inner().next()?;
        Some(match inner.as_rule() {
            Rule::single_quoted => Argument::Text { text: quoted_text(inner), quote: Some('\''), span },
            Rule::double_quoted => Argument::Text { text: quoted_text(inner), quote: Some('"'), span },
            Rule::at_reference => Argument::Reference { reference: self.attribute(inner.into_inner().next()?)?, span },
            _ => Argument::Text { text: inner.as_str().to_string(), quote: None, span },
        })
    }
}

fn quoted_text(pair: Pair<'_, Rule>) -> String {
    pair.into_inner().next().map(|text| text.as_str().to_string()).unwrap_or_default()
}

/// A numeric segment is an index.
fn key_or_index(text: &str) -> AccessorKey {
    match text.parse::<i64>() {
        Ok(index) => AccessorKey::Index(index),
        Err(_) => AccessorKey::Key(text.to_string()),
    }
}

/// The function call that a text is, if it has that shape.
pub fn function(source: &Mapped, findings: &mut Vec<Diagnostic>) -> Option<FunctionCall> {
    if source.text.len() > MAX_TEMPLATE_BYTES {
        return None;
    }
    let mut pairs = Grammar::parse(Rule::function, &source.text).ok()?;
    let mut parts = pairs.next()?.into_inner();
    let reader = Reader { source, base: 0 };
    let name = reader.name(&parts.next()?);
    let list = parts.next()?;
    let arguments_span = {
        let inside = reader.span(&list);
        Span::new(inside.file, name.span.end, inside.end + 1)
    };
    let arguments = list
        .into_inner()
        .map(|argument| {
            let range = range_of(&argument);
            let text = argument.as_str();
            let start = range.start + text.len() - text.trim_start().len();
            template(&source.slice(start..start + text.trim().len()), findings)
        })
        .collect();
    Some(FunctionCall { name, arguments, arguments_span })
}

fn range_of(pair: &Pair<'_, Rule>) -> std::ops::Range<usize> {
    let span = pair.as_span();
    span.start()..span.end()
}

#[cfg(test)]
mod tests;
