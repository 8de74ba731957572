//! The keys of specs and manifest: one table, from which the reader, its suggestions,
//! `explain` and the JSON Schema all live.

use super::shape::Shape;

/// A key of a table.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    pub name: &'static str,
    pub shape: Shape,
    /// One line on what it is.
    pub summary: &'static str,
    /// Whether the table means nothing without it.
    pub is_required: bool,
}

/// A key that may be left out.
pub const fn key(name: &'static str, shape: Shape, summary: &'static str) -> Key {
    Key { name, shape, summary, is_required: false }
}

/// A key that its table needs.
pub const fn required(name: &'static str, shape: Shape, summary: &'static str) -> Key {
    Key { name, shape, summary, is_required: true }
}

/// A table of a spec or the manifest, and the keys it may have.
#[derive(Debug)]
pub struct Section {
    /// As users write it: `[case.expect]`.
    pub title: &'static str,
    pub keys: &'static [Key],
}

impl Section {
    pub fn names(&self) -> Vec<&'static str> {
        self.keys.iter().map(|key| key.name).collect()
    }

    pub fn has(&self, name: &str) -> bool {
        self.keys.iter().any(|key| key.name == name)
    }
}

/// What a spec's outermost table is called.
pub const SPEC_TITLE: &str = "a spec's top level";

pub static SPEC: Section = Section {
    title: SPEC_TITLE,
    keys: &[
        key("dialect", Shape::Dialect, "the platform whose action it is: `opendialog` unless it says otherwise"),
        key("expect_lints", Shape::Lints, "lints that this spec is meant to trigger; they never fail the run"),
        required("action", Shape::Action, "the webhook action, in the platform's own words"),
        key("attributes", Shape::ByContext(&Shape::AttributeType), "declared attribute types, over the manifest's"),
        key("lint", Shape::Levels, "severities for this file: lint name = \"allow\" | \"info\" | \"warn\" | \"error\""),
        key("assume", Shape::Assumptions, "choices for this file where the platform's documentation is silent"),
        key("defaults", Shape::Table(&DEFAULTS), "any key of a case but `name`; lies beneath every case"),
        key("case", Shape::Tables(&CASE), "an example of the action at work: `[[case]]`"),
        key(
            "sequence",
            Shape::CaseNames,
            "names of cases: a mock answers the first request with the first, the next with the next; the last one stays",
        ),
    ],
};

/// The top level of a `*.flow.toml` file.
pub static FLOW: Section = Section {
    title: "a flow's top level",
    keys: &[
        required("name", Shape::Name, "what the flow shows; also names its snapshot"),
        key("given", Shape::Given, "what the conversation's state holds before the first step"),
        key("null", Shape::Texts, "names that the state holds as null before the first step"),
        key("now", Shape::Time, "when the flow begins; default 2026-01-01T00:00:00Z"),
        key("timezone", Shape::TimeZone, "the end user's time zone; default UTC"),
        key("uuid", Shape::Uuid, "the id of the first webhook request; each further one has the next"),
        key("expect_lints", Shape::Lints, "lints that this flow is meant to trigger; they never fail the run"),
        key(
            "attributes",
            Shape::ByContext(&Shape::AttributeType),
            "declared attribute types, over those of its actions' specs",
        ),
        key("lint", Shape::Levels, "severities for this flow: lint name = \"allow\" | \"info\" | \"warn\" | \"error\""),
        key("assume", Shape::Assumptions, "choices for this flow, over those of its actions' specs"),
        required("step", Shape::Either(&STEP, &SET_STEP), "what happens, one after the other: `[[step]]`"),
    ],
};

const STEP_KEYS: [Key; 12] = [
    required("action", Shape::Name, "the id of the spec whose action is run"),
    key(
        "case",
        Shape::CaseName,
        "a case of that spec, of which the step takes what is given, the reply and what is expected",
    ),
    WHEN,
    ADVANCE,
    ROW_KEYS[1],
    ROW_KEYS[2],
    ROW_KEYS[3],
    ROW_KEYS[4],
    ROW_KEYS[5],
    ROW_KEYS[6],
    ROW_KEYS[7],
    ROW_KEYS[8],
];

const WHEN: Key = key("when", Shape::Exit, "the step is left out unless the last action that ran left by this exit");
const ADVANCE: Key = key("advance", Shape::LongDuration, "how far the clock moves before the step, such as `1h`");

