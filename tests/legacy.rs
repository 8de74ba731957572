//! Legacy actions at their edges: choices, odd replies, odd specs, and many of everything.

use std::time::{Duration, Instant};

use hookwright::check::{Catalogue, check_spec};
use hookwright::dialect::lint_sets;
use hookwright::eval::{ErrorKind, Outcome};
use hookwright::value::{Json, Value};
use serde_json::json;

use crate::support::{Action, json_reply};

/// A legacy action with these lines of `[action]`, and more tables behind.
fn action(lines: &str, more: &str) -> Action {
    Action::sound(&text(lines, more))
}

fn text(lines: &str, more: &str) -> String {
    format!(
        "dialect = \"opendialog-legacy\"\n[action]\nname = \"Look up\"\nurl = \"https://api.example.com/x\"\n{lines}\n{more}"
    )
}

fn attribute(outcome: &Outcome, name: &str) -> Option<Json> {
    let found = outcome.attributes.iter().find(|(known, _)| known.full() == name);
    found.map(|(_, value)| value.to_json())
}

fn unset(outcome: &Outcome) -> Vec<&str> {
    outcome.unset.iter().map(|name| name.full()).collect()
}

fn after(more: &str, status: u16, reply: &Json) -> (Outcome, Vec<String>) {
    let action = action("outputs = [\"age\", \"session.city\"]", &format!("[attributes]\nage = \"int\"\n{more}"));
    let values = [("user.age", Value::from(json!(3))), ("session.city", Value::from("Bristol"))];
    action.outcome_after(&values, &json_reply(status, reply.to_string()))
}

#[test]
fn outputs_go_where_they_are_listed_and_others_into_user() {
    let reply = json!({"successful": true, "output_data": {"attributes": {
        "age": "36 years", "city": "Bath", "session.x": 1, "": 2, "action_success": null, "look_up_status_code": null,
    }}});
    let (outcome, log) = after("", 200, &reply);
    assert_eq!(attribute(&outcome, "user.age"), Some(json!(36)));
    assert_eq!(attribute(&outcome, "session.city"), Some(json!("Bath")));
    assert_eq!(attribute(&outcome, "user.session.x"), Some(json!(1)), "a name of the reply has no context");
    assert_eq!(attribute(&outcome, "user.action_success"), Some(json!(true)), "the platform writes it last");
    assert!(unset(&outcome).is_empty() && outcome.attributes.len() == 6, "{outcome:?}");
    assert!(log.iter().any(|line| line.contains("without a name")), "{log:?}");
}

#[test]
fn null_removes_what_is_there() {
    let reply = json!({"successful": true, "output_data": {"attributes": {"age": null, "city": null, "other": null}}});
    let (outcome, _) = after("", 200, &reply);
    assert_eq!(unset(&outcome), ["user.age", "session.city"]);
    assert_eq!(attribute(&outcome, "user.other"), None);
}

