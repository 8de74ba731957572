//! Ways to find a value in a reply.

pub mod jmespath;
mod jmespath_selector;
pub mod object_path;
mod path;
mod syntax_error;
pub mod xml;

pub use jmespath_selector::compile as compile_jmespath;
pub use object_path::compile as compile_object_path;
pub use path::{SelectorPath, SelectorStep, StepKind, Trace};
pub use syntax_error::{SyntaxError, SyntaxErrorKind};

use std::fmt;

use serde_json::Value as Json;

/// A compiled expression over a reply.
pub trait Selector: fmt::Debug + Send + Sync {
    /// What was written.
    fn text(&self) -> &str;

    /// What can be seen to be wrong before any reply is known.
    fn problems(&self) -> Vec<SelectorProblem> {
        Vec::new()
    }

    /// The functions that its language has, for did-you-mean.
    fn functions(&self) -> &'static [&'static str] {
        &[]
    }

    /// The paths that it reads from the document's root, in the order of the text: `order.lines[*].title`, or `a` and `b.c`
    /// of `a || b.c`.
    fn paths(&self) -> Vec<SelectorPath> {
        Vec::new()
    }

    /// What it gives on any document, in a user's words, where that can be told: never null alone and never a boolean.
    fn certain_kind(&self) -> Option<&'static str> {
        None
    }

    /// The parts that work only where the path's language is read loosely.
    fn loose_parts(&self) -> Vec<LoosePart> {
        Vec::new()
    }

    /// The value it finds in a document, null when there is none. `Err` says in a user's words why it cannot be evaluated.
    fn select(&self, document: &Json) -> Result<Json, String>;

    /// The value it finds in a document. `None` when it finds nothing, which a language that knows no difference says of
    /// null as well.
    fn find(&self, document: &Json) -> Result<Option<Json>, String> {
        Ok(Some(self.select(document)?).filter(|value| !value.is_null()))
    }
}

/// A part of an expression that its language allows only when it is read loosely.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoosePart {
    /// A byte range of the expression's text; parts do not overlap.
    pub range: std::ops::Range<usize>,
    pub kind: LooseKind,
    /// The documented spelling of this part.
    pub instead: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LooseKind {
    /// A path that begins with `[` and not with `$`.
    LeadingBracket,
    /// A name in brackets without quotes.
    BareWord,
    /// A position in a list behind a dot.
    DottedNumber,
}

/// A mistake in an expression that parses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectorProblem {
    /// A byte range of the expression's text.
    pub range: std::ops::Range<usize>,
    pub kind: SelectorProblemKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SelectorProblemKind {
    UnknownFunction(String),
    WrongArity { function: String, expected: String, given: usize },
}
