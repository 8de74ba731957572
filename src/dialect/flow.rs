//! Flows: the actions that their steps name, each compiled for the flow, and the steps read as those actions' cases are.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::reply::templates;
use super::{
    DIALECTS, Dialect, Ground, Overlay, all_assumptions, compile_over, damaged, expected_lints, folder_of, hide_attributes,
    read_table, sections_elsewhere, spec_id, unread,
};
use crate::assumption::Assumptions;
use crate::case::{Call, Doing, Flow, FlowAction, FlowStep, LintSet, Spec, slug};
use crate::diagnostic::Diagnostic;
use crate::plan::{AttributeName, ByName, Declaration, Naming};
use crate::source::{FileProblem, Mapped, Name, Sources, Spanned};
use crate::spec::keys::FLOW;
use crate::spec::lints::unknown_action;
use crate::spec::settings;
use crate::spec::{self, CaseContext, Contexts, KnownExits, Manifest, Reading, StepTable, Table};

/// What the name of a flow's file ends with.
const EXTENSION: &str = ".flow.toml";

/// Whether a file of this path is a flow.
pub fn is_flow(path: &str) -> bool {
    path.ends_with(EXTENSION)
}

/// The specs of a project, by which a flow finds its actions.
pub trait Directory {
    /// The path of the spec or flow of an id, relative to the project root.
    fn path(&self, id: &str) -> Option<String>;
    /// The ids of all specs.
    fn ids(&self) -> Vec<String>;
}

/// Compiles a flow with the actions that it names. What is wrong with those is told of their own specs.
pub fn compile_flow(
    path: &str,
    manifest: &Manifest,
    sources: &Sources,
    directory: &dyn Directory,
) -> Result<Spec, FileProblem> {
    let file = sources.load(path)?;
    let elsewhere = sections_elsewhere();
    let mut reading = Reading { findings: Vec::new(), elsewhere: &elsewhere };
    let table = read_table(file, sources, &mut reading);
    let mut spec = Spec { lints: &NO_LINTS, ..unread(path, file, manifest) };
    spec.damaged = damaged(&table, &sources.file(file), &reading);
    spec.expect_lints = expected_lints(&table, &mut reading);
    if let Some(lint) = reading.table(&table, "lint") {
        spec.levels.extend(settings::levels(lint, &mut reading));
    }
    if reading.findings.iter().any(|finding| finding.lint.name == "toml-syntax") {
        spec.not_runnable = Some("the file is not TOML".into());
    }
    reading.check_keys(&table, &FLOW);
    let project = Project { manifest, sources, directory };
    let expects_unknown = spec.expect_lints.iter().any(|lint| lint.value == unknown_action::UNKNOWN_ACTION.name);
    let flow = Reader { project, table: &table, folder: folder_of(path), expects_unknown }.read(&mut reading);
    if flow.steps.is_empty() && spec.not_runnable.is_none() {
        spec.not_runnable = Some("the flow has no steps".into());
    }
    spec.flow = Some(Box::new(flow));
    reading.findings.retain(|finding| finding.span.file == file);
    spec.diagnostics = reading.findings;
    Ok(spec)
}

/// A flow belongs to no platform.
static NO_LINTS: LintSet = LintSet { while_reading: &[], rules: &[], project_rules: &[] };

#[derive(Clone, Copy)]
struct Project<'a> {
    manifest: &'a Manifest,
    sources: &'a Sources,
    directory: &'a dyn Directory,
}

/// The flow's file while it is read.
struct Reader<'a> {
    project: Project<'a>,
    table: &'a Table,
    folder: String,
    expects_unknown: bool,
}

/// An action of a flow: what is run, and what its steps are read with.
struct Prepared {
    action: FlowAction,
    ground: Option<Ground>,
    /// The spec's cases: every name, and the tables of those that steps take.
    cases: Vec<(String, Option<Table>)>,
}

/// By id, which of the actions it is, or why there is none.
type Known = HashMap<String, Result<usize, String>>;

