//! The few lines of a file that a frame shows: cut out, masked, made printable, and with the spans moved along.
//!
//! Spans are clamped to characters here and nowhere else; the drawing crate panics on any other.

use std::ops::Range;

use super::printable::picture;
use crate::source::{HiddenTexts, SourceFile, floor_boundary};
use crate::value::MASK;

/// Spans further apart than this many lines are shown in excerpts of their own.
const NEARBY_LINES: usize = 6;
/// A span over more lines than this is shown by its first line.
const LONGEST_SPAN_IN_LINES: usize = 40;

/// What limits an excerpt.
pub(super) struct Limits<'a> {
    /// Values that must not be shown.
    pub secrets: &'a [&'a HiddenTexts],
    /// Longer lines are cut around their first span, in bytes.
    pub line_length: usize,
}

/// Lines of a file, as they are shown.
#[derive(Debug)]
pub(super) struct Excerpt {
    pub text: String,
    pub first_line: usize,
    /// The index each span was given by, and where it stands in `text`.
    pub spans: Vec<(usize, Range<usize>)>,
}

/// A span on character boundaries with its first and last line.
struct Placed {
    index: usize,
    span: Range<usize>,
    first_line: usize,
    last_line: usize,
}

/// The lines that `spans` stand in, as one excerpt for each neighbourhood, in the order of the file.
pub(super) fn excerpts(file: &SourceFile, spans: &[Range<usize>], limits: &Limits<'_>) -> Vec<Excerpt> {
    let mut placed: Vec<Placed> = spans.iter().enumerate().map(|(index, span)| place(file, index, span)).collect();
    placed.sort_by_key(|placed| (placed.first_line, placed.last_line));
    let mut excerpts = Vec::new();
    let mut rest = placed.as_slice();
    while let Some(first) = rest.first() {
        let mut last_line = first.last_line;
        let together = rest
            .iter()
            .take_while(|next| {
                let near = next.first_line <= last_line + NEARBY_LINES;
                last_line = last_line.max(if near { next.last_line } else { 0 });
                near
            })
            .count();
        excerpts.push(cut(file, &rest[..together], limits));
        rest = &rest[together..];
    }
    excerpts
}

fn place(file: &SourceFile, index: usize, span: &Range<usize>) -> Placed {
    let text = &file.text;
    let mut span = clamp(text, span);
    let first_line = file.position(span.start).line;
    let mut last_line = file.position(span.end).line;
    if last_line - first_line >= LONGEST_SPAN_IN_LINES {
        span.end = file.line(first_line).end.max(span.start);
        last_line = first_line;
    }
    Placed { index, span, first_line, last_line }
}

/// On character boundaries, inside the text, and without line ends at its end.
pub(super) fn clamp(text: &str, span: &Range<usize>) -> Range<usize> {
    let span = to_characters(text, span);
    let trimmed = text[span.clone()].trim_end_matches(['\r', '\n']);
    span.start..span.start + trimmed.len()
}

/// Inside the text, and widened to whole characters.
fn to_characters(text: &str, span: &Range<usize>) -> Range<usize> {
    let start = floor_boundary(text, span.start);
    let mut end = span.end.clamp(start, text.len());
    while !text.is_char_boundary(end) {
        end += 1;
    }
    start..end
}

fn cut(file: &SourceFile, together: &[Placed], limits: &Limits<'_>) -> Excerpt {
    let first_line = together.iter().map(|placed| placed.first_line).min().unwrap_or(1);
    let last_line = together.iter().map(|placed| placed.last_line).max().unwrap_or(1);
    let mut copy = Copy { file, limits, text: String::new(), places: Vec::new() };
    for line in first_line..=last_line {
        if line > first_line {
            copy.text.push('\n');
        }
        copy.line(&file.line(line), together);
    }
    let spans = together.iter().map(|placed| (placed.index, copy.moved(&placed.span))).collect();
    Excerpt { text: copy.text, first_line, spans }
}

/// The byte ranges of `within` that must not be shown, in order, not overlapping.
fn masks(file: &SourceFile, within: &Range<usize>, limits: &Limits<'_>) -> Vec<Range<usize>> {
    let longest = limits.secrets.iter().map(|secrets| secrets.longest()).max().unwrap_or(0);
    let around = to_characters(&file.text, &(within.start.saturating_sub(longest)..within.end.saturating_add(longest)));
    let text = &file.text[around.clone()];
    let hidden = file.hidden();
    let mut ranges: Vec<Range<usize>> =
        hidden.within(within).iter().map(|hidden| to_characters(&file.text, hidden)).collect();
    for secrets in limits.secrets {
        ranges.extend(secrets.find(text).into_iter().map(|found| around.start + found.start..around.start + found.end));
    }
    ranges.retain(|range| range.start < within.end && range.end > within.start && !range.is_empty());
    ranges.sort_by_key(|range| range.start);
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

/// Lines being copied, with where each shown character came from.
struct Copy<'a> {
    file: &'a SourceFile,
    limits: &'a Limits<'a>,
    text: String,
    /// Offset in the file and offset in `text`, both ascending.
    places: Vec<(usize, usize)>,
}

