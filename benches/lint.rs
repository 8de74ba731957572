//! What it costs to compile and check specs, without files: one, and a thousand as in a large project. And what each lint
//! costs, so that an expensive one is seen.

mod inputs;

use std::path::Path;
use std::time::Duration;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use hookwright::case::{Rule, Spec, Subject};
use hookwright::check::{self, Catalogue, check_spec};
use hookwright::diagnostic::{Diagnostic, Severity};
use hookwright::dialect;
use hookwright::source::Sources;
use hookwright::spec::Manifest;

/// How many specs each lint looks at.
const SPECS: usize = 100;

/// What is compiled, and what is needed for it.
struct Project {
    paths: Vec<String>,
    manifest: Manifest,
}

impl Project {
    fn new(count: usize) -> Project {
        let sources = Sources::in_memory();
        let manifest = dialect::read_manifest(&sources, sources.add("hookwright.toml", inputs::MANIFEST));
        Project { paths: (0..count).map(|number| format!("specs/{number}.toml")).collect(), manifest }
    }

    fn compile(&self) -> Vec<Spec> {
        let sources = Sources::new(Box::new(|path| Ok(inputs::spec(number(path)).into_bytes())));
        let compile = |path: &String| dialect::compile(path, &self.manifest, &sources).expect("a spec that can be read");
        self.paths.iter().map(compile).collect()
    }
}

/// The number in `specs/17.toml`.
fn number(path: &Path) -> usize {
    path.file_stem().and_then(|stem| stem.to_str()?.parse().ok()).expect("a number")
}

fn is_bad(found: &Diagnostic) -> bool {
    found.severity > Severity::Info
}

fn specs(criterion: &mut Criterion) {
    let catalogue = Catalogue::new(dialect::lint_sets());
    let mut group = criterion.benchmark_group("compile and check");
    for count in [1, 1_000] {
        let project = Project::new(count);
        group.throughput(Throughput::Elements(count as u64));
        group.sample_size(if count == 1 { 100 } else { 10 });
        group.bench_function(format!("compile, specs: {count}"), |bencher| bencher.iter(|| project.compile()));
        group.bench_function(format!("compile and check, specs: {count}"), |bencher| {
            bencher.iter(|| {
                for mut spec in project.compile() {
                    check_spec(&mut spec, &catalogue);
                    let wrong = spec.diagnostics.iter().find(|found| is_bad(found));
                    assert!(wrong.is_none(), "{}: {wrong:?}", spec.path);
                }
            });
        });
    }
    group.finish();
}

/// The rules that every spec of the inputs goes through.
fn rules(spec: &Spec) -> impl Iterator<Item = &'static Rule> {
    check::LINTS.rules.iter().chain(spec.lints.rules).copied()
}

fn subjects(specs: &[Spec]) -> Vec<Subject<'_>> {
    specs.iter().map(subject).collect()
}

fn subject(spec: &Spec) -> Subject<'_> {
    Subject::new(spec.plan.as_ref().expect("a plan"), &spec.cases, &spec.declared_secrets)
}

fn run(rule: &Rule, subjects: &[Subject<'_>]) -> usize {
    let mut found = Vec::new();
    subjects.iter().for_each(|subject| (rule.check)(subject, &mut found));
    found.len()
}

/// Each rule alone. The recorded replies are read beforehand, since all rules share them; their cost is a line of its own.
fn each_lint(criterion: &mut Criterion) {
    let specs = Project::new(SPECS).compile();
    let mut group = criterion.benchmark_group(format!("lints, specs: {SPECS}"));
    group.throughput(Throughput::Elements(SPECS as u64));
    group.warm_up_time(Duration::from_millis(50)).measurement_time(Duration::from_millis(150)).sample_size(10);
    group.bench_function("(what all lints look at)", |bencher| bencher.iter(|| subjects(&specs).len()));
    group.bench_function("(reading the recorded replies)", |bencher| {
        bencher.iter_batched_ref(|| subjects(&specs), |subjects| read_samples(subjects), BatchSize::LargeInput);
    });
    let subjects = subjects(&specs);
    assert!(read_samples(&subjects) > 0, "the inputs record replies");
    let rules: Vec<&Rule> = rules(&specs[0]).collect();
    group.bench_function("(all lints)", |bencher| {
        bencher.iter(|| rules.iter().map(|rule| run(rule, &subjects)).sum::<usize>());
    });
    for rule in rules {
        group.bench_function(rule.lint.name, |bencher| bencher.iter(|| run(rule, &subjects)));
    }
    group.finish();
}

fn read_samples(subjects: &[Subject<'_>]) -> usize {
    let classes = |subject: &Subject<'_>| (2..6).map(|class| subject.samples(class).len()).sum::<usize>();
    subjects.iter().map(classes).sum()
}

criterion_group!(benches, specs, each_lint);
criterion_main!(benches);