impl Reader<'_> {
    fn read(&self, reading: &mut Reading<'_>) -> Flow {
        let steps = spec::step_tables(self.table, reading);
        let overlay =
            Overlay { attributes: reading.table(self.table, "attributes"), assume: reading.table(self.table, "assume") };
        let (known, actions) = self.actions(&steps, &overlay, reading);
        let dialects = dialects(&actions);
        overlay.complain(&dialects, &self.contexts(&dialects), reading);
        let contexts = self.contexts(&dialects);
        let types = self.types(&contexts, &dialects, overlay.attributes);
        let secret_attributes = secret_attributes(&actions);
        hide_attributes(self.table, &secret_attributes, &contexts, &self.project.sources.file(self.table.span.file));
        let own = CaseContext {
            contexts: &contexts,
            types: &types,
            ambient: &ByName::default(),
            exits: dialects[0].exits,
            sources: self.project.sources,
            folder: &self.folder,
            reference_length: dialects[0].reference_length,
        };
        let name = spec::flow_name(self.table, reading);
        let mut walk = Walk {
            own: &own,
            known: &known,
            actions: &actions,
            exits: None,
            are_by_status: false,
            name: &name,
            expects_unknown: self.expects_unknown,
        };
        let steps = steps.iter().map(|step| walk.step(*step, reading)).collect();
        Flow {
            slug: slug(&name.value),
            clock: spec::clock(self.table, self.project.manifest.defaults.as_ref(), reading),
            given: spec::values(self.table, &own, reading),
            steps,
            name,
            secret_attributes,
            actions: actions.into_iter().map(|prepared| prepared.action).collect(),
        }
    }

    /// Every action that is named, each once.
    fn actions(&self, steps: &[StepTable<'_>], over: &Overlay<'_>, reading: &mut Reading<'_>) -> (Known, Vec<Prepared>) {
        let (mut known, mut actions) = (Known::new(), Vec::new());
        for action in steps.iter().filter_map(|step| step.action()) {
            let id = &*action.text;
            if known.contains_key(id) {
                if known[id].is_err() {
                    reading.findings.extend(self.path_of(action).err().map(|finding| *finding));
                }
                continue;
            }
            let wanted = cases_of(id, steps);
            let found = match self.path_of(action) {
                Ok(path) => self.prepare(id, &path, over, &wanted).map(|prepared| {
                    actions.push(prepared);
                    actions.len() - 1
                }),
                Err(finding) => {
                    let why = finding.message.clone();
                    reading.findings.push(*finding);
                    Err(why)
                }
            };
            known.insert(id.to_string(), found);
        }
        (known, actions)
    }

    fn path_of(&self, action: &Mapped) -> Result<String, Box<Diagnostic>> {
        let (id, directory) = (&*action.text, self.project.directory);
        match directory.path(id) {
            Some(path) if is_flow(&path) => Err(Box::new(unknown_action::is_a_flow(action))),
            Some(path) => Ok(path),
            None => {
                // The path of the file, as people write it.
                let meant = spec_id(id, &self.project.manifest.specs);
                let near = Some(meant).filter(|meant| meant != id && directory.path(meant).is_some());
                let ids = directory.ids();
                Err(Box::new(unknown_action::found(action, near.as_deref(), ids.iter().map(String::as_str))))
            }
        }
    }

    fn prepare(&self, id: &str, path: &str, over: &Overlay<'_>, wanted: &HashSet<&str>) -> Result<Prepared, String> {
        let Project { manifest, sources, .. } = self.project;
        let compiled = compile_over(path, manifest, sources, over, |_| {});
        let (spec, ground) = compiled.map_err(|problem| format!("`{path}` {problem}"))?;
        let action = FlowAction {
            id: id.to_string(),
            path: path.to_string(),
            plan: spec.plan,
            not_runnable: spec.not_runnable,
            declared_secrets: spec.declared_secrets,
        };
        let cases = ground.as_ref().map(|ground| {
            let context = ground.context(sources);
            spec::merged_cases(&ground.table, &ground.base, &context, &|name| wanted.contains(name))
        });
        Ok(Prepared { action, ground, cases: cases.unwrap_or_default() })
    }

    /// The contexts of all platforms of the flow. A bare name belongs to the default one of the first.
    fn contexts(&self, dialects: &[&'static Dialect]) -> Contexts {
        let of_dialects = dialects.iter().flat_map(|dialect| dialect.contexts).map(ToString::to_string);
        let mut known: Vec<String> = Vec::new();
        for context in of_dialects.chain(self.project.manifest.contexts.iter().cloned()) {
            if !known.contains(&context) {
                known.push(context);
            }
        }
        Contexts {
            known,
            default: dialects[0].default_context,
            naming: Naming::joined(dialects.iter().map(|dialect| dialect.naming)),
        }
    }

    fn types(&self, contexts: &Contexts, dialects: &[&'static Dialect], own: Option<&Table>) -> ByName<Declaration> {
        let mut types = self.project.manifest.types.clone();
        if let Some(own) = own {
            let synonyms: Vec<_> = dialects.iter().map(|dialect| dialect.type_synonyms).collect();
            types.extend(settings::attribute_types(own, contexts, &synonyms, &mut silent()).iter().cloned());
        }
        types
    }
}

/// The attributes that any of the actions declares secret: the state that they share is one.
fn secret_attributes(actions: &[Prepared]) -> Vec<AttributeName> {
    let grounds = actions.iter().filter_map(|prepared| prepared.ground.as_ref());
    let all: BTreeSet<&AttributeName> = grounds.flat_map(|ground| &ground.secrets).collect();
    all.into_iter().cloned().collect()
}

/// The cases that steps take of an action.
fn cases_of<'n>(id: &str, steps: &[StepTable<'n>]) -> HashSet<&'n str> {
    let of_action = steps.iter().filter(|step| step.action().is_some_and(|action| *action.text == *id));
    of_action.filter_map(|step| step.table().get("case")?.as_text()).map(|name| &*name.text).collect()
}

