use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use proptest::prelude::*;

use super::*;

/// An entry of a size.
#[derive(Debug, PartialEq)]
struct Sized(usize);

impl HeldBytes for Sized {
    fn held_bytes(&self) -> usize {
        self.0
    }
}

#[test]
fn the_last_number_does_not_overflow() {
    let ring: Ring<Sized> = Ring::new(2, 10);
    ring.begin_after(u64::MAX);
    assert_eq!(ring.reserve(), u64::MAX);
}

fn ids(ring: &Ring<Sized>) -> Vec<u64> {
    ring.newest_first(None, usize::MAX, |_| true).into_iter().map(|(id, _)| id).collect()
}

#[test]
fn the_oldest_go_when_there_are_too_many() {
    let ring = Ring::new(3, 1000);
    let given: Vec<u64> = (0..5).map(|_| ring.push(Sized(1))).collect();
    assert_eq!(given, [1, 2, 3, 4, 5]);
    assert_eq!(ids(&ring), [5, 4, 3]);
    assert_eq!(ring.filling(), Filling { entries: 3, bytes: 3, dropped: 2, last_id: 5 });
    assert!(ring.get(2).is_none() && ring.get(3).is_some() && ring.get(6).is_none());
}

#[test]
fn the_oldest_go_when_they_are_too_large_and_one_larger_than_all_does_not_stay() {
    let ring = Ring::new(10, 100);
    for bytes in [40, 40, 20, 41] {
        ring.push(Sized(bytes));
    }
    assert_eq!((ids(&ring), ring.filling().bytes), (vec![4, 3], 61));
    assert_eq!(ring.push(Sized(101)), 5);
    assert_eq!((ids(&ring), ring.filling().dropped), (vec![4, 3], 3));
    ring.push(Sized(100));
    assert_eq!((ids(&ring), ring.filling().bytes), (vec![6], 100));
}

#[test]
fn an_entry_that_is_finished_late_comes_to_its_place() {
    let ring = Ring::new(3, 100);
    let (slow, fast) = (ring.reserve(), ring.reserve());
    assert!(ring.push_reserved(fast, Sized(1)));
    assert!(ring.push_reserved(slow, Sized(2)));
    assert_eq!(ids(&ring), [2, 1]);
    assert_eq!(*ring.get(slow).unwrap(), Sized(2));
    assert!(!ring.push_reserved(slow, Sized(3)), "an id is used once");
    assert!(!ring.push_reserved(99, Sized(3)), "an id nobody was given");

    let very_slow = ring.reserve();
    ring.push(Sized(1));
    ring.push(Sized(1));
    ring.push(Sized(1));
    assert!(!ring.push_reserved(very_slow, Sized(1)), "three newer ones fill the log");
    assert_eq!((ids(&ring), ring.filling().bytes), (vec![6, 5, 4], 3));
}

#[test]
fn a_cleared_log_goes_on_counting_and_stays_free_of_what_began_before() {
    let ring = Ring::new(3, 100);
    for _ in 0..5 {
        ring.push(Sized(1));
    }
    let begun = ring.reserve();
    ring.clear();
    assert!(!ring.push_reserved(begun, Sized(1)));
    assert_eq!(ring.filling(), Filling { entries: 0, bytes: 0, dropped: 0, last_id: 6 });
    assert_eq!(ring.push(Sized(1)), 7);
}

#[test]
fn a_log_without_room_keeps_nothing() {
    for ring in [Ring::new(0, 100), Ring::new(3, 0)] {
        assert_eq!(ring.push(Sized(1)), 1);
        assert_eq!(ring.filling(), Filling { entries: 0, bytes: 0, dropped: 1, last_id: 1 });
    }
}

#[test]
fn one_looks_through_more_than_one_part() {
    let ring = Ring::new(2000, usize::MAX);
    for size in 0..2000 {
        ring.push(Sized(size));
    }
    let rare = ring.newest_first(None, 3, |entry| entry.0 % 400 == 0);
    assert_eq!(rare.iter().map(|(_, entry)| entry.0).collect::<Vec<_>>(), [1600, 1200, 800]);
    assert_eq!(ring.newest_first(Some(1000), usize::MAX, |_| true).len(), 1000);
    assert_eq!(ring.newest_first(Some(1998), 1, |_| true)[0].0, 2000);
}

static ALIVE: AtomicUsize = AtomicUsize::new(0);

/// An entry that is counted as long as it is in memory.
struct Counted(Vec<u8>);

