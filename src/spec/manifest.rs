//! `hookwright.toml`: what all specs of a project share.

use std::collections::BTreeMap;

use super::damage;
use super::keys::{ENVIRONMENT, MANIFEST, PROJECT, SECRETS};
use super::names::Contexts;
use super::node::{Kind, Node, Table};
use super::origin::{NotAnOrigin, What, check_origin};
use super::reading::Reading;
use super::secrets::{hide_misplaced, hide_secrets};
use super::settings::{self, TypeSynonyms};
use super::toml_text;
use crate::case::Level;
use crate::diagnostic::Diagnostic;
use crate::plan::{ByName, Declaration, Naming};
use crate::source::{FileId, SourceFile, Sources, Spanned};
use crate::value::{Json, Map};

/// A project's settings; without a manifest all are at their defaults.
#[derive(Debug)]
pub struct Manifest {
    pub specs: Vec<String>,
    pub snapshots: String,
    /// Custom contexts.
    pub contexts: Vec<String>,
    pub types: ByName<Declaration>,
    pub global: Map<String, Json>,
    pub secrets: Vec<String>,
    /// What the environment variables with real values begin with.
    pub secrets_prefix: String,
    /// Where real values may stand, relative to the project root; never read as a spec.
    pub secrets_file: String,
    pub environments: BTreeMap<String, Environment>,
    pub levels: Vec<Level>,
    /// `[defaults]` of every case.
    pub defaults: Option<Table>,
    /// `[assume.DIALECT]`, by dialect.
    pub assume: Vec<(Spanned<String>, Table)>,
    pub findings: Vec<Diagnostic>,
    pub file: Option<FileId>,
}

/// `[environments.NAME]`.
#[derive(Debug, Default)]
pub struct Environment {
    /// A host of the specs and the scheme, host and port in its place.
    pub hosts: Vec<(String, String)>,
    /// Why requests cannot go where the environment sends them: a host that is left out would be reached itself.
    pub unusable: Option<String>,
    pub global: Map<String, Json>,
}

impl Default for Manifest {
    fn default() -> Manifest {
        Manifest {
            specs: vec!["specs".into()],
            snapshots: "snapshots".into(),
            contexts: Vec::new(),
            types: ByName::default(),
            global: Map::new(),
            secrets: Vec::new(),
            secrets_prefix: "HOOKWRIGHT_SECRET_".into(),
            secrets_file: ".hookwright-secrets.toml".into(),
            environments: BTreeMap::new(),
            levels: Vec::new(),
            defaults: None,
            assume: Vec::new(),
            findings: Vec::new(),
            file: None,
        }
    }
}

/// What the dialects bring to reading a manifest.
pub struct ManifestContext<'a> {
    /// The names and the contexts of every dialect.
    pub dialects: &'a [(&'static str, &'static [&'static str])],
    pub synonyms: &'a [TypeSynonyms],
    pub default_context: &'static str,
}

/// Reads the manifest. What is wrong in it is in its findings; the rest counts.
pub fn read(sources: &Sources, file: FileId, context: &ManifestContext<'_>) -> Manifest {
    let mut reading = Reading { findings: Vec::new(), elsewhere: &[] };
    let table = toml_text::parse(&sources.file(file).text, file, &mut reading.findings);
    hide_secrets(&table, &sources.file(file));
    if !reading.findings.is_empty() {
        damage::hide(&sources.file(file));
    }
    let mut manifest = Manifest { file: Some(file), ..Manifest::default() };
    reading.check_keys(&table, &MANIFEST);
    project(&table, &mut manifest, &mut reading);
    if let Some(types) = reading.table(&table, "attributes") {
        manifest.types = settings::attribute_types(types, &manifest.all_contexts(context), context.synonyms, &mut reading);
    }
    manifest.global = reading.table(&table, "global").map(Table::to_json).unwrap_or_default();
    if let Some(secrets) = reading.table(&table, "secrets") {
        hide_misplaced(secrets, &sources.file(file));
        reading.check_keys(secrets, &SECRETS);
        manifest.secrets = reading.texts(secrets, "names").into_iter().map(|name| name.value).collect();
        if let Some(prefix) = reading.text(secrets, "env_prefix") {
            manifest.secrets_prefix = prefix.text.to_string();
        }
        if let Some(file) = reading.text(secrets, "file") {
            manifest.secrets_file = file.text.to_string();
        }
    }
    environments(&table, &sources.file(file), &mut manifest, &mut reading);
    if let Some(lint) = reading.table(&table, "lint") {
        manifest.levels = settings::levels(lint, &mut reading);
    }
    manifest.defaults = reading.table(&table, "defaults").cloned();
    assume(&table, context, &mut manifest, &mut reading);
    manifest.findings = reading.findings;
    manifest
}

