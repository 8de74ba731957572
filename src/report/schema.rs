//! The JSON Schema of specs and manifest, from the tables of keys that the reader uses: for editors, which complete and
//! check TOML with it.
//!
//! It is draft-07, since taplo, which most editors use for TOML, validates no later draft. It does not look beside a
//! `$ref` and does not complete what stands under `if`, so tables are written out where they stand, and the root offers the
//! keys of all kinds of file. What cannot be known without a project, such as its own contexts, is let through.

use serde_json::{Map, json};

use crate::assumption::Assumption;
use crate::case::{ERROR_NAMES, Fault};
use crate::check::Catalogue;
use crate::dialect::{self, DIALECTS, Dialect};
use crate::spec::Shape;
use crate::spec::keys::{
    CASE, DEFAULTS, FLOW, Key, LEVEL, LEVELS, MANIFEST, MATCHER, ROW, SECRET, SET_STEP, SPEC, STEP, Section,
};
use crate::value::{AttributeType, Json};

/// Dates that are no dates are left to the reader.
const TIME: &str = r"^[-+]?\d{4,6}-?\d{2}-?\d{2}";
const TIME_ZONE: &str = "^[A-Za-z0-9_+:/-]+$";
const BASE64: &str = "^[A-Za-z0-9+/]*={0,2}$";
const UUID: &str = r"^(urn:uuid:)?\{?[0-9A-Fa-f-]{32,36}\}?$";
const DURATION: &str = r"^[0-9.]+\s*(ms|s|m|h|d)\s*$";
const ORIGIN: &str = r"^([Hh][Tt][Tt][Pp][Ss]?://)?[^\s/\\?#@<>^|]+/?$";
/// RFC 9110, section 5.1.
const HEADER_NAME: &str = "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$";
/// The seconds of the years -9999 to 9999, which is what the clock of a case can show.
const SECONDS: (i64, i64) = (-377_705_023_201, 253_402_207_200);

/// The schema, with `spec` and `manifest` among its definitions.
pub fn schema() -> Json {
    let files = ["spec", "flow", "manifest"].map(|file| json!({"$ref": format!("#/$defs/{file}")}));
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Hookwright",
        "description": "A spec or a flow of Hookwright, or its manifest `hookwright.toml`.",
        "type": "object",
        // What is completed; it holds for anything, so that each mistake is told once.
        "anyOf": [files[0], files[1], files[2], {}],
        "if": {"anyOf": only_in(&SPEC, &[&FLOW, &MANIFEST])},
        "then": files[0],
        "else": {"if": {"anyOf": only_in(&FLOW, &[&SPEC, &MANIFEST])}, "then": files[1], "else": files[2]},
        "$defs": definitions(),
    })
}

/// What stands at several places, or may be named.
fn definitions() -> Json {
    let mut definitions = json!({
        "spec": titled("A spec", spec()),
        "manifest": titled("The manifest, `hookwright.toml`", table(&MANIFEST)),
        "flow": titled("A flow, `*.flow.toml`", table(&FLOW)),
        "case": table(&CASE),
        "step": table(&STEP),
        "set_step": table(&SET_STEP),
        "attribute_type": attribute_type(),
        "matcher": matcher(),
        "secret": secret(),
        "level": level(),
        "levels": levels(),
    });
    for (name, shape) in ENTRIES {
        definitions[name] = json!({"anyOf": [value(shape), map(value(shape))]});
    }
    definitions
}

/// What may stand in a table of attributes: a value, or a context's table of them.
const ENTRIES: [(&str, Shape); 3] =
    [("types", Shape::AttributeType), ("expected_values", Shape::Matcher), ("expressions", Shape::Text)];

/// What tells a file from the others: a key that only this one has.
fn only_in(section: &Section, others: &[&Section]) -> Vec<Json> {
    let keys = section.keys.iter().filter(|key| others.iter().all(|other| !other.has(key.name)));
    keys.map(|key| json!({"required": [key.name]})).collect()
}

/// A spec of any dialect. What each has is offered to all, for completion, and then held against the spec's own.
fn spec() -> Json {
    let mut schema = table(&SPEC);
    for key in DIALECTS.iter().flat_map(|dialect| dialect.top_level.keys) {
        schema["properties"][key.name] = described(key.summary, value(key.shape));
    }
    if DIALECTS.len() > 1 {
        let own: Vec<Json> = DIALECTS.iter().map(|dialect| own_keys(dialect)).collect();
        schema["allOf"] = own.into();
    }
    schema
}

