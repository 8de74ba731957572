//! What a request must look like, as WireMock's matchers (its documentation: "Request Matching").

use serde_json::{Map, Value as Json, json};

use super::super::expressions::{ANYTHING, SOMETHING, of_pattern, of_segment, of_tainted, quoted};
use super::super::{Notes, shape};
use super::values::{Condition, Conditions, Place};
use crate::eval::{Request, SecretValues};
use crate::mock::derive::{BodyShape, Mocked, Pattern, PatternPart, Prepared};
use crate::value::TaintedText;

/// The matchers of a request but for its path, and the path's segments as regular expressions.
#[derive(Clone, Debug)]
pub struct Matchers {
    pub request: Map<String, Json>,
    pub segments: Vec<String>,
}

impl Matchers {
    /// Method and path alone: enough where the request names the case.
    pub fn bare(action: &Mocked) -> Matchers {
        let mut request = Map::new();
        request.insert("method".into(), json!(action.plan.request.method.value));
        Matchers { request, segments: action.shape.path.segments.iter().map(of_segment).collect() }
    }

    /// All that the action sends, whatever its values are; what the platform adds is as the case has it.
    pub fn of_shape(action: &Mocked, prepared: &Prepared, notes: &mut Notes) -> Matchers {
        let mut matchers = Matchers::bare(action);
        let rendered = prepared.exchange.request.as_ref();
        let query = pairs(action, &action.shape.query, "query parameter", notes);
        matchers.put("queryParameters", query);
        matchers.put("headers", headers(action, rendered));
        let is_left_out = rendered.is_some_and(|request| request.body.is_none());
        match &action.shape.body {
            BodyShape::None => matchers.body(json!({"absent": true})),
            // A body that the platform leaves out in this method.
            _ if is_left_out => {}
            BodyShape::Json(json) => {
                let bodies = rendered_bodies(action);
                let seen: Vec<&Json> = bodies.iter().collect();
                let schema = shape::schema(json, &seen, &action.plan);
                matchers.body(json!({"matchesJsonSchema": schema, "schemaVersion": "V202012"}));
            }
            BodyShape::Form(form) => {
                let form = pairs(action, form, "form field", notes);
                matchers.put("formParameters", form);
            }
            BodyShape::Xml(pattern) | BodyShape::Text(pattern) => matchers.body(of_text(pattern)),
        }
        matchers
    }

    /// Exactly what the case sends; `None` where it sends nothing, or what cannot be written down without a secret.
    pub fn exact(action: &Mocked, prepared: &Prepared, net: &SecretValues) -> Option<Matchers> {
        let request = prepared.exchange.request.as_ref()?;
        if request.url.carries_secret() || net.mask(request.url.reveal()) != request.url.reveal() {
            return None;
        }
        let mut matchers = Matchers::bare(action);
        let target = crate::run::wire_target(request.url.reveal()).ok()?;
        let (path, query) = target.split_once('?').unwrap_or((&target, ""));
        matchers.segments = path.split('/').skip(1).map(quoted).collect();
        if path == "/" {
            matchers.segments.clear();
        }
        let query =
            url::form_urlencoded::parse(query.as_bytes()).map(|(name, value)| (name.into(), json!({"equalTo": value})));
        matchers.put("queryParameters", grouped(query.collect()));
        let headers = request.headers.iter().map(|(name, value)| (name.clone(), of_header(action, name, value, net)));
        matchers.put("headers", grouped(headers.collect()));
        match request.body.as_ref().filter(|body| !body.is_empty()) {
            None => matchers.body(json!({"absent": true})),
            Some(body) => matchers.body(of_body(body, net)),
        }
        Some(matchers)
    }

    /// The same for requests that say these values.
    pub fn with(&self, conditions: &Conditions) -> Matchers {
        let mut matchers = self.clone();
        for condition in conditions.values() {
            matchers.demand(condition);
        }
        matchers
    }

    fn demand(&mut self, condition: &Condition) {
        match &condition.place {
            Place::Segment(index) => self.segments[*index] = condition.segment(),
            Place::Query(name) => self.of_name("queryParameters", name, condition.of_text()),
            Place::Header(name, _) => self.of_name("headers", name, condition.of_text()),
            Place::Form(name) => self.of_name("formParameters", name, condition.of_text()),
            Place::Json(..) | Place::Xml(..) => self.body(condition.of_body()),
        }
    }

    fn of_name(&mut self, part: &str, name: &str, matcher: Json) {
        let part = self.request.entry(part).or_insert_with(|| json!({}));
        // A name that comes twice has a list of matchers, the first of which is about the value that counts.
        match part.get_mut(name).and_then(|known| known.get_mut("includes")).and_then(|known| known.get_mut(0)) {
            Some(first) => *first = matcher,
            None => part[name] = matcher,
        }
    }

    fn put(&mut self, part: &str, entries: Map<String, Json>) {
        if !entries.is_empty() {
            self.request.insert(part.into(), Json::Object(entries));
        }
    }

    pub fn body(&mut self, matcher: Json) {
        if let Json::Array(patterns) = self.request.entry("bodyPatterns").or_insert_with(|| json!([])) {
            patterns.push(matcher);
        }
    }
}

/// Names with their matchers; of a name that comes twice, all of them.
fn grouped(pairs: Vec<(String, Json)>) -> Map<String, Json> {
    let mut grouped = Map::new();
    for (name, matcher) in &pairs {
        let same: Vec<&Json> =
            pairs.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, matcher)| matcher).collect();
        match same.len() {
            1 => drop(grouped.insert(name.clone(), matcher.clone())),
            _ if grouped.keys().any(|known| known.eq_ignore_ascii_case(name)) => {}
            _ => drop(grouped.insert(name.clone(), json!({"includes": same}))),
        }
    }
    grouped
}