#[test]
fn choices() {
    let brings = |successful: Json| json!({"successful": successful, "output_data": {"attributes": {"age": "x"}}});
    let age = |assume: &str, status, successful: Json| {
        let (outcome, _) = after(&format!("[assume]\n{assume}"), status, &brings(successful));
        (outcome.success, attribute(&outcome, "user.age"))
    };
    assert_eq!(age("", 200, json!(true)), (Some(true), Some(json!(0))));
    assert_eq!(age("reported_type = \"empty\"", 200, json!(true)), (Some(true), Some(Json::Null)));
    assert_eq!(age("", 500, json!(true)), (Some(false), None));
    assert_eq!(age("error_status = \"report-counts\"", 500, json!(true)), (Some(true), Some(json!(0))));
    assert_eq!(age("", 200, json!(false)), (Some(false), None));
    assert_eq!(age("failed_outputs = \"written\"", 200, json!(false)), (Some(false), Some(json!(0))));
    assert_eq!(age("", 200, json!("yes")), (Some(false), None));
    assert_eq!(age("non_boolean_success = \"truthy\"", 200, json!("yes")), (Some(true), Some(json!(0))));
    assert_eq!(age("non_boolean_success = \"truthy\"", 200, json!(0)), (Some(false), None));
    let body = |assume: &str| action("", assume).request(&[]).expect("a request").body.expect("a body").into_plain();
    assert_eq!(body(""), r#"{"input_data":{"attributes":{}}}"#);
    assert_eq!(body("[assume]\nno_inputs = \"list\""), r#"{"input_data":{"attributes":[]}}"#);
}

#[test]
fn a_choice_is_told_where_it_mattered_and_only_there() {
    let assumed = |lines: &str| action(lines, "").exchange(&[("user.x", Value::from("1"))]).assumptions;
    assert_eq!(assumed(""), ["no_inputs=object"]);
    assert!(assumed("inputs = [\"x\"]").is_empty());
    assert_eq!(assumed("inputs = [\"foo.x\"]"), ["unknown_context=drop"]);
}

#[test]
fn inputs_that_are_not_there() {
    let action = action("inputs = [\"a\", \"foo.b\", \"session.c\"]", "");
    let all =
        [("user.a", Value::from(json!([1]))), ("user.b", Value::from(json!(true))), ("session.c", Value::from(json!(1.5)))];
    let body = action.request(&all).expect("a request").body.expect("a body").into_plain();
    assert_eq!(body, r#"{"input_data":{"attributes":{"a":[1],"b":true,"c":1.5}}}"#);
    for missing in 0..all.len() {
        let values: Vec<_> =
            all.iter().enumerate().filter(|(at, _)| *at != missing).map(|(_, value)| value.clone()).collect();
        let failure = action.request(&values).expect_err("an input is missing");
        assert!(failure.kind == ErrorKind::InputMissing && failure.message.contains(all[missing].0), "{failure:?}");
    }
    let null = [all[0].clone(), ("user.b", Value::NULL), all[2].clone()];
    assert_eq!(action.request(&null).expect_err("null is no value").kind, ErrorKind::InputMissing);
}

#[test]
fn secrets_are_not_sent() {
    let action = Action::of(&text("inputs = [\"secret.key\"]", ""));
    let body = action.request(&[("secret.key", Value::from("k-12345678"))]).expect("a request").body.expect("a body");
    assert_eq!(body.into_plain(), r#"{"input_data":{"attributes":{"key":"••••••••"}}}"#);
}

#[test]
fn contexts_in_which_nothing_stands() {
    for input in ["_auth.uuid", "_intent.name", "_webhook.body"] {
        let action = Action::of(&text(&format!("inputs = [\"{input}\"]"), ""));
        let failure = action.request(&[]).expect_err("nothing is there");
        assert!(failure.kind == ErrorKind::InputMissing && failure.message.contains(input), "{failure:?}");
    }
    let mut spec = Action::of(&text("inputs = [\"_auth.uuid\"]", "")).spec;
    check_spec(&mut spec, &Catalogue::new(lint_sets()));
    let found = spec.diagnostics.iter().find(|found| found.lint.name == "context-out-of-phase").expect("a finding");
    assert_eq!(found.message, "`_auth` does not exist in the body, so this is empty");
}

#[test]
fn headers_are_sent_as_they_are() {
    let action = action("headers = [[\"X-A\", \" {user.id} \"], [\"X-A\", \"2\"]]\ninputs = [\"x\"]", "");
    let request =
        action.request(&[("user.x", Value::from(json!(1))), ("user.id", Value::from(json!(7)))]).expect("a request");
    let sent: Vec<(&str, &str)> = request.headers.iter().map(|(name, value)| (name.as_str(), value.reveal())).collect();
    assert_eq!(sent, [("X-A", "{user.id}"), ("X-A", "2"), ("Content-Type", "application/json")]);
    let refused = Action::of(&text("headers = { X-A = \"a\\nb\" }", "")).request(&[]).expect_err("a line break");
    assert_eq!(refused.kind, ErrorKind::InvalidHeader);
}

#[test]
fn an_output_in_an_unknown_context_goes_into_user() {
    let action = action("outputs = [\"usr.age\"]", "");
    let found = action.spec.diagnostics.iter().find(|found| found.lint.name == "unknown-context").expect("a finding");
    assert_eq!(found.help.as_deref(), Some("did you mean `user`?"));
    let reply = json!({"successful": true, "output_data": {"attributes": {"age": 3}}});
    let (outcome, _) = action.outcome(&json_reply(200, reply.to_string()));
    assert_eq!(attribute(&outcome, "user.age"), Some(json!(3)));
}

#[test]
fn odd_specs_are_told_and_never_run() {
    for (lines, found) in [
        ("inputs = \"first_name\"", "wrong-type: expected a list of texts, found text"),
        ("inputs = [1]", "wrong-type: expected text, found a whole number"),
        ("inputs = [\"\"]", "wrong-type: expected the name of an attribute, found ``"),
        ("inputs = [\"user.\"]", "wrong-type: expected the name of an attribute, found `user.`"),
        ("outputs = [\".x\"]", "wrong-type: expected the name of an attribute, found `.x`"),
        ("outputs = { x = \"a\" }", "wrong-type: expected a list of texts, found a table"),
        ("active = \"yes\"", "wrong-type: expected a boolean, found text"),
        ("headers = [1]", "wrong-type: expected a row"),
        ("headers = { X-A = 1 }", "wrong-type: expected text"),
    ] {
        let action = Action::of(&text(lines, ""));
        assert!(action.errors().iter().any(|error| error.starts_with(found)), "{lines}: {:?}", action.errors());
        assert!(action.spec.not_runnable.is_some(), "{lines}");
    }
    let other = Action::of(&text("method = \"GET\"\ninput = [\"a\"]", ""));
    assert_eq!(other.errors().len(), 2, "{:?}", other.errors());
}

#[test]
fn malformed_reports_are_failures_that_say_why() {
    for (reply, line) in [
        (json!([]), "the reply is a list, not an object"),
        (json!({}), "no `successful`"),
        (json!({"successful": null}), "`successful` is null"),
        (json!({"successful": false, "errors": "x"}), "`errors` is text"),
        (json!({"successful": false, "errors": [1]}), "an entry of `errors`"),
    ] {
        let (outcome, log) = after("", 200, &reply);
        assert!(outcome.success == Some(false) && outcome.attributes.len() == 3, "{reply}: {outcome:?}");
        assert!(log.iter().any(|known| known.contains(line)), "{reply}: {log:?}");
    }
    for odd in [json!({"output_data": "x"}), json!({"output_data": {"attributes": [1]}}), json!({"output_data": [1]})] {
        let mut reply = odd.clone();
        reply["successful"] = true.into();
        let (outcome, log) = after("", 200, &reply);
        assert!(outcome.success == Some(true) && outcome.attributes.len() == 3 && log.len() == 1, "{reply}: {log:?}");
    }
}

#[test]
fn many_of_everything_in_time() {
    const MANY: usize = 10_000;
    let start = Instant::now();
    let names: Vec<String> = (0..MANY).map(|number| format!("\"a{number}\"")).collect();
    let list = names.join(", ");
    let action = action(&format!("inputs = [{list}, {list}]\noutputs = [{list}]"), "");
    let duplicates = action.spec.diagnostics.iter().filter(|found| found.lint.name == "duplicate-attribute").count();
    assert_eq!(duplicates, MANY);
    let full: Vec<String> = (0..MANY).map(|number| format!("user.a{number}")).collect();
    let values: Vec<(&str, Value)> = full.iter().map(|name| (name.as_str(), Value::from(json!(1)))).collect();
    let body: Json =
        serde_json::from_str(action.request(&values).expect("a request").body.expect("a body").reveal()).expect("JSON");
    assert_eq!(body["input_data"]["attributes"].as_object().map(|all| all.len()), Some(MANY));
    let attributes: serde_json::Map<String, Json> =
        (0..10 * MANY).map(|number| (format!("a{number}"), if number < MANY / 2 { Json::Null } else { 1.into() })).collect();
    let errors: Vec<Json> = (0..MANY).map(|number| json!({"message": format!("error {number}")})).collect();
    let reply = json!({"successful": true, "errors": errors, "output_data": {"attributes": attributes}});
    let (outcome, log) = action.outcome_after(&values, &json_reply(200, reply.to_string()));
    assert_eq!((outcome.unset.len(), outcome.attributes.len(), log.len()), (MANY / 2, 10 * MANY - MANY / 2 + 3, 101));
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}
