//! Finding a project, its manifest and its specs: the one place that reads a project's files.
#![allow(clippy::disallowed_methods, reason = "the one seam through which a project's files are read")]

use std::collections::{BTreeSet, HashSet};
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use hookwright::case::{FlowSummary, Level, Neighbours, Spec, Summary};
use hookwright::check::{Catalogue, Verdict, check_alone, check_among, flow_summary, settle};
use hookwright::diagnostic::{Diagnostic, Frames};
use hookwright::dialect;
use hookwright::fix::UNREADABLE;
use hookwright::source::{FileId, Sources};
use hookwright::spec::Manifest;
use hookwright::suite::snapshot::{Policy, Store};

use super::directory::Ids;
use super::files::{read, reader, refuse_outside};
use super::levels::Levels;
use super::side_by_side::side_by_side;
use super::{Ending, Refusal, output};

/// The manifest, relative to the root.
pub const MANIFEST: &str = "hookwright.toml";

/// A project on disk.
pub struct Project {
    pub root: PathBuf,
    pub manifest: Manifest,
    pub sources: Sources,
    pub catalogue: Catalogue,
    /// What is wrong with the manifest.
    pub manifest_findings: Vec<Diagnostic>,
    /// What cannot be read in the manifest, whatever the levels.
    pub unreadable: Vec<Unreadable>,
    /// Levels over those of manifest and specs.
    levels: Levels,
    /// The snapshots folder relative to the root, with `/`.
    snapshots: String,
    /// The working directory relative to the root, for paths on the command line.
    working_directory: PathBuf,
    ids: OnceLock<Ids>,
    /// The files that were asked for, also those that are not there.
    read: Arc<Mutex<BTreeSet<PathBuf>>>,
}

