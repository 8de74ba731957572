//! The one renderer of findings: lints, template faults, failed expectations.
//!
//! Drawn by `annotate-snippets` in the manner of rustc. What it is given is prepared here: only the lines that matter,
//! secrets masked, control characters made visible, spans on character boundaries.

mod excerpt;
mod printable;

pub use printable::{is_printable, printable};

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Patch, Renderer, Snippet};

use super::{Diagnostic, Edit, Fix, Related, Severity};
use crate::source::{FileId, Hidden, HiddenTexts, Sources, Span, without_hidden};
use crate::value::MASK;
use excerpt::{Excerpt, Limits, excerpts};
use printable::MARK;

/// How frames are drawn.
#[derive(Clone, Copy, Debug)]
pub struct Frames<'a> {
    /// With ANSI colours.
    pub color: bool,
    /// Columns of the terminal.
    pub width: usize,
    /// Values that must not be shown wherever they stand, besides the hidden places of the files.
    pub secrets: Option<&'a HiddenTexts>,
}

impl Frames<'_> {
    /// Without colours, 120 columns wide.
    pub const PLAIN: Frames<'static> = Frames { color: false, width: 120, secrets: None };
}

/// What a frame says: a [`Diagnostic`], or any other message at a place.
#[derive(Clone, Copy, Debug)]
pub struct Finding<'a> {
    pub severity: Severity,
    /// In brackets after the severity.
    pub name: Option<&'a str>,
    pub message: &'a str,
    pub span: Span,
    /// What the marked place itself is told.
    pub label: Option<&'a str>,
    pub related: &'a [Related],
    pub help: Option<&'a str>,
    pub fix: Option<&'a Fix>,
}

impl<'a> Finding<'a> {
    /// A message at a place and no more.
    pub fn new(severity: Severity, message: &'a str, span: Span) -> Finding<'a> {
        Finding { severity, name: None, message, span, label: None, related: &[], help: None, fix: None }
    }
}

impl<'a> From<&'a Diagnostic> for Finding<'a> {
    fn from(diagnostic: &'a Diagnostic) -> Finding<'a> {
        Finding {
            severity: diagnostic.severity,
            name: Some(diagnostic.lint.name),
            message: &diagnostic.message,
            span: diagnostic.span,
            label: None,
            related: &diagnostic.related,
            help: diagnostic.help.as_deref(),
            fix: diagnostic.fix.as_ref(),
        }
    }
}

/// The narrowest frame that can be read.
const NARROWEST: usize = 40;
/// What line numbers and their rule may take of a line.
const GUTTER: usize = 14;
/// Lines are cut before drawing at this many widths: the drawing crate centres and trims what is left.
const LINE_IN_WIDTHS: usize = 4;
/// A larger edit is told, not drawn.
const LONGEST_DRAWN_EDIT: usize = 400;

impl Frames<'_> {
    /// The frame of a finding, ending in a newline.
    pub fn render<'f>(&self, finding: impl Into<Finding<'f>>, sources: &Sources) -> String {
        let finding = finding.into();
        let mut drawing = Drawing::new(self, sources, &finding);
        let mut groups = vec![drawing.main_group(&finding)];
        groups.extend(finding.fix.map(|fix| drawing.fix_group(fix, &finding)));
        let renderer = if self.color { Renderer::styled().hyperlink(false) } else { Renderer::plain() };
        let drawn = renderer.term_width(self.width.max(NARROWEST)).render(&groups);
        let mut text = drawing.fill_in_places(&drawn);
        text.push('\n');
        text
    }
}

/// A frame being drawn.
struct Drawing<'a> {
    frames: &'a Frames<'a>,
    sources: &'a Sources,
    /// What stands in hidden places of the finding's files.
    hidden: Vec<Arc<Hidden>>,
    /// `file:line:column` of each snippet, in the order drawn. The drawing crate counts columns in the lines it is given,
    /// which may be cut or masked.
    places: Vec<String>,
}

