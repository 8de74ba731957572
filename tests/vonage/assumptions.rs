//! Each open point can be switched, and is reported where it comes up.

use hookwright::dialect::vonage::DIALECT;
use hookwright::eval::{ErrorKind, Exchange, Failure, Hosts, Outcome, Record, of_failure, planned};
use serde_json::json;

use super::{case, exchange, node, outcome, stored};
use crate::support::json_reply;

/// What an assumption does in the place where it matters, by default and by the other choice.
#[test]
fn every_open_point_of_a_request_can_be_switched() {
    let get = "method = \"GET\"\nurl = \"https://a.example/$A\"";
    let signed = "method = \"POST\"\nurl = \"https://a.example\"\nsigning = { secret = \"k\" }";
    for (name, other, action, value) in [
        ("overlapping_names", "longest-beginning", "method = \"GET\"\nurl = \"https://a.example/$ABx\"", json!("v")),
        ("undeclared_name", "empty", "method = \"GET\"\nurl = \"https://a.example/$X\"", json!("v")),
        ("unset_value", "as-typed", get, json!(null)),
        ("url_space", "+", get, json!("a b")),
        ("url_slash", "keep", get, json!("a/b")),
        (
            "form_space",
            "+",
            "method = \"POST\"\nurl = \"https://a.example\"\nbody = { type = \"form\", content = \"a=$A\" }",
            json!("a b"),
        ),
        (
            "html_values",
            "escape",
            "method = \"POST\"\nurl = \"https://a.example\"\nbody = { type = \"html\", content = \"$A\" }",
            json!("<b>"),
        ),
        (
            "unquoted_value",
            "quote-text",
            "method = \"POST\"\nurl = \"https://a.example\"\nbody = { type = \"json\", content = \"[$A]\" }",
            json!("x"),
        ),
        (
            "malformed_body",
            "refuse",
            "method = \"POST\"\nurl = \"https://a.example\"\nbody = { type = \"json\", content = \"[$A]\" }",
            json!("x"),
        ),
        ("payload_hash", "raw", &format!("{signed}\nbody = {{ type = \"json\", content = '[ \"$A\" ]' }}"), json!("x")),
        ("empty_payload", "empty-text", signed, json!("x")),
        ("duplicate_header", "auth-wins", &format!("{signed}\nheaders = {{ Authorization = \"$A\" }}"), json!("x")),
    ] {
        let run = |more: &str| {
            let spec = node(&format!("{action}\n{more}"));
            let values: &[_] = if value.is_null() { &[] } else { &[("A", value.clone()), ("AB", value.clone())] };
            let mut case = case(&spec, values);
            let secret = hookwright::value::TaintedText::secret("a-test-secret-of-at-least-32-bytes");
            case.given.secrets.push(hookwright::case::GivenSecret { name: "k".into(), value: secret, span: case.name.span });
            planned(spec.plan.as_ref().expect("a plan"), &case, &[], Hosts::AsWritten)
        };
        let default = DIALECT.assumptions.iter().find(|known| known.name == name).expect("an assumption").default;
        let (one, two) = (run(""), run(&format!("[assume]\n{name} = \"{other}\"")));
        let shown = |exchange: &Exchange| format!("{:?} {:?}", exchange.request, exchange.error);
        assert_ne!(shown(&one), shown(&two), "{name}");
        assert!(one.assumptions.contains(&format!("{name}={default}")), "{name}: {:?}", one.assumptions);
        assert!(two.assumptions.contains(&format!("{name}={other}")), "{name}: {:?}", two.assumptions);
    }
}

