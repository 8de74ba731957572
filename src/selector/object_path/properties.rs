//! Paths against a model that reads no text: keys and positions, taken one after the other.

use proptest::prelude::*;
use serde_json::Value as Json;

use super::ObjectPath;
use crate::selector::{Selector, Trace};

#[derive(Clone, Debug)]
enum Step {
    Key(String),
    Position(usize),
}

fn key() -> impl Strategy<Value = String> {
    prop_oneof!["[a-c]{1,2}", "[a-c0-9 .'\"\\\\\\[\\]é$-]{0,4}", any::<String>()]
}

fn document() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![Just(Json::Null), any::<bool>().prop_map(Json::from), any::<i64>().prop_map(Json::from)];
    leaf.prop_recursive(4, 40, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            proptest::collection::vec((key(), inner), 0..4).prop_map(|entries| Json::Object(entries.into_iter().collect())),
        ]
    })
}

/// A way into the document, as far as the choices lead, and perhaps a step beyond.
fn way(document: &Json, choices: &[usize], beyond: Option<Step>) -> Vec<Step> {
    let (mut value, mut steps) = (document, Vec::new());
    for choice in choices {
        let step = match value {
            Json::Array(items) if !items.is_empty() => Step::Position(choice % items.len()),
            Json::Object(object) if !object.is_empty() => {
                Step::Key(object.keys().nth(choice % object.len()).cloned().unwrap_or_default())
            }
            _ => break,
        };
        value = match &step {
            Step::Position(position) => &value[*position],
            Step::Key(key) => &value[key.as_str()],
        };
        steps.push(step);
    }
    steps.extend(beyond);
    steps
}

fn model<'d>(document: &'d Json, steps: &[Step]) -> Option<&'d Json> {
    steps.iter().try_fold(document, |value, step| match step {
        Step::Key(key) => value.as_object()?.get(key),
        Step::Position(position) => value.as_array()?.get(*position),
    })
}

/// The steps as a path with `$`, each key in quotes of one kind or the other.
fn written(steps: &[Step], quotes: &[bool]) -> String {
    let mut path = "$".to_string();
    for (index, step) in steps.iter().enumerate() {
        match step {
            Step::Position(position) => path += &format!("[{position}]"),
            Step::Key(key) if quotes[index % quotes.len()] => path += &format!("[{}]", Json::from(key.as_str())),
            Step::Key(key) => path += &format!("['{}']", key.chars().map(in_single_quotes).collect::<String>()),
        }
    }
    path
}

fn in_single_quotes(character: char) -> String {
    match character {
        '\'' => "\\'".to_string(),
        '"' => "\"".to_string(),
        other => Json::from(other.to_string()).to_string().trim_matches('"').to_string(),
    }
}

proptest! {
    #[test]
    fn any_text_is_a_path_or_an_error_within_it(text in prop_oneof![any::<String>(), "[$a0'\"\\[\\]. \\\\-]{0,12}"]) {
        match ObjectPath::compile(&text) {
            Ok(path) => {
                for step in path.steps() {
                    prop_assert!(text.get(step.range.clone()).is_some_and(|written| !written.is_empty()));
                }
                for part in path.loose_parts() {
                    prop_assert!(text.get(part.range).is_some());
                }
            }
            Err(error) => prop_assert!(text.get(error.start..error.end).is_some(), "{error:?}"),
        }
    }

    #[test]
    fn a_path_finds_what_its_steps_lead_to(
        document in document(),
        choices in proptest::collection::vec(any::<usize>(), 0..6),
        quotes in proptest::collection::vec(any::<bool>(), 1..4),
        beyond in proptest::option::of(prop_oneof![key().prop_map(Step::Key), (0..4_usize).prop_map(Step::Position)]),
    ) {
        let steps = way(&document, &choices, beyond);
        let text = written(&steps, &quotes);
        let path = ObjectPath::compile(&text).map_err(|error| TestCaseError::fail(format!("{text}: {error}")))?;
        let expected = model(&document, &steps);
        prop_assert_eq!(path.find(&document).expect("found or not"), expected.cloned(), "{}", text);
        if let Some(value) = expected.filter(|value| !value.is_null()) {
            prop_assert_eq!(path.paths()[0].trace(&document), Trace::Found(value));
        }
    }

    #[test]
    fn the_documented_spelling_of_a_loose_path_finds_the_same(
        document in document(),
        names in proptest::collection::vec(prop_oneof!["[a-c]{1,2}", "[0-3]"], 1..4),
        dotted in proptest::collection::vec(any::<bool>(), 4),
    ) {
        let mut text = String::new();
        for (name, is_dotted) in names.iter().zip(dotted) {
            let dot = if text.is_empty() { "" } else { "." };
            text += &if is_dotted { format!("{dot}{name}") } else { format!("[{name}]") };
        }
        let loose = ObjectPath::compile(&text).expect("a path");
        let mut strict = text.clone();
        for part in loose.loose_parts().iter().rev() {
            strict.replace_range(part.range.clone(), &part.instead);
        }
        let strict = ObjectPath::compile(&strict).map_err(|error| TestCaseError::fail(format!("{strict}: {error}")))?;
        // A number in brackets behind `$` is no key, which is the one thing that the strict spelling finds less.
        if let Some(found) = strict.find(&document).expect("found or not") {
            prop_assert_eq!(loose.find(&document).expect("found or not"), Some(found));
        }
    }
}