/// What a spec of this dialect must be besides. One that names no dialect is of the first.
fn own_keys(dialect: &Dialect) -> Json {
    let mut properties = Map::new();
    properties.extend(dialect.sections.first().map(|action| ("action".to_string(), table(action))));
    for key in DIALECTS.iter().flat_map(|other| other.top_level.keys) {
        if !dialect.top_level.has(key.name) {
            properties.insert(key.name.to_string(), false.into());
        }
    }
    let is_default = std::ptr::eq(dialect, DIALECTS[0]);
    let named: &[&str] = if is_default { &[] } else { &["dialect"] };
    json!({
        "if": {"properties": {"dialect": {"const": dialect.name}}, "required": named},
        "then": {"properties": properties},
    })
}

fn references(section: &Section, definition: &str) -> Map<String, Json> {
    let reference = |key: &Key| {
        let target = format!("#/$defs/{definition}/properties/{}", key.name);
        (key.name.to_string(), json!({"$ref": target}))
    };
    section.keys.iter().map(reference).collect()
}

fn titled(title: &str, mut schema: Json) -> Json {
    schema["title"] = title.into();
    schema
}

/// A table of the format: an unknown key is an error.
fn table(section: &Section) -> Json {
    let property = |key: &Key| (key.name.to_string(), described(key.summary, value(key.shape)));
    let properties: Map<String, Json> = match section.title {
        // The same keys as a case has.
        title if title == ROW.title || title == DEFAULTS.title => references(section, "case"),
        title if title == STEP.title => {
            let shared = references(section, "case");
            let own = |key: &Key| if ROW.has(key.name) { shared[key.name].clone() } else { property(key).1 };
            section.keys.iter().map(|key| (key.name.to_string(), own(key))).collect()
        }
        _ => section.keys.iter().map(property).collect(),
    };
    let mut schema = json!({"type": "object", "properties": properties, "additionalProperties": false});
    let required: Vec<&str> = section.keys.iter().filter(|key| key.is_required).map(|key| key.name).collect();
    match section.keys.iter().find(|key| matches!(key.shape, Shape::WholeTable)) {
        Some(file) => schema["anyOf"] = json!([{"required": [file.name]}, {"required": required}]),
        None if !required.is_empty() => schema["required"] = required.into(),
        None => {}
    }
    schema
}

fn described(summary: &str, schema: Json) -> Json {
    let mut described = json!({"description": summary});
    if let (Json::Object(described), Json::Object(schema)) = (&mut described, schema) {
        described.extend(schema);
    }
    described
}

