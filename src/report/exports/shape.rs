//! What a JSON body looks like, as a JSON Schema (draft 2020-12), which WireMock and OpenAPI 3.1 both read.

use serde_json::{Map, Value as Json, json};

use super::expressions::of_pattern;
use crate::mock::derive::{Hole, JsonShape, Pattern, Reads};
use crate::plan::Plan;
use crate::value::{AttributeType, Scalar};

/// The schema of what bodies of this shape look like. `seen` are bodies that the action does send: what one of them lacks may
/// be left out.
pub fn schema(shape: &JsonShape, seen: &[&Json], plan: &Plan) -> Json {
    match shape {
        JsonShape::Constant(constant) => json!({"const": constant}),
        JsonShape::Text(pattern) => text(pattern),
        JsonShape::Value(hole) => value(hole, plan),
        JsonShape::Array(shapes) => array(shapes, seen, plan),
        JsonShape::Object(shapes) => object(shapes, seen, plan),
    }
}

fn text(pattern: &Pattern) -> Json {
    match pattern.as_literal() {
        Some(literal) => json!({"const": literal}),
        None if pattern.lone().is_some() => json!({"type": "string"}),
        None => json!({"type": "string", "pattern": format!("^{}$", of_pattern(pattern))}),
    }
}

/// A value with its type, or null where the attribute has none.
fn value(hole: &Hole, plan: &Plan) -> Json {
    let declared = match &hole.reads {
        Reads::Attribute(name) => plan.attribute_type(name),
        _ => None,
    };
    match declared.and_then(of_type) {
        Some(Json::Object(mut schema)) => {
            if let Some(Json::String(name)) = schema.get("type").cloned() {
                schema.insert("type".into(), json!([name, "null"]));
            }
            Json::Object(schema)
        }
        _ => json!({}),
    }
}

/// The schema of a declared type; `None` where it may be anything.
pub fn of_type(declared: AttributeType) -> Option<Json> {
    let one = match declared.scalar {
        Scalar::String => json!({"type": "string"}),
        Scalar::Boolean => json!({"type": "boolean"}),
        Scalar::Int | Scalar::Timestamp => json!({"type": "integer"}),
        Scalar::Float => json!({"type": "number"}),
        Scalar::Json => json!({}),
    };
    match declared.collection {
        true => Some(json!({"type": "array", "items": one})),
        false => Some(one).filter(|one| one.get("type").is_some()),
    }
}

fn array(shapes: &[JsonShape], seen: &[&Json], plan: &Plan) -> Json {
    let of_item = |(index, shape): (usize, &JsonShape)| {
        let seen: Vec<&Json> = seen.iter().filter_map(|json| json.get(index)).collect();
        schema(shape, &seen, plan)
    };
    let items: Vec<Json> = shapes.iter().enumerate().map(of_item).collect();
    match items.len() {
        0 => json!({"type": "array", "maxItems": 0}),
        count => json!({"type": "array", "prefixItems": items, "minItems": count, "maxItems": count}),
    }
}

fn object(shapes: &[(Pattern, JsonShape)], seen: &[&Json], plan: &Plan) -> Json {
    let (mut properties, mut patterns, mut required) = (Map::new(), Map::new(), Vec::new());
    for (key, shape) in shapes {
        let Some(name) = key.as_literal() else {
            patterns.insert(format!("^{}$", of_pattern(key)), schema(shape, &[], plan));
            continue;
        };
        let entries: Vec<&Json> = seen.iter().filter_map(|json| json.get(name)).collect();
        let is_left_out = seen.iter().any(|json| json.get(name).is_none());
        if !is_left_out && !required.contains(&json!(name)) {
            required.push(json!(name));
        }
        properties.insert(name.to_string(), schema(shape, &entries, plan));
    }
    let mut schema = json!({"type": "object", "properties": properties});
    if !patterns.is_empty() {
        schema["patternProperties"] = Json::Object(patterns);
    }
    if !required.is_empty() {
        schema["required"] = Json::Array(required);
    }
    schema["additionalProperties"] = json!(false);
    schema
}
