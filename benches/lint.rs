//! What it costs to compile and check specs, without files: one, and a thousand as in a large project.

mod inputs;

use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use hookwright::check::{Catalogue, check_spec};
use hookwright::dialect;
use hookwright::source::Sources;
use hookwright::spec::Manifest;

/// Compiles and checks, and gives how many findings there are.
fn lint(paths: &[String], sources: &Sources, manifest: &Manifest, catalogue: &Catalogue) -> usize {
    let found = paths.iter().map(|path| {
        let mut spec = dialect::compile(path, manifest, sources).expect("a spec that can be read");
        check_spec(&mut spec, catalogue);
        spec.diagnostics.len()
    });
    found.sum()
}

/// The number in `specs/17.toml`.
fn number(path: &Path) -> usize {
    path.file_stem().and_then(|stem| stem.to_str()?.parse().ok()).expect("a number")
}

fn specs(criterion: &mut Criterion) {
    let catalogue = Catalogue::new(dialect::lint_sets());
    let manifest_sources = Sources::in_memory();
    let manifest = dialect::read_manifest(&manifest_sources, manifest_sources.add("hookwright.toml", inputs::MANIFEST));
    for count in [1, 1_000] {
        let paths: Vec<String> = (0..count).map(|number| format!("specs/{number}.toml")).collect();
        let mut group = criterion.benchmark_group("compile and check");
        group.throughput(Throughput::Elements(count));
        group.bench_function(format!("specs: {count}"), |bencher| {
            bencher.iter(|| {
                let sources = Sources::new(Box::new(|path| Ok(inputs::spec(number(path)).into_bytes())));
                assert_eq!(lint(&paths, &sources, &manifest, &catalogue), 0);
            });
        });
        group.finish();
    }
}

criterion_group!(benches, specs);
criterion_main!(benches);
