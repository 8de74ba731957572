//! A case as it is written into a spec that people have laid out: behind the other cases, and nothing else is touched.

use std::fmt::Write;

use super::node::{Kind, Node, Table};
use super::reply_reader::guess_content_type;
use super::toml_text::{MAX_KEYS, MAX_NESTING};
use crate::case::Fault;
use crate::plan::{AttributeName, Naming};
use crate::value::{Json, Map};

/// A reply's body up to this many bytes stands in the spec; a larger one in a file of its own.
pub const LONGEST_WRITTEN_BODY: usize = 16 * 1024;

/// A case to be written.
#[derive(Clone, Debug, Default)]
pub struct NewCase {
    pub name: String,
    /// Lines for people, before the case.
    pub comments: Vec<String>,
    /// RFC 3339.
    pub now: Option<String>,
    pub uuid: Option<String>,
    /// Where it is another than what the defaults say.
    pub timezone: Option<String>,
    /// Values that the defaults do not give, in order; null is given as null.
    pub given: Vec<(AttributeName, Json)>,
    /// Where names that stand in no context are written.
    pub naming: Naming,
    /// Secrets that need a value for tests.
    pub secrets: Vec<String>,
    /// What happened where the defaults expect something else, by the key of `expect`.
    pub expect: Map<String, Json>,
    pub token_answer: Option<NewAnswer>,
    pub answer: Option<NewAnswer>,
}

/// What stands in the backend's place.
#[derive(Clone, Debug)]
pub enum NewAnswer {
    Reply {
        status: u16,
        headers: Vec<(String, String)>,
        body: NewBody,
        /// The defaults have a reply, too: nothing of it may stay.
        over_defaults: bool,
        /// The reply of the defaults uses values of the request: this one is what it is.
        over_template: bool,
    },
    Fault(Fault),
}

/// How a body is written.
#[derive(Clone, Debug, PartialEq)]
pub enum NewBody {
    None,
    Json(Json),
    Text(String),
    /// A file beside the spec.
    File(String),
}

impl NewBody {
    /// How a body is best written: as `json` where TOML can hold it, else as text. `None`: it belongs into a file.
    pub fn of(body: &[u8]) -> Option<NewBody> {
        let text = std::str::from_utf8(body).ok().filter(|text| text.len() <= LONGEST_WRITTEN_BODY)?;
        if text.is_empty() {
            return Some(NewBody::None);
        }
        match serde_json::from_str::<Json>(text) {
            Ok(json) if can_hold(&json) => Some(NewBody::Json(json)),
            _ => Some(NewBody::Text(text.to_string())),
        }
    }
}

/// Headers, in lower case, that servers add by themselves or that belong to one visit: no case is about them.
pub const LEFT_OUT: [&str; 10] = [
    "age",
    "alt-svc",
    "date",
    "server",
    "set-cookie",
    "strict-transport-security",
    "trailer",
    "vary",
    "via",
    "x-powered-by",
];

/// The headers of a reply that a case is about: without those [`LEFT_OUT`], and without a Content-Type that the body has anyway.
pub fn kept_headers(headers: &[(String, String)], body: &NewBody, bytes: &[u8]) -> Vec<(String, String)> {
    let own_type = match body {
        NewBody::None => None,
        NewBody::Json(_) => Some("application/json"),
        NewBody::Text(_) | NewBody::File(_) => Some(guess_content_type(bytes)),
    };
    let mut kept = Vec::new();
    for (name, value) in headers {
        let lower = name.to_ascii_lowercase();
        let is_type = lower == "content-type";
        if LEFT_OUT.contains(&&*lower) || (is_type && own_type == Some(value)) {
            continue;
        }
        kept.push((if is_type { "Content-Type".to_string() } else { name.clone() }, value.clone()));
    }
    kept
}

/// Whether a value can be written, and read again.
pub fn can_hold(json: &Json) -> bool {
    /// The tables that a value of a case stands in, and some more.
    const AROUND: usize = 8;
    fits(json, MAX_NESTING - AROUND) && inline(json).is_some()
}

/// Whether a value is not deeper than so many levels, and has no table with more keys than are read.
fn fits(json: &Json, levels: usize) -> bool {
    let fits_below = |value: &Json| levels > 0 && fits(value, levels - 1);
    match json {
        Json::Array(items) => items.iter().all(fits_below),
        Json::Object(entries) => entries.len() <= MAX_KEYS && entries.values().all(fits_below),
        _ => true,
    }
}