impl Counted {
    fn new(bytes: usize) -> Counted {
        ALIVE.fetch_add(bytes, Ordering::SeqCst);
        Counted(vec![0; bytes])
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        ALIVE.fetch_sub(self.0.len(), Ordering::SeqCst);
    }
}

impl HeldBytes for Counted {
    fn held_bytes(&self) -> usize {
        self.0.len()
    }
}

#[test]
fn two_threads_push_and_memory_stays_within_the_bound() {
    const BYTES: usize = 100_000;
    const LARGEST: usize = 900;
    let ring: Ring<Counted> = Ring::new(1000, BYTES);
    thread::scope(|scope| {
        for thread in 0..2 {
            let ring = &ring;
            scope.spawn(move || {
                let mut last = 0;
                for number in 0..50_000 {
                    let id = ring.push(Counted::new((number * 31 + thread * 17) % LARGEST));
                    assert!(id > last);
                    last = id;
                    // Beside the log: what each thread is about to put in, and what it has just taken out for that.
                    assert!(ALIVE.load(Ordering::SeqCst) <= BYTES + 2 * 2 * LARGEST);
                }
            });
        }
    });
    let filling = ring.filling();
    assert_eq!(filling.last_id, 100_000);
    assert_eq!(filling.dropped + filling.entries as u64, 100_000);
    assert_eq!(ALIVE.load(Ordering::SeqCst), filling.bytes);
    ring.clear();
    assert_eq!(ALIVE.load(Ordering::SeqCst), 0);
}

#[derive(Clone, Debug)]
enum Step {
    Push(usize),
    Reserve,
    /// The reserved id at this place.
    Finish(usize, usize),
    Clear,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0..40usize).prop_map(Step::Push),
        2 => Just(Step::Reserve),
        2 => (0..5usize, 0..40usize).prop_map(|(place, bytes)| Step::Finish(place, bytes)),
        1 => Just(Step::Clear),
    ]
}

/// The same in the plainest way: a list that is sorted, and cut from the front.
#[derive(Default)]
struct Model {
    entries: Vec<(u64, usize)>,
    last_id: u64,
    cleared: u64,
    dropped: u64,
}

impl Model {
    fn put(&mut self, id: u64, bytes: usize, max_entries: usize, max_bytes: usize) {
        if id <= self.cleared {
            return;
        }
        if bytes > max_bytes {
            self.dropped += 1;
            return;
        }
        self.entries.push((id, bytes));
        self.entries.sort_unstable();
        while self.entries.len() > max_entries || self.bytes() > max_bytes {
            self.entries.remove(0);
            self.dropped += 1;
        }
    }

    fn bytes(&self) -> usize {
        self.entries.iter().map(|(_, bytes)| bytes).sum()
    }
}

proptest! {
    #[test]
    fn the_log_does_what_a_sorted_list_does(
        steps in prop::collection::vec(step(), 0..120),
        max_entries in 1..12usize,
        max_bytes in 1..120usize,
    ) {
        let (ring, mut model, mut reserved) = (Ring::new(max_entries, max_bytes), Model::default(), Vec::new());
        for step in steps {
            match step {
                Step::Push(bytes) => {
                    model.last_id += 1;
                    prop_assert_eq!(ring.push(Sized(bytes)), model.last_id);
                    model.put(model.last_id, bytes, max_entries, max_bytes);
                }
                Step::Reserve => {
                    model.last_id += 1;
                    reserved.push(ring.reserve());
                }
                Step::Finish(place, bytes) if place < reserved.len() => {
                    let id = reserved.remove(place);
                    let stays = ring.push_reserved(id, Sized(bytes));
                    model.put(id, bytes, max_entries, max_bytes);
                    prop_assert_eq!(stays, model.entries.iter().any(|(known, _)| *known == id));
                }
                Step::Finish(..) => {}
                Step::Clear => {
                    ring.clear();
                    model = Model { cleared: model.last_id, last_id: model.last_id, ..Model::default() };
                }
            }
            let expected: Vec<(u64, usize)> = model.entries.iter().rev().copied().collect();
            let all = ring.newest_first(None, usize::MAX, |_| true);
            prop_assert_eq!(all.iter().map(|(id, entry)| (*id, entry.0)).collect::<Vec<_>>(), expected);
            let filling = Filling { entries: all.len(), bytes: model.bytes(), dropped: model.dropped, last_id: model.last_id };
            prop_assert_eq!(ring.filling(), filling);
            for id in 0..=model.last_id + 1 {
                prop_assert_eq!(ring.get(id).is_some(), model.entries.iter().any(|(known, _)| *known == id));
            }
        }
    }
}
