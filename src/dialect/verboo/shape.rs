//! The keys of a Verboo spec, in the platform's words.

use crate::spec::Shape;
use crate::spec::keys::{SPEC_TITLE, Section, key, required};

/// The methods of the platform's page: there is no PATCH.
pub const METHODS: &[&str] = &["GET", "POST", "PUT", "DELETE"];

/// The integration's own name.
pub const TYPE: &str = "WEBHOOK";

pub static TOP_LEVEL: Section = Section {
    title: SPEC_TITLE,
    keys: &[
        key("trigger", Shape::Table(&TRIGGER), "what makes the assistant run the action"),
        key(
            "client_data",
            Shape::Map(&Shape::AnyOf(&[Shape::AttributeType, Shape::Table(&CLIENT_DATUM)])),
            "the session's client data: name = type, or `{ type = \"string\", secret = true }`",
        ),
    ],
};

pub static ACTION: Section = Section {
    title: "`[action]`",
    keys: &[
        key("from", Shape::WholeTable, "a JSON file beside the spec, as the platform has it; other keys lie over it"),
        key("type", Shape::Word(&[TYPE]), "`WEBHOOK`"),
        required("url", Shape::Text, "the whole URL with scheme; values in it are URL-encoded"),
        required("method", Shape::AnyOf(&[Shape::Word(METHODS), Shape::Filled]), "GET, POST, PUT or DELETE"),
        key("headers", Shape::Tables(&HEADER), "rows of `{ key = \"…\", value = \"…\" }`"),
        key("body", Shape::Body, "the text that the platform stores, or a table"),
        key("responseDirective", Shape::Text, "what the language model is told about the reply"),
    ],
};

pub static HEADER: Section = Section {
    title: "a header",
    keys: &[
        required("key", Shape::Text, "the header's name"),
        required("value", Shape::Text, "the header's value; variables in it are replaced as they are"),
    ],
};

pub static TRIGGER: Section = Section {
    title: "`[trigger]`",
    keys: &[
        key("name", Shape::Text, "the trigger's name"),
        key("description", Shape::Text, "when the model should run it, at most 350 characters"),
        key("interpretResponse", Shape::Boolean, "whether the model reads the reply; default true"),
        key("isActive", Shape::Boolean, "whether the trigger is on"),
        key("copilotOnly", Shape::Boolean, "whether only the copilot runs it"),
        key("parameters", Shape::AnyTable, "the arguments that the model extracts, as JSON Schema"),
    ],
};

pub static CLIENT_DATUM: Section = Section {
    title: "`[client_data]`",
    keys: &[
        required("type", Shape::AttributeType, "the value's type"),
        key("secret", Shape::Boolean, "whether the value is masked wherever it shows"),
    ],
};

/// `[action]` first.
pub static SECTIONS: &[&Section] = &[&ACTION, &HEADER, &TRIGGER, &CLIENT_DATUM];
