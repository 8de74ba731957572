//! `hookwright lint`: what is wrong, without running anything.

use hookwright::diagnostic::Diagnostic;
use hookwright::eval::SecretValues;
use hookwright::report::{self, Context, Paint};

use super::arguments::{Arguments, Lint, LintFormat};
use super::output::{pretty, print, wants_color, width};
use super::project::{Checked, Project};
use super::{Ending, Refusal};

pub fn run(lint: &Lint, arguments: &Arguments) -> Result<Ending, Refusal> {
    let project = Project::open()?;
    let paths = project.specs(&lint.paths)?;
    let checks = project.check_only(&paths);
    let checked = &checks.checked;
    let findings = findings(&project, checked);
    let secrets = secret_values(checked);
    let context = Context { sources: &project.sources, secrets: &secrets, color: wants_color(), width: width() };
    match lint.format {
        LintFormat::Json => print(&pretty(&report::lint_json(&findings, &context))),
        LintFormat::Sarif => print(&pretty(&report::lint_sarif(&findings, &context))),
        LintFormat::Github => print(&report::github_lint(&findings, &context)),
        LintFormat::Junit => print(&report::lint_junit(&findings, &paths, &context)),
        LintFormat::Human => {
            print(&report::lint_text(&findings, &context));
            if !arguments.quiet && !checked.is_empty() {
                print(&report::lint_summary(&findings, checked.len(), Paint { color: context.color }));
            }
        }
    }
    let deny = lint.deny_warnings;
    Ok(checks.ending(if passes(&project, checked, deny) { Ending::Well } else { Ending::Findings }))
}

/// Every finding: the manifest's first, then each spec's.
pub fn findings(project: &Project, checked: &[Checked]) -> Vec<Diagnostic> {
    let of_specs = checked.iter().flat_map(|checked| checked.spec.diagnostics.iter());
    project.manifest_findings.iter().chain(of_specs).cloned().collect()
}

/// Whether no finding fails the run.
pub fn passes(project: &Project, checked: &[Checked], deny_warnings: bool) -> bool {
    use hookwright::diagnostic::Severity;
    let least = if deny_warnings { Severity::Warning } else { Severity::Error };
    let manifest = project.manifest_findings.iter().all(|finding| finding.severity < least);
    let spec = |checked: &Checked| match deny_warnings {
        true => checked.verdict.passes_without_warnings(&checked.spec.diagnostics),
        false => checked.verdict.passes,
    };
    manifest && checked.iter().all(spec)
}

/// Every secret value that the cases give: none of them may be shown.
pub fn secret_values(checked: &[Checked]) -> SecretValues {
    let mut values = SecretValues::default();
    for case in checked.iter().flat_map(|checked| &checked.spec.cases) {
        for secret in &case.given.secrets {
            values.insert(secret.value.reveal());
        }
    }
    values
}