/// A file and the lint of something in it that cannot be read.
pub type Unreadable = (FileId, &'static str);

/// A compiled and checked spec.
pub struct Checked {
    pub spec: Spec,
    pub verdict: Verdict,
    /// What the others must know of it.
    summary: Option<Summary>,
    /// The same of a flow.
    flow_summary: Option<FlowSummary>,
    /// What cannot be read in it, whatever the levels.
    pub unreadable: Vec<Unreadable>,
}

/// What came of checking several specs.
#[derive(Default)]
pub struct Checks {
    /// In the order of the paths.
    pub checked: Vec<Checked>,
    /// Why each of the other files could not be used.
    pub unreadable: Vec<String>,
}

impl Checks {
    /// The specs, if every one could be read.
    pub fn whole(self) -> Result<Vec<Checked>, Refusal> {
        match self.unreadable.is_empty() {
            true => Ok(self.checked),
            false => Err(Refusal(self.unreadable.join("\n"))),
        }
    }

    /// How a command ends that has told of the specs it could read: files that it could not read outweigh the rest.
    pub fn ending(&self, of_the_others: Ending) -> Ending {
        self.unreadable.iter().for_each(|why| output::complain(why));
        if self.unreadable.is_empty() { of_the_others } else { Ending::Unreadable }
    }
}

impl Project {
    /// The project that the working directory is in: the nearest folder upwards with a manifest, else the directory itself.
    pub fn open() -> Result<Project, Refusal> {
        Project::open_with(Levels::default())
    }

    /// As [`Project::open`], with levels from the command line.
    pub fn open_with(levels: Levels) -> Result<Project, Refusal> {
        let here = std::env::current_dir().map_err(|error| format!("the working directory is gone: {error}"))?;
        let root = here.ancestors().find(|folder| folder.join(MANIFEST).is_file()).unwrap_or(&here).to_path_buf();
        let working_directory = here.strip_prefix(&root).map(Path::to_path_buf).unwrap_or_default();
        let (base, asked_for) = (root.clone(), Arc::<Mutex<BTreeSet<PathBuf>>>::default());
        let sources = Sources::new(reader(base.clone(), &asked_for, read));
        let named_base = base.clone();
        let sources = sources.reading_named(reader(base, &asked_for, move |path| {
            refuse_outside(path, &named_base)?;
            read(path)
        }));
        let manifest = match root.join(MANIFEST).is_file() {
            true => {
                let file = sources.load(MANIFEST).map_err(|problem| format!("`{MANIFEST}` {problem}"))?;
                dialect::read_manifest(&sources, file)
            }
            false => Manifest::default(),
        };
        let catalogue = Catalogue::new(dialect::lint_sets());
        let (manifest_findings, unreadable) = (Vec::new(), unreadable(&manifest.findings));
        let snapshots = String::new();
        let mut project = Project {
            root,
            manifest,
            sources,
            catalogue,
            manifest_findings,
            unreadable,
            levels,
            snapshots,
            working_directory,
            ids: OnceLock::new(),
            read: asked_for,
        };
        refuse_broken(&project.manifest, &project.sources)?;
        project.settle_manifest();
        let written = &project.manifest.snapshots;
        project.snapshots = slashed(&project.inside(Path::new(written), written)?);
        Ok(project)
    }

    /// Opens the same project once more, after its files have changed; when that fails, everything stays as it was.
    pub fn open_again(&mut self) -> Result<(), Refusal> {
        *self = Project::open_with(self.levels.clone())?;
        Ok(())
    }

    /// The files that were asked for so far, relative to the root, with `/`; also those that are not there.
    pub fn read_paths(&self) -> Vec<String> {
        self.read.lock().unwrap_or_else(PoisonError::into_inner).iter().map(|path| slashed(path)).collect()
    }

    /// The folders in which specs of these paths, or what belongs to them, may come up: relative to the root, there or not.
    pub fn watched_folders(&self, paths: &[String]) -> BTreeSet<PathBuf> {
        let manifest = self.manifest.specs.iter().filter_map(|folder| self.inside(Path::new(folder), folder).ok());
        let written = paths.iter().filter_map(|path| self.inside(&self.working_directory.join(path), path).ok());
        let written = written.filter(|path| self.root.join(path).is_dir());
        manifest.chain(written).chain([PathBuf::from(&self.snapshots)]).collect()
    }

    /// Reads the manifest once more, after its text has changed in memory.
    pub fn read_manifest_again(&mut self) {
        let Ok(file) = self.sources.load(MANIFEST) else { return };
        self.manifest = dialect::read_manifest(&self.sources, file);
        self.unreadable = unreadable(&self.manifest.findings);
        self.settle_manifest();
    }

    /// Puts together what is wrong with the manifest, by its own levels and those of the command line.
    fn settle_manifest(&mut self) {
        self.manifest_findings = self.manifest.findings.clone();
        if let Some(file) = self.manifest.file {
            let levels: Vec<Level> = self.manifest.levels.iter().cloned().chain(self.levels.of_file(file)).collect();
            settle(file, &levels, &self.catalogue, &mut self.manifest_findings);
        }
    }

    /// The specs that the paths of a command line mean, relative to the root, in order. A file named there is taken as it
    /// is; a folder is searched; a glob is matched. None means the manifest's folders.
    pub fn specs(&self, paths: &[String]) -> Result<Vec<String>, Refusal> {
        let mut found = BTreeSet::new();
        if paths.is_empty() {
            for folder in &self.manifest.specs {
                let folder = self.inside(Path::new(folder), folder)?;
                if self.root.join(&folder).is_dir() {
                    self.search(&folder, &mut found)?;
                }
            }
        }
        for written in paths {
            self.add(written, &mut found)?;
        }
        if found.is_empty() {
            let where_to = if paths.is_empty() { self.manifest.specs.join("`, `") } else { paths.join("`, `") };
            // What is wrong with the manifest may be why.
            let frames = Frames { color: false, width: output::width(), secrets: None };
            self.manifest_findings.iter().for_each(|finding| output::show(&frames.render(finding, &self.sources)));
            let help = "name specs or folders, or list the folders under `[project] specs` in `hookwright.toml`";
            return Err(format!("there are no specs in `{where_to}`; {help}").into());
        }
        Ok(found.into_iter().collect())
    }

    fn add(&self, written: &str, found: &mut BTreeSet<String>) -> Result<(), Refusal> {
        let path = self.inside(&self.working_directory.join(written), written)?;
        if let Some(what) = self.reserved(&path) {
            return Err(format!("`{written}` {what}: it is never read as a spec").into());
        }
        match std::fs::metadata(self.root.join(&path)) {
            Ok(about) if about.is_dir() => self.search(&path, found),
            Ok(about) if !about.is_file() => Err(format!("`{written}` is neither a file nor a folder").into()),
            Ok(_) => {
                found.insert(slashed(&path));
                Ok(())
            }
            Err(_) if written.contains(['*', '?', '[', '{']) => self.search_matching(&path, found),
            Err(error) if error.kind() == ErrorKind::NotFound => Err(format!("there is no `{written}`").into()),
            Err(error) => Err(format!("`{written}` cannot be read: {error}").into()),
        }
    }

    /// The specs anywhere in the project that a glob matches.
    fn search_matching(&self, glob: &Path, found: &mut BTreeSet<String>) -> Result<(), Refusal> {
        let pattern = globset::GlobBuilder::new(&slashed(glob)).literal_separator(true).build()?.compile_matcher();
        let mut all = BTreeSet::new();
        self.search(Path::new(""), &mut all)?;
        found.extend(all.into_iter().filter(|spec| pattern.is_match(spec)));
        Ok(())
    }

    /// What a path relative to the root is, if it is one of those that are never specs.
    fn reserved(&self, path: &Path) -> Option<&'static str> {
        let is_hidden = |part: Component<'_>| part.as_os_str().to_string_lossy().starts_with('.');
        let below = |folder: &str| !folder.is_empty() && path.starts_with(folder);
        let same = |file: &str| self.inside(Path::new(file), file).is_ok_and(|file| file == path);
        match () {
            () if path == Path::new(MANIFEST) => Some("is the manifest"),
            () if same(&self.manifest.secrets_file) => Some("is the secrets file"),
            () if path.components().any(is_hidden) => Some("is hidden"),
            () if below(&self.snapshots) => Some("lies among the snapshots"),
            () => None,
        }
    }

    /// A path relative to the root without `.` and `..`; outside the root is refused.
    fn inside(&self, path: &Path, written: &str) -> Result<PathBuf, Refusal> {
        let outside = || Refusal(format!("`{written}` lies outside the project at `{}`", self.root.display()));
        let relative = match path.is_absolute() {
            true => path.strip_prefix(&self.root).map_err(|_| outside())?,
            false => path,
        };
        let mut inside = PathBuf::new();
        for component in relative.components() {
            match component {
                Component::Normal(name) => inside.push(name),
                Component::ParentDir if inside.pop() => {}
                Component::ParentDir => return Err(outside()),
                _ => {}
            }
        }
        Ok(inside)
    }

    /// Every spec below a folder. What has the name of a spec and is no file is found, too: reading it tells why it is none.
    fn search(&self, folder: &Path, found: &mut BTreeSet<String>) -> Result<(), Refusal> {
        let walk = ignore::WalkBuilder::new(self.root.join(folder)).standard_filters(false).hidden(true).build();
        for entry in walk {
            let entry = entry.map_err(|error| format!("a folder cannot be searched: {error}"))?;
            let path = entry.path();
            let Ok(relative) = path.strip_prefix(&self.root) else { continue };
            let name = slashed(relative);
            if name.ends_with(".toml") && self.reserved(relative).is_none() && !path.is_dir() {
                found.insert(name);
            }
        }
        Ok(())
    }

    /// Whether there is a spec of this id that only a command line names: one outside of the specs folders.
    pub fn has_spec_outside(&self, id: &str) -> bool {
        self.is_outside(id, &format!("{id}.toml"))
    }

    /// Whether the snapshots under this id may be of a file that only a command line names.
    pub fn has_file_outside(&self, id: &str) -> bool {
        self.has_spec_outside(id) || self.is_outside(id, &format!("{id}.flow.toml"))
    }

    fn is_outside(&self, id: &str, path: &str) -> bool {
        let is_of_the_id = dialect::spec_id(path, &self.manifest.specs) == id;
        let inside = self.inside(Path::new(path), path).ok().filter(|inside| self.reserved(inside).is_none());
        is_of_the_id && inside.is_some_and(|inside| self.root.join(inside).is_file())
    }

    /// The ids of specs and flows, looked up when a flow first asks.
    pub fn ids(&self) -> &Ids {
        self.ids.get_or_init(|| {
            let mut found = BTreeSet::new();
            for folder in &self.manifest.specs {
                if let Ok(folder) = self.inside(Path::new(folder), folder) {
                    // A folder that cannot be searched is told of where specs are searched for.
                    let _ = self.search(&folder, &mut found);
                }
            }
            Ids::of(found, &self.manifest.specs)
        })
    }

    /// Where the approved transcripts are.
    pub fn store(&self, policy: Policy) -> Store {
        Store::new(self.root.join(&self.snapshots), self.snapshots.clone(), policy)
    }

    /// Compiles and checks specs side by side; the result is in the order of `paths`.
    pub fn check(&self, paths: &[String]) -> Checks {
        self.check_and(paths, &[], |_| {})
    }

    /// As [`Project::check`] for those who look at findings alone: plans, which are large, are not kept.
    pub fn check_only(&self, paths: &[String]) -> Checks {
        self.check_only_among(paths, &[])
    }

    /// As [`Project::check_only`] where other specs of the run were checked before.
    pub fn check_only_among(&self, paths: &[String], others: &[Checked]) -> Checks {
        self.check_and(paths, others, |spec| {
            (spec.plan, spec.bare_case, spec.defaults) = (None, None, None);
            let flow = spec.flow.iter_mut();
            flow.flat_map(|flow| &mut flow.actions).for_each(|action| action.plan = None);
        })
    }

    /// Compiles specs side by side and no more: for who serves them, and asks nothing of lints.
    pub fn compile(&self, paths: &[String]) -> Checks {
        let mut checks = Checks::default();
        for compiled in side_by_side(paths, |path| self.compile_one(path)) {
            match compiled {
                Ok(checked) => checks.checked.push(checked),
                Err(why) => checks.unreadable.push(why),
            }
        }
        checks
    }

    fn check_and(&self, paths: &[String], others: &[Checked], then: impl Fn(&mut Spec) + Sync) -> Checks {
        let looked = side_by_side(paths, |path| {
            let mut looked = self.check_one(path);
            looked.iter_mut().for_each(|looked| then(&mut looked.spec));
            looked
        });
        self.conclude(looked, others)
    }

    fn compile_one(&self, path: &str) -> Result<Checked, String> {
        let compiled = match dialect::is_flow(path) {
            true => dialect::compile_flow(path, &self.manifest, &self.sources, self),
            false => dialect::compile(path, &self.manifest, &self.sources),
        };
        let spec = compiled.map_err(|problem| format!("`{path}` {problem}"))?;
        let mut unreadable = unreadable(&spec.diagnostics);
        unreadable.extend((spec.plan.is_none() && spec.flow.is_none()).then_some((spec.file, "no plan")));
        Ok(Checked { spec, verdict: Verdict::default(), summary: None, flow_summary: None, unreadable })
    }

    fn check_one(&self, path: &str) -> Result<Checked, String> {
        let mut checked = self.compile_one(path)?;
        let spec = &mut checked.spec;
        spec.levels.extend(self.levels.of_file(spec.file));
        spec.expect_lints.retain(|lint| !self.levels.allows(&lint.value));
        checked.summary = check_alone(spec);
        checked.flow_summary = flow_summary(spec);
        Ok(checked)
    }

    /// What can only be said once every spec was looked at.
    fn conclude(&self, looked: Vec<Result<Checked, String>>, others: &[Checked]) -> Checks {
        let mut checks = Checks::default();
        for result in looked {
            match result {
                Ok(checked) => checks.checked.push(checked),
                Err(why) => checks.unreadable.push(why),
            }
        }
        let summaries: Vec<Option<Summary>> = checks.checked.iter_mut().map(|checked| checked.summary.take()).collect();
        let looked_at: HashSet<&str> = match others {
            [] => HashSet::new(),
            _ => checks.checked.iter().map(|checked| checked.spec.path.as_str()).collect(),
        };
        let is_looked_at = |other: &&Checked| looked_at.contains(other.spec.path.as_str());
        let of_others = others.iter().filter(|other| !is_looked_at(other)).filter_map(|other| other.summary.as_ref());
        let other_flows = others.iter().filter(|other| !is_looked_at(other));
        let flows = checks.checked.iter().chain(other_flows).filter_map(|checked| checked.flow_summary.clone());
        let flows: Vec<FlowSummary> = flows.collect();
        let neighbours = Neighbours::new(summaries.iter().flatten().chain(of_others)).with_flows(&flows);
        for (checked, summary) in checks.checked.iter_mut().zip(&summaries) {
            checked.verdict = check_among(&mut checked.spec, summary.as_ref(), &neighbours, &self.catalogue);
            checked.unreadable.extend(unreadable(&checked.spec.diagnostics));
        }
        drop(neighbours);
        for (checked, summary) in checks.checked.iter_mut().zip(summaries) {
            checked.summary = summary;
        }
        checks
    }
}

/// A manifest that is not TOML is refused: nothing could be trusted.
fn refuse_broken(manifest: &Manifest, sources: &Sources) -> Result<(), Refusal> {
    let frames = Frames { color: false, width: output::width(), secrets: None };
    let broken = manifest.findings.iter().filter(|finding| finding.lint.name == "toml-syntax");
    let broken: Vec<String> = broken.map(|finding| frames.render(finding, sources)).collect();
    match broken.is_empty() {
        true => Ok(()),
        false => Err(format!("the manifest is not TOML\n{}", broken.join("\n")).into()),
    }
}

/// The findings that mean that something cannot be read.
fn unreadable(findings: &[Diagnostic]) -> Vec<Unreadable> {
    let found = findings.iter().filter(|finding| UNREADABLE.contains(&finding.lint.name));
    found.map(|finding| (finding.span.file, finding.lint.name)).collect()
}

fn slashed(path: &Path) -> String {
    path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}
