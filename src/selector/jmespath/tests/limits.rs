//! Expressions that try to hang, to fill the memory, or to overflow the stack. An
//! overflow ends the process, so these run in a thread with the usual small stack.
#![allow(clippy::disallowed_methods, reason = "a test on a thread with a small stack, which must end soon")]

use std::thread;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::{Expression, MAX_CHAIN, MAX_DEPTH, MAX_EXPRESSION_LENGTH, RuntimeErrorKind, SyntaxErrorKind};
use super::evaluate;

const STACK: usize = 2 * 1024 * 1024;

/// Runs with a stack of 2 MiB.
fn in_small_thread(run: impl FnOnce() + Send + 'static) {
    let thread = thread::Builder::new().stack_size(STACK).spawn(run).unwrap();
    thread.join().unwrap();
}

/// A document as deep as `serde_json` reads.
fn deep_document() -> Value {
    let nest = |inside: Value, level: i32| match level % 2 {
        0 => json!([inside]),
        _ => json!({ "a": inside }),
    };
    (0..126).fold(json!("x"), nest)
}

fn run_everywhere(expression: &str) -> Result<(), SyntaxErrorKind> {
    let expression = Expression::compile(expression).map_err(|error| error.kind)?;
    for document in [deep_document(), json!([[1, "a"]]), json!(null)] {
        if let Ok(result) = expression.evaluate(&document) {
            assert!(result == result.clone());
        }
    }
    Ok(())
}

const OPENINGS: [&str; 30] = [
    "(",
    "[",
    "!",
    "{a:",
    "a.",
    "a|",
    "a||",
    "a&&",
    "[?",
    "&",
    "a==",
    "length(",
    "map(&",
    "f(a,&",
    "*.",
    "[*].",
    "a[*].",
    "a[0:1].",
    "a[?b].",
    "a[?b]|",
    "[]",
    "a[].",
    "@[0]",
    "a.[",
    "*.{a:",
    "!(",
    "a|a||a&&a==length(",
    "a|a||a&&a==[?",
    "@.[@[*].[",
    "json_decode(",
];

#[test]
fn bombs_are_refused_quickly() {
    in_small_thread(|| {
        for opening in OPENINGS {
            for count in [10_000, 100_000, 1_000_000] {
                let bomb = opening.repeat(count);
                let started = Instant::now();
                assert!(Expression::compile(&bomb).is_err(), "{opening}");
                assert!(Expression::compile(&format!("{bomb}a")).is_err());
                assert!(started.elapsed() < Duration::from_secs(2), "{opening}");
            }
        }
    });
}

#[test]
fn every_depth_is_safe() {
    let closings = ["", ")", "]", "}", "]]", "),@)", ",@)"];
    in_small_thread(move || {
        for opening in OPENINGS {
            for closing in closings {
                for count in [16, 25, 32, 42, 63, 64, 127, 128, 256, 511, 512] {
                    let (open, close) = (opening.repeat(count), closing.repeat(count));
                    let _ = run_everywhere(&format!("{open}@{close}"));
                    let _ = run_everywhere(&format!("{open}a{close}"));
                }
            }
        }
    });
}

#[test]
fn the_limits_are_what_they_say() {
    in_small_thread(|| {
        let nested = |count| format!("{}@{}", "(".repeat(count), ")".repeat(count));
        assert_eq!(run_everywhere(&nested(MAX_DEPTH)), Ok(()));
        assert_eq!(run_everywhere(&nested(MAX_DEPTH + 1)), Err(SyntaxErrorKind::Limit));
        for link in [".a", " || a", " && a", " | a", " == a", "[]", "[0]"] {
            let chain = |count| format!("a{}", link.repeat(count));
            assert_eq!(run_everywhere(&chain(MAX_CHAIN / 2)), Ok(()), "{link}");
            assert_eq!(run_everywhere(&chain(MAX_CHAIN + 1)), Err(SyntaxErrorKind::Limit));
        }
        let long = |length| format!("'{}'", "a".repeat(length - 2));
        assert_eq!(run_everywhere(&long(MAX_EXPRESSION_LENGTH)), Ok(()));
        assert_eq!(run_everywhere(&long(MAX_EXPRESSION_LENGTH + 1)), Err(SyntaxErrorKind::Limit));
    });
}

