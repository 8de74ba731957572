//! What the log holds: exchanges of this process, and those that were read from a journal.

use serde_json::{Value as Json, json};

use super::journal::is_exchange;
use super::logged::{Logged, Verdict};
use super::ring::HeldBytes;

/// An exchange in the log.
#[allow(clippy::large_enum_variant, reason = "almost all are live, and each lies behind one pointer already")]
pub enum Entry {
    /// Of this process.
    Live(Logged),
    /// As a journal has it.
    Opened(Opened),
}

/// An exchange that was read from a journal: shown as it was written, secrets masked.
pub struct Opened {
    pub id: u64,
    item: Json,
    /// The whole as text, which holds a fraction of what a tree would.
    whole: Box<str>,
}

/// The keys of a whole exchange that its item in the list does not have.
const BEYOND_ITEM: [&str; 9] =
    ["file", "chosen_by", "request", "recovered", "checks", "nearest", "reply", "masked", "from_journal"];

impl Opened {
    /// A line of a journal; `None` when it is no exchange.
    pub fn new(mut line: Json) -> Option<Opened> {
        if !is_exchange(&line) {
            return None;
        }
        let whole = line.as_object_mut()?;
        let id = whole.get("id")?.as_u64().filter(|id| *id > 0)?;
        let is_whole =
            ["at", "method", "target", "verdict"].iter().all(|name| whole.get(*name).is_some_and(Json::is_string));
        if !is_whole {
            return None;
        }
        whole.insert("from_journal".into(), true.into());
        let mut item = json!({});
        let entries = whole.iter().filter(|(name, _)| !BEYOND_ITEM.contains(&name.as_str()));
        item.as_object_mut()?.extend(entries.map(|(name, value)| (name.clone(), value.clone())));
        Some(Opened { id, item, whole: line.to_string().into() })
    }
}

impl HeldBytes for Entry {
    fn held_bytes(&self) -> usize {
        /// What a tree of an item takes.
        const ITEM: usize = 2048;
        match self {
            Entry::Live(logged) => logged.held_bytes(),
            Entry::Opened(opened) => ITEM + opened.whole.len(),
        }
    }
}

impl Entry {
    /// As an item of the log's list.
    pub fn item(&self) -> Json {
        match self {
            Entry::Live(logged) => logged.item(),
            Entry::Opened(opened) => opened.item.clone(),
        }
    }

    /// All of the exchange.
    pub fn whole(&self) -> Json {
        match self {
            Entry::Live(logged) => logged.whole(),
            // It was JSON when it was read.
            Entry::Opened(opened) => serde_json::from_str(&opened.whole).unwrap_or_default(),
        }
    }

    pub fn spec(&self) -> Option<&str> {
        match self {
            Entry::Live(logged) => logged.spec(),
            Entry::Opened(opened) => opened.item["spec"].as_str(),
        }
    }

    pub fn verdict(&self) -> &str {
        match self {
            Entry::Live(logged) => logged.verdict.name(),
            Entry::Opened(opened) => opened.item["verdict"].as_str().unwrap_or(Verdict::Unmatched.name()),
        }
    }

    pub fn method(&self) -> &str {
        match self {
            Entry::Live(logged) => &logged.request.method,
            Entry::Opened(opened) => opened.item["method"].as_str().unwrap_or_default(),
        }
    }

    /// `None` when no reply was sent.
    pub fn status(&self) -> Option<u64> {
        match self {
            Entry::Live(logged) => logged.status().map(u64::from),
            Entry::Opened(opened) => opened.item["status"].as_u64(),
        }
    }

    /// Whether a text stands in what is shown of the exchange, case ignored. Only what is shown is searched: nobody can find
    /// out a secret by asking whether it is there. `wanted` is in lower case.
    pub fn holds(&self, wanted: &str) -> bool {
        holds(&self.whole(), wanted)
    }
}

/// In any text, name or number. Nested as deep as the parsers allow.
fn holds(json: &Json, wanted: &str) -> bool {
    let is_in = |text: &str| text.to_lowercase().contains(wanted);
    match json {
        Json::String(text) => is_in(text),
        Json::Number(number) => is_in(&number.to_string()),
        Json::Array(items) => items.iter().any(|item| holds(item, wanted)),
        Json::Object(entries) => entries.iter().any(|(name, value)| is_in(name) || holds(value, wanted)),
        Json::Null | Json::Bool(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line() -> Json {
        json!({
            "id": 7, "at": "2026-01-01T00:00:00.000Z", "spec": "a", "case": null, "verdict": "matches", "method": "POST",
            "target": "/a?x=Y", "status": 201, "duration_ms": 0.5,
            "request": {"headers": [["x-a", "Ä"]], "body": "{\"title\":\"TV\"}"}, "reply": null, "masked": [],
        })
    }

    #[test]
    fn a_line_of_a_journal_is_shown_as_it_was_written() {
        let entry = Entry::Opened(Opened::new(line()).expect("an exchange"));
        let mut whole = line();
        whole["from_journal"] = true.into();
        assert_eq!(entry.whole(), whole);
        let names: Vec<String> = entry.item().as_object().unwrap().keys().cloned().collect();
        assert_eq!(names, ["id", "at", "spec", "case", "verdict", "method", "target", "status", "duration_ms"]);
        let told = (entry.spec(), entry.verdict(), entry.method(), entry.status());
        assert_eq!(told, (Some("a"), "matches", "POST", Some(201)));
    }

    #[test]
    fn a_line_that_is_no_exchange_is_none() {
        assert!(Opened::new(json!([])).is_none() && Opened::new(json!({})).is_none());
        for name in ["id", "at", "method", "target", "verdict", "request"] {
            let mut line = line();
            line[name] = Json::Null;
            assert!(Opened::new(line).is_none(), "{name}");
        }
    }

    #[test]
    fn a_search_looks_at_texts_as_they_are_read() {
        let entry = Entry::Opened(Opened::new(line()).expect("an exchange"));
        for found in ["\"title\":\"tv\"", "x=y", "ä", "201", "x-a"] {
            assert!(entry.holds(found), "{found}");
        }
        assert!(!entry.holds("nothing of it"));
    }
}