impl<'a> Drawing<'a> {
    fn new(frames: &'a Frames<'a>, sources: &'a Sources, finding: &Finding<'_>) -> Drawing<'a> {
        let files = std::iter::once(finding.span.file).chain(finding.related.iter().map(|related| related.span.file));
        let files: BTreeSet<FileId> = files.collect();
        let hidden = files.into_iter().map(|file| sources.file(file).hidden()).collect();
        Drawing { frames, sources, hidden, places: Vec::new() }
    }

    /// Every text that must not be shown.
    fn secrets(&self) -> impl Iterator<Item = &HiddenTexts> {
        self.hidden.iter().map(|hidden| &hidden.texts).chain(self.frames.secrets)
    }

    fn main_group(&mut self, finding: &Finding<'_>) -> Group<'static> {
        let title = level(finding.severity).primary_title(self.safe(finding.message));
        let title = match finding.name {
            Some(name) => title.id(name.to_string()),
            None => title,
        };
        let group = Group::with_title(title).elements(self.snippets(finding));
        match finding.help.filter(|help| !finding.fix.is_some_and(|fix| says_the_same(help, fix))) {
            Some(help) => group.element(Level::HELP.message(self.safe(help))),
            None => group,
        }
    }

    /// The places of a finding: its own first, then those near it, then the others by file and line.
    fn snippets(&mut self, finding: &Finding<'_>) -> Vec<Snippet<'static, Annotation<'static>>> {
        let mut marks = vec![(finding.span, finding.label)];
        marks.extend(finding.related.iter().map(|related| (related.span, Some(related.message.as_str()))));
        let mut files: Vec<FileId> = Vec::new();
        for (span, _) in &marks {
            if !files.contains(&span.file) {
                files.push(span.file);
            }
        }
        let mut snippets = Vec::new();
        for file in files {
            let of_file: Vec<usize> = (0..marks.len()).filter(|index| marks[*index].0.file == file).collect();
            let spans: Vec<Range<usize>> = of_file.iter().map(|index| marks[*index].0.start..marks[*index].0.end).collect();
            let mut parts = self.cut(file, &spans, self.frames.width * LINE_IN_WIDTHS);
            parts.sort_by_key(|part| !part.spans.iter().any(|(index, _)| of_file[*index] == 0));
            for part in parts {
                snippets.push(self.snippet(&part, &of_file, &marks));
            }
        }
        snippets
    }

    fn snippet(
        &mut self,
        part: &Excerpt,
        of_file: &[usize],
        marks: &[(Span, Option<&str>)],
    ) -> Snippet<'static, Annotation<'static>> {
        let first = part.spans.iter().map(|(index, _)| of_file[*index]).min().unwrap_or(0);
        let path = self.place(marks[first].0);
        let mut snippet = Snippet::source(part.text.clone()).line_start(part.first_line).path(path);
        for (index, span) in &part.spans {
            let (_, label) = marks[of_file[*index]];
            let kind = if of_file[*index] == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
            snippet = snippet.annotation(kind.span(span.clone()).label(label.map(|label| self.safe(label))));
        }
        snippet
    }

    /// The fix as a patch below the frame; only its title where the patch would be too large to read.
    fn fix_group(&mut self, fix: &Fix, finding: &Finding<'_>) -> Group<'static> {
        let title = finding.help.filter(|help| says_the_same(help, fix)).unwrap_or(&fix.title);
        let group = Group::with_title(Level::HELP.secondary_title(self.safe(title)));
        let elsewhere = fix.edits.first().is_some_and(|edit| edit.span.file != finding.span.file);
        group.elements(self.patches(fix, elsewhere).unwrap_or_default())
    }

    fn patches(&mut self, fix: &Fix, elsewhere: bool) -> Option<Vec<Snippet<'static, Patch<'static>>>> {
        let file = fix.edits.first()?.span.file;
        let drawable = |edit: &Edit| {
            edit.span.file == file && edit.text.len() + edit.span.end.saturating_sub(edit.span.start) <= LONGEST_DRAWN_EDIT
        };
        let mut edits: Vec<&Edit> = fix.edits.iter().collect();
        edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
        let overlap = edits.windows(2).any(|pair| pair[1].span.start < pair[0].span.end);
        if overlap || !edits.iter().all(|edit| drawable(edit)) {
            return None;
        }
        let spans: Vec<Range<usize>> = edits.iter().map(|edit| edit.span.start..edit.span.end).collect();
        let parts = self.cut(file, &spans, self.frames.width.saturating_sub(GUTTER));
        let many = parts.len() > 1;
        Some(parts.into_iter().map(|part| self.patch(&part, &edits, elsewhere || many)).collect())
    }

    fn patch(&mut self, part: &Excerpt, edits: &[&Edit], with_place: bool) -> Snippet<'static, Patch<'static>> {
        let first = part.spans.iter().map(|(index, _)| *index).min().unwrap_or(0);
        let path = with_place.then(|| self.place(edits[first].span));
        let mut snippet = Snippet::source(part.text.clone()).line_start(part.first_line).path(path);
        let mut end = 0;
        for (index, span) in &part.spans {
            // Spans that fell into one mask or one cut would be patched twice.
            if span.start >= end {
                snippet = snippet.patch(Patch::new(span.clone(), self.safe(&edits[*index].text)));
                end = span.end;
            }
        }
        snippet
    }

    fn cut(&self, file: FileId, spans: &[Range<usize>], line_length: usize) -> Vec<Excerpt> {
        let secrets: Vec<&HiddenTexts> = self.secrets().collect();
        let limits = Limits { secrets: &secrets, line_length: line_length.max(NARROWEST) };
        excerpts(&self.sources.file(file), spans, &limits)
    }

    /// Notes where a span is; returns the mark that stands for it while drawing.
    fn place(&mut self, span: Span) -> String {
        let file = self.sources.file(span.file);
        let position = file.position(span.start);
        self.places.push(format!("{}:{}:{}", self.safe(&file.path), position.line, position.column));
        format!("{MARK}{}{MARK}", self.places.len() - 1)
    }

    /// A text of this program or of a user as it may be shown.
    fn safe(&self, text: &str) -> String {
        printable(&without_hidden(text, MASK, self.secrets())).into_owned()
    }

    fn fill_in_places(&self, drawn: &str) -> String {
        let mut pieces = drawn.split(MARK);
        let mut filled = pieces.next().unwrap_or_default().to_string();
        while let (Some(index), Some(rest)) = (pieces.next(), pieces.next()) {
            filled.push_str(index.parse().ok().and_then(|index: usize| self.places.get(index)).map_or("", String::as_str));
            // The crate's own `:line:column`.
            filled.push_str(rest.trim_start_matches(|c: char| c == ':' || c.is_ascii_digit()));
        }
        filled
    }
}

/// Whether help only names what the fix writes: then it is the title of the patch.
fn says_the_same(help: &str, fix: &Fix) -> bool {
    matches!(fix.edits.as_slice(), [edit] if help.contains(&format!("`{}`", edit.text)))
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    }
}

#[cfg(test)]
mod tests;
