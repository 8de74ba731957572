//! The request of a plan as patterns: what is matched, and where values can be recovered from.

use serde_json::Value as Json;

use super::pattern::{Hole, Pattern};
use crate::plan::{
    BodyPlan, BodyPosition, BodySyntax, BodyText, HeaderPlan, JsonTemplate, RequestPlan, Text, TextPiece, UrlPlan,
    UrlPosition,
};

/// The patterns of a request.
#[derive(Clone, Debug)]
pub struct RequestShape {
    pub path: PathPattern,
    /// Names and values, percent-decoded.
    pub query: Vec<(Pattern, Pattern)>,
    pub headers: Vec<(String, Pattern)>,
    pub body: BodyShape,
}

/// The path, segment by segment, percent-decoded.
#[derive(Clone, Debug, Default)]
pub struct PathPattern {
    pub segments: Vec<Pattern>,
    /// The URL begins with a value, which may hold the path's first segments.
    pub has_open_start: bool,
}

/// What a body looks like.
#[derive(Clone, Debug)]
pub enum BodyShape {
    None,
    Json(JsonShape),
    Form(Vec<(Pattern, Pattern)>),
    Xml(Pattern),
    Text(Pattern),
}

/// What a JSON document looks like.
#[derive(Clone, Debug)]
pub enum JsonShape {
    /// A value that no reference stands in, but in the texts of its own entries.
    Constant(Json),
    /// A string.
    Text(Pattern),
    /// A value with its type.
    Value(Hole),
    Array(Vec<JsonShape>),
    Object(Vec<(Pattern, JsonShape)>),
}

impl RequestShape {
    pub fn of(plan: &RequestPlan) -> RequestShape {
        RequestShape {
            path: PathPattern::of(&plan.url),
            query: query(&plan.url),
            headers: headers(&plan.headers),
            body: BodyShape::of(&plan.body),
        }
    }
}

/// Headers by their names, each value a pattern.
pub fn headers(plans: &[HeaderPlan]) -> Vec<(String, Pattern)> {
    plans.iter().map(|plan| (plan.name.value.clone(), Pattern::of_text(&plan.value).trimmed())).collect()
}

impl PathPattern {
    fn of(url: &UrlPlan) -> PathPattern {
        let mut whole = Pattern::default();
        for (_, text) in url.parts.iter().filter(|(position, _)| *position == UrlPosition::Path) {
            push(&mut whole, text);
        }
        let is_value = |text: &Text| text.pieces.iter().any(|piece| piece.literal().is_none());
        let prefix = url.parts.first().filter(|(position, _)| *position == UrlPosition::Prefix);
        PathPattern { segments: segments(&whole), has_open_start: prefix.is_some_and(|(_, text)| is_value(text)) }
    }

    /// Whether these percent-decoded segments are the path.
    pub fn matches(&self, segments: &[String]) -> bool {
        self.aligned(segments).is_some_and(|segments| self.segments.iter().zip(segments).all(|(p, text)| p.matches(text)))
    }

    /// The segments that the pattern is about.
    pub fn aligned<'s>(&self, segments: &'s [String]) -> Option<&'s [String]> {
        let more = segments.len().checked_sub(self.segments.len())?;
        (more == 0 || self.has_open_start).then(|| &segments[more..])
    }

    /// How many segments no value stands in: the more, the better a match.
    pub fn specificity(&self) -> usize {
        self.segments.iter().filter(|segment| segment.as_literal().is_some()).count()
    }

    /// The path for people: `/users/{user.id}`.
    pub fn shown(&self) -> String {
        self.segments.iter().map(|segment| format!("/{}", segment.shown())).collect()
    }
}

/// The segments behind the first `/`; none of an empty path or of `/` alone.
fn segments(whole: &Pattern) -> Vec<Pattern> {
    let mut segments: Vec<Pattern> = whole.split('/').into_iter().skip(1).map(Pattern::decoded).collect();
    if segments.len() == 1 && segments[0].is_empty() {
        segments.clear();
    }
    segments
}

/// The percent-decoded segments of a path on the wire.
pub fn wire_segments(path: &str) -> Vec<String> {
    let mut segments: Vec<String> = path.split('/').skip(1).map(super::pattern::decoded).collect();
    if segments.len() == 1 && segments[0].is_empty() {
        segments.clear();
    }
    segments
}

fn push(pattern: &mut Pattern, text: &Text) {
    for piece in &text.pieces {
        match piece {
            TextPiece::Literal(literal) => pattern.push_literal(literal),
            _ => Pattern::of_pieces(std::slice::from_ref(piece)).holes().for_each(|hole| pattern.push_hole(hole.clone())),
        }
    }
}

fn query(url: &UrlPlan) -> Vec<(Pattern, Pattern)> {
    let mut whole = Pattern::default();
    for (_, text) in url.parts.iter().filter(|(position, _)| *position == UrlPosition::Query) {
        push(&mut whole, text);
    }
    let behind = whole.split_once('?').map_or(whole.clone(), |(_, behind)| behind);
    pairs(&behind)
}