/// The platforms of a flow's actions, in the order of the steps; of a flow without any action the default one.
fn dialects(actions: &[Prepared]) -> Vec<&'static Dialect> {
    let mut dialects: Vec<&'static Dialect> = Vec::new();
    for dialect in actions.iter().filter_map(|prepared| prepared.ground.as_ref()).map(|ground| ground.dialect) {
        if !dialects.iter().any(|known| known.name == dialect.name) {
            dialects.push(dialect);
        }
    }
    if dialects.is_empty() {
        dialects.push(DIALECTS[0]);
    }
    dialects
}

fn silent() -> Reading<'static> {
    Reading { findings: Vec::new(), elsewhere: &[] }
}

impl Overlay<'_> {
    /// Puts the flow's types and choices over those of a spec.
    pub(super) fn lay(
        &self,
        dialect: &Dialect,
        contexts: &Contexts,
        types: &mut ByName<Declaration>,
        assumptions: &mut Assumptions,
    ) {
        if let Some(own) = self.attributes {
            let own = settings::attribute_types(own, contexts, &[dialect.type_synonyms], &mut silent());
            types.extend(own.iter().cloned());
        }
        if let Some(own) = self.assume {
            settings::assume(own, assumptions, &[], &mut silent());
        }
    }

    /// Tells what is wrong: a choice only if no platform of the flow has it.
    fn complain(&self, dialects: &[&'static Dialect], contexts: &Contexts, reading: &mut Reading<'_>) {
        if let Some(own) = self.attributes {
            let synonyms: Vec<_> = dialects.iter().map(|dialect| dialect.type_synonyms).collect();
            settings::attribute_types(own, contexts, &synonyms, reading);
        }
        let Some(own) = self.assume else { return };
        for entry in &own.entries {
            let alone = Table { entries: vec![entry.clone()], span: own.span };
            let knows = |dialect: &Dialect| dialect.assumptions.iter().any(|known| known.name == entry.key.value);
            let findings = dialects.iter().map(|dialect| {
                let mut reading = silent();
                settings::assume(&alone, &mut Assumptions::defaults(dialect.assumptions), &all_assumptions(), &mut reading);
                (knows(dialect), reading.findings)
            });
            let mut findings: Vec<_> = findings.collect();
            if findings.iter().all(|(_, found)| !found.is_empty()) {
                let closest = findings.iter().position(|(knows, _)| *knows).unwrap_or_default();
                reading.findings.append(&mut findings[closest].1);
            }
        }
    }
}

/// The steps, one after the other.
struct Walk<'a> {
    own: &'a CaseContext<'a>,
    known: &'a Known,
    actions: &'a [Prepared],
    /// By which the actions so far may leave; `None`: there was none.
    exits: Option<Vec<&'static str>>,
    /// Whether one of them may have more, named by status.
    are_by_status: bool,
    name: &'a Name,
    /// Whether the flow is there to show what an unknown action is.
    expects_unknown: bool,
}

