//! An authentication that lacks a part.

use crate::diagnostic::{Diagnostic, Lint, Severity, listed};
use crate::source::{Name, Span};

/// The types of authentication.
pub const TYPES: [&str; 3] = ["header", "mtls", "oauth2"];

/// An authentication that lacks a part.
pub static AUTH_SHAPE: Lint = Lint {
    name: "auth-shape",
    severity: Severity::Error,
    summary: "an authentication that lacks a part which its type needs",
    page: r#"## What it does
Finds an authentication without what its type needs: `header` needs at least one header, `mtls` a certificate and a
password, `oauth2` a token URL, a client id and a client secret. Finds types other than these three.

## Why this is bad
The platform requires these fields (OpenDialog documentation, Webhook action, Authentication configuration). Without them
the authentication cannot be saved, or the request goes out without credentials.

## Example
```toml
[action.auth]
type = "oauth2"
token_url = "https://auth.example.com/oauth2/token"
client_id = "{global.oauth_client_id}"
```

## Instead
```toml
[action.auth]
type = "oauth2"
token_url = "https://auth.example.com/oauth2/token"
client_id = "{global.oauth_client_id}"
client_secret = "{secret.oauth_client_secret}"
```

## Fix
`--fix --unsafe` replaces a misspelt type with the nearest one. For all else none: only you know the value.

## When it stays silent
About parts that may be left out: `variables` of a header authentication, `ca_certificate`, `scope`. Without
`[action.auth]` there is no authentication, and nothing to say. About headers that are not there because of a mistake that is
told already: a misspelt key, a value of the wrong kind, a config that is not JSON.
"#,
};

/// What a pasted config has to be.
pub const CONFIG: &str =
    "paste it as the platform has it: `{ \"variables\": {…}, \"headers\": {…} }`; anything else it cannot save";

/// The parts that a type needs, in a user's words.
const PARTS: [(&str, &str); 5] = [
    ("certificate", "the client certificate, as in `certificate = \"{secret.client_certificate}\"`"),
    ("password", "the certificate's password, as in `password = \"{secret.certificate_password}\"`"),
    ("token_url", "the address of the token endpoint, as in `token_url = \"https://auth.example.com/oauth2/token\"`"),
    ("client_id", "the client's id, as the service issued it"),
    ("client_secret", "the client's secret, as in `client_secret = \"{secret.oauth_client_secret}\"`"),
];

/// A key that the type needs and that is not there, or empty: `missing(span, "oauth2", "client_secret")`.
pub fn missing(span: Span, authentication_type: &str, key: &str) -> Diagnostic {
    let what = PARTS.iter().find(|(name, _)| *name == key).map_or("its value", |(_, what)| *what);
    Diagnostic::new(&AUTH_SHAPE, span, format!("`{authentication_type}` authentication needs `{key}`"))
        .help(format!("give {what}; without it the platform cannot save or use this authentication"))
}

/// A header authentication whose `headers` are not there, or empty.
pub fn no_headers(span: Span) -> Diagnostic {
    Diagnostic::new(&AUTH_SHAPE, span, "`header` authentication needs at least one header")
        .help("variables are only computed when a header reads them")
}

/// A `type` that the platform does not have.
pub fn unknown_type(name: &Name) -> Diagnostic {
    Diagnostic::new(&AUTH_SHAPE, name.span, format!("no authentication of type `{}`", name.value))
        .help(format!("the types are {}", listed(&TYPES)))
        .suggest(&name.value, TYPES, name.span)
}

/// A part of the wrong form, told in `message`.
pub fn found(span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(&AUTH_SHAPE, span, message)
}
