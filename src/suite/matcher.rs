//! Rules for values: whether one holds, and where in a document it does not.

use crate::case::Matcher;
use crate::value::{Json, MASK, json_text, key_path};

/// One place of a document that is not as expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// `items[0].name`; empty for the whole document.
    pub path: String,
    /// What was expected, in a user's words.
    pub expected: String,
    /// What was found, masked; `None`: nothing.
    pub got: Option<String>,
}

/// A value and its masked twin. Where the twin has no such place, nothing of the value is shown.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    pub real: &'a Json,
    pub masked: Option<&'a Json>,
}

impl<'a> Seen<'a> {
    /// A value that carries no secret.
    pub fn plain(real: &'a Json) -> Seen<'a> {
        Seen { real, masked: Some(real) }
    }

    fn entry(self, key: &str) -> Option<Seen<'a>> {
        Some(Seen { real: self.real.get(key)?, masked: self.masked.and_then(|masked| masked.get(key)) })
    }

    fn item(self, index: usize) -> Option<Seen<'a>> {
        Some(Seen { real: self.real.get(index)?, masked: self.masked.and_then(|masked| masked.get(index)) })
    }

    fn shown(self) -> String {
        self.masked.map_or_else(|| MASK.to_string(), |masked| shorten(&masked.to_string()))
    }
}

/// The places where `seen` is not as the rule says; none when it holds.
pub fn mismatches(rule: &Matcher, seen: Seen<'_>) -> Vec<Mismatch> {
    let mut found = Vec::new();
    compare(rule, seen, "", &mut found);
    found
}

fn compare(rule: &Matcher, seen: Seen<'_>, path: &str, found: &mut Vec<Mismatch>) {
    match rule {
        Matcher::Equal(expected) => equal(expected, seen, path, found),
        Matcher::Subset(entries) if seen.real.is_object() => {
            for (key, rule) in entries {
                let path = key_path(path, key);
                match seen.entry(key) {
                    Some(entry) => compare(rule, entry, &path, found),
                    None => found.push(Mismatch { path, expected: describe(rule), got: None }),
                }
            }
        }
        Matcher::List(rules) if seen.real.as_array().is_some_and(|items| items.len() == rules.len()) => {
            for (index, rule) in rules.iter().enumerate() {
                if let Some(item) = seen.item(index) {
                    compare(rule, item, &format!("{path}[{index}]"), found);
                }
            }
        }
        _ if holds(rule, seen.real) => {}
        _ => found.push(Mismatch { path: path.to_string(), expected: describe(rule), got: Some(seen.shown()) }),
    }
}

/// Equality at every depth, numbers by their value.
fn equal(expected: &Json, seen: Seen<'_>, path: &str, found: &mut Vec<Mismatch>) {
    match (expected, seen.real) {
        (Json::Object(wanted), Json::Object(real)) => {
            for (key, value) in wanted {
                let path = key_path(path, key);
                match seen.entry(key) {
                    Some(entry) => equal(value, entry, &path, found),
                    None => found.push(Mismatch { path, expected: shorten(&value.to_string()), got: None }),
                }
            }
            for key in real.keys().filter(|key| !wanted.contains_key(*key)) {
                let got = seen.entry(key).map(Seen::shown);
                found.push(Mismatch { path: key_path(path, key), expected: "nothing".into(), got });
            }
        }
        (Json::Array(wanted), Json::Array(real)) if wanted.len() == real.len() => {
            for (index, value) in wanted.iter().enumerate() {
                if let Some(item) = seen.item(index) {
                    equal(value, item, &format!("{path}[{index}]"), found);
                }
            }
        }
        (expected, real) if same_scalar(expected, real) => {}
        (expected, _) => found.push(Mismatch {
            path: path.to_string(),
            expected: shorten(&expected.to_string()),
            got: Some(seen.shown()),
        }),
    }
}

fn same_scalar(expected: &Json, real: &Json) -> bool {
    match (expected, real) {
        (Json::Number(expected), Json::Number(real)) => expected == real || floats_equal(expected, real),
        (Json::Array(_) | Json::Object(_), _) => false,
        (expected, real) => expected == real,
    }
}

/// 1 and 1.0 are equal; two different integers never are, however large.
fn floats_equal(one: &serde_json::Number, other: &serde_json::Number) -> bool {
    (one.is_f64() || other.is_f64()) && one.as_f64() == other.as_f64()
}

/// Whether a rule other than equality holds for a value as a whole.
fn holds(rule: &Matcher, real: &Json) -> bool {
    match rule {
        Matcher::Any => true,
        Matcher::Matches(pattern) => pattern.is_match(&whole_text(real)),
        Matcher::Contains(part) => match real {
            Json::Array(items) => items.iter().any(|item| whole_text(item).contains(part.as_str())),
            _ => whole_text(real).contains(part.as_str()),
        },
        Matcher::Type(wanted) => wanted.accept(real).is_some(),
        Matcher::Near { near, by } => real.as_f64().is_some_and(|number| is_near(number, *near, *by)),
        Matcher::Equal(_) | Matcher::Subset(_) | Matcher::List(_) => false,
    }
}

/// The difference itself is rounded: 76.32 is within 0.01 of 76.31.
fn is_near(number: f64, near: f64, by: f64) -> bool {
    const ROUNDING: f64 = 1e-12;
    (number - near).abs() <= by.abs() + ROUNDING * number.abs().max(near.abs())
}

/// Text as it is, lists and objects as JSON.
fn whole_text(json: &Json) -> String {
    if json.is_array() || json.is_object() { json.to_string() } else { json_text(json) }
}

