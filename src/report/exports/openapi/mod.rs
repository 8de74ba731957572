//! The mock as an OpenAPI description (version 3.1.0 of the specification).

mod parameters;
mod responses;
mod security;

use serde_json::{Map, Value as Json, json};

use super::shape;
use super::{Note, Notes};
use crate::eval::SecretValues;
use crate::eval::oauth2::default_token_reply;
use crate::mock::derive::{BodyShape, Mocked, Pattern, Site};
use crate::value::TaintedText;

/// A description of what is served, reached at `server`, and what it cannot say.
pub fn openapi(site: &Site, server: &str) -> (Json, Vec<Note>) {
    let mut notes = Notes::default();
    let mut document = Document::default();
    for action in &site.actions {
        document.action(action, server, &mut notes);
    }
    let mut openapi = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Hookwright mock",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "The webhook actions of this project, as `hookwright mock` serves them.",
        },
        "servers": [{"url": server}],
        "paths": document.paths,
    });
    if !document.tags.is_empty() {
        openapi["tags"] = Json::Array(document.tags);
    }
    if !document.schemes.is_empty() {
        openapi["components"] = json!({"securitySchemes": document.schemes});
    }
    (openapi, notes.0)
}

#[derive(Default)]
struct Document {
    paths: Map<String, Json>,
    tags: Vec<Json>,
    schemes: Map<String, Json>,
}

impl Document {
    fn action(&mut self, action: &Mocked, server: &str, notes: &mut Notes) {
        let net = net(action);
        let url = parameters::url(action, &net, notes);
        let tag = action.id.split('/').next().unwrap_or_default();
        let mut operation = Map::new();
        operation.insert("operationId".into(), json!(identifier(&action.id)));
        let name = Some(action.plan.name.value.as_str()).filter(|name| !name.trim().is_empty());
        operation.insert("summary".into(), json!(net.mask(name.unwrap_or(&action.id))));
        if let Some(description) = action.plan.description.as_ref().filter(|description| !description.value.is_empty()) {
            operation.insert("description".into(), json!(net.mask(&description.value)));
        }
        operation.insert("tags".into(), json!([tag]));
        operation.insert("security".into(), security::of(action, server, &mut self.schemes));
        let mut all = url.parameters;
        all.extend(parameters::headers(action, &net));
        all.push(parameters::case(action, &net));
        operation.insert("parameters".into(), Json::Array(all));
        if let Some(body) = request_body(action, &net) {
            operation.insert("requestBody".into(), body);
        }
        operation.insert("responses".into(), responses::of(action, &net));
        let faults = responses::faults(action, &net);
        if !faults.is_empty() {
            operation.insert("x-hookwright-faults".into(), Json::Array(faults));
        }
        let method = action.plan.request.method.value.to_ascii_lowercase();
        if self.put(&url.path, &method, operation) {
            self.tag(tag);
        } else {
            notes.add(action, format!("another action is described at its path and method already: {method} {}", url.path));
        }
        for endpoint in &action.token_endpoints {
            let path: String = endpoint.segments.iter().map(|segment| format!("/{segment}")).collect();
            let operation = token(action);
            // Two endpoints of one path are one.
            self.put(&format!("/{}{path}", action.id), "post", operation);
        }
    }

    /// Whether the place was free.
    fn put(&mut self, path: &str, method: &str, operation: Map<String, Json>) -> bool {
        let item = self.paths.entry(path).or_insert_with(|| json!({}));
        let is_free = item.get(method).is_none();
        if is_free {
            item[method] = Json::Object(operation);
        }
        is_free
    }

    fn tag(&mut self, name: &str) {
        let tag = json!({"name": name, "description": format!("The actions below `{name}`.")});
        if !self.tags.contains(&tag) {
            self.tags.push(tag);
        }
    }
}

fn net(action: &Mocked) -> SecretValues {
    let mut net = SecretValues::default();
    action.cases.iter().for_each(|prepared| net.extend(&prepared.exchange.net()));
    net
}

/// An id as a name that generated code can have.
pub(super) fn identifier(id: &str) -> String {
    id.chars().map(|character| if character.is_ascii_alphanumeric() { character } else { '_' }).collect()
}

