//! What is said of a file that is not TOML: its mistakes, and what one untouched value shows by itself.
//!
//! A line that cannot be read takes others with it: a header whose bracket is missing, the keys below it. What is then
//! missing, at a wrong place or of a wrong kind need not be so once the line is mended.

use crate::diagnostic::Diagnostic;
use crate::source::Span;

/// The lints that look at one value and nothing else.
const OF_ONE_VALUE: [&str; 18] = [
    "body-not-json",
    "description-too-long",
    "filter-argument",
    "filter-arity",
    "invalid-header",
    "invalid-url",
    "name-too-long",
    "plaintext-credential",
    "private-address",
    "selector-syntax",
    "template-syntax",
    "unknown-context",
    "unknown-filter",
    "unknown-function",
    "unknown-jmespath-function",
    "unknown-webhook-attribute",
    "unquoted-reference-in-json",
    "unsupported-method",
];

/// Takes back what may follow from a mistake in the TOML. `damaged` are the places that cannot be relied on.
pub fn withdraw(damaged: &[Span], found: &mut Vec<Diagnostic>) {
    if damaged.is_empty() {
        return;
    }
    found.retain(|finding| {
        let is_untouched = || !damaged.iter().any(|place| place.touches(finding.span));
        finding.lint.name == "toml-syntax" || OF_ONE_VALUE.contains(&finding.lint.name) && is_untouched()
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{Catalogue, check_spec};
    use crate::dialect::{compile, lint_sets};
    use crate::source::Sources;
    use crate::spec::Manifest;

    const START: &str = "[action]\nname = \"Open ticket\"\nmethod = \"POST\"\nurl = \"https://example.com/{a | upper}\"\n";

    fn lints(text: &str) -> Vec<&'static str> {
        let sources = Sources::in_memory();
        sources.add("specs/a.toml", text);
        let mut spec = compile("specs/a.toml", &Manifest::default(), &sources).expect("a text that was added");
        check_spec(&mut spec, &Catalogue::new(lint_sets()));
        let mut names: Vec<&str> = spec.diagnostics.iter().map(|found| found.lint.name).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    #[test]
    fn every_name_is_a_lint() {
        let catalogue = Catalogue::new(lint_sets());
        for name in OF_ONE_VALUE {
            assert!(catalogue.lints().iter().any(|lint| lint.name == name), "{name}");
        }
    }

    #[test]
    fn a_mistake_in_the_toml_has_no_other_mistakes_follow() {
        for text in [
            "[action]\nname: \"Open ticket\"\nmethod = \"POST\"\nurl = \"https://example.com\"\n",
            "[action\nname = \"Open ticket\"\nmethod = \"POST\"\nurl = \"https://example.com\"\n",
        ] {
            assert_eq!(lints(text), ["toml-syntax"], "{text}");
        }
    }

    #[test]
    fn what_untouched_values_show_stays() {
        for more in [
            "body = \"abc\n",
            "body = \"{ \"a\": \"{x}\" }\"\n",
            "body = '{ \"a\": \"it's\" }'\n",
            "body = \"\\d\"\n",
            "body = '''\n{ \"a\": 1 }\n''\n[[case]]\nname = \"x\"\n",
            "headers = { X-A: \"b\" }\n",
            "headers = { X-A = \"b\"\n[action.response.2xx]\noutputs = { a = \"b\" }\n",
            "[defaults.given.secret\nk = \"v\"\n",
            "[attributes]\nage = int\n",
            "[[case]]\nname = \"c\"\nreply.headers = { Content-Type: \"x\" }\n",
            "[[case]]\nname = \"c\"\nreply.status = 0200\n",
            "[[case]]\nname = \"c\"\nreply.status = 20O\n",
            "[[case]]\nname = \"c\"\nnow = 2026-13-45T00:00:00Z\n",
            "[action.response.2xx.outputs\na = \"b\"\n[[case]]\nname = \"c\"\n",
            "[[case]\nname = \"c\"\n[case.given.secret]\nk = \"v\"\n",
        ] {
            assert_eq!(lints(&format!("{START}{more}")), ["toml-syntax", "unknown-filter"], "{more}");
        }
    }
}
