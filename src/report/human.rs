//! Reports for people at a terminal.

use std::time::Duration;

use super::diff::{Paint, diff};
use super::{Context, count};
use crate::diagnostic::{Diagnostic, Finding, Frames, Severity, printable};
use crate::eval::SecretValues;
use crate::suite::{CaseResult, SnapshotState, Status, SuiteReport};

/// The frames of all findings, in the order given, with an empty line after each.
pub fn lint_text(diagnostics: &[Diagnostic], context: &Context<'_>) -> String {
    let frame = |frames: &Frames<'_>, diagnostic| frames.render(diagnostic, context.sources) + "\n";
    context.with_frames(&SecretValues::default(), |frames| {
        diagnostics.iter().map(|diagnostic| frame(frames, diagnostic)).collect()
    })
}

/// `3 specs: 2 errors, 1 warning; 4 expected`, in one line. What is expected is counted apart, since it never fails the run.
pub fn lint_summary(diagnostics: &[Diagnostic], specs: usize, paint: Paint) -> String {
    let counting = |severity| move |found: &&Diagnostic| found.severity == severity && !found.is_expected;
    let of = |severity| diagnostics.iter().filter(counting(severity)).count();
    let kinds = [
        (Severity::Error, "error", Paint::RED),
        (Severity::Warning, "warning", Paint::YELLOW),
        (Severity::Info, "info", Paint::CYAN),
    ];
    let counts: Vec<String> = kinds
        .into_iter()
        .map(|(severity, noun, style)| (of(severity), severity, noun, style))
        .filter(|(number, ..)| *number > 0)
        .map(|(number, severity, noun, style)| {
            let words = if severity == Severity::Info { format!("{number} {noun}") } else { count(number, noun) };
            paint.text(style, &words)
        })
        .collect();
    let found = if counts.is_empty() { paint.text(Paint::GREEN, "nothing to complain about") } else { counts.join(", ") };
    let expected = diagnostics.iter().filter(|diagnostic| diagnostic.is_expected).count();
    let expected = if expected == 0 { String::new() } else { format!("; {expected} expected") };
    format!("{}: {found}{expected}\n", count(specs, "spec"))
}

/// What failed, what is new, and what is left over.
pub fn test_text(report: &SuiteReport, context: &Context<'_>) -> String {
    let mut text = lint_text(&report.diagnostics, context);
    for result in report.results.iter().filter(|result| result.status == Status::Failed) {
        text.push_str(&failed_text(result, context));
        text.push('\n');
    }
    text.push_str(&new_text(report, context));
    text.push_str(&orphans_text(report, context));
    text
}

/// `12 passed, 1 failed, 2 new`, in one line.
pub fn test_summary(report: &SuiteReport, paint: Paint) -> String {
    let summary = report.summary();
    let mut counts = vec![paint.text(Paint::GREEN, &format!("{} passed", summary.passed))];
    if summary.failed > 0 {
        counts.push(paint.text(Paint::RED, &format!("{} failed", summary.failed)));
    }
    if summary.new > 0 {
        counts.push(paint.text(Paint::YELLOW, &format!("{} new", summary.new)));
    }
    let mut line = counts.join(", ");
    let after_failure = report.not_run.iter().filter(|not_run| not_run.is_after_failure()).count();
    if after_failure > 0 {
        line.push_str(&format!("; {after_failure} not run after the first failure"));
    }
    if report.not_run.len() > after_failure {
        line.push_str(&format!("; {} not run", report.not_run.len() - after_failure));
    }
    line.push('\n');
    line
}

/// What a real service could not meet, and what was sent to it more than once.
pub fn live_text(report: &SuiteReport, context: &Context<'_>) -> String {
    let safe = |line: String| printable(&context.secrets.mask(&line)).into_owned();
    let left_out = report.not_run.iter().filter(|not_run| !not_run.is_after_failure());
    let mut text: String = left_out
        .map(|not_run| safe(format!("not run {}: {}: {}\n", not_run.spec, not_run.case, not_run.reason())))
        .collect();
    for result in report.results.iter().filter(|result| result.sent_again > 0) {
        let times = count(result.sent_again as usize, "time");
        text.push_str(&safe(result.net().mask(&format!("sent again {times} {}: {}\n", result.spec, result.case))));
    }
    text
}

