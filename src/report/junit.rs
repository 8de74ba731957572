//! JUnit XML, which most CI systems read.

use std::collections::BTreeMap;
use std::time::Duration;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::Context;
use super::diff::{Paint, diff};
use crate::diagnostic::{Diagnostic, Frames, Severity};
use crate::eval::SecretValues;
use crate::suite::{CaseResult, Status, SuiteReport};

/// A suite for each file with a failing test for each error and warning; a file without any has one that passes. What does
/// not count, info and what is expected, is told in the suite's output.
pub fn lint_junit(diagnostics: &[Diagnostic], files: &[String], context: &Context<'_>) -> String {
    let mut suites: BTreeMap<String, Findings> = files.iter().map(|file| (file.clone(), Findings::default())).collect();
    let plain = Context { color: false, ..*context };
    plain.with_frames(&SecretValues::default(), |frames| {
        for diagnostic in diagnostics {
            let found = suites.entry(context.sources.file(diagnostic.span.file).path.clone()).or_default();
            if diagnostic.severity == Severity::Info || diagnostic.is_expected {
                found.output.push_str(&frames.render(diagnostic, context.sources));
            } else {
                found.cases.push(finding(diagnostic, frames, context));
            }
        }
    });
    let mut report = Report::new("hookwright lint");
    report.add_test_suites(suites.into_iter().map(|(file, found)| found.suite(&file)));
    written(&report)
}

/// What was found in one file.
#[derive(Default)]
struct Findings {
    cases: Vec<TestCase>,
    /// What does not count.
    output: String,
}

impl Findings {
    fn suite(mut self, file: &str) -> TestSuite {
        if self.cases.is_empty() {
            self.cases.push(with_class(TestCase::new("lint", TestCaseStatus::success()), file));
        }
        let mut suite = TestSuite::new(file);
        suite.add_test_cases(self.cases);
        if !self.output.is_empty() {
            suite.set_system_out(self.output);
        }
        suite
    }
}

fn finding(diagnostic: &Diagnostic, frames: &Frames<'_>, context: &Context<'_>) -> TestCase {
    let (file, start, _) = context.place(diagnostic.span);
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_type(diagnostic.severity.word());
    status.set_message(context.mask(&diagnostic.message, diagnostic.span));
    status.set_description(frames.render(diagnostic, context.sources));
    let name = format!("{} at {}:{}", diagnostic.lint.name, start.line, start.column);
    with_class(TestCase::new(name, status), &file)
}

fn with_class(mut case: TestCase, file: &str) -> TestCase {
    case.set_classname(file);
    case
}

/// A suite for each spec with a test for each case.
pub fn test_junit(report: &SuiteReport, context: &Context<'_>) -> String {
    let mut suites: Vec<(String, TestSuite)> = Vec::new();
    for result in &report.results {
        let index = suites.iter().position(|(spec, _)| *spec == result.spec).unwrap_or_else(|| {
            suites.push((result.spec.clone(), TestSuite::new(result.spec.as_str())));
            suites.len() - 1
        });
        suites[index].1.add_test_case(case(result, context));
    }
    let mut junit = Report::new("hookwright test");
    junit.add_test_suites(suites.into_iter().map(|(_, suite)| suite));
    written(&junit)
}

fn case(result: &CaseResult, context: &Context<'_>) -> TestCase {
    let status = match result.status {
        Status::Passed => TestCaseStatus::success(),
        Status::Failed => failure("failed", result, context),
        Status::New => failure("new", result, context),
    };
    let mut case = with_class(TestCase::new(result.case.as_str(), status), &result.spec);
    let milliseconds: f64 = result.exchanges().iter().map(|exchange| exchange.duration_milliseconds).sum();
    case.set_time(Duration::try_from_secs_f64(milliseconds / 1000.0).unwrap_or_default());
    case
}

