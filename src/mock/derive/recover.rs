//! Values out of a request: of each reference that stands alone and unfiltered, with its type.

use serde_json::Value as Json;

use super::arrived::Arrived;
use super::pattern::{Hole, Pattern, Reads};
use super::shape::{BodyShape, JsonShape, RequestShape};
use crate::assumption::id;
use crate::case::{Given, GivenAttribute};
use crate::eval::Request;
use crate::mock::ReceivedRequest;
use crate::plan::{AttributeName, ByName, Plan, ValueSource};
use crate::run::wire_target;
use crate::source::Span;
use crate::spec::given_value;
use crate::value::{Value, json_text};

/// What a request tells of the values that it was made of.
#[derive(Clone, Debug, Default)]
pub struct Recovered {
    pub attributes: ByName<GivenAttribute>,
    /// Variables of the authentication.
    pub variables: Vec<(String, String)>,
    pub uuid: Option<String>,
    pub timestamp_seconds: Option<i64>,
}

impl Recovered {
    /// Whether a value is known from the request, or is the same in each.
    pub fn determines(&self, hole: &Hole, plan: &Plan) -> bool {
        !hole.needs.is_empty() && hole.needs.iter().all(|source| self.knows(source, plan))
    }

    fn knows(&self, source: &ValueSource, plan: &Plan) -> bool {
        match source {
            ValueSource::Attribute(name) => {
                self.attributes.get(name).is_some() || plan.trusted_contexts.contains(&name.context())
            }
            ValueSource::Secret(_) | ValueSource::Request(_) => true,
            ValueSource::Variable(name) => self.variables.iter().any(|(known, _)| known == name),
            ValueSource::Uuid => self.uuid.is_some(),
            ValueSource::TimestampSeconds => self.timestamp_seconds.is_some(),
            _ => false,
        }
    }

    /// What a case gives, with what the request says in its place. A secret stays the case's: what came is held against it.
    pub fn over(&self, given: &Given) -> Given {
        let is_kept = |known: &GivenAttribute| known.value.is_secret() && given.attribute(&known.name).is_some();
        let mut over = given.clone();
        over.attributes.extend(self.attributes.iter().filter(|known| !is_kept(known)).cloned());
        over
    }

    /// Whether an attribute is a secret, which no request may choose.
    pub fn is_secret(&self, name: &AttributeName) -> bool {
        self.attributes.get(name).is_some_and(|known| known.value.is_secret())
    }
}

/// Recovers the values of a request that matches a shape. `samples` are what the cases give: an attribute that has no type
/// has that of its sample; one without a sample is what JSON reads in its text, as `--given` does it.
pub fn recover(
    plan: &Plan,
    shape: &RequestShape,
    headers: &[(String, Pattern)],
    arrived: &Arrived<'_>,
    samples: &[&Given],
) -> Recovered {
    let mut reader = Reader { plan, samples, span: plan.request.url.span, recovered: Recovered::default() };
    if let Some(segments) = shape.path.aligned(&arrived.segments) {
        shape.path.segments.iter().zip(segments).for_each(|(pattern, text)| reader.lone_text(pattern, text));
    }
    reader.pairs(&shape.query, &arrived.query);
    for (name, pattern) in headers {
        if let Some(value) = arrived.header(name) {
            reader.header(pattern, value);
        }
    }
    match &shape.body {
        BodyShape::None => {}
        BodyShape::Text(pattern) => arrived.text().into_iter().for_each(|text| reader.lone_text(pattern, text)),
        BodyShape::Json(shape) => arrived.json().into_iter().for_each(|json| reader.json(shape, json)),
        BodyShape::Form(pairs) => reader.pairs(pairs, &arrived.form()),
        BodyShape::Xml(pattern) => arrived.text().into_iter().for_each(|text| reader.xml(pattern, text)),
    }
    reader.recovered
}

struct Reader<'a> {
    plan: &'a Plan,
    samples: &'a [&'a Given],
    span: Span,
    recovered: Recovered,
}

