//! Any text as a template, evaluated for every use. What follows the first NUL is the value that it reads.
#![no_main]

use hookwright::assumption::Assumptions;
use hookwright::case::{Given, GivenAttribute, GivenSecret};
use hookwright::dialect::{Alone, DIALECTS, contexts_of};
use hookwright::eval::single::{Use, evaluate};
use hookwright::eval::{AuthScope, Evaluator, Inputs, KnownParts, Record, SecretPolicy};
use hookwright::plan::AttributeName;
use hookwright::source::{Mapped, Sources};
use hookwright::spec::Manifest;
use hookwright::value::{Json, TaintedText, Value};
use libfuzzer_sys::fuzz_target;

/// The names that have the value: short ones, which are easily found.
const NAMES: [&str; 3] = ["a", "b", "first_name"];

fuzz_target!(|text: &str| {
    let (template, value) = text.split_once('\0').unwrap_or((text, "A value/with?signs"));
    for dialect in DIALECTS {
        for in_authentication in [false, true] {
            let contexts = contexts_of(dialect, &Manifest::default());
            let sources = Sources::in_memory();
            let file = sources.add("template", template);
            let mut findings = Vec::new();
            let source = Mapped::verbatim(template, file, 0);
            let json = serde_json::from_str::<Json>(value).unwrap_or_else(|_| value.into());
            let attribute = |name: &&str| GivenAttribute {
                name: AttributeName::new(contexts.default, name),
                value: Value::from(json.clone()),
                span: sources.whole(file),
            };
            let given = Given {
                attributes: NAMES.iter().map(attribute).collect(),
                secrets: vec![GivenSecret {
                    name: "a".into(),
                    value: TaintedText::secret(value),
                    span: sources.whole(file),
                }],
            };
            let assumptions = Assumptions::defaults(dialect.assumptions);
            let alone = Alone { contexts: &contexts, assumptions: &assumptions, given: &given, in_authentication };
            let read = (dialect.template)(&source, &alone, &mut findings);
            for found in &findings {
                assert!(template.get(found.span.start..found.span.end).is_some(), "{} at {:?}", found.lint.name, found.span);
            }
            let inputs = Inputs {
                given: &given,
                now: 1_767_225_600,
                microseconds: 1,
                timezone: "Europe/London",
                uuid: "00000000-0000-4000-8000-000000000001",
                secrets: SecretPolicy::Absent,
                hosts: hookwright::eval::Hosts::AsWritten,
            };
            let (record, parts, scope) = (Record::default(), KnownParts::default(), AuthScope::default());
            let evaluator = Evaluator {
                inputs: &inputs,
                assumptions: &assumptions,
                types: &hookwright::plan::ByName::default(),
                default_context: contexts.default,
                secret_attributes: &[],
                list_text: hookwright::plan::ListText::Joined,
                record: &record,
                parts: &parts,
                authentication: in_authentication.then_some(&scope),
            };
            for place in [Use::Text, Use::Json, Use::Url, Use::Header] {
                let _ = evaluate(&read, place, &evaluator);
            }
        }
    }
});