/// A step that runs an action: the keys of a case without a name, and its own.
pub static STEP: Section = Section { title: "`[[step]]`", keys: &STEP_KEYS };

/// A step between two actions.
pub static SET_STEP: Section = Section {
    title: "a `[[step]]` without `action`",
    keys: &[
        required("set", Shape::Given, "values that the conversation's state gets between two actions, by context and name"),
        key("null", Shape::Texts, "names that the state then holds as null"),
        WHEN,
        ADVANCE,
    ],
};

/// The severities of `[lint]`.
pub const LEVELS: [&str; 4] = ["allow", "info", "warn", "error"];

/// The keys of a row, which are those of a case without `row`.
const ROW_KEYS: [Key; 9] = [
    required("name", Shape::Name, "what the example shows; also names its snapshot"),
    key("now", Shape::Time, "the clock: a TOML date, an RFC 3339 text or Unix seconds; default 2026-01-01T00:00:00Z"),
    key("timezone", Shape::TimeZone, "the end user's time zone; default UTC"),
    key("uuid", Shape::Uuid, "the first random id; default 00000000-0000-4000-8000-000000000001"),
    key("null", Shape::Texts, "names of values that are given as null"),
    key("given", Shape::Given, "the values that the request reads, by context and name"),
    key("reply", Shape::Table(&REPLY), "what the mock answers, or the fault in its place"),
    key("token_reply", Shape::Table(&TOKEN_REPLY), "what the OAuth2 token endpoint answers"),
    key("expect", Shape::Table(&EXPECT), "what must hold, besides the snapshot"),
];

static CASE_KEYS: [Key; 10] = {
    let rows = key("row", Shape::Tables(&ROW), "a table of cases: each `[[case.row]]` is merged over its case");
    let mut keys = [rows; 10];
    let (of_a_row, _) = keys.split_at_mut(ROW_KEYS.len());
    of_a_row.copy_from_slice(&ROW_KEYS);
    keys
};

pub static CASE: Section = Section { title: "`[[case]]`", keys: &CASE_KEYS };

/// A case without rows.
pub static ROW: Section = Section { title: "`[[case.row]]`", keys: &ROW_KEYS };

/// A row without its first key: what lies beneath every case has no name.
pub static DEFAULTS: Section = Section { title: "`[defaults]`", keys: ROW.keys.split_at(1).1 };

/// A secret given as a table.
pub static SECRET: Section = Section {
    title: "a secret",
    keys: &[
        key("file", Shape::File, "the secret is what a file beside the spec holds"),
        key("base64", Shape::Base64, "the secret, binary, as base64"),
    ],
};

/// A severity with its reason.
pub static LEVEL: Section = Section {
    title: "`[lint]`",
    keys: &[
        required("level", Shape::Word(&LEVELS), "\"allow\", \"info\", \"warn\" or \"error\""),
        key("reason", Shape::Text, "why"),
    ],
};

/// The keys of a reply; a token endpoint's has no `template`.
const REPLY_KEYS: [Key; 8] = [
    key("status", Shape::Status, "200 to 599; default 200"),
    key("headers", Shape::ReplyHeaders, "the reply's headers"),
    key("delay", Shape::Duration, "how long the reply takes, such as `150ms`; compared with the time-out, not waited for"),
    key("json", Shape::Anything, "the body, as TOML"),
    key("body", Shape::Text, "the body, as text"),
    key("file", Shape::File, "the body, from a file beside the spec"),
    key(
        "fault",
        Shape::Fault,
        "`timeout`, `connection-refused`, `connection-reset`, `empty`, `malformed` or `tls`, instead of a reply",
    ),
    key(
        "template",
        Shape::Boolean,
        "whether the body uses values of the request that came, written as the platform writes references",
    ),
];

pub static REPLY: Section = Section { title: "`[case.reply]`", keys: &REPLY_KEYS };

/// What a token endpoint answers depends on no value of a webhook's request.
pub static TOKEN_REPLY: Section = Section { title: "`[case.token_reply]`", keys: REPLY.keys.split_at(7).0 };

