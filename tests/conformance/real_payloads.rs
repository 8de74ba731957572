//! Bodies that real services send, mapped as replies.

use hookwright::value::Json;

use super::{data_lines, text};
use crate::support::{Action, Tally, json_reply};

/// Expressions that find something in some of them, and others that fail on most.
const OUTPUTS: [(&str, &str); 10] = [
    ("everything", "@"),
    ("action", "action"),
    ("sender", "sender.login"),
    ("messages", "messages[*].status"),
    ("first", "messages[0].\"message-id\""),
    ("names", "keys(@)"),
    ("everything_below", "*.*[]"),
    ("sorted", "sort(keys(@))[-1]"),
    ("sum", "sum(@)"),
    ("large", "length(to_string(@)) > `10`"),
];

fn action() -> Action {
    let outputs: String = OUTPUTS.iter().map(|(name, expression)| format!("{name} = '{expression}'\n")).collect();
    Action::sound(&format!(
        "[attributes]\nraw = \"string\"\n[action]\nname = \"a\"\nmethod = \"GET\"\nurl = \"https://example.com\"\n[action.response.2xx]\naction_success = \"sender != null\"\nraw = \"raw\"\n[action.response.2xx.outputs]\n{outputs}"
    ))
}

/// The raw text is the reply's, and the whole document is what a JSON reader makes of it.
fn problem(action: &Action, body: &str) -> Option<String> {
    let (outcome, _) = action.outcome(&json_reply(200, body));
    let written = |name: &str| {
        let found = outcome.attributes.iter().find(|(known, _)| known.full() == name);
        found.map(|(_, value)| value.to_json())
    };
    if written("user.raw") != Some(Json::from(body)) {
        return Some(format!("raw is {:?}", written("user.raw")));
    }
    let whole = serde_json::from_str(body).unwrap_or(Json::Null);
    let same = written("user.everything").is_some_and(|got| hookwright::value::plain_numbers(whole) == got);
    (!same).then(|| format!("`@` is {:?}", written("user.everything")))
}

fn check(file: &str, column: &str) {
    let Some(rows) = data_lines(file) else { return };
    let (action, mut tally) = (action(), Tally::default());
    for row in &rows {
        let body = row[column].as_str().map_or_else(|| row[column].to_string(), str::to_string);
        tally.check(text(row, "id"), problem(&action, &body));
    }
    tally.report(file);
}

#[test]
fn github_webhooks() {
    check("real_payloads/github_webhooks.jsonl", "payload");
}

#[test]
fn vonage_responses() {
    check("real_payloads/vonage_responses.jsonl", "text");
}
