//! Keeping a worker and its servers on one processor.

/// Keeps the calling thread, and the threads that it starts from then on, on one processor: each worker on another one while
/// there are enough, the first where it runs already.
///
/// A worker and its server take turns: when one works, the other waits. On two processors each turn wakes a sleeping
/// processor, which costs several times what the exchange costs. To be called first in a worker's thread, before
/// [`Backend::start`](super::Backend::start); nothing happens where the system does not offer it.
pub fn share_one_processor(worker: usize) {
    #[cfg(target_os = "linux")]
    linux::share_one_processor(worker);
    #[cfg(not(target_os = "linux"))]
    let _ = worker;
}

#[cfg(target_os = "linux")]
mod linux {
    use std::sync::OnceLock;

    use rustix::thread::{CpuSet, sched_getaffinity, sched_getcpu, sched_setaffinity};

    /// Where the program ran at first: programs that run side by side do not all begin with the same processor.
    static FIRST: OnceLock<usize> = OnceLock::new();

    pub(super) fn share_one_processor(worker: usize) {
        let Ok(allowed) = sched_getaffinity(None) else { return };
        let processors: Vec<usize> = (0..CpuSet::MAX_CPU).filter(|processor| allowed.is_set(*processor)).collect();
        let first = *FIRST.get_or_init(sched_getcpu);
        let offset = processors.iter().position(|processor| *processor == first).unwrap_or(0);
        if let Some(processor) = processors.get((offset + worker) % processors.len().max(1)) {
            let mut one = CpuSet::new();
            one.set(*processor);
            // Only speed is lost when the system refuses.
            let _ = sched_setaffinity(None, &one);
        }
    }

    #[test]
    fn a_worker_has_one_processor_and_workers_take_turns() {
        let processor_of = |worker| {
            let processor = move || {
                share_one_processor(worker);
                let allowed = sched_getaffinity(None).unwrap();
                (allowed.count(), (0..CpuSet::MAX_CPU).find(|processor| allowed.is_set(*processor)))
            };
            std::thread::spawn(processor).join().unwrap()
        };
        let count = sched_getaffinity(None).unwrap().count() as usize;
        assert_eq!(processor_of(0).0, 1);
        assert_eq!(processor_of(0), processor_of(count));
        assert_eq!(processor_of(0) == processor_of(1), count == 1);
    }
}
