//! Every lint in one Markdown document.

use std::fmt::Write;

use super::count;
use crate::diagnostic::Lint;

/// Lints of one part of the program, under one heading.
pub struct LintGroup<'a> {
    pub title: &'a str,
    pub lints: &'a [&'static Lint],
}

/// What kinds of fixes the findings of a lint may carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fixes {
    pub safe: bool,
    pub guessed: bool,
}

impl Fixes {
    /// As the lint's page has it under `## Fix`: "None", or what `--fix` and `--fix --unsafe` do.
    pub fn of(lint: &Lint) -> Fixes {
        let text = part(lint.page, "Fix").to_lowercase();
        if text.starts_with("none") {
            return Fixes { safe: false, guessed: false };
        }
        let rest = text.replace("--fix --unsafe", "");
        let safe = rest.contains("`--fix`") || rest.split(|c: char| !c.is_alphabetic()).any(|word| word == "safe");
        Fixes { safe, guessed: !safe || text.contains("--unsafe") || rest.contains("a guess") }
    }

    pub fn words(self) -> &'static str {
        match (self.safe, self.guessed) {
            (false, false) => "no",
            (true, false) => "safe",
            (false, true) => "guess",
            (true, true) => "safe or guess",
        }
    }
}

/// What a page says under a heading of the second level.
pub fn part<'p>(page: &'p str, heading: &str) -> &'p str {
    let mut parts = page.split("## ").map(str::trim_start);
    let found = parts.find_map(|part| part.strip_prefix(heading)?.strip_prefix('\n'));
    found.unwrap_or_default().trim()
}

/// A list of all lints, then the page of each.
pub fn lint_pages(groups: &[LintGroup<'_>]) -> String {
    let mut text = String::from(INTRODUCTION);
    for group in groups {
        let _ = write!(text, "\n## {}\n\n{}.\n\n", group.title, count(group.lints.len(), "lint"));
        text.push_str("| lint | severity | fix | what it finds |\n|---|---|---|---|\n");
        for lint in sorted(group.lints) {
            let (name, severity, fix) = (lint.name, lint.severity.word(), Fixes::of(lint).words());
            let _ = writeln!(text, "| [{name}](#{name}) | {severity} | {fix} | {} |", lint.summary.replace('|', "\\|"));
        }
    }
    for lint in groups.iter().flat_map(|group| sorted(group.lints)) {
        let _ = write!(text, "\n## {}\n\n{}.\n\n", lint.name, sentence(lint.summary));
        let _ = writeln!(text, "Severity: {}. Fix: {}.\n", lint.severity.word(), Fixes::of(lint).words());
        text.push_str(demoted(lint.page).trim_end());
        text.push('\n');
    }
    text
}

const INTRODUCTION: &str = "<!-- Made from the pages of the lints. CONTRIBUTING.md says how to make it again. -->

# Lints

What `hookwright lint` finds. `hookwright explain NAME` prints one page.

A fix is *safe* when it never changes what the platform does: `--fix` applies it. A *guess*, such as the nearest name, is
applied by `--fix --unsafe`. In `[lint]`, in the manifest or in a spec, a lint gets another severity: `allow`, `info`, `warn`
or `error`.
";

fn sorted(lints: &[&'static Lint]) -> Vec<&'static Lint> {
    let mut sorted = lints.to_vec();
    sorted.sort_by_key(|lint| lint.name);
    sorted
}

fn sentence(summary: &str) -> String {
    let mut letters = summary.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A page one level down, below its lint's heading. A `#` inside of an example is no heading.
fn demoted(page: &str) -> String {
    let mut in_example = false;
    let mut text = String::new();
    for line in page.lines() {
        in_example ^= line.starts_with("```");
        if line.starts_with('#') && !in_example {
            text.push('#');
        }
        text.push_str(line);
        text.push('\n');
        if line.starts_with('#') && !in_example {
            text.push('\n');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Severity;

    fn lint(page: &'static str) -> Lint {
        Lint { name: "bad-thing", severity: Severity::Warning, summary: "a | b", page }
    }

    #[test]
    fn what_a_page_says_of_fixes() {
        let words = |page| Fixes::of(&lint(page)).words();
        assert_eq!(words("## Fix\nNone: it cannot be guessed.\n\n## When it stays silent\nA safe `--fix`."), "no");
        assert_eq!(words("## Fix\n`--fix --unsafe` replaces the name."), "guess");
        assert_eq!(words("## Fix\n`--fix` adds `true`."), "safe");
        assert_eq!(words("## Fix\nThe edit (a guess) replaces the name."), "guess");
        assert_eq!(words("## Fix\nSafe for a comma. A guess for a key."), "safe or guess");
    }

    #[test]
    fn a_document_with_a_list_and_pages() {
        static BAD: Lint = Lint {
            name: "bad-thing",
            severity: Severity::Warning,
            summary: "a | b",
            page: "## Example\n```toml\n# no heading\na = 1\n```\n\n## Fix\nNone.\n",
        };
        let text = lint_pages(&[LintGroup { title: "Any", lints: &[&BAD] }]);
        let expected = "
## Any

1 lint.

| lint | severity | fix | what it finds |
|---|---|---|---|
| [bad-thing](#bad-thing) | warning | no | a \\| b |

## bad-thing

A | b.

Severity: warning. Fix: no.

### Example

```toml
# no heading
a = 1
```

### Fix

None.
";
        assert_eq!(text.strip_prefix(INTRODUCTION), Some(expected));
    }
}
