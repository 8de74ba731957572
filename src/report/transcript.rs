//! The transcript of an exchange: what a snapshot holds and people review.
//!
//! Sections begin at the margin and their contents are indented, so no reply can pretend to be a section. Nothing of the
//! run itself is in it: no port, no time taken, no date.
//!
//! A body is shown exactly, line by line. There are four exceptions, each announced by a line in parentheses, from which
//! the exact bytes can be told all the same:
//! - JSON of more than 100 bytes is shown pretty if writing it compactly gives the same bytes again;
//! - text with characters that cannot be seen, or white space at its end, is shown as a JSON string;
//! - bytes that are not UTF-8 are shown in Base64;
//! - of more than 256 KiB the beginning is shown, with the length and the SHA-256 of the whole.

use base64::Engine;
use sha2::{Digest, Sha256};

use super::masked::{Secrecy, Shown, ShownOutcome, ShownReply, ShownRequest, ShownToken, type_word};
use crate::diagnostic::is_printable;
use crate::eval::{Exchange, Renewal};
use crate::plan::AttributeName;
use crate::suite::{Did, FlowRun, Step, shown_name};
use crate::value::{Json, Value};

/// JSON up to this length is read at a glance.
const SHORT_JSON: usize = 100;
/// A body of more lines is kept on one.
const MOST_LINES: usize = 2000;
const LONGEST_BODY: usize = 256 * 1024;
const BEGINNING: usize = 4 * 1024;

/// The transcript of a case.
pub fn transcript(exchange: &Exchange) -> String {
    let mut page = Page::default();
    page.exchange(exchange);
    page.text
}

/// The transcript of a flow: its steps, each under its number, and what the conversation's state holds in the end.
pub fn flow_transcript(run: &FlowRun) -> String {
    let mut page = Page::default();
    for step in &run.steps {
        page.section(&step_title(step));
        page.values(&step.set);
        match &step.did {
            Did::Ran { exchange, .. } => page.exchange(exchange),
            Did::Skipped { why, .. } | Did::Lost { why, .. } => page.line(&one_line(why)),
            Did::Set => {}
        }
    }
    if !run.state.is_empty() {
        page.section("state after the last step");
        page.values(&run.state);
    }
    // An exchange knows its own secrets alone.
    run.secrets.mask(&page.text)
}

/// `step 3, 1h later: helpdesk/open_ticket, case "opened"`
fn step_title(step: &Step) -> String {
    let later = match step.advance_milliseconds {
        0 => String::new(),
        milliseconds => format!(", {} later", duration(milliseconds)),
    };
    let what = match &step.did {
        Did::Set => "set".to_string(),
        Did::Ran { action, taken: None, .. } => one_line(action),
        Did::Ran { action, taken: Some(case), .. } => format!("{}, case {}", one_line(action), escaped(case)),
        Did::Skipped { action, .. } => format!("{} (skipped)", one_line(action.as_deref().unwrap_or("set"))),
        Did::Lost { action, .. } => format!("{} (not run)", one_line(action)),
    };
    format!("step {}{later}: {what}", step.number)
}

/// `1h`, `90m`, `1500ms`: in the largest unit without a fraction.
fn duration(milliseconds: u64) -> String {
    const UNITS: [(u64, &str); 4] = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1_000, "s")];
    let unit = UNITS.into_iter().find(|(unit, _)| milliseconds.is_multiple_of(*unit));
    let (unit, name) = unit.unwrap_or((1, "ms"));
    format!("{}{name}", milliseconds / unit)
}

/// What a transcript of a case says of its requests, that for a token and the webhook's, and of what was masked in them: only
/// that tells a mask from bullets which are really sent.
pub fn request_part(transcript: &str) -> String {
    let is_title = |line: &str| !line.is_empty() && !line.starts_with(' ');
    let (mut part, mut is_request) = (String::new(), false);
    for line in transcript.lines() {
        if is_title(line) {
            is_request = line.starts_with("request") || line.starts_with("token request");
        }
        if is_request {
            part.push_str(line);
            part.push('\n');
        }
    }
    part.truncate(part.trim_end().len());
    part.push('\n');
    let masked = transcript.lines().find_map(|line| line.strip_prefix(MASKED)).unwrap_or_default();
    let of_requests = |place: &&str| place.starts_with("request.") || place.starts_with("token.request.");
    let masked: Vec<&str> = masked.split(", ").filter(of_requests).collect();
    if !masked.is_empty() {
        part.push_str(&format!("\n{MASKED}{}\n", masked.join(", ")));
    }
    part
}

