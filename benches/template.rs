//! What it costs to read a template, and to evaluate it once it is read.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use hookwright::case::{Given, GivenAttribute};
use hookwright::dialect::{self, Alone, Dialect, Evaluable};
use hookwright::eval::single::{Evaluated, Use, evaluate};
use hookwright::eval::{Evaluator, Inputs, KnownParts, Record, SecretPolicy};
use hookwright::plan::{AttributeName, ByName, Declaration};
use hookwright::source::{Mapped, Sources};
use hookwright::spec::Manifest;
use hookwright::value::{AttributeType, Json, Scalar};

const TEMPLATES: [(&str, &str, &str); 4] = [
    ("literal", "Hello there", "Hello there"),
    ("one reference", "Hello {user.first_name}", "Hello Ada"),
    ("a filter", "Hello {user.first_name}, you are {user.age | ordinal}", "Hello Ada, you are 36th"),
    (
        "three filters",
        "{user.first_name | uppercase}: {user.places[1].name | replace 'n' 'N' | uppercase_first}",
        "ADA: LoNdoN",
    ),
];

fn read(dialect: &Dialect, source: &Mapped) -> Evaluable {
    let contexts = dialect::contexts_of(dialect, &Manifest::default());
    let mut findings = Vec::new();
    let alone = Alone {
        contexts: &contexts,
        assumptions: &dialect::assumptions_for(dialect, &Manifest::default()),
        given: &Given::default(),
        in_authentication: false,
    };
    let template = (dialect.template)(source, &alone, &mut findings);
    assert!(findings.is_empty(), "{findings:?}");
    template
}

fn templates(criterion: &mut Criterion) {
    let dialect = dialect::DIALECTS[0];
    let sources = Sources::in_memory();
    let span = sources.whole(sources.add("values", ""));
    let values = [
        ("first_name", Scalar::String, Json::from("Ada")),
        ("age", Scalar::Int, Json::from(36)),
        ("places", Scalar::Json, serde_json::json!([{"name": "Paris"}, {"name": "london"}])),
    ];
    let types: ByName<Declaration> = values
        .iter()
        .map(|(name, scalar, _)| Declaration {
            name: AttributeName::new("user", name),
            declared: AttributeType::one(*scalar),
            span,
        })
        .collect();
    let attributes = values
        .into_iter()
        .map(|(name, _, value)| GivenAttribute { name: AttributeName::new("user", name), value: value.into(), span })
        .collect();
    let given = Given { attributes, secrets: Vec::new() };
    let assumptions = dialect::assumptions_for(dialect, &Manifest::default());
    let parts = KnownParts::default();
    let inputs = Inputs {
        given: &given,
        now: 1_768_471_200,
        microseconds: 0,
        timezone: "UTC",
        uuid: "00000000-0000-4000-8000-000000000001",
        secrets: SecretPolicy::Absent,
        hosts: hookwright::eval::Hosts::AsWritten,
    };
    // Every rendering starts with an empty record, as every case does.
    let render = |template: &Evaluable| {
        let record = Record::default();
        let evaluator = Evaluator {
            inputs: &inputs,
            assumptions: &assumptions,
            types: &types,
            secret_attributes: &[],
            list_text: hookwright::plan::ListText::Joined,
            default_context: dialect.default_context,
            record: &record,
            parts: &parts,
            authentication: None,
        };
        evaluate(template, Use::Text, &evaluator)
    };
    for (name, text, expected) in TEMPLATES {
        let source = Mapped::verbatim(text, sources.add(name, text), 0);
        let template = read(dialect, &source);
        assert_eq!(render(&template).ok(), Some(Evaluated::Value(expected.into())));
        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Elements(1));
        group.bench_function("parse", |bencher| bencher.iter(|| read(dialect, black_box(&source))));
        group.bench_function("evaluate", |bencher| {
            bencher.iter(|| render(black_box(&template)));
        });
        group.finish();
    }
}

criterion_group!(benches, templates);
criterion_main!(benches);
