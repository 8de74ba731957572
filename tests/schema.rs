//! The JSON Schema against the reader, in both directions: what the reader finds wrong with the keys and the kinds of
//! values, the schema does not accept, and nothing else.

pub mod documents;
mod sites;

use std::fs;
use std::path::{Path, PathBuf};

use hookwright::check::{self, Catalogue};
use hookwright::diagnostic::Diagnostic;
use hookwright::dialect::{self, Directory, is_flow};
use hookwright::source::{FileProblem, Sources};
use hookwright::spec::Manifest;
use serde_json::{Value as Json, json};

use sites::{Site, places, replaced, with_key, without_key};

/// What the schema can know of.
const OF_THE_STRUCTURE: [&str; 6] =
    ["unknown-key", "missing-key", "wrong-type", "toml-syntax", "broken-suppression", "headers-not-a-list"];

struct Schema(jsonschema::Validator);

impl Schema {
    fn new() -> Schema {
        let schema = hookwright::report::schema();
        assert!(jsonschema::draft7::meta::is_valid(&schema), "the schema is one");
        for definition in schema["$defs"].as_object().expect("definitions").values() {
            assert!(jsonschema::draft7::meta::is_valid(definition));
        }
        Schema(jsonschema::draft7::new(&schema).expect("a schema"))
    }

    fn accepts(&self, document: &Json) -> bool {
        self.0.is_valid(document)
    }

    fn why_not(&self, document: &Json) -> String {
        self.0.iter_errors(document).map(|error| format!("{}: {error}\n", error.instance_path())).collect()
    }
}

fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources() -> Sources {
    Sources::new(Box::new(|path| fs::read(package().join(path)).map_err(|error| FileProblem::Unreadable(error.to_string()))))
}

/// The specs that a flow may run: those of this project, and a small one.
struct Specs;

impl Directory for Specs {
    fn path(&self, id: &str) -> Option<String> {
        let path = format!("specs/{id}.toml");
        let flow = format!("specs/{id}.flow.toml");
        let is_there = |path: &str| path == "specs/small.toml" || package().join(path).is_file();
        [path, flow].into_iter().find(|path| is_there(path))
    }

    fn ids(&self) -> Vec<String> {
        Vec::new()
    }
}

/// What `lint` finds in a spec or flow that is one of several of a project.
fn findings(text: &str, path: &str, manifest: &Manifest) -> Vec<Diagnostic> {
    let sources = sources();
    sources.add(path, text);
    sources.add("specs/small.toml", documents::SMALL);
    let compiled = match is_flow(path) {
        true => dialect::compile_flow(path, manifest, &sources, &Specs),
        false => dialect::compile(path, manifest, &sources),
    };
    let mut spec = compiled.expect("a text");
    check::check_spec(&mut spec, &Catalogue::new(dialect::lint_sets()));
    spec.diagnostics
}

fn is_of_the_structure(finding: &Diagnostic) -> bool {
    // What several layers of a case make together is not for a schema.
    if finding.message.starts_with("an outcome is expected") {
        return false;
    }
    OF_THE_STRUCTURE.contains(&finding.lint.name) || finding.message.starts_with("no lint named")
}

fn told(findings: &[Diagnostic]) -> Vec<String> {
    let told = findings.iter().filter(|finding| is_of_the_structure(finding));
    told.map(|finding| format!("{}: {}", finding.lint.name, finding.message)).collect()
}

/// What the reader says of a spec.
fn told_of_spec(text: &str, path: &str) -> Vec<String> {
    told(&findings(text, path, &Manifest::default()))
}

/// What the reader says of a manifest, and of its defaults when a spec is read.
fn told_of_manifest(text: &str) -> Vec<String> {
    let sources = sources();
    let file = sources.add("other.toml", text);
    let manifest = dialect::read_manifest(&sources, file);
    let mut found = manifest.findings.clone();
    let catalogue = Catalogue::new(dialect::lint_sets());
    check::settle(file, &manifest.levels, &catalogue, &mut found);
    sources.add("specs/a.toml", documents::SMALL);
    let mut spec = dialect::compile("specs/a.toml", &manifest, &sources).expect("a text");
    found.append(&mut spec.diagnostics);
    told(&found)
}

/// A document as editors see it: dates are text.
fn json_of(text: &str) -> Option<Json> {
    let table: toml::Table = toml::from_str(text).ok()?;
    Some(json_value(toml::Value::Table(table)))
}

