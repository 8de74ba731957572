//! Input that nobody writes on purpose: each is refused or read, quickly, without a panic, on a small stack.

use std::time::{Duration, Instant};

use hookwright::case::Spec;
use hookwright::check::{Catalogue, check_spec};
use hookwright::dialect::{compile, lint_sets, read_manifest};
use hookwright::eval::single::Use;
use hookwright::selector::jmespath::{Expression, SyntaxErrorKind};
use hookwright::source::{FileProblem, Sources};
use hookwright::spec::Manifest;
use serde_json::json;

use crate::support::{Action, alone, contexts_with, given, json_reply, toml_string};

const STACK_BYTES: usize = 2 * 1024 * 1024;

/// Debug builds on a busy machine are slow; what hangs takes longer still.
const SOON: Duration = Duration::from_secs(180);

/// Runs on the stack that a thread of a server has.
fn on_a_small_stack<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let start = Instant::now();
    let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(work).expect("a thread");
    let result = thread.join().expect("no panic");
    assert!(start.elapsed() < SOON, "it took {:?}", start.elapsed());
    result
}

/// Compiles and checks a file.
fn checked(text: String) -> Spec {
    on_a_small_stack(move || {
        let sources = Sources::in_memory();
        sources.add("specs/bad.toml", text);
        let mut spec = compile("specs/bad.toml", &Manifest::default(), &sources).expect("a text can be loaded");
        check_spec(&mut spec, &Catalogue::new(lint_sets()));
        spec
    })
}

fn names(spec: &Spec) -> Vec<&str> {
    let mut names: Vec<&str> = spec.diagnostics.iter().map(|found| found.lint.name).collect();
    names.dedup();
    names
}

fn action(more: &str) -> String {
    format!("[action]\nname = \"a\"\nmethod = \"POST\"\nurl = \"https://example.com\"\n{more}\n")
}

#[test]
fn a_file_that_is_not_utf8() {
    let sources = Sources::new(Box::new(|_| Ok(b"[action]\nname = \"\xff\"".to_vec())));
    let problem = compile("specs/bad.toml", &Manifest::default(), &sources).expect_err("it cannot be read");
    assert_eq!(problem, FileProblem::NotUtf8 { offset: 17 });
}

#[test]
fn a_file_that_is_too_large() {
    let sources = Sources::new(Box::new(|_| Ok(vec![b'#'; 17 * 1024 * 1024])));
    let problem = compile("specs/bad.toml", &Manifest::default(), &sources).expect_err("it cannot be read");
    assert!(matches!(problem, FileProblem::TooLarge { .. }), "{problem:?}");
}

#[test]
fn files_with_nothing_in_them() {
    for text in ["", "\n", "# nothing\n", "\u{feff}"] {
        let spec = checked(text.into());
        assert_eq!(names(&spec), ["missing-key"], "{text:?}");
        assert!(spec.plan.is_none() && spec.not_runnable.is_some());
    }
}

#[test]
fn files_that_are_no_toml() {
    for text in ["{", "\0", "[[[[", "= 1", "\"\"\"", "a = ", "[action\nname", "<html>", "\r\r\r", "case = 1\n[[case]]"] {
        let spec = checked(text.into());
        assert!(names(&spec).contains(&"toml-syntax"), "{text:?}: {:?}", names(&spec));
    }
}

#[test]
fn toml_nested_very_deep() {
    for depth in [100, 10_000, 100_000] {
        for (open, close) in [("[", "]"), ("{a=", "}")] {
            let text = action(&format!("body = {}1{}", open.repeat(depth), close.repeat(depth)));
            let names = names(&checked(text)).join(" ");
            assert!(names.contains("toml-syntax") || names.contains("wrong-type"), "{depth} of `{open}`: {names}");
        }
        let dotted = action(&format!("{}x = 1", "a.".repeat(depth)));
        assert!(!names(&checked(dotted)).is_empty(), "{depth} dots");
        let header = format!("[{}x]", "a.".repeat(depth));
        assert!(!names(&checked(header)).is_empty(), "a header of {depth} dots");
    }
}

#[test]
fn a_manifest_nested_very_deep_or_empty() {
    on_a_small_stack(|| {
        let sources = Sources::in_memory();
        let deep = sources.add("hookwright.toml", format!("[global]\na = {}1{}", "[".repeat(10_000), "]".repeat(10_000)));
        assert!(!read_manifest(&sources, deep).findings.is_empty());
        let empty = sources.add("hookwright.toml", "");
        assert!(read_manifest(&sources, empty).findings.is_empty());
    });
}

#[test]
fn json_nested_very_deep() {
    for depth in [1_000, 100_000] {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let body = format!("{}1{}", open.repeat(depth), close.repeat(depth));
            let spec = checked(action(&format!("body = {}", toml_string(&body))));
            assert_eq!(names(&spec), ["body-not-json"], "{depth} of `{open}`");
        }
    }
}

#[test]
fn a_reply_nested_very_deep() {
    on_a_small_stack(|| {
        let action = Action::sound(&action("[action.response.2xx.outputs]\nx = \"a\""));
        for depth in [127, 10_000] {
            let body = format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
            let (outcome, _) = action.outcome(&json_reply(200, body));
            assert_eq!(outcome.success, Some(true));
        }
    });
}