impl Manifest {
    /// The contexts of every dialect and the project's own: attribute types are shared.
    fn all_contexts(&self, context: &ManifestContext<'_>) -> Contexts {
        let of_dialects = context.dialects.iter().flat_map(|(_, contexts)| contexts.iter().map(ToString::to_string));
        let known = of_dialects.chain(self.contexts.iter().cloned()).collect();
        Contexts { known, default: context.default_context, naming: Naming::default() }
    }
}

fn project(table: &Table, manifest: &mut Manifest, reading: &mut Reading<'_>) {
    let Some(project) = reading.table(table, "project") else { return };
    reading.check_keys(project, &PROJECT);
    if let Some(node) = project.get("specs") {
        let folders = reading.texts(project, "specs").into_iter().map(|folder| folder.value).collect();
        match &node.kind {
            Kind::Array(_) => manifest.specs = folders,
            // That is found; there is only one folder that it can mean.
            Kind::Text(folder) => manifest.specs = vec![folder.text.to_string()],
            _ => {}
        }
    }
    if let Some(snapshots) = reading.text(project, "snapshots") {
        manifest.snapshots = snapshots.text.to_string();
    }
    manifest.contexts = reading.texts(project, "contexts").into_iter().map(|name| name.value).collect();
}

fn environments(table: &Table, file: &SourceFile, manifest: &mut Manifest, reading: &mut Reading<'_>) {
    let Some(environments) = reading.table(table, "environments") else { return };
    for entry in &environments.entries {
        let Some(table) = reading.as_table(&entry.value) else { continue };
        reading.check_keys(table, &ENVIRONMENT);
        let mut environment = Environment::default();
        let known = reading.findings.len();
        for (name, value) in table.get("hosts").map(|hosts| reading.pairs(hosts)).unwrap_or_default() {
            if let Some(origin) = origin(value, file, reading) {
                environment.hosts.push((name.value, origin));
            }
        }
        environment.unusable = reading.findings.get(known).map(|found| format!("in its `hosts`: {}", found.message));
        environment.global = reading.table(table, "global").map(Table::to_json).unwrap_or_default();
        manifest.environments.insert(entry.key.value.clone(), environment);
    }
}

/// Scheme, host and port; a password that stands there is no more shown than one at its place.
fn origin(node: &Node, file: &SourceFile, reading: &mut Reading<'_>) -> Option<String> {
    let Some(text) = node.as_text() else {
        reading.not_text(node);
        return None;
    };
    let Err(NotAnOrigin { what, range }) = check_origin(&text.text) else { return Some(text.text.to_string()) };
    let span = text.span(range);
    if what == What::Credentials {
        file.hide(span.start..span.end);
    }
    reading.wrong_value(span, "scheme, host and port alone", what.words());
    None
}

fn assume(table: &Table, context: &ManifestContext<'_>, manifest: &mut Manifest, reading: &mut Reading<'_>) {
    let Some(assume) = reading.table(table, "assume") else { return };
    let names: Vec<&str> = context.dialects.iter().map(|(name, _)| *name).collect();
    for entry in &assume.entries {
        let Some(choices) = reading.as_table(&entry.value) else { continue };
        if names.contains(&entry.key.value.as_str()) {
            manifest.assume.push((entry.key.clone(), choices.clone()));
        } else {
            let found = super::lints::unknown_key::found(&entry.key, &names, None);
            reading.findings.push(found);
        }
    }
}
