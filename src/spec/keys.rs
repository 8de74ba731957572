//! The keys of specs and manifest: one table, from which the reader, its suggestions and `explain` all live.

/// A key and one line on what it is.
pub type Key = (&'static str, &'static str);

/// A table of a spec or the manifest, and the keys it may have.
#[derive(Debug)]
pub struct Section {
    /// As users write it: `[case.expect]`.
    pub title: &'static str,
    pub keys: &'static [Key],
}

impl Section {
    pub fn names(&self) -> Vec<&'static str> {
        self.keys.iter().map(|(name, _)| *name).collect()
    }

    pub fn has(&self, name: &str) -> bool {
        self.keys.iter().any(|(known, _)| *known == name)
    }
}

pub static SPEC: Section = Section {
    title: "a spec's top level",
    keys: &[
        ("dialect", "the platform: `opendialog`, which is the default and all that this version reads"),
        ("expect_lints", "lints that this spec is meant to trigger; they never fail the run"),
        ("action", "the webhook action, in the platform's own words"),
        ("attributes", "declared attribute types, over the manifest's"),
        ("lint", "severities for this file: lint name = \"allow\" | \"info\" | \"warn\" | \"error\""),
        ("assume", "choices for this file where the platform's documentation is silent"),
        ("defaults", "any key of a case but `name`; lies beneath every case"),
        ("case", "an example of the action at work: `[[case]]`"),
    ],
};

const CASE_KEYS: &[Key] = &[
    ("name", "what the example shows; also names its snapshot"),
    ("now", "the clock: a TOML date, an RFC 3339 text or Unix seconds; default 2026-01-01T00:00:00Z"),
    ("timezone", "the end user's time zone; default UTC"),
    ("uuid", "the first random id; default 00000000-0000-4000-8000-000000000001"),
    ("null", "names of values that are given as null"),
    ("given", "the values that the request reads, by context and name"),
    ("reply", "what the mock answers, or the fault in its place"),
    ("token_reply", "what the OAuth2 token endpoint answers"),
    ("expect", "what must hold, besides the snapshot"),
    ("row", "a table of cases: each `[[case.row]]` is merged over its case"),
];

pub static CASE: Section = Section { title: "`[[case]]`", keys: CASE_KEYS };

/// A case without its last key: rows have no rows.
pub static ROW: Section = Section { title: "`[[case.row]]`", keys: CASE_KEYS.split_at(CASE_KEYS.len() - 1).0 };

/// A row without its first key: what lies beneath every case has no name.
pub static DEFAULTS: Section = Section { title: "`[defaults]`", keys: ROW.keys.split_at(1).1 };

/// A secret given as a table.
pub static SECRET: Section = Section {
    title: "a secret",
    keys: &[("file", "the secret is what a file beside the spec holds"), ("base64", "the secret, binary, as base64")],
};

/// A severity with its reason.
pub static LEVEL: Section =
    Section { title: "`[lint]`", keys: &[("level", "\"allow\", \"info\", \"warn\" or \"error\""), ("reason", "why")] };

pub static REPLY: Section = Section {
    title: "`[case.reply]`",
    keys: &[
        ("status", "200 to 599; default 200"),
        ("headers", "the reply's headers"),
        ("delay", "how long the reply takes, such as `150ms`; compared with the time-out, not waited for"),
        ("json", "the body, as TOML"),
        ("body", "the body, as text"),
        ("file", "the body, from a file beside the spec"),
        ("fault", "`timeout`, `connection-refused`, `connection-reset`, `empty`, `malformed` or `tls`, instead of a reply"),
    ],
};

pub static EXPECT: Section = Section {
    title: "`[case.expect]`",
    keys: &[
        ("success", "whether the action succeeds"),
        ("exit", "the response group or exit that is taken"),
        ("sent", "whether a request leaves at all"),
        ("error", "the error kind, such as `timeout`"),
        ("attributes", "attributes that are written, with their values; a subset"),
        ("null", "attributes that are written as null"),
        ("unset", "attributes that existed and are removed"),
        ("not_written", "attributes that are not written, or \"all\""),
        ("directive", "the directive that goes to the language model"),
        ("log", "messages that the platform would log, each a part of one"),
        ("request", "the request"),
        ("token_request", "the OAuth2 token request"),
    ],
};

pub static EXPECT_REQUEST: Section = Section {
    title: "`[case.expect.request]`",
    keys: &[
        ("method", "the HTTP method"),
        ("url", "the whole URL"),
        ("headers", "headers that are sent, names ignoring case; a subset"),
        ("no_headers", "headers that are not sent"),
        ("body", "a table is a subset of the JSON body; a text is compared as JSON when both are JSON, else exactly"),
        ("sent", "false: no such request leaves"),
    ],
};

pub static MANIFEST: Section = Section {
    title: "the manifest's top level",
    keys: &[
        ("project", "where specs and snapshots are"),
        ("attributes", "declared attribute types, shared by all specs"),
        ("global", "values of OpenDialog's read-only global context"),
        ("secrets", "names of secrets, and where their values come from for real sending"),
        ("environments", "hosts and globals by environment, for `render` and real sending"),
        ("defaults", "any key of a case but `name`; lies beneath every spec's own defaults"),
        ("lint", "severities: lint name = \"allow\" | \"info\" | \"warn\" | \"error\""),
        ("assume", "choices by dialect where its documentation is silent"),
    ],
};

pub static PROJECT: Section = Section {
    title: "`[project]`",
    keys: &[
        ("specs", "folders that hold specs; default `specs`"),
        ("snapshots", "the folder of approved transcripts; default `snapshots`"),
        ("contexts", "custom contexts besides the platform's"),
    ],
};

pub static SECRETS: Section = Section {
    title: "`[secrets]`",
    keys: &[
        ("names", "the secrets that exist; values never stand here"),
        ("env_prefix", "environment variables that hold values for real sending"),
        ("file", "a file that holds values for real sending and is never committed"),
    ],
};

pub static ENVIRONMENT: Section = Section {
    title: "`[environments.NAME]`",
    keys: &[
        ("hosts", "a host of the specs = the scheme and host in its place"),
        ("global", "values of the global context in its place"),
    ],
};

/// The sections that every dialect shares.
pub static COMMON: &[&Section] =
    &[&SPEC, &CASE, &REPLY, &EXPECT, &EXPECT_REQUEST, &MANIFEST, &PROJECT, &SECRETS, &ENVIRONMENT];

#[cfg(test)]
mod tests {
    use super::{CASE, DEFAULTS, ROW};

    #[test]
    fn what_defaults_and_rows_do_not_have() {
        assert!(CASE.has("name") && CASE.has("row"));
        assert!(ROW.has("name") && !ROW.has("row") && ROW.has("expect"));
        assert!(!DEFAULTS.has("name") && !DEFAULTS.has("row") && DEFAULTS.has("expect"));
    }
}