impl Walk<'_> {
    fn step(&mut self, step: StepTable<'_>, reading: &mut Reading<'_>) -> FlowStep {
        let table = step.table();
        let are_by_status = self.are_by_status;
        let exits = self.exits.as_deref().map(|names| KnownExits { names, are_by_status });
        let when = spec::when(table, exits.as_ref(), reading);
        let advance_milliseconds = spec::advance(table, reading);
        let mut read = FlowStep {
            when,
            advance_milliseconds,
            now: None,
            timezone: None,
            uuid: None,
            given: Default::default(),
            doing: Doing::Set,
        };
        match step {
            StepTable::Set(table) => read.given = spec::set_values(table, self.own, reading),
            StepTable::Call { table, action } => self.call(table, action, &mut read, reading),
        }
        read
    }

    fn call(&mut self, table: &Table, action: &Mapped, read: &mut FlowStep, reading: &mut Reading<'_>) {
        (read.now, read.timezone, read.uuid) = spec::own_clock(table, reading);
        let name = Spanned::new(action.text.to_string(), action.inside());
        let known = self.known.get(&*action.text);
        let found = known.and_then(|known| known.as_ref().ok()).and_then(|index| Some((*index, self.actions.get(*index)?)));
        let ground = found.and_then(|(index, prepared)| Some((index, prepared, prepared.ground.as_ref()?)));
        let Some((index, prepared, ground)) = ground else {
            let why = match (known, found) {
                (Some(Err(why)), _) => why.clone(),
                (_, Some((_, prepared))) => nothing_to_run(&prepared.action),
                _ => "it cannot be read".into(),
            };
            read.given = spec::values(table, self.own, reading);
            reading.check_keys(table, &crate::spec::keys::STEP);
            // Any: what it is cannot be told.
            DIALECTS.iter().for_each(|dialect| self.may_leave_by(&dialect.exits));
            let is_expected = self.expects_unknown && matches!(known, Some(Err(_)));
            read.doing = Doing::Lost { action: name, why, is_expected };
            return;
        };
        let of_spec = ground.context(self.own.sources);
        let of_flow = CaseContext { folder: self.own.folder, ambient: &ByName::default(), ..of_spec };
        read.given = spec::values(table, &of_flow, reading);
        let taken = taken(table, prepared, reading);
        let lower = taken.and_then(|index| prepared.cases[index].1.as_ref()).unwrap_or(&ground.base);
        let case_name = Spanned::new(self.name.value.clone(), name.span);
        let (mut case, reply) = spec::call(table, (case_name, lower), (&of_spec, &of_flow), reading);
        let lowering = &mut ground.lowering(std::slice::from_ref(&case), self.own.sources, table.span, reading);
        let mut templates = templates(&[reply], &ground.table, ground.dialect, lowering);
        case.reply_template = templates.pop().flatten();
        let taken = taken.map(|index| prepared.cases[index].0.clone());
        read.doing = Doing::Call(Box::new(Call { action: index, span: name.span, taken, case }));
        self.may_leave_by(&ground.dialect.exits);
    }

    fn may_leave_by(&mut self, exits: &KnownExits<'static>) {
        self.are_by_status |= exits.are_by_status;
        let known = self.exits.get_or_insert_default();
        for exit in exits.names {
            if !known.contains(exit) {
                known.push(exit);
            }
        }
    }
}

/// Why an action without a plan cannot run.
fn nothing_to_run(action: &FlowAction) -> String {
    let why = action.not_runnable.as_deref().unwrap_or("the spec cannot be read");
    format!("there is nothing to run in `{}`: {why}", action.path)
}

/// Which case of the spec the step takes.
fn taken(step: &Table, prepared: &Prepared, reading: &mut Reading<'_>) -> Option<usize> {
    let name = reading.word(step, "case")?;
    let found = prepared.cases.iter().position(|(known, _)| **known == *name.text);
    if found.is_none() {
        let names: Vec<&str> = prepared.cases.iter().map(|(name, _)| name.as_str()).collect();
        reading.wrong_word(name, &format!("the name of a case of `{}`", prepared.action.path), &names);
    }
    found
}