impl Reader<'_> {
    fn lone_text(&mut self, pattern: &Pattern, text: &str) {
        if let Some(hole) = pattern.lone() {
            self.text(hole, text);
        }
    }

    /// `Bearer {token}`: in a header a value stands alone behind a scheme, too.
    fn header(&mut self, pattern: &Pattern, text: &str) {
        let captures = pattern.captures(text).unwrap_or_default();
        if let [(hole, Some(value))] = captures.as_slice() {
            self.text(hole, value);
        }
    }

    fn pairs(&mut self, patterns: &[(Pattern, Pattern)], pairs: &[(String, String)]) {
        let mut taken = vec![false; pairs.len()];
        for (name, pattern) in patterns {
            let found = pairs.iter().enumerate().find(|(index, (known, _))| !taken[*index] && name.matches(known));
            if let Some((index, (_, value))) = found {
                taken[index] = true;
                self.lone_text(pattern, value);
            }
        }
    }

    fn json(&mut self, shape: &JsonShape, json: &Json) {
        match (shape, json) {
            (JsonShape::Value(hole), json) => self.value(hole, json.clone()),
            (JsonShape::Text(pattern), Json::String(text)) => self.lone_text(pattern, text),
            (JsonShape::Array(shapes), Json::Array(items)) => {
                let Some((kept, left_out)) = sent_items(self.plan, shapes, items.len()) else { return };
                kept.into_iter().zip(items).for_each(|(shape, item)| self.json(shape, item));
                left_out.into_iter().for_each(|shape| self.left_out(shape));
            }
            (JsonShape::Object(shapes), Json::Object(entries)) => {
                for (key, shape) in shapes {
                    let Some(key) = key.as_literal() else { continue };
                    match entries.get(key) {
                        Some(value) => self.json(shape, value),
                        None if leaves_out(self.plan) => self.left_out(shape),
                        None => {}
                    }
                }
            }
            _ => {}
        }
    }

    /// What does not stand there has no value.
    fn left_out(&mut self, shape: &JsonShape) {
        if let JsonShape::Value(Hole { reads: Reads::Attribute(name), .. }) = shape {
            self.put(name, Json::Null);
        }
    }

    /// A value that stands alone between two tags.
    fn xml(&mut self, pattern: &Pattern, text: &str) {
        for (hole, value) in pattern.captures(text).unwrap_or_default() {
            if let Some(value) = value.filter(|value| !value.contains('<')) {
                self.text(hole, &unescaped(value));
            }
        }
    }

    fn text(&mut self, hole: &Hole, text: &str) {
        if hole.typed.as_deref() == Some(text) {
            return;
        }
        match &hole.reads {
            Reads::Attribute(name) => {
                let json = self.typed(name, text);
                self.put(name, json);
            }
            Reads::Variable(name) => self.recovered.variables.push((name.clone(), text.to_string())),
            Reads::Uuid => self.recovered.uuid = Some(text.to_string()),
            Reads::TimestampSeconds => self.recovered.timestamp_seconds = text.parse().ok(),
            Reads::Secret(_) | Reads::Request(_) | Reads::Computed => {}
        }
    }

    fn value(&mut self, hole: &Hole, json: Json) {
        match (&hole.reads, &json) {
            (Reads::Attribute(name), Json::String(text)) => {
                let is_text = hole.typed.as_deref() == Some(text);
                (!is_text).then(|| self.put(name, json.clone()));
            }
            (Reads::Attribute(name), _) => self.put(name, json),
            (_, Json::String(text)) => self.text(hole, text),
            (_, Json::Number(number)) => self.text(hole, &number.to_string()),
            _ => {}
        }
    }

    /// The first place counts: where another says otherwise, it is found when both are compared.
    fn put(&mut self, name: &AttributeName, json: Json) {
        // Where only text can stand, nothing stands for null.
        let is_text_of = |known: &GivenAttribute| json.is_null() && known.value.to_text().reveal().is_empty();
        if self.recovered.attributes.get(name).is_some_and(|known| !is_text_of(known)) {
            return;
        }
        let declared = self.plan.attribute_type(name);
        let value = declared.and_then(|declared| declared.accept(&json)).unwrap_or_else(|| Value::from(json));
        let value = value.tainted_if(self.plan.secret_attributes.contains(name));
        self.recovered.attributes.put(GivenAttribute { name: name.clone(), value, span: self.span });
    }

    /// A text of the type of its attribute, if it can be one.
    fn typed(&self, name: &AttributeName, text: &str) -> Json {
        if let Some(declared) = self.plan.attribute_type(name) {
            let value = given_value(Some(declared), text.into());
            return if value.to_text().reveal() == text { value.to_json() } else { text.into() };
        }
        let sample = self.samples.iter().find_map(|given| given.attribute(name)).map(Value::to_json);
        if sample.is_some_and(|sample| sample.is_string()) {
            return text.into();
        }
        let read: Option<Json> = serde_json::from_str(text).ok();
        read.filter(|json| !json.is_string() && !json.is_null() && json_text(json) == text).unwrap_or_else(|| text.into())
    }
}

