//! The platforms whose webhook actions can be read. After this module there is no dialect.

mod ambient;
#[macro_use]
mod assumptions;
mod flow;
mod ids;
mod json_body;
mod lowering;
pub mod migration;
pub mod opendialog;
pub mod opendialog_legacy;
mod opendialog_shared;
mod reply;
pub mod verboo;
pub mod vonage;

pub use ambient::{ambient_of, global_values};
pub use flow::{Directory, compile_flow, is_flow};
pub use ids::spec_id;
pub use lowering::{Lowered, Lowering};

use reply::in_its_place;

use crate::assumption::{Assumption, Assumptions};
use crate::case::{Case, Given, GivenAttribute, LintSet, Spec};
use crate::diagnostic::Diagnostic;
use crate::plan::{AttributeName, BodyPlan, ByName, Declaration, ListText, Naming, Plan, Text};
use crate::source::{FileId, FileProblem, Mapped, SourceFile, Sources, Span, Spanned};
use crate::spec::json_text::HoleLength;
use crate::spec::keys::{SPEC, Section};
use crate::spec::settings::{self, TypeSynonyms};
use crate::spec::{
    CaseContext, Contexts, Entry, Kind, KnownExits, Manifest, Node, Reading, ReplySource, Table, bare_case, cases, damage,
    hide_attributes, hide_secrets, merged_layers, sequence, toml_text,
};

/// One platform: its words, its choices, its lints, and the way from its configuration to a plan.
pub struct Dialect {
    pub name: &'static str,
    pub contexts: &'static [&'static str],
    /// The context of a name without one.
    pub default_context: &'static str,
    pub assumptions: &'static [Assumption],
    pub lints: &'static LintSet,
    /// The tables of its actions, `[action]` first.
    pub sections: &'static [&'static Section],
    /// The keys that its specs have besides those of every spec, at the top level.
    pub top_level: &'static Section,
    /// The exits that an outcome can take.
    pub exits: KnownExits<'static>,
    pub naming: Naming,
    pub list_text: ListText,
    /// The platform's own words for attribute types.
    pub type_synonyms: TypeSynonyms,
    /// What its own tables declare, before any case is read.
    pub declare: fn(&Table, &Contexts, &mut Reading<'_>) -> Declared,
    /// How long the reference is that a text begins with.
    pub reference_length: HoleLength,
    /// The bodies of replies that use values of the request, read as those of requests are. The table is the spec.
    pub reply_bodies: fn(&[&ReplySource], &Table, &mut Lowering<'_, '_>) -> Vec<BodyPlan>,
    pub lower: fn(&Table, &mut Lowering<'_, '_>) -> Lowered,
    /// One template alone.
    pub template: fn(&Mapped, &Alone<'_>, &mut Vec<Diagnostic>) -> Evaluable,
}

/// What one template alone is read with.
#[derive(Clone, Copy)]
pub struct Alone<'a> {
    pub contexts: &'a Contexts,
    pub assumptions: &'a Assumptions,
    /// What is given counts as declared.
    pub given: &'a Given,
    /// Whether it is read as in the authentication.
    pub in_authentication: bool,
}

/// What a spec declares in the platform's own tables.
#[derive(Default)]
pub struct Declared {
    pub types: ByName<Declaration>,
    /// The attributes whose values are secrets.
    pub secrets: Vec<AttributeName>,
    /// The values that every case has.
    pub given: ByName<GivenAttribute>,
}

/// For platforms that declare nothing in an action.
pub fn nothing_declared(_: &Table, _: &Contexts, _: &mut Reading<'_>) -> Declared {
    Declared::default()
}

/// A template given on its own: text, or what an authentication variable may be besides.
pub type Evaluable = crate::plan::AuthValue;

/// Every dialect, the default first.
pub static DIALECTS: &[&Dialect] = &[&opendialog::DIALECT, &opendialog_legacy::DIALECT, &vonage::DIALECT, &verboo::DIALECT];

/// The platforms' own files that are read alone, by how their names end.
static NATIVE: &[(&str, &Dialect)] = &[(".json", &verboo::DIALECT)];

pub fn find(name: &str) -> Option<&'static Dialect> {
    DIALECTS.iter().copied().find(|dialect| dialect.name == name)
}

/// The platform whose own file this is, by how its name ends.
pub fn native(path: &str) -> Option<&'static Dialect> {
    NATIVE.iter().find(|(ending, _)| path.ends_with(ending)).map(|(_, dialect)| *dialect)
}

