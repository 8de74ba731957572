//! The project as fixes work on it: texts in memory, compiled and checked anew after each round, and written at the end.

use std::collections::{BTreeMap, HashSet};

use hookwright::diagnostic::{Diagnostic, Fix};
use hookwright::dialect::is_flow;
use hookwright::fix::{Breakage, Mended, Proposal, Reach, Replacement, Texts, World, mend};
use hookwright::source::{FileId, Sources};

use super::output;
use super::project::{Checks, MANIFEST, Project};
use super::rewrite::rewrite;

/// A project and its specs, with the texts that they have by now.
pub struct Bench<'p> {
    project: &'p mut Project,
    paths: &'p [String],
    checks: Checks,
    /// What each file was that had another text since.
    originals: BTreeMap<String, FileId>,
}

/// What was done, for the last line of a report.
#[derive(Debug, Default)]
pub struct Done {
    /// Findings that were fixed, and in how many files.
    pub findings: usize,
    pub files: usize,
    /// What `--unsafe` would fix besides.
    pub guesses: usize,
    /// Files that could not be written.
    pub failed: usize,
}

impl<'p> Bench<'p> {
    pub fn new(project: &'p mut Project, paths: &'p [String], checks: Checks) -> Bench<'p> {
        Bench { project, paths, checks, originals: BTreeMap::new() }
    }

    /// Applies fixes in memory and tells of those that were taken back.
    pub fn mend(&mut self, reach: Reach) -> Mended {
        let mut mended = mend(self, reach);
        let sources = &self.project.sources;
        mended.before.retain(|path, before| current(sources, path).is_some_and(|now| now != *before));
        if reach == Reach::All {
            mended.guesses = 0; // What is left cannot be applied.
        }
        for Proposal { lint, place, .. } in &mended.rejected {
            let why = "a file could not be read any more, or would be as it was before";
            output::note(&format!("the fix of `{lint}` at {place} is left out: with it {why}"));
        }
        mended
    }

    /// Writes what was changed. A file that cannot be written is told of, and is again what it is on disk.
    pub fn write(&mut self, mended: &Mended) -> Done {
        let mut failed = Texts::new();
        for (path, before) in &mended.before {
            let Some(now) = current(&self.project.sources, path) else { continue };
            if let Err(why) = rewrite(&self.project.root, path, before, &now) {
                output::complain(&format!("`{path}` {why}"));
                failed.insert(path.clone(), before.clone());
            }
        }
        let done = Done { failed: failed.len(), ..done(mended, |path| !failed.contains_key(path)) };
        if !failed.is_empty() {
            self.put(&failed);
        }
        done
    }

    /// What is found by now, and what each file was that had another text since.
    pub fn end(self) -> (Checks, BTreeMap<String, FileId>) {
        // What was changed in one spec may concern what was said of another.
        let checks = if self.originals.is_empty() { self.checks } else { self.project.check_only(self.paths) };
        (checks, self.originals)
    }

    /// Every finding, and whether its spec expects it.
    fn of_findings(&self) -> impl Iterator<Item = (&Diagnostic, bool)> {
        let manifest = self.project.manifest_findings.iter().map(|found| (found, false));
        let specs = self.checks.checked.iter().flat_map(|checked| {
            let expected = checked.verdict.expected.iter().copied().chain(std::iter::repeat(false));
            checked.spec.diagnostics.iter().zip(expected)
        });
        manifest.chain(specs)
    }
}

/// What was done to the files that count.
pub fn done(mended: &Mended, counts: impl Fn(&str) -> bool) -> Done {
    let is_done = |proposal: &&Proposal| proposal.paths().into_iter().all(&counts);
    let findings = mended.applied.iter().filter(is_done).count();
    let files = mended.before.keys().filter(|path| counts(path)).count();
    Done { findings, files, guesses: mended.guesses, failed: 0 }
}

fn current(sources: &Sources, path: &str) -> Option<String> {
    sources.load(path).ok().map(|file| sources.file(file).text.clone())
}

impl World for Bench<'_> {
    fn text(&self, path: &str) -> String {
        current(&self.project.sources, path).unwrap_or_default()
    }

    fn put(&mut self, texts: &Texts) {
        let sources = &self.project.sources;
        let changed: Vec<String> =
            texts.iter().filter(|(path, text)| self.text(path) != **text).map(|(path, _)| path.clone()).collect();
        for path in &changed {
            if let Ok(file) = sources.load(path) {
                self.originals.entry(path.clone()).or_insert(file);
            }
            sources.add(path, texts[path].as_str());
        }
        if changed.iter().any(|path| path == MANIFEST) {
            self.project.read_manifest_again();
        }
        // The manifest, or a body in a file of its own, may concern any spec.
        if changed.iter().any(|path| self.paths.binary_search(path).is_err()) {
            self.checks = self.project.check_only(self.paths);
            return;
        }
        // A flow is compiled with its actions' specs.
        let flows = self.paths.iter().filter(|path| is_flow(path) && !changed.contains(path)).cloned();
        let changed: Vec<String> = changed.iter().cloned().chain(flows).collect();
        for checked in self.project.check_only_among(&changed, &self.checks.checked).checked {
            let known = &mut self.checks.checked;
            if let Ok(index) = known.binary_search_by(|known| known.spec.path.cmp(&checked.spec.path)) {
                known[index] = checked;
            }
        }
    }

    /// A fix that a spec expects to find is not applied, nor is the same one for a spec that shares the file.
    fn proposals(&self) -> Vec<Proposal> {
        let sources = &self.project.sources;
        let proposal = |found: &Diagnostic| found.fix.as_ref().and_then(|fix| proposal(found, fix, sources));
        let expected = self.of_findings().filter(|(_, is_expected)| *is_expected);
        let mut known: HashSet<Vec<Replacement>> =
            expected.filter_map(|(found, _)| proposal(found)).map(|proposal| proposal.replacements).collect();
        let others = self.of_findings().filter(|(_, is_expected)| !is_expected);
        let proposals = others.filter_map(|(found, _)| proposal(found));
        proposals.filter(|proposal| known.insert(proposal.replacements.clone())).collect()
    }

    fn breakage(&self) -> Breakage {
        let mut breakage = Breakage::new();
        let specs = self.checks.checked.iter().flat_map(|checked| &checked.unreadable);
        for (file, lint) in specs.chain(&self.project.unreadable) {
            *breakage.entry((self.project.sources.file(*file).path.clone(), lint)).or_default() += 1;
        }
        breakage
    }
}

/// A fix as edits of the texts as they are now.
fn proposal(found: &Diagnostic, fix: &Fix, sources: &Sources) -> Option<Proposal> {
    let mut replacements = Vec::with_capacity(fix.edits.len());
    for edit in &fix.edits {
        let file = sources.file(edit.span.file);
        let is_current =
            sources.load(&file.path).is_ok_and(|now| now == edit.span.file || sources.file(now).text == file.text);
        if !is_current {
            return None;
        }
        let range = edit.span.start..edit.span.end;
        replacements.push(Replacement { path: file.path.clone(), range, text: edit.text.clone() });
    }
    let file = sources.file(found.span.file);
    let at = file.position(found.span.start);
    let place = format!("{}:{}:{}", file.path, at.line, at.column);
    Some(Proposal { lint: found.lint.name, message: found.message.clone(), place, safe: fix.safe, replacements })
}
