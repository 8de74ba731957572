//! `hookwright migrate`: a spec of a kind of action that its platform has replaced, written as its successor.

use hookwright::case::Spec;
use hookwright::diagnostic::{Severity, printable};
use hookwright::dialect::migration::{Migration, Unmigrated, migrate};
use hookwright::report::{self, Paint};
use hookwright::suite::{Side, Worker, differences};

use super::arguments::{Arguments, Migrate};
use super::lint::secret_values;
use super::output::{complain, note, print, wants_color};
use super::project::{Checked, Project};
use super::render::one_spec;
use super::rewrite::rewrite;
use super::{Ending, Refusal};

pub fn run(command: &Migrate, arguments: &Arguments) -> Result<Ending, Refusal> {
    let project = Project::open()?;
    let path = one_spec(&project, &command.spec, "migrate")?;
    let old = checked(&project, &path)?;
    let before = project.sources.file(old.spec.file).text.clone();
    let migration = match migrate(&old.spec, &before) {
        Ok(migration) => migration,
        Err(Unmigrated::OfAnotherDialect(why)) => return Err(format!("`{path}` {why}").into()),
        Err(Unmigrated::Unreadable(why)) => {
            complain(&format!("`{path}` cannot be migrated: {why}; `hookwright lint {path}` says more"));
            return Ok(Ending::Findings);
        }
        Err(Unmigrated::Inexpressible(why)) => {
            complain(&format!("`{path}` cannot be migrated: {}", printable(&why)));
            return Ok(Ending::Findings);
        }
    };
    project.sources.add(&path, migration.text.as_str());
    let new = checked(&project, &path)?;
    if let Some(why) = why_not_runnable(&new.spec) {
        complain(&format!("`{path}` cannot be migrated: the new spec could not run: {}", printable(&why)));
        return Ok(Ending::Findings);
    }
    let cases = by_case(&old.spec, &new.spec)?;
    if !arguments.quiet {
        print(&patch(&project, &old, &new));
    }
    print(&told(&migration, &cases));
    if command.write {
        rewrite(&project.root, &path, &before, &migration.text).map_err(|why| format!("`{path}` {why}"))?;
        note(&format!("`{path}` is written; `hookwright test {path}` shows how its transcripts change"));
    } else if !arguments.quiet {
        note("nothing is written without `--write`");
    }
    let differs = cases.iter().any(|(_, differences)| !differences.is_empty());
    Ok(if differs { Ending::Findings } else { Ending::Well })
}

fn checked(project: &Project, path: &String) -> Result<Checked, Refusal> {
    Ok(project.check(std::slice::from_ref(path)).whole()?.remove(0))
}

/// What changes line by line. Secrets are masked on both sides.
fn patch(project: &Project, old: &Checked, new: &Checked) -> String {
    let mut secrets = secret_values(std::slice::from_ref(old));
    for case in &new.spec.cases {
        case.given.secrets.iter().for_each(|secret| secrets.insert(secret.value.reveal()));
    }
    let (before, after) = (project.sources.file(old.spec.file), project.sources.file(new.spec.file));
    report::patch(&before, &after, &secrets, Paint { color: wants_color() }).text
}

/// With what is wrong in the new text, which nobody can look up: it is not written.
fn why_not_runnable(new: &Spec) -> Option<String> {
    let why = new.not_runnable.as_ref()?;
    let fault = new.diagnostics.iter().find(|found| found.severity == Severity::Error);
    Some(fault.map_or_else(|| why.clone(), |fault| format!("{why}: {}", fault.message)))
}

/// Each case with what it shows to differ.
fn by_case<'a>(old: &'a Spec, new: &Spec) -> Result<Vec<(&'a str, Vec<String>)>, Refusal> {
    let (Some(old_plan), Some(new_plan)) = (&old.plan, &new.plan) else { return Ok(Vec::new()) };
    let mut worker = Worker::start().map_err(|error| format!("the mock cannot be started: {error}"))?;
    let pairs = old.cases.iter().zip(&new.cases);
    Ok(pairs
        .map(|(before, after)| {
            let old = Side { plan: old_plan, case: before, declared_secrets: &old.declared_secrets };
            let new = Side { plan: new_plan, case: after, declared_secrets: &new.declared_secrets };
            let told = differences(&mut worker, old, new).unwrap_or_else(|why| vec![format!("it cannot be run: {why}")]);
            (before.name.value.as_str(), told)
        })
        .collect())
}

/// What changes in words: for any values, and in each case.
fn told(migration: &Migration, cases: &[(&str, Vec<String>)]) -> String {
    let mut text = format!("\nWhat the `{}` action does in another way:\n", migration.dialect);
    migration.changes.iter().for_each(|change| text.push_str(&format!("- {}\n", printable(change))));
    let differing: Vec<_> = cases.iter().filter(|(_, differences)| !differences.is_empty()).collect();
    if cases.is_empty() {
        return text;
    }
    let alike = cases.len() - differing.len();
    text.push_str(&format!("\n{alike} of {} cases behave alike.\n", cases.len()));
    for (name, differences) in differing {
        text.push_str(&format!("In the case `{}`:\n", printable(name)));
        differences.iter().for_each(|difference| text.push_str(&format!("- {}\n", printable(difference))));
    }
    text
}