/// A case that takes longer than this is worth a word.
const SLOW: Duration = Duration::from_secs(1);

/// The slowest cases, one a line: as many as are asked for, else the few that took long.
pub fn slowest_text(report: &SuiteReport, asked: Option<usize>, context: &Context<'_>) -> String {
    const FEW: usize = 3;
    let mut slowest = report.slowest();
    match asked {
        Some(most) => slowest.truncate(most),
        None => {
            slowest.retain(|result| result.duration() > SLOW);
            slowest.truncate(FEW);
        }
    }
    let line = |result: &&CaseResult| {
        let name = context.secrets.mask(&result.net().mask(&format!("{}: {}", result.spec, result.case)));
        format!("  {:>8}  {}\n", took(result.duration()), printable(&name))
    };
    let lines: String = slowest.iter().map(line).collect();
    if lines.is_empty() { lines } else { format!("slowest:\n{lines}") }
}

/// `3.4 ms`, `1.25 s`
fn took(duration: Duration) -> String {
    match duration >= SLOW {
        true => format!("{:.2} s", duration.as_secs_f64()),
        false => format!("{:.1} ms", duration.as_secs_f64() * 1000.0),
    }
}

/// Each expectation with its place in the spec, then what changed in the transcript.
fn failed_text(result: &CaseResult, context: &Context<'_>) -> String {
    let paint = Paint { color: context.color };
    let net = result.net();
    let mut text = heading(result, "failed", context);
    for problem in &result.problems {
        let problem = context.secrets.mask(&net.mask(problem));
        text.push_str(&format!("{}: {}\n", paint.text(Paint::RED.bold(), "error"), printable(&problem)));
    }
    context.with_frames(&net, |frames| {
        for failed in &result.failures {
            text.push_str(&frames.render(Finding::new(Severity::Error, &failed.message, failed.span), context.sources));
        }
    });
    if let (true, Some((old, new))) = (result.has_changed(), &result.change) {
        let path = result.snapshot_path.as_deref().unwrap_or("the approved snapshot");
        let title = format!("the transcript differs from {}", printable(path));
        text.push_str(&format!("{}: {title}\n", paint.text(Paint::RED.bold(), "error")));
        text.push_str(&diff(old, new, paint));
        text.push_str("approve it with `hookwright review` or `hookwright test --update`\n");
    }
    if let (Some(title), Some((old, new))) = (result.request_difference(), result.request_change()) {
        text.push_str(&format!("{}: {}\n", paint.text(Paint::RED.bold(), "error"), printable(&title)));
        text.push_str(&diff(old, new, paint));
    }
    text
}

fn heading(result: &CaseResult, word: &str, context: &Context<'_>) -> String {
    let paint = Paint { color: context.color };
    let style = if word == "failed" { Paint::RED.bold() } else { Paint::YELLOW.bold() };
    let name = format!("{}: {}", printable(&result.spec), printable(&result.case));
    let duration = if result.duration() > SLOW { format!(" ({})", took(result.duration())) } else { String::new() };
    format!("{} {}{duration}\n", paint.text(style, word), paint.text(Paint::BOLD, &name))
}

fn new_text(report: &SuiteReport, context: &Context<'_>) -> String {
    let new: Vec<&CaseResult> =
        report.results.iter().filter(|result| result.snapshot == SnapshotState::New && !result.approved).collect();
    let mut text: String = new.iter().map(|result| heading(result, "new", context)).collect();
    if !new.is_empty() {
        let (what, them) =
            if new.len() == 1 { ("has no approved snapshot", "it") } else { ("have no approved snapshots", "them") };
        let how = format!("approve {them} with `hookwright review` or `hookwright test --update`");
        text.push_str(&format!("{} {what}; {how}\n\n", count(new.len(), "case")));
    }
    text
}