fn json_value(value: toml::Value) -> Json {
    match value {
        toml::Value::String(text) => text.into(),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => number.into(),
        toml::Value::Boolean(flag) => flag.into(),
        toml::Value::Datetime(date) => date.to_string().into(),
        toml::Value::Array(items) => items.into_iter().map(json_value).collect(),
        toml::Value::Table(table) => Json::Object(table.into_iter().map(|(key, value)| (key, json_value(value))).collect()),
    }
}

fn toml_of(document: &Json) -> String {
    toml::to_string(document).unwrap_or_else(|error| panic!("{error}: {document}"))
}

fn specs(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            specs(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            found.push(path);
        }
    }
    found.sort();
}

#[test]
fn a_spec_of_the_project_is_valid_unless_the_reader_objects() {
    let (schema, mut paths, mut refused) = (Schema::new(), Vec::new(), 0);
    specs(&package().join("specs"), &mut paths);
    assert!(paths.len() > 50);
    for path in paths {
        let text = fs::read_to_string(&path).expect("a spec");
        let relative = path.strip_prefix(package()).expect("below").to_string_lossy().replace('\\', "/");
        let told = told_of_spec(&text, &relative);
        let Some(document) = json_of(&text) else {
            assert!(told.iter().any(|told| told.starts_with("toml-syntax")), "{relative}: {told:?}");
            continue;
        };
        assert_eq!(schema.accepts(&document), told.is_empty(), "{relative}: {told:?}\n{}", schema.why_not(&document));
        refused += usize::from(!told.is_empty());
    }
    assert!(refused > 3, "some specs show what is wrong");
}

#[test]
fn the_manifest_of_the_project_is_valid() {
    let text = fs::read_to_string(package().join("hookwright.toml")).expect("the manifest");
    let document = json_of(&text).expect("TOML");
    assert!(Schema::new().accepts(&document), "{}", Schema::new().why_not(&document));
}

#[test]
fn what_the_documentation_shows_is_valid_unless_the_reader_objects() {
    const ONLY_IN_SPECS: [&str; 3] = ["dialect", "action", "case"];
    let (schema, mut valid, mut refused) = (Schema::new(), 0, 0);
    for page in ["README.md", "docs/lints.md"] {
        let page = fs::read_to_string(package().join(page)).expect("a page");
        for block in page.split("```toml\n").skip(1).filter_map(|rest| rest.split("\n```").next()) {
            let Some(document) = json_of(block) else { continue };
            let is_spec = ONLY_IN_SPECS.iter().any(|key| document.get(key).is_some());
            let told = match document.get("step") {
                Some(_) => told_of_spec(block, "specs/a.flow.toml"),
                None if is_spec => told_of_spec(block, "specs/a.toml"),
                None => told_of_manifest(block),
            };
            assert_eq!(schema.accepts(&document), told.is_empty(), "{block}\n{told:?}\n{}", schema.why_not(&document));
            *(if told.is_empty() { &mut valid } else { &mut refused }) += 1;
        }
    }
    assert!(valid > 5 && refused > 5, "{valid} and {refused}");
}

/// Values of every kind, some of which each key can take.
fn probes() -> Vec<Json> {
    vec![
        json!(1),
        json!(404),
        json!(1.5),
        json!(true),
        json!("zzz text"),
        json!(""),
        json!([]),
        json!([1]),
        json!(["x"]),
        json!([["a", "b"]]),
        json!([["a"]]),
        json!([{}]),
        json!({}),
        json!({"zzz_unknown": 1}),
        json!({"x": "y"}),
        json!({"x": {"y": "z"}}),
    ]
}

/// Both must say the same of a document.
fn agree(document: &Json, schema: &Schema, told: &dyn Fn(&str) -> Vec<String>, what: &str) -> Option<String> {
    let text = toml_of(document);
    let told = told(&text);
    if schema.accepts(document) == told.is_empty() {
        return None;
    }
    Some(format!("{what}: the reader says {told:?}, the schema {:?}", schema.why_not(document)))
}

/// Puts every probe at every place of a document, adds an unknown key to every table and takes every key away.
fn vary(document: &Json, places: &[(Vec<sites::Step>, Site)], told: &dyn Fn(&str) -> Vec<String>) -> Vec<String> {
    let schema = Schema::new();
    let mut differences = Vec::new();
    let mut check = |varied: Json, what: String| differences.extend(agree(&varied, &schema, told, &what));
    for (path, site) in places {
        let name = sites::written(path);
        match site {
            Site::Table(section) => {
                check(with_key(document, path, "zzz_unknown"), format!("{name}.zzz_unknown"));
                for key in section.keys {
                    if let Some(less) = without_key(document, path, key.name) {
                        check(less, format!("without {name}.{}", key.name));
                    }
                }
            }
            Site::Closed => check(with_key(document, path, "zzz_unknown"), format!("{name}.zzz_unknown")),
            Site::Value(shape) => {
                for probe in probes().into_iter().filter(|probe| !sites::only_the_reader_knows(*shape, probe)) {
                    check(replaced(document, path, probe.clone()), format!("{name} = {probe}"));
                }
            }
            Site::Entry => {
                for probe in probes().into_iter().filter(|probe| !probe.is_object()) {
                    check(replaced(document, path, probe.clone()), format!("{name} = {probe}"));
                }
            }
        }
    }
    differences
}

