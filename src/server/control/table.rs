//! What the control API answers to: the one table that requests are routed by and `openapi.json` is made from.

/// One method of one path.
pub struct Endpoint {
    pub method: &'static str,
    /// Below `/__hookwright/`; `{id}` stands for an exchange's number.
    pub path: &'static str,
    pub answers: Answers,
    pub summary: &'static str,
    pub description: &'static str,
    pub parameters: &'static [Parameter],
    /// The schema of its JSON body.
    pub body: Option<&'static str>,
    pub replies: &'static [Reply],
}

/// What answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answers {
    List,
    Clear,
    Exchange,
    Case,
    Curl,
    Replay,
    Reset,
    Events,
    Routes,
    Verify,
    Status,
    Document,
}

/// A query parameter.
pub struct Parameter {
    pub name: &'static str,
    pub kind: Kind,
    pub description: &'static str,
}

#[derive(Clone, Copy, Debug)]
pub enum Kind {
    Number,
    Text,
    Words(&'static [&'static str]),
    Status,
}

pub struct Reply {
    pub status: u16,
    pub description: &'static str,
    pub content: Content,
}

#[derive(Clone, Copy, Debug)]
pub enum Content {
    None,
    /// The name of its schema.
    Json(&'static str),
    Text,
    Events,
}

/// The endpoints of a path, and what stands for `{id}` in it.
pub fn at(path: &str) -> (Vec<&'static Endpoint>, Option<&str>) {
    let mut id = None;
    let found = ENDPOINTS.iter().filter(|endpoint| match fits(endpoint.path, path) {
        Some(found) => {
            id = found.or(id);
            true
        }
        None => false,
    });
    (found.collect(), id)
}

/// Whether a path fits a template, and what then stands for `{id}`.
fn fits<'p>(template: &str, path: &'p str) -> Option<Option<&'p str>> {
    let (mut templates, mut segments) = (template.split('/'), path.split('/'));
    let mut id = None;
    loop {
        match (templates.next(), segments.next()) {
            (None, None) => return Some(id),
            (Some("{id}"), Some(segment)) => id = Some(segment),
            (Some(template), Some(segment)) if template == segment => {}
            _ => return None,
        }
    }
}

const VERDICTS: Kind = Kind::Words(&["matches", "differs", "unmatched"]);

const FILTERS: [Parameter; 8] = [
    Parameter { name: "limit", kind: Kind::Number, description: "How many at most; all that the log holds when left out." },
    Parameter { name: "after", kind: Kind::Number, description: "Only exchanges with a greater id: what came since." },
    Parameter { name: "before", kind: Kind::Number, description: "Only exchanges with a smaller id: the next page." },
    Parameter {
        name: "search",
        kind: Kind::Text,
        description: "Only exchanges in which this text is shown anywhere, case ignored.",
    },
    Parameter { name: "spec", kind: Kind::Text, description: "Only exchanges of the action with this id." },
    Parameter { name: "verdict", kind: VERDICTS, description: "Only exchanges with this verdict." },
    Parameter {
        name: "status",
        kind: Kind::Status,
        description: "Only replies with this status: `201`, `4xx`, or `none` for faults.",
    },
    Parameter { name: "method", kind: Kind::Text, description: "Only requests with this method, case ignored." },
];

const EXPECT: [Parameter; 1] = [Parameter {
    name: "expect",
    kind: Kind::Words(&["all-cases"]),
    description: "With `all-cases` each case must have answered a request.",
}];

const fn reply(status: u16, description: &'static str, content: Content) -> Reply {
    Reply { status, description, content }
}

const NOT_THERE: Reply = reply(404, "No such exchange is in the log.", Content::Json("Error"));
const WRONG: Reply = reply(400, "The query, the path or the body makes no sense.", Content::Json("Error"));
const DONE: Reply = reply(204, "It is done.", Content::None);