fn orphans_text(report: &SuiteReport, context: &Context<'_>) -> String {
    if report.orphans.is_empty() {
        return String::new();
    }
    let paint = Paint { color: context.color };
    let belongs = if report.orphans.len() == 1 { "belongs" } else { "belong" };
    let title =
        format!("{} {belongs} to no case; remove with `hookwright review --prune`", count(report.orphans.len(), "snapshot"));
    let paths: String = report.orphans.iter().map(|path| format!("  {}\n", printable(path))).collect();
    format!("{}: {title}\n{paths}\n", paint.text(Paint::YELLOW.bold(), "warning"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Lint;
    use crate::report::fixture::exchange;
    use crate::source::{Sources, Span};
    use crate::suite::{Failed, LeftOut, NotRun, Ran};

    static LINT: Lint = Lint { name: "unknown-filter", severity: Severity::Error, summary: "", page: "" };

    fn report(sources: &Sources) -> SuiteReport {
        let file = sources.add("specs/a.toml", "[case.expect]\nsuccess = false # k-1234\n");
        let mut failed = CaseResult::not_run("specs/a.toml", "opens a ticket", "");
        failed.problems.clear();
        failed.failures.push(Failed { message: "expected success false, got true".into(), span: Span::new(file, 24, 29) });
        failed.snapshot = SnapshotState::Changed;
        failed.snapshot_path = Some("snapshots/a/opens-a-ticket.snap".into());
        failed.change = Some(("outcome\n  exit: 2xx\n".into(), "outcome\n  exit: 5xx\n".into()));
        failed.ran = Ran::Case(Box::new(exchange()));
        let mut new = CaseResult::not_run("specs/b.toml", "refused / 401", "");
        new.problems.clear();
        new.snapshot = SnapshotState::New;
        let mut passed = new.clone();
        passed.snapshot = SnapshotState::Same;
        let lost = CaseResult::not_run("specs/c.toml", "lost", "there is no `url`");
        let results = vec![failed.judge(), new.judge(), passed.judge(), lost];
        SuiteReport { results, orphans: vec!["snapshots/gone.snap".into()], ..SuiteReport::default() }
    }

    #[test]
    fn a_run_for_people() {
        let sources = Sources::in_memory();
        let report = report(&sources);
        let secrets = SecretValues::default();
        let context = Context { sources: &sources, secrets: &secrets, color: false, width: 80 };
        let expected = "\
failed specs/a.toml: opens a ticket
error: expected success false, got true
 --> specs/a.toml:2:11
  |
2 | success = false # ••••••••
  |           ^^^^^
error: the transcript differs from snapshots/a/opens-a-ticket.snap
@@ -1,2 +1,2 @@
 outcome
-  exit: 2xx
+  exit: 5xx
approve it with `hookwright review` or `hookwright test --update`

failed specs/c.toml: lost
error: there is no `url`

new specs/b.toml: refused / 401
1 case has no approved snapshot; approve it with `hookwright review` or `hookwright test --update`

warning: 1 snapshot belongs to no case; remove with `hookwright review --prune`
  snapshots/gone.snap

";
        assert_eq!(test_text(&report, &context), expected);
        assert_eq!(test_summary(&report, Paint { color: false }), "1 passed, 2 failed, 1 new\n");
        assert!(test_summary(&report, Paint { color: true }).contains("\u{1b}[31m2 failed\u{1b}[0m"));
        let colored = test_text(&report, &Context { color: true, ..context });
        assert_eq!(anstream::adapter::strip_str(&colored).to_string(), expected);
    }

    #[test]
    fn what_took_long_and_what_was_not_run_is_told() {
        let sources = Sources::in_memory();
        let mut report = report(&sources);
        let secrets = SecretValues::default();
        let context = Context { sources: &sources, secrets: &secrets, color: false, width: 80 };
        assert_eq!(slowest_text(&report, None, &context), "", "nothing took long");
        let line = "slowest:\n    1.4 ms  specs/a.toml: opens a ticket\n";
        assert_eq!(slowest_text(&report, Some(1), &context), line);
        assert_eq!(slowest_text(&report, Some(9), &context).lines().count(), 5);
        assert_eq!(slowest_text(&report, Some(0), &context), "");
        let Ran::Case(exchange) = &mut report.results[0].ran else { panic!("it ran") };
        exchange.duration_milliseconds = 12_345.6;
        assert_eq!(slowest_text(&report, None, &context), "slowest:\n   12.35 s  specs/a.toml: opens a ticket\n");
        assert!(test_text(&report, &context).starts_with("failed specs/a.toml: opens a ticket (12.35 s)\n"));
        report.not_run = vec![NotRun { spec: "specs/z.toml".into(), case: "x".into(), why: LeftOut::AfterFailure }; 3];
        let summary = "1 passed, 2 failed, 1 new; 3 not run after the first failure\n";
        assert_eq!(test_summary(&report, Paint { color: false }), summary);
    }

    #[test]
    fn what_a_service_could_not_meet_is_told_with_its_reason() {
        let sources = Sources::in_memory();
        let mut report = report(&sources);
        let mut secrets = SecretValues::default();
        secrets.insert("k-9999");
        let context = Context { sources: &sources, secrets: &secrets, color: false, width: 80 };
        assert_eq!(live_text(&report, &context), "");
        let why = LeftOut::CannotBeMet("as k-9999 says".into());
        report.not_run = vec![NotRun { spec: "specs/z.toml".into(), case: "x".into(), why }];
        report.results[0].sent_again = 2;
        let expected = "not run specs/z.toml: x: as •••••••• says\nsent again 2 times specs/a.toml: opens a ticket\n";
        assert_eq!(live_text(&report, &context), expected);
        assert_eq!(test_summary(&report, Paint { color: false }), "1 passed, 2 failed, 1 new; 1 not run\n");
    }

    #[test]
    fn a_request_that_is_not_the_approved_one_is_shown() {
        let sources = Sources::in_memory();
        let secrets = SecretValues::default();
        let context = Context { sources: &sources, secrets: &secrets, color: false, width: 80 };
        let mut result = CaseResult::not_run("specs/a.toml", "x", "it is not as it should be");
        result.snapshot_path = Some("snapshots/a/x.snap".into());
        result.change = Some(("request\n  GET a\n".into(), "request\n  GET b\n".into()));
        let text = failed_text(&result, &context);
        let expected = "\
failed specs/a.toml: x
error: it is not as it should be
error: the request differs from that in snapshots/a/x.snap, so it was not sent
@@ -1,2 +1,2 @@
 request
-  GET a
+  GET b
";
        assert_eq!(text, expected);
        result.problems.clear();
        assert_eq!(result.judge().status, Status::Failed);
    }

    #[test]
    fn findings_for_people() {
        let sources = Sources::in_memory();
        let file = sources.add("a.toml", "a = 1\n");
        let secrets = SecretValues::default();
        let context = Context { sources: &sources, secrets: &secrets, color: false, width: 80 };
        let mut info = Diagnostic::new(&LINT, Span::new(file, 0, 1), "one");
        info.severity = Severity::Info;
        let error = Diagnostic::new(&LINT, Span::new(file, 4, 5), "two");
        let findings = [info, error];
        let text = lint_text(&findings, &context);
        assert!(
            text.starts_with("info[unknown-filter]: one\n") && text.contains("\n\nerror[unknown-filter]: two\n"),
            "{text}"
        );
        assert_eq!(lint_summary(&findings, 3, Paint { color: false }), "3 specs: 1 error, 1 info\n");
        assert_eq!(lint_summary(&[], 1, Paint { color: false }), "1 spec: nothing to complain about\n");
        let expected = findings.map(|finding| Diagnostic { is_expected: true, ..finding });
        assert_eq!(lint_summary(&expected, 1, Paint { color: false }), "1 spec: nothing to complain about; 2 expected\n");
    }
}