fn value(shape: Shape) -> Json {
    match shape {
        Shape::Text => json!({"type": "string"}),
        Shape::Name | Shape::CaseName => json!({"type": "string", "minLength": 1}),
        Shape::Filled => json!({"type": "string", "pattern": r"\S"}),
        Shape::Word(words) => json!({"enum": words}),
        Shape::Boolean => json!({"type": "boolean"}),
        Shape::Number => json!({"type": "number"}),
        Shape::True => json!({"const": true}),
        Shape::Status => json!({"type": "integer", "minimum": 200, "maximum": 599}),
        Shape::Time => json!({"anyOf": [
            {"type": "string", "pattern": TIME},
            {"type": "integer", "minimum": SECONDS.0, "maximum": SECONDS.1},
        ]}),
        Shape::TimeZone => json!({"type": "string", "pattern": TIME_ZONE}),
        Shape::File | Shape::WholeTable => json!({"type": "string", "minLength": 1}),
        Shape::Base64 => json!({"type": "string", "pattern": BASE64}),
        Shape::Origin => json!({"type": "string", "pattern": ORIGIN}),
        Shape::Uuid => json!({"type": "string", "pattern": UUID}),
        Shape::Duration | Shape::LongDuration => json!({"type": "string", "pattern": DURATION}),
        Shape::Texts | Shape::CaseNames => json!({"type": "array", "items": {"type": "string"}}),
        Shape::Table(section) => table(section),
        Shape::Tables(section) if section.title == CASE.title => {
            json!({"type": "array", "items": {"$ref": "#/$defs/case"}})
        }
        Shape::Tables(section) => json!({"type": "array", "items": table(section)}),
        Shape::Either(section, other) => either(section, other),
        Shape::Anything => json!({}),
        Shape::AnyTable => json!({"type": "object"}),
        Shape::Map(inner) => map(value(*inner)),
        Shape::Pairs(inner) => pairs(value(*inner), json!({"type": "string"})),
        Shape::ReplyHeaders => {
            pairs(json!({"type": ["string", "integer", "boolean"], "pattern": r"^[^\r\n\x00]*$"}), header_name())
        }
        Shape::Body => json!({"type": ["string", "object", "array"]}),
        Shape::AnyOf(shapes) => {
            let all: Vec<Json> = shapes.iter().map(|shape| value(*shape)).collect();
            json!({"anyOf": all})
        }
        Shape::AttributeType => json!({"$ref": "#/$defs/attribute_type"}),
        Shape::Matcher => json!({"$ref": "#/$defs/matcher"}),
        Shape::TextMatcher => json!({"allOf": [{"$ref": "#/$defs/matcher"}, {"type": ["string", "object"]}]}),
        Shape::Levels => json!({"$ref": "#/$defs/levels"}),
        Shape::ByContext(inner) => by_context(*inner),
        Shape::Given => given(),
        Shape::Fault => one_of(Fault::NAMES.iter().map(|(name, _)| *name)),
        Shape::ErrorKind => json!({"enum": ERROR_NAMES}),
        Shape::Lints => json!({"type": "array", "items": one_of(lints().names()), "uniqueItems": true}),
        Shape::Dialect => one_of(DIALECTS.iter().map(|dialect| dialect.name)),
        Shape::Exit => exit(),
        Shape::Action => any_of(DIALECTS.iter().filter_map(|dialect| dialect.sections.first()).map(|first| table(first))),
        Shape::Assumptions => assumptions(DIALECTS.iter().flat_map(|dialect| dialect.assumptions)),
        Shape::AssumptionsByDialect => {
            let of = |dialect: &&Dialect| (dialect.name.to_string(), assumptions(dialect.assumptions));
            let properties: Map<String, Json> = DIALECTS.iter().map(of).collect();
            json!({"type": "object", "properties": properties, "additionalProperties": false})
        }
    }
}

/// A way out of any dialect; some have more, by status or class.
fn exit() -> Json {
    let names = one_of(DIALECTS.iter().flat_map(|dialect| dialect.exits.names).copied());
    match DIALECTS.iter().any(|dialect| dialect.exits.are_by_status) {
        true => json!({"anyOf": [names, {"type": "string", "pattern": "^[1-5](xx|[0-9][0-9])$"}]}),
        false => names,
    }
}

/// Tables of two kinds. One of the second kind has its first key, and not that of the first kind.
fn either(first: &Section, second: &Section) -> Json {
    let kinds = ["step", "set_step"].map(|name| json!({"$ref": format!("#/$defs/{name}")}));
    let is_second = json!({"required": [second.keys[0].name], "not": {"required": [first.keys[0].name]}});
    let item = json!({"anyOf": [kinds[0], kinds[1], {}], "if": is_second, "then": kinds[1], "else": kinds[0]});
    json!({"type": "array", "minItems": 1, "items": item})
}

/// One of the names, each once.
fn one_of(names: impl Iterator<Item = &'static str>) -> Json {
    let mut all: Vec<&str> = Vec::new();
    names.for_each(|name| {
        if !all.contains(&name) {
            all.push(name);
        }
    });
    json!({"enum": all})
}

fn any_of(schemas: impl Iterator<Item = Json>) -> Json {
    let mut all: Vec<Json> = schemas.collect();
    if all.len() == 1 { all.remove(0) } else { json!({"anyOf": all}) }
}

/// A table whose keys are the user's.
fn map(value: Json) -> Json {
    json!({"type": "object", "additionalProperties": value})
}

/// A table, or rows of a name and a value.
fn pairs(value: Json, name: Json) -> Json {
    let row = json!({"type": "array", "items": [name, value], "minItems": 2, "maxItems": 2});
    json!({"anyOf": [
        {"type": "object", "propertyNames": name, "additionalProperties": value},
        {"type": "array", "items": row},
    ]})
}

fn header_name() -> Json {
    json!({"type": "string", "pattern": HEADER_NAME})
}

/// Names nested in their contexts, or dotted. Any table may be a context: a project has its own.
fn by_context(inner: Shape) -> Json {
    let same = |shape: &Shape| std::mem::discriminant(shape) == std::mem::discriminant(&inner);
    let entry = match ENTRIES.iter().find(|(_, shape)| same(shape)) {
        Some((name, _)) => json!({"$ref": format!("#/$defs/{name}")}),
        None => json!({"anyOf": [value(inner), map(value(inner))]}),
    };
    json!({"type": "object", "properties": contexts(|_| entry.clone()), "additionalProperties": entry})
}