/// Whether a rule holds for a text that stands outside JSON, as a URL or a header value does: `42` is a number there, too.
pub fn holds_for_text(rule: &Matcher, text: &str) -> bool {
    match rule {
        Matcher::Equal(expected) => whole_text(expected) == text,
        Matcher::Subset(_) | Matcher::List(_) => false,
        _ if holds(rule, &Json::from(text)) => true,
        Matcher::Type(_) | Matcher::Near { .. } => serde_json::from_str(text).is_ok_and(|json| holds(rule, &json)),
        _ => false,
    }
}

/// A rule in a user's words, to stand after "expected".
pub fn describe(rule: &Matcher) -> String {
    match rule {
        Matcher::Equal(expected) => shorten(&expected.to_string()),
        Matcher::Subset(_) => "an object".into(),
        Matcher::List(rules) => format!("a list of {}", rules.len()),
        Matcher::Matches(pattern) => format!("text that matches `{}`", shorten(pattern.as_str())),
        Matcher::Contains(part) => format!("text that contains `{}`", shorten(part)),
        Matcher::Type(wanted) => format!("a value of type `{wanted}`"),
        Matcher::Near { near, by } => format!("a number within {by} of {near}"),
        Matcher::Any => "any value".into(),
    }
}

/// Messages stay short: the transcript has the whole.
pub fn shorten(text: &str) -> String {
    const LONGEST: usize = 160;
    match text.char_indices().nth(LONGEST) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::AttributeType;
    use serde_json::json;

    fn found(rule: &Matcher, real: Json) -> Vec<String> {
        let describe = |mismatch: Mismatch| {
            format!("{}: {} / {}", mismatch.path, mismatch.expected, mismatch.got.as_deref().unwrap_or("-"))
        };
        mismatches(rule, Seen::plain(&real)).into_iter().map(describe).collect()
    }

    #[test]
    fn a_table_is_a_subset_at_every_depth_and_arrays_are_whole() {
        let rule = Matcher::Subset(vec![
            ("a".into(), Matcher::Subset(vec![("b c".into(), Matcher::Equal(json!(1)))])),
            ("list".into(), Matcher::Equal(json!([1, {"x": 2}]))),
        ]);
        assert!(found(&rule, json!({"a": {"b c": 1.0, "more": 0}, "list": [1, {"x": 2}], "more": 0})).is_empty());
        assert_eq!(
            found(&rule, json!({"a": {"b c": 2}, "list": [1, {"x": 2, "y": 3}]})),
            ["a[\"b c\"]: 1 / 2", "list[1].y: nothing / 3"]
        );
        assert_eq!(found(&rule, json!({"list": [1]})), ["a: an object / -", "list: [1,{\"x\":2}] / [1]"]);
        assert_eq!(found(&rule, json!([])), [": an object / []"]);
    }

    #[test]
    fn a_list_of_rules_holds_item_by_item() {
        let rule = Matcher::List(vec![Matcher::Equal(json!(1)), Matcher::Subset(vec![("a".into(), Matcher::Any)])]);
        assert!(found(&rule, json!([1, {"a": 5, "b": 6}])).is_empty());
        assert_eq!(found(&rule, json!([2, {}])), ["[0]: 1 / 2", "[1].a: any value / -"]);
        assert_eq!(found(&rule, json!([1])), [": a list of 2 / [1]"]);
    }

    #[test]
    fn numbers_are_equal_by_value() {
        assert!(found(&Matcher::Equal(json!(1)), json!(1.0)).is_empty());
        assert!(found(&Matcher::Equal(json!(2.5)), json!(2.5)).is_empty());
        assert_eq!(found(&Matcher::Equal(json!(9007199254740993_i64)), json!(9007199254740992_i64)).len(), 1);
        assert_eq!(found(&Matcher::Equal(json!("1")), json!(1)), [": \"1\" / 1"]);
    }

    #[test]
    fn matchers() {
        let near = Matcher::Near { near: 76.31, by: 0.01 };
        assert!(found(&near, json!(76.32)).is_empty() && found(&near, json!(76.30)).is_empty());
        assert_eq!(found(&near, json!("76.31")), [": a number within 0.01 of 76.31 / \"76.31\""]);
        let int = Matcher::Type(AttributeType::parse("int").expect("a type"));
        assert!(found(&int, json!(7.0)).is_empty() && holds_for_text(&int, "42") && !holds_for_text(&int, "x"));
        assert_eq!(found(&int, json!("7")), [": a value of type `int` / \"7\""]);
        assert!(found(&Matcher::Contains("da".into()), json!(["Ada"])).is_empty());
        let digits = Matcher::Matches(regex::Regex::new("^[0-9]+$").expect("a pattern"));
        assert!(found(&digits, json!(12)).is_empty() && !holds_for_text(&digits, "1a"));
        assert!(found(&Matcher::Any, Json::Null).is_empty());
        assert!(holds_for_text(&Matcher::Equal(json!(5)), "5"), "a header's number is written as text");
    }

    #[test]
    fn what_has_no_masked_twin_is_not_shown() {
        let (real, masked) = (json!({"a": {"key": "k-1"}}), json!({"a": MASK}));
        let rule = Matcher::Subset(vec![("a".into(), Matcher::Subset(vec![("key".into(), Matcher::Equal(json!("x")))]))]);
        let found = mismatches(&rule, Seen { real: &real, masked: Some(&masked) });
        assert_eq!(found[0].got.as_deref(), Some(MASK));
    }
}
