//! What the control API keeps for itself: who looks on, how much is done at once.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::StatusCode;
use tokio::sync::{Semaphore, watch};

use super::Refused;
use crate::run::LiveClient;

/// How many may look on at once: each holds a connection. One more is told to come later.
pub const MAX_WATCHERS: usize = 256;

/// How many exchanges are searched, listed or written out at once; others wait for their turn. The mock itself needs the
/// processors, too.
const MOST_WORK: usize = 2;

/// How many replays are under way at once; others wait.
const MOST_REPLAYS: usize = 8;

/// What the control API keeps for itself.
pub struct Desk {
    work: Arc<Semaphore>,
    replays: Arc<Semaphore>,
    watchers: AtomicUsize,
    end: watch::Sender<bool>,
    client: Mutex<Option<LiveClient>>,
}

impl Default for Desk {
    fn default() -> Desk {
        Desk {
            work: Arc::new(Semaphore::new(MOST_WORK)),
            replays: Arc::new(Semaphore::new(MOST_REPLAYS)),
            watchers: AtomicUsize::new(0),
            end: watch::channel(false).0,
            client: Mutex::new(None),
        }
    }
}

impl Desk {
    /// Does what takes a while where it holds nobody up.
    pub async fn work<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Refused> {
        Desk::aside(&self.work, work).await
    }

    /// The same for what waits for the network.
    pub async fn replay<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Refused> {
        Desk::aside(&self.replays, work).await
    }

    /// The turn ends with the work, even when nobody waits for it any more.
    async fn aside<T: Send + 'static>(
        turns: &Arc<Semaphore>,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Refused> {
        let lost = |_| Refused::new(StatusCode::INTERNAL_SERVER_ERROR, "the answer was lost by a fault in this program");
        let turn = Arc::clone(turns).acquire_owned().await.map_err(|_| ending())?;
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        });
        done.await.map_err(lost)
    }

    /// What sends replays; made when the first is sent.
    pub fn client(&self) -> io::Result<LiveClient> {
        let mut client = self.client.lock().unwrap_or_else(PoisonError::into_inner);
        match &*client {
            Some(client) => Ok(client.clone()),
            None => Ok(client.insert(LiveClient::new()?).clone()),
        }
    }

    /// Takes a place among those who look on, if there is one.
    pub fn take_place(&self) -> bool {
        let taken = |watchers| (watchers < MAX_WATCHERS).then_some(watchers + 1);
        self.watchers.fetch_update(Ordering::Relaxed, Ordering::Relaxed, taken).is_ok()
    }

    pub fn give_place_back(&self) {
        self.watchers.fetch_sub(1, Ordering::Relaxed);
    }

    pub fn watchers(&self) -> usize {
        self.watchers.load(Ordering::Relaxed)
    }

    /// Lets go all who look on, who would otherwise never end.
    pub fn end(&self) {
        self.end.send_replace(true);
    }

    /// Resolves when the server ends.
    pub fn ended(&self) -> impl Future<Output = ()> + Send + use<> {
        let mut end = self.end.subscribe();
        async move {
            // It fails when the desk is gone, which is an end, too.
            let _ = end.wait_for(|end| *end).await;
        }
    }
}

fn ending() -> Refused {
    Refused::new(StatusCode::SERVICE_UNAVAILABLE, "the mock is ending")
}
