//! Templates after their names were given a meaning.

use crate::diagnostic::Edit;
use crate::filter::Filter;
use crate::plan::{AttributeName, Substitution};
use crate::source::{Mapped, Name, Span};
use crate::template::{Accessor, FunctionCall};

/// Text with values in it.
#[derive(Clone, Debug)]
pub struct Text {
    pub pieces: Vec<TextPiece>,
    pub span: Span,
    /// All that was written, references included, where the text was read from one place.
    pub source: Option<Mapped>,
}

#[derive(Clone, Debug)]
pub enum TextPiece {
    Literal(String),
    Value(Expression),
    Choice(Choice),
}

impl TextPiece {
    /// The text, if it is nothing else.
    pub fn literal(&self) -> Option<&str> {
        match self {
            TextPiece::Literal(text) => Some(text),
            TextPiece::Value(_) | TextPiece::Choice(_) => None,
        }
    }

    /// The expressions that may stand there.
    pub fn expressions(&self) -> impl Iterator<Item = &Expression> {
        let (value, readings) = match self {
            TextPiece::Literal(_) => (None, &[][..]),
            TextPiece::Value(expression) => (Some(expression), &[][..]),
            TextPiece::Choice(choice) => (None, choice.readings.as_slice()),
        };
        value.into_iter().chain(readings.iter().map(|reading| &reading.value))
    }
}

/// A text that several names fit. The first reading whose value exists counts, or what `names` says.
#[derive(Clone, Debug)]
pub struct Choice {
    pub readings: Vec<Reading>,
    /// What stands there when there is no value.
    pub typed: String,
    pub span: Span,
    /// How the name is found among those that have a value in a run, known here or not. `None`: the readings are all.
    pub names: Option<&'static Substitution>,
}

/// A value and the literal text behind its name.
#[derive(Clone, Debug)]
pub struct Reading {
    pub value: Expression,
    pub rest: String,
}

impl Text {
    /// The expression, if the text is nothing but one.
    pub fn lone(&self) -> Option<&Expression> {
        match self.pieces.as_slice() {
            [TextPiece::Value(expression)] => Some(expression),
            _ => None,
        }
    }

    /// The text, if no value stands in it.
    pub fn literal(&self) -> Option<String> {
        self.pieces.iter().map(TextPiece::literal).collect()
    }

    /// Where a part of the literal text was written, or the whole if that is not known.
    pub fn part(&self, literal: &str) -> Span {
        let found = self.source.as_ref().and_then(|source| Some((source, source.text.find(literal)?)));
        found.map_or(self.span, |(source, start)| source.span(start..start + literal.len()))
    }

    /// All that was typed, if that is known of every piece.
    pub fn typed(&self) -> Option<String> {
        fn typed(piece: &TextPiece) -> Option<&str> {
            match piece {
                TextPiece::Literal(literal) => Some(literal.as_str()),
                TextPiece::Choice(choice) => Some(choice.typed.as_str()),
                TextPiece::Value(_) => None,
            }
        }
        self.pieces.iter().map(typed).collect()
    }

    /// How names are found in it, where that is known only in a run.
    pub fn names(&self) -> Option<&'static Substitution> {
        self.pieces.iter().find_map(|piece| match piece {
            TextPiece::Choice(choice) => choice.names,
            TextPiece::Literal(_) | TextPiece::Value(_) => None,
        })
    }

    /// Every expression in it, outermost only; see [`Expression::with_arguments`].
    pub fn expressions(&self) -> impl Iterator<Item = &Expression> {
        self.pieces.iter().flat_map(TextPiece::expressions)
    }
}

/// A value: where it comes from, the way into it, and what is done to it.
#[derive(Clone, Debug)]
pub struct Expression {
    pub source: ValueSource,
    pub path: Vec<Step>,
    pub filters: Vec<FilterUse>,
    /// Where the context was written, if one was.
    pub context_span: Option<Span>,
    /// Where the name was written: what stands behind the context.
    pub name_span: Span,
    pub span: Span,
}

impl Expression {
    /// This expression and those in its filters' arguments, at every depth.
    pub fn with_arguments(&self) -> Vec<&Expression> {
        let mut found = vec![self];
        let mut next = 0;
        while next < found.len() {
            let expression: &Expression = found[next];
            found.extend(expression.filters.iter().flat_map(FilterUse::arguments).filter_map(|argument| match argument {
                FilterArgument::Value(inner) => Some(inner),
                FilterArgument::Text { .. } => None,
            }));
            next += 1;
        }
        found
    }

