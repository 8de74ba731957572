//! The keys of the format's dialects that this version does not read: a key of theirs is no misspelling.

use crate::spec::Shape;
use crate::spec::keys::{Section, key};

/// Each dialect with the tables of its actions.
pub static PLANNED_SECTIONS: &[(&str, &[&Section])] = &[
    ("vonage", &[&VONAGE, &VONAGE_ACTION, &VONAGE_SIGNING, &VONAGE_RESPONSE]),
    ("verboo", &[&VERBOO, &VERBOO_ACTION, &VERBOO_TRIGGER]),
];

static VONAGE: Section = Section {
    title: "the top level",
    keys: &[key("parameters", Shape::Anything, "the flow's parameters and their entities")],
};

static VONAGE_ACTION: Section = Section {
    title: "`[action]`",
    keys: &[
        key("label", Shape::Anything, "the node's name"),
        key("query", Shape::Anything, "query parameters"),
        key("timeout", Shape::Anything, "seconds, 10 to 25"),
        key("async", Shape::Anything, "whether the flow goes on without the reply"),
        key("signing", Shape::Anything, "how the request is signed"),
    ],
};

static VONAGE_SIGNING: Section = Section {
    title: "`[action] signing`",
    keys: &[key("api_key", Shape::Anything, "the account's key"), key("application_id", Shape::Anything, "the application")],
};

static VONAGE_RESPONSE: Section = Section {
    title: "`[action.response]`",
    keys: &[
        key("mapping", Shape::Anything, "parameter = object path"),
        key("status_parameter", Shape::Anything, "the parameter for the status"),
        key("exits", Shape::Anything, "exits besides the default ones"),
    ],
};

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