/// Whether a value that there is not is left out of a body.
pub(super) fn leaves_out(plan: &Plan) -> bool {
    plan.assumptions.get(id::MISSING_BODY_VALUE) == "omit"
}

/// The items of a list that stand in one of this length, and those that are left out; `None` when that cannot be told.
pub(super) fn sent_items<'s>(
    plan: &Plan,
    shapes: &'s [JsonShape],
    length: usize,
) -> Option<(Vec<&'s JsonShape>, Vec<&'s JsonShape>)> {
    if shapes.len() == length {
        return Some((shapes.iter().collect(), Vec::new()));
    }
    let (left_out, kept): (Vec<_>, Vec<_>) = shapes.iter().partition(|shape| matches!(shape, JsonShape::Value(_)));
    (leaves_out(plan) && kept.len() == length).then_some((kept, left_out))
}

/// Text of XML with its references undone: those to characters (XML 1.0, section 4.1), and the five entities that XML has by
/// itself (section 4.6). What is none stays.
pub(super) fn unescaped(text: &str) -> String {
    let mut parts = text.split('&');
    let mut unescaped = parts.next().unwrap_or_default().to_string();
    for part in parts {
        match part.split_once(';').and_then(|(name, rest)| Some((referenced(name)?, rest))) {
            Some((character, rest)) => {
                unescaped.push(character);
                unescaped.push_str(rest);
            }
            None => unescaped.extend(["&", part]),
        }
    }
    unescaped
}

fn referenced(name: &str) -> Option<char> {
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "amp" => Some('&'),
        _ => numbered(name.strip_prefix('#')?),
    }
}

fn numbered(number: &str) -> Option<char> {
    let (digits, radix) = number.strip_prefix('x').map_or((number, 10), |digits| (digits, 16));
    // A sign is read as a part of a number, too.
    let is_number = digits.chars().all(|digit| digit.is_digit(radix));
    let code = u32::from_str_radix(digits, radix).ok().filter(|_| is_number)?;
    char::from_u32(code).filter(|character| is_of_xml(*character))
}

/// XML 1.0, section 2.2.
fn is_of_xml(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// What a planned request says of the values it was made of: as [`recover`] finds it where the request arrives.
pub fn recover_from_planned(plan: &Plan, request: &Request, given: &Given) -> Recovered {
    let shape = RequestShape::of(&plan.request);
    let received = received(request);
    recover(plan, &shape, &shape.headers, &Arrived::new(&received), &[given])
}

/// A planned request as it arrives.
pub(super) fn received(request: &Request) -> ReceivedRequest {
    ReceivedRequest {
        method: request.method.clone(),
        target: wire_target(request.url.reveal()).unwrap_or_default(),
        headers: request
            .headers
            .iter()
            .map(|(name, value)| (name.to_ascii_lowercase(), value.reveal().to_string()))
            .collect(),
        body: request.body.as_ref().map_or_else(Vec::new, |body| body.reveal().as_bytes().to_vec()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_of_xml_are_undone_once() {
        assert_eq!(unescaped("&#x41;&#66;&#x1F600; &lt;&gt;&quot;&apos;&amp;&#39;&#34;"), "AB\u{1f600} <>\"'&'\"");
        assert_eq!(unescaped("&amp;lt;&#38;#65;&#x26;amp;"), "&lt;&#65;&amp;");
    }

    #[test]
    fn what_is_no_reference_stays() {
        for text in [
            "&",
            "&;",
            "a & b; c",
            "&#;",
            "&#x;",
            "&#X41;",
            "&#+65;",
            "&#0;",
            "&#xD800;",
            "&#x110000;",
            "&#xFFFE;",
            "&eacute;",
        ] {
            assert_eq!(unescaped(text), text);
        }
    }
}
