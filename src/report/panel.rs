//! What `send` shows, as the platform's testing panel does: the request, the reply, the outcome and the time it took.
//!
//! It is read once and compared with nothing, so bodies are laid out for reading, and long ones are cut.

use super::masked::{Secrecy, Shown, ShownOutcome, ShownReply, ShownRequest};
use super::transcript::{json_lines, one_line, visible};
use crate::eval::Exchange;

/// The most lines of a body that are shown.
const MOST_LINES: usize = 400;
/// The most bytes of a body that are shown.
const MOST_BYTES: usize = 32 * 1024;

/// An exchange with a real service.
pub fn panel(exchange: &Exchange) -> String {
    let shown = Shown::new(exchange, Secrecy::Masked);
    let mut panel = Panel::default();
    if let Some(token) = &shown.token {
        if token.cached {
            panel.section("token: from the cache");
        }
        token.request.iter().for_each(|request| panel.request("token request", request));
        token.reply.iter().for_each(|reply| panel.reply("token reply", reply));
    }
    if let Some(request) = &shown.request {
        panel.request(if exchange.sent { "request" } else { "request (not sent)" }, request);
    }
    if let Some(certificate) = &shown.client_certificate {
        panel.section(&format!("client certificate: {}", one_line(certificate)));
    }
    shown.reply.iter().for_each(|reply| panel.reply("reply", reply));
    if let Some((kind, message)) = &shown.error {
        panel.section("error");
        panel.line(&format!("{kind}: {}", one_line(message)));
    }
    shown.outcome.iter().for_each(|outcome| panel.outcome(outcome));
    if exchange.sent || shown.token.is_some() {
        panel.section(&format!("took: {}", duration(exchange.duration_milliseconds)));
    }
    let masked: Vec<String> = shown.masked.iter().filter(|place| !place.starts_with("variables.")).cloned().collect();
    panel.list("masked", &masked);
    panel.list("assumptions", &exchange.assumptions);
    panel.text
}

/// `12.3 ms`, `2.5 s`.
fn duration(milliseconds: f64) -> String {
    if milliseconds < 1000.0 { format!("{milliseconds:.1} ms") } else { format!("{:.1} s", milliseconds / 1000.0) }
}

#[derive(Default)]
struct Panel {
    text: String,
}

impl Panel {
    fn section(&mut self, title: &str) {
        let gap = if self.text.is_empty() { "" } else { "\n" };
        self.text.push_str(&format!("{gap}{title}\n"));
    }

    fn line(&mut self, line: &str) {
        let indent = if line.is_empty() { "" } else { "  " };
        self.text.push_str(&format!("{indent}{line}\n"));
    }

    fn list(&mut self, title: &str, items: &[String]) {
        if !items.is_empty() {
            self.section(&format!("{title}: {}", items.join(", ")));
        }
    }

    fn request(&mut self, title: &str, request: &ShownRequest) {
        self.section(title);
        self.line(&format!("{} {}", one_line(&request.method), one_line(&request.url)));
        self.headers(&request.headers);
        self.body(request.body.as_deref().unwrap_or_default());
    }

    fn reply(&mut self, title: &str, reply: &ShownReply) {
        self.section(title);
        self.line(&reply.status.to_string());
        self.headers(&reply.headers);
        match (&reply.bytes, reply.charset) {
            (Some(bytes), None) => {
                self.line("");
                self.line(&format!("({} bytes that are not text)", bytes.len()));
            }
            (_, Some(charset)) => {
                self.line("");
                self.line(&format!("(in {})", charset.to_ascii_lowercase()));
                self.body_lines(&reply.body);
            }
            (None, None) => self.body(&reply.body),
        }
    }

    fn headers(&mut self, headers: &[(String, String)]) {
        headers.iter().for_each(|(name, value)| self.line(&format!("{}: {}", one_line(name), one_line(value))));
    }

