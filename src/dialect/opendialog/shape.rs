//! The keys of an OpenDialog action, in the platform's words.

use crate::spec::keys::Section;

pub static ACTION: Section = Section {
    title: "`[action]`",
    keys: &[
        ("name", "the action's name, 1 to 60 characters; names its default output attributes"),
        ("description", "at most 120 characters"),
        ("method", "GET, POST, PUT, DELETE or PATCH"),
        ("url", "the whole URL with scheme; values in it are URL-encoded"),
        ("headers", "header names and values"),
        ("body", "JSON text as pasted from the platform, a table, or `{ file = \"big.json\" }`"),
        ("auth", "header authentication, mutual TLS or OAuth2 client credentials"),
        ("response", "what a reply does, by group: 1xx, 2xx, 3xx, 4xx, 5xx"),
    ],
};

pub static AUTH: Section = Section {
    title: "`[action.auth]`",
    keys: &[
        ("type", "`header`, `mtls` or `oauth2`"),
        ("variables", "named values for the headers, resolved when they are needed"),
        ("headers", "headers that the authentication adds"),
        ("config", "variables and headers as JSON text, as pasted from the platform"),
        ("certificate", "mutual TLS: the client certificate, a secret"),
        ("password", "mutual TLS: the certificate's password"),
        ("ca_certificate", "mutual TLS: a CA certificate as base64 of PEM"),
        ("token_url", "OAuth2: the token endpoint"),
        ("client_id", "OAuth2: the client's id"),
        ("client_secret", "OAuth2: the client's secret"),
        ("scope", "OAuth2: the scopes, separated by spaces"),
    ],
};

pub static RESPONSE: Section = Section {
    title: "`[action.response]`",
    keys: &[
        ("1xx", "interim replies"),
        ("2xx", "success"),
        ("3xx", "redirects, which are not followed"),
        ("4xx", "errors of the request"),
        ("5xx", "errors of the server"),
    ],
};

pub static GROUP: Section = Section {
    title: "a response group",
    keys: &[
        ("action_success", "\"TRUE\", \"FALSE\" or a JMESPath expression that gives a boolean"),
        ("outputs", "attribute = JMESPath expression"),
        ("raw", "a string attribute for the whole reply"),
    ],
};

pub static SECTIONS: &[&Section] = &[&ACTION, &AUTH, &RESPONSE, &GROUP];
