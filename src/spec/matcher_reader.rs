//! Rules for values, as they stand in `[case.expect]`.

use super::lints::wrong_type;
use super::node::{Entry, Kind, Node, Table};
use super::reading::Reading;
use crate::case::Matcher;
use crate::diagnostic::nearest;
use crate::value::AttributeType;

/// A value as it is, or a rule for one. A table or list that is no rule is compared whole, unless rules stand inside it.
pub fn matcher(node: &Node, reading: &mut Reading<'_>) -> Matcher {
    if node.as_table().is_some_and(|table| has_unknown_type(table, reading)) {
        return Matcher::Any;
    }
    part(node, reading)
}

/// A text, or a rule for one.
pub fn text_matcher(node: &Node, reading: &mut Reading<'_>) -> Matcher {
    if !matches!(node.kind, Kind::Text(_) | Kind::Table(_)) {
        reading.wrong_type(node, "text or a matcher");
        return Matcher::Any;
    }
    matcher(node, reading)
}

/// Of a body a table is a subset, at every depth.
pub fn body_matcher(node: &Node, reading: &mut Reading<'_>) -> Matcher {
    match node.as_table() {
        None => part(node, reading),
        Some(table) => rule(table, reading).unwrap_or_else(|| subset(table, reading)),
    }
}

fn part(node: &Node, reading: &mut Reading<'_>) -> Matcher {
    match &node.kind {
        Kind::Table(table) => rule(table, reading).unwrap_or_else(|| match holds_rules(node) {
            true => subset(table, reading),
            false => Matcher::Equal(node.to_json()),
        }),
        Kind::Array(items) if holds_rules(node) => Matcher::List(items.iter().map(|item| part(item, reading)).collect()),
        _ => Matcher::Equal(node.to_json()),
    }
}

fn subset(table: &Table, reading: &mut Reading<'_>) -> Matcher {
    let entries = table.entries.iter();
    Matcher::Subset(entries.map(|entry| (entry.key.value.clone(), body_matcher(&entry.value, reading))).collect())
}

/// Whether a rule, or what is nearly one, stands in the node.
fn holds_rules(node: &Node) -> bool {
    match &node.kind {
        Kind::Table(table) => {
            is_rule(table) || nearly(table).is_some() || table.entries.iter().any(|entry| holds_rules(&entry.value))
        }
        Kind::Array(items) => items.iter().any(holds_rules),
        _ => false,
    }
}

/// Deep in a body `{ type = "order" }` is a value like any other; where a value itself is expected it is a misspelt rule.
fn has_unknown_type(table: &Table, reading: &mut Reading<'_>) -> bool {
    let [Entry { key, value }] = table.entries.as_slice() else { return false };
    let Some(name) = value.as_text().filter(|_| key.value == "type") else { return false };
    if AttributeType::parse(&name.text).is_some() {
        return false;
    }
    let known: Vec<&str> = AttributeType::names().collect();
    reading.wrong_word(name, &format!("a type: one of {}", known.join(", ")), &known);
    true
}

/// What is nearly a rule.
struct Nearly<'a> {
    entry: &'a Entry,
    /// The rule that was probably meant.
    meant: &'static str,
}

const RULES: [(&str, &str); 6] = [
    ("matches", "{ matches = \"regex\" }"),
    ("contains", "{ contains = \"part\" }"),
    ("type", "{ type = \"int\" }"),
    ("near", "{ near = 1.5, by = 0.1 }"),
    ("by", "{ near = 1.5, by = 0.1 }"),
    ("any", "{ any = true }"),
];

/// A table of one key, and that key a rule's with a value that the rule does not have, or misspelt with one that it has.
/// Also `near` and `by` where one is no number.
fn nearly(table: &Table) -> Option<Nearly<'_>> {
    if let (2, Some(near), Some(by)) = (table.entries.len(), table.entry("near"), table.entry("by")) {
        let entry = [near, by].into_iter().find(|entry| number(&entry.value).is_none())?;
        return Some(Nearly { entry, meant: RULES[3].1 });
    }
    let [entry] = table.entries.as_slice() else { return None };
    if is_rule(table) {
        return None;
    }
    let (key, value) = (entry.key.value.as_str(), &entry.value);
    let name = match RULES.iter().any(|(known, _)| *known == key) {
        true => key,
        false => nearest(key, RULES.iter().map(|(known, _)| *known)).filter(|near| near.len() > 3 && fits(near, value))?,
    };
    let is_meant = match name {
        _ if name != key => true,
        "near" => number(value).is_some(),
        "any" => matches!(value.kind, Kind::Boolean(_)),
        "type" => value.as_text().is_some_and(|text| nearest(&text.text, AttributeType::names()).is_some()),
        _ => false,
    };
    let (_, meant) = RULES.iter().find(|(known, _)| *known == name)?;
    is_meant.then_some(Nearly { entry, meant })
}