    fn body(&mut self, body: &str) {
        if !body.is_empty() {
            self.line("");
            self.body_lines(body);
        }
    }

    fn body_lines(&mut self, body: &str) {
        let laid_out = laid_out(body);
        let end = end_of_shown(&laid_out);
        let mut lines = laid_out[..end].split('\n').map(|line| visible_line(line.trim_end_matches('\r')));
        lines.by_ref().take(MOST_LINES).for_each(|line| self.line(&line));
        if end < laid_out.len() || lines.next().is_some() {
            self.cut_line(body.len());
        }
    }

    /// Lines in which every character can be seen already.
    fn seen_lines(&mut self, text: &str) {
        let end = end_of_shown(text);
        let mut lines = text[..end].lines();
        lines.by_ref().take(MOST_LINES).for_each(|line| self.line(line));
        if end < text.len() || lines.next().is_some() {
            self.cut_line(text.len());
        }
    }

    fn cut_line(&mut self, whole: usize) {
        self.line(&format!("(cut here; {whole} bytes in all)"));
    }

    fn outcome(&mut self, outcome: &ShownOutcome) {
        self.section("outcome");
        self.line(&format!("exit: {}", one_line(&outcome.exit)));
        outcome.success.iter().for_each(|success| self.line(&format!("success: {success}")));
        for (name, json, kind) in &outcome.attributes {
            self.seen_lines(&format!("{} = {} ({kind})", one_line(name), json_lines(json)));
        }
        outcome.unset.iter().for_each(|name| self.line(&format!("unset: {}", one_line(name))));
        outcome.directive.iter().for_each(|directive| self.seen_lines(&format!("directive: {}", one_line(directive))));
        outcome.log.iter().for_each(|message| self.seen_lines(&format!("log: {}", one_line(message))));
    }
}

