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

/// A suite for each spec with a test for each case; one that was not run is skipped.
pub fn test_junit(report: &SuiteReport, context: &Context<'_>) -> String {
    let mut suites: BTreeMap<&str, Cases> = BTreeMap::new();
    for result in &report.results {
        let suite = suites.entry(&result.spec).or_default();
        suite.took += result.duration();
        suite.cases.push(case(result, context));
    }
    for left_out in &report.not_run {
        let mut status = TestCaseStatus::skipped();
        status.set_message(context.secrets.mask(&format!("not run: {}", left_out.reason())));
        let case = with_class(TestCase::new(left_out.case.as_str(), status), &left_out.spec);
        suites.entry(&left_out.spec).or_default().cases.push(case);
    }
    let mut junit = Report::new("hookwright test");
    junit.set_time(suites.values().map(|suite| suite.took).sum());
    junit.add_test_suites(suites.into_iter().map(|(spec, suite)| suite.suite(spec)));
    written(&junit)
}

/// The cases of one spec.
#[derive(Default)]
struct Cases {
    cases: Vec<TestCase>,
    took: Duration,
}

impl Cases {
    fn suite(self, spec: &str) -> TestSuite {
        let mut suite = TestSuite::new(spec);
        suite.set_time(self.took);
        suite.add_test_cases(self.cases);
        suite
    }
}

fn case(result: &CaseResult, context: &Context<'_>) -> TestCase {
    let status = match result.status {
        Status::Passed => TestCaseStatus::success(),
        Status::Failed => failure("failed", result, context),
        Status::New => failure("new", result, context),
    };
    let mut case = with_class(TestCase::new(result.case.as_str(), status), &result.spec);
    case.set_time(result.duration());
    if result.sent_again > 0 {
        case.set_system_out(format!("sent again: {}", result.sent_again));
    }
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
    let change = result.change.as_ref().filter(|_| result.has_changed()).or(result.request_change());
    if let Some((old, new)) = change {
        text.push('\n');
        text.push_str(&diff(old, new, Paint { color: false }));
    }
    status.set_description(text);
    status
}

fn written(report: &Report) -> String {
    // Writing into memory cannot fail. Control characters have been taken out; two more that XML cannot hold have not.
    let xml = report.to_string().unwrap_or_default().replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}");
    without_skipped_of_all(&xml)
}

/// The schema of Jenkins knows how many tests of a suite were skipped, but not how many of all suites.
fn without_skipped_of_all(xml: &str) -> String {
    let tag = xml.find("<testsuites ").and_then(|start| Some((start, start + xml[start..].find('>')?)));
    let Some((start, end)) = tag else { return xml.to_string() };
    let attributes = &xml[start..end];
    // A quotation mark in a value is written `&quot;`, so this is the attribute itself.
    let Some((before, rest)) = attributes.split_once(" skipped=\"") else { return xml.to_string() };
    let after = rest.split_once('"').map_or("", |(_, after)| after);
    format!("{}{before}{after}{}", &xml[..start], &xml[end..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Lint;
    use crate::source::{Sources, Span};
    use crate::suite::{LeftOut, NotRun, SnapshotState};

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
<testsuites name="hookwright lint" tests="2" failures="1" errors="0">
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
        let not_run = vec![NotRun { spec: "b.toml".into(), case: "two".into(), why: LeftOut::AfterFailure }];
        let report = SuiteReport { results: vec![changed.judge(), passed.judge()], not_run, ..SuiteReport::default() };
        let xml = test_junit(&report, &context);
        let expected = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="hookwright test" tests="3" failures="1" errors="0" time="0.000">
    <testsuite name="a.toml" tests="2" skipped="0" errors="0" failures="1" time="0.000">
        <testcase name="one" classname="a.toml" time="0.000">
            <failure message="the transcript differs from the approved snapshot" type="failed">the transcript differs from the approved snapshot
@@ -1,1 +1,1 @@
-a
+b
</failure>
        </testcase>
        <testcase name="one" classname="a.toml" time="0.000"/>
    </testsuite>
    <testsuite name="b.toml" tests="1" skipped="1" errors="0" failures="0" time="0.000">
        <testcase name="two" classname="b.toml">
            <skipped message="not run: another case had failed before"/>
        </testcase>
    </testsuite>
</testsuites>
"#;
        assert_eq!(xml, expected);
    }
}
