//! `[lint]`: what manifest and spec make of a lint's severity.

use crate::case::Level;
use crate::diagnostic::{Diagnostic, Lint};

/// The level that counts: the last one, since the spec's stand behind the manifest's.
fn level<'a>(levels: &'a [Level], lint: &Lint) -> Option<&'a Level> {
    levels.iter().rev().find(|level| level.lint == lint.name)
}

/// Whether findings of the lint are to be dropped.
pub fn is_allowed(levels: &[Level], lint: &Lint) -> bool {
    level(levels, lint).is_some_and(|level| level.severity.is_none())
}

/// Drops what is allowed and gives the rest its severity.
pub fn apply(levels: &[Level], found: &mut Vec<Diagnostic>) {
    found.retain(|diagnostic| !is_allowed(levels, diagnostic.lint));
    for diagnostic in found {
        if let Some(severity) = level(levels, diagnostic.lint).and_then(|level| level.severity) {
            diagnostic.severity = severity;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::test_support::{diagnostic, file, level};
    use crate::diagnostic::Severity;

    #[test]
    fn the_last_level_counts() {
        let mut found = vec![diagnostic(file(), 0)];
        let lint = found[0].lint.name;
        apply(&[level(lint, None), level(lint, Some(Severity::Info))], &mut found);
        assert_eq!(found[0].severity, Severity::Info);
        apply(&[level(lint, Some(Severity::Info)), level(lint, None)], &mut found);
        assert!(found.is_empty());
    }
}
