//! Whatever a spec, a value or a reply holds, it ends without a panic.

use hookwright::dialect::compile;
use hookwright::source::Sources;
use hookwright::spec::Manifest;
use proptest::prelude::*;

use super::{body, exchange, hostile, node, outcome};
use crate::support::{json_reply, toml_string};

proptest! {
    #[test]
    fn no_text_of_a_spec_panics(text in hostile(), key in hostile()) {
        let (text, key) = (toml_string(&text), toml_string(&key));
        for action in [
            format!("url = {text}\nmethod = {text}\nlabel = {text}"),
            format!("url = \"https://a.example\"\nmethod = \"GET\"\nquery = {{ {key} = {text} }}\nheaders = {{ {key} = {text} }}"),
            format!("url = \"https://a.example\"\nmethod = \"PUT\"\nbody = {{ type = \"json\", content = {text} }}"),
            format!("url = \"https://a.example\"\nmethod = \"PUT\"\nbody = {{ type = \"form\", fields = {{ {key} = {text} }} }}"),
            format!("url = \"https://a.example\"\nmethod = \"GET\"\nresponse = {{ mapping = {{ {key} = {text} }}, exits = [{text}] }}"),
        ] {
            let spec = node(&action);
            if spec.plan.is_some() && spec.not_runnable.is_none() {
                exchange(&spec, &[("A", "x".into())]);
            }
        }
    }

    #[test]
    fn no_reply_panics(reply in prop::collection::vec(any::<u8>(), 0..64), status in 200u16..600) {
        for kind in ["json", "xml"] {
            let action = format!("response = {{ type = \"{kind}\", mapping = {{ A = \"a.b[0]\", N = \"$\", S = \"a\" }} }}");
            let (outcome, _) = outcome(&action, &json_reply(status, reply.clone()));
            prop_assert!(outcome.success.is_none() && ["default", "failed"].contains(&outcome.exit.as_str()));
        }
    }
}

#[test]
fn huge_and_deep_inputs_end() {
    let many = "$A".repeat(200_000);
    let sent = body(&format!("body = {{ type = \"text\", content = \"{many}\" }}"), &[("A", "x".into())]).expect("a body");
    assert_eq!(sent.len(), 200_000);
    let deep = "[".repeat(100_000);
    let spec =
        node(&format!("method = \"POST\"\nurl = \"https://a.example\"\nbody = {{ type = \"json\", content = \"{deep}\" }}"));
    assert!(exchange(&spec, &[]).error.is_none(), "it is sent as it is");
    let (outcome, _) = outcome("response = { mapping = { A = \"a\" } }", &json_reply(200, deep));
    assert_eq!(outcome.exit, "failed");
    let big = "x".repeat(70 << 20);
    let refused = body(r#"body = { type = "text", content = "$A" }"#, &[("A", big.into())]);
    assert_eq!(refused, Err("invalid-body"));
}

#[test]
fn a_spec_without_anything_has_findings_and_no_panic() {
    for text in [
        "dialect = \"vonage\"",
        "dialect = \"vonage\"\naction = 1\nparameters = 2",
        "dialect = \"vonage\"\n[action]\n[parameters]",
        "dialect = \"vonage\"\n[action]\nmethod = \"GET\"\nurl = \"\"\nquery = {}\nheaders = {}\nbody = {}\nsigning = {}\nresponse = {}",
        "dialect = \"vonage\"\n[action]\nmethod = \"GET\"\nurl = \"https://a.example\"\nquery = 1\nheaders = [1]\nbody = []\nsigning = \"\"\nresponse = { mapping = [], exits = {}, status_parameter = 1 }\n[parameters]\nA = 1\nB = {}\nC = \"\"",
    ] {
        let sources = Sources::in_memory();
        sources.add("specs/node.toml", text);
        let spec = compile("specs/node.toml", &Manifest::default(), &sources).expect("a text");
        assert!(!spec.diagnostics.is_empty() && spec.not_runnable.is_some(), "{text}");
    }
}
