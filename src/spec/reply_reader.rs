//! `[case.reply]` and `[case.token_reply]` to what stands in a backend's place.

use super::case_reader::CaseContext;
use super::json_text::{self, JsonNode};
use super::keys::{REPLY, TOKEN_REPLY};
use super::lints::wrong_type;
use super::node::{Kind, Node, Table};
use super::reading::Reading;
use crate::assumption::parse_duration;
use crate::case::{Answer, Fault, Reply};
use crate::plan::BodySyntax;
use crate::source::{FileProblem, Mapped};
use crate::value::is_header_name;

/// The body of a reply with `template = true`, whose references a dialect reads.
#[derive(Clone, Debug)]
pub enum ReplySource {
    None,
    /// Written as TOML, which becomes JSON.
    Tree(Node),
    Text {
        source: Mapped,
        syntax: BodySyntax,
    },
}

/// `[case.reply]`, and what its body is made of where that uses values of the request.
pub fn answer(case: &Table, context: &CaseContext<'_>, reading: &mut Reading<'_>) -> (Option<Answer>, Option<ReplySource>) {
    let Some(reply) = reading.table(case, "reply") else { return (None, None) };
    reading.check_keys(reply, &REPLY);
    let is_template = reading.boolean(reply, "template").is_some_and(|flag| flag.value);
    read(reply, is_template, context, reading)
}

/// `[case.token_reply]`.
pub fn token_answer(case: &Table, context: &CaseContext<'_>, reading: &mut Reading<'_>) -> Option<Answer> {
    let reply = reading.table(case, "token_reply")?;
    reading.check_keys(reply, &TOKEN_REPLY);
    read(reply, false, context, reading).0
}

fn read(
    reply: &Table,
    is_template: bool,
    context: &CaseContext<'_>,
    reading: &mut Reading<'_>,
) -> (Option<Answer>, Option<ReplySource>) {
    if let Some(name) = reading.word(reply, "fault") {
        let Some(fault) = Fault::parse(&name.text) else {
            let names: Vec<&str> = Fault::NAMES.iter().map(|(name, _)| *name).collect();
            reading.wrong_word(name, &format!("one of {}", names.join(", ")), &names);
            return (Some(Answer::Unspecified), is_template.then_some(ReplySource::None));
        };
        return (Some(Answer::Fault(fault)), is_template.then_some(ReplySource::None));
    }
    let Body { bytes: body, guessed_type, source } = match is_template {
        true => template_body(reply, context, reading),
        false => reply_body(reply, context, reading),
    };
    let mut headers = reply_headers(reply, reading);
    let has_type = headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    if let Some(guessed_type) = guessed_type.filter(|_| !has_type) {
        headers.push(("Content-Type".into(), guessed_type.into()));
    }
    let status = status(reply, reading);
    let reply = Reply { status, headers, delay_milliseconds: delay(reply, reading), body };
    let source = is_template.then(|| match source {
        Some(Written::Tree(node)) => ReplySource::Tree(node),
        Some(Written::Text(source)) => ReplySource::Text { source, syntax: syntax(&reply) },
        None => ReplySource::None,
    });
    (Some(Answer::Reply(reply)), source)
}

/// The language of a reply's body, by its Content-Type (RFC 9110, section 8.3; RFC 6838, section 4.2.8 for the suffixes).
fn syntax(reply: &Reply) -> BodySyntax {
    let header = reply.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    let essence = header.map_or("", |(_, value)| value.split(';').next().unwrap_or_default().trim()).to_ascii_lowercase();
    match essence.as_str() {
        "text/html" => BodySyntax::Html,
        "application/x-www-form-urlencoded" => BodySyntax::Form,
        json if json.ends_with("/json") || json.ends_with("+json") => BodySyntax::Json,
        xml if xml.ends_with("/xml") || xml.ends_with("+xml") => BodySyntax::Xml,
        _ => BodySyntax::Plain,
    }
}

fn status(reply: &Table, reading: &mut Reading<'_>) -> u16 {
    let Some(node) = reply.get("status") else { return 200 };
    match node.kind {
        Kind::Integer(status @ 200..=599) => status as u16,
        _ => {
            let expected = "a status from 200 to 599 (a 1xx is interim and never the final reply)";
            reading.mendable(node, expected, wrong_type::as_integer(node, |status| (200..=599).contains(&status)));
            200
        }
    }
}

fn delay(reply: &Table, reading: &mut Reading<'_>) -> u64 {
    const EXPECTED: &str = "a duration of at most a day, such as \"150ms\"";
    let Some(node) = reply.get("delay") else { return 0 };
    let Some(text) = node.as_text() else {
        let milliseconds = match node.kind {
            Kind::Integer(number @ 0..) => Some(wrong_type::as_written(node, format!("\"{number}ms\""), false)),
            _ => None,
        };
        reading.mendable(node, EXPECTED, milliseconds);
        return 0;
    };
    parse_duration(&text.text).unwrap_or_else(|| {
        reading.wrong_value(text.inside(), EXPECTED, &format!("`{}`", text.text));
        0
    })
}

