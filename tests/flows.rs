//! Flows as the reader sees them: damaged, wrong or large, each is read or complained of, and runs.

use std::time::Instant;

use hookwright::case::{Doing, Spec};
use hookwright::check::{Catalogue, check_spec};
use hookwright::dialect::{Directory, compile_flow, lint_sets};
use hookwright::source::Sources;
use hookwright::spec::Manifest;
use hookwright::suite::{Worker, run_flow};
use proptest::prelude::*;

use crate::schema::documents::{FLOW, SMALL};

struct Small;

impl Directory for Small {
    fn path(&self, id: &str) -> Option<String> {
        (id == "small").then(|| "specs/small.toml".to_string())
    }

    fn ids(&self) -> Vec<String> {
        vec!["small".into()]
    }
}

fn checked(text: &str) -> Spec {
    let sources = Sources::in_memory();
    sources.add("specs/a.flow.toml", text);
    sources.add("specs/small.toml", SMALL);
    let mut spec = compile_flow("specs/a.flow.toml", &Manifest::default(), &sources, &Small).expect("a text");
    check_spec(&mut spec, &Catalogue::new(lint_sets()));
    assert!(spec.plan.is_none() && spec.cases.is_empty());
    spec
}

fn names(spec: &Spec) -> Vec<&str> {
    let mut names: Vec<&str> = spec.diagnostics.iter().map(|found| found.lint.name).collect();
    names.dedup();
    names
}

/// A flow of every key, cut off and damaged.
fn damaged() -> impl Strategy<Value = String> {
    let ends = (0..FLOW.len(), 0..FLOW.len(), 0..60_usize, "[a-z0-9 '\"=.\\[\\]{}#,\n-]{0,12}");
    ends.prop_map(|(end, at, length, inserted)| {
        let text = &FLOW[..end.max(1)];
        let at = at.min(text.len());
        format!("{}{inserted}{}", &text[..at], &text[(at + length).min(text.len())..])
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn a_damaged_flow_is_read_and_its_findings_lie_inside_it(text in damaged()) {
        let spec = checked(&text);
        prop_assert!(spec.diagnostics.iter().all(|found| found.span.end <= text.len().max(SMALL.len())));
        let flow = spec.flow.expect("a flow");
        let is_known = |doing: &Doing| match doing {
            Doing::Call(call) => call.action < flow.actions.len(),
            Doing::Set | Doing::Lost { .. } => true,
        };
        prop_assert!(flow.steps.iter().all(|step| is_known(&step.doing)));
    }
}

#[test]
fn values_nested_very_deep_or_very_many() {
    let deep = format!("set = {{ a = {}1{} }}", "[".repeat(10_000), "]".repeat(10_000));
    assert_eq!(names(&checked(&format!("name = 'x'\n[[step]]\n{deep}\n"))), ["toml-syntax"]);
    let many: String = (0..5_000).map(|index| format!("a{index} = {index}\n")).collect();
    let spec = checked(&format!("name = 'x'\n[[step]]\naction = 'small'\n[step.given.user]\n{many}"));
    assert_eq!(names(&spec), [""; 0]);
}

#[test]
fn a_thousand_steps_over_much_state_take_no_time() {
    let started = Instant::now();
    let many: String = (0..1_000).map(|index| format!("a{index} = 'x'\n")).collect();
    let steps = "[[step]]\naction = 'small'\nreply.json = { a = 1 }\n".repeat(1_000);
    let spec = checked(&format!("name = 'x'\n[given.user]\n{many}{steps}"));
    let flow = spec.flow.expect("a flow");
    let run = run_flow(&mut Worker::start().expect("a worker"), &flow);
    assert_eq!((run.steps.len(), run.problems.len(), run.failures.len()), (1_000, 0, 0));
    assert!(run.state.len() > 1_000);
    assert!(started.elapsed().as_secs() < 120, "{:?}", started.elapsed());
}
