//! JSON that is JSON and JSON that is not, as a body in a spec and as a reply.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hookwright::source::{Mapped, Sources};
use hookwright::spec::json_text;
use hookwright::value::Json;

use super::{data_lines, text};
use crate::support::{Action, Tally, json_reply};

/// What the outcome logs for a reply that cannot be read, whatever the reason.
const UNREAD: &str = "nothing is mapped";

fn is_a_body(text: &str) -> bool {
    json_text::parse(&Mapped::verbatim(text, Sources::in_memory().add("body", text), 0), |_| None).is_ok()
}

fn is_a_reply(action: &Action, body: &[u8]) -> bool {
    let (_, log) = action.outcome(&json_reply(200, body));
    !body.is_empty() && !log.iter().any(|line| line.contains(UNREAD))
}

fn check(tally: &mut Tally, row: &str, expected: &str, got: bool) {
    let expected = match expected {
        "accept" => true,
        "reject" => false,
        // What a reader makes of large numbers and repeated names is its own choice.
        "either" | "transform" => return tally.check(row, None),
        other => panic!("{row}: `{other}` is nothing to expect"),
    };
    tally.same(row, got, expected);
}

/// The text, or `[part, times, end]` of a long one.
pub fn bytes(row: &Json) -> Vec<u8> {
    match row["repeat"].as_array().map(Vec::as_slice) {
        Some([part, times, end]) => {
            let times = times.as_u64().expect("a number") as usize;
            let part = part.as_str().expect("text").repeat(times);
            (part + end.as_str().expect("text")).into_bytes()
        }
        _ => STANDARD.decode(text(row, "b64")).expect("base64"),
    }
}

#[test]
fn accepted_and_refused() {
    let Some(rows) = data_lines("jsontestsuite/cases.jsonl") else { return };
    let action = Action::sound(
        "[action]\nname = \"a\"\nmethod = \"GET\"\nurl = \"https://example.com\"\n[action.response.2xx.outputs]\nx = \"a.b\"",
    );
    let (mut bodies, mut replies) = (Tally::default(), Tally::default());
    for row in &rows {
        let (id, expected) = (text(row, "id"), text(row, "expect"));
        let bytes = bytes(row);
        check(&mut replies, id, expected, is_a_reply(&action, &bytes));
        if let Ok(text) = String::from_utf8(bytes) {
            check(&mut bodies, id, expected, is_a_body(&text));
        }
    }
    replies.report("JSON texts as replies");
    bodies.report("JSON texts as bodies");
}
