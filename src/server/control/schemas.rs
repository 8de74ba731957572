//! The shapes of what the control API says, as JSON Schema 2020-12. Replies are held to them in tests.

use serde_json::{Map, Value as Json, json};

/// By name, for `#/components/schemas`.
pub fn schemas() -> Json {
    json!({
        "Error": object(&[("error", text("What is wrong."))]),
        "Item": object(&item()),
        "List": object(&[
            ("requests", json!({"type": "array", "items": reference("Item")})),
            ("total", count("How many exchanges the log holds.")),
            ("dropped", count("How many it no longer does, for its limits, since it was cleared.")),
            ("complete", json!({"type": "boolean", "description": "Whether the search came to the end within its time."})),
        ]),
        "Exchange": exchange(),
        "Check": object(&check()),
        "Headers": json!({
            "type": "array",
            "description": "Names and values, in order.",
            "items": {"type": "array", "prefixItems": [{"type": "string"}, {"type": "string"}], "minItems": 2, "maxItems": 2},
        }),
        "Replay": replay(),
        "Replayed": object(&replayed()),
        "NotReplayed": object(&[("error", text("Why no reply came.")), ("left_out", left_out()), ("duration_ms", duration())]),
        "Routes": object(&[("actions", json!({"type": "array", "items": object(&route())}))]),
        "Verification": object(&verification()),
        "Status": object(&status()),
        "Document": {"type": "object", "required": ["openapi", "info", "paths"]},
    })
}

type Properties<'p> = Vec<(&'p str, Json)>;

/// An object with these properties and no others, all of which are there.
fn object(properties: &[(&str, Json)]) -> Json {
    let required: Vec<&str> = properties.iter().map(|(name, _)| *name).collect();
    let properties: Map<String, Json> = properties.iter().map(|(name, schema)| (name.to_string(), schema.clone())).collect();
    json!({"type": "object", "required": required, "properties": properties, "additionalProperties": false})
}

fn reference(name: &str) -> Json {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

fn text(description: &str) -> Json {
    json!({"type": "string", "description": description})
}

fn maybe_text(description: &str) -> Json {
    json!({"type": ["string", "null"], "description": description})
}

fn count(description: &str) -> Json {
    json!({"type": "integer", "minimum": 0, "description": description})
}

fn flag(description: &str) -> Json {
    json!({"type": "boolean", "description": description})
}

fn duration() -> Json {
    json!({"type": "number", "minimum": 0, "description": "Milliseconds."})
}

fn item() -> Properties<'static> {
    vec![
        ("id", json!({"type": "integer", "minimum": 1})),
        ("at", json!({"type": "string", "format": "date-time"})),
        ("spec", maybe_text("The id of the action; null where none is served.")),
        ("case", maybe_text("The name of the case that answered.")),
        ("purpose", json!({"enum": ["webhook", "token"]})),
        ("verdict", json!({"enum": ["matches", "differs", "unmatched"]})),
        ("method", text("The request's method.")),
        ("target", text("Path and query.")),
        ("status", json!({"type": ["integer", "null"], "description": "Null where a fault stood in the reply's place."})),
        ("fault", maybe_text("The fault that stood in the reply's place.")),
        ("chaos", maybe_text("What `--chaos` or `--rate-limit` put in the place of the case's reply.")),
        ("differences", count("How many checks differ.")),
        ("request_bytes", count("The size of the request's body.")),
        ("reply_bytes", count("The size of the reply's body.")),
        (
            "duration_ms",
            json!({
                "type": "number",
                "minimum": 0,
                "description": "Milliseconds until the reply is due: what was taken so far, and every wait that is planned.",
            }),
        ),
    ]
}

fn check() -> Properties<'static> {
    let parts =
        ["path", "method", "client-certificate", "authentication", "content-type", "query", "header", "body", "token"];
    vec![
        ("part", json!({"enum": parts})),
        ("place", text("Where in the part: a header's name, `items[0].name`; empty for the whole.")),
        ("expected", maybe_text("What the action sends.")),
        ("got", maybe_text("What came.")),
        (
            "verdict",
            json!({
                "enum": ["holds", "differs", "varies", "unchecked"],
                "description": "`varies`: other than in the case, as other data make it, which is no fault.",
            }),
        ),
        ("note", maybe_text("What there is to say of it.")),
    ]
}

