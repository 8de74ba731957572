//! Every lint of the program.

use super::LINTS;
use crate::case::LintSet;
use crate::diagnostic::{Lint, nearest};
use crate::spec;

/// Every lint, each once: the reader's, those of any plan, the dialects'.
#[derive(Debug)]
pub struct Catalogue {
    lints: Vec<&'static Lint>,
}

impl Catalogue {
    /// `dialects` are the lint sets of all dialects, also of those that a spec does not use: a manifest may name any lint.
    pub fn new(dialects: impl IntoIterator<Item = &'static LintSet>) -> Catalogue {
        let sets = [&spec::lints::LINTS, &LINTS].into_iter().chain(dialects);
        let mut lints: Vec<&'static Lint> = Vec::new();
        for lint in sets.flat_map(LintSet::lints) {
            if !lints.iter().any(|known| std::ptr::eq(*known, lint)) {
                lints.push(lint);
            }
        }
        Catalogue { lints }
    }

    /// In the order of the sets.
    pub fn lints(&self) -> &[&'static Lint] {
        &self.lints
    }

    /// The lint of a name.
    pub fn find(&self, name: &str) -> Option<&'static Lint> {
        self.lints.iter().copied().find(|lint| lint.name == name)
    }

    /// Every name, for did-you-mean.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.lints.iter().map(|lint| lint.name)
    }

    /// The name that was probably meant.
    pub fn nearest(&self, name: &str) -> Option<&'static str> {
        nearest(name, self.names())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn catalogue() -> Catalogue {
        Catalogue::new(crate::dialect::lint_sets())
    }

    /// The headed parts that every page has, in this order.
    const PARTS: [&str; 6] =
        ["## What it does", "## Why this is bad", "## Example", "## Instead", "## Fix", "## When it stays silent"];

    #[test]
    fn names_are_kebab_case_and_unique() {
        let catalogue = catalogue();
        let unique: BTreeSet<&str> = catalogue.names().collect();
        assert_eq!(unique.len(), catalogue.lints().len());
        for name in unique {
            assert!(name.split('-').all(|word| !word.is_empty()), "{name}");
            assert!(
                name.chars().all(|character| character.is_ascii_lowercase() || "-0123456789".contains(character)),
                "{name}"
            );
            assert_eq!(catalogue.find(name).map(|lint| lint.name), Some(name));
        }
    }

    #[test]
    fn every_page_has_its_parts_in_order() {
        for lint in catalogue().lints() {
            let headings: Vec<&str> = lint.page.lines().filter(|line| line.starts_with("## ")).collect();
            assert_eq!(headings, PARTS, "the page of {}", lint.name);
            let empty = lint.page.split("## ").skip(1).any(|part| part.lines().skip(1).all(|line| line.trim().is_empty()));
            assert!(!empty, "an empty part in the page of {}", lint.name);
            assert!(lint.page.lines().all(|line| line.chars().count() <= 125), "a long line in the page of {}", lint.name);
        }
    }

    #[test]
    fn every_summary_is_one_line_without_a_period() {
        for lint in catalogue().lints() {
            assert!(!lint.summary.is_empty() && !lint.summary.contains('\n'), "{}", lint.name);
            assert!(!lint.summary.ends_with('.'), "{}", lint.name);
        }
    }

    #[test]
    fn every_example_is_toml() {
        for lint in catalogue().lints() {
            let blocks: Vec<&str> =
                lint.page.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
            assert_eq!(blocks.len(), 2, "{} shows what is bad and what is good", lint.name);
            let skipped = usize::from(lint.name == "toml-syntax"); // Its bad example is meant not to be TOML.
            for block in &blocks[skipped..] {
                let parsed = toml::from_str::<toml::Table>(block);
                assert!(
                    parsed.is_ok(),
                    "{}: {}\n{block}",
                    lint.name,
                    parsed.err().map(|error| error.to_string()).unwrap_or_default()
                );
            }
        }
    }
}