/// The body with its schema, and what cases send as examples, but for bodies that carry a secret.
fn request_body(action: &Mocked, net: &SecretValues) -> Option<Json> {
    let requests = || action.cases.iter().filter_map(|prepared| Some((&prepared.case, prepared.exchange.request.as_ref()?)));
    let bodies: Vec<&TaintedText> = requests().filter_map(|(_, request)| request.body.as_ref()).collect();
    if bodies.is_empty() && requests().next().is_some() {
        return None;
    }
    let is_json = matches!(action.shape.body, BodyShape::Json(_));
    let schema = match &action.shape.body {
        BodyShape::None => return None,
        BodyShape::Json(json) => {
            let parsed: Vec<Json> = bodies.iter().filter_map(|body| serde_json::from_str(body.reveal()).ok()).collect();
            let mut schema = shape::schema(json, &parsed.iter().collect::<Vec<_>>(), &action.plan);
            mask(&mut schema, net);
            schema
        }
        BodyShape::Form(pairs) => form(action, pairs),
        BodyShape::Xml(_) | BodyShape::Text(_) => json!({"type": "string"}),
    };
    let written = requests().find_map(|(_, request)| {
        let header = request.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        header.map(|(_, value)| value.masked().into_owned())
    });
    let media_type = written.unwrap_or_else(|| if is_json { "application/json" } else { "text/plain" }.to_string());
    let media_type = media_type.split(';').next().unwrap_or_default().trim().to_string();
    let mut examples = Map::new();
    for (case, request) in requests() {
        let Some(body) = request.body.as_ref() else { continue };
        if body.carries_secret() || net.mask(body.reveal()) != body.reveal() {
            continue;
        }
        let value = match &action.shape.body {
            BodyShape::Json(_) => serde_json::from_str(body.reveal()).ok(),
            BodyShape::Form(_) => None,
            _ => Some(json!(body.reveal())),
        };
        if let Some(value) = value {
            examples.insert(example_name(&case.slug), json!({"summary": net.mask(&case.name.value), "value": value}));
        }
    }
    let mut content = json!({"schema": schema});
    if !examples.is_empty() {
        content["examples"] = Json::Object(examples);
    }
    let is_needed = requests().all(|(_, request)| request.body.is_some());
    Some(json!({"required": is_needed, "content": {media_type: content}}))
}

/// Names of examples hold no other characters (OpenAPI 3.1, "Components Object").
pub(super) fn example_name(slug: &str) -> String {
    let name: String = slug
        .chars()
        .map(|character| if character.is_ascii_alphanumeric() || character == '-' { character } else { '_' })
        .collect();
    if name.is_empty() { "case".to_string() } else { name }
}

fn form(action: &Mocked, pairs: &[(Pattern, Pattern)]) -> Json {
    let (mut properties, mut required) = (Map::new(), Vec::new());
    for (name, value) in pairs {
        let Some(name) = name.as_literal() else { continue };
        if properties.insert(name.to_string(), parameters::schema(action, value)).is_none() {
            required.push(json!(name));
        }
    }
    let mut schema = json!({"type": "object", "properties": properties});
    if !required.is_empty() {
        schema["required"] = Json::Array(required);
    }
    schema
}

/// The token endpoint (RFC 6749, section 4.4).
fn token(action: &Mocked) -> Map<String, Json> {
    let example: Json = serde_json::from_slice(&default_token_reply().body).unwrap_or_default();
    let reply = json!({
        "type": "object",
        "properties": {
            "access_token": {"type": "string"},
            "token_type": {"type": "string"},
            "expires_in": {"type": "integer"},
            "scope": {"type": "string"},
        },
        "required": ["access_token", "token_type"],
    });
    let form = json!({
        "type": "object",
        "properties": {
            "grant_type": {"const": "client_credentials"},
            "scope": {"type": "string"},
            "client_id": {"type": "string"},
            "client_secret": {"type": "string"},
        },
        "required": ["grant_type"],
    });
    let failed = json!({"type": "object", "properties": {"error": {"type": "string"}}, "required": ["error"]});
    let operation = json!({
        "operationId": format!("{}_token", identifier(&action.id)),
        "summary": format!("A token for {}", action.id),
        "tags": [action.id.split('/').next().unwrap_or_default()],
        "security": [],
        "requestBody": {"required": true, "content": {"application/x-www-form-urlencoded": {"schema": form}}},
        "responses": {
            "200": {
                "description": "A token",
                "content": {"application/json": {"schema": reply, "example": example}},
            },
            "400": {
                "description": "No token (RFC 6749, section 5.2)",
                "content": {"application/json": {"schema": failed}},
            },
        },
    });
    match operation {
        Json::Object(operation) => operation,
        _ => Map::new(),
    }
}

/// Masks every text in JSON, which is nested as deep as the parsers allow.
pub(super) fn mask(json: &mut Json, net: &SecretValues) {
    match json {
        Json::String(text) => *text = net.mask(text),
        Json::Array(items) => items.iter_mut().for_each(|item| mask(item, net)),
        Json::Object(entries) => entries.values_mut().for_each(|entry| mask(entry, net)),
        _ => {}
    }
}
