//! What fixes do: a patch, and a line that counts them.

use similar::{Algorithm, ChangeTag, DiffOp, TextDiff};

use super::count;
use super::diff::{Paint, hunk_title};
use crate::diagnostic::printable;
use crate::eval::SecretValues;
use crate::source::SourceFile;
use crate::value::MASK;

/// Lines around a change.
const AROUND: usize = 3;

/// A unified diff of one file that `patch -p1` takes.
#[derive(Debug, PartialEq, Eq)]
pub struct Patch {
    pub text: String,
    /// Whether a changed line holds a secret: it is masked, so that the patch does not apply.
    pub masked: bool,
}

/// What changes from `old` to `new`, both with the places of their secrets. Without colour the lines are exact; with it,
/// characters that could play tricks on a terminal are made visible. Lines around a change that hold a secret are left out.
pub fn patch(old: &SourceFile, new: &SourceFile, secrets: &SecretValues, paint: Paint) -> Patch {
    let (old_lines, new_lines) = (Lines::of(old, secrets), Lines::of(new, secrets));
    let mut compared = TextDiff::configure();
    let compared = compared.algorithm(Algorithm::Patience).diff_slices(&old_lines.texts, &new_lines.texts);
    let hunks_of = |around: usize| if old.text == new.text { Vec::new() } else { compared.grouped_ops(around) };
    let shows_secret = |operation: &DiffOp| match operation {
        DiffOp::Equal { old_index, len, .. } => (*old_index..old_index + len).any(|index| old_lines.is_secret(index)),
        _ => false,
    };
    let is_clean = |hunks: &Vec<Vec<DiffOp>>| !hunks.iter().flatten().any(shows_secret);
    let hunks = (0..=AROUND).rev().map(hunks_of).find(is_clean).unwrap_or_default();
    let mut drawing = Drawing { paint, text: String::new(), masked: false };
    if !hunks.is_empty() {
        drawing.line(Paint::BOLD, &format!("--- {}", name("a", &old.path)));
        drawing.line(Paint::BOLD, &format!("+++ {}", name("b", &new.path)));
    }
    for hunk in hunks {
        drawing.line(Paint::CYAN, &hunk_title(&hunk));
        for change in hunk.iter().flat_map(|operation| compared.iter_changes(operation)) {
            match (change.tag(), change.old_index(), change.new_index()) {
                (ChangeTag::Insert, _, Some(index)) => drawing.changed('+', Paint::GREEN, &new_lines, index),
                (ChangeTag::Delete, Some(index), _) => drawing.changed('-', Paint::RED, &old_lines, index),
                (_, Some(index), _) => drawing.changed(' ', anstyle::Style::new(), &old_lines, index),
                _ => {}
            }
        }
    }
    Patch { text: drawing.text, masked: drawing.masked }
}

/// The lines of a file, with their ends.
struct Lines<'a> {
    texts: Vec<&'a str>,
    /// What is to be shown in place of those that hold a secret.
    masked: Vec<Option<String>>,
}

impl<'a> Lines<'a> {
    fn of(file: &'a SourceFile, secrets: &SecretValues) -> Lines<'a> {
        let hidden = file.hidden();
        let (mut at, mut texts, mut masked) = (0, Vec::new(), Vec::new());
        for line in file.text.split_inclusive('\n') {
            let shown = without(line, at, hidden.within(&(at..at + line.len())));
            let shown = secrets.mask(&shown).to_string();
            masked.push((shown != line).then_some(shown));
            texts.push(line);
            at += line.len();
        }
        Lines { texts, masked }
    }

    fn is_secret(&self, index: usize) -> bool {
        self.masked[index].is_some()
    }
}

/// A line that begins at a byte of its file, with bullets for what is hidden.
fn without(line: &str, start: usize, hidden: &[std::ops::Range<usize>]) -> String {
    let (mut shown, mut at) = (String::new(), 0);
    for range in hidden {
        let (from, to) = (range.start.max(start + at) - start, range.end.min(start + line.len()).saturating_sub(start));
        if from < to {
            shown.push_str(&line[at..from]);
            shown.push_str(MASK);
            at = to;
        }
    }
    shown + &line[at..]
}

struct Drawing {
    paint: Paint,
    text: String,
    masked: bool,
}

impl Drawing {
    fn line(&mut self, style: anstyle::Style, text: &str) {
        self.text.push_str(&self.paint.text(style, text));
        self.text.push('\n');
    }

