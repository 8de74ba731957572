//! A bounded log in memory: the newest entries, each with a number.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many entries are kept unless told otherwise.
pub const MAX_ENTRIES: usize = 1_000;

/// How much the entries may hold in all unless told otherwise.
pub const MAX_BYTES: usize = 64 * 1024 * 1024;

/// How many entries are copied out at a time while one looks through them.
const LOOK_THROUGH: usize = 256;

/// What knows how much memory it holds.
pub trait HeldBytes {
    /// The size with all that it points to; asked once, so it must not change.
    fn held_bytes(&self) -> usize;
}

/// The newest entries, within a number and a size. The oldest go first.
///
/// Ids count up from 1 and never come again, whatever is dropped or cleared. An entry that alone is larger than all may be
/// is dropped, and the others stay. Nobody waits long: an entry is made and measured before the log is locked, and what goes
/// is freed afterwards.
pub struct Ring<T> {
    max_entries: usize,
    max_bytes: usize,
    state: Mutex<State<T>>,
}

struct State<T> {
    /// By id, the oldest first.
    entries: VecDeque<Kept<T>>,
    bytes: usize,
    last_id: u64,
    /// What was given out up to this id was before the log was cleared.
    cleared_id: u64,
    dropped: u64,
}

struct Kept<T> {
    id: u64,
    bytes: usize,
    entry: Arc<T>,
}

/// What a log holds at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filling {
    pub entries: usize,
    pub bytes: usize,
    /// How many entries went because of the bounds since the log was cleared.
    pub dropped: u64,
    /// The id that was given out last; 0 before the first.
    pub last_id: u64,
}

impl<T: HeldBytes> Ring<T> {
    pub fn new(max_entries: usize, max_bytes: usize) -> Ring<T> {
        let state = State { entries: VecDeque::new(), bytes: 0, last_id: 0, cleared_id: 0, dropped: 0 };
        Ring { max_entries, max_bytes, state: Mutex::new(state) }
    }

    /// Adds an entry under the next id.
    pub fn push(&self, entry: impl Into<Arc<T>>) -> u64 {
        let entry = entry.into();
        let bytes = entry.held_bytes();
        let mut state = self.lock();
        let id = state.next_id();
        let gone = self.put(&mut state, Kept { id, bytes, entry });
        drop(state);
        drop(gone);
        id
    }

    /// Gives out an id for an entry that is finished later: a reply may name it before.
    pub fn reserve(&self) -> u64 {
        self.lock().next_id()
    }

    /// Adds an entry under an id that was reserved, at its place among the others. False when it does not stay: it alone is
    /// too large, newer ones fill the log already, or the log has been cleared since its id was given out.
    pub fn push_reserved(&self, id: u64, entry: impl Into<Arc<T>>) -> bool {
        let entry = entry.into();
        let bytes = entry.held_bytes();
        let mut state = self.lock();
        if id > state.last_id || state.entries.binary_search_by_key(&id, |kept| kept.id).is_ok() {
            return false;
        }
        let gone = self.put(&mut state, Kept { id, bytes, entry });
        drop(state);
        gone.iter().all(|kept| kept.id != id)
    }

    /// Gives out only greater ids than this from now on.
    pub fn begin_after(&self, id: u64) {
        let mut state = self.lock();
        state.last_id = state.last_id.max(id);
    }

    /// What has to go for the new entry; perhaps that one itself.
    fn put(&self, state: &mut State<T>, new: Kept<T>) -> Vec<Kept<T>> {
        if new.id <= state.cleared_id {
            return vec![new];
        }
        if new.bytes > self.max_bytes || self.max_entries == 0 {
            state.dropped += 1;
            return vec![new];
        }
        state.bytes = state.bytes.saturating_add(new.bytes);
        // Almost always the end: whoever reserved an id is nearly done.
        let place = state.entries.iter().rposition(|kept| kept.id < new.id).map_or(0, |before| before + 1);
        state.entries.insert(place, new);
        let mut gone = Vec::new();
        while state.entries.len() > self.max_entries || state.bytes > self.max_bytes {
            let Some(oldest) = state.entries.pop_front() else { break };
            state.bytes -= oldest.bytes;
            state.dropped += 1;
            gone.push(oldest);
        }
        gone
    }
}

impl<T> Ring<T> {
    pub fn get(&self, id: u64) -> Option<Arc<T>> {
        let state = self.lock();
        let place = state.entries.binary_search_by_key(&id, |kept| kept.id).ok()?;
        Some(Arc::clone(&state.entries.get(place)?.entry))
    }

    /// Up to `limit` entries that fit, the newest first; with `after` only those with a greater id.
    ///
    /// The log is not locked while `fits` looks.
    pub fn newest_first(&self, after: Option<u64>, limit: usize, fits: impl Fn(&T) -> bool) -> Vec<(u64, Arc<T>)> {
        self.newest_before(None, after, limit, fits)
    }

    /// The same of those with a smaller id than `before`.
    pub fn newest_before(
        &self,
        before: Option<u64>,
        after: Option<u64>,
        limit: usize,
        fits: impl Fn(&T) -> bool,
    ) -> Vec<(u64, Arc<T>)> {
        let mut found = Vec::new();
        let mut before = before.unwrap_or(u64::MAX);
        while found.len() < limit {
            let part = self.part_before(before, after.unwrap_or(0));
            let Some((oldest, _)) = part.last() else { break };
            before = *oldest;
            let room = limit - found.len();
            found.extend(part.into_iter().filter(|(_, entry)| fits(entry)).take(room));
        }
        found
    }

    fn part_before(&self, before: u64, after: u64) -> Vec<(u64, Arc<T>)> {
        let state = self.lock();
        let end = state.entries.partition_point(|kept| kept.id < before);
        let newest_first = state.entries.range(..end).rev().take(LOOK_THROUGH).take_while(|kept| kept.id > after);
        newest_first.map(|kept| (kept.id, Arc::clone(&kept.entry))).collect()
    }

    /// Empties the log. What has an id and is not yet in it will not come in: it began before.
    pub fn clear(&self) {
        let mut state = self.lock();
        let gone = std::mem::take(&mut state.entries);
        (state.bytes, state.dropped, state.cleared_id) = (0, 0, state.last_id);
        drop(state);
        drop(gone);
    }

    pub fn filling(&self) -> Filling {
        let state = self.lock();
        Filling { entries: state.entries.len(), bytes: state.bytes, dropped: state.dropped, last_id: state.last_id }
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> State<T> {
    fn next_id(&mut self) -> u64 {
        self.last_id = self.last_id.saturating_add(1);
        self.last_id
    }
}

#[cfg(test)]
mod tests;
