//! Full names of attributes.

use std::fmt;
use std::sync::Arc;

/// `context.attribute`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AttributeName {
    full: Arc<str>,
    context_length: usize,
}

impl AttributeName {
    pub fn new(context: &str, attribute: &str) -> AttributeName {
        AttributeName { full: [context, ".", attribute].concat().into(), context_length: context.len() }
    }

    pub fn context(&self) -> &str {
        &self.full[..self.context_length]
    }

    pub fn attribute(&self) -> &str {
        &self.full[self.context_length + 1..]
    }

    pub fn full(&self) -> &str {
        &self.full
    }
}

impl fmt::Display for AttributeName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.full)
    }
}
