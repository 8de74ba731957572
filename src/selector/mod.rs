//! Ways to find a value in a reply.

pub mod jmespath;
mod jmespath_selector;
mod path;

pub use jmespath_selector::compile as compile_jmespath;
pub use path::{SelectorPath, SelectorStep, StepKind, Trace};

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

    /// The value it finds in a document, null when there is none. `Err` says in a user's words why it cannot be evaluated.
    fn select(&self, document: &Json) -> Result<Json, String>;
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