/// The text with the case behind its other cases, by the line ends that the text has. `None` where a case cannot be added by
/// itself: the cases stand in a list in brackets.
pub fn with_case(text: &str, table: &Table, case: &NewCase) -> Option<String> {
    let place = place(text, table)?;
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let written = case.text(newline == "\n").replace('\n', newline);
    let (before, behind) = text.split_at(place);
    let mut with_case = before.to_string();
    if !before.is_empty() && !before.ends_with('\n') {
        with_case.push_str(newline);
    }
    if !before.is_empty() && !before.ends_with(&format!("{newline}{newline}")) {
        with_case.push_str(newline);
    }
    with_case.push_str(&written);
    if !behind.is_empty() && !behind.starts_with(newline) {
        with_case.push_str(newline);
    }
    with_case.push_str(behind);
    Some(with_case)
}

/// Where a case can be added: behind the last one, before what follows it.
fn place(text: &str, table: &Table) -> Option<usize> {
    let mut marks = Marks::default();
    for entry in &table.entries {
        let is_case = entry.key.value == "case";
        if is_case && !entry.value.as_array().is_some_and(|cases| is_written_by_headers(text, cases)) {
            return None;
        }
        marks.of_node(text, &entry.value, is_case);
    }
    let Some(last) = marks.headers.iter().filter(|(_, is_case)| *is_case).map(|(at, _)| *at).max() else {
        return Some(text.len());
    };
    let others = marks.headers.iter().filter(|(at, is_case)| !is_case && *at > last);
    let Some(next) = others.map(|(at, _)| *at).min() else { return Some(text.len()) };
    let end = marks.ends.iter().copied().filter(|end| *end <= next).max()?;
    let line = text[end..next].find('\n')? + 1;
    Some(end + line)
}

fn is_written_by_headers(text: &str, cases: &[Node]) -> bool {
    let is_header = |case: &Node| text.get(case.span.start..).is_some_and(|text| text.starts_with("[["));
    !cases.is_empty() && cases.iter().all(is_header)
}

/// Where headers begin, each with whether it is of a case, and where headers and values end.
#[derive(Default)]
struct Marks {
    headers: Vec<(usize, bool)>,
    ends: Vec<usize>,
}

impl Marks {
    fn of_node(&mut self, text: &str, node: &Node, is_case: bool) {
        match &node.kind {
            Kind::Table(table) => {
                if text[table.span.start..].starts_with('[') {
                    self.headers.push((table.span.start, is_case));
                }
                table.entries.iter().for_each(|entry| self.of_node(text, &entry.value, is_case));
            }
            Kind::Array(items) => items.iter().for_each(|item| self.of_node(text, item, is_case)),
            _ => {}
        }
        self.ends.push(node.span.end);
    }
}

impl NewCase {
    /// As it is written, on several lines.
    pub fn written(&self) -> String {
        self.text(true)
    }

    /// As it is written. With `multi_line`, a body of several lines stands on several.
    fn text(&self, multi_line: bool) -> String {
        let mut text = String::new();
        for comment in &self.comments {
            let _ = writeln!(text, "# {}", comment.replace(char::is_control, " "));
        }
        let _ = writeln!(text, "[[case]]\nname = {}", string(&self.name));
        if let Some(now) = &self.now {
            let _ = writeln!(text, "now = {}", string(now));
        }
        if let Some(uuid) = &self.uuid {
            let _ = writeln!(text, "uuid = {}", string(uuid));
        }
        if let Some(timezone) = &self.timezone {
            let _ = writeln!(text, "timezone = {}", string(timezone));
        }
        let nulls = self.given.iter().filter(|(_, value)| value.is_null());
        let nulls: Vec<String> = nulls.map(|(name, _)| string(name.full())).collect();
        if !nulls.is_empty() {
            let _ = writeln!(text, "null = [{}]", nulls.join(", "));
        }
        self.write_given(&mut text);
        for (key, answer) in [("token_reply", &self.token_answer), ("reply", &self.answer)] {
            answer.iter().for_each(|answer| answer.write(key, multi_line, &mut text));
        }
        if !self.expect.is_empty() {
            text.push_str("[case.expect]\n");
        }
        for (name, value) in &self.expect {
            let _ = writeln!(text, "{} = {}", key(name), inline(value).unwrap_or_default());
        }
        text
    }

    fn write_given(&self, text: &mut String) {
        let mut contexts: Vec<&str> = Vec::new();
        for (name, _) in self.given.iter().filter(|(_, value)| !value.is_null()) {
            let context = self.naming.written_context(name);
            if !contexts.contains(&context) {
                contexts.push(context);
            }
        }
        // The table of names without a context stands before those within it.
        contexts.sort_by_key(|context| !context.is_empty());
        for context in contexts {
            match context {
                "" => text.push_str("[case.given]\n"),
                _ => _ = writeln!(text, "[case.given.{}]", key(context)),
            }
            for (name, value) in self.given.iter().filter(|(name, _)| self.naming.written_context(name) == context) {
                if let Some(value) = inline(value) {
                    let _ = writeln!(text, "{} = {value}", key(name.attribute()));
                }
            }
        }
        if !self.secrets.is_empty() {
            text.push_str("[case.given.secret]\n");
        }
        for name in &self.secrets {
            let _ = writeln!(text, "{} = {}", key(name), string(&format!("test-{name}")));
        }
    }
}

