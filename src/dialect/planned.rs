//! The keys of the format's dialects that this version does not read: a key of theirs is no misspelling.

use crate::spec::Shape;
use crate::spec::keys::{Section, key};

/// Each dialect with the tables of its actions.
pub static PLANNED_SECTIONS: &[(&str, &[&Section])] = &[("verboo", &[&VERBOO, &VERBOO_ACTION, &VERBOO_TRIGGER])];

static VERBOO: Section = Section {
    title: "the top level",
    keys: &[
        key("trigger", Shape::Anything, "what calls the action"),
        key("client_data", Shape::Anything, "the data of the client and their types"),
    ],
};

static VERBOO_ACTION: Section = Section {
    title: "`[action]`",
    keys: &[
        key("from", Shape::Anything, "the platform's own JSON"),
        key("responseDirective", Shape::Anything, "what the language model is told"),
    ],
};

static VERBOO_TRIGGER: Section = Section {
    title: "`[trigger]`",
    keys: &[
        key("interpretResponse", Shape::Anything, "whether the language model reads the reply"),
        key("isActive", Shape::Anything, "whether the trigger is on"),
        key("copilotOnly", Shape::Anything, "whether it is for the copilot alone"),
    ],
};