/// Whether a value is one that the rule has.
fn fits(name: &str, value: &Node) -> bool {
    match name {
        "matches" | "contains" => value.as_text().is_some(),
        "type" => value.as_text().is_some_and(|text| AttributeType::parse(&text.text).is_some()),
        _ => false,
    }
}

/// Whether a table has the exact shape of a rule.
fn is_rule(table: &Table) -> bool {
    let mut keys: Vec<&str> = table.entries.iter().map(|entry| entry.key.value.as_str()).collect();
    keys.sort_unstable();
    match keys.as_slice() {
        ["matches" | "contains"] => table.entries[0].value.as_text().is_some(),
        ["type"] => table.entries[0].value.as_text().is_some_and(|text| AttributeType::parse(&text.text).is_some()),
        ["any"] => matches!(table.entries[0].value.kind, Kind::Boolean(true)),
        ["by", "near"] => table.entries.iter().all(|entry| number(&entry.value).is_some()),
        _ => false,
    }
}

fn rule(table: &Table, reading: &mut Reading<'_>) -> Option<Matcher> {
    if let Some(Nearly { entry, meant }) = nearly(table) {
        let got = match table.entries.len() {
            1 => format!("a table of `{}` alone", entry.key.value),
            _ => format!("`{}` with {}", entry.key.value, entry.value.describe()),
        };
        reading
            .findings
            .push(wrong_type::found(entry.key.span, "a value or a matcher", &got).help(format!("did you mean `{meant}`?")));
        return Some(Matcher::Any);
    }
    if !is_rule(table) {
        return None;
    }
    let of = |key: &str| table.get(key);
    let text = |key: &str| of(key).and_then(Node::as_text);
    if let Some(pattern) = text("matches") {
        return Some(match regex::Regex::new(&pattern.text) {
            Ok(regex) => Matcher::Matches(regex),
            Err(_) => {
                reading.wrong_value(pattern.inside(), "a regular expression", &format!("`{}`", pattern.text));
                Matcher::Any
            }
        });
    }
    if let Some(part) = text("contains") {
        return Some(Matcher::Contains(part.text.to_string()));
    }
    if let Some(name) = text("type") {
        return AttributeType::parse(&name.text).map(Matcher::Type);
    }
    match (of("near").and_then(number), of("by").and_then(number)) {
        (Some(near), Some(by)) => Some(Matcher::Near { near, by }),
        _ => Some(Matcher::Any),
    }
}

fn number(node: &Node) -> Option<f64> {
    match node.kind {
        Kind::Integer(number) => Some(number as f64),
        Kind::Float(number) => Some(number),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;
    use crate::spec::toml_text;

    /// The matcher of `value`, and the help of each finding.
    fn read(text: &str, read: fn(&Node, &mut Reading<'_>) -> Matcher) -> (Matcher, Vec<String>) {
        let text = format!("value = {text}");
        let file = Sources::in_memory().add("a.toml", text.as_str());
        let table = toml_text::parse(&text, file, &mut Vec::new());
        let mut reading = Reading { findings: Vec::new(), elsewhere: &[] };
        let matcher = read(table.get("value").expect("a value"), &mut reading);
        (matcher, reading.findings.into_iter().map(|finding| finding.help.unwrap_or_default()).collect())
    }

    #[test]
    fn rules_inside_of_lists() {
        let (found, _) = read("[1, { a = { any = true } }]", matcher);
        assert!(
            matches!(&found, Matcher::List(items) if matches!(items.as_slice(), [Matcher::Equal(_), Matcher::Subset(_)]))
        );
        assert!(matches!(read("[1, { a = 1 }]", body_matcher).0, Matcher::Equal(_)));
    }

    #[test]
    fn what_is_nearly_a_rule_is_told() {
        let help = |text| read(text, matcher).1;
        assert_eq!(help("{ near = 1 }"), ["did you mean `{ near = 1.5, by = 0.1 }`?"]);
        assert_eq!(help("{ any = false }"), ["did you mean `{ any = true }`?"]);
        assert_eq!(help("{ matchs = 'x' }"), ["did you mean `{ matches = \"regex\" }`?"]);
        assert_eq!(help("{ type = 'itn' }"), ["did you mean `int`?"]);
        assert_eq!(help("{ type = 'nope' }"), [""]);
    }

    #[test]
    fn values_of_a_body_are_no_rules() {
        for text in ["{ type = 'order' }", "{ item = { type = 'order' }, match = 1 }", "{ name = 'x' }", "[{ type = 'x' }]"]
        {
            assert!(read(text, body_matcher).1.is_empty(), "{text}");
        }
        assert_eq!(read("{ n = [{ near = 1 }] }", body_matcher).1.len(), 1);
    }
}