    /// Every source that is read, those of filter arguments included.
    pub fn sources(&self) -> impl Iterator<Item = (&ValueSource, Span)> {
        let arguments = self.filters.iter().flat_map(|filter| filter.arguments()).filter_map(|argument| match argument {
            FilterArgument::Value(expression) => Some((&expression.source, expression.span)),
            FilterArgument::Text { .. } => None,
        });
        std::iter::once((&self.source, self.span)).chain(arguments)
    }
}

/// One step into a list or an object.
pub type Step = Accessor;

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueSource {
    Attribute(AttributeName),
    /// A context that does not exist; the platform's reading of it is an assumption.
    UnknownContext {
        context: String,
        attribute: String,
    },
    Secret(String),
    /// A variable of the authentication, defined or not.
    Variable(String),
    Uuid,
    TimestampSeconds,
    TimestampMicroseconds,
    Request(RequestPart),
    /// A part of the request that the platform does not offer.
    UnknownRequestPart(String),
}

/// A part of the request as it will be sent, offered to the authentication.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestPart {
    Url,
    Body,
    Method,
    Headers,
    ContentType,
    QueryParams,
}

impl RequestPart {
    /// The part's name on the platform.
    pub fn name(self) -> &'static str {
        match self {
            RequestPart::Url => "url",
            RequestPart::Body => "body",
            RequestPart::Method => "method",
            RequestPart::Headers => "headers",
            RequestPart::ContentType => "content_type",
            RequestPart::QueryParams => "query_params",
        }
    }
}

#[derive(Clone, Debug)]
pub enum FilterUse {
    Known {
        filter: &'static Filter,
        arguments: Vec<FilterArgument>,
        name_span: Span,
        arguments_span: Span,
        /// From the name to the last argument or the closing parenthesis.
        span: Span,
    },
    /// The platform logs it and goes on with the value as it is.
    Unknown { name: Name },
}

impl FilterUse {
    /// The edit that gives the filter these arguments in place of its own, in parentheses or not.
    pub fn with_arguments(&self, arguments: &str) -> Edit {
        let (name, all) = match self {
            FilterUse::Known { name_span, span, .. } => (*name_span, *span),
            FilterUse::Unknown { name } => (name.span, name.span),
        };
        Edit { span: name.after().to(all), text: format!(" {arguments}") }
    }

    /// Whether its one argument, a switch, is left out or written as `false`.
    pub fn is_switched_off(&self) -> bool {
        match self.arguments() {
            [] => true,
            [FilterArgument::Text { text, .. }] => matches!(text.as_str(), "false" | ""),
            _ => false,
        }
    }

    pub fn arguments(&self) -> &[FilterArgument] {
        match self {
            FilterUse::Known { arguments, .. } => arguments,
            FilterUse::Unknown { .. } => &[],
        }
    }
}

#[derive(Clone, Debug)]
pub enum FilterArgument {
    Text { text: String, span: Span },
    Value(Expression),
}

impl FilterArgument {
    pub fn span(&self) -> Span {
        match self {
            FilterArgument::Text { span, .. } => *span,
            FilterArgument::Value(expression) => expression.span,
        }
    }
}

/// What an authentication variable is made of.
#[derive(Clone, Debug)]
pub enum AuthValue {
    Text(Text),
    Function(FunctionUse),
}

#[derive(Clone, Debug)]
pub struct FunctionUse {
    /// `None`: the platform does not have it.
    pub function: Option<Function>,
    pub arguments: Vec<Text>,
    pub call: FunctionCall,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// HMAC (RFC 2104) with SHA-256 of the first argument, keyed by the second.
    HmacSha256,
}

/// A JSON document with templates in its strings.
#[derive(Clone, Debug)]
pub enum JsonTemplate {
    Null,
    Boolean(bool),
    /// As written.
    Number(String),
    /// A string; `written` is its byte range in the body's text, quotes included.
    Text {
        text: Text,
        written: std::ops::Range<usize>,
    },
    Array(Vec<JsonTemplate>),
    Object(Vec<(JsonKey, JsonTemplate)>),
}

/// A key, which may hold references too.
#[derive(Clone, Debug)]
pub struct JsonKey {
    pub text: Text,
    /// The key with its references as they stand in it.
    pub literal: String,
    /// Its byte range in the body's text, quotes included.
    pub written: std::ops::Range<usize>,
}