fn pairs(action: &Mocked, pairs: &[(Pattern, Pattern)], what: &str, notes: &mut Notes) -> Map<String, Json> {
    let mut named = Vec::new();
    for (name, value) in pairs {
        match name.as_literal() {
            Some(name) => named.push((name.to_string(), of_text(value))),
            None => notes.add(action, format!("a {what} whose name is a value, `{}`, is not demanded", name.shown())),
        }
    }
    grouped(named)
}

fn of_text(pattern: &Pattern) -> Json {
    match pattern.as_literal() {
        Some(literal) => json!({"equalTo": literal}),
        None => json!({"matches": of_pattern(pattern)}),
    }
}

/// The headers that the action is configured with, those of its authentication and its Content-Type.
fn headers(action: &Mocked, rendered: Option<&Request>) -> Map<String, Json> {
    let is_taken = |name: &str| action.proves_itself_anew() && name.eq_ignore_ascii_case("authorization");
    let configured = action.shape.headers.iter().chain(&action.authentication_headers);
    let configured = configured.filter(|(name, _)| !is_taken(name) && !name.eq_ignore_ascii_case("content-type"));
    let mut headers: Map<String, Json> = Map::new();
    for (name, pattern) in configured {
        // The authentication's own stand in the place of others.
        let known = headers.keys().find(|known| known.eq_ignore_ascii_case(name)).cloned();
        let value = shown_as(pattern, rendered.and_then(|request| of_name(request, name)));
        headers.insert(known.unwrap_or_else(|| name.clone()), value);
    }
    for (name, value) in rendered.iter().flat_map(|request| &request.headers) {
        let is_known = headers.keys().any(|known| known.eq_ignore_ascii_case(name));
        if name.eq_ignore_ascii_case("content-type") {
            headers.insert(name.clone(), media_type(value.reveal()));
        } else if !is_known && is_taken(name) {
            headers.insert(name.clone(), proof(value));
        }
    }
    headers
}

fn of_name<'r>(request: &'r Request, name: &str) -> Option<&'r TaintedText> {
    request.headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value).next_back()
}

/// Whether what a case sends is what the patterns of the headers say.
pub fn headers_fit(action: &Mocked, request: &Request) -> bool {
    let mut headers = action.shape.headers.iter().chain(&action.authentication_headers);
    headers.all(|(name, pattern)| of_name(request, name).is_none_or(|value| pattern.matches(value.reveal().trim())))
}

/// A header's pattern; where a value of it is secret, it must be there.
fn shown_as(pattern: &Pattern, rendered: Option<&TaintedText>) -> Json {
    match rendered.filter(|value| value.carries_secret()) {
        Some(_) => {
            let part = |part: PatternPart<'_>| match part {
                PatternPart::Literal(literal) => quoted(literal),
                PatternPart::Hole(_) => SOMETHING.to_string(),
            };
            json!({"matches": pattern.parts().map(part).collect::<String>()})
        }
        None => of_text(pattern),
    }
}

/// A media type ignores case, and its parameters say how, not what (RFC 9110, section 8.3.1).
fn media_type(value: &str) -> Json {
    let essence = value.split(';').next().unwrap_or_default().trim();
    json!({"matches": format!(r"(?i)\s*{}\s*(;{ANYTHING})?", quoted(essence))})
}

/// What proves a request true is another each time: its scheme alone is known.
fn proof(value: &TaintedText) -> Json {
    let scheme = value.reveal().split(' ').next().filter(|scheme| scheme.len() < value.reveal().len()).unwrap_or_default();
    let space = if scheme.is_empty() { "" } else { " " };
    json!({"matches": format!("{}{space}{SOMETHING}", quoted(scheme))})
}

fn of_header(action: &Mocked, name: &str, value: &TaintedText, net: &SecretValues) -> Json {
    match () {
        () if name.eq_ignore_ascii_case("content-type") => media_type(value.reveal()),
        () if action.proves_itself_anew() && name.eq_ignore_ascii_case("authorization") => proof(value),
        () if value.carries_secret() => json!({"matches": of_tainted(&value.trim())}),
        () if net.mask(value.reveal()) != value.reveal() => json!({"matches": ANYTHING}),
        () => json!({"equalTo": value.reveal().trim()}),
    }
}

/// JSON by its values, all else byte for byte.
fn of_body(body: &TaintedText, net: &SecretValues) -> Json {
    if body.carries_secret() || net.mask(body.reveal()) != body.reveal() {
        return json!({"matches": of_tainted(body)});
    }
    // In these words WireMock would read a placeholder.
    let is_json = serde_json::from_str::<Json>(body.reveal()).is_ok_and(|json| json.is_object() || json.is_array());
    match is_json && !body.reveal().contains("${json-unit") {
        true => json!({"equalToJson": body.reveal()}),
        false => json!({"equalTo": body.reveal()}),
    }
}

/// What the cases send, as far as it is JSON.
pub fn rendered_bodies(action: &Mocked) -> Vec<Json> {
    let requests = action.cases.iter().filter_map(|prepared| prepared.exchange.request.as_ref());
    let bodies = requests.filter_map(|request| request.body.as_ref());
    bodies.filter_map(|body| serde_json::from_str(body.reveal()).ok()).collect()
}