fn contexts(value: impl Fn(&str) -> Json) -> Map<String, Json> {
    let all = DIALECTS.iter().flat_map(|dialect| dialect.contexts);
    all.map(|name| (name.to_string(), value(name))).collect()
}

/// Values are anything, but a secret is text. Without a table, `secret` is an attribute of that name.
fn given() -> Json {
    let secret = json!({"$ref": "#/$defs/secret"});
    let of = |name: &str| match name {
        "secret" => json!({"description": "the values of secrets in this case", "additionalProperties": secret}),
        _ => json!({}),
    };
    json!({"type": "object", "properties": contexts(of), "patternProperties": {r"^secret\.": secret}})
}

fn secret() -> Json {
    let mut given_as_table = table(&SECRET);
    let either: Vec<Json> = SECRET.keys.iter().map(|key| json!({"required": [key.name]})).collect();
    given_as_table["anyOf"] = either.into();
    json!({"description": "the value of a secret", "anyOf": [{"type": ["string", "integer"]}, given_as_table]})
}

/// A rule is offered and anything goes, as a table that is no rule is a value.
fn matcher() -> Json {
    let mut rule = table(&MATCHER);
    rule["additionalProperties"] = true.into();
    json!({"description": "a value, or a rule for one", "anyOf": [rule, {}]})
}

fn attribute_type() -> Json {
    let own = AttributeType::names().flat_map(|name| [name.to_string(), format!("{name}[]")]);
    let mut synonyms: Vec<&str> = Vec::new();
    for (synonym, _) in DIALECTS.iter().flat_map(|dialect| dialect.type_synonyms) {
        if !synonyms.contains(synonym) {
            synonyms.push(synonym);
        }
    }
    let names: Vec<String> = own.chain(synonyms.iter().map(ToString::to_string)).collect();
    let patterns: Vec<String> = synonyms.iter().map(|name| in_any_case(name)).collect();
    json!({
        "description": "an attribute's type, in our words or in the platform's",
        "anyOf": [{"enum": names}, {"type": "string", "pattern": format!("^({})$", patterns.join("|"))}],
    })
}

/// A pattern for a name in any letter case. Draft-07 knows no flags.
fn in_any_case(name: &str) -> String {
    let letter = |letter: char| match letter {
        _ if letter.is_ascii_alphabetic() => {
            format!("[{}{}]", letter.to_ascii_uppercase(), letter.to_ascii_lowercase())
        }
        ' ' => " ".to_string(),
        other => format!("\\{other}"),
    };
    name.chars().map(letter).collect()
}

fn level() -> Json {
    json!({
        "description": "a severity, alone or with the reason for it",
        "anyOf": [{"enum": LEVELS}, table(&LEVEL)],
    })
}

fn lints() -> Catalogue {
    Catalogue::new(dialect::lint_sets())
}

fn levels() -> Json {
    let property = |lint: &&crate::diagnostic::Lint| {
        let summary = format!("{} (default: {})", lint.summary, default_level(lint));
        (lint.name.to_string(), json!({"description": summary, "anyOf": [{"$ref": "#/$defs/level"}]}))
    };
    let properties: Map<String, Json> = lints().lints().iter().map(property).collect();
    json!({
        "description": "severities: lint name = \"allow\" | \"info\" | \"warn\" | \"error\"",
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    })
}

/// A lint's own severity, as it is written in `[lint]`.
fn default_level(lint: &crate::diagnostic::Lint) -> &'static str {
    use crate::diagnostic::Severity;
    match lint.severity {
        Severity::Info => "info",
        Severity::Warning => "warn",
        Severity::Error => "error",
    }
}

fn assumptions(table: impl IntoIterator<Item = &'static Assumption>) -> Json {
    let property = |assumption: &Assumption| {
        let choice = match assumption.others {
            [] => value(Shape::Duration),
            others => json!({"enum": std::iter::once(&assumption.default).chain(others).collect::<Vec<_>>()}),
        };
        let mut choice = described(assumption.summary, choice);
        choice["default"] = assumption.default.into();
        (assumption.name.to_string(), choice)
    };
    let properties: Map<String, Json> = table.into_iter().map(property).collect();
    json!({"type": "object", "properties": properties, "additionalProperties": false})
}
