//! What is served: every spec that can run, and once it has changed and broken, its last good version.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use hookwright::case::Spec;
use hookwright::diagnostic::{Diagnostic, Frames, Severity};
use hookwright::mock::derive::Site;
use hookwright::server::{Event, Served};

use super::real_secrets;
use crate::cli::Refusal;
use crate::cli::changes::Changes;
use crate::cli::output::note;
use crate::cli::project::{Checked, Checks, MANIFEST, Project};

/// The specs that are served.
pub struct Specs {
    project: Project,
    /// The paths of the command line.
    paths: Vec<String>,
    /// Whether the cases get the real values of secrets.
    has_real_secrets: bool,
    /// By file.
    good: BTreeMap<String, Good>,
}

/// A spec that can run.
struct Good {
    spec: Spec,
    /// Whether all of it could be read.
    is_whole: bool,
}

/// What became of the specs that were read again.
#[derive(Default)]
struct Outcome {
    /// The ids of what is served anew, or no more.
    reloaded: BTreeSet<String>,
    /// The ids of what broke, and why.
    failed: BTreeMap<String, String>,
}

impl Specs {
    /// Reads the specs; what cannot be served is said.
    pub fn read(project: Project, paths: &[String], has_real_secrets: bool) -> Result<Specs, Refusal> {
        let mut specs = Specs { project, paths: paths.to_vec(), has_real_secrets, good: BTreeMap::new() };
        for checked in can_be_served(specs.check()?) {
            specs.good.insert(checked.spec.path.clone(), Good::of(checked));
        }
        Ok(specs)
    }

    /// # Errors
    /// When a secret has no real value, where real ones are wanted.
    pub fn served(&self) -> Result<Served, Refusal> {
        let mut specs = self.runnable();
        if !self.has_real_secrets {
            return Ok(Served::new(Site::new(specs)));
        }
        real_secrets::give(&self.project, &mut specs)?;
        let mut served = Served::new(Site::new(specs));
        // The cases' own values are secrets still, whoever sends them.
        let own = Served::new(Site::new(self.runnable())).secrets;
        Arc::make_mut(&mut served.secrets).extend(&own);
        Ok(served)
    }

    fn runnable(&self) -> Vec<Spec> {
        self.good.values().map(|good| runnable(&good.spec)).collect()
    }

    /// Looks at what has changed. What comes back is to be served from now on, if anything changed, and to be told.
    pub fn look(&mut self, changes: &mut Changes) -> (Option<Served>, Vec<Event>) {
        let changed = changes.since(&self.project);
        if changed.is_empty() {
            return (None, Vec::new());
        }
        match self.read_again(&changed, changes) {
            Ok(outcome) => {
                changes.see_what_was_read(&self.project);
                match (!outcome.reloaded.is_empty()).then(|| self.served()).transpose() {
                    Ok(served) => (served, outcome.events()),
                    Err(Refusal(message)) => (None, vec![Event::ReloadFailed { specs: Vec::new(), message }]),
                }
            }
            Err(Refusal(message)) => (None, vec![Event::ReloadFailed { specs: Vec::new(), message }]),
        }
    }

    fn check(&self) -> Result<Checks, Refusal> {
        check(&self.project, &self.paths)
    }

    fn read_again(&mut self, changed: &BTreeSet<String>, changes: &mut Changes) -> Result<Outcome, Refusal> {
        self.project.open_again()?;
        if changed.contains(MANIFEST) {
            // It may name other folders.
            changes.look_again(&self.project);
        }
        let there: BTreeSet<String> = self.project.specs(&self.paths)?.into_iter().collect();
        let checks = self.check()?;
        let touched = changes.touched(&self.project, changed, &checks);
        let mut outcome = Outcome::default();
        for checked in checks.checked {
            let is_touched = touched.as_ref().is_none_or(|touched| touched.contains(&checked.spec.path));
            if is_touched || !self.good.contains_key(&checked.spec.path) {
                self.replace(checked, &mut outcome);
            }
        }
        for why in checks.unreadable {
            let path = there.iter().find(|path| why.starts_with(&format!("`{path}`")));
            let id = path.and_then(|path| self.good.get(path)).map(|good| good.spec.id.clone());
            outcome.failed.insert(id.or(path.cloned()).unwrap_or_default(), why);
        }
        let gone: Vec<String> = self.good.keys().filter(|path| !there.contains(*path)).cloned().collect();
        outcome.reloaded.extend(gone.iter().filter_map(|path| self.good.remove(path)).map(|good| good.spec.id));
        Ok(outcome)
    }