#[test]
fn the_limits_do_not_add_up_sideways() {
    let wide = format!("[{}@]", "a[*].b[?c || d].{e: f},".repeat(2000));
    assert_eq!(run_everywhere(&wide), Ok(()));
    let calls = format!("not_null({}@)", "map(&a[*], @),".repeat(2000));
    assert_eq!(run_everywhere(&calls), Ok(()));
    let alternatives = format!("a{}", " || b[*].c[?d].e".repeat(100));
    assert_eq!(run_everywhere(&alternatives), Ok(()));
}

#[test]
fn chains_of_brackets_add_up() {
    in_small_thread(|| {
        let inner = format!("{}@{}", "[".repeat(100), "]".repeat(100));
        let error = Expression::compile(&format!("{inner} | {inner}")).unwrap_err();
        assert_eq!(error.message, "the expression builds a value deeper than 128 levels");
        assert_eq!(run_everywhere(&format!("{inner} || {inner}")), Ok(()));
        let chain = "(".repeat(100) + "a" + &(".b".repeat(100) + ")").repeat(100);
        assert_eq!(run_everywhere(&chain), Err(SyntaxErrorKind::Limit));
    });
}

#[test]
fn deep_text_is_decoded_in_deep_calls() {
    in_small_thread(|| {
        let text = Value::String("[".repeat(120) + &"]".repeat(120));
        let calls = "to_array(".repeat(120);
        let expression = format!("{calls}json_decode(@){}", ")".repeat(120));
        let result = Expression::compile(&expression).unwrap().evaluate(&text);
        assert_eq!(result.unwrap().to_string(), text.as_str().unwrap());
    });
}

#[test]
fn work_is_bounded() {
    let double = ["[@, @]"; 60].join(" | ");
    let nested_lists = "[@,@,@,@,@,@,@,@]".replace('@', "[@,@,@,@,@,@,@,@,@]");
    let repeated = [nested_lists.as_str(); 20].join(" | ");
    let calls = "map(&".repeat(40) + "@" + &", [@, @])".repeat(40);
    let joined = ["join(@, [@, @, @, @])"; 40].join(" | ");
    let quoted = ["to_string([@])"; 60].join(" | ");
    for expression in [double, repeated, calls, joined, quoted] {
        let started = Instant::now();
        let error = evaluate(&expression, "\"\\\"x\"").unwrap_err();
        assert_eq!(error.kind, RuntimeErrorKind::TooMuchWork, "{expression}");
        assert_eq!(error.message, "the expression needs more than 2000000 steps");
        assert!(started.elapsed() < Duration::from_secs(20), "{expression}");
    }
}

#[test]
fn large_documents_are_within_bounds() {
    let row = |index: u64| json!({"id": index, "name": format!("n{index}"), "on": index.is_multiple_of(2)});
    let document = json!({"rows": (0..50_000).map(row).collect::<Vec<_>>()});
    let expression = Expression::compile("sort_by(rows[?on && id > `10`], &name)[].name").unwrap();
    let result = expression.evaluate(&document).unwrap();
    assert_eq!(result.as_array().unwrap().len(), 24_994);
}

/// Pieces that together make expressions which are almost right.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a",
        "b",
        ".",
        "[",
        "]",
        "[]",
        "[*]",
        "[?",
        "[0]",
        "[-1]",
        "[1:]",
        "[::-1]",
        "[::0]",
        "*",
        "@",
        "(",
        ")",
        "{a:",
        "}",
        ",",
        "|",
        "||",
        "&&",
        "!",
        "&",
        "==",
        "<",
        "`1`",
        "'x'",
        "\"q\"",
        "é",
        "length(",
        "map(&",
        "sort_by(",
        "to_string(",
        "`[1]`",
        "`",
        "'",
        " ",
        "json_decode(",
    ]);
    prop::collection::vec(piece, 0..400).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_text_panics(text in prop_oneof![any::<String>(), pieces()]) {
        match Expression::compile(&text) {
            Ok(expression) => {
                let _ = expression.evaluate(&deep_document());
            }
            Err(error) => {
                prop_assert!(error.start <= error.end);
                prop_assert!(text.get(error.start..error.end).is_some());
            }
        }
    }
}