fn reply_headers(reply: &Table, reading: &mut Reading<'_>) -> Vec<(String, String)> {
    let Some(node) = reply.get("headers") else { return Vec::new() };
    let mut headers = Vec::new();
    for (name, value) in reading.pairs(node) {
        let text = match &value.kind {
            Kind::Text(text) => text.text.to_string(),
            Kind::Integer(number) => number.to_string(),
            Kind::Boolean(flag) => flag.to_string(),
            _ => {
                reading.not_text(value);
                continue;
            }
        };
        if !is_header_name(&name.value) {
            reading.wrong_value(name.span, "a header name", &format!("`{}`", name.value.escape_debug()));
        } else if text.contains(['\r', '\n', '\0']) {
            reading.wrong_value(value.span, "a header value of one line", "one with CR, LF or NUL");
        } else {
            headers.push((name.value, text));
        }
    }
    headers
}

/// A body as it was written.
#[derive(Default)]
struct Body {
    bytes: Vec<u8>,
    guessed_type: Option<&'static str>,
    source: Option<Written>,
}

enum Written {
    Tree(Node),
    Text(Mapped),
}

fn reply_body(reply: &Table, context: &CaseContext<'_>, reading: &mut Reading<'_>) -> Body {
    if let Some(json) = reply.get("json") {
        return of_tree(json);
    }
    let bytes = if let Some(text) = reading.text(reply, "body") {
        text.text.as_bytes().to_vec()
    } else if let Some(file) = reading.word(reply, "file") {
        read_beside(file, context, reading).unwrap_or_default()
    } else {
        return Body::default();
    };
    Body { guessed_type: Some(guess_content_type(&bytes)), bytes, source: None }
}

fn of_tree(json: &Node) -> Body {
    Body {
        bytes: json.to_json().to_string().into_bytes(),
        guessed_type: Some("application/json"),
        source: Some(Written::Tree(json.clone())),
    }
}

/// The same where references are looked for: every text knows its place.
fn template_body(reply: &Table, context: &CaseContext<'_>, reading: &mut Reading<'_>) -> Body {
    if let Some(json) = reply.get("json") {
        return of_tree(json);
    }
    let text = match reading.text(reply, "body") {
        Some(text) => Some(text.clone()),
        None => reading.word(reply, "file").and_then(|file| text_beside(file, context, reading)),
    };
    let Some(text) = text else { return Body::default() };
    let bytes = text.text.as_bytes().to_vec();
    let is_json = json_text::parse(&text, context.reference_length).is_ok_and(|read| !matches!(read.root, JsonNode::Hole));
    let guessed_type = Some(if is_json { "application/json" } else { guess_content_type(&bytes) });
    Body { bytes, guessed_type, source: Some(Written::Text(text)) }
}

/// What a body looks like.
pub(super) fn guess_content_type(body: &[u8]) -> &'static str {
    let text = String::from_utf8_lossy(&body[..body.len().min(512)]);
    let start = text.trim_start().to_ascii_lowercase();
    if serde_json::from_slice::<serde::de::IgnoredAny>(body).is_ok() {
        "application/json"
    } else if start.starts_with("<!doctype html") || start.starts_with("<html") {
        "text/html"
    } else if start.starts_with('<') {
        "application/xml"
    } else {
        "text/plain"
    }
}

/// The bytes of a file named in a spec, beside the spec and inside the project.
pub(super) fn read_beside(file: &Mapped, context: &CaseContext<'_>, reading: &mut Reading<'_>) -> Option<Vec<u8>> {
    load_beside(file, context, reading, |path| context.sources.bytes(path))
}

/// The same for text that knows its places.
fn text_beside(file: &Mapped, context: &CaseContext<'_>, reading: &mut Reading<'_>) -> Option<Mapped> {
    let id = load_beside(file, context, reading, |path| context.sources.load_named(path))?;
    Some(Mapped::verbatim(&context.sources.file(id).text, id, 0))
}

fn load_beside<T>(
    file: &Mapped,
    context: &CaseContext<'_>,
    reading: &mut Reading<'_>,
    load: impl FnOnce(&str) -> Result<T, FileProblem>,
) -> Option<T> {
    let Some(path) = super::path_beside(context.folder, &file.text) else {
        reading.wrong_value(file.inside(), "a file inside the project", &format!("`{}`", file.text));
        return None;
    };
    load(&path)
        .inspect_err(|problem| {
            let got = format!("`{}`, which {problem}", file.text);
            reading.wrong_value(file.inside(), "a file that can be read", &got);
        })
        .ok()
}
