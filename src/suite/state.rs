//! The state that the steps of a flow share: what the conversation holds, by full name.

use crate::case::{Given, GivenAttribute, GivenSecret};
use crate::eval::Outcome;
use crate::plan::{AttributeName, ByName, HasName, Plan};
use crate::source::Span;
use crate::spec::given_value;
use crate::value::{Json, Value};

/// What is known of each attribute, and the secrets.
///
/// What a step itself gives counts more than what the state holds, and what the state holds more than what a case gives that
/// the step takes: the value that an action has written is what the next one reads.
#[derive(Default)]
pub struct State {
    attributes: ByName<Held>,
    secrets: Vec<GivenSecret>,
}

struct Held {
    attribute: GivenAttribute,
    origin: Origin,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// By the flow, a step or a case.
    Given,
    /// As a value of the project that no conversation changes.
    Constant,
    /// By an action.
    Written,
    /// By an action that removed it: nothing is there any more.
    Removed,
}

impl HasName for Held {
    fn name(&self) -> &AttributeName {
        &self.attribute.name
    }
}

impl State {
    /// What the flow or a step gives itself. A table is merged into one that is there.
    pub fn put(&mut self, given: &Given) {
        for given in given.attributes.iter() {
            let value = match self.attributes.get(&given.name) {
                Some(held) => merged(&held.attribute.value, &given.value),
                None => given.value.clone(),
            };
            self.hold(GivenAttribute { value, ..given.clone() }, Origin::Given);
        }
        for secret in &given.secrets {
            self.secrets.retain(|known| known.name != secret.name);
            self.secrets.push(secret.clone());
        }
    }

    /// What a case gives that a step takes: it fills in what nothing is known of.
    pub fn fill(&mut self, given: &Given, plan: &Plan) {
        for given in given.attributes.iter() {
            if self.attributes.get(&given.name).is_none() {
                let is_constant = plan.trusted_contexts.contains(&given.name.context());
                self.hold(given.clone(), if is_constant { Origin::Constant } else { Origin::Given });
            }
        }
        for secret in &given.secrets {
            if !self.secrets.iter().any(|known| known.name == secret.name) {
                self.secrets.push(secret.clone());
            }
        }
    }

    /// What the action at this place wrote and removed.
    pub fn write(&mut self, outcome: &Outcome, span: Span) {
        for (name, value) in &outcome.attributes {
            self.hold(GivenAttribute { name: name.clone(), value: value.clone(), span }, Origin::Written);
        }
        for name in &outcome.unset {
            self.hold(GivenAttribute { name: name.clone(), value: Value::NULL, span }, Origin::Removed);
        }
    }

    fn hold(&mut self, attribute: GivenAttribute, origin: Origin) {
        self.attributes.put(Held { attribute, origin });
    }

    /// The state as an action reads it, under the types that are declared for it.
    pub fn given_to(&self, plan: &Plan) -> Given {
        let there = self.attributes.iter().filter(|held| held.origin != Origin::Removed);
        let typed = there.map(|held| GivenAttribute { value: typed(held, plan), ..held.attribute.clone() });
        Given { attributes: typed.collect(), secrets: self.secrets.clone() }
    }

    /// What the conversation holds, without the constants of the project.
    pub fn held(&self) -> Vec<(AttributeName, Value)> {
        let held = self.attributes.iter().filter(|held| matches!(held.origin, Origin::Given | Origin::Written));
        held.map(|held| (held.attribute.name.clone(), held.attribute.value.clone())).collect()
    }
}

/// What is given may be written as a date where a timestamp is meant; what was written has a type already.
fn typed(held: &Held, plan: &Plan) -> Value {
    let value = &held.attribute.value;
    match plan.declared(&held.attribute.name) {
        None => value.clone(),
        Some(declared) if held.origin == Origin::Written || value.is_secret() => declared.coerce(value),
        declared => given_value(declared, value.to_json()),
    }
}

/// Tables key by key; anything else replaces.
fn merged(lower: &Value, upper: &Value) -> Value {
    match (lower.to_json(), upper.to_json()) {
        (lower @ Json::Object(_), upper @ Json::Object(_)) => merged_json(lower, upper).into(),
        _ => upper.clone(),
    }
}

fn merged_json(lower: Json, upper: Json) -> Json {
    match (lower, upper) {
        (Json::Object(mut lower), Json::Object(upper)) => {
            for (key, value) in upper {
                let below = lower.get_mut(&key).map(Json::take).unwrap_or_default();
                lower.insert(key, merged_json(below, value));
            }
            Json::Object(lower)
        }
        (_, upper) => upper,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::test_support::{plan, span};
    use crate::value::TaintedText;
    use serde_json::json;

    fn name(attribute: &str) -> AttributeName {
        AttributeName::new("user", attribute)
    }

    fn given(values: &[(&str, Json)]) -> Given {
        let attribute =
            |(key, value): &(&str, Json)| GivenAttribute { name: name(key), value: value.clone().into(), span: span() };
        Given { attributes: values.iter().map(attribute).collect(), secrets: Vec::new() }
    }

    fn wrote(values: &[(&str, Json)], unset: &[&str]) -> Outcome {
        let attributes = values.iter().map(|(key, value)| (name(key), value.clone().into())).collect();
        Outcome { attributes, unset: unset.iter().map(|key| name(key)).collect(), ..Outcome::default() }
    }

    fn read(state: &State, key: &str) -> Option<Json> {
        state.given_to(&plan()).attribute(&name(key)).map(Value::to_json)
    }

    #[test]
    fn what_was_written_counts_more_than_a_case_and_less_than_a_step() {
        let mut state = State::default();
        state.write(&wrote(&[("id", json!(7)), ("gone", json!(1))], &[]), span());
        state.write(&wrote(&[], &["gone"]), span());
        state.fill(&given(&[("id", json!(1)), ("gone", json!(2)), ("new", json!(3))]), &plan());
        assert_eq!((read(&state, "id"), read(&state, "gone"), read(&state, "new")), (Some(json!(7)), None, Some(json!(3))));
        state.put(&given(&[("id", json!(8)), ("gone", json!(null))]));
        assert_eq!((read(&state, "id"), read(&state, "gone")), (Some(json!(8)), Some(json!(null))));
        assert_eq!(state.held().len(), 3);
    }

    #[test]
    fn tables_are_merged_and_other_values_replaced() {
        let mut state = State::default();
        state.put(&given(&[("order", json!({"id": 1, "lines": [1, 2], "to": {"city": "Bath"}}))]));
        state.put(&given(&[("order", json!({"lines": [3], "to": {"zip": "BA1"}}))]));
        assert_eq!(read(&state, "order"), Some(json!({"id": 1, "lines": [3], "to": {"city": "Bath", "zip": "BA1"}})));
        state.put(&given(&[("order", json!("none"))]));
        assert_eq!(read(&state, "order"), Some(json!("none")));
    }

    #[test]
    fn there_is_one_store_of_secrets() {
        let secret = |value: &str| Given {
            secrets: vec![GivenSecret { name: "key".into(), value: TaintedText::secret(value), span: span() }],
            ..Given::default()
        };
        let mut state = State::default();
        state.fill(&secret("first"), &plan());
        state.fill(&secret("of a case"), &plan());
        let revealed = |state: &State| state.given_to(&plan()).secret("key").map(|value| value.reveal().to_string());
        assert_eq!(revealed(&state).as_deref(), Some("first"));
        state.put(&secret("of a step"));
        assert_eq!(revealed(&state).as_deref(), Some("of a step"));
    }
}