    fn changed(&mut self, sign: char, style: anstyle::Style, lines: &Lines<'_>, index: usize) {
        let masked = lines.masked[index].as_deref();
        self.masked |= masked.is_some();
        let whole = masked.unwrap_or(lines.texts[index]);
        let line = whole.strip_suffix('\n').unwrap_or(whole);
        match self.paint.color {
            true => self.line(style, &format!("{sign}{}", printable(line.strip_suffix('\r').unwrap_or(line)))),
            false => self.line(style, &format!("{sign}{line}")),
        }
        if !lines.texts[index].ends_with('\n') {
            self.line(style, "\\ No newline at end of file");
        }
    }
}

/// `a/specs/x.toml`, as `patch` and `git` read it: with escapes where there is need, and a tab after a name with spaces.
fn name(side: &str, path: &str) -> String {
    let path = format!("{side}/{path}");
    if path.chars().any(|character| character.is_control() || "\"\\".contains(character)) {
        let escape = |character: char| match character {
            '"' | '\\' => format!("\\{character}"),
            _ if character.is_control() => character.to_string().bytes().map(|byte| format!("\\{byte:03o}")).collect(),
            _ => character.to_string(),
        };
        return format!("\"{}\"", path.chars().map(escape).collect::<String>());
    }
    if path.contains(' ') { path + "\t" } else { path }
}

/// `fixed 3 findings in 2 files; --unsafe would fix 1 more`, in one line. `done` is false for what a patch would do.
pub fn fix_summary(done: bool, findings: usize, files: usize, guesses: usize, paint: Paint) -> String {
    let fixed = match (done, findings) {
        (_, 0) => "nothing to fix".to_string(),
        (true, _) => format!("fixed {} in {}", count(findings, "finding"), count(files, "file")),
        (false, _) => format!("would fix {} in {}", count(findings, "finding"), count(files, "file")),
    };
    let style = if findings > 0 { Paint::GREEN } else { anstyle::Style::new() };
    let more = match (guesses, findings) {
        (0, _) => String::new(),
        (_, 0) => format!("; --unsafe would fix {}", count(guesses, "finding")),
        _ => format!("; --unsafe would fix {guesses} more"),
    };
    format!("{}{more}\n", paint.text(style, &fixed))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Paint = Paint { color: false };

    fn patched(path: &str, old: &str, new: &str, secret: Option<&str>) -> Patch {
        let hiding = |text: &str| {
            let file = SourceFile::new(path, text);
            secret
                .into_iter()
                .flat_map(|secret| text.match_indices(secret))
                .for_each(|(at, found)| file.hide(at..at + found.len()));
            file
        };
        patch(&hiding(old), &hiding(new), &SecretValues::default(), PLAIN)
    }

    #[test]
    fn exact_lines_with_whatever_ends_they_have() {
        let same = patched("a.toml", "a\n", "a\n", None);
        assert_eq!(same, Patch { text: String::new(), masked: false });
        let changed = patched("a.toml", "\u{feff}a\r\nb\r\n\u{1b}c", "\u{feff}a\r\nB\r\n\u{1b}c", None);
        insta::assert_debug_snapshot!(changed.text, @r#""--- a/a.toml\n+++ b/a.toml\n@@ -1,3 +1,3 @@\n \u{feff}a\r\n-b\r\n+B\r\n \u{1b}c\n\\ No newline at end of file\n""#);
    }

    #[test]
    fn lines_around_a_change_never_show_a_secret() {
        let old = "one\nsecret\ntwo\nx\nthree\nfour\nfive\n";
        let near = patched("a.toml", old, &old.replace('x', "y"), Some("secret"));
        assert_eq!(near.text, "--- a/a.toml\n+++ b/a.toml\n@@ -3,3 +3,3 @@\n two\n-x\n+y\n three\n");
        let next = patched("a.toml", old, &old.replace("two", "2"), Some("secret"));
        assert_eq!(next.text, "--- a/a.toml\n+++ b/a.toml\n@@ -3,1 +3,1 @@\n-two\n+2\n");
        assert!(!near.masked && !next.masked);
    }

    #[test]
    fn a_changed_line_with_a_secret_is_masked() {
        let patch = patched("a.toml", "x = 'ä', k = 'hush'\n", "y = 'ä', k = 'hush'\n", Some("hush"));
        assert_eq!(
            patch.text,
            "--- a/a.toml\n+++ b/a.toml\n@@ -1,1 +1,1 @@\n-x = 'ä', k = '••••••••'\n+y = 'ä', k = '••••••••'\n"
        );
        assert!(patch.masked);
    }

    #[test]
    fn colours_change_no_words_and_make_tricks_visible() {
        let files = [SourceFile::new("a.toml", "a\r\n\u{1b}[2J\n"), SourceFile::new("a.toml", "b\r\n\u{1b}[2J\n")];
        let patch = patch(&files[0], &files[1], &SecretValues::default(), Paint { color: true });
        let plain = anstream::adapter::strip_str(&patch.text).to_string();
        assert_eq!(plain, "--- a/a.toml\n+++ b/a.toml\n@@ -1,2 +1,2 @@\n-a\n+b\n ␛[2J\n");
        assert!(patch.text.contains("\u{1b}[31m-a"), "{:?}", patch.text);
    }

    #[test]
    fn names_are_written_for_patch() {
        assert_eq!(name("a", "specs/ü.toml"), "a/specs/ü.toml");
        assert_eq!(name("a", "my specs/x.toml"), "a/my specs/x.toml\t");
        assert_eq!(name("b", "x\"\n.toml"), "\"b/x\\\"\\012.toml\"");
    }

    #[test]
    fn the_last_line_counts() {
        let line = |done, findings, files, guesses| fix_summary(done, findings, files, guesses, PLAIN);
        assert_eq!(line(true, 1, 1, 0), "fixed 1 finding in 1 file\n");
        assert_eq!(line(true, 3, 2, 1), "fixed 3 findings in 2 files; --unsafe would fix 1 more\n");
        assert_eq!(line(false, 2, 1, 0), "would fix 2 findings in 1 file\n");
        assert_eq!(line(true, 0, 0, 2), "nothing to fix; --unsafe would fix 2 findings\n");
        assert_eq!(line(true, 0, 0, 0), "nothing to fix\n");
    }
}