#[test]
fn every_open_point_of_an_outcome_can_be_switched() {
    let json = |status: u16, body: &str| json_reply(status, body);
    let xml = |body: &str| json_reply(200, body);
    let mapped = "response = { mapping = { A = \"a\", N = \"n\" } }";
    let of_xml = |path: &str| format!("response = {{ type = \"xml\", mapping = {{ A = \"{path}\" }} }}");
    for (name, other, action, reply) in [
        ("exit_precedence", "class-first", "response = { exits = [\"404\", \"4xx\"] }".to_string(), json(404, "")),
        ("unlisted_status", "default", String::new(), json(404, "")),
        ("redirect_exit", "failed", "response = { exits = [\"3xx\"] }".into(), json(302, "")),
        ("missed_path", "skip", mapped.into(), json(200, r#"{"a": 1}"#)),
        (
            "missed_path_on_error",
            "failed",
            format!("{}, exits = [\"4xx\"] }}", &mapped[..mapped.len() - 2]),
            json(404, r#"{"a": 1}"#),
        ),
        ("number_from_text", "miss", mapped.into(), json(200, r#"{"a": 1, "n": "5"}"#)),
        ("no_content", "default", mapped.into(), json(204, "")),
        ("xml_attributes", "keep", of_xml("r.a.@id"), xml("<r><a id='1'/></r>")),
        ("xml_prefixes", "drop", of_xml("r.a"), xml("<r xmlns:x='u'><x:a>1</x:a></r>")),
        ("xml_siblings", "always-list", of_xml("r.a[0]"), xml("<r><a>1</a></r>")),
    ] {
        let default = DIALECT.assumptions.iter().find(|known| known.name == name).expect("an assumption").default;
        let (one, met) = outcome(&action, &reply);
        let (two, other_met) = outcome(&format!("{action}\n[assume]\n{name} = \"{other}\""), &reply);
        let shown = |outcome: &Outcome| (outcome.exit.clone(), stored(outcome));
        assert_ne!(shown(&one), shown(&two), "{name}");
        assert!(met.contains(&format!("{name}={default}")), "{name}: {met:?}");
        assert!(other_met.contains(&format!("{name}={other}")), "{name}: {other_met:?}");
    }
}

/// Whatever is listed, and whatever else is chosen.
#[test]
fn a_redirect_that_fails_does_so_everywhere() {
    for exits in ["[]", "[\"4xx\"]", "[\"302\"]", "[\"3xx\", \"302\"]"] {
        let action =
            |assume: &str| format!("response = {{ exits = {exits} }}\n[assume]\nunlisted_status = \"default\"\n{assume}");
        let (failed, met) = outcome(&action("redirect_exit = \"failed\""), &json_reply(302, ""));
        assert_eq!((failed.exit.as_str(), met), ("failed", vec!["redirect_exit=failed".to_string()]), "{exits}");
        let (taken, met) = outcome(&action(""), &json_reply(302, ""));
        assert!(taken.exit != "failed" && met.contains(&"redirect_exit=by-status".into()), "{exits}: {met:?}");
    }
}

#[test]
fn an_asynchronous_node_whose_request_is_not_sent() {
    let exit = |assume: &str, kind: ErrorKind| {
        let spec = node(&format!("method = \"GET\"\nurl = \"https://a.example\"\nasync = true\n{assume}"));
        let (plan, record) = (spec.plan.as_ref().expect("a plan"), Record::default());
        let outcome = of_failure(plan, &Failure::new(kind, "no"), &record);
        (outcome.exit, plan.assumptions.report(&record.occurred.borrow()))
    };
    let other = "[assume]\nasync_exit = \"failed-when-not-sent\"";
    assert_eq!(exit("", ErrorKind::ConnectionRefused), ("default".into(), vec!["async_exit=default".into()]));
    assert_eq!(exit(other, ErrorKind::ConnectionRefused).0, "failed");
    assert_eq!(exit(other, ErrorKind::Timeout).0, "default", "the request was sent");
}

/// A test for each: those of the two lists, and the asynchronous one.
#[test]
fn every_open_point_has_a_test() {
    let text = include_str!("assumptions.rs");
    let missing: Vec<&str> =
        DIALECT.assumptions.iter().map(|known| known.name).filter(|name| !text.contains(name)).collect();
    assert_eq!(missing, [""; 0]);
}

#[test]
fn an_open_point_is_reported_only_where_it_comes_up() {
    let spec = node("method = \"GET\"\nurl = \"https://a.example/$A\"\nquery = { a = \"$A\" }\nheaders = { X-A = \"$A\" }");
    assert_eq!(exchange(&spec, &[("A", "plain".into())]).assumptions, [""; 0]);
    let (_, met) = outcome("response = { mapping = { A = \"a\" }, exits = [\"404\"] }", &json_reply(200, r#"{"a":1}"#));
    assert_eq!(met, [""; 0]);
    let (_, met) = outcome("response = { type = \"xml\", mapping = { A = \"r.a\" } }", &json_reply(200, "<r><a>1</a></r>"));
    assert_eq!(met, [""; 0]);
}