pub static ENDPOINTS: [Endpoint; 12] = [
    Endpoint {
        method: "GET",
        path: "requests",
        answers: Answers::List,
        summary: "The log, newest first",
        description: "Exchanges that the mock had, as items without headers and bodies.",
        parameters: &FILTERS,
        body: None,
        replies: &[reply(200, "What was found.", Content::Json("List")), WRONG],
    },
    Endpoint {
        method: "DELETE",
        path: "requests",
        answers: Answers::Clear,
        summary: "Clears the log",
        description: "A journal stays as it is; ids are not given out again.",
        parameters: &[],
        body: None,
        replies: &[DONE],
    },
    Endpoint {
        method: "GET",
        path: "requests/{id}",
        answers: Answers::Exchange,
        summary: "All of an exchange",
        description: "Request, verification and reply. Secrets are masked; `masked` lists where.",
        parameters: &[],
        body: None,
        replies: &[reply(200, "The exchange.", Content::Json("Exchange")), WRONG, NOT_THERE],
    },
    Endpoint {
        method: "GET",
        path: "requests/{id}/case",
        answers: Answers::Case,
        summary: "The exchange as a case",
        description: "TOML to be put behind the cases of the spec. The values of secrets are never in it.",
        parameters: &[],
        body: None,
        replies: &[
            reply(200, "The case.", Content::Text),
            WRONG,
            NOT_THERE,
            reply(409, "No case can be made of it, and why.", Content::Json("Error")),
        ],
    },
    Endpoint {
        method: "GET",
        path: "requests/{id}/curl",
        answers: Answers::Curl,
        summary: "The request as a command line",
        description: "For POSIX shells; sends the request to the mock again. Secrets are masked.",
        parameters: &[],
        body: None,
        replies: &[
            reply(200, "The command.", Content::Text),
            WRONG,
            NOT_THERE,
            reply(409, "The log does not hold all of the request.", Content::Json("Error")),
        ],
    },
    Endpoint {
        method: "POST",
        path: "requests/{id}/replay",
        answers: Answers::Replay,
        summary: "Sends the request to another URL",
        description: "With the same method, headers and body. What is masked is never sent in place of what it hides: \
                      headers that hold secrets are left out and listed, unless the URL is one of this machine or \
                      `allow_secrets` is true; headers that were not UTF-8 are always. No redirect is followed. It may take 30 seconds.",
        parameters: &[],
        body: Some("Replay"),
        replies: &[
            reply(200, "What came back.", Content::Json("Replayed")),
            WRONG,
            NOT_THERE,
            reply(409, "It cannot be sent, and why: its body was cut, or holds a secret.", Content::Json("Error")),
            reply(502, "No reply came, and why.", Content::Json("NotReplayed")),
        ],
    },
    Endpoint {
        method: "POST",
        path: "reset",
        answers: Answers::Reset,
        summary: "Forgets everything",
        description: "Log, counts, sequences: the mock is as it was when it started. For use between tests.",
        parameters: &[],
        body: None,
        replies: &[DONE],
    },
    Endpoint {
        method: "GET",
        path: "events",
        answers: Answers::Events,
        summary: "What happens, live",
        description: "Server-sent events: `exchange` with an item of the log, `cleared`, `reloaded`, `reload-failed`, \
                      `journal-failed`, and `gap` when the reader was too slow and missed some. 256 may look on at once.",
        parameters: &[],
        body: None,
        replies: &[
            reply(200, "Events without an end.", Content::Events),
            reply(503, "Too many look on already.", Content::Json("Error")),
        ],
    },
    Endpoint {
        method: "GET",
        path: "routes",
        answers: Answers::Routes,
        summary: "What is served, and where",
        description: "Every action with its URL at the mock, its original URL and the names of its cases.",
        parameters: &[],
        body: None,
        replies: &[reply(200, "The actions.", Content::Json("Routes"))],
    },
    Endpoint {
        method: "GET",
        path: "verify",
        answers: Answers::Verify,
        summary: "Whether all was as it should be",
        description: "For CI: no request may differ from its action, and none be for no action.",
        parameters: &EXPECT,
        body: None,
        replies: &[
            reply(200, "All was well.", Content::Json("Verification")),
            WRONG,
            reply(409, "It was not.", Content::Json("Verification")),
        ],
    },
    Endpoint {
        method: "GET",
        path: "status",
        answers: Answers::Status,
        summary: "How the mock does",
        description: "How full the log is, and whether the journal is written.",
        parameters: &[],
        body: None,
        replies: &[reply(200, "The state.", Content::Json("Status"))],
    },
    Endpoint {
        method: "GET",
        path: "openapi.json",
        answers: Answers::Document,
        summary: "This description",
        description: "OpenAPI 3.1.",
        parameters: &[],
        body: None,
        replies: &[reply(200, "The description.", Content::Json("Document"))],
    },
];