    fn replace(&mut self, checked: Checked, outcome: &mut Outcome) {
        let (path, id) = (checked.spec.path.clone(), checked.spec.id.clone());
        let before = self.good.get(&path);
        let is_worse = !checked.unreadable.is_empty() && before.is_some_and(|before| before.is_whole);
        if !can_run(&checked.spec) || is_worse {
            let served = if before.is_some() { "its last good version is served" } else { "it is not served" };
            let why = format!("`{path}` cannot be read: {served}\n{}", self.findings(&checked.spec));
            outcome.failed.insert(id, why.trim_end().to_string());
            return;
        }
        self.good.insert(path, Good::of(checked));
        outcome.reloaded.insert(id);
    }

    fn findings(&self, spec: &Spec) -> String {
        let frames = Frames { color: false, width: crate::cli::output::width(), secrets: None };
        let errors = spec.diagnostics.iter().filter(|finding| finding.severity == Severity::Error);
        errors.map(|finding| frames.render(finding, &self.project.sources)).collect::<Vec<_>>().join("\n")
    }
}

impl Good {
    fn of(checked: Checked) -> Good {
        Good { is_whole: checked.unreadable.is_empty(), spec: checked.spec }
    }
}

impl Outcome {
    fn events(self) -> Vec<Event> {
        let mut events = Vec::new();
        if !self.failed.is_empty() {
            let (specs, messages): (Vec<String>, Vec<String>) = self.failed.into_iter().unzip();
            events.push(Event::ReloadFailed { specs, message: messages.join("\n") });
        }
        if !self.reloaded.is_empty() {
            events.push(Event::Reloaded { specs: self.reloaded.into_iter().collect() });
        }
        events
    }
}

/// The specs of the paths that can be served; why the others cannot is said.
pub fn specs(project: &Project, paths: &[String]) -> Result<Vec<Spec>, Refusal> {
    Ok(can_be_served(check(project, paths)?).map(|checked| checked.spec).collect())
}

fn check(project: &Project, paths: &[String]) -> Result<Checks, Refusal> {
    let mut paths = project.specs(paths)?;
    paths.retain(|path| !hookwright::dialect::is_flow(path));
    Ok(project.compile(&paths))
}

fn can_be_served(checks: Checks) -> impl Iterator<Item = Checked> {
    checks.unreadable.iter().for_each(|why| note(why));
    let mut paths: HashMap<String, String> = HashMap::new();
    checks.checked.into_iter().filter(move |checked| {
        let spec = &checked.spec;
        remarks(spec).iter().for_each(|remark| note(remark));
        let first = paths.entry(spec.id.clone()).or_insert_with(|| spec.path.clone());
        if *first != spec.path && can_run(spec) {
            note(&format!("`{}` has the id of `{first}`, which alone is served below `/{}`", spec.path, spec.id));
        }
        can_run(spec)
    })
}

/// What whoever starts a mock must know of a spec.
fn remarks(spec: &Spec) -> Vec<String> {
    let (path, more) = (&spec.path, format!("`hookwright lint {}` says more", spec.path));
    if !can_run(spec) {
        let why = spec.not_runnable.as_deref().unwrap_or("it cannot be read");
        return vec![format!("`{path}` is not served: {why}; {more}")];
    }
    let is_expected = |name: &str| spec.expect_lints.iter().any(|expected| expected.value == name);
    let is_error = |finding: &&Diagnostic| finding.severity == Severity::Error && !is_expected(finding.lint.name);
    let error = spec.diagnostics.iter().find(is_error);
    let error = error.map(|error| format!("`{path}` is served as far as it can be read: {}; {more}", error.message));
    let is_ours = spec.id == OWN_PAGES || spec.id.starts_with(&format!("{OWN_PAGES}/"));
    let hidden = is_ours.then(|| format!("`{path}` is not served below `/{}`, where the mock's own pages are", spec.id));
    error.into_iter().chain(hidden).collect()
}

/// The first segment of the paths that are the mock's own.
const OWN_PAGES: &str = "__hookwright";

/// What of a spec is needed to serve it: it is served anew whenever another one changes.
fn runnable(spec: &Spec) -> Spec {
    Spec {
        path: spec.path.clone(),
        id: spec.id.clone(),
        file: spec.file,
        plan: spec.plan.clone(),
        not_runnable: None,
        cases: spec.cases.clone(),
        bare_case: spec.bare_case.clone(),
        defaults: spec.defaults.clone(),
        sequence: spec.sequence.clone(),
        flow: None,
        expect_lints: Vec::new(),
        damaged: Vec::new(),
        levels: Vec::new(),
        diagnostics: Vec::new(),
        lints: spec.lints,
        declared_secrets: spec.declared_secrets.clone(),
    }
}

fn can_run(spec: &Spec) -> bool {
    spec.plan.is_some() && spec.not_runnable.is_none()
}