fn failure(kind: &str, result: &CaseResult, context: &Context<'_>) -> TestCaseStatus {
    let net = result.net();
    let mut reasons: Vec<String> = result.reasons().iter().map(|reason| context.secrets.mask(&net.mask(reason))).collect();
    let snapshot = result.snapshot_path.as_deref().unwrap_or("the approved snapshot");
    if result.has_changed() {
        reasons.push(format!("the transcript differs from {snapshot}"));
    }
    if result.status == Status::New {
        reasons.push("there is no approved transcript".into());
    }
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_type(kind);
    status.set_message(reasons.first().cloned().unwrap_or_default());
    let mut text = reasons.join("\n");
    if let (true, Some((old, new))) = (result.has_changed(), &result.change) {
        text.push('\n');
        text.push_str(&diff(old, new, Paint { color: false }));
    }
    status.set_description(text);
    status
}

fn written(report: &Report) -> String {
    // Writing into memory cannot fail, and what XML cannot hold has been taken out.
    report.to_string().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Lint;
    use crate::source::{Sources, Span};
    use crate::suite::SnapshotState;

    static LINT: Lint = Lint { name: "unknown-filter", severity: Severity::Error, summary: "", page: "" };

    #[test]
    fn findings_by_file() {
        let sources = Sources::in_memory();
        let file = sources.add("specs/a.toml", "a = 1\n");
        let secrets = SecretValues::default();
        let context = Context { sources: &sources, secrets: &secrets, color: true, width: 80 };
        let error = Diagnostic::new(&LINT, Span::new(file, 0, 1), "no <filter> & \u{1b}");
        let mut info = Diagnostic::new(&LINT, Span::new(file, 4, 5), "info");
        info.severity = Severity::Info;
        let expected = Diagnostic { is_expected: true, ..Diagnostic::new(&LINT, Span::new(file, 2, 3), "expected") };
        let xml = lint_junit(&[error, info, expected], &["specs/a.toml".into(), "specs/b.toml".into()], &context);
        let expected = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="hookwright lint" tests="2" skipped="0" failures="1" errors="0">
    <testsuite name="specs/a.toml" tests="1" skipped="0" errors="0" failures="1">
        <testcase name="unknown-filter at 1:1" classname="specs/a.toml">
            <failure message="no &lt;filter&gt; &amp; " type="error">error[unknown-filter]: no &lt;filter&gt; &amp; ␛
 --&gt; specs/a.toml:1:1
  |
1 | a = 1
  | ^
</failure>
        </testcase>
        <system-out>info[unknown-filter]: info
 --&gt; specs/a.toml:1:5
  |
1 | a = 1
  |     ^
error[unknown-filter]: expected
 --&gt; specs/a.toml:1:3
  |
1 | a = 1
  |   ^
</system-out>
    </testsuite>
    <testsuite name="specs/b.toml" tests="1" skipped="0" errors="0" failures="0">
        <testcase name="lint" classname="specs/b.toml"/>
    </testsuite>
</testsuites>
"#;
        assert_eq!(xml, expected);
    }

    #[test]
    fn cases_by_spec() {
        let sources = Sources::in_memory();
        let secrets = SecretValues::default();
        let context = Context { sources: &sources, secrets: &secrets, color: false, width: 80 };
        let mut changed = CaseResult::not_run("a.toml", "one", "");
        changed.problems.clear();
        changed.snapshot = SnapshotState::Changed;
        changed.change = Some(("a\n".into(), "b\n".into()));
        let mut passed = changed.clone();
        passed.snapshot = SnapshotState::Same;
        let report = SuiteReport { results: vec![changed.judge(), passed.judge()], ..SuiteReport::default() };
        let xml = test_junit(&report, &context);
        let expected = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="hookwright test" tests="2" skipped="0" failures="1" errors="0">
    <testsuite name="a.toml" tests="2" skipped="0" errors="0" failures="1">
        <testcase name="one" classname="a.toml" time="0.000">
            <failure message="the transcript differs from the approved snapshot" type="failed">the transcript differs from the approved snapshot
@@ -1,1 +1,1 @@
-a
+b
</failure>
        </testcase>
        <testcase name="one" classname="a.toml" time="0.000"/>
    </testsuite>
</testsuites>
"#;
        assert_eq!(xml, expected);
    }
}
