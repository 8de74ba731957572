//! The template tree that every dialect's grammar produces: text with references, accessors, filters and functions.
//!
//! Spans stand on every node, name and argument list, so that whoever finds a mistake can point at the narrowest thing.
//! The tree says what was written; what a name means is the dialect's business.

use crate::source::{Mapped, Name, Span};

/// A template longer than this is refused.
pub const MAX_TEMPLATE_BYTES: usize = 4 * 1024 * 1024;

/// A text with references in it.
#[derive(Clone, Debug)]
pub struct Template {
    pub segments: Vec<Segment>,
    pub source: Mapped,
}

#[derive(Clone, Debug)]
pub enum Segment {
    Literal {
        text: String,
        span: Span,
    },
    Expression(Expression),
    /// Something in reference brackets that cannot be read; the diagnostic has been given.
    Broken {
        text: String,
        span: Span,
    },
}

/// One bracketed reference with its filters.
#[derive(Clone, Debug)]
pub struct Expression {
    pub reference: Reference,
    pub filters: Vec<FilterCall>,
    /// Brackets included.
    pub span: Span,
}

/// `context.attribute` and what follows it.
#[derive(Clone, Debug)]
pub struct Reference {
    pub context: Option<Name>,
    pub attribute: Name,
    pub accessors: Vec<Accessor>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct Accessor {
    pub key: AccessorKey,
    pub style: AccessorStyle,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccessorKey {
    Key(String),
    Index(i64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessorStyle {
    SingleQuoted,
    DoubleQuoted,
    Bare,
    Dotted,
}

#[derive(Clone, Debug)]
pub struct FilterCall {
    pub name: Name,
    pub arguments: Vec<Argument>,
    /// From behind the name to the end of the last argument, or before a closing parenthesis; empty when there is none.
    pub arguments_span: Span,
    /// From the name to the last argument or the closing parenthesis.
    pub span: Span,
    /// Written `name('a', 'b')` rather than `name a b`.
    pub call_style: bool,
}

#[derive(Clone, Debug)]
pub enum Argument {
    Text { text: String, quote: Option<char>, span: Span },
    Reference { reference: Reference, span: Span },
}

impl Argument {
    pub fn span(&self) -> Span {
        match self {
            Argument::Text { span, .. } | Argument::Reference { span, .. } => *span,
        }
    }
}

/// `name(a, b)`: a function over templates, as the authentication variables know it.
#[derive(Clone, Debug)]
pub struct FunctionCall {
    pub name: Name,
    pub arguments: Vec<Template>,
    /// Parentheses included.
    pub arguments_span: Span,
}

impl Template {
    /// The expression, if the template is nothing but one.
    pub fn lone(&self) -> Option<&Expression> {
        match self.segments.as_slice() {
            [Segment::Expression(expression)] => Some(expression),
            _ => None,
        }
    }

    pub fn span(&self) -> Span {
        self.source.inside()
    }
}
