//! The keys of the format's dialects that this version does not read: a key of theirs is no misspelling.

use crate::spec::keys::Section;

/// Each dialect with the tables of its actions.
pub static PLANNED_SECTIONS: &[(&str, &[&Section])] = &[
    ("opendialog-legacy", &[&LEGACY_ACTION]),
    ("vonage", &[&VONAGE, &VONAGE_ACTION, &VONAGE_SIGNING, &VONAGE_RESPONSE]),
    ("verboo", &[&VERBOO, &VERBOO_ACTION, &VERBOO_TRIGGER]),
];

static LEGACY_ACTION: Section = Section {
    title: "`[action]`",
    keys: &[
        ("inputs", "attributes that are sent"),
        ("outputs", "attributes that a reply may write"),
        ("active", "whether the action is called at all"),
    ],
};

static VONAGE: Section =
    Section { title: "the top level", keys: &[("parameters", "the flow's parameters and their entities")] };

static VONAGE_ACTION: Section = Section {
    title: "`[action]`",
    keys: &[
        ("label", "the node's name"),
        ("query", "query parameters"),
        ("timeout", "seconds, 10 to 25"),
        ("async", "whether the flow goes on without the reply"),
        ("signing", "how the request is signed"),
    ],
};

static VONAGE_SIGNING: Section = Section {
    title: "`[action] signing`",
    keys: &[("api_key", "the account's key"), ("application_id", "the application")],
};

static VONAGE_RESPONSE: Section = Section {
    title: "`[action.response]`",
    keys: &[
        ("mapping", "parameter = object path"),
        ("status_parameter", "the parameter for the status"),
        ("exits", "exits besides the default ones"),
    ],
};

static VERBOO: Section = Section {
    title: "the top level",
    keys: &[("trigger", "what calls the action"), ("client_data", "the data of the client and their types")],
};

static VERBOO_ACTION: Section = Section {
    title: "`[action]`",
    keys: &[("from", "the platform's own JSON"), ("responseDirective", "what the language model is told")],
};

static VERBOO_TRIGGER: Section = Section {
    title: "`[trigger]`",
    keys: &[
        ("interpretResponse", "whether the language model reads the reply"),
        ("isActive", "whether the trigger is on"),
        ("copilotOnly", "whether it is for the copilot alone"),
    ],
};
