//! What holds for every filter: no panic on anything, and the examples of the pages are true.

use proptest::prelude::*;

use super::support::testing::{apply, apply_assuming};
use super::{FILTERS, FilterFault};
use crate::value::{Json, Value};

fn any_json() -> impl Strategy<Value = Json> {
    let single = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<u64>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        any::<String>().prop_map(Json::from),
        "[-+]?[0-9]{1,25}(\\.[0-9]{0,5})?(e-?[0-9]{1,4})?".prop_map(Json::from),
        "[ -~]{0,30}".prop_map(Json::from),
        "[0-9]{1,4}[-/.: ][0-9]{1,2}[-/.: ][0-9]{1,4}[ T]?[a-z0-9+:]{0,8}".prop_map(Json::from),
    ];
    single.prop_recursive(2, 16, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            proptest::collection::vec(("[a-c]", inner), 0..4)
                .prop_map(|entries| Json::Object(entries.into_iter().collect())),
        ]
    })
}

fn any_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => any_json().prop_map(Value::from),
        1 => any::<Vec<u8>>().prop_map(Value::bytes),
        1 => any::<i64>().prop_map(Value::timestamp),
    ]
}

fn any_argument_value() -> impl Strategy<Value = Value> {
    let known = prop_oneof![
        Just("sha256"),
        Just("hex"),
        Just("base64"),
        Just("-d"),
        Just("true"),
        Just("!="),
        Just("UTC"),
        Just("Europe/London"),
        Just("D, d M Y N jS z W t L B G u e I O P T U c r \\x"),
    ];
    prop_oneof![any_value(), known.prop_map(Value::from)]
}

proptest! {
    #[test]
    fn no_filter_panics(value in any_value(), arguments in proptest::collection::vec(any_argument_value(), 0..4)) {
        for filter in FILTERS {
            let _ = apply_assuming(("", ""), filter.name, &value, &arguments);
            let texts: Vec<Option<&str>> = arguments.iter().map(Value::as_str).collect();
            let _ = (filter.check)(&texts);
        }
    }

    #[test]
    fn what_the_check_accepts_is_accepted_by_evaluation(
        value in any_value(),
        arguments in proptest::collection::vec("[ -~]{0,12}", 3..4),
    ) {
        for filter in FILTERS {
            let texts: Vec<&str> = arguments.iter().take(filter.parameters.len()).map(String::as_str).collect();
            let checked = (filter.check)(&texts.iter().copied().map(Some).collect::<Vec<_>>());
            let applied = match apply(filter.name, value.clone(), &texts) {
                Err(FilterFault::BadArgument(bad)) => Some(bad),
                _ => None,
            };
            prop_assert_eq!(checked, applied, "{}", filter.name);
        }
    }

    #[test]
    fn encodings_round_trip(bytes in any::<Vec<u8>>()) {
        let there_and_back = |encode: &str, arguments: &[&str], decode: &str, back: &[&str]| {
            let encoded = apply(encode, Value::bytes(bytes.clone()), arguments).expect("no fault");
            apply(decode, encoded, back).expect("no fault").to_bytes()
        };
        prop_assert_eq!(&there_and_back("url_encode", &[], "url_decode", &[]), &bytes);
        prop_assert_eq!(&there_and_back("url_encode", &["true"], "url_decode", &[]), &bytes);
        prop_assert_eq!(&there_and_back("base64", &["-e"], "base64", &["-d"]), &bytes);
    }
}

/// `name argument "other argument"` or `name('argument', 2)`: enough for the examples, not the grammar.
fn call(text: &str) -> (String, Vec<String>) {
    let text = text.replace(['(', ')', ','], " ");
    let mut words = Vec::new();
    for (index, part) in text.split(['"', '\'']).enumerate() {
        match index % 2 {
            0 => words.extend(part.split_whitespace().map(str::to_string)),
            _ => words.push(part.to_string()),
        }
    }
    (words.remove(0), words)
}

fn json_or_text(text: &str) -> Value {
    serde_json::from_str::<Json>(text).map_or_else(|_| Value::from(text), Value::from)
}

/// The example lines of a page: template, input, result.
fn examples(page: &str) -> Vec<(&str, &str, &str)> {
    let lines = page.lines().filter_map(|line| line.strip_prefix("- `{"));
    let parsed = lines.filter_map(|line| {
        let (template, rest) = line.split_once("}` over `")?;
        let (input, rest) = rest.split_once("` gives `")?;
        Some((template, input, rest.strip_suffix('`')?))
    });
    parsed.collect()
}

#[test]
fn the_examples_of_every_page_are_true() {
    for filter in FILTERS {
        let examples = examples(filter.page);
        assert!(examples.len() >= 2, "{} has {} examples", filter.name, examples.len());
        for (template, input, expected) in examples {
            let mut value = json_or_text(input);
            for step in template.split(" | ").skip(1) {
                let (name, arguments) = call(step);
                let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
                value = apply(&name, value.clone(), &arguments).unwrap_or(value);
            }
            let same = json_or_text(expected) == value || expected == value.to_text().reveal();
            assert!(same, "{template} over {input}: {value:?}, not {expected}");
        }
    }
}

#[test]
fn names_are_unique_and_pages_complete() {
    for (index, filter) in FILTERS.iter().enumerate() {
        assert!(FILTERS[..index].iter().all(|other| other.name != filter.name), "{}", filter.name);
        assert!(filter.page.contains("\nSource: ") && !filter.summary.is_empty(), "{}", filter.name);
    }
}