fn exchange() -> Json {
    let checks = json!({"type": "array", "items": reference("Check")});
    let chosen = json!({"enum": ["forced", "sequence", "agreement", "first-success", "first", null]});
    let nearest = object(&[
        ("spec", text("The id of an action.")),
        ("case", maybe_text("The name of a case.")),
        ("checks", checks.clone()),
    ]);
    let mut reply = object(&message());
    reply["type"] = json!(["object", "null"]);
    let mut request = vec![("version", text("`HTTP/1.1`.")), ("scheme", json!({"enum": ["http", "https"]}))];
    request.extend(message());
    request.push(("client_certificate", maybe_text("The subject of the certificate that the client showed.")));
    let mut properties = item();
    properties.extend([
        ("file", maybe_text("The action's spec.")),
        ("chosen_by", chosen),
        ("request", object(&request)),
        ("recovered", json!({"type": "object", "description": "Values that were read from the request, by name."})),
        ("checks", checks),
        (
            "nearest",
            json!({"type": "array", "items": nearest, "description": "Actions that an unmatched request comes near to."}),
        ),
        ("reply", reply),
        ("masked", json!({"type": "array", "items": {"type": "string"}, "description": "Where secrets were masked."})),
    ]);
    let mut exchange = object(&properties);
    exchange["properties"]["from_journal"] = json!({"const": true, "description": "It was read from a journal."});
    exchange
}

fn message() -> Properties<'static> {
    vec![
        ("headers", reference("Headers")),
        ("body", maybe_text("Null where it is no text.")),
        ("body_base64", maybe_text("The body where it is no text.")),
        ("cut", flag("Whether the body is longer than the log keeps.")),
    ]
}

fn replay() -> Json {
    json!({
        "type": "object",
        "required": ["url"],
        "properties": {
            "url": text(
                "http or https. Without a path it is a base, and path and query of the request follow; with one it is whole, \
                 and gets the request's query if it has none."
            ),
            "allow_secrets": {
                "type": "boolean",
                "default": false,
                "description": "Whether the secrets of the request go to another machine as well.",
            },
        },
        "additionalProperties": false,
    })
}

fn left_out() -> Json {
    json!({"type": "array", "items": {"type": "string"}, "description": "Headers that were not sent: they hold secrets, or were not UTF-8."})
}

fn replayed() -> Properties<'static> {
    let mut replayed = vec![("status", json!({"type": "integer", "minimum": 100, "maximum": 599}))];
    replayed.extend(message());
    replayed.extend([("left_out", left_out()), ("duration_ms", duration())]);
    replayed
}

fn route() -> Properties<'static> {
    vec![
        ("spec", text("The action's id.")),
        ("file", text("Its spec.")),
        ("name", text("Its name on the platform.")),
        ("method", text("The method of its requests.")),
        ("path", text("Where the mock serves it; `{…}` stand for values.")),
        ("url", text("The same as a URL.")),
        ("original_url", maybe_text("The URL that it stands in for, as the first case asks for it.")),
        ("cases", json!({"type": "array", "items": {"type": "string"}})),
    ]
}

fn verification() -> Properties<'static> {
    let case = || vec![("spec", text("The action's id.")), ("case", text("The case's name."))];
    let mut counted = case();
    counted.push(("requests", count("How many requests it answered.")));
    vec![
        ("ok", flag("Whether all was as it should be.")),
        ("all_cases", flag("Whether each case answered a request.")),
        ("requests", count("How many requests came.")),
        ("matches", count("How many were what an action sends.")),
        ("differs", count("How many were not.")),
        ("unmatched", count("How many were for no action.")),
        ("cases", json!({"type": "array", "items": object(&counted)})),
        ("missing", json!({"type": "array", "items": object(&case()), "description": "Cases that answered none."})),
    ]
}

fn status() -> Properties<'static> {
    let log = [
        ("entries", count("How many exchanges it holds.")),
        ("max_entries", count("How many it may hold.")),
        ("bytes", count("How much memory they take.")),
        ("max_bytes", count("How much they may take.")),
        ("dropped", count("How many went for these limits since it was cleared.")),
        ("last_id", count("The id that was given out last.")),
    ];
    let mut journal = object(&[
        ("file", text("The journal's file.")),
        ("written", count("How many exchanges are on disk.")),
        ("failed", count("How many are not.")),
        ("last_failure", maybe_text("Why one was not written.")),
        ("rotation_failure", maybe_text("Why the file was not rotated the last time.")),
    ]);
    journal["type"] = json!(["object", "null"]);
    vec![
        ("version", text("The program's version.")),
        ("url", text("The mock's URL.")),
        ("requests", count("How many requests came since the start or the last reset.")),
        ("refused", count("How much of what clients sent since then was refused before it became an exchange.")),
        ("log", object(&log)),
        ("journal", journal),
        ("strict", flag("Whether requests that differ are refused.")),
        ("actions", count("How many actions are served.")),
        ("watchers", count("How many look on.")),
    ]
}