impl Copy<'_> {
    fn line(&mut self, line: &Range<usize>, together: &[Placed]) {
        let window = self.window(line, together);
        self.mark(line.start);
        if window.start > line.start {
            self.text.push('…');
        }
        self.characters(&window);
        self.mark(window.end);
        if window.end < line.end {
            self.text.push('…');
        }
        self.mark(line.end);
    }

    /// The part of a line that is shown: all of it, or as much as fits around the first span in it.
    fn window(&self, line: &Range<usize>, together: &[Placed]) -> Range<usize> {
        let room = self.limits.line_length;
        if line.len() <= room {
            return line.clone();
        }
        let in_line = |placed: &&Placed| placed.span.start <= line.end && placed.span.end >= line.start;
        let first = together.iter().filter(in_line).min_by_key(|placed| placed.index);
        let focus = first.map_or(line.start, |placed| placed.span.start.max(line.start));
        let start = focus.saturating_sub(room / 3).clamp(line.start, line.end - room);
        let window = to_characters(&self.file.text, &(start..start + room));
        window.start..window.end.min(line.end)
    }

    fn characters(&mut self, window: &Range<usize>) {
        let masks = masks(self.file, window, self.limits);
        let mut masks = masks.iter().peekable();
        let mut at = window.start;
        while at < window.end {
            self.mark(at);
            if let Some(mask) = masks.next_if(|mask| mask.start <= at) {
                self.text.push_str(MASK);
                at = mask.end;
                continue;
            }
            let Some(character) = self.file.text[at..].chars().next() else { break };
            self.text.push(picture(character));
            at += character.len_utf8();
        }
    }

    fn mark(&mut self, offset: usize) {
        self.places.push((offset, self.text.len()));
    }

    /// A span of the file as one of the copy; what the copy cut away or masked is taken in whole.
    fn moved(&self, span: &Range<usize>) -> Range<usize> {
        let up_to = self.places.partition_point(|(offset, _)| *offset <= span.start);
        let start = self.places[..up_to].last().map_or(0, |(_, at)| *at);
        if span.is_empty() {
            return start..start;
        }
        let before = self.places.partition_point(|(offset, _)| *offset < span.end);
        let end = self.places.get(before).map_or(self.text.len(), |(_, at)| *at);
        start..end.max(start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits<'_> = Limits { secrets: &[], line_length: 200 };

    fn shown(text: &str, span: Range<usize>, limits: &Limits<'_>) -> (String, usize, String) {
        let file = SourceFile::new("a.toml", text);
        let excerpt = excerpts(&file, &[span], limits).remove(0);
        let span = excerpt.spans[0].1.clone();
        (excerpt.text.clone(), excerpt.first_line, excerpt.text[span].to_string())
    }

    #[test]
    fn spans_move_to_the_cut_out_lines() {
        assert_eq!(shown("a = 1\r\nb = 2\r\n", 11..12, &LIMITS), ("b = 2".into(), 2, "2".into()));
        assert_eq!(shown("a = 1\r\nb = 2\r\n", 5..7, &LIMITS), ("a = 1".into(), 1, "".into()), "a line end is empty");
        assert_eq!(shown("é\n", 1..2, &LIMITS), ("é".into(), 1, "é".into()), "inside a character is the whole of it");
        assert_eq!(shown("", 5..9, &LIMITS), ("".into(), 1, "".into()));
        assert_eq!(shown("a\n", 2..2, &LIMITS), ("".into(), 2, "".into()), "the end of the file");
    }

    #[test]
    fn secrets_are_masked_and_spans_take_the_mask_whole() {
        let secrets = HiddenTexts::from_iter(["k-123".to_string()]);
        let limits = Limits { secrets: &[&secrets], line_length: 200 };
        assert_eq!(shown("key = \"k-123\" # x", 8..10, &limits), (format!("key = \"{MASK}\" # x"), 1, MASK.into()));
        let file = SourceFile::new("a.toml", "pem = '''\nAAA\nBBB'''\n");
        file.hide(10..17);
        let excerpt = excerpts(&file, std::slice::from_ref(&(0..17)), &LIMITS).remove(0);
        assert_eq!(excerpt.text, format!("pem = '''\n{MASK}\n{MASK}'''"), "each line of a secret");
    }

    #[test]
    fn long_lines_are_cut_around_the_span_and_never_through_a_secret() {
        let text = format!("{}SECRETSECRET{}", "x".repeat(5000), "y".repeat(5000));
        let secrets = HiddenTexts::from_iter(["SECRETSECRET".to_string()]);
        let limits = Limits { secrets: &[&secrets], line_length: 30 };
        for start in 4960..5040 {
            let (line, _, _) = shown(&text, start..start + 2, &limits);
            assert!(!line.contains('S') && !line.contains('T'), "{line}");
            assert!(line.chars().count() < 50, "{line}");
        }
    }

    #[test]
    fn far_spans_get_excerpts_of_their_own() {
        let text = "line\n".repeat(1000);
        let file = SourceFile::new("a.toml", text);
        let excerpts = excerpts(&file, &[4500..4504, 0..4, 10..14], &LIMITS);
        let shown: Vec<_> = excerpts.iter().map(|excerpt| (excerpt.first_line, excerpt.text.lines().count())).collect();
        assert_eq!(shown, [(1, 3), (901, 1)]);
    }
}