/// What the line begins with that lists what was masked.
const MASKED: &str = "masked: ";

#[derive(Default)]
struct Page {
    text: String,
}

impl Page {
    fn section(&mut self, title: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(title);
        self.text.push('\n');
    }

    /// Indented; an empty line stays empty.
    fn line(&mut self, line: &str) {
        if !line.is_empty() {
            self.text.push_str("  ");
            self.text.push_str(line);
        }
        self.text.push('\n');
    }

    fn exchange(&mut self, exchange: &Exchange) {
        let shown = Shown::new(exchange, Secrecy::Masked);
        if let Some(token) = &shown.token {
            if token.cached {
                self.section("token: from the cache");
            }
            token.request.iter().for_each(|request| self.request(&token_title(token), request));
            token.reply.iter().for_each(|reply| self.reply("token reply", reply));
        }
        if let Some(request) = &shown.request {
            self.request(if exchange.sent { "request" } else { "request (not sent)" }, request);
        }
        if let Some(certificate) = &shown.client_certificate {
            self.section(&format!("client certificate: {}", one_line(certificate)));
        }
        match (&shown.reply, exchange.fault) {
            (Some(reply), _) => self.reply("reply", reply),
            (None, Some(fault)) => self.section(&format!("fault: {}", fault.name())),
            (None, None) => {}
        }
        if let Some((kind, message)) = &shown.error {
            self.section("error");
            self.line(&format!("{kind}: {}", one_line(message)));
        }
        shown.outcome.iter().for_each(|outcome| self.outcome(outcome));
        self.notes(&shown, exchange);
    }

    /// What was masked and assumed; variables are in the spec, not in the transcript.
    fn notes(&mut self, shown: &Shown, exchange: &Exchange) {
        let masked: Vec<&str> =
            shown.masked.iter().map(String::as_str).filter(|place| !place.starts_with("variables.")).collect();
        if !masked.is_empty() {
            self.section(&format!("{MASKED}{}", masked.join(", ")));
        }
        if !exchange.assumptions.is_empty() {
            self.section(&format!("assumptions: {}", exchange.assumptions.join(", ")));
        }
    }

    fn request(&mut self, title: &str, request: &ShownRequest) {
        self.section(title);
        self.line(&format!("{} {}", one_line(&request.method), one_line(&request.url)));
        self.headers(&request.headers);
        match request.body.as_deref() {
            None => {}
            Some("") => self.body(vec!["(empty)".into()]),
            Some(body) => self.body(body_lines(body)),
        }
    }

    fn reply(&mut self, title: &str, reply: &ShownReply) {
        self.section(title);
        match reply.delay_milliseconds {
            0 => self.line(&reply.status.to_string()),
            delay => self.line(&format!("{} after {delay}ms", reply.status)),
        }
        self.headers(&reply.headers);
        match &reply.bytes {
            Some(bytes) => self.body(base64_lines(bytes)),
            None if reply.body.is_empty() => {}
            None => self.body(body_lines(&reply.body)),
        }
    }

    fn headers(&mut self, headers: &[(String, String)]) {
        for (name, value) in headers {
            self.line(&format!("{}: {}", one_line(name), one_line(value)));
        }
    }

    fn body(&mut self, lines: Vec<String>) {
        self.line("");
        lines.iter().for_each(|line| self.line(line));
    }

    fn values(&mut self, values: &[(AttributeName, Value)]) {
        for (name, value) in values {
            let json = json_lines(&value.to_masked_json());
            let text = format!("{} = {json} ({})", one_line(shown_name(name)), type_word(value));
            text.lines().for_each(|line| self.line(line));
        }
    }

    fn outcome(&mut self, outcome: &ShownOutcome) {
        self.section("outcome");
        self.line(&format!("exit: {}", one_line(&outcome.exit)));
        if let Some(success) = outcome.success {
            self.line(&format!("success: {success}"));
        }
        for (name, json, kind) in &outcome.attributes {
            for line in format!("{} = {} ({kind})", one_line(name), json_lines(json)).lines() {
                self.line(line);
            }
        }
        for name in &outcome.unset {
            self.line(&format!("unset: {}", one_line(name)));
        }
        if let Some(directive) = &outcome.directive {
            self.line(&format!("directive: {}", one_line(directive)));
        }
        for message in &outcome.log {
            self.line(&format!("log: {}", one_line(message)));
        }
    }
}