impl NewAnswer {
    fn write(&self, name: &str, multi_line: bool, text: &mut String) {
        let _ = writeln!(text, "[case.{name}]");
        let (status, headers, body, over_defaults, over_template) = match self {
            NewAnswer::Fault(fault) => {
                let _ = writeln!(text, "fault = {}", string(fault.name()));
                return;
            }
            NewAnswer::Reply { status, headers, body, over_defaults, over_template } => {
                (status, headers, body, *over_defaults, *over_template)
            }
        };
        let _ = writeln!(text, "status = {status}");
        if over_defaults {
            // A list takes the place of a table; a table would be merged with it.
            let _ = writeln!(text, "headers = {}\ndelay = \"0ms\"", rows(headers));
        } else if !headers.is_empty() {
            let _ = writeln!(text, "headers = {}", header_rows(headers));
        }
        if over_template {
            text.push_str("template = false\n");
        }
        match body {
            NewBody::None if over_defaults => text.push_str("body = \"\"\n"),
            NewBody::None => {}
            NewBody::Json(json) => write_json(name, json, text),
            NewBody::Text(body) if multi_line && fits_in_lines(body) => _ = writeln!(text, "body = '''\n{body}'''"),
            NewBody::Text(body) => _ = writeln!(text, "body = {}", string(body)),
            NewBody::File(file) => _ = writeln!(text, "file = {}", string(file)),
        }
    }
}

/// A short value on one line; a longer object with a line for each of its keys.
fn write_json(name: &str, json: &Json, text: &mut String) {
    const SHORT: usize = 100;
    let line = inline(json).unwrap_or_default();
    match json {
        Json::Object(entries) if line.len() > SHORT => {
            let _ = writeln!(text, "[case.{name}.json]");
            for (name, value) in entries {
                let _ = writeln!(text, "{} = {}", key(name), inline(value).unwrap_or_default());
            }
        }
        _ => _ = writeln!(text, "json = {line}"),
    }
}

fn rows(headers: &[(String, String)]) -> String {
    let rows = headers.iter().map(|(name, value)| format!("[{}, {}]", string(name), string(value)));
    format!("[{}]", rows.collect::<Vec<_>>().join(", "))
}

/// A table, or rows where a name repeats.
fn header_rows(headers: &[(String, String)]) -> String {
    let repeats =
        headers.iter().enumerate().any(|(index, (name, _))| headers[..index].iter().any(|(known, _)| known == name));
    if repeats {
        return rows(headers);
    }
    let pairs = headers.iter().map(|(name, value)| format!("{} = {}", key(name), string(value)));
    format!("{{ {} }}", pairs.collect::<Vec<_>>().join(", "))
}

/// Whether a text can stand between `'''` and be read as it is.
fn fits_in_lines(text: &str) -> bool {
    let is_plain = |character: char| !character.is_control() || matches!(character, '\n' | '\t');
    text.contains('\n') && !text.contains("'''") && !text.ends_with('\'') && text.chars().all(is_plain)
}

/// A value on one line; `None` where TOML cannot hold it: a null, a number beyond 64 bits.
fn inline(json: &Json) -> Option<String> {
    Some(match json {
        Json::Null => return None,
        Json::Bool(flag) => flag.to_string(),
        Json::Number(number) => match number.as_i64() {
            Some(integer) => integer.to_string(),
            None if number.is_f64() => format!("{:?}", number.as_f64()?),
            None => return None,
        },
        Json::String(text) => string(text),
        Json::Array(items) => format!("[{}]", items.iter().map(inline).collect::<Option<Vec<_>>>()?.join(", ")),
        Json::Object(entries) => inline_table(entries)?,
    })
}

fn inline_table(entries: &Map<String, Json>) -> Option<String> {
    let pair = |(name, value): (&String, &Json)| Some(format!("{} = {}", key(name), inline(value)?));
    let pairs = entries.iter().map(pair).collect::<Option<Vec<_>>>()?;
    Some(if pairs.is_empty() { "{}".into() } else { format!("{{ {} }}", pairs.join(", ")) })
}

fn key(name: &str) -> String {
    let is_bare = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    if is_bare { name.to_string() } else { string(name) }
}

/// JSON's escapes are among those of TOML, but TOML wants DEL escaped, too.
fn string(text: &str) -> String {
    Json::from(text).to_string().replace('\u{7f}', "\\u007f")
}

#[cfg(test)]
#[path = "new_case_tests.rs"]
mod tests;
