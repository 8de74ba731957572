//! The control API as OpenAPI 3.1, made from the table that requests are routed by.

use serde_json::{Map, Value as Json, json};

use super::PREFIX;
use super::query::MAX_TEXT_BYTES;
use super::schemas::schemas;
use super::table::{Content, ENDPOINTS, Endpoint, Kind, Parameter, Reply};

/// The description ([OpenAPI 3.1.1](https://spec.openapis.org/oas/v3.1.1.html)).
pub fn document() -> Json {
    let mut paths = Map::new();
    for endpoint in &ENDPOINTS {
        let path = paths.entry(format!("/{}", endpoint.path)).or_insert_with(|| path_item(endpoint));
        path[endpoint.method.to_ascii_lowercase()] = operation(endpoint);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Hookwright mock: control API",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "What a running `hookwright mock` tells of the requests it got. It is answered only below an IP \
                address or `localhost`, and to no page of another origin.",
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
        },
        "servers": [{"url": PREFIX, "description": "Below the mock's own URL."}],
        "paths": paths,
        "components": {"schemas": schemas(), "responses": responses()},
    })
}

fn path_item(endpoint: &Endpoint) -> Json {
    if !endpoint.path.contains("{id}") {
        return json!({});
    }
    let schema = json!({"type": "integer", "minimum": 1});
    json!({"parameters": [
        {"name": "id", "in": "path", "required": true, "description": "The number of the exchange.", "schema": schema}
    ]})
}

fn operation(endpoint: &Endpoint) -> Json {
    let own = endpoint.replies.iter().map(|reply| (reply.status.to_string(), reply_json(reply)));
    let shared = refusals(endpoint).map(|(status, name, _)| (status.to_string(), response_reference(name)));
    let mut operation = json!({
        "operationId": operation_id(endpoint),
        "summary": endpoint.summary,
        "description": endpoint.description,
        "responses": own.chain(shared).collect::<Map<_, _>>(),
    });
    if !endpoint.parameters.is_empty() {
        operation["parameters"] = endpoint.parameters.iter().map(parameter).collect();
    }
    if let Some(schema) = endpoint.body {
        operation["requestBody"] = json!({"required": true, "content": {"application/json": {"schema": reference(schema)}}});
    }
    operation
}

/// The status of a refusal, its name among the components, and what it says.
type Refusal = (u16, &'static str, &'static str);

/// What is refused before an endpoint is asked, whichever it is.
const OF_ALL: [Refusal; 2] = [
    (403, "Forbidden", "The Host is no IP address and not `localhost`, or the page is of another origin or site."),
    (405, "MethodNotAllowed", "The path has other methods, which `Allow` lists."),
];

/// What changes something has a JSON body, or none.
const OF_CHANGES: [Refusal; 1] =
    [(415, "UnsupportedMediaType", "There is a body, and it is not said to be `application/json`.")];

/// What is refused where a body is read.
const OF_BODIES: [Refusal; 1] = [(413, "ContentTooLarge", "The body is larger than 64 KiB.")];

fn refusals(endpoint: &Endpoint) -> impl Iterator<Item = Refusal> {
    let of_changes = OF_CHANGES.into_iter().filter(|_| endpoint.method != "GET");
    let of_bodies = OF_BODIES.into_iter().filter(|_| endpoint.body.is_some());
    OF_ALL.into_iter().chain(of_changes).chain(of_bodies)
}

fn responses() -> Map<String, Json> {
    let all = OF_ALL.into_iter().chain(OF_CHANGES).chain(OF_BODIES);
    let described = |(status, name, description): Refusal| {
        let mut reply = reply_json(&Reply { status, description, content: Content::Json("Error") });
        if status == 405 {
            reply["headers"] = json!({"Allow": {"required": true, "schema": {"type": "string"}}});
        }
        (name.to_string(), reply)
    };
    all.map(described).collect()
}

fn response_reference(name: &str) -> Json {
    json!({"$ref": format!("#/components/responses/{name}")})
}

/// `getRequestsIdCurl`.
fn operation_id(endpoint: &Endpoint) -> String {
    let mut id = endpoint.method.to_ascii_lowercase();
    let words = endpoint.path.split(|character: char| !character.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    for word in words {
        id.push_str(&word[..1].to_ascii_uppercase());
        id.push_str(&word[1..]);
    }
    id
}

fn parameter(parameter: &Parameter) -> Json {
    let schema = match parameter.kind {
        Kind::Number => json!({"type": "integer", "minimum": 0}),
        Kind::Text => json!({"type": "string", "maxLength": MAX_TEXT_BYTES}),
        Kind::Words(words) => json!({"enum": words}),
        Kind::Status => json!({"type": "string", "pattern": "^([1-5][0-9][0-9]|[1-5]xx|none)$"}),
    };
    json!({"name": parameter.name, "in": "query", "description": parameter.description, "schema": schema})
}

fn reply_json(reply: &Reply) -> Json {
    let mut described = json!({"description": reply.description});
    let content = match reply.content {
        Content::None => return described,
        Content::Json(schema) => json!({"application/json": {"schema": reference(schema)}}),
        Content::Text => json!({"text/plain": {"schema": {"type": "string"}}}),
        Content::Events => json!({"text/event-stream": {"schema": {"type": "string"}}}),
    };
    described["content"] = content;
    described
}

fn reference(schema: &str) -> Json {
    json!({"$ref": format!("#/components/schemas/{schema}")})
}

#[cfg(test)]
mod tests {
    use super::*;

    fn references(json: &Json, found: &mut Vec<String>) {
        match json {
            Json::Object(entries) => entries.iter().for_each(|(name, value)| match value.as_str() {
                Some(text) if name == "$ref" => found.push(text.to_string()),
                _ => references(value, found),
            }),
            Json::Array(items) => items.iter().for_each(|item| references(item, found)),
            _ => {}
        }
    }

    #[test]
    fn every_schema_is_there_and_is_used() {
        let document = document();
        let mut found = Vec::new();
        references(&document, &mut found);
        for reference in &found {
            let pointer = reference.strip_prefix('#').expect("within the document");
            assert!(document.pointer(pointer).is_some(), "{reference}");
        }
        for kind in ["schemas", "responses"] {
            for name in document["components"][kind].as_object().expect("components").keys() {
                let reference = format!("#/components/{kind}/{name}");
                assert!(found.contains(&reference), "{name}");
            }
        }
    }

    #[test]
    fn operations_have_names_of_their_own() {
        let mut ids: Vec<String> = ENDPOINTS.iter().map(operation_id).collect();
        assert!(ids.contains(&"getRequestsIdCurl".to_string()), "{ids:?}");
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), ENDPOINTS.len());
    }
}
