//! What happens to a mock, as lines for people or as JSON.

use hookwright::diagnostic::printable;
use hookwright::server::{Event, Ready, Stopped};
use serde_json::{Value as Json, json};

use super::MockFormat;
use crate::cli::output::{note, print};

pub fn event(event: &Event, format: MockFormat) {
    if format == MockFormat::Json {
        return print(&format!("{}\n", event.to_json()));
    }
    match event {
        Event::Ready(ready) => print(&ready_text(ready)),
        Event::Exchange(item) => print(&exchange_line(item)),
        Event::Reloaded { specs } => print(&format!("read again: {}\n", specs.join(", "))),
        Event::ReloadFailed { message, .. } => note(message),
        Event::JournalFailed { message, failed, .. } => note(&format!("{message}; not written so far: {failed}")),
        Event::Refused { client, message } => note(&printable(&format!("refused {client}: {message}"))),
        Event::Warning(message) => note(message),
    }
}

fn ready_text(ready: &Ready) -> String {
    let mut text = String::new();
    for action in &ready.actions {
        let part = |name: &str| printable(action[name].as_str().unwrap_or_default());
        text.push_str(&format!("{:6} {}\n", part("method"), part("url")));
    }
    text.push_str(&format!("\nThe mock is ready at {}\nInspector: {}\n", ready.url(), ready.inspector()));
    if let Some(file) = &ready.ca_file {
        text.push_str(&format!("Clients have to trust the CA in {}\n", printable(&file.display().to_string())));
    }
    if let Some(seed) = ready.seed {
        text.push_str(&format!("Chaos follows from the seed {seed}: `--seed {seed}` repeats it\n"));
    }
    text.push_str("End it with Ctrl-C.\n");
    text
}

/// `POST /crm/open_ticket/tickets 201 opens a ticket`
fn exchange_line(item: &Json) -> String {
    let text = |name: &str| printable(item[name].as_str().unwrap_or_default());
    let status = item["status"].as_u64().map_or_else(|| text("fault").to_string(), |status| status.to_string());
    let verdict = match item["verdict"].as_str() {
        Some("differs") => format!("  differs in {}", item["differences"]),
        Some("unmatched") => "  no action is served there".to_string(),
        _ => String::new(),
    };
    format!("{} {} {status} {}{verdict}\n", text("method"), text("target"), text("case"))
}

/// How the mock ended.
pub fn stopped(stopped: &Stopped, unmet: &[String], format: MockFormat, quiet: bool) -> String {
    if format == MockFormat::Json {
        let event = json!({
            "event": "stopped",
            "requests": stopped.requests,
            "unwritten": stopped.unwritten,
            "verify": stopped.verification,
            "unmet": unmet,
        });
        return format!("{event}\n");
    }
    if stopped.unwritten > 0 {
        note(&format!("exchanges that are not in the journal: {}", stopped.unwritten));
    }
    if quiet {
        return String::new();
    }
    let count = |name: &str| stopped.verification[name].as_u64().unwrap_or(0);
    let (differing, unmatched) = (count("differs"), count("unmatched"));
    format!("{} requests, {differing} differed, {unmatched} were for no action\n", stopped.requests)
}
