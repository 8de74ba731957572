//! Values from a command line: `--given user.age=36`, `--given @values.toml`.

use std::path::Path;

use hookwright::case::{Given, GivenAttribute, GivenSecret};
use hookwright::plan::{AttributeName, ByName, Declaration, Plan};
use hookwright::source::Span;
use hookwright::spec::{Contexts, given_value, steps};
use hookwright::value::{Json, Map, TaintedText, Value, json_text};

use super::{Refusal, input};

/// What `--given` and a batch line's `given` need to know of the dialect and the project.
pub struct Names<'a> {
    pub contexts: &'a Contexts,
    pub types: &'a ByName<Declaration>,
    /// The place that stands for a command line.
    pub span: Span,
    /// Whether a date may be written for a timestamp, as in a spec.
    pub takes_dates: bool,
}

/// Every `K=V` and `@FILE`, over what is given already.
pub fn add_all(given: &mut Given, written: &[String], names: &Names<'_>) -> Result<(), Refusal> {
    for text in written {
        if let Some(file) = text.strip_prefix('@') {
            add_json(given, &file_values(file)?, names);
            continue;
        }
        let Some((name, value)) = text.split_once('=') else {
            return Err(format!("`--given {text}` is neither NAME=VALUE nor @FILE").into());
        };
        if name.split('.').any(|part| part.trim().is_empty()) {
            return Err(format!("`--given {text}` lacks a name, or a part of one").into());
        }
        let name = names.contexts.full_name(name);
        if name.context() == "secret" {
            // As JSON, `1e5` would become another text.
            add_secret(given, &name, TaintedText::secret(value), names);
            continue;
        }
        let value = serde_json::from_str(value).unwrap_or_else(|_| Json::from(value));
        add(given, &name, value, names);
    }
    Ok(())
}

fn file_values(file: &str) -> Result<Json, Refusal> {
    let text = input::file(Path::new(file))?;
    let values = match serde_json::from_str(&text) {
        Ok(json) => json,
        Err(_) => from_toml(
            toml::from_str(&text).map_err(|error| format!("`{file}` is neither JSON nor TOML: {}", error.message()))?,
        ),
    };
    match values {
        Json::Object(_) => Ok(values),
        _ => Err(format!("`{file}` must hold an object: names and their values").into()),
    }
}

/// TOML as JSON; a date is its text, as in a spec.
fn from_toml(value: toml::Value) -> Json {
    match value {
        toml::Value::Datetime(date) => date.to_string().into(),
        toml::Value::Array(items) => items.into_iter().map(from_toml).collect(),
        toml::Value::Table(table) => table.into_iter().map(|(key, value)| (key, from_toml(value))).collect(),
        toml::Value::String(text) => text.into(),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => number.into(),
        toml::Value::Boolean(flag) => flag.into(),
    }
}

/// The contexts that a plan knows.
pub fn contexts_of_plan(plan: &Plan) -> Contexts {
    Contexts { known: plan.contexts.clone(), default: plan.default_context, naming: plan.naming }
}

/// Values by context and name, nested or dotted.
pub fn add_json(given: &mut Given, values: &Json, names: &Names<'_>) {
    let Some(values) = values.as_object() else { return };
    for (key, value) in values {
        match value.as_object() {
            Some(inner) if names.contexts.knows(key) => {
                for (name, value) in inner {
                    add(given, &names.contexts.naming.full(key, name), value.clone(), names);
                }
            }
            _ => add(given, &names.contexts.full_name(key), value.clone(), names),
        }
    }
}

fn add(given: &mut Given, name: &AttributeName, value: Json, names: &Names<'_>) {
    if name.context() == "secret" {
        return add_secret(given, name, TaintedText::secret(json_text(&value)), names);
    }
    let steps = steps(name);
    let name = AttributeName::new(name.context(), &steps[0]);
    let known = given.attribute(&name).map(Value::to_json);
    let value = placed(known, &steps[1..], value);
    let declared = names.types.get(&name).map(|known| known.declared);
    let value = match declared {
        Some(declared) if !names.takes_dates => declared.coerce(&Value::from(value)),
        _ => given_value(declared, value),
    };
    given.attributes.put(GivenAttribute { name, value, span: names.span });
}

fn add_secret(given: &mut Given, name: &AttributeName, value: TaintedText, names: &Names<'_>) {
    given.secrets.push(GivenSecret { name: name.attribute().to_string(), value, span: names.span });
}

/// The value at its place in what is known: `user.order.id=7` sets one entry of the attribute `order`.
fn placed(known: Option<Json>, steps: &[String], value: Json) -> Json {
    let Some((step, rest)) = steps.split_first() else { return value };
    let mut entries = match known {
        Some(Json::Object(entries)) => entries,
        _ => Map::new(),
    };
    let inner = placed(entries.get(step).cloned(), rest, value);
    entries.insert(step.clone(), inner);
    Json::Object(entries)
}

#[cfg(test)]
mod tests {
    use super::*;
    use hookwright::plan::Naming;
    use hookwright::source::Sources;
    use serde_json::json;

    #[test]
    fn a_secret_is_the_text_as_written() {
        let contexts = Contexts { known: vec!["user".into(), "secret".into()], default: "user", naming: Naming::default() };
        let span = Span::new(Sources::in_memory().add("a", ""), 0, 0);
        let names = Names { contexts: &contexts, types: &ByName::default(), span, takes_dates: true };
        for written in ["1e5", "12345678901234567890123", "\"quoted\"", "true", "{\"a\": 1}", "a=b", ""] {
            let mut given = Given::default();
            add_all(&mut given, &[format!("secret.x={written}")], &names).unwrap_or_else(|_| panic!("{written}"));
            assert_eq!(given.secret("x").map(TaintedText::reveal), Some(written));
        }
    }

    #[test]
    fn dotted_and_nested_names_mean_the_same() {
        let contexts = Contexts { known: vec!["user".into()], default: "user", naming: Naming::default() };
        let span = Span::new(Sources::in_memory().add("a", ""), 0, 0);
        let names = Names { contexts: &contexts, types: &ByName::default(), span, takes_dates: true };
        let values = |values: Json| {
            let mut given = Given::default();
            add_json(&mut given, &values, &names);
            let values = given.attributes.iter().map(|known| (known.name.full().to_string(), known.value.to_json()));
            Json::Object(values.collect())
        };
        let expected = json!({"user.o": {"a": 1, "b": 2}});
        assert_eq!(values(json!({"user": {"o": {"a": 1, "b": 2}}})), expected);
        assert_eq!(values(json!({"user.o.a": 1, "o.b": 2})), expected);
    }
}