#[test]
fn the_reader_and_the_schema_agree_on_every_key_of_a_spec() {
    let told = |text: &str| told_of_spec(text, "specs/a.toml");
    let mut seen = Vec::new();
    for text in documents::SPECS {
        let document = json_of(text).expect("TOML");
        assert_eq!(agree(&document, &Schema::new(), &told, "the whole"), None);
        assert!(told(text).is_empty(), "{:?}", told(text));
        let places = places(&document, &hookwright::spec::keys::SPEC);
        seen.extend(sites::keys(&places));
        let differences = vary(&document, &places, &told);
        assert!(differences.is_empty(), "{}", differences.join("\n"));
    }
    sites::assert_that_all_were_seen(&hookwright::spec::keys::SPEC, &seen);
}

#[test]
fn the_reader_and_the_schema_agree_on_every_key_of_a_flow() {
    let told = |text: &str| told_of_spec(text, "specs/a.flow.toml");
    let document = json_of(documents::FLOW).expect("TOML");
    assert_eq!(agree(&document, &Schema::new(), &told, "the whole"), None);
    assert!(told(documents::FLOW).is_empty(), "{:?}", told(documents::FLOW));
    let places = places(&document, &hookwright::spec::keys::FLOW);
    let differences = vary(&document, &places, &told);
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    sites::assert_that_all_were_seen(&hookwright::spec::keys::FLOW, &sites::keys(&places));
}

#[test]
fn the_reader_and_the_schema_agree_on_every_key_of_the_manifest() {
    let document = json_of(documents::MANIFEST).expect("TOML");
    assert!(told_of_manifest(documents::MANIFEST).is_empty(), "{:?}", told_of_manifest(documents::MANIFEST));
    let places = places(&document, &hookwright::spec::keys::MANIFEST);
    let differences = vary(&document, &places, &told_of_manifest);
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    sites::assert_that_all_were_seen(&hookwright::spec::keys::MANIFEST, &sites::keys(&places));
}

#[test]
fn a_key_of_one_file_is_none_of_the_other() {
    let schema = Schema::new();
    for (text, is_valid) in [
        ("", true),
        ("[lint]\nunknown-filter = 'warn'", true),
        ("[assume.opendialog]\nurl_space = '+'", true),
        ("[assume]\nurl_space = '+'", false),
        ("[project]\nspecs = ['a']", true),
        ("[case]", false),
        ("[environments.a]\nhosts = { 'b.example' = 'https://C.example:8443/' }", true),
        ("[environments.a]\nhosts = { 'b.example' = '[::1]:80' }", true),
        ("[environments.a]\nhosts = { 'b.example' = 'https://c.example/v1' }", false),
        ("[environments.a]\nhosts = { 'b.example' = 'c.example?x=1' }", false),
        ("[environments.a]\nhosts = { 'b.example' = 'https://c.example#x' }", false),
        ("[environments.a]\nhosts = { 'b.example' = 'https://me:pw@c.example' }", false),
        ("name = 'x'\n[[step]]\naction = 'a'", true),
        ("name = 'x'\n[[step]]\nset = { a = 1 }\nwhen = '2xx'", true),
        ("[[step]]\naction = 'a'", false),
        ("name = 'x'\nstep = []", false),
        ("name = 'x'\n[[step]]\nset = {}\nreply = {}", false),
        ("name = 'x'\n[[step]]\nset = {}\naction = 'a'", false),
        ("name = 'x'\n[[step]]\naction = 'a'\n[defaults]", false),
        ("[project]\n[action]\nmethod = 'GET'\nurl = 'https://a.example.com'", false),
        ("[acton]\nurl = 'x'", false),
        ("[action]\nmethod = 'GET'\nurl = 'https://a.example.com'\n[assume]\nurl_space = '+'", true),
        ("[action]\nmethod = 'GET'\nurl = 'https://a.example.com'\n[assume.opendialog]\nurl_space = '+'", false),
    ] {
        let document = json_of(text).expect("TOML");
        assert_eq!(schema.accepts(&document), is_valid, "{text}\n{}", schema.why_not(&document));
    }
}
