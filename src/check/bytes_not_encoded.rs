//! Raw bytes of a hash or a MAC in a place for text.

use std::collections::HashSet;

use super::types::working;
use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Edit, Fix, Lint, Severity};
use crate::filter::{Filter, Input, Output};
use crate::plan::{AuthValue, Expression, FilterArgument, FilterUse, LONGEST_CHAIN, Place, Plan, Text, ValueSource};
use crate::source::Span;

/// Raw bytes of a hash or a MAC in a place for text.
pub static BYTES_NOT_ENCODED: Lint = Lint {
    name: "bytes-not-encoded",
    severity: Severity::Error,
    summary: "raw bytes of `md5` or `hmac` reach a header, the URL or the body",
    page: r#"## What it does
Follows what `md5` and `hmac` give, also through variables of the authentication. Finds raw bytes that reach a header,
the URL, the body, a field of the authentication, other text beside them, or a filter that works on text, without
`base64`.

## Why this is bad
`md5` and `hmac` give raw bytes, not digits (OpenDialog documentation, Attribute filters). As text they are unreadable
characters, and some of them are not allowed in a header at all: the service refuses the signature, or the request is
never sent. What exactly becomes of them is not documented; see `bytes_in_text`.

## Example
```toml
[action.auth]
type = "header"
headers = { X-Digest = "{_webhook.body | md5}" }
```

## Instead
```toml
[action.auth]
type = "header"
headers = { X-Digest = "{_webhook.body | md5 | base64}" }
```

A service that wants hexadecimal digits is served by the function `hmac-sha256({_webhook.body}, {_auth.key})`, for
which see `hmac_function_encoding`.

## Fix
`--fix --unsafe` puts `| base64` behind the filter (a guess: some services want another encoding).

## When it stays silent
When the bytes are encoded with `base64` or `url_encode`, go through another `md5` or `hmac`, or only serve as a key:
HMAC works on bytes. So a variable that holds bytes is reported only if it is used where text is expected.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &BYTES_NOT_ENCODED, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    if !subject.expressions.iter().any(|(_, expression)| expression.filters.iter().any(|used| makes_bytes(used).is_some())) {
        return;
    }
    let mut known = HashSet::new();
    for (place, text) in subject.plan.texts() {
        for expression in text.expressions() {
            for (origin, reached) in leaks(expression, place, text, subject.plan) {
                if known.insert(origin.name_span) {
                    found.push(origin.found(&reached));
                }
            }
        }
    }
}

/// The filter that made bytes.
#[derive(Clone, Copy)]
struct Origin {
    filter: &'static Filter,
    name_span: Span,
    /// Behind its last argument.
    end: Span,
    /// The bytes came through a variable.
    through_variable: bool,
    /// They are encoded further on, where it is too late.
    is_encoded_later: bool,
}

/// Where bytes stand for text.
struct Use {
    what: String,
    span: Span,
}

impl Origin {
    fn found(self, reached: &Use) -> Diagnostic {
        let message = format!("`{}` gives raw bytes, {}", self.filter.name, reached.what);
        let mut diagnostic = Diagnostic::new(&BYTES_NOT_ENCODED, self.name_span, message);
        if self.is_encoded_later {
            return diagnostic.help("put `| base64` directly behind it, or leave out what stands between");
        }
        diagnostic.fix = Some(Fix {
            title: "encode the bytes with `base64`".to_string(),
            safe: false,
            edits: vec![Edit { span: self.end, text: " | base64".to_string() }],
        });
        let diagnostic =
            diagnostic.help("put `| base64` behind it; as text the bytes are unreadable, and few services will accept them");
        if self.through_variable { diagnostic.related(reached.span, "they are used here") } else { diagnostic }
    }
}

/// Every place in and behind an expression where bytes stand for text.
fn leaks(expression: &Expression, place: Place, text: &Text, plan: &Plan) -> Vec<(Origin, Use)> {
    let mut found = Vec::new();
    let mut bytes = of_source(&expression.source, plan);
    for (index, used) in expression.filters.iter().enumerate() {
        let Some((filter, arguments)) = working(used) else { continue };
        let later = &expression.filters[index + 1..];
        if filter.input != Input::Any {
            let what = format!(
                "but `{}` works on {}",
                filter.name,
                if filter.input == Input::Collection { "a collection" } else { "text" }
            );
            let origin = bytes.take().map(|origin| Origin { is_encoded_later: later.iter().any(encodes), ..origin });
            found.extend(origin.map(|origin| (origin, Use { what, span: name_span(used) })));
            found.extend(arguments_of_text(used, plan));
        }
        bytes = match (filter.output)(&arguments) {
            Output::Bytes => makes_bytes(used),
            _ => None,
        };
    }
    let is_whole_variable = place == Place::Variable && text.lone().is_some();
    if let Some(origin) = bytes.filter(|_| !is_whole_variable) {
        found.push((origin, Use { what: in_place(place).to_string(), span: expression.span }));
    }
    found
}

/// Bytes as an argument of a filter that works on text.
fn arguments_of_text(used: &FilterUse, plan: &Plan) -> Vec<(Origin, Use)> {
    let values = used.arguments().iter().filter_map(|argument| match argument {
        FilterArgument::Value(inner) => Some(inner),
        FilterArgument::Text { .. } => None,
    });
    let origins = values.filter_map(|inner| Some((of_source(&inner.source, plan)?, inner.span)));
    origins.map(|(origin, span)| (origin, Use { what: "but are put into text".to_string(), span })).collect()
}

fn in_place(place: Place) -> &'static str {
    match place {
        Place::Url => "which cannot stand in a URL",
        Place::Header | Place::AuthenticationHeader => "which cannot stand in a header",
        Place::Body => "which cannot stand in a JSON body",
        Place::BodyKey => "which cannot stand in a key of the body",
        Place::Variable => "which cannot stand beside other text",
        Place::SecretField | Place::PlainField => "which cannot stand in this field",
        Place::Reply => "which cannot stand in a reply",
    }
}

/// The filter that the bytes of a source come from, if it gives some: a variable that is nothing but a chain which ends in
/// bytes.
fn of_source(source: &ValueSource, plan: &Plan) -> Option<Origin> {
    let mut source = source;
    for _ in 0..LONGEST_CHAIN {
        let ValueSource::Variable(name) = source else { return None };
        let AuthValue::Text(text) = &plan.variable(name)?.value else { return None };
        let expression = text.lone()?;
        let mut bytes = None;
        let mut is_changed = false;
        for used in &expression.filters {
            let Some((filter, arguments)) = working(used) else { continue };
            is_changed = true;
            let gives_bytes = (filter.output)(&arguments) == Output::Bytes;
            bytes = gives_bytes.then(|| makes_bytes(used)).flatten();
        }
        if is_changed {
            return bytes.map(|origin| Origin { through_variable: true, ..origin });
        }
        source = &expression.source;
    }
    None
}

fn makes_bytes(used: &FilterUse) -> Option<Origin> {
    let (filter, arguments) = working(used)?;
    let FilterUse::Known { name_span, span, .. } = used else { return None };
    let is_maker = (filter.output)(&arguments) == Output::Bytes;
    is_maker.then(|| Origin {
        filter,
        name_span: *name_span,
        end: span.after(),
        through_variable: false,
        is_encoded_later: false,
    })
}

fn encodes(used: &FilterUse) -> bool {
    matches!(used, FilterUse::Known { filter, .. } if filter.name == "base64")
}

fn name_span(used: &FilterUse) -> Span {
    match used {
        FilterUse::Known { name_span, .. } => *name_span,
        FilterUse::Unknown { name } => name.span,
    }
}