/// A token request says why the token that was kept did not serve.
fn token_title(token: &ShownToken) -> String {
    let sent = if token.sent { "" } else { " (not sent)" };
    let why = match token.renewal {
        None => "",
        Some(Renewal::AboutToExpire) => ": the cached token was about to expire",
        Some(Renewal::Expired) => ": the cached token had expired",
        Some(Renewal::Refused) => ": the cached token was refused with 401",
    };
    format!("token request{sent}{why}")
}

/// A text on one line: as it is, or as a JSON string where it would not stay on one.
pub(super) fn one_line(text: &str) -> String {
    if text.chars().all(is_printable) { text.to_string() } else { escaped(text) }
}

/// A text as a JSON string in which every character can be seen.
fn escaped(text: &str) -> String {
    visible(&Json::from(text).to_string())
}

/// JSON text in which every character can be seen.
pub(super) fn visible(json: &str) -> String {
    let mut visible = String::with_capacity(json.len());
    for character in json.chars() {
        if is_printable(character) || character == '\n' {
            visible.push(character);
        } else {
            character.encode_utf16(&mut [0; 2]).iter().for_each(|unit| visible.push_str(&format!("\\u{unit:04x}")));
        }
    }
    visible
}

/// A value as JSON: on one line if it is short or a text.
pub(super) fn json_lines(json: &Json) -> String {
    let compact = json.to_string();
    let structured = json.is_array() || json.is_object();
    visible(&if structured && compact.len() > SHORT_JSON { pretty(json).unwrap_or(compact) } else { compact })
}

fn pretty(json: &Json) -> Option<String> {
    let pretty = serde_json::to_string_pretty(json).ok()?;
    (pretty.lines().count() <= MOST_LINES).then_some(pretty)
}

fn body_lines(body: &str) -> Vec<String> {
    if body.len() > LONGEST_BODY {
        let mut end = BEGINNING;
        while !body.is_char_boundary(end) {
            end -= 1;
        }
        let digest = hex::encode(Sha256::digest(body.as_bytes()));
        let note = format!("(the first {end} of {} bytes; sha256 of all: {digest})", body.len());
        return [vec![note], body_lines(&body[..end])].concat();
    }
    if let Some(pretty) = pretty_body(body) {
        return [vec!["(JSON; sent on one line)".to_string()], pretty.lines().map(str::to_string).collect()].concat();
    }
    if can_be_seen(body) {
        return body.split('\n').map(str::to_string).collect();
    }
    vec!["(as a JSON string)".into(), escaped(body)]
}

/// Only when nothing is lost: compactly written, it must be the same text again.
fn pretty_body(body: &str) -> Option<String> {
    if body.len() <= SHORT_JSON || !body.starts_with(['{', '[']) || !body.chars().all(is_printable) {
        return None;
    }
    let json: Json = serde_json::from_str(body).ok()?;
    let compact = json.to_string();
    if compact == body { pretty(&json) } else { None }
}

/// Whether a text can be shown line by line and read back exactly.
fn can_be_seen(body: &str) -> bool {
    let visible = |character| is_printable(character) || matches!(character, '\n' | '\t');
    !body.starts_with('(')
        && !body.ends_with(char::is_whitespace)
        && body.chars().all(visible)
        && body.split('\n').count() <= MOST_LINES
}

fn base64_lines(bytes: &[u8]) -> Vec<String> {
    const WIDTH: usize = 76;
    if bytes.len() > LONGEST_BODY {
        return vec![format!("({} bytes that are not UTF-8; sha256: {})", bytes.len(), hex::encode(Sha256::digest(bytes)))];
    }
    let encoded = base64::engine::general_purpose::STANDARD.encode(bytes);
    let lines = encoded.as_bytes().chunks(WIDTH).map(|line| String::from_utf8_lossy(line).into_owned());
    std::iter::once("(not UTF-8; in Base64)".to_string()).chain(lines).collect()
}

#[cfg(test)]
#[path = "transcript_tests.rs"]
mod tests;
