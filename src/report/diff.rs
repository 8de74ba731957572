//! A line diff for people: unified, coloured, with the words that differ set off.

use std::borrow::Cow;

use anstyle::{AnsiColor, Style};
use similar::{ChangeTag, DiffOp, InlineChange, TextDiff};

use crate::diagnostic::printable;

/// Lines around a change.
pub(super) const AROUND: usize = 3;
/// Comparing more lines than this takes long and shows nothing.
const MOST_LINES: usize = 20_000;
/// Words are compared in changes of at most so many bytes.
const LONGEST_FOR_WORDS: usize = 10_000;

/// Puts colours on text, or not.
#[derive(Clone, Copy, Debug)]
pub struct Paint {
    pub color: bool,
}

impl Paint {
    pub(super) const RED: Style = AnsiColor::Red.on_default();
    pub(super) const GREEN: Style = AnsiColor::Green.on_default();
    pub(super) const YELLOW: Style = AnsiColor::Yellow.on_default();
    pub(super) const CYAN: Style = AnsiColor::Cyan.on_default();
    pub(super) const BOLD: Style = Style::new().bold();

    /// The text in a style.
    pub(super) fn text(self, style: Style, text: &str) -> String {
        if self.color && !text.is_empty() { format!("{style}{text}{style:#}") } else { text.to_string() }
    }
}

/// The differences between two texts, empty when there are none.
pub fn diff(old: &str, new: &str, paint: Paint) -> String {
    let (old, new) = (&*with_last_line_ended(old), &*with_last_line_ended(new));
    if old == new {
        return String::new();
    }
    if is_too_long(old, new) {
        return first_difference(old, new, paint);
    }
    let compared = TextDiff::from_lines(old, new);
    let mut text = String::new();
    for hunk in compared.grouped_ops(AROUND) {
        text.push_str(&paint.text(Paint::CYAN, &hunk_title(&hunk)));
        text.push('\n');
        for operation in &hunk {
            add_operation(&mut text, &compared, operation, paint);
        }
    }
    text
}

/// Whether comparing would take long.
pub(super) fn is_too_long(old: &str, new: &str) -> bool {
    old.lines().count() + new.lines().count() > MOST_LINES
}

/// A missing line end at the end is no difference.
pub(super) fn with_last_line_ended(text: &str) -> Cow<'_, str> {
    match text.is_empty() || text.ends_with('\n') {
        true => Cow::Borrowed(text),
        false => Cow::Owned(format!("{text}\n")),
    }
}

/// `@@ -1,3 +1,4 @@`
pub(super) fn hunk_title(hunk: &[DiffOp]) -> String {
    let range = |start: usize, end: usize| format!("{},{}", if start == end { start } else { start + 1 }, end - start);
    match (hunk.first(), hunk.last()) {
        (Some(first), Some(last)) => {
            let old = range(first.old_range().start, last.old_range().end);
            let new = range(first.new_range().start, last.new_range().end);
            format!("@@ -{old} +{new} @@")
        }
        _ => String::new(),
    }
}

fn add_operation<'a>(text: &mut String, compared: &'a TextDiff<'a, 'a, 'a, str>, operation: &DiffOp, paint: Paint) {
    let bytes = |lines: &[&str]| lines.iter().map(|line| line.len()).sum::<usize>();
    let size = bytes(&compared.old_slices()[operation.old_range()]) + bytes(&compared.new_slices()[operation.new_range()]);
    if paint.color && size <= LONGEST_FOR_WORDS {
        // Without a deadline: the same texts always give the same diff.
        for change in compared.iter_inline_changes_deadline(operation, None) {
            add_line(text, &change, paint);
        }
    } else {
        for change in compared.iter_changes(operation) {
            add_line(text, &InlineChange::from(change), paint);
        }
    }
}

