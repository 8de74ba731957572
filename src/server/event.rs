//! What happened, for whoever started the mock.

use std::net::SocketAddr;
use std::path::PathBuf;

use serde_json::{Value as Json, json};

/// What happened.
#[derive(Clone, Debug)]
pub enum Event {
    Ready(Ready),
    /// An exchange as an item of the log's list.
    Exchange(Json),
    /// The specs were read again.
    Reloaded {
        specs: Vec<String>,
    },
    /// Some specs could not be read again; what was served of them before still is.
    ReloadFailed {
        specs: Vec<String>,
        message: String,
    },
    /// Exchanges are not in the journal.
    JournalFailed {
        file: String,
        message: String,
        /// How many, so far.
        failed: u64,
    },
    /// What a client sent was refused before it could become an exchange.
    Refused {
        client: SocketAddr,
        message: String,
    },
    Warning(String),
}

/// Where the mock is, and what it serves.
#[derive(Clone, Debug)]
pub struct Ready {
    pub address: SocketAddr,
    pub is_encrypted: bool,
    /// The certificate that clients have to trust.
    pub ca_file: Option<PathBuf>,
    /// What the mock's whims follow from.
    pub seed: Option<u64>,
    /// The actions as [`super::Served::actions`] lists them.
    pub actions: Vec<Json>,
}

impl Ready {
    /// `http://127.0.0.1:8080`, of an address that can be connected to.
    pub fn url(&self) -> String {
        let mut address = self.address;
        if address.ip().is_unspecified() {
            address.set_ip(if address.is_ipv4() { [127, 0, 0, 1].into() } else { std::net::Ipv6Addr::LOCALHOST.into() });
        }
        format!("{}://{address}", if self.is_encrypted { "https" } else { "http" })
    }

    /// The page that shows what happens.
    pub fn inspector(&self) -> String {
        format!("{}{}/", self.url(), super::control::PREFIX)
    }
}

/// How the mock ended.
#[derive(Clone, Debug, Default)]
pub struct Stopped {
    pub requests: u64,
    /// Exchanges that are not in the journal.
    pub unwritten: u64,
    /// As `/__hookwright/verify` says it.
    pub verification: Json,
}

impl Event {
    /// The event as one JSON object.
    pub fn to_json(&self) -> Json {
        match self {
            Event::Ready(ready) => json!({
                "event": "ready",
                "url": ready.url(),
                "inspector": ready.inspector(),
                "address": ready.address.to_string(),
                "tls": ready.is_encrypted,
                "ca_file": ready.ca_file,
                "seed": ready.seed,
                "actions": ready.actions,
                "pid": std::process::id(),
            }),
            Event::Exchange(item) => {
                let mut event = json!({"event": "exchange"});
                if let (Some(event), Some(item)) = (event.as_object_mut(), item.as_object()) {
                    event.extend(item.clone());
                }
                event
            }
            Event::Reloaded { specs } => json!({"event": "reloaded", "specs": specs}),
            Event::ReloadFailed { specs, message } => {
                json!({"event": "reload-failed", "specs": specs, "message": message})
            }
            Event::JournalFailed { file, message, failed } => {
                json!({"event": "journal-failed", "file": file, "message": message, "failed": failed})
            }
            Event::Refused { client, message } => {
                json!({"event": "refused", "client": client.to_string(), "message": message})
            }
            Event::Warning(message) => json!({"event": "warning", "message": message}),
        }
    }
}
