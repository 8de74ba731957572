//! What paths find, what they refuse, and at which place.

use serde_json::{Value as Json, json};

use super::{MAX_PATH_STEPS, ObjectPath};
use crate::selector::{LooseKind, Selector, StepKind, SyntaxErrorKind};

fn found(path: &str, document: &Json) -> Option<Json> {
    let path = ObjectPath::compile(path).unwrap_or_else(|error| panic!("{path}: {error}"));
    path.find(document).expect("a path can always be followed")
}

#[test]
fn the_documented_spellings_find_the_same() {
    let reply = json!({"note": {"to": "Tove"}, "data": {"userId": 7}});
    for path in ["note.to", "note['to']", "note[\"to\"]", "$.note.to", "$['note']['to']", "['note'].to", "[note][to]"] {
        assert_eq!(found(path, &reply), Some(json!("Tove")), "{path}");
    }
    let list = json!([{"userId": 7}, {"userId": 8}]);
    for path in ["$[0].userId", "$[0]['userId']", "[0].userId", "[0][userId]", "0.userId", "$[-2].userId", "$.0.userId"] {
        assert_eq!(found(path, &list), Some(json!(7)), "{path}");
    }
}

#[test]
fn a_found_null_is_not_a_missed_path() {
    let reply = json!({"a": null});
    assert_eq!(found("a", &reply), Some(Json::Null));
    assert_eq!(found("b", &reply), None);
    assert_eq!(found("a.b", &reply), None);
    assert_eq!(ObjectPath::compile("b").expect("a path").select(&reply), Ok(Json::Null));
}

#[test]
fn a_number_is_a_key_as_well_unless_the_path_is_strict() {
    let reply = json!({"prices": {"1001": "9.50", "-1": "minus"}, "list": ["a", "b"]});
    for path in ["prices.1001", "prices[1001]", "prices['1001']", "$.prices.1001", "$.prices['1001']"] {
        assert_eq!(found(path, &reply), Some(json!("9.50")), "{path}");
    }
    assert_eq!(found("$.prices[1001]", &reply), None);
    assert_eq!(found("$.list['1']", &reply), None);
    for path in ["list.1", "list[1]", "list['1']", "list[-1]", "$.list[-1]", "$.list.1"] {
        assert_eq!(found(path, &reply), Some(json!("b")), "{path}");
    }
    assert_eq!(found("prices[-1]", &reply), Some(json!("minus")));
    assert_eq!(found("list[2]", &reply), None);
    assert_eq!(found("list[-3]", &reply), None);
}

