//! The keys of the format's dialects that this version does not read: a key of theirs is no misspelling.

use crate::spec::Shape;
use crate::spec::keys::{Section, key};

/// Each dialect with the tables of its actions.
pub static PLANNED_SECTIONS: &[(&str, &[&Section])] =
    &[("opendialog-legacy", &[&LEGACY_ACTION]), ("vonage", &[&VONAGE, &VONAGE_ACTION, &VONAGE_SIGNING, &VONAGE_RESPONSE])];

static LEGACY_ACTION: Section = Section {
    title: "`[action]`",
    keys: &[
        key("inputs", Shape::Anything, "attributes that are sent"),
        key("outputs", Shape::Anything, "attributes that a reply may write"),
        key("active", Shape::Anything, "whether the action is called at all"),
    ],
};

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
