//! Any bytes as a spec file: it compiles, is checked, its cases are planned and their replies are mapped.
#![no_main]

use hookwright::case::Answer;
use hookwright::check::{Catalogue, check_spec};
use hookwright::dialect::{compile, lint_sets};
use hookwright::eval::{Record, of_reply, planned};
use hookwright::source::Sources;
use hookwright::spec::Manifest;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let content = bytes.to_vec();
    let sources = Sources::new(Box::new(move |_| Ok(content.clone())));
    let Ok(mut spec) = compile("specs/any.toml", &Manifest::default(), &sources) else { return };
    check_spec(&mut spec, &Catalogue::new(lint_sets()));
    for found in &spec.diagnostics {
        let text = &sources.file(found.span.file).text;
        assert!(text.get(found.span.start..found.span.end).is_some(), "{} at {:?}", found.lint.name, found.span);
    }
    let Some(plan) = &spec.plan else { return };
    for case in &spec.cases {
        let exchange = planned(plan, case, &spec.declared_secrets, hookwright::eval::Hosts::AsWritten);
        assert!(exchange.request.is_some() != exchange.error.is_some());
        if let Answer::Reply(reply) = &case.answer {
            of_reply(plan, reply, &case.given, &Record::default());
        }
    }
});
