//! Full names of attributes.

use std::fmt;
use std::sync::Arc;

/// `context.attribute`; the attribute alone where it stands in no context.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AttributeName {
    full: Arc<str>,
    context_length: usize,
}

impl AttributeName {
    pub fn new(context: &str, attribute: &str) -> AttributeName {
        match context {
            "" => AttributeName { full: attribute.into(), context_length: 0 },
            _ => AttributeName { full: [context, ".", attribute].concat().into(), context_length: context.len() },
        }
    }

    pub fn context(&self) -> &str {
        &self.full[..self.context_length]
    }

    pub fn attribute(&self) -> &str {
        if self.context_length == 0 { &self.full } else { &self.full[self.context_length + 1..] }
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

/// Which names a platform has that stand in no context.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Naming {
    /// The context that specs write and the platform does not: its names stand alone.
    pub unnamed_context: Option<&'static str>,
    /// Names of their own.
    pub bare: &'static [&'static str],
    /// What a reference begins with, where it does not stand in braces.
    pub mark: Option<char>,
}

impl Naming {
    /// The names of several platforms at once. Of what two of them have, the first one's counts.
    pub fn joined(namings: impl Iterator<Item = Naming>) -> Naming {
        namings.fold(Naming::default(), |joined, naming| Naming {
            unnamed_context: joined.unnamed_context.or(naming.unnamed_context),
            bare: if joined.bare.is_empty() { naming.bare } else { joined.bare },
            mark: joined.mark.or(naming.mark),
        })
    }

    /// The full name of an attribute of a context.
    pub fn full(&self, context: &str, attribute: &str) -> AttributeName {
        let context = if self.unnamed_context == Some(context) { "" } else { context };
        AttributeName::new(context, attribute)
    }

    /// The context under which a spec writes a name; empty for a name that stands alone there, too.
    pub fn written_context<'n>(&self, name: &'n AttributeName) -> &'n str {
        match self.unnamed_context {
            Some(context) if name.context().is_empty() && !self.bare.contains(&name.attribute()) => context,
            _ => name.context(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{AttributeName, Naming};

    #[test]
    fn names_in_a_context_and_in_none() {
        let name = AttributeName::new("user", "a.b");
        assert_eq!((name.full(), name.context(), name.attribute()), ("user.a.b", "user", "a.b"));
        let naming = Naming { unnamed_context: Some("parameters"), bare: &[], mark: None };
        let name = naming.full("parameters", "ORDER_ID");
        assert_eq!((name.full(), name.context(), name.attribute()), ("ORDER_ID", "", "ORDER_ID"));
        assert_eq!(naming.full("secret", "x").full(), "secret.x");
    }
}
