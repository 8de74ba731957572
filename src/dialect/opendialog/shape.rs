//! The keys of an OpenDialog action, in the platform's words.

use super::lints::auth_shape::TYPES;
use crate::spec::Shape;
use crate::spec::keys::{SPEC_TITLE, Section, key, required};

/// Nothing stands beside `[action]` that is the platform's own.
pub static TOP_LEVEL: Section = Section { title: SPEC_TITLE, keys: &[] };

/// The methods of the platform's page.
pub const METHODS: &[&str] = &["GET", "POST", "PUT", "DELETE", "PATCH"];

pub static ACTION: Section = Section {
    title: "`[action]`",
    keys: &[
        key("name", Shape::Text, "the action's name, 1 to 60 characters; names its default output attributes"),
        key("description", Shape::Text, "at most 120 characters"),
        required("method", Shape::AnyOf(&[Shape::Word(METHODS), Shape::Filled]), "GET, POST, PUT, DELETE or PATCH"),
        required("url", Shape::Text, "the whole URL with scheme; values in it are URL-encoded"),
        key("headers", Shape::Pairs(&Shape::Text), "header names and values"),
        key("body", Shape::Body, "JSON text as pasted from the platform, a table, or `{ file = \"big.json\" }`"),
        key("auth", Shape::Table(&AUTH), "header authentication, mutual TLS or OAuth2 client credentials"),
        key("response", Shape::Table(&RESPONSE), "what a reply does, by group: 1xx, 2xx, 3xx, 4xx, 5xx"),
    ],
};

pub static AUTH: Section = Section {
    title: "`[action.auth]`",
    keys: &[
        required("type", Shape::AnyOf(&[Shape::Word(&TYPES), Shape::Text]), "`header`, `mtls` or `oauth2`"),
        key("variables", Shape::Map(&Shape::Text), "named values for the headers, resolved when they are needed"),
        key("headers", Shape::Pairs(&Shape::Text), "headers that the authentication adds"),
        key("config", Shape::Text, "variables and headers as JSON text, as pasted from the platform"),
        key("certificate", Shape::Text, "mutual TLS: the client certificate, a secret"),
        key("password", Shape::Text, "mutual TLS: the certificate's password"),
        key("ca_certificate", Shape::Text, "mutual TLS: a CA certificate as base64 of PEM"),
        key("token_url", Shape::Text, "OAuth2: the token endpoint"),
        key("client_id", Shape::Text, "OAuth2: the client's id"),
        key("client_secret", Shape::Text, "OAuth2: the client's secret"),
        key("scope", Shape::Text, "OAuth2: the scopes, separated by spaces"),
    ],
};

pub static RESPONSE: Section = Section {
    title: "`[action.response]`",
    keys: &[
        key("1xx", Shape::Table(&GROUP), "interim replies"),
        key("2xx", Shape::Table(&GROUP), "success"),
        key("3xx", Shape::Table(&GROUP), "redirects, which are not followed"),
        key("4xx", Shape::Table(&GROUP), "errors of the request"),
        key("5xx", Shape::Table(&GROUP), "errors of the server"),
    ],
};

pub static GROUP: Section = Section {
    title: "a response group",
    keys: &[
        key("action_success", Shape::Text, "\"TRUE\", \"FALSE\" or a JMESPath expression that gives a boolean"),
        key("outputs", Shape::ByContext(&Shape::Text), "attribute = JMESPath expression"),
        key("raw", Shape::Text, "a string attribute for the whole reply"),
    ],
};

/// `[action]` first.
pub static SECTIONS: &[&Section] = &[&ACTION, &AUTH, &RESPONSE, &GROUP];