pub static EXPECT: Section = Section {
    title: "`[case.expect]`",
    keys: &[
        key("success", Shape::Boolean, "whether the action succeeds"),
        key("exit", Shape::Exit, "the response group or exit that is taken"),
        key("sent", Shape::Boolean, "whether a request leaves at all"),
        key("error", Shape::ErrorKind, "the error kind, such as `timeout`"),
        key("attributes", Shape::ByContext(&Shape::Matcher), "attributes that are written, with their values; a subset"),
        key("null", Shape::Texts, "attributes that are written as null"),
        key("unset", Shape::Texts, "attributes that existed and are removed"),
        key(
            "not_written",
            Shape::AnyOf(&[Shape::Texts, Shape::Word(&["all"])]),
            "attributes that are not written, or \"all\"",
        ),
        key("directive", Shape::Text, "the directive that goes to the language model"),
        key("log", Shape::Texts, "messages that the platform would log, each a part of one"),
        key("request", Shape::Table(&EXPECT_REQUEST), "the request"),
        key("token_request", Shape::Table(&EXPECT_REQUEST), "the OAuth2 token request"),
    ],
};

pub static EXPECT_REQUEST: Section = Section {
    title: "`[case.expect.request]`",
    keys: &[
        key("method", Shape::TextMatcher, "the HTTP method"),
        key("url", Shape::TextMatcher, "the whole URL"),
        key("headers", Shape::Pairs(&Shape::Matcher), "headers that are sent, names ignoring case; a subset"),
        key("no_headers", Shape::Texts, "headers that are not sent"),
        key(
            "body",
            Shape::Matcher,
            "a table is a subset of the JSON body; a text is compared as JSON when both are JSON, else exactly",
        ),
        key("sent", Shape::Boolean, "false: no such request leaves"),
    ],
};

/// The rules that may stand in a value's place, each alone; `near` and `by` together.
pub static MATCHER: Section = Section {
    title: "a matcher",
    keys: &[
        key("matches", Shape::Text, "the text matches a regular expression"),
        key("contains", Shape::Text, "the text contains this part"),
        key("type", Shape::AttributeType, "the value is of this type"),
        key("near", Shape::Number, "the number is this one, or at most `by` away from it"),
        key("by", Shape::Number, "how far from `near` the number may be"),
        key("any", Shape::True, "any value will do"),
    ],
};

pub static MANIFEST: Section = Section {
    title: "the manifest's top level",
    keys: &[
        key("project", Shape::Table(&PROJECT), "where specs and snapshots are"),
        key("attributes", Shape::ByContext(&Shape::AttributeType), "declared attribute types, shared by all specs"),
        key("global", Shape::AnyTable, "values of OpenDialog's read-only global context"),
        key("secrets", Shape::Table(&SECRETS), "names of secrets, and where their values come from for real sending"),
        key(
            "environments",
            Shape::Map(&Shape::Table(&ENVIRONMENT)),
            "hosts and globals by environment, for `render` and real sending",
        ),
        key("defaults", Shape::Table(&DEFAULTS), "any key of a case but `name`; lies beneath every spec's own defaults"),
        key("lint", Shape::Levels, "severities: lint name = \"allow\" | \"info\" | \"warn\" | \"error\""),
        key("assume", Shape::AssumptionsByDialect, "choices by dialect where its documentation is silent"),
    ],
};

pub static PROJECT: Section = Section {
    title: "`[project]`",
    keys: &[
        key("specs", Shape::Texts, "folders that hold specs; default `specs`"),
        key("snapshots", Shape::Text, "the folder of approved transcripts; default `snapshots`"),
        key("contexts", Shape::Texts, "custom contexts besides the platform's"),
    ],
};

pub static SECRETS: Section = Section {
    title: "`[secrets]`",
    keys: &[
        key("names", Shape::Texts, "the secrets that exist; values never stand here"),
        key("env_prefix", Shape::Text, "environment variables that hold values for real sending"),
        key("file", Shape::Text, "a file that holds values for real sending and is never committed"),
    ],
};

pub static ENVIRONMENT: Section = Section {
    title: "`[environments.NAME]`",
    keys: &[
        key("hosts", Shape::Pairs(&Shape::Origin), "a host of the specs = the scheme, host and port in its place"),
        key("global", Shape::AnyTable, "values of the global context in its place"),
    ],
};

/// The sections that every dialect shares.
pub static COMMON: &[&Section] = &[
    &SPEC,
    &CASE,
    &REPLY,
    &TOKEN_REPLY,
    &EXPECT,
    &EXPECT_REQUEST,
    &FLOW,
    &STEP,
    &SET_STEP,
    &MANIFEST,
    &PROJECT,
    &SECRETS,
    &ENVIRONMENT,
];

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
