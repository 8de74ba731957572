//! Requests that an action can send with other values, and requests that it cannot.

use hookwright::mock::ReceivedRequest;
use hookwright::mock::derive::{Facts, Row, RowVerdict, Site, best};

use super::derived::spec;
use RowVerdict::{Differs, Holds, Varies};

/// Of the case that it leads to.
fn rows_of(text: &str, method: &str, target: &str, body: &str) -> Vec<Row> {
    let site = Site::new(vec![spec(text)]);
    let headers = vec![("content-type".to_string(), "application/json".to_string())];
    let headers = if body.is_empty() { Vec::new() } else { headers };
    let request =
        ReceivedRequest { method: method.into(), target: format!("/crm/user{target}"), headers, body: body.into() };
    let found = site.find(&request).expect("the action");
    let recovered = found.action.recover(&found.arrived);
    let (case, _) = best(found.action, &recovered).expect("a case");
    let prepared = &found.action.cases[case];
    let mut rows = found.action.verify(&prepared.case, &recovered, &found.arrived);
    rows.extend(found.action.authenticate(prepared, &recovered, &found.arrived, &Facts::default()));
    rows
}

fn verdict_of(rows: &[Row], place: &str) -> RowVerdict {
    let row = rows.iter().find(|row| row.place == place || row.part.name() == place);
    row.unwrap_or_else(|| panic!("no `{place}` in {rows:?}")).verdict
}

fn differing(rows: &[Row]) -> Vec<&Row> {
    rows.iter().filter(|row| row.verdict == Differs).collect()
}

const FILTERED: &str = r#"
[action]
name = "Filtered"
method = "POST"
url = "https://crm.example.com/h/{q}?c={q | uppercase}-{n}"
body = { c = "{q | uppercase}-{n}" }
[[case]]
name = "a"
given.user = { q = "a", n = 3 }
reply.status = 200
"#;

