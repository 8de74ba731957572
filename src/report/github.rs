//! Workflow commands that GitHub shows as annotations beside the code.

use super::Context;
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Span;
use crate::suite::{CaseResult, SnapshotState, Status, SuiteReport};

/// One annotation.
struct Annotation<'a> {
    severity: Severity,
    title: &'a str,
    message: &'a str,
}

/// One annotation for each finding; one that is expected is a notice.
pub fn github_lint(diagnostics: &[Diagnostic], context: &Context<'_>) -> String {
    let annotate = |diagnostic: &Diagnostic| {
        let help = diagnostic.help.as_ref().map(|help| format!("\nhelp: {help}")).unwrap_or_default();
        let message = context.mask(&format!("{}{help}", diagnostic.message), diagnostic.span);
        let severity = if diagnostic.is_expected { Severity::Info } else { diagnostic.severity };
        let annotation = Annotation { severity, title: diagnostic.lint.name, message: &message };
        at_span(&annotation, diagnostic.span, context)
    };
    diagnostics.iter().map(annotate).collect()
}

/// One annotation for each failed expectation, each changed and each new snapshot.
pub fn github_test(report: &SuiteReport, context: &Context<'_>) -> String {
    let mut text = github_lint(&report.diagnostics, context);
    for result in report.results.iter().filter(|result| result.status != Status::Passed) {
        add_case(&mut text, result, context);
    }
    text
}

fn add_case(text: &mut String, result: &CaseResult, context: &Context<'_>) {
    let net = result.net();
    let safe = |message: &str| context.secrets.mask(&net.mask(message));
    let title = result.case.as_str();
    for failed in &result.failures {
        let annotation = Annotation { severity: Severity::Error, title, message: &safe(&failed.message) };
        text.push_str(&at_span(&annotation, failed.span, context));
    }
    for problem in &result.problems {
        text.push_str(&in_file(&Annotation { severity: Severity::Error, title, message: &safe(problem) }, &result.spec));
    }
    let snapshot = result.snapshot_path.as_deref().unwrap_or("its snapshot");
    if result.has_changed() {
        let message = format!("the transcript differs from {snapshot}");
        text.push_str(&in_file(&Annotation { severity: Severity::Error, title, message: &message }, &result.spec));
    }
    if result.snapshot == SnapshotState::New && !result.approved {
        let message = format!("there is no approved transcript at {snapshot}");
        text.push_str(&in_file(&Annotation { severity: Severity::Error, title, message: &message }, &result.spec));
    }
}

fn at_span(annotation: &Annotation<'_>, span: Span, context: &Context<'_>) -> String {
    let (file, start, end) = context.place(span);
    let mut properties = format!("file={},line={},col={}", property(&file), start.line, start.column);
    properties.push_str(&format!(",endLine={}", end.line));
    // GitHub takes an end column only within one line; it counts the last one in, our end is past it.
    if start.line == end.line {
        properties.push_str(&format!(",endColumn={}", end.column.max(start.column + 1) - 1));
    }
    command(annotation, &properties)
}

fn in_file(annotation: &Annotation<'_>, file: &str) -> String {
    command(annotation, &format!("file={}", property(file)))
}

fn command(annotation: &Annotation<'_>, properties: &str) -> String {
    let name = match annotation.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    format!("::{name} {properties},title={}::{}\n", property(annotation.title), data(annotation.message))
}

/// The text of a command: what would end it is escaped.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property's value: what would end it, too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Lint;
    use crate::eval::SecretValues;
    use crate::source::Sources;
    use crate::suite::Failed;

    static LINT: Lint = Lint { name: "unknown-filter", severity: Severity::Warning, summary: "", page: "" };

    #[test]
    fn annotations_cannot_be_broken_out_of() {
        let sources = Sources::in_memory();
        let file = sources.add("specs/a,b:c.toml", "a = 1\nb = 2\n");
        let mut secrets = SecretValues::default();
        secrets.insert("k-1234");
        let context = Context { sources: &sources, secrets: &secrets, color: false, width: 80 };
        let one = Diagnostic::new(&LINT, Span::new(file, 0, 1), "100%\r\n::error::k-1234").help("see it");
        let mut two = Diagnostic::new(&LINT, Span::new(file, 4, 7), "two lines");
        two.is_expected = true;
        assert_eq!(
            github_lint(&[one, two], &context),
            "::warning file=specs/a%2Cb%3Ac.toml,line=1,col=1,endLine=1,endColumn=1,title=unknown-filter::100%25%0D%0A::error::••••••••%0Ahelp: see it\n\
             ::notice file=specs/a%2Cb%3Ac.toml,line=1,col=5,endLine=2,title=unknown-filter::two lines\n"
        );
        let mut failed = CaseResult::not_run("a.toml", "x: y", "no url");
        failed.failures.push(Failed { message: "expected 1".into(), span: Span::new(file, 6, 6) });
        let mut new = CaseResult::not_run("b.toml", "new", "");
        new.problems.clear();
        new.snapshot = SnapshotState::New;
        new.snapshot_path = Some("snapshots/b/new.snap".into());
        let report = SuiteReport { results: vec![failed, new.judge()], ..SuiteReport::default() };
        assert_eq!(
            github_test(&report, &context),
            "::error file=specs/a%2Cb%3Ac.toml,line=2,col=1,endLine=2,endColumn=1,title=x%3A y::expected 1\n\
             ::error file=a.toml,title=x%3A y::no url\n\
             ::error file=b.toml,title=new::there is no approved transcript at snapshots/b/new.snap\n"
        );
    }
}
