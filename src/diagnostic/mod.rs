//! What the program has to say about a spec: one value for every lint, template fault and failed expectation.
//!
//! Messages are lower case without a final period, user's text stands in backticks, help stands apart.

mod render;
mod slips;
mod suggest;

pub use render::{Finding, Frames, is_printable, printable};
pub use slips::slip_distance;
pub use suggest::{MOST_COMPARED, did_you_mean, listed, nearest, suggesting};

use std::ops::Range;

use crate::source::{Mapped, Span};

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Info,
    Warning,
    Error,
}

impl Severity {
    pub fn word(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// A kind of mistake. Its name is its only identity.
#[derive(Debug)]
pub struct Lint {
    /// Kebab-case, naming the bad thing, readable after "allow".
    pub name: &'static str,
    /// The severity unless the manifest or the spec says otherwise.
    pub severity: Severity,
    /// One line: what it finds.
    pub summary: &'static str,
    /// The page that `explain` prints, in Markdown, without a title.
    pub page: &'static str,
}

impl PartialEq for Lint {
    fn eq(&self, other: &Lint) -> bool {
        self.name == other.name
    }
}

/// One finding at one place.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    pub lint: &'static Lint,
    pub severity: Severity,
    pub message: String,
    pub span: Span,
    pub related: Vec<Related>,
    pub help: Option<String>,
    pub fix: Option<Fix>,
    /// Listed in the spec's `expect_lints`: it is printed and never counts.
    pub is_expected: bool,
}

/// Another place that belongs to a finding.
#[derive(Clone, Debug)]
pub struct Related {
    pub message: String,
    pub span: Span,
}

/// A mechanical mend.
#[derive(Clone, Debug)]
pub struct Fix {
    pub title: String,
    /// A safe fix never changes what the platform does.
    pub safe: bool,
    pub edits: Vec<Edit>,
}

#[derive(Clone, Debug)]
pub struct Edit {
    pub span: Span,
    pub text: String,
}

impl Edit {
    /// Puts `text` in place of a byte range of `source`, with the escapes that it needs where it stands. `None` where it cannot
    /// be written at all, as a single quote in a TOML string in single quotes.
    pub fn within(source: &Mapped, range: Range<usize>, text: &str) -> Option<Edit> {
        let written = source.written(range.clone(), text)?;
        Some(Edit { span: source.span(range), text: written })
    }
}

impl Diagnostic {
    pub fn new(lint: &'static Lint, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            lint,
            severity: lint.severity,
            message: message.into(),
            span,
            related: Vec::new(),
            help: None,
            fix: None,
            is_expected: false,
        }
    }

    pub fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help = Some(help.into());
        self
    }

    pub fn help_if(mut self, help: Option<String>) -> Diagnostic {
        self.help = help.or(self.help);
        self
    }

    pub fn related(mut self, span: Span, message: impl Into<String>) -> Diagnostic {
        self.related.push(Related { message: message.into(), span });
        self
    }

    /// Suggests the nearest of `known` for `written`, as help and as a guessed fix at `span`.
    pub fn suggest<'a>(self, written: &str, known: impl IntoIterator<Item = &'a str>, span: Span) -> Diagnostic {
        match nearest(written, known) {
            Some(name) => self.guess(name, span),
            None => self,
        }
    }

    /// Suggests a name that was probably meant, as help and as a guessed fix at `span`. A name that may need quotes or escapes
    /// where it stands is no more than help.
    pub fn guess(mut self, name: &str, span: Span) -> Diagnostic {
        self.help = Some(format!("did you mean `{name}`?"));
        if !name
            .contains(|character: char| character.is_control() || character.is_whitespace() || "\"'\\{}".contains(character))
        {
            let edits = vec![Edit { span, text: name.to_string() }];
            self.fix = Some(Fix { title: format!("replace with `{name}`"), safe: false, edits });
        }
        self
    }
}
