//! The connections that are open: how many, what each is doing, and which has to go.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use super::stream::Misbehaviour;

/// What the parts of one connection tell each other: its stream, the requests on it, and who looks after all connections.
#[derive(Debug)]
pub struct State {
    misbehaviour: AtomicU8,
    /// Whether bytes have come that belong to no request so far.
    is_unread: AtomicBool,
    is_http2: AtomicBool,
    /// Requests whose reply is not yet handed over whole.
    under_way: AtomicUsize,
    /// Whether a request was received whole, and its reply is to come.
    is_due: AtomicBool,
    /// Of the stream whose client has ended its side, and waits for a reply that is due.
    half_closed: Mutex<Option<Waker>>,
    /// When something came of it last, in milliseconds since it was opened.
    active: AtomicU64,
    opened: Instant,
    ending: AtomicU8,
    told: Notify,
}

/// Why a connection has to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The mock stops.
    Stopping = 1,
    /// Nothing came of it for too long.
    Idle,
    /// Another one needs the room.
    Displaced,
}

/// A request that is under way until this is dropped.
#[derive(Debug)]
pub struct UnderWay(Arc<State>);

impl State {
    fn new() -> State {
        State {
            misbehaviour: AtomicU8::new(0),
            is_unread: AtomicBool::new(false),
            is_http2: AtomicBool::new(false),
            under_way: AtomicUsize::new(0),
            is_due: AtomicBool::new(false),
            half_closed: Mutex::default(),
            active: AtomicU64::new(0),
            opened: Instant::now(),
            ending: AtomicU8::new(0),
            told: Notify::new(),
        }
    }

    pub fn begin(self: &Arc<State>, is_http2: bool) -> UnderWay {
        self.is_http2.store(is_http2, Ordering::Relaxed);
        self.under_way.fetch_add(1, Ordering::Relaxed);
        UnderWay(Arc::clone(self))
    }

    /// All that was read belongs to requests.
    pub fn claim(&self) {
        self.is_unread.store(false, Ordering::Relaxed);
    }

    /// A request was received whole. Its reply goes out although the client ends its side (RFC 9112, section 9.6).
    pub fn promise(&self) {
        self.is_due.store(true, Ordering::Relaxed);
    }

    /// No reply is to come any more.
    pub fn settle(&self) {
        let mut half_closed = self.half_closed.lock().unwrap_or_else(PoisonError::into_inner);
        self.is_due.store(false, Ordering::Relaxed);
        half_closed.take().into_iter().for_each(Waker::wake);
    }

    /// Whether a reply is due to a client that has ended its side: who waits is woken when it is not any more.
    pub fn is_due_to_half_closed(&self, waker: &Waker) -> bool {
        let mut half_closed = self.half_closed.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = self.is_due.load(Ordering::Relaxed) && !self.is_http2();
        *half_closed = is_due.then(|| waker.clone());
        is_due
    }

