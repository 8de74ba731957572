use proptest::prelude::*;
use serde_json::json;

use super::*;

fn differences(recorded: Json, live: Json) -> Vec<String> {
    shape_differences(&recorded, &live)
}

#[test]
fn types_and_presence_count_and_values_do_not() {
    assert_eq!(differences(json!({"id": 7, "ok": true}), json!({"id": -1.5, "ok": false, "more": "x"})), [""; 0]);
    let recorded = json!({"data": {"items": [{"price": 1.5, "name": "a"}]}, "a b": 1, "ok": true, "list": [], "of": {}});
    let live = json!({
        "data": {"items": [{"price": 1, "name": "b"}, {"price": "3", "name": "c"}, {"price": 2}]},
        "ok": "yes", "list": {}, "of": [],
    });
    assert_eq!(
        differences(recorded, live),
        [
            "reply $.data.items[1].price: expected a number, got text",
            "reply $.data.items[2].name: expected text, got nothing",
            "reply $[\"a b\"]: expected a number, got nothing",
            "reply $.ok: expected true or false, got text",
            "reply $.list: expected a list, got an object",
            "reply $.of: expected an object, got a list",
        ]
    );
    assert_eq!(differences(json!([1]), json!("x")), ["reply $: expected a list, got text"]);
}

#[test]
fn null_is_anything_where_it_was_recorded_and_a_difference_where_it_was_not() {
    for live in [json!({"a": 1}), json!({"a": null}), json!({"a": [1]})] {
        assert_eq!(differences(json!({"a": null}), live), [""; 0]);
    }
    assert_eq!(differences(json!({"a": "x"}), json!({"a": null})), ["reply $.a: expected text, got null"]);
    assert_eq!(differences(json!({"a": null}), json!({})), ["reply $.a: expected anything, got nothing"]);
}

#[test]
fn an_item_fits_one_of_the_recorded_items() {
    let recorded = json!([1, {"kind": "a", "x": 1}, {"kind": "b", "y": "1"}]);
    assert_eq!(differences(recorded.clone(), json!([])), [""; 0]);
    assert_eq!(differences(recorded.clone(), json!([{"kind": "c", "y": "2"}, 7, {"kind": "c", "x": 2}])), [""; 0]);
    assert_eq!(differences(recorded.clone(), json!(["x"])), ["reply $[0]: expected a number, got text"]);
    let told = differences(recorded, json!([{"kind": "c"}]));
    assert_eq!(told.len(), 1, "the nearest alone is told: {told:?}");
    assert!(told[0].starts_with("reply $[0].") && told[0].ends_with("got nothing"), "{told:?}");
    for anything in [json!([]), json!([null]), json!([1, null])] {
        assert_eq!(differences(anything, json!([1, "a", {}])), [""; 0]);
    }
}

#[test]
fn of_many_differences_the_first_are_told() {
    let live = Json::from(vec!["x"; 1_000]);
    let told = differences(json!([1]), live);
    assert_eq!(told.len(), MOST_TOLD + 1);
    assert_eq!(told[MOST_TOLD], "reply: there are more differences");
    let keys: serde_json::Map<String, Json> = (0..100).map(|number| (format!("k{number}"), json!(1))).collect();
    assert_eq!(differences(Json::Object(keys), json!({})).len(), MOST_TOLD + 1);
}

#[test]
fn lists_of_many_shapes_take_no_more_than_their_share() {
    let item = |number: usize| json!({ format!("key-{number}"): [1, "a"] });
    let recorded = Json::Array((0..100).map(item).collect());
    let live = |items: usize| Json::Array(vec![item(99); items]);
    assert_eq!(differences_within(50_000, &recorded, &live(100)), [""; 0]);
    let told = differences_within(50_000, &recorded, &live(1_000_000));
    assert_eq!(told, ["reply $: too large to be compared with the recorded reply"]);
}

fn reply(status: u16, kind: &str, body: &str) -> Reply {
    let headers = if kind.is_empty() { vec![] } else { vec![("Content-Type".to_string(), kind.to_string())] };
    Reply { status, headers, delay_milliseconds: 0, body: body.into() }
}

#[test]
fn status_then_kind_of_content_then_shape() {
    let recorded = reply(200, "application/json", r#"{"a":1}"#);
    let told = |live: Reply| reply_differences(&recorded, &live);
    assert_eq!(told(reply(200, "Application/JSON; charset=utf-8", r#"{"a":2}"#)), [""; 0]);
    assert_eq!(
        told(reply(500, "text/html", "x")),
        ["reply status: expected 200 as in the recorded reply, got 500"],
        "the rest follows from it"
    );
    assert_eq!(
        told(reply(200, "text/html", "<p>")),
        [
            "reply content type: expected `application/json` as in the recorded reply, got `text/html`",
            "reply $: expected an object, got what is not JSON"
        ]
    );
    assert_eq!(
        told(reply(200, "", r#"{"a":"x"}"#)),
        [
            "reply content type: expected `application/json` as in the recorded reply, got none",
            "reply $.a: expected a number, got text"
        ]
    );
}

#[test]
fn of_what_is_not_json_the_kind_alone_counts() {
    let page = reply(200, "text/html", "<p>1</p>");
    assert_eq!(reply_differences(&page, &reply(200, "text/html", "7")), [""; 0]);
    assert_eq!(reply_differences(&page, &reply(200, "text/plain", "7")).len(), 1);
    for nothing in [reply(204, "", ""), reply(204, "application/json", "")] {
        assert_eq!(reply_differences(&nothing, &reply(204, "text/html", "x")), [""; 0], "there was nothing to record");
    }
}

fn document() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        ".{0,8}".prop_map(Json::from),
    ];
    leaf.prop_recursive(5, 64, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Json::Array),
            proptest::collection::vec((".{0,4}", inner), 0..6).prop_map(|entries| entries.into_iter().collect()),
        ]
    })
}

proptest! {
    #[test]
    fn a_document_fits_itself_and_one_with_more_keys_fits_too(document in document(), more in document()) {
        prop_assert_eq!(shape_differences(&document, &document), Vec::<String>::new());
        if let Json::Object(entries) = &document {
            let mut larger = entries.clone();
            larger.entry("another key").or_insert(more);
            prop_assert_eq!(shape_differences(&document, &Json::Object(larger)), Vec::<String>::new());
        }
    }

    #[test]
    fn comparing_never_fails_and_never_tells_too_much(one in document(), other in document()) {
        prop_assert!(shape_differences(&one, &other).len() <= MOST_TOLD + 1);
    }
}
