//! Whether a spec passes: its findings against `expect_lints`.

use super::Catalogue;
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Name;

/// What is to be said of a spec as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Without `expect_lints`: there is no error. With it: the errors and warnings are exactly the listed lints, and every
    /// listed lint appears.
    pub passes: bool,
    /// For each of the spec's diagnostics, whether it was expected: then it is printed, but never counts.
    pub expected: Vec<bool>,
    /// The diagnostics, by index, that make the spec fail.
    pub unexpected: Vec<usize>,
    /// The listed lints that did not appear.
    pub missing: Vec<Missing>,
}

/// A lint that the spec is meant to trigger and does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// As listed, with its place.
    pub name: Name,
    pub message: String,
    /// The name that was probably meant.
    pub nearest: Option<&'static str>,
}

impl Verdict {
    /// Holds a file's findings, with their final severities, against what it lists.
    pub fn of(diagnostics: &[Diagnostic], expect_lints: &[Name], catalogue: &Catalogue) -> Verdict {
        let is_listed = |diagnostic: &Diagnostic| expect_lints.iter().any(|name| name.value == diagnostic.lint.name);
        let expected: Vec<bool> = diagnostics.iter().map(is_listed).collect();
        let least = if expect_lints.is_empty() { Severity::Error } else { Severity::Warning };
        let counts = |index: &usize| !expected[*index] && diagnostics[*index].severity >= least;
        let unexpected: Vec<usize> = (0..diagnostics.len()).filter(counts).collect();
        let appears = |name: &Name| diagnostics.iter().any(|diagnostic| diagnostic.lint.name == name.value);
        let missing: Vec<Missing> =
            expect_lints.iter().filter(|name| !appears(name)).map(|name| missing(name, catalogue)).collect();
        Verdict { passes: unexpected.is_empty() && missing.is_empty(), expected, unexpected, missing }
    }

    /// Whether the spec passes when warnings count as errors do: `--deny-warnings`.
    pub fn passes_without_warnings(&self, diagnostics: &[Diagnostic]) -> bool {
        let mut findings = diagnostics.iter().zip(&self.expected);
        self.passes && findings.all(|(diagnostic, expected)| *expected || diagnostic.severity < Severity::Warning)
    }
}

fn missing(name: &Name, catalogue: &Catalogue) -> Missing {
    if catalogue.find(&name.value).is_some() {
        let message = format!("`{}` is expected, but nothing triggers it", name.value);
        return Missing { name: name.clone(), message, nearest: None };
    }
    let message = format!("no lint named `{}`", name.value);
    Missing { name: name.clone(), message, nearest: catalogue.nearest(&name.value) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::test_support::name;
    use crate::check::{broken_suppression::BROKEN_SUPPRESSION, unknown_filter::UNKNOWN_FILTER};
    use crate::diagnostic::Lint;

    fn verdict(found: &[(&'static Lint, Severity)], expected: &[&str]) -> Verdict {
        let diagnostics: Vec<_> = found.iter().map(|(lint, severity)| finding(lint, *severity)).collect();
        let names: Vec<_> = expected.iter().map(|text| name(text)).collect();
        Verdict::of(&diagnostics, &names, &Catalogue::new([]))
    }

    fn finding(lint: &'static Lint, severity: Severity) -> Diagnostic {
        Diagnostic { severity, ..Diagnostic::new(lint, name("x").span, "message") }
    }

    const ERROR: (&Lint, Severity) = (&UNKNOWN_FILTER, Severity::Error);
    const WARNING: (&Lint, Severity) = (&BROKEN_SUPPRESSION, Severity::Warning);
    const INFO: (&Lint, Severity) = (&BROKEN_SUPPRESSION, Severity::Info);

    #[test]
    fn without_a_list_only_errors_fail() {
        assert!(verdict(&[WARNING, INFO], &[]).passes);
        let failed = verdict(&[WARNING, ERROR], &[]);
        assert!(!failed.passes);
        assert_eq!((failed.unexpected, failed.expected), (vec![1], vec![false, false]));
    }

    #[test]
    fn with_a_list_errors_and_warnings_are_exactly_the_listed_ones() {
        assert!(verdict(&[ERROR, ERROR], &["unknown-filter"]).passes, "each name stands once, however often it is found");
        assert!(verdict(&[ERROR, INFO], &["unknown-filter"]).passes, "an info that is not listed does not matter");
        assert_eq!(verdict(&[ERROR, WARNING], &["unknown-filter"]).unexpected, [1]);
        assert!(verdict(&[INFO], &["broken-suppression"]).passes);
        assert!(!verdict(&[], &["broken-suppression"]).passes, "a listed info must appear");
    }

    #[test]
    fn what_is_missing_is_told_with_a_suggestion() {
        let missing = verdict(&[], &["unknown-filter", "unkown-filter"]).missing;
        assert_eq!(missing[0].message, "`unknown-filter` is expected, but nothing triggers it");
        assert_eq!(missing[1].message, "no lint named `unkown-filter`");
        assert_eq!(missing[1].nearest, Some("unknown-filter"));
    }

    #[test]
    fn warnings_can_be_denied_but_not_those_that_are_expected() {
        let findings = [finding(ERROR.0, ERROR.1), finding(WARNING.0, WARNING.1)];
        let decided = |expected: &[&str]| {
            let names: Vec<_> = expected.iter().map(|text| name(text)).collect();
            Verdict::of(&findings[1..], &names, &Catalogue::new([])).passes_without_warnings(&findings[1..])
        };
        assert!(!decided(&[]));
        assert!(decided(&["broken-suppression"]));
    }
}
