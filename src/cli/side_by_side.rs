//! Work on many files, on all processors.
#![allow(clippy::disallowed_methods, reason = "files are looked at by several threads")]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// What comes of each path, in their order.
pub fn side_by_side<T: Send>(paths: &[String], look: impl Fn(&str) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, T)>> = Mutex::new(Vec::with_capacity(paths.len()));
    let work = || {
        let mut own = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(path) = paths.get(index) else { break };
            own.push((index, look(path)));
        }
        done.lock().unwrap_or_else(PoisonError::into_inner).extend(own);
    };
    // A few specs are done before a second thread has started.
    const WORTH_A_THREAD: usize = 8;
    let threads = processors().min(paths.len().div_ceil(WORTH_A_THREAD)).max(1);
    std::thread::scope(|scope| {
        for _ in 1..threads {
            // Room for deeply nested input, as on the main thread.
            let _ = std::thread::Builder::new().stack_size(8 << 20).spawn_scoped(scope, work);
        }
        work();
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, looked)| looked).collect()
}

/// How many threads are worth starting.
pub fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