/// Names and values of a query or a form (WHATWG URL, section 5.1), decoded.
fn pairs(whole: &Pattern) -> Vec<(Pattern, Pattern)> {
    let pairs = whole.split('&').into_iter().filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, Pattern::default())));
    pairs.map(|(name, value)| (name.form_decoded(), value.form_decoded())).collect()
}

impl BodyShape {
    pub fn of(plan: &BodyPlan) -> BodyShape {
        match plan {
            BodyPlan::None | BodyPlan::Unusable { .. } => BodyShape::None,
            BodyPlan::Json { root, .. } => BodyShape::Json(JsonShape::of(root)),
            BodyPlan::Text(text) => of_text(text),
        }
    }
}

fn of_text(text: &BodyText) -> BodyShape {
    let mut whole = Pattern::default();
    text.parts.iter().for_each(|(_, text)| push(&mut whole, text));
    match text.syntax {
        BodySyntax::Json => JsonShape::of_text(text).map_or(BodyShape::Text(whole), BodyShape::Json),
        BodySyntax::Form => BodyShape::Form(pairs(&whole)),
        BodySyntax::Xml => BodyShape::Xml(whole),
        BodySyntax::Html | BodySyntax::Plain => BodyShape::Text(whole),
    }
}

impl JsonShape {
    fn of(template: &JsonTemplate) -> JsonShape {
        match template {
            JsonTemplate::Null => JsonShape::Constant(Json::Null),
            JsonTemplate::Boolean(flag) => JsonShape::Constant((*flag).into()),
            JsonTemplate::Number(written) => JsonShape::Constant(serde_json::from_str(written).unwrap_or_default()),
            JsonTemplate::Text { text, .. } => match text.lone() {
                Some(expression) => JsonShape::Value(Hole::of_expression(expression)),
                None => JsonShape::Text(Pattern::of_text(text)),
            },
            JsonTemplate::Array(items) => JsonShape::Array(items.iter().map(JsonShape::of).collect()),
            JsonTemplate::Object(entries) => {
                let entry = |(key, value): &(crate::plan::JsonKey, JsonTemplate)| {
                    (Pattern::of_text(&key.text), JsonShape::of(value))
                };
                JsonShape::Object(entries.iter().map(entry).collect())
            }
        }
    }

    /// A body whose text is JSON once its values are in; `None` when it is not.
    fn of_text(text: &BodyText) -> Option<JsonShape> {
        let mut marked = Marked::default();
        for (position, text) in &text.parts {
            for piece in &text.pieces {
                marked.push(*position, piece)?;
            }
        }
        Some(marked.shape(serde_json::from_str(&marked.text).ok()?))
    }
}

/// JSON text in which marks stand for values: characters for private use, with the value's number between them.
#[derive(Default)]
struct Marked {
    text: String,
    holes: Vec<Hole>,
}

/// Around the number of a value inside of a string.
const IN_STRING: char = '\u{F8FF}';
/// Around the number of a value that stands alone, in a string of its own.
const ALONE: char = '\u{F8FE}';

impl Marked {
    fn push(&mut self, position: BodyPosition, piece: &TextPiece) -> Option<()> {
        let pattern = Pattern::of_pieces(std::slice::from_ref(piece));
        match (pattern.lone(), position) {
            (None, _) => {
                let literal = pattern.as_literal().filter(|literal| !literal.contains([IN_STRING, ALONE]))?;
                self.text.push_str(literal);
            }
            (Some(hole), BodyPosition::JsonValue) => {
                self.text.push_str(&format!("\"{ALONE}{}{ALONE}\"", self.holes.len()));
                self.holes.push(hole.clone());
            }
            (Some(hole), _) => {
                self.text.push_str(&format!("{IN_STRING}{}{IN_STRING}", self.holes.len()));
                self.holes.push(hole.clone());
            }
        }
        Some(())
    }

    /// Nested as deep as the parser allows.
    fn shape(&self, json: Json) -> JsonShape {
        match json {
            Json::String(text) => match text.strip_prefix(ALONE).and_then(|rest| rest.strip_suffix(ALONE)) {
                Some(number) => number
                    .parse::<usize>()
                    .ok()
                    .and_then(|number| self.holes.get(number))
                    .map_or(JsonShape::Text(Pattern::literal(&text)), |hole| JsonShape::Value(hole.clone())),
                None => JsonShape::Text(self.pattern(&text)),
            },
            Json::Array(items) => JsonShape::Array(items.into_iter().map(|item| self.shape(item)).collect()),
            Json::Object(entries) => {
                let entries = entries.into_iter().map(|(key, value)| (self.pattern(&key), self.shape(value)));
                JsonShape::Object(entries.collect())
            }
            constant => JsonShape::Constant(constant),
        }
    }

    fn pattern(&self, text: &str) -> Pattern {
        let mut pattern = Pattern::default();
        // Marks come in pairs, so every other part is a number.
        for (index, part) in text.split(IN_STRING).enumerate() {
            match part.parse::<usize>().ok().filter(|_| index % 2 == 1).and_then(|number| self.holes.get(number)) {
                Some(hole) => pattern.push_hole(hole.clone()),
                None => pattern.push_literal(part),
            }
        }
        pattern
    }
}