fn add_line(text: &mut String, change: &InlineChange<'_, str>, paint: Paint) {
    let (sign, style) = match change.tag() {
        ChangeTag::Delete => ("-", Paint::RED),
        ChangeTag::Insert => ("+", Paint::GREEN),
        ChangeTag::Equal => (" ", Style::new()),
    };
    text.push_str(&paint.text(style, sign));
    for (emphasised, piece) in change.values() {
        let style = if *emphasised { style.underline().bold() } else { style };
        text.push_str(&paint.text(style, &printable(piece.trim_end_matches('\n'))));
    }
    text.push('\n');
}

fn first_difference(old: &str, new: &str, paint: Paint) -> String {
    let (mut old, mut new) = (old.split('\n'), new.split('\n'));
    let mut number = 0;
    loop {
        number += 1;
        let (one, other) = (old.next(), new.next());
        if one == other && one.is_some() {
            continue;
        }
        let mut text =
            paint.text(Paint::CYAN, &format!("@@ too long to compare; the first difference is in line {number} @@"));
        text.push('\n');
        for (sign, style, line) in [("-", Paint::RED, one), ("+", Paint::GREEN, other)] {
            text.extend(line.map(|line| paint.text(style, &format!("{sign}{}", printable(line))) + "\n"));
        }
        return text;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PLAIN: Paint = Paint { color: false };
    const COLOR: Paint = Paint { color: true };

    #[test]
    fn hunks_show_what_changed_and_a_little_around() {
        let old: String = (1..=20).map(|number| format!("line {number}\n")).collect();
        let new = old.replace("line 10\n", "line ten\nmore\n");
        insta::assert_snapshot!(diff(&old, &new, PLAIN), @r"
        @@ -7,7 +7,8 @@
         line 7
         line 8
         line 9
        -line 10
        +line ten
        +more
         line 11
         line 12
         line 13
        ");
        assert_eq!(diff(&old, &old, PLAIN), "");
        assert_eq!(diff("", "a\n", PLAIN), "@@ -0,0 +1,1 @@\n+a\n");
        assert_eq!(diff("a\nb", "a\nb\n", PLAIN), "");
        assert_eq!(diff("a\nb", "a\nb\nc", PLAIN), "@@ -1,2 +1,3 @@\n a\n b\n+c\n");
    }

    #[test]
    fn words_that_differ_are_set_off() {
        let colored = diff("exit: 2xx yes\n", "exit: 5xx yes\n", COLOR);
        assert!(colored.contains("\u{1b}[1m\u{1b}[4m\u{1b}[31m2xx\u{1b}[0m"), "{colored:?}");
        assert_eq!(anstream::adapter::strip_str(&colored).to_string(), "@@ -1,1 +1,1 @@\n-exit: 2xx yes\n+exit: 5xx yes\n");
    }

    #[test]
    fn endless_texts_are_not_compared_and_escapes_do_not_get_through() {
        let old = "a\n".repeat(15_000);
        let new = format!("{}\u{1b}[2J\n{}", "a\n".repeat(9_000), "b\n".repeat(9_000));
        assert_eq!(diff(&old, &new, PLAIN), "@@ too long to compare; the first difference is in line 9001 @@\n-a\n+␛[2J\n");
        assert_eq!(diff("a", "\u{1b}[2J", PLAIN), "@@ -1,1 +1,1 @@\n-a\n+␛[2J\n");
    }

    proptest! {
        #[test]
        fn a_diff_holds_every_changed_line(old in "([a-c]{0,2}\n){0,9}", new in "([a-c]{0,2}\n){0,9}") {
            let text = diff(&old, &new, PLAIN);
            let kept = |sign: char, other: char| text.lines().filter(|line| line.starts_with([sign, ' ', other])).count();
            prop_assert_eq!(text.is_empty(), old == new);
            let lines = |sign| text.lines().filter(|line| line.starts_with(sign)).count() as isize;
            prop_assert_eq!(lines('+') - lines('-'), new.lines().count() as isize - old.lines().count() as isize);
            prop_assert!(kept('+', '-') <= old.lines().count() + new.lines().count());
            prop_assert_eq!(anstream::adapter::strip_str(&diff(&old, &new, COLOR)).to_string(), text);
        }
    }
}