#[test]
fn templates_of_a_megabyte() {
    const MEGABYTE: usize = 1024 * 1024;
    let texts = [
        "x".repeat(MEGABYTE),
        "{".repeat(MEGABYTE),
        "}".repeat(MEGABYTE),
        "{a}".repeat(MEGABYTE / 3),
        "{a ".repeat(MEGABYTE / 3),
        format!("{{{}}}", "a".repeat(MEGABYTE)),
        format!("{{a{}}}", "[0]".repeat(MEGABYTE / 12)),
        format!("{{a | replace \"{}\" \"\"}}", "b".repeat(MEGABYTE)),
        format!("{{a | replace \"{}}}", "b".repeat(MEGABYTE)),
        format!("{{a{}}}", " ".repeat(MEGABYTE)),
        format!("{{a | f{}}}", " @".repeat(MEGABYTE / 8)),
    ];
    for text in texts {
        on_a_small_stack(move || {
            let alone = alone(&text, Use::Text, &given(&[("user.a", json!("v"))]), &contexts_with([]));
            assert!(alone.result.is_ok(), "{}…: {:?}", &text[..20], alone.result);
        });
    }
}

#[test]
fn ten_thousand_filters() {
    on_a_small_stack(|| {
        let template = format!("{{user.a{}}}", " | uppercase".repeat(10_000));
        let alone = alone(&template, Use::Text, &given(&[("user.a", json!("v"))]), &contexts_with([]));
        assert_eq!(alone.json(), Some(&json!("V")));
    });
}

#[test]
fn ten_thousand_filters_over_a_large_value() {
    let filters = " | replace \\\"x\\\" \\\"y\\\"".repeat(10_000);
    let text = format!("[action]\nname = \"a\"\nmethod = \"GET\"\nurl = \"https://example.com/{{user.a{filters}}}\"");
    on_a_small_stack(move || {
        let failure = Action::of(&text).request(&[("user.a", "b".repeat(8 * 1024 * 1024).into())]).expect_err("too much");
        assert_eq!(failure.kind.name(), "invalid-url");
        assert!(failure.message.contains("limit"), "{}", failure.message);
    });
}

#[test]
fn variables_that_need_each_other_very_deep() {
    let chain: String = (0..5_000).map(|index| format!("v{index} = \"{{_auth.v{}}}\"\n", index + 1)).collect();
    let text = action(&format!(
        "[action.auth]\ntype = \"header\"\n[action.auth.headers]\nX = \"{{_auth.v0}}\"\n[action.auth.variables]\n{chain}v5000 = \"end\""
    ));
    on_a_small_stack(move || {
        let failure = Action::of(&text).request(&[]).expect_err("it is refused");
        assert_eq!(failure.kind.name(), "auth-cycle");
    });
}

#[test]
fn variables_that_double() {
    let chain: String = (0..60).map(|index| format!("v{index} = \"{{_auth.v{0}}}{{_auth.v{0}}}\"\n", index + 1)).collect();
    let text = action(&format!(
        "[action.auth]\ntype = \"header\"\n[action.auth.headers]\nX = \"{{_auth.v0}}\"\n[action.auth.variables]\n{chain}v60 = \"end\""
    ));
    on_a_small_stack(move || {
        assert!(Action::of(&text).request(&[]).is_err(), "two to the sixtieth copies are refused");
    });
}

#[test]
fn expressions_nested_very_deep() {
    let texts = [
        "[".repeat(10_000),
        format!("{}a{}", "(".repeat(10_000), ")".repeat(10_000)),
        format!("{}a{}", "[".repeat(10_000), "]".repeat(10_000)),
        format!("{}a", "!".repeat(10_000)),
        format!("{}a{}", "{a: ".repeat(10_000), "}".repeat(10_000)),
        format!("{}@{}", "length(".repeat(10_000), ")".repeat(10_000)),
        format!("a{}", "[?a]".repeat(10_000)),
        format!("a{}", " | a".repeat(10_000)),
        format!("a{}", ".a".repeat(100_000)),
        format!("`{}`", "[".repeat(10_000)),
    ];
    for text in texts {
        on_a_small_stack(move || match Expression::compile(&text) {
            Err(error) => assert_ne!(error.kind, SyntaxErrorKind::InvalidValue, "{}…", &text[..20]),
            Ok(expression) => drop(expression.evaluate(&json!({"a": {"a": [1]}}))),
        });
    }
}

#[test]
fn a_spec_of_very_many_things() {
    let cases: String = (0..2_000).map(|index| format!("[[case]]\nname = \"{index}\"\n")).collect();
    assert!(names(&checked(action(&cases))).is_empty());
    let headers: String = (0..5_000).map(|index| format!("H{index} = \"{{global.a}}\"\n")).collect();
    assert!(names(&checked(action(&format!("[action.headers]\n{headers}")))).is_empty());
    let path = "/{a}".repeat(5_000);
    let missing =
        format!("[action]\nname = \"a\"\nmethod = \"GET\"\nurl = \"https://h.example{path}\"\n[[case]]\nname = \"c\"\n");
    assert_eq!(names(&checked(missing)), ["empty-path-segment", "missing-case-value"]);
    let unknown: String = (0..5_000).map(|index| format!("key{index} = 1\n")).collect();
    assert_eq!(names(&checked(action(&unknown))), ["unknown-key"]);
}
