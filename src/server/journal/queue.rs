//! The lines that wait to be written: not more than fit in a bounded memory.

use std::mem;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Semaphore, oneshot};

use super::{JournalFailure, MAX_LINE_BYTES};

/// How much may wait, in units of [`UNIT_BYTES`]: 8 MiB, which a disk takes in a fraction of a second. A longer line is
/// taken alone.
const UNITS: u32 = 8 * 1024;

/// What even the shortest line counts, so that the number of lines is bounded as well.
const UNIT_BYTES: usize = 1024;

/// A line, and who waits for it.
pub(super) struct Entry {
    pub(super) line: String,
    units: u32,
    done: oneshot::Sender<Result<(), JournalFailure>>,
}

pub(super) struct Queue {
    state: Mutex<State>,
    came: Condvar,
    room: Semaphore,
}

#[derive(Default)]
struct State {
    waiting: Vec<Entry>,
    is_closed: bool,
}

impl Default for Queue {
    fn default() -> Queue {
        Queue { state: Mutex::default(), came: Condvar::new(), room: Semaphore::new(UNITS as usize) }
    }
}

impl Queue {
    pub(super) async fn append(&self, line: String) -> Result<(), JournalFailure> {
        if line.len() > MAX_LINE_BYTES {
            return Err(JournalFailure::TooLong { bytes: line.len() });
        }
        if line.contains('\n') {
            return Err(JournalFailure::SeveralLines);
        }
        let units = units_of(line.len());
        // The writer gives the room back, even when nobody waits any more.
        self.room.acquire_many(units).await.map_err(|_| JournalFailure::Closed)?.forget();
        let (done, written) = oneshot::channel();
        self.put(Entry { line, units, done })?;
        written.await.unwrap_or(Err(JournalFailure::Closed))
    }

    fn put(&self, entry: Entry) -> Result<(), JournalFailure> {
        let mut state = self.lock();
        if state.is_closed {
            return Err(JournalFailure::Closed);
        }
        state.waiting.push(entry);
        let is_first = state.waiting.len() == 1;
        drop(state);
        if is_first {
            self.came.notify_one();
        }
        Ok(())
    }

    /// Waits for lines and puts all of them in the empty `taken`. False once the queue is closed and empty.
    pub(super) fn take_all(&self, taken: &mut Vec<Entry>) -> bool {
        let mut state = self.lock();
        while state.waiting.is_empty() && !state.is_closed {
            state = self.came.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        mem::swap(&mut state.waiting, taken);
        !taken.is_empty()
    }

    /// Wakes those who wait for these lines.
    pub(super) fn answer(&self, entries: impl Iterator<Item = Entry>, result: &Result<(), JournalFailure>) {
        for entry in entries {
            self.room.add_permits(entry.units as usize);
            // Who waited may have gone.
            let _ = entry.done.send(result.clone());
        }
    }

    pub(super) fn close(&self) {
        self.lock().is_closed = true;
        self.room.close();
        self.came.notify_all();
    }

    /// Lets go all who wait when the writer ends, however it ends.
    pub(super) fn end_guard(&self) -> EndGuard<'_> {
        EndGuard { queue: self }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[cfg(test)]
    pub(super) fn waiting(&self) -> usize {
        self.lock().waiting.len()
    }
}

pub(super) struct EndGuard<'q> {
    queue: &'q Queue,
}

impl Drop for EndGuard<'_> {
    fn drop(&mut self) {
        self.queue.close();
        let left = mem::take(&mut self.queue.lock().waiting);
        drop(left);
    }
}

fn units_of(bytes: usize) -> u32 {
    u32::try_from(bytes.div_ceil(UNIT_BYTES)).unwrap_or(UNITS).clamp(1, UNITS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    fn poll_once<F: Future>(future: std::pin::Pin<&mut F>) -> Poll<F::Output> {
        future.poll(&mut Context::from_waker(Waker::noop()))
    }

    #[test]
    fn what_waits_is_bounded_in_bytes_and_in_lines() {
        for (bytes, fit) in [(10, 8192), (UNIT_BYTES, 8192), (1024 * 1024, 8), (MAX_LINE_BYTES, 1)] {
            let queue = Queue::default();
            let mut appends: Vec<_> = (0..fit + 3).map(|_| Box::pin(queue.append("x".repeat(bytes)))).collect();
            for append in &mut appends {
                assert!(poll_once(append.as_mut()).is_pending());
            }
            assert_eq!(queue.waiting(), fit, "lines of {bytes} bytes");
        }
    }

    #[test]
    fn room_is_given_back_though_nobody_waits_any_more() {
        let (queue, mut taken) = (Queue::default(), Vec::new());
        for _ in 0..20 {
            assert!(poll_once(pin!(queue.append("x".repeat(1024 * 1024 * 8)))).is_pending());
            assert_eq!(queue.waiting(), 1);
            assert!(queue.take_all(&mut taken));
            queue.answer(taken.drain(..), &Ok(()));
        }
    }

    #[test]
    fn when_the_writer_ends_all_who_wait_are_told() {
        let queue = Queue::default();
        let (mut waits_for_disk, mut waits_for_room) =
            (pin!(queue.append("x".repeat(MAX_LINE_BYTES))), pin!(queue.append("x".into())));
        assert!(poll_once(waits_for_disk.as_mut()).is_pending());
        assert!(poll_once(waits_for_room.as_mut()).is_pending());
        drop(queue.end_guard());
        assert!(matches!(poll_once(waits_for_disk), Poll::Ready(Err(JournalFailure::Closed))));
        assert!(matches!(poll_once(waits_for_room), Poll::Ready(Err(JournalFailure::Closed))));
    }
}