    /// Whether the client has ended its side, and may be gone.
    fn is_half_closed(&self) -> bool {
        self.half_closed.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    pub fn was_read(&self) {
        self.is_unread.store(true, Ordering::Relaxed);
    }

    /// That the client takes what it is sent shows that it is there; that it sends something does not.
    pub fn was_written(&self) {
        let active = self.opened.elapsed().as_millis();
        self.active.store(u64::try_from(active).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    pub fn is_unread(&self) -> bool {
        self.is_unread.load(Ordering::Relaxed)
    }

    pub fn is_http2(&self) -> bool {
        self.is_http2.load(Ordering::Relaxed)
    }

    pub fn misbehave(&self, how: Misbehaviour) {
        self.misbehaviour.store(how as u8, Ordering::Relaxed);
    }

    pub fn misbehaviour(&self) -> Option<Misbehaviour> {
        Misbehaviour::of(self.misbehaviour.load(Ordering::Relaxed))
    }

    pub fn is_idle(&self) -> bool {
        self.under_way.load(Ordering::Relaxed) == 0
    }

    /// How long nothing came of it; none while a request is under way.
    fn idle(&self) -> Option<Duration> {
        let active = Duration::from_millis(self.active.load(Ordering::Relaxed));
        self.is_idle().then(|| self.opened.elapsed().saturating_sub(active))
    }

    /// For how long nobody needs it, who can be known to be there.
    fn spare(&self) -> Option<Duration> {
        self.idle().or_else(|| self.is_half_closed().then_some(Duration::ZERO))
    }

    fn end(&self, why: Ending) {
        if self.ending.compare_exchange(0, why as u8, Ordering::Relaxed, Ordering::Relaxed).is_ok() {
            self.told.notify_one();
        }
    }

    fn has_to_end(&self) -> bool {
        self.ending.load(Ordering::Relaxed) != 0
    }

    /// Waits until the connection has to end.
    pub async fn ends(&self) -> Ending {
        self.told.notified().await;
        [Ending::Stopping, Ending::Idle]
            .into_iter()
            .find(|ending| *ending as u8 == self.ending.load(Ordering::Relaxed))
            .unwrap_or(Ending::Displaced)
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.was_written();
        self.0.under_way.fetch_sub(1, Ordering::Relaxed);
        self.0.settle();
    }
}

/// The connections that are open.
#[derive(Debug)]
pub struct Open {
    most: usize,
    states: Mutex<HashMap<u64, Arc<State>>>,
    next: AtomicU64,
    emptied: Notify,
}

/// A place among the open connections, until this is dropped.
#[derive(Debug)]
pub struct Place {
    pub state: Arc<State>,
    id: u64,
    open: Arc<Open>,
}

/// Those that were told to go may still be there; so many of them at most.
const GOING: usize = 64;

impl Open {
    pub fn new(most: usize) -> Open {
        Open { most, states: Mutex::default(), next: AtomicU64::new(0), emptied: Notify::new() }
    }

    /// A place for a new connection. Where there is no room, the connection goes that was idle for longest, or one whose client
    /// may be gone; without any, none is given.
    pub fn enter(self: &Arc<Open>) -> Option<Place> {
        let mut states = self.lock();
        if states.len() >= self.most {
            let candidates = states.values().filter(|state| !state.has_to_end());
            let longest = candidates.filter_map(|state| Some((state.spare()?, state))).max_by_key(|(idle, _)| *idle);
            longest.filter(|_| states.len() < self.most + GOING)?.1.end(Ending::Displaced);
        }
        let (id, state) = (self.next.fetch_add(1, Ordering::Relaxed), Arc::new(State::new()));
        states.insert(id, Arc::clone(&state));
        Some(Place { state, id, open: Arc::clone(self) })
    }

    /// Ends the connections of which nothing came for so long.
    pub fn end_idle(&self, limit: Duration) {
        let states = self.lock();
        let is_over = |state: &&Arc<State>| state.idle().is_some_and(|idle| idle >= limit);
        states.values().filter(is_over).for_each(|state| state.end(Ending::Idle));
    }

    pub fn end_all(&self) {
        self.lock().values().for_each(|state| state.end(Ending::Stopping));
    }

    pub fn count(&self) -> usize {
        self.lock().len()
    }

    /// Waits until none is left.
    pub async fn emptied(&self) {
        while self.count() > 0 {
            self.emptied.notified().await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<u64, Arc<State>>> {
        self.states.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut states = self.open.lock();
        states.remove(&self.id);
        if states.is_empty() {
            self.open.emptied.notify_one();
        }
    }
}

/// Lets the process open as many files as it may, and says how many that are. Where the system does not tell: what it allows
/// commonly.
pub fn raise_file_limit() -> usize {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let limit = getrlimit(Resource::Nofile);
        let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
        let now = if setrlimit(Resource::Nofile, raised).is_ok() { limit.maximum } else { limit.current };
        now.map_or(usize::MAX, |files| usize::try_from(files).unwrap_or(usize::MAX))
    }
    #[cfg(not(target_os = "linux"))]
    256
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_one_that_was_idle_for_longest_goes() {
        let open = Arc::new(Open::new(2));
        let (first, second) = (open.enter().expect("a place"), open.enter().expect("a place"));
        std::thread::sleep(Duration::from_millis(5));
        first.state.was_written();
        let third = open.enter().expect("a place");
        assert!(second.state.has_to_end() && !first.state.has_to_end() && !third.state.has_to_end());
    }

    #[test]
    fn one_with_a_request_under_way_stays() {
        let open = Arc::new(Open::new(1));
        let busy = open.enter().expect("a place");
        let under_way = busy.state.begin(true);
        assert!(open.enter().is_none());
        open.end_idle(Duration::ZERO);
        assert!(!busy.state.has_to_end());
        drop(under_way);
        assert!(open.enter().is_some() && busy.state.has_to_end());
    }

    #[test]
    fn one_whose_client_may_be_gone_makes_room() {
        let open = Arc::new(Open::new(1));
        let busy = open.enter().expect("a place");
        let under_way = busy.state.begin(false);
        assert!(!busy.state.is_due_to_half_closed(Waker::noop()));
        busy.state.promise();
        assert!(open.enter().is_none());
        assert!(busy.state.is_due_to_half_closed(Waker::noop()));
        open.end_idle(Duration::ZERO);
        assert!(!busy.state.has_to_end());
        assert!(open.enter().is_some() && busy.state.has_to_end());
        drop(under_way);
        assert!(!busy.state.is_due_to_half_closed(Waker::noop()));
    }

    #[test]
    fn those_that_are_told_to_go_are_not_many() {
        let open = Arc::new(Open::new(1));
        let places: Vec<_> = std::iter::from_fn(|| open.enter()).take(1000).collect();
        assert_eq!(places.len(), 1 + GOING);
        drop(places);
        assert_eq!(open.count(), 0);
    }
}