/// Where the part of a text ends that is shown: between two characters.
fn end_of_shown(text: &str) -> usize {
    (0..=MOST_BYTES.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default()
}

/// A line in which every character can be seen; tabs stay.
fn visible_line(line: &str) -> String {
    line.split('\t').map(visible).collect::<Vec<_>>().join("\t")
}

/// JSON over several lines, each number and text as it was written; anything else as it is.
fn laid_out(body: &str) -> String {
    let is_structure = body.trim_start().starts_with(['{', '[']);
    if !is_structure || serde_json::from_str::<serde::de::IgnoredAny>(body).is_err() {
        return body.to_string();
    }
    let mut text = String::new();
    let mut characters = body.chars().peekable();
    let mut depth = 0_usize;
    while let Some(character) = characters.next().filter(|_| text.len() <= MOST_BYTES) {
        match character {
            ' ' | '\t' | '\r' | '\n' => {}
            '"' => string(&mut characters, &mut text),
            '{' | '[' => {
                text.push(character);
                depth += 1;
                while characters.next_if(char::is_ascii_whitespace).is_some() {}
                // An empty one stays on its line.
                if let Some(end) = characters.next_if(|next| matches!(next, '}' | ']')) {
                    depth -= 1;
                    text.push(end);
                } else {
                    new_line(depth, &mut text);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                new_line(depth, &mut text);
                text.push(character);
            }
            ',' => {
                text.push(character);
                new_line(depth, &mut text);
            }
            ':' => text.push_str(": "),
            _ => text.push(character),
        }
    }
    text
}

/// The rest of a JSON string, whose quote was read.
fn string(characters: &mut impl Iterator<Item = char>, text: &mut String) {
    text.push('"');
    while let Some(character) = characters.next() {
        text.push(character);
        match character {
            '\\' => text.extend(characters.next()),
            '"' => return,
            _ => {}
        }
    }
}

fn new_line(depth: usize, text: &mut String) {
    text.push('\n');
    text.extend(std::iter::repeat_n("  ", depth));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Reply;
    use crate::eval::{ErrorKind, Failure, Outcome};
    use crate::plan::AttributeName;
    use crate::report::fixture::exchange;
    use crate::value::{Json, Value};

    fn replied(content_type: &str, body: impl Into<Vec<u8>>) -> String {
        let headers = vec![("content-type".to_string(), content_type.to_string())];
        let reply = Reply { status: 200, headers, delay_milliseconds: 0, body: body.into() };
        panel(&Exchange { reply: Some(reply), ..Exchange::default() })
    }

    #[test]
    fn an_exchange_is_shown_as_the_panel_does() {
        let text = panel(&exchange());
        for part in [
            "request\n  POST https://helpdesk.example.com/api/v2/tickets?user=42\n",
            "  Authorization: Bearer ••••••••\n\n  {\n    \"title\": \"Broken TV\",\n    \"key\": \"••••••••\"\n  }\n",
            "\nreply\n  201\n",
            "\noutcome\n  exit: 2xx\n  success: true\n  user.ticket_id = 7 (int)\n",
            "\ntook: 1.4 ms\n",
            "\nmasked: request.headers.Authorization, request.body",
            "\nassumptions: ",
        ] {
            assert!(text.contains(part), "{part} is not in:\n{text}");
        }
        assert!(!text.contains("k-1234"));
    }

    #[test]
    fn bodies_are_laid_out_but_not_changed() {
        let written = r#"{"a":[],"b":{ },"n":1.0e2,"big":12345678901234567890123,"t":"a\"{,}:","c":[1,{"d":null}]}"#;
        let text = laid_out(written);
        assert_eq!(
            text,
            "{\n  \"a\": [],\n  \"b\": {},\n  \"n\": 1.0e2,\n  \"big\": 12345678901234567890123,\n  \"t\": \"a\\\"{,}:\",\n  \
             \"c\": [\n    1,\n    {\n      \"d\": null\n    }\n  ]\n}"
        );
        assert_eq!(laid_out("{not json}"), "{not json}");
    }

    #[test]
    fn control_characters_are_seen_and_long_bodies_cut() {
        let text = replied("text/plain", "a\u{1b}[2Jb\tc\r\nd\u{202e}");
        assert!(text.contains("  a\\u001b[2Jb\tc\n  d\\u202e\n"), "{text}");
        let text = replied("text/plain", "x\n".repeat(100_000));
        assert!(text.lines().count() < MOST_LINES + 20 && text.contains("(cut here; 200000 bytes in all)"));
        let text = replied("application/json", format!("[{}1]", "1,".repeat(1_000_000)));
        assert!(text.len() < 2 * MOST_BYTES && text.contains("(cut here; 2000003 bytes in all)"));
        assert!(replied("image/png", b"\x89PNG").contains("(4 bytes that are not text)"));
    }

    #[test]
    fn long_attributes_are_cut() {
        for long in [Value::from("x".repeat(1_000_000)), Value::from(Json::from(vec![1; 1_000_000]))] {
            let outcome = Outcome { attributes: vec![(AttributeName::new("user", "raw"), long)], ..Outcome::default() };
            let text = panel(&Exchange { outcome: Some(outcome), ..Exchange::default() });
            assert!(text.len() < 2 * MOST_BYTES && text.contains("  user.raw = "), "{} bytes", text.len());
            assert!(text.contains("(cut here; "), "{}", &text[text.len() - 100..]);
        }
    }

    #[test]
    fn another_charset_is_readable() {
        let text = replied("text/plain; charset=\"ISO-8859-1\"", b"caf\xe9");
        assert!(text.contains("(in windows-1252)\n  café\n"), "{text}");
    }

    #[test]
    fn what_was_not_sent_says_so() {
        let error = Some(Failure::new(ErrorKind::SecretMissing, "the secret `a` has no value"));
        let text = panel(&Exchange { error, ..Exchange::default() });
        assert_eq!(text, "error\n  secret-missing: the secret `a` has no value\n");
    }
}
