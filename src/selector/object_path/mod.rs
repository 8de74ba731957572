//! Object paths: one way into a reply, step by step.
//!
//! One grammar takes the union of two families, since the platform documents one and real configurations use both: what is
//! documented (`note.to`, `note['to']`, `$[0].userId`), which is within the singular queries of RFC 9535, and what lodash's
//! `get` takes (`[0][name]`, `data.0.id`).
//!
//! With `$` a path means what RFC 9535 says: `[0]` is a position in a list, `['0']` a key of an object. Beyond RFC 9535 we
//! take, also behind a `$`, names in brackets without quotes, numbers behind a dot, and names with `-`, `:`, `@`, `#`, `$` or
//! a leading digit. Without `$` a number is a position in a list and a key of an object, however it is written, as in lodash.

mod grammar;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use serde_json::Value as Json;

use super::path::element;
use super::{LoosePart, Selector, SelectorPath, SelectorStep, StepKind, SyntaxError};

/// A path of more bytes is refused.
pub const MAX_PATH_BYTES: usize = 64 * 1024;

/// A path of more steps is refused. No document that is read here is nested as deeply.
pub const MAX_PATH_STEPS: usize = 4096;

/// The largest position, which RFC 9535 (section 2.1) takes from I-JSON: 2^53 - 1.
pub const MAX_POSITION: i64 = (1 << 53) - 1;

/// A compiled object path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectPath {
    text: String,
    steps: Vec<SelectorStep>,
    loose_parts: Vec<LoosePart>,
}

/// Compiles an object path.
pub fn compile(text: &str) -> Result<Arc<dyn Selector>, SyntaxError> {
    Ok(Arc::new(ObjectPath::compile(text)?))
}

impl ObjectPath {
    /// Compiles an object path, or says at which place it is none.
    pub fn compile(text: &str) -> Result<ObjectPath, SyntaxError> {
        let read = grammar::read(text)?;
        Ok(ObjectPath { text: text.to_string(), steps: read.steps, loose_parts: read.loose_parts })
    }

    /// The steps from the root, each with its place in the text: a name without its dot, a bracket with both ends.
    pub fn steps(&self) -> &[SelectorStep] {
        &self.steps
    }

    /// Whether some part works only where paths are read as lodash reads them.
    pub fn is_loose(&self) -> bool {
        !self.loose_parts.is_empty()
    }

    /// The value at the end of the path; `None` when a step finds nothing.
    pub fn value_in<'d>(&self, document: &'d Json) -> Option<&'d Json> {
        self.steps.iter().try_fold(document, |value, step| taken(&step.kind, value))
    }
}

impl Selector for ObjectPath {
    fn text(&self) -> &str {
        &self.text
    }

    fn paths(&self) -> Vec<SelectorPath> {
        vec![SelectorPath { steps: self.steps.clone(), is_whole: true, goes_on: false }]
    }

    fn loose_parts(&self) -> Vec<LoosePart> {
        self.loose_parts.clone()
    }

    fn select(&self, document: &Json) -> Result<Json, String> {
        Ok(self.value_in(document).cloned().unwrap_or(Json::Null))
    }

    fn find(&self, document: &Json) -> Result<Option<Json>, String> {
        Ok(self.value_in(document).cloned())
    }
}

fn taken<'d>(step: &StepKind, value: &'d Json) -> Option<&'d Json> {
    match (step, value) {
        (StepKind::Field(name), Json::Object(object)) => object.get(name),
        (StepKind::Index(position) | StepKind::Member(position), Json::Array(items)) => element(items, *position),
        (StepKind::Member(key), Json::Object(object)) => object.get(&key.to_string()),
        _ => None,
    }
}
