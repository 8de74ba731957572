//! The keys of a legacy action.

use crate::spec::Shape;
use crate::spec::keys::{SPEC_TITLE, Section, key, required};

/// Nothing stands beside `[action]` that is the platform's own.
pub static TOP_LEVEL: Section = Section { title: SPEC_TITLE, keys: &[] };

/// The platform has no choice of a method.
pub const METHODS: &[&str] = &["POST"];

pub static ACTION: Section = Section {
    title: "`[action]`",
    keys: &[
        key("name", Shape::Text, "the action's name, 1 to 60 characters; names its default output attributes"),
        required("url", Shape::Text, "the whole URL with scheme, sent as it is: it holds no references"),
        key("headers", Shape::Pairs(&Shape::Text), "header names and values, sent as they are: they hold no references"),
        key("inputs", Shape::Texts, "the attributes that are sent; the action does not run without one of them"),
        key("outputs", Shape::Texts, "the attributes that a reply is expected to write; others go into `user`"),
        key("active", Shape::Boolean, "`false`: the platform never runs the action"),
    ],
};

/// `[action]` first.
pub static SECTIONS: &[&Section] = &[&ACTION];
