//! The journal's place in the server: what is written to it, and what is said when it cannot be.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};

use super::event::Event;
use super::journal::Journal;
use super::logged::Logged;
use super::shared::Shared;

/// How long nothing more is said of failures: a full disk fails a thousand times a second.
const BETWEEN_EVENTS: Duration = Duration::from_secs(5);

/// A journal that exchanges are written to.
pub struct Journalling {
    journal: Journal,
    /// As the user wrote it.
    file: String,
    written: AtomicU64,
    failed: AtomicU64,
    last: Mutex<Option<Failed>>,
}

struct Failed {
    message: String,
    told: Instant,
}

impl Journalling {
    pub fn new(journal: Journal, file: String) -> Journalling {
        Journalling { journal, file, written: AtomicU64::new(0), failed: AtomicU64::new(0), last: Mutex::new(None) }
    }

    /// The line of an exchange: what the control API shows of it.
    pub fn line(&self, logged: &Logged) -> String {
        logged.whole().to_string()
    }

    /// Puts a line on disk; whether it is there.
    pub async fn write(&self, line: String, shared: &Shared) -> bool {
        match self.journal.append(line).await {
            Ok(()) => {
                self.written.fetch_add(1, Ordering::Relaxed);
                true
            }
            Err(failure) => {
                self.fails(failure.to_string(), shared);
                false
            }
        }
    }

    fn fails(&self, message: String, shared: &Shared) {
        let failed = self.failed.fetch_add(1, Ordering::Relaxed) + 1;
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        if let Some(known) = last.as_mut().filter(|known| now.duration_since(known.told) < BETWEEN_EVENTS) {
            known.message = message;
            return;
        }
        *last = Some(Failed { message: message.clone(), told: now });
        drop(last);
        let event = Event::JournalFailed { file: self.file.clone(), message, failed };
        shared.show("journal-failed", &event.to_json());
        shared.tell(event);
    }

    /// How many exchanges are not in the journal.
    pub fn failed(&self) -> u64 {
        self.failed.load(Ordering::Relaxed)
    }

    pub fn to_json(&self) -> Json {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        json!({
            "file": self.file,
            "written": self.written.load(Ordering::Relaxed),
            "failed": self.failed(),
            "last_failure": last.as_ref().map(|failed| failed.message.as_str()),
            "rotation_failure": self.journal.rotation_failure(),
        })
    }

    /// Writes what waits, and ends.
    pub fn close(&self) {
        self.journal.close();
    }
}
