//! What a request is held against, row by row.

/// One thing that was looked at: a row of the table that says what differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub part: Part,
    /// Where in the part: a header's name, `items[0].name`; empty for the whole.
    pub place: String,
    /// Without secrets.
    pub expected: Option<String>,
    /// Without those secrets that stand where one is expected.
    pub got: Option<String>,
    pub verdict: RowVerdict,
    pub note: Option<String>,
}

/// The parts of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    Path,
    Method,
    ClientCertificate,
    Authentication,
    ContentType,
    Query,
    Header,
    Body,
    Token,
}

impl Part {
    pub fn name(self) -> &'static str {
        match self {
            Part::Path => "path",
            Part::Method => "method",
            Part::ClientCertificate => "client-certificate",
            Part::Authentication => "authentication",
            Part::ContentType => "content-type",
            Part::Query => "query",
            Part::Header => "header",
            Part::Body => "body",
            Part::Token => "token",
        }
    }

    /// The status that refuses a request in which this differs (RFC 9110, section 15.5).
    pub fn refusal(self) -> u16 {
        match self {
            Part::Path => 404,
            Part::Method => 405,
            Part::ClientCertificate => 403,
            Part::Authentication => 401,
            Part::ContentType => 415,
            Part::Query | Part::Header | Part::Body | Part::Token => 400,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowVerdict {
    Holds,
    /// Not what the action sends.
    Differs,
    /// Other than in the case, as other data make it: no fault.
    Varies,
    /// It could not be looked at.
    Unchecked,
}

impl RowVerdict {
    pub fn name(self) -> &'static str {
        match self {
            RowVerdict::Holds => "holds",
            RowVerdict::Differs => "differs",
            RowVerdict::Varies => "varies",
            RowVerdict::Unchecked => "unchecked",
        }
    }
}

impl Row {
    pub fn new(part: Part, place: impl Into<String>, verdict: RowVerdict) -> Row {
        Row { part, place: place.into(), expected: None, got: None, verdict, note: None }
    }

    pub fn expected(mut self, expected: impl Into<String>) -> Row {
        self.expected = Some(expected.into());
        self
    }

    pub fn got(mut self, got: impl Into<String>) -> Row {
        self.got = Some(got.into());
        self
    }

    /// The same with a note, if there is one.
    pub fn note_if(self, note: Option<String>) -> Row {
        Row { note: note.or(self.note), ..self }
    }

    pub fn note(mut self, note: impl Into<String>) -> Row {
        self.note = Some(note.into());
        self
    }
}

/// The status that refuses a request of these rows; `None` when nothing differs.
pub fn refusal(rows: &[Row]) -> Option<u16> {
    let differing = rows.iter().filter(|row| row.verdict == RowVerdict::Differs);
    differing.map(|row| row.part).min().map(Part::refusal)
}
