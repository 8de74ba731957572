//! The keys of a webhook node and of the flow's parameters, in the platform's words.

use crate::plan::BodySyntax;
use crate::spec::Shape;
use crate::spec::keys::{SPEC_TITLE, Section, key, required};

/// What stands beside `[action]`.
pub static TOP_LEVEL: Section = Section {
    title: SPEC_TITLE,
    keys: &[key("parameters", Shape::Map(&ENTITY), "the flow's parameters: name = entity, or a table with `entity`")],
};

const ENTITY: Shape = Shape::AnyOf(&[Shape::Name, Shape::Table(&PARAMETER)]);

pub static PARAMETER: Section = Section {
    title: "a parameter",
    keys: &[
        required(
            "entity",
            Shape::Name,
            "its entity: `sys.any`, `sys.number`, …, or `system` for the platform's own parameters",
        ),
        key("secret", Shape::Boolean, "whether its values are masked wherever they are shown; default false"),
    ],
};

/// The methods of the platform's page.
pub const METHODS: &[&str] = &["GET", "POST", "PUT", "DELETE", "PATCH"];

/// A type of body: its name, its syntax, and the Content-Type that goes with it.
pub struct BodyType {
    pub name: &'static str,
    pub syntax: BodySyntax,
    pub content_type: &'static str,
}

/// The body types of the platform's page.
pub static BODY_TYPES: [BodyType; 5] = [
    BodyType { name: "json", syntax: BodySyntax::Json, content_type: "application/json" },
    BodyType { name: "html", syntax: BodySyntax::Html, content_type: "text/html" },
    BodyType { name: "text", syntax: BodySyntax::Plain, content_type: "text/plain" },
    BodyType { name: "form", syntax: BodySyntax::Form, content_type: "application/x-www-form-urlencoded" },
    BodyType { name: "xml", syntax: BodySyntax::Xml, content_type: "application/xml" },
];

pub const BODY_TYPE_NAMES: &[&str] = &["json", "html", "text", "form", "xml"];

/// The response mapping types of the platform's page.
pub const MAPPING_TYPES: &[&str] = &["json", "xml"];

pub static ACTION: Section = Section {
    title: "`[action]`",
    keys: &[
        key("label", Shape::Text, "the node's name; not mandatory"),
        required("method", Shape::AnyOf(&[Shape::Word(METHODS), Shape::Filled]), "GET, POST, PUT, DELETE or PATCH"),
        required("url", Shape::Text, "the URL endpoint; `$NAME` takes a parameter's value, percent-encoded"),
        key("query", Shape::Pairs(&Shape::Text), "query parameters, appended to those that the URL has"),
        key("headers", Shape::Pairs(&Shape::Text), "header names and values"),
        key("body", Shape::Table(&BODY), "the body: its type, and its content or the fields of a form"),
        key("timeout", Shape::Number, "seconds that the node waits for a reply, 10 to 25; default 10"),
        key("async", Shape::Boolean, "whether the flow goes on without waiting for the reply; default false"),
        key("signing", Shape::Table(&SIGNING), "signs the request with a token in the header `Authorization`"),
        key("response", Shape::Table(&RESPONSE), "what is taken from a reply, and which exits it has"),
    ],
};

pub static BODY: Section = Section {
    title: "`[action.body]`",
    keys: &[
        required("type", Shape::Word(BODY_TYPE_NAMES), "`json`, `html`, `text`, `form` or `xml`"),
        key("content", Shape::Text, "the body's text; each value is encoded for the place it stands in"),
        key("fields", Shape::Pairs(&Shape::Text), "of a form: names and values"),
    ],
};

pub static SIGNING: Section = Section {
    title: "`[action.signing]`",
    keys: &[
        required("secret", Shape::Name, "the name of the secret that holds the account's signature secret"),
        key("api_key", Shape::Text, "the account's API key, a claim of the token"),
        key("application_id", Shape::Text, "the application's id, a claim of the token"),
    ],
};

pub static RESPONSE: Section = Section {
    title: "`[action.response]`",
    keys: &[
        key("type", Shape::Word(MAPPING_TYPES), "what the reply is read as: `json`, which is the default, or `xml`"),
        key("mapping", Shape::ByContext(&Shape::Text), "parameter = object path, such as `$[0].name` or `note['to']`"),
        key("status_parameter", Shape::Name, "the parameter that keeps the reply's status"),
        key("exits", Shape::Texts, "exits besides the default one for 2xx and `failed`: codes and classes, `404`, `5xx`"),
    ],
};

/// `[action]` first.
pub static SECTIONS: &[&Section] = &[&ACTION, &BODY, &SIGNING, &RESPONSE, &PARAMETER];

#[cfg(test)]
mod tests {
    use super::{BODY_TYPE_NAMES, BODY_TYPES};

    #[test]
    fn every_body_type_has_its_name_in_the_format() {
        assert!(BODY_TYPES.iter().map(|known| known.name).eq(BODY_TYPE_NAMES.iter().copied()));
    }
}
