//! What held a secret is overwritten before its memory is given back.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use hookwright::case::{Given, GivenSecret};
use hookwright::eval::SecretValues;
use hookwright::source::{Sources, Span};
use hookwright::value::{MASK, TaintedText, Value};
use serde_json::json;

/// Looks at memory that is given back while a thread asks for it.
struct Watching;

#[global_allocator]
static ALLOCATOR: Watching = Watching;

const SECRET: &str = "never-left-in-memory-7261";

/// The same in hexadecimal and in Base64, from where on it is the same in a longer text.
const ENCODED: [&str; 2] = ["6e657665722d6c6566742d696e2d6d656d6f72792d37323631", "bmV2ZXItbGVmdC1pbi1tZW1vcnktNzI2M"];

thread_local! {
    static IS_WATCHED: Cell<bool> = const { Cell::new(false) };
    static FOUND: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: all work is the system's; a block is read before it is given back, while it is still whole. That bytes of it may
// never have been written does not matter to a search.
unsafe impl GlobalAlloc for Watching {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if IS_WATCHED.try_with(Cell::get).unwrap_or(false) {
            let bytes = unsafe { std::slice::from_raw_parts(block, layout.size()) };
            let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
            if holds(SECRET) || ENCODED.iter().any(|encoded| holds(encoded)) {
                FOUND.set(FOUND.get() + 1);
            }
        }
        unsafe { System.dealloc(block, layout) }
    }
}

/// How many blocks with the secret were given back.
fn left_behind(work: impl FnOnce()) -> usize {
    FOUND.set(0);
    IS_WATCHED.set(true);
    work();
    IS_WATCHED.set(false);
    FOUND.get()
}

#[test]
fn the_watch_sees_what_is_left_behind() {
    assert_eq!(left_behind(|| drop(SECRET.to_string())), 1);
}

#[test]
fn secrets_are_wiped_when_they_go() {
    let secret = || TaintedText::secret(SECRET);
    assert_eq!(left_behind(|| drop(secret())), 0);
    assert_eq!(left_behind(|| drop(Value::secret(SECRET))), 0);
    assert_eq!(left_behind(|| drop(Value::from(json!([{ SECRET: SECRET }])).tainted_if(true))), 0);
    assert_eq!(left_behind(|| drop(Value::bytes(SECRET.into()).tainted_if(true))), 0);
    let span = Span::new(Sources::in_memory().add("a", ""), 0, 0);
    let given = || Given { secrets: vec![GivenSecret { name: "a".into(), value: secret(), span }], ..Given::default() };
    assert_eq!(left_behind(|| drop(given().clone())), 0);
    assert_eq!(left_behind(|| assert_eq!(given().secrets[0].value.masked(), MASK)), 0);
}

#[test]
fn a_text_that_grows_leaves_nothing_behind() {
    let grow = || {
        let mut header = TaintedText::plain("Bearer ");
        for _ in 0..50 {
            header.push(&TaintedText::secret(SECRET));
            header.push_plain("; ");
            header.push_char('x');
        }
        drop(header);
    };
    assert_eq!(left_behind(grow), 0);
}

#[test]
fn the_net_keeps_nothing() {
    let net = || {
        let mut net = SecretValues::default();
        net.insert(SECRET);
        let mut other = SecretValues::default();
        other.extend(&net);
        drop(net);
        assert!(other.stand_in(SECRET) && !other.mask(SECRET).contains(SECRET));
    };
    assert_eq!(left_behind(net), 0);
}

#[test]
fn no_spelling_of_a_secret_is_left_behind() {
    let values = [format!("\"'/<\u{e9}>&{SECRET} "), SECRET.repeat(20), SECRET.to_string()];
    for value in values {
        let spell = || {
            let mut net = SecretValues::default();
            net.insert(&value);
        };
        assert_eq!(left_behind(spell), 0, "{}", value.len());
    }
}
