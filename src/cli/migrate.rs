//! `hookwright migrate`: a spec of a kind of action that its platform has replaced, written as its successor.

use hookwright::case::Spec;
use hookwright::dialect::migration::{Migration, Unmigrated, migrate};
use hookwright::report::{self, Paint};
use hookwright::suite::{Side, differences};

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
    };
    project.sources.add(&path, migration.text.as_str());
    let new = checked(&project, &path)?;
    let cases = by_case(&old.spec, &new.spec);
    if !arguments.quiet {
        print(&patch(&project, &old, &new));
    }
    print(&told(&migration, &cases));
    if let Some(why) = &new.spec.not_runnable {
        complain(&format!("the new spec could not run: {why}; nothing is written"));
        return Ok(Ending::Findings);
    }
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

/// Each case with what it shows to differ.
fn by_case<'a>(old: &'a Spec, new: &Spec) -> Vec<(&'a str, Vec<String>)> {
    let (Some(old_plan), Some(new_plan)) = (&old.plan, &new.plan) else { return Vec::new() };
    let pairs = old.cases.iter().zip(&new.cases);
    pairs
        .map(|(before, after)| {
            let old = Side { plan: old_plan, case: before, declared_secrets: &old.declared_secrets };
            let new = Side { plan: new_plan, case: after, declared_secrets: &new.declared_secrets };
            (before.name.value.as_str(), differences(old, new))
        })
        .collect()
}

/// What changes in words: for any values, and in each case.
fn told(migration: &Migration, cases: &[(&str, Vec<String>)]) -> String {
    let mut text = format!("\nWhat the `{}` action does in another way:\n", migration.dialect);
    migration.changes.iter().for_each(|change| text.push_str(&format!("- {change}\n")));
    let differing: Vec<_> = cases.iter().filter(|(_, differences)| !differences.is_empty()).collect();
    if cases.is_empty() {
        return text;
    }
    let alike = cases.len() - differing.len();
    text.push_str(&format!("\n{alike} of {} cases behave alike.\n", cases.len()));
    for (name, differences) in differing {
        text.push_str(&format!("In the case `{}`:\n", hookwright::diagnostic::printable(name)));
        differences
            .iter()
            .for_each(|difference| text.push_str(&format!("- {}\n", hookwright::diagnostic::printable(difference))));
    }
    text
}