/// The sections of every dialect, for keys that stand in the wrong one.
fn sections_elsewhere() -> Vec<(&'static str, &'static [&'static Section])> {
    let own = DIALECTS.iter().map(|dialect| (dialect.name, dialect.sections));
    own.chain(DIALECTS.iter().map(|dialect| (dialect.name, std::slice::from_ref(&dialect.top_level)))).collect()
}

/// The assumptions of every dialect, for names that stand in the wrong one.
fn all_assumptions() -> Vec<(&'static str, &'static [Assumption])> {
    DIALECTS.iter().map(|dialect| (dialect.name, dialect.assumptions)).collect()
}

/// The manifest of a project, read with what all dialects bring.
pub fn read_manifest(sources: &Sources, file: FileId) -> Manifest {
    let dialects: Vec<_> = DIALECTS.iter().map(|dialect| (dialect.name, dialect.contexts)).collect();
    let synonyms: Vec<_> = DIALECTS.iter().map(|dialect| dialect.type_synonyms).collect();
    let context = crate::spec::ManifestContext {
        dialects: &dialects,
        synonyms: &synonyms,
        default_context: DIALECTS[0].default_context,
    };
    let mut manifest = crate::spec::read_manifest(sources, file, &context);
    for (name, table) in &manifest.assume {
        let Some(dialect) = find(&name.value) else { continue };
        let mut reading = Reading { findings: Vec::new(), elsewhere: &[] };
        settings::assume(table, &mut Assumptions::defaults(dialect.assumptions), &all_assumptions(), &mut reading);
        manifest.findings.extend(reading.findings);
    }
    manifest
}

/// Compiles one spec file. What is wrong with the spec is in its diagnostics; an error means that the file itself could not
/// be used.
pub fn compile(path: &str, manifest: &Manifest, sources: &Sources) -> Result<Spec, FileProblem> {
    compile_changed(path, manifest, sources, |_| {}).map(|(spec, _)| spec)
}

/// The case that the defaults alone make, also of a spec that has cases.
pub fn defaults_alone(path: &str, manifest: &Manifest, sources: &Sources) -> Result<Option<Box<Case>>, FileProblem> {
    let without_cases = |table: &mut Table| table.entries.retain(|entry| entry.key.value != "case");
    compile_changed(path, manifest, sources, without_cases).map(|(spec, _)| spec.bare_case)
}

/// The spec, and what its cases were read with if its dialect is known.
fn compile_changed(
    path: &str,
    manifest: &Manifest,
    sources: &Sources,
    change: impl FnOnce(&mut Table),
) -> Result<(Spec, Option<Ground>), FileProblem> {
    compile_over(path, manifest, sources, &Overlay::default(), change)
}

fn compile_over(
    path: &str,
    manifest: &Manifest,
    sources: &Sources,
    over: &Overlay<'_>,
    change: impl FnOnce(&mut Table),
) -> Result<(Spec, Option<Ground>), FileProblem> {
    let file = sources.load(path)?;
    let elsewhere = sections_elsewhere();
    let mut reading = Reading { findings: Vec::new(), elsewhere: &elsewhere };
    let native = native(path);
    let mut table = match native {
        Some(_) => naming(path, sources.whole(file)),
        None => read_table(file, sources, &mut reading),
    };
    change(&mut table);
    let mut spec = unread(path, file, manifest);
    if native.is_none() {
        spec.damaged = damaged(&table, &sources.file(file), &reading);
    }
    spec.expect_lints = expected_lints(&table, &mut reading);
    if let Some(lint) = reading.table(&table, "lint") {
        spec.levels.extend(settings::levels(lint, &mut reading));
    }
    let mut ground = None;
    match native.or_else(|| dialect_of(&table, &mut reading)) {
        Some(dialect) => {
            reading.check_keys_of(&table, &[&SPEC, dialect.top_level]);
            spec.lints = dialect.lints;
            ground = Some(compile_as(dialect, table, manifest, (sources, over), &mut spec, &mut reading));
        }
        None => spec.not_runnable = Some("the dialect is not known".into()),
    }
    spec.diagnostics = reading.findings;
    Ok((spec, ground))
}

/// The tree of a file, whose secrets no frame shows from now on.
fn read_table(file: FileId, sources: &Sources, reading: &mut Reading<'_>) -> Table {
    let table = toml_text::parse(&sources.file(file).text, file, &mut reading.findings);
    hide_secrets(&table, &sources.file(file));
    table
}

/// What of a file cannot be relied on, and is not shown either.
fn damaged(table: &Table, file: &SourceFile, reading: &Reading<'_>) -> Vec<Span> {
    let damaged = damage::places(table, file, &reading.findings);
    if !damaged.is_empty() {
        damage::hide(file);
    }
    damaged
}

/// A file of which nothing is known yet.
fn unread(path: &str, file: FileId, manifest: &Manifest) -> Spec {
    Spec {
        path: path.to_string(),
        id: spec_id(path, &manifest.specs),
        file,
        plan: None,
        not_runnable: None,
        cases: Vec::new(),
        sequence: Vec::new(),
        bare_case: None,
        defaults: None,
        flow: None,
        expect_lints: Vec::new(),
        damaged: Vec::new(),
        levels: manifest.levels.clone(),
        diagnostics: Vec::new(),
        lints: DIALECTS[0].lints,
        declared_secrets: manifest.secrets.clone(),
    }
}

/// The spec that has the platform's own file and nothing else.
fn naming(path: &str, whole: Span) -> Table {
    let name = path.rsplit('/').next().unwrap_or(path);
    let start = Span::new(whole.file, whole.start, whole.start);
    let table = |key: &str, kind: Kind| {
        let value = Node { kind, span: whole };
        Table { entries: vec![Entry { key: Spanned::new(key.into(), start), value }], span: whole }
    };
    let file = Mapped::decoded(name.to_string(), Vec::new(), start);
    table("action", Kind::Table(table("from", Kind::Text(file))))
}

/// `expect_lints`, each name once.
fn expected_lints(table: &Table, reading: &mut Reading<'_>) -> Vec<Spanned<String>> {
    let mut lints: Vec<Spanned<String>> = Vec::new();
    for lint in reading.texts(table, "expect_lints") {
        if lints.iter().any(|known| known.value == lint.value) {
            reading.wrong_value(lint.span, "each name once", &format!("`{}` again", lint.value));
        } else {
            lints.push(lint);
        }
    }
    lints
}

fn dialect_of(table: &Table, reading: &mut Reading<'_>) -> Option<&'static Dialect> {
    if table.entry("dialect").is_none() {
        return Some(DIALECTS[0]);
    }
    let name = reading.word(table, "dialect")?;
    let found = find(&name.text);
    if found.is_none() {
        let known: Vec<&str> = DIALECTS.iter().map(|dialect| dialect.name).collect();
        let expected = format!("a dialect: `{}`", known.join("`, `"));
        reading.wrong_word(name, &expected, &known);
    }
    found
}

/// What a flow lays over the tables of its actions' specs; what is wrong in it is told of the flow.
#[derive(Clone, Copy, Default)]
struct Overlay<'a> {
    attributes: Option<&'a Table>,
    assume: Option<&'a Table>,
}

/// What the cases of a spec are read with.
struct Ground {
    dialect: &'static Dialect,
    table: Table,
    /// What lies beneath every case.
    base: Table,
    contexts: Contexts,
    types: ByName<Declaration>,
    assumptions: Assumptions,
    ambient: ByName<GivenAttribute>,
    folder: String,
    /// The attributes whose values are secret.
    secrets: Vec<AttributeName>,
}

impl Ground {
    fn context<'a>(&'a self, sources: &'a Sources) -> CaseContext<'a> {
        let Ground { dialect, contexts, types, ambient, folder, .. } = self;
        let reference_length = dialect.reference_length;
        CaseContext { contexts, types, ambient, exits: dialect.exits, sources, folder, reference_length }
    }
}

impl Ground {
    fn lowering<'a, 'r>(
        &'a self,
        cases: &'a [Case],
        sources: &'a Sources,
        file: Span,
        reading: &'a mut Reading<'r>,
    ) -> Lowering<'a, 'r> {
        let Ground { dialect, contexts, types, assumptions, folder, .. } = self;
        Lowering { dialect, reading, contexts, types, assumptions, sources, cases, folder, file }
    }
}

/// The folder of a file, empty or ending in `/`.
fn folder_of(path: &str) -> String {
    path.rfind('/').map_or("", |slash| &path[..=slash]).to_string()
}

fn compile_as(
    dialect: &'static Dialect,
    table: Table,
    manifest: &Manifest,
    (sources, over): (&Sources, &Overlay<'_>),
    spec: &mut Spec,
    reading: &mut Reading<'_>,
) -> Ground {
    let contexts = contexts_of(dialect, manifest);
    let mut types = manifest.types.clone();
    let declared = (dialect.declare)(&table, &contexts, reading);
    types.extend(declared.types.iter().cloned());
    if let Some(own) = reading.table(&table, "attributes") {
        types.extend(settings::attribute_types(own, &contexts, &[dialect.type_synonyms], reading).iter().cloned());
    }
    let own_choices = reading.table(&table, "assume");
    let mut assumptions = assumptions_of(dialect, manifest, own_choices, reading);
    over.lay(dialect, &contexts, &mut types, &mut assumptions);
    hide_attributes(&table, &declared.secrets, &contexts, &sources.file(spec.file));
    let mut ambient = global_values(&manifest.global, &types, sources.whole(manifest.file.unwrap_or(spec.file)));
    ambient.extend(declared.given.iter().cloned());
    let (base, folder, secrets) = (Table::empty(table.span), folder_of(&spec.path), declared.secrets);
    let mut ground = Ground { dialect, base, contexts, types, assumptions, ambient, folder, secrets, table };
    let own_defaults = reading.table(&ground.table, "defaults");
    let layers: Vec<&Table> = manifest.defaults.iter().chain(own_defaults).collect();
    ground.base = merged_layers(ground.table.span, &layers, &ground.context(sources), reading);
    let context = ground.context(sources);
    let read = cases(&ground.table, &ground.base, &context, reading);
    let (mut cases, mut replies): (Vec<Case>, Vec<_>) = read.into_iter().unzip();
    spec.sequence = sequence(&ground.table, &cases, reading);
    let is_bare = cases.is_empty();
    let (bare, reply) = bare_case(&ground.table, &ground.base, &context);
    // What the template says is read, and complained of, with the cases that it lies beneath.
    let reply_template = reply.as_ref().map(|_| Box::new(BodyPlan::None));
    spec.defaults = Some(Box::new(Case { reply_template, ..bare.clone() }));
    if is_bare {
        (cases, replies) = (vec![bare], vec![reply]);
    }
    let broken = reading.findings.iter().any(|finding| finding.lint.name == "toml-syntax");
    let lowering = &mut ground.lowering(&cases, sources, sources.whole(spec.file), reading);
    let lowered = (dialect.lower)(&ground.table, lowering);
    let templates = reply::templates(&replies, &ground.table, dialect, lowering);
    cases.iter_mut().zip(templates).for_each(|(case, template)| case.reply_template = template);
    match is_bare {
        true => spec.bare_case = cases.pop().map(Box::new),
        false => spec.cases = cases,
    }
    lowered.plan.iter().for_each(|plan| hide_credentials(plan, sources));
    spec.plan = lowered.plan.map(|plan| Plan { secret_attributes: ground.secrets.clone(), ..plan });
    spec.not_runnable = if broken { Some("the file is not TOML".into()) } else { lowered.not_runnable };
    ground
}

/// A credential that was written into a spec by mistake is shown by no frame, whatever the frame is about.
fn hide_credentials(plan: &Plan, sources: &Sources) {
    for found in plan.credentials() {
        sources.file(found.span.file).hide(found.span.start..found.span.end);
    }
}

/// The contexts that a spec of this dialect knows.
pub fn contexts_of(dialect: &Dialect, manifest: &Manifest) -> Contexts {
    let own = dialect.contexts.iter().map(ToString::to_string);
    Contexts {
        known: own.chain(manifest.contexts.iter().cloned()).collect(),
        default: dialect.default_context,
        naming: dialect.naming,
    }
}

/// The choices of the manifest alone.
pub fn assumptions_for(dialect: &Dialect, manifest: &Manifest) -> Assumptions {
    assumptions_of(dialect, manifest, None, &mut Reading { findings: Vec::new(), elsewhere: &[] })
}

/// The manifest's choices, and the spec's over them.
fn assumptions_of(dialect: &Dialect, manifest: &Manifest, own: Option<&Table>, reading: &mut Reading<'_>) -> Assumptions {
    let mut assumptions = Assumptions::defaults(dialect.assumptions);
    let mut silent = Reading { findings: Vec::new(), elsewhere: &[] };
    for (_, shared) in manifest.assume.iter().filter(|(name, _)| name.value == dialect.name) {
        // What is wrong there was said when the manifest was read.
        settings::assume(shared, &mut assumptions, &[], &mut silent);
    }
    if let Some(own) = own {
        settings::assume(own, &mut assumptions, &all_assumptions(), reading);
    }
    assumptions
}

/// A text without any value in it.
pub fn literal_text(text: &str, span: Span) -> Text {
    let pieces = if text.is_empty() { Vec::new() } else { vec![crate::plan::TextPiece::Literal(text.to_string())] };
    Text { pieces, span, source: None }
}

/// The lint sets of every dialect.
pub fn lint_sets() -> impl Iterator<Item = &'static LintSet> {
    DIALECTS.iter().map(|dialect| dialect.lints)
}
