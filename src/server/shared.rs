//! What every connection shares.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::time::Instant;

use serde_json::{Value as Json, json};
use tokio::sync::{broadcast, watch};

use super::chaos::Disturbance;
use super::control::Desk;
use super::entry::Entry;
use super::event::{Event, Stopped};
use super::journalling::Journalling;
use super::logged::Verdict;
use super::options::Options;
use super::rate::Bucket;
use super::ring::Ring;
use super::served::Served;
use super::tokens::Tokens;

/// What every connection shares.
pub struct Shared {
    pub options: Options,
    /// `http://127.0.0.1:8080`, for pages that name it.
    pub url: String,
    served: RwLock<Arc<Served>>,
    pub log: Ring<Entry>,
    /// Where exchanges are written, if anywhere.
    pub journal: OnceLock<Journalling>,
    /// What the control API keeps for itself.
    pub desk: Desk,
    pub tokens: Tokens,
    /// Requests by verdict, in the order of [`Verdict::ALL`].
    verdicts: [AtomicU64; 3],
    /// For the pages that look on: the name of an event, and its data.
    pub watchers: broadcast::Sender<(&'static str, Arc<str>)>,
    events: SyncSender<Event>,
    /// Events that nobody took in time.
    lost_events: AtomicU64,
    /// Whether the mock stops.
    pub stop: watch::Sender<bool>,
    bucket: Option<Bucket>,
    /// How many requests there were to be whimsical with.
    arrivals: AtomicU64,
    /// What was refused before it could become an exchange.
    refused: AtomicU64,
    /// The bytes of all bodies of requests under way.
    pub body_bytes: AtomicUsize,
}

/// How many events a page may be behind before it has to ask anew.
const EVENTS_BEHIND: usize = 1024;

impl Shared {
    pub fn new(options: Options, url: String, served: Served, events: SyncSender<Event>) -> Shared {
        Shared {
            log: Ring::new(options.log_entries, options.log_bytes),
            tokens: Tokens::default(),
            bucket: options.rate.map(|rate| Bucket::new(rate, Instant::now())),
            options,
            journal: OnceLock::new(),
            desk: Desk::default(),
            url,
            served: RwLock::new(Arc::new(served)),
            verdicts: Default::default(),
            watchers: broadcast::channel(EVENTS_BEHIND).0,
            events,
            lost_events: AtomicU64::new(0),
            stop: watch::channel(false).0,
            arrivals: AtomicU64::new(0),
            refused: AtomicU64::new(0),
            body_bytes: AtomicUsize::new(0),
        }
    }

    /// What is served now.
    pub fn served(&self) -> Arc<Served> {
        Arc::clone(&self.served.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Serves something else from now on; requests under way keep what they began with.
    pub fn serve(&self, mut served: Served) {
        let mut current = self.served.write().unwrap_or_else(PoisonError::into_inner);
        served.take_counts(&current);
        *current = Arc::new(served);
    }

    pub fn count(&self, verdict: Verdict) {
        self.verdicts[verdict as usize].fetch_add(1, Ordering::Relaxed);
    }

    pub fn counted(&self, verdict: Verdict) -> u64 {
        self.verdicts[verdict as usize].load(Ordering::Relaxed)
    }

    /// Tells whoever started the mock; without waiting: who does not keep up misses some.
    pub fn tell(&self, event: Event) {
        if self.events.try_send(event).is_err() {
            self.lost_events.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Tells the pages that look on.
    pub fn show(&self, name: &'static str, data: &Json) {
        if self.watchers.receiver_count() > 0 {
            // Without any it fails, which is no matter.
            let _ = self.watchers.send((name, data.to_string().into()));
        }
    }

    /// What becomes of the next reply, if it is not what it should be.
    pub fn disturbance(&self) -> Option<Disturbance> {
        if let Some(Err(seconds)) = self.bucket.as_ref().map(|bucket| bucket.take(Instant::now())) {
            return Some(Disturbance::RateLimited(seconds));
        }
        self.options.chaos?.disturbance(self.arrivals.fetch_add(1, Ordering::Relaxed))
    }

    /// Tells of what could not become an exchange.
    pub fn refuse(&self, client: SocketAddr, message: String) {
        self.refused.fetch_add(1, Ordering::Relaxed);
        self.tell(Event::Refused { client, message });
    }

    pub fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }

    /// Forgets everything that requests have left behind.
    pub fn reset(&self) {
        self.bucket.iter().for_each(|bucket| bucket.fill(Instant::now()));
        self.arrivals.store(0, Ordering::Relaxed);
        self.refused.store(0, Ordering::Relaxed);
        self.log.clear();
        self.verdicts.iter().for_each(|count| count.store(0, Ordering::Relaxed));
        self.served().forget_counts();
        self.tokens.clear();
        self.show("cleared", &json!({}));
    }

    /// Whether all requests were as they should be, and every case had one.
    pub fn verification(&self) -> Json {
        let served = self.served();
        let (mut cases, mut missing) = (Vec::new(), Vec::new());
        for (action, counts) in served.site.actions.iter().zip(&served.counts) {
            for (prepared, count) in action.cases.iter().zip(counts) {
                let (name, requests) = (&prepared.case.name.value, count.load(Ordering::Relaxed));
                cases.push(json!({"spec": action.id, "case": name, "requests": requests}));
                if requests == 0 {
                    missing.push(json!({"spec": action.id, "case": name}));
                }
            }
        }
        let (differs, unmatched) = (self.counted(Verdict::Differs), self.counted(Verdict::Unmatched));
        json!({
            "ok": differs == 0 && unmatched == 0,
            "all_cases": missing.is_empty(),
            "requests": self.requests(),
            "matches": self.counted(Verdict::Matches),
            "differs": differs,
            "unmatched": unmatched,
            "cases": cases,
            "missing": missing,
        })
    }

    pub fn requests(&self) -> u64 {
        self.verdicts.iter().map(|count| count.load(Ordering::Relaxed)).sum()
    }

    pub fn stopped(&self) -> Stopped {
        let unwritten = self.journal.get().map_or(0, Journalling::failed);
        Stopped { requests: self.requests(), unwritten, verification: self.verification() }
    }
}
