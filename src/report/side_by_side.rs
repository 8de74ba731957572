//! Two texts beside each other, for a terminal that is wide enough.

use anstyle::Style;
use similar::{DiffOp, TextDiff};
use unicode_width::UnicodeWidthChar;

use super::diff::{AROUND, Paint, diff, hunk_title, is_too_long, with_last_line_ended};
use crate::diagnostic::printable;

/// Columns of a terminal below which two texts do not fit beside each other.
const NARROWEST: usize = 60;
const BETWEEN: &str = " │ ";

/// The differences between two texts, the old one on the left, within `width` columns. Where that makes no sense, for a new
/// text or in a narrow terminal, it is the diff with one line below the other.
pub fn side_by_side(old: &str, new: &str, paint: Paint, width: usize) -> String {
    let (old, new) = (&*with_last_line_ended(old), &*with_last_line_ended(new));
    if old.is_empty() || new.is_empty() || width < NARROWEST || is_too_long(old, new) {
        return diff(old, new, paint);
    }
    let compared = TextDiff::from_lines(old, new);
    let sides = Sides { paint, width: (width - 3) / 2 };
    let mut text = String::new();
    for hunk in compared.grouped_ops(AROUND) {
        text.push_str(&paint.text(Paint::CYAN, &hunk_title(&hunk)));
        text.push('\n');
        for operation in &hunk {
            sides.add(&mut text, operation, compared.old_slices(), compared.new_slices());
        }
    }
    text
}

struct Sides {
    paint: Paint,
    /// Columns of one side.
    width: usize,
}

impl Sides {
    fn add(&self, text: &mut String, operation: &DiffOp, old: &[&str], new: &[&str]) {
        let (old, new) = (&old[operation.old_range()], &new[operation.new_range()]);
        let is_equal = matches!(operation, DiffOp::Equal { .. });
        let (left, right) = match is_equal {
            true => ((' ', Style::new()), (' ', Style::new())),
            false => (('-', Paint::RED), ('+', Paint::GREEN)),
        };
        for index in 0..old.len().max(new.len()) {
            let left = self.cells(old.get(index).copied(), left);
            let right = self.cells(new.get(index).copied(), right);
            self.add_rows(text, &left, &right);
        }
    }

    /// One line as pieces that fit into a side, each with its width and its colours.
    fn cells(&self, line: Option<&str>, (sign, style): (char, Style)) -> Vec<(usize, String)> {
        let Some(line) = line else { return Vec::new() };
        let line = printable(line.trim_end_matches('\n')).replace('\t', "    ");
        let mut cells = Vec::new();
        let (mut cell, mut taken) = (String::from(sign), 1);
        for character in line.chars() {
            let wide = character.width().unwrap_or(0);
            if taken + wide > self.width {
                cells.push((taken, self.paint.text(style, &cell)));
                (cell, taken) = (String::from(sign), 1);
            }
            cell.push(character);
            taken += wide;
        }
        cells.push((taken, self.paint.text(style, &cell)));
        cells
    }

    fn add_rows(&self, text: &mut String, left: &[(usize, String)], right: &[(usize, String)]) {
        for row in 0..left.len().max(right.len()) {
            let (taken, cell) = left.get(row).map_or((0, ""), |(taken, cell)| (*taken, cell));
            let line = format!("{cell}{}{BETWEEN}", " ".repeat(self.width - taken));
            let right = right.get(row).map_or("", |(_, cell)| cell).trim_end();
            text.push_str(if right.is_empty() { line.trim_end() } else { &line });
            text.push_str(right);
            text.push('\n');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PLAIN: Paint = Paint { color: false };

    #[test]
    fn the_old_text_stands_left_and_the_new_one_right() {
        let old = "request\n  GET https://api.example.com/orders\n\noutcome\n  exit: 2xx\n";
        let new =
            "request\n  GET https://api.example.com/orders?a=a%20rather%20long%20value\n\noutcome\n  exit: 5xx\n  more\n";
        let expected = "\
@@ -1,5 +1,6 @@
 request                     │  request
-  GET https://api.example.c │ +  GET https://api.example.c
-om/orders                   │ +om/orders?a=a%20rather%20lo
                             │ +ng%20value
                             │
 outcome                     │  outcome
-  exit: 2xx                 │ +  exit: 5xx
                             │ +  more
";
        assert_eq!(side_by_side(old, new, PLAIN, 60), expected);
        let colored = side_by_side(old, new, Paint { color: true }, 60);
        assert!(colored.contains("\u{1b}[31m-  exit: 2xx\u{1b}[0m"), "{colored:?}");
        assert_eq!(anstream::adapter::strip_str(&colored).to_string(), expected);
    }

    #[test]
    fn what_is_new_or_does_not_fit_is_shown_below_each_other() {
        assert_eq!(side_by_side("", "a\n", PLAIN, 100), diff("", "a\n", PLAIN));
        assert_eq!(side_by_side("a\n", "b\n", PLAIN, 59), diff("a\n", "b\n", PLAIN));
        assert_eq!(side_by_side("a\n", "a", PLAIN, 100), "");
        assert!(side_by_side("a\n", "\u{1b}[2J\n", PLAIN, 60).contains("+␛[2J"));
    }

    proptest! {
        #[test]
        fn no_line_is_wider_than_the_terminal(
            old in "([a-c日é\t]{0,90}\n){1,9}", new in "([a-c日é\t]{0,90}\n){1,9}", width in 60usize..150,
        ) {
            let text = side_by_side(&old, &new, PLAIN, width);
            let columns = |line: &str| line.chars().map(|character| character.width().unwrap_or(0)).sum::<usize>();
            for line in text.lines() {
                prop_assert!(columns(line) <= width, "{} > {}: {}", columns(line), width, line);
            }
            prop_assert_eq!(text.is_empty(), old == new);
        }
    }
}
