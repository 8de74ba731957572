//! One template on its own: what `hookwright eval` evaluates.

use crate::assumption::id;
use crate::plan::{AuthValue, RequestPart, Text, TextPiece, UrlPosition, cut_url};
use crate::value::{Data, Json, TaintedText, Value, plain_numbers};

use super::expression::Evaluator;
use super::header::check_value;
use super::{ErrorKind, Failure};

/// What a template's result is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// Always text.
    Text,
    /// A lone reference keeps its type.
    Json,
    /// Values encoded for a URL.
    Url,
    /// A header value.
    Header,
}

/// The result of a template.
#[derive(Clone, Debug, PartialEq)]
pub enum Evaluated {
    /// Secrets in it are masked.
    Value(Json),
    /// Raw bytes that are not UTF-8.
    Bytes(Vec<u8>),
}

/// Evaluates a template for its use.
pub fn evaluate(template: &AuthValue, place: Use, evaluator: &Evaluator<'_>) -> Result<Evaluated, Failure> {
    let text = match template {
        AuthValue::Text(text) => text,
        AuthValue::Function(_) => return of_value(evaluator.auth_value(template)?, place, evaluator),
    };
    match place {
        Use::Url => Ok(shown(evaluate_url(text, evaluator)?)),
        Use::Header => {
            let value = evaluator.text(text).map_err(|failure| failure.in_place_of_body(ErrorKind::InvalidHeader))?;
            let value = evaluator.on_one_line(value);
            check_value("the value", &value)?;
            let keeps = evaluator.assumptions.get(id::HEADER_WHITESPACE) == "keep";
            Ok(shown(if keeps { value } else { value.trim() }))
        }
        // Names in the value of a lone one count as well, where they do in a text.
        Use::Text if text.names().is_some() => Ok(shown(evaluator.text(text)?)),
        Use::Text | Use::Json => of_value(evaluator.value_of_text(text)?, place, evaluator),
    }
}

fn of_value(value: Value, place: Use, evaluator: &Evaluator<'_>) -> Result<Evaluated, Failure> {
    match &value.data {
        Data::Bytes(bytes) if !value.is_secret() => Ok(match std::str::from_utf8(bytes) {
            Ok(text) => Evaluated::Value(text.into()),
            Err(_) => Evaluated::Bytes(bytes.clone()),
        }),
        _ if place == Use::Json => Ok(Evaluated::Value(plain_numbers(value.to_masked_json()))),
        _ => Ok(shown(evaluator.text_of(value)?)),
    }
}

fn shown(text: TaintedText) -> Evaluated {
    Evaluated::Value(text.into_masked().into())
}

/// A whole URL is cut into its places; anything else is a part of a path.
fn evaluate_url(text: &Text, evaluator: &Evaluator<'_>) -> Result<TaintedText, Failure> {
    let is_whole = text.pieces.iter().any(|piece| matches!(piece, TextPiece::Literal(literal) if literal.contains("://")));
    if is_whole {
        return evaluator.url(&cut_url(text.clone()));
    }
    evaluator.url_part(UrlPosition::Path, text)
}

/// A part of the request by the name that templates use for it.
pub fn request_part(name: &str) -> Option<RequestPart> {
    Some(match name {
        "url" => RequestPart::Url,
        "body" => RequestPart::Body,
        "method" => RequestPart::Method,
        "headers" => RequestPart::Headers,
        "content_type" => RequestPart::ContentType,
        "query_params" => RequestPart::QueryParams,
        _ => return None,
    })
}

impl Failure {
    /// The name under which `eval` reports it.
    pub fn lint_name(&self) -> &'static str {
        match self.kind {
            ErrorKind::AuthCycle => "auth-variable-cycle",
            ErrorKind::AuthUndefined => "undefined-auth-variable",
            kind => kind.name(),
        }
    }
}