#[test]
fn a_mixed_text_with_an_unknown_value_varies() {
    let rows = rows_of(FILTERED, "POST", "/h/a?c=A-4", r#"{"c":"A-5"}"#);
    assert_eq!((verdict_of(&rows, "query"), verdict_of(&rows, "body")), (Varies, Varies), "{rows:?}");
    assert!(differing(&rows).is_empty(), "{rows:?}");
    let rows = rows_of(FILTERED, "POST", "/h/a?c=A4", r#"{"c":"A-3"}"#);
    assert_eq!((verdict_of(&rows, "query"), verdict_of(&rows, "body")), (Differs, Holds), "{rows:?}");
}

const REPEATED: &str = r#"
[action]
name = "Repeated"
method = "POST"
url = "https://crm.example.com/u/{id}"
body = { id = "{id}", hi = "hi {id}" }
[[case]]
name = "one"
given.user.id = 1
reply.status = 200
"#;

#[test]
fn a_value_that_is_another_elsewhere_differs() {
    let rows = rows_of(REPEATED, "POST", "/u/5", r#"{"id":"6","hi":"hi 7"}"#);
    assert_eq!((verdict_of(&rows, "id"), verdict_of(&rows, "hi")), (Differs, Differs), "{rows:?}");
    for body in [r#"{"id":"5","hi":"hi 5"}"#, r#"{"id":5,"hi":"hi 5"}"#] {
        let rows = rows_of(REPEATED, "POST", "/u/5", body);
        assert!(differing(&rows).is_empty(), "{body}: {rows:?}");
    }
}

const TYPED: &str = r#"
[action]
name = "Typed"
method = "POST"
url = "https://crm.example.com/users/{user_id}?at={at}&vip={vip}"
body = { ids = "{ids}", rate = "{rate}" }
[attributes]
user_id = "int"
at = "timestamp"
vip = "boolean"
ids = "int[]"
rate = "float"
[[case]]
name = "typed"
given.user = { user_id = 1, at = 2024-01-01T00:00:00Z, vip = true, ids = [1], rate = 1.5 }
reply.status = 200
"#;

#[test]
fn a_value_that_its_type_cannot_have_differs() {
    let well = r#"{"ids":[2,null],"rate":2}"#;
    let rows = rows_of(TYPED, "POST", "/users/7?at=2025-01-01T00:00:00Z&vip=false", well);
    assert!(differing(&rows).is_empty(), "{rows:?}");
    let rows = rows_of(TYPED, "POST", "/users/?at=&vip=", r#"{"ids":null,"rate":null}"#);
    assert!(differing(&rows).is_empty(), "{rows:?}");
    let rows = rows_of(TYPED, "POST", "/users/abc?at=noon&vip=maybe", r#"{"ids":["x"],"rate":"2"}"#);
    let expected: Vec<_> = differing(&rows).into_iter().filter_map(|row| row.expected.as_deref()).collect();
    let types = ["int", "timestamp", "boolean", "int[]", "float"];
    assert_eq!(expected, types.map(|name| format!("a value of type `{name}`")), "{rows:?}");
}

const LEFT_OUT: &str = r#"
[action]
name = "Left out"
method = "POST"
url = "https://crm.example.com/d"
body = { d = ["{e}", "x"], f = "{f}" }
[assume]
missing_body_value = "omit"
[[case]]
name = "all"
given.user = { e = "1", f = "2" }
reply.status = 200
"#;

#[test]
fn items_that_are_left_out_are_no_difference() {
    for body in [r#"{"d":["x"]}"#, r#"{"d":["5","x"],"f":"7"}"#] {
        let rows = rows_of(LEFT_OUT, "POST", "/d", body);
        assert!(differing(&rows).is_empty(), "{body}: {rows:?}");
    }
    for body in [r#"{"d":["y"]}"#, r#"{"d":[]}"#, r#"{"d":["5","x","x"]}"#] {
        assert_eq!(differing(&rows_of(LEFT_OUT, "POST", "/d", body)).len(), 1, "{body}");
    }
    let kept = LEFT_OUT.replace("\"omit\"", "\"null\"");
    assert!(!differing(&rows_of(&kept, "POST", "/d", r#"{"d":["x"],"f":"7"}"#)).is_empty());
}

const OPEN: &str = r#"
[action]
name = "Open"
method = "GET"
url = "{global.base}"
[[case]]
name = "one"
given.global.base = "https://zz.example.com/a/b?x=1"
reply.status = 200
"#;

#[test]
fn a_query_may_come_with_the_value_that_the_url_begins_with() {
    let rows = rows_of(OPEN, "GET", "/a/b?x=1", "");
    assert!(rows.iter().all(|row| row.verdict == Holds), "{rows:?}");
    let rows = rows_of(OPEN, "GET", "/a/b?x=1&y=2", "");
    assert_eq!((verdict_of(&rows, "x"), verdict_of(&rows, "y")), (Holds, Varies), "{rows:?}");
}

const LEGACY: &str = r#"
dialect = "opendialog-legacy"
[action]
name = "Legacy"
url = "https://crm.example.com/hook"
inputs = ["a"]
[[case]]
name = "one"
given.user.a = "x"
reply.json = { successful = true, output_data = {} }
"#;

#[test]
fn what_the_action_does_not_run_without_differs() {
    let well = rows_of(LEGACY, "POST", "/hook", r#"{"input_data":{"attributes":{"a":"y"}}}"#);
    let is_of_a = |row: &&Row| row.note.as_deref() == Some("without it the action does not run");
    assert!(!well.iter().any(|row| is_of_a(&row)), "{well:?}");
    let rows = rows_of(LEGACY, "POST", "/hook", r#"{"input_data":{"attributes":{"a":null}}}"#);
    assert!(rows.iter().find(is_of_a).is_some_and(|row| row.verdict == Differs), "{rows:?}");
    assert_eq!(verdict_of(&rows, "path"), Holds, "{rows:?}");
    assert_eq!(verdict_of(&rows, "content-type"), Holds, "{rows:?}");
}