#[test]
fn names_may_hold_what_names_in_replies_hold() {
    let reply = json!({"soap:Envelope": {"soap:Body": 1}, "user-id": 2, "@id": 3, "$ref": {"$ref": 4}, "2fa": 5, "größe": 6,
        "a.b": 7, "": 8, "it's": 9, "first name": 10, "01": 11});
    for (path, value) in [
        ("soap:Envelope.soap:Body", 1),
        ("['soap:Envelope']['soap:Body']", 1),
        ("user-id", 2),
        ("[user-id]", 2),
        ("@id", 3),
        ("$['$ref'].$ref", 4),
        ("2fa", 5),
        ("größe", 6),
        ("['a.b']", 7),
        ("['']", 8),
        (r"['it\'s']", 9),
        (r#"["it's"]"#, 9),
        ("$[ 'first name' ]", 10),
        ("01", 11),
        (r"['\u0061.b']", 7),
    ] {
        assert_eq!(found(path, &reply), Some(json!(value)), "{path}");
    }
}

#[test]
fn loose_parts_are_told_with_the_documented_spelling() {
    for (path, strict) in [
        ("[0][name]", "$[0]['name']"),
        ("data.0.id", "data[0].id"),
        ("0.id", "$[0].id"),
        ("$[0][name]", "$[0]['name']"),
        ("['a']", "$['a']"),
        ("$.0", "$[0]"),
    ] {
        let compiled = ObjectPath::compile(path).expect("a path");
        assert!(compiled.is_loose(), "{path}");
        let mut text = path.to_string();
        for part in compiled.loose_parts().iter().rev() {
            text.replace_range(part.range.clone(), &part.instead);
        }
        assert_eq!(text, strict);
        assert!(!ObjectPath::compile(&text).expect("a path").is_loose(), "{text}");
    }
    for path in ["note.to", "note['to']", "$[0].userId", "$[0]['userId']", "data[0].id", "$", "data.user-id"] {
        assert!(!ObjectPath::compile(path).expect("a path").is_loose(), "{path}");
    }
    let kinds: Vec<LooseKind> =
        ObjectPath::compile("[0][name].1").expect("a path").loose_parts().iter().map(|part| part.kind).collect();
    assert_eq!(kinds, [LooseKind::LeadingBracket, LooseKind::BareWord, LooseKind::DottedNumber]);
}

#[test]
fn steps_know_their_places() {
    let text = "note .items[ 0 ]['a b']";
    let path = ObjectPath::compile(text).expect("a path");
    let steps: Vec<(&str, &StepKind)> = path.steps().iter().map(|step| (&text[step.range.clone()], &step.kind)).collect();
    let field = |name: &str| StepKind::Field(name.to_string());
    let expected =
        [("note", &field("note")), ("items", &field("items")), ("[ 0 ]", &StepKind::Member(0)), ("['a b']", &field("a b"))];
    assert_eq!(steps, expected);
    assert_eq!(path.paths()[0].spelt(text, 4), "note.items[ 0 ]['a b']");
}

#[test]
fn mistakes_are_told_at_their_place() {
    let mistakes = [
        "",
        " ",
        " note",
        "note ",
        "note.",
        "note..to",
        ".note",
        "note.[0]",
        "note.'to'",
        "note[",
        "note[0",
        "note[]",
        "note[ ]",
        "note['to",
        "note['to'",
        "note['to' x]",
        "note['a','b']",
        "note[*]",
        "note.*",
        "$..a",
        "note[0:2]",
        "note[:2]",
        "note[?(@.a)]",
        "note[0,1]",
        "note[first name]",
        "first name",
        "note]",
        "$note",
        "$.",
        "$$",
        "[01]",
        "[-0]",
        "[9007199254740992]",
        "['\t']",
        r"['\x']",
        r"['\uD800']",
        r"['\",
        "[a.b]",
        "*",
        "(a)",
        "a|b",
        "note['é\u{1}']",
    ];
    let told: Vec<String> = mistakes
        .iter()
        .map(|text| {
            let error = ObjectPath::compile(text).expect_err(text);
            format!(
                "{:24} {:10} {}",
                text.escape_debug().to_string(),
                format!("{}..{}", error.start, error.end),
                error.message
            )
        })
        .collect();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn a_path_of_thousands_of_steps_works_or_is_refused() {
    let mut document = json!(1);
    for _ in 0..1000 {
        document = Json::Array(vec![document]);
    }
    assert_eq!(found(&format!("${}", "[0]".repeat(1000)), &document), Some(json!(1)));
    // Dropped step by step: the destructor of a deep value recurses.
    while let Json::Array(mut items) = document {
        document = items.pop().unwrap_or_default();
    }
    let limit = |text: String| ObjectPath::compile(&text).expect_err("too long");
    assert_eq!(limit("[0]".repeat(MAX_PATH_STEPS + 1)).kind, SyntaxErrorKind::Limit);
    insta::assert_snapshot!(limit("[0]".repeat(MAX_PATH_STEPS + 1)), @"a path of more than 4096 steps");
    insta::assert_snapshot!(limit("a".repeat(100_000)), @"a path of 100000 bytes is longer than the limit of 65536");
    assert!(ObjectPath::compile(&"[".repeat(60_000)).is_err());
    assert!(ObjectPath::compile(&"['".repeat(30_000)).is_err());
}
