//! Paths and parameters (OpenAPI 3.1, "Paths Object" and "Parameter Object").

use serde_json::{Value as Json, json};

use super::super::expressions::of_pattern;
use super::super::{Notes, shape};
use crate::eval::SecretValues;
use crate::mock::derive::{Hole, Mocked, Pattern, PatternPart, Reads};
use crate::value::{Value, json_text};

/// A path, and the parameters in it and in the query.
pub struct Url {
    pub path: String,
    pub parameters: Vec<Json>,
}

pub fn url(action: &Mocked, net: &SecretValues, notes: &mut Notes) -> Url {
    let mut url = Url { path: format!("/{}", action.id), parameters: Vec::new() };
    if action.shape.path.has_open_start {
        notes.add(action, "its URL begins with a value: what that adds to the path is not described");
    }
    for segment in &action.shape.path.segments {
        url.path.push('/');
        for part in segment.parts() {
            match part {
                PatternPart::Literal(literal) => url.path.push_str(&net.mask(&literal.replace(['{', '}'], "_"))),
                PatternPart::Hole(hole) => url.hole(action, hole, net),
            }
        }
    }
    for (name, value) in &action.shape.query {
        match name.as_literal() {
            Some(name) if url.has("query", name) => {}
            Some(name) => url.parameters.push(parameter(action, "query", &net.mask(name), value, net)),
            None => {
                notes.add(action, format!("a query parameter whose name is a value, `{}`, is not described", name.shown()))
            }
        }
    }
    url
}

impl Url {
    fn hole(&mut self, action: &Mocked, hole: &Hole, net: &SecretValues) {
        let name = match &hole.reads {
            Reads::Attribute(name) => name.full().to_string(),
            Reads::Variable(name) | Reads::Secret(name) => name.clone(),
            Reads::Uuid => "uuid".to_string(),
            Reads::TimestampSeconds => "timestamp".to_string(),
            Reads::Request(part) => part.name().to_string(),
            Reads::Computed => "value".to_string(),
        };
        let safe: String =
            name.chars().map(|c| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '_' }).collect();
        let mut unique = safe.clone();
        let mut number = 2;
        while self.has("path", &unique) {
            unique = format!("{safe}_{number}");
            number += 1;
        }
        let mut lone = Pattern::default();
        lone.push_hole(hole.clone());
        self.path.push_str(&format!("{{{unique}}}"));
        self.parameters.push(parameter(action, "path", &unique, &lone, net));
    }

    fn has(&self, place: &str, name: &str) -> bool {
        self.parameters.iter().any(|known| known["in"] == place && known["name"] == name)
    }
}

/// The headers that the action is configured with; those of its authentication are security schemes.
pub fn headers(action: &Mocked, net: &SecretValues) -> Vec<Json> {
    // The specification says that these are described elsewhere.
    const ELSEWHERE: [&str; 3] = ["accept", "content-type", "authorization"];
    let is_here = |name: &str| {
        !ELSEWHERE.iter().any(|known| name.eq_ignore_ascii_case(known))
            && !action.authentication_headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name))
    };
    let mut parameters: Vec<Json> = Vec::new();
    for (name, value) in action.shape.headers.iter().filter(|(name, _)| is_here(name)) {
        let is_known = |known: &Json| known["name"].as_str().is_some_and(|known| known.eq_ignore_ascii_case(name));
        if !parameters.iter().any(is_known) {
            parameters.push(parameter(action, "header", name, value, net));
        }
    }
    parameters
}

/// The header that names the case that is to answer.
pub fn case(action: &Mocked, net: &SecretValues) -> Json {
    let mut names: Vec<String> = action.cases.iter().map(|prepared| net.mask(&prepared.case.slug)).collect();
    names.sort();
    names.dedup();
    let mut schema = json!({"type": "string"});
    if !names.is_empty() {
        schema["enum"] = json!(names);
    }
    json!({
        "name": "X-Hookwright-Case",
        "in": "header",
        "required": false,
        "description": "The case that is to answer. Without it, the one whose values agree best answers.",
        "schema": schema,
    })
}

fn parameter(action: &Mocked, place: &str, name: &str, value: &Pattern, net: &SecretValues) -> Json {
    let mut schema = schema(action, value);
    super::mask(&mut schema, net);
    let mut parameter = json!({"name": name, "in": place, "required": true, "schema": schema});
    if let Some(example) = example(action, value, net) {
        parameter["example"] = example;
    }
    parameter
}

/// The schema of a text in a URL, a header or a form.
pub fn schema(action: &Mocked, value: &Pattern) -> Json {
    if let Some(literal) = value.as_literal() {
        return json!({"type": "string", "const": literal});
    }
    let declared = value.lone().and_then(|hole| match &hole.reads {
        Reads::Attribute(name) => action.plan.attribute_type(name),
        _ => None,
    });
    match declared.filter(|declared| !declared.collection).and_then(shape::of_type) {
        Some(schema) => schema,
        None if value.lone().is_some() => json!({"type": "string"}),
        None => json!({"type": "string", "pattern": format!("^{}$", of_pattern(value))}),
    }
}

/// What the first case gives that gives it.
fn example(action: &Mocked, value: &Pattern, net: &SecretValues) -> Option<Json> {
    let Reads::Attribute(name) = &value.lone()?.reads else { return None };
    if action.plan.secret_attributes.contains(name) {
        return None;
    }
    let given = action.cases.iter().find_map(|prepared| prepared.case.given.attribute(name))?;
    let json = given.to_json();
    let is_plain = !given.is_secret() && net.mask(&json_text(&json)) == json_text(&json);
    let is_typed = action.plan.attribute_type(name).is_some_and(|declared| declared.accept(&json).is_some());
    match (is_plain, &json) {
        (false, _) | (_, Json::Null | Json::Array(_) | Json::Object(_)) => None,
        (true, _) if is_typed => Some(Value::to_json(given)),
        (true, _) => action.plan.attribute_type(name).is_none().then(|| json!(json_text(&json))),
    }
}
