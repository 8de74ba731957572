//! `hookwright lint`: what is wrong, without running anything.

use hookwright::case::Flow;
use hookwright::check::Catalogue;
use hookwright::diagnostic::Diagnostic;
use hookwright::dialect;
use hookwright::eval::SecretValues;
use hookwright::report::{self, Context, Paint};

use super::arguments::{Arguments, Lint, LintFormat};
use super::mend::{Bench, Done, done};
use super::output::{note, pretty, print, wants_color, width};
use super::project::{Checked, Checks, Project};
use super::{Ending, Refusal};

pub fn run(lint: &Lint, arguments: &Arguments) -> Result<Ending, Refusal> {
    if lint.diff && lint.format != LintFormat::Human {
        return Err("`--diff` prints a patch, which has no other format; leave out one of `--diff` and `--format`".into());
    }
    lint.levels.check(&Catalogue::new(dialect::lint_sets()))?;
    let mut project = Project::open_with(lint.levels.clone())?;
    let paths = project.specs(&lint.paths)?;
    let mut checks = project.check_only(&paths);
    if lint.diff {
        return Ok(show_patch(lint, arguments, &mut project, &paths, checks));
    }
    let mut done = None;
    if lint.fix {
        let mut bench = Bench::new(&mut project, &paths, checks);
        let mended = bench.mend(lint.reach());
        done = Some(bench.write(&mended));
        (checks, _) = bench.end();
    }
    report(lint, arguments, &project, &paths, &checks.checked, done.as_ref());
    let well = passes(&project, &checks.checked, lint.deny_warnings);
    let ending = if well { Ending::Well } else { Ending::Findings };
    let is_unwritten = done.is_some_and(|done| done.failed > 0);
    Ok(checks.ending(if is_unwritten { Ending::Unreadable } else { ending }))
}

fn report(
    lint: &Lint,
    arguments: &Arguments,
    project: &Project,
    paths: &[String],
    checked: &[Checked],
    done: Option<&Done>,
) {
    let findings = findings(project, checked);
    let secrets = secret_values(checked);
    let context = Context { sources: &project.sources, secrets: &secrets, color: wants_color(), width: width() };
    let paint = Paint { color: context.color };
    match lint.format {
        LintFormat::Json => print(&pretty(&report::lint_json(&findings, &context))),
        LintFormat::Sarif => print(&pretty(&report::lint_sarif(&findings, &context))),
        LintFormat::Github => print(&report::github_lint(&findings, &context)),
        LintFormat::Junit => print(&report::lint_junit(&findings, paths, &context)),
        LintFormat::Human => {
            print(&report::lint_text(&findings, &context));
            if !arguments.quiet && !checked.is_empty() {
                print(&report::lint_summary(&findings, checked.len(), paint));
            }
            if let Some(done) = done.filter(|_| !arguments.quiet) {
                print(&report::fix_summary(true, done.findings, done.files, done.guesses, paint));
            }
        }
    }
}

/// Prints what fixes would change. How it ends is decided by the files as they stand.
fn show_patch(lint: &Lint, arguments: &Arguments, project: &mut Project, paths: &[String], checks: Checks) -> Ending {
    let well = passes(project, &checks.checked, lint.deny_warnings);
    let secrets = secret_values(&checks.checked);
    let mut bench = Bench::new(project, paths, checks);
    let mended = bench.mend(lint.reach());
    let (checks, originals) = bench.end();
    let paint = Paint { color: wants_color() };
    let mut masked = false;
    for path in mended.before.keys() {
        let (Some(old), Some(new)) = (originals.get(path), project.sources.load(path).ok()) else { continue };
        let patch = report::patch(&project.sources.file(*old), &project.sources.file(new), &secrets, paint);
        masked |= patch.masked;
        print(&patch.text);
    }
    if masked {
        note("a changed line holds a secret, which is masked: the patch does not apply there, but `--fix` does");
    }
    if !arguments.quiet {
        let done = done(&mended, |_| true);
        let summary = report::fix_summary(false, done.findings, done.files, done.guesses, Paint { color: false });
        note(summary.trim_end());
    }
    checks.ending(if well { Ending::Well } else { Ending::Findings })
}

/// Every finding: the manifest's first, then each spec's.
pub fn findings<'a>(project: &Project, checked: impl IntoIterator<Item = &'a Checked>) -> Vec<Diagnostic> {
    let of_specs = checked.into_iter().flat_map(|checked| checked.spec.diagnostics.iter());
    project.manifest_findings.iter().chain(of_specs).cloned().collect()
}

/// Whether no finding fails the run.
pub fn passes<'a>(project: &Project, checked: impl IntoIterator<Item = &'a Checked>, deny_warnings: bool) -> bool {
    use hookwright::diagnostic::Severity;
    let least = if deny_warnings { Severity::Warning } else { Severity::Error };
    let manifest = project.manifest_findings.iter().all(|finding| finding.severity < least);
    let spec = |checked: &Checked| match deny_warnings {
        true => checked.verdict.passes_without_warnings(&checked.spec.diagnostics),
        false => checked.verdict.passes,
    };
    manifest && checked.into_iter().all(spec)
}

/// Every secret value that cases and flows give: none of them may be shown.
pub fn secret_values(checked: &[Checked]) -> SecretValues {
    let mut values = SecretValues::default();
    let of_cases = checked.iter().flat_map(|checked| &checked.spec.cases).map(|case| &case.given);
    let of_flows = checked.iter().filter_map(|checked| checked.spec.flow.as_deref()).flat_map(Flow::all_given);
    for secret in of_cases.chain(of_flows).flat_map(|given| &given.secrets) {
        values.insert(secret.value.reveal());
    }
    values
}
